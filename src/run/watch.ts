/**
 * Watches a statement outside transactions from a second session. Such a statement has no lock timeout, for one would also end
 * its waits for old transactions, and leave it half done: so whoever it waits for is told, and the wait has an end all the same.
 */
import { ConnectionLost, DatabaseError, type Connection, type Result } from "./connection.ts";
import { blockersInWords } from "./errors.ts";
import { openTwin } from "./guards.ts";
import { pause } from "./pause.ts";
import type { Session } from "./progress.ts";
import { placeOf, type Unit } from "./work.ts";

/** Milliseconds before the first look, and between looks. */
const looks = { first: 2000, next: 1000 };
/** Between two tellings of the same wait. */
const tellings = 10_000;

/** Sends it under watch. What was cancelled while it waited fails as one that could not have its locks. */
export async function watched(s: Session, u: Unit, sql: string): Promise<readonly Result[]> {
  const watch = watchOver(s, u);
  try {
    return await s.connection.query(sql);
  } catch (e) {
    const why = e instanceof DatabaseError ? await watch.end() : null;
    throw why === null ? e : new DatabaseError(why, lockNotAvailable, e as DatabaseError);
  } finally {
    await watch.end();
  }
}
const lockNotAvailable = "55P03";

interface Watch {
  /** Ends it. Why the statement was cancelled while it waited; null: it was not. */
  end(): Promise<string | null>;
}

/** Where no second session can be had, nobody watches. */
function watchOver(s: Session, u: Unit): Watch {
  const over = new AbortController();
  const watching = watch(s, u, over.signal).catch((e: unknown) => {
    if (e instanceof DatabaseError || e instanceof ConnectionLost) return null;
    throw e;
  });
  // Whoever ends it hears of what else went wrong (a listener's error, say), and nobody before.
  watching.catch(() => {});
  return {
    end: () => {
      over.abort();
      return watching;
    },
  };
}

async function watch(s: Session, u: Unit, over: AbortSignal): Promise<string | null> {
  const { signal, lockBudget, onEvent } = s.options;
  const either = signal === undefined ? over : AbortSignal.any([over, signal]);
  let twin: Connection | null = null;
  let since: number | null = null;
  let told = -Infinity;
  try {
    for (let delay = looks.first; ; delay = looks.next) {
      // Once the run is to stop, only the end of the statement is worth waking for.
      await pause(delay, signal?.aborted ? over : either);
      if (over.aborted || s.connection.pid === null) return null;
      twin ??= await openTwin(s.connection);
      if (twin === null) return null;
      const blockers = await blockersOf(twin, s.connection.pid);
      if (over.aborted) return null;
      if (blockers === null) {
        since = null;
        continue;
      }
      since ??= Date.now();
      const waited = Date.now() - since;
      const enough = signal?.aborted ? "the run is to stop" : waited >= lockBudget ? "its time to wait is up" : null;
      if (enough !== null) {
        await s.connection.cancel();
        return `${enough} while it waits for ${blockersInWords(blockers)}`;
      }
      if (Date.now() - told >= tellings) {
        onEvent({ kind: "blocked", place: placeOf(u), blockers, waited });
        told = Date.now();
      }
    }
  } finally {
    await twin?.close().catch(() => {});
  }
}

/** Who holds what the process waits for; 0 is a prepared transaction's. Null: it does not wait, but for what passes by itself. */
async function blockersOf(twin: Connection, pid: number): Promise<readonly number[] | null> {
  const answer = await twin.query(
    `select pg_catalog.array_to_string(pg_catalog.pg_blocking_pids(pid), ',') as pids from pg_catalog.pg_stat_activity
where pid = ${pid} and state = 'active' and wait_event_type = 'Lock' and wait_event not in ('extend', 'page')`,
  );
  const pids = answer[0]?.rows[0]?.["pids"];
  return pids === undefined || pids === null || pids === "" ? null : pids.split(",").map(Number);
}
