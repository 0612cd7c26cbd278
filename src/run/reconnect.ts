/** The way to a new connection after a lost one. */
import type { Connection, ConnectionLost } from "./connection.ts";
import { DatabaseGone, Interrupted, StoppedPartWay } from "./errors.ts";
import type { Settled } from "./options.ts";
import { pause } from "./pause.ts";
import { maybeStays, sentence, whatStays, type Tally } from "./progress.ts";

/** The end of a run that lost its connection. `refusal`: why the last attempt at a new one failed, if there was one. */
export const lost = (e: ConnectionLost, refusal: string | null = null): StoppedPartWay =>
  new StoppedPartWay(
    null,
    `the connection to the database was lost: ${e.message}${refusal === null ? "" : `; and no new one could be made: ${refusal}`}`,
    "Whether the last statement was committed stands in the ledger. It is safe to resume: run it again.",
    e,
  );

/**
 * A new connection, tried with growing pauses: a server that crashed needs a while to come back. What will not pass by
 * itself is not waited for.
 */
export async function again(options: Settled, cause: ConnectionLost, tally: Tally): Promise<Connection> {
  const until = Date.now() + options.reconnectFor;
  let refusal: string | null = null;
  for (let attempt = 1; ; attempt++) {
    if (options.signal?.aborted)
      throw new Interrupted(
        null,
        `interrupted while connecting again, for the connection was lost (${cause.message}); ${whatStays(tally)}`,
      );
    options.onEvent({ kind: "reconnecting", reason: cause.message, attempt, refusal });
    try {
      const connection = await unlessAborted(options.reconnect!, options.signal);
      if (connection !== null) return connection;
    } catch (e) {
      refuseForGood(e, cause, tally);
      refusal = said(e);
    }
    if (options.signal?.aborted) continue;
    if (Date.now() >= until) throw lost(cause, refusal);
    await pause(Math.min(5000, 100 * 2 ** attempt), options.signal);
  }
}

/** Null once the signal is given: a server that is gone may let us wait long. A connection that comes after it is closed. */
async function unlessAborted(
  open: () => Promise<Connection>,
  signal: AbortSignal | undefined,
): Promise<Connection | null> {
  const opening = open();
  if (signal === undefined) return opening;
  let stop = (): void => {};
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
  });
  try {
    const first = await Promise.race([opening, aborted]);
    if (first === null) void opening.then((late) => late.close()).catch(() => {});
    return first;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

const said = (e: unknown): string => (e instanceof Error ? e.message : String(e));

/** There is no such database, or it is being dropped. */
const gone = ["3D000", "57P04"];
/** The role is not there or may not log in, its password is another one, it may not connect to this database. */
const refused = ["28000", "28P01", "42501"];

/** Ends the run where the server refuses what it took before: somebody has to do something about that. */
function refuseForGood(e: unknown, cause: ConnectionLost, tally: Tally): void {
  const code = sqlstate(e);
  if (gone.includes(code))
    throw new DatabaseGone(
      `the connection to the database was lost (${cause.message}), and the database is no longer there: ${said(e)}`,
      "Somebody dropped it, and what this run did is gone with it; or it has another name now, or another server answers.",
      e,
    );
  if (!refused.includes(code)) return;
  if (!maybeStays(tally)) throw e;
  throw new StoppedPartWay(
    null,
    `the connection to the database was lost (${cause.message}), and the server lets no new one in: ${said(e)}`,
    `${sentence(whatStays(tally))} Put that right, then run it again: it is safe to resume.`,
    e,
  );
}

/** What the server called it, also where a sentence of ours stands around it. */
function sqlstate(error: unknown): string {
  for (let e = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++)
    if ("code" in e && typeof e.code === "string") return e.code;
  return "";
}
