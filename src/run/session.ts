/** A run's frame: guards, settings, lock, ledger; and the way back to all of them after a lost connection. */
import { ConnectionLost, DatabaseError, type Connection } from "./connection.ts";
import {
  label,
  PoolerRefused,
  RunError,
  RunnerBusy,
  StoppedPartWay,
  Unsupported,
  WrongDatabase,
  type Place,
} from "./errors.ts";
import { runFunction } from "./functions.ts";
import { expectInstance, inspect, type Server } from "./guards.ts";
import { createLedger, emptyLedger, readLedger, type Ledger } from "./ledger.ts";
import { releaseLock, takeLock } from "./lock.ts";
import { deallocateAll, prepareAll } from "./message.ts";
import type { Settled } from "./options.ts";
import { runOutside } from "./outside.ts";
import { pin } from "./pins.ts";
import { failure, maybeStays, newTally, recount, whatStays, wordingOf, type Session, type Tally } from "./progress.ts";
import { again, lost } from "./reconnect.ts";
import { runTransactions, together } from "./transactions.ts";
import { placeOf, type Unit } from "./work.ts";

/** What is done under the lock. `ensureLedger` makes the ledger where there is none. */
export interface Held {
  readonly session: Session;
  readonly ledger: Ledger;
  readonly ensureLedger: () => Promise<void>;
}

/**
 * Runs `body` under the lock. When the connection is lost and the caller gave a way to a new one, everything begins again
 * from the guards: `body` reads anew from the ledger what is left to do.
 */
export async function underLock<T>(
  connection: Connection,
  options: Settled,
  body: (held: Held) => Promise<T>,
): Promise<T> {
  const tally = newTally();
  let current = connection;
  try {
    for (;;) {
      try {
        return await once(current, options, tally, body);
      } catch (e) {
        if (!(e instanceof ConnectionLost)) throw endOf(e, tally);
        // runUnits stops first, and knows the step, unless it is lost before the ledger could be read.
        if (options.reconnect === undefined || ++tally.losses > mostLosses) throw lost(e);
        const before = current;
        current = await again(options, e, tally);
        if (before !== connection) await before.close().catch(() => {});
      }
    }
  } finally {
    if (current !== connection) await current.close().catch(() => {});
  }
}

/** So often in a row a step may lose the connection: one that ends its own session does it for ever. */
const mostLosses = 3;

const stuck = (place: Place): StoppedPartWay =>
  new StoppedPartWay(
    place,
    `the connection to the database was lost ${mostLosses} times in a row, and step ${place.step} of ${place.steps} of revision ${label(place.revision)} (${place.direction}) was not committed`,
    "The step may end its own session, or bring the server down: the server's log says why. It is safe to resume: run it again.",
  );

/** What guards and lock say is meant for a run that did nothing yet; after a lost connection that need not be so. */
function endOf(e: unknown, tally: Tally): unknown {
  const early = [RunnerBusy, WrongDatabase, PoolerRefused, Unsupported].some((c) => e instanceof c);
  if (!early || !(e instanceof RunError) || !maybeStays(tally)) return e;
  return new StoppedPartWay(
    null,
    `the connection was lost part-way, and now ${e.message}; ${whatStays(tally)}`,
    e instanceof RunnerBusy
      ? "Wait for it to end, then run it again: it is safe to resume."
      : "Put that right, then run it again: it is safe to resume.",
    e,
  );
}

async function once<T>(
  connection: Connection,
  options: Settled,
  tally: Tally,
  body: (held: Held) => Promise<T>,
): Promise<T> {
  const server = await inspect(connection, options.ledger, true);
  const pins = await pin(connection, server.version);
  try {
    await takeLock(connection, {
      wait: options.wait,
      signal: options.signal,
      onWait: (holder, waited) => options.onEvent({ kind: "waiting", holder, waited }),
      stays: whatStays(tally),
    });
    try {
      // The ledger may have been made while we waited.
      const now = server.hasLedger ? server : await inspect(connection, options.ledger, true);
      const session: Session = { connection, options, pins, tally, version: server.version };
      const ledger = now.hasLedger ? await readLedger(connection, options.ledger) : emptyLedger;
      expectInstance(options.instance, ledger.instance, server);
      recount(tally, ledger);
      return await body({ session, ledger, ensureLedger: ensure(connection, options.ledger, now) });
    } finally {
      await quietly(() => releaseLock(connection));
    }
  } finally {
    await quietly(() => pins.restore());
  }
}

function ensure(connection: Connection, ledger: string, server: Server): () => Promise<void> {
  return async () => {
    if (server.hasLedger) return;
    try {
      await connection.query(`begin;\n${createLedger(ledger, !server.hasLedgerSchema, true)};\ncommit`);
    } catch (e) {
      if (!(e instanceof DatabaseError)) throw e;
      await connection.query("rollback");
      throw new Unsupported(
        `the ledger could not be made in the schema "${ledger}" of database "${server.database}": ${e.message}`,
        `${whyNoLedger(e, ledger, server)} Nothing was changed.`,
        e,
      );
    }
  };
}

function whyNoLedger(e: DatabaseError, ledger: string, server: Server): string {
  switch (e.code) {
    case "42501":
      return `It is made on first use, by a role that may create schemas there; or let a schema "${ledger}" be made that ${server.user} may create tables in.`;
    case "42P07":
    case "42710":
      return "Somebody else's tables have its names there: say another schema, one of its own, as `ledgerSchema` in the config.";
    default:
      return [e.detail, e.hint, e.where]
        .flatMap((text) => (text === null ? [] : [`${text.replace(/\.?$/, ".")}`]))
        .join(" ");
  }
}

/** Tidying up must not hide why the run ended; on a lost connection there is nothing to tidy. */
async function quietly(fn: () => Promise<void>): Promise<void> {
  try {
    await fn();
  } catch (e) {
    if (!(e instanceof ConnectionLost || e instanceof DatabaseError)) throw e;
  }
}

/** Runs units in order. */
export async function runUnits(s: Session, units: readonly Unit[]): Promise<void> {
  if (s.tally.losses >= mostLosses) throw stuck(placeOf(units[0]!));
  await s.connection.query(prepareAll(wordingOf(s, false)));
  try {
    let next = together(units, 0);
    for (let i = 0; i < units.length;) {
      const u = units[i]!;
      announceResumed(s, u);
      const batch = next;
      next = together(units, i + Math.max(1, batch.length));
      await sayWhere(s, u, async () => {
        if (u.job.kind === "outside") await runOutside(s, u, u.job);
        else if (u.job.kind === "function") await runFunction(s, u, u.job.step);
        else await runTransactions(s, batch, next);
      });
      i += Math.max(1, batch.length);
    }
  } catch (e) {
    if (e instanceof ConnectionLost) s.tally.unsure = true;
    throw e;
  } finally {
    await quietly(async () => void (await s.connection.query(deallocateAll)));
  }
}

/** An error of Postgres's beside the step's own statements (its probe, its journal) is told with its place too. */
async function sayWhere(s: Session, u: Unit, fn: () => Promise<void>): Promise<void> {
  try {
    await fn();
  } catch (e) {
    if (e instanceof RunError || !(e instanceof DatabaseError)) throw e;
    throw failure(s, u, e, null);
  }
}

function announceResumed(s: Session, u: Unit): void {
  if (!u.first || !u.work.resumed) return;
  const { revision } = u.work.file;
  s.options.onEvent({
    kind: "resumed",
    revision,
    direction: u.work.direction,
    doneSteps: u.work.done.size,
    steps: u.work.file.revision[u.work.direction].length,
  });
}

/** The first of the errors that say a revision is half run the other way. */
export const halfRun = (
  direction: "up" | "down",
  r: { readonly number: number; readonly name: string },
): StoppedPartWay =>
  direction === "up"
    ? new StoppedPartWay(
        null,
        `revision ${label(r)} is half applied`,
        "apply finishes it; then it can be rolled back. It is safe to resume.",
      )
    : new StoppedPartWay(
        null,
        `revision ${label(r)} is half undone`,
        "rollback finishes it; then it can be applied again. It is safe to resume.",
      );
