/** What all kinds of steps share while they run: the connection, the clock of retries, what was committed so far. */
import { inspect } from "node:util";
import { ConnectionLost, DatabaseError, type Connection, type Result } from "./connection.ts";
import { Interrupted, label, StepFailed, StoppedPartWay, type Place } from "./errors.ts";
import { newest } from "./guards.ts";
import type { Ledger } from "./ledger.ts";
import { afterwards, type Wording } from "./message.ts";
import type { Settled } from "./options.ts";
import { pause } from "./pause.ts";
import type { Pins } from "./pins.ts";
import { canForget, placeOf, type Unit } from "./work.ts";

/** Counts over a whole run, reconnections included. */
export interface Tally {
  /** Transactions of steps that this run committed. */
  committed: number;
  /** The connection was lost while steps were under way: whether they were committed, the ledger will say. */
  unsure: boolean;
  /** How often in a row the connection was lost without anything being committed. */
  losses: number;
  /** What the ledger says is done, when it was last read. */
  done: string | null;
}
export const newTally = (): Tally => ({ committed: 0, unsure: false, losses: 0, done: null });

/** Takes in what the ledger says after a lost connection. */
export function recount(tally: Tally, { revisions, journal }: Ledger): void {
  const steps = journal.filter((j) => j.state === "done").map((j) => j.n);
  // That a revision was begun is nothing done yet.
  const there = revisions.filter((r) => r.state === "applied" || (r.state === "undoing" && steps.length === 0));
  const done = JSON.stringify([there.map((r) => r.id), steps]);
  if (tally.done !== null && tally.done !== done) {
    if (tally.unsure) tally.committed++;
    tally.losses = Math.min(1, tally.losses);
  }
  tally.done = done;
  tally.unsure = false;
}

/** Something of this run is committed and stays, or may be. */
export const maybeStays = (t: Tally): boolean => t.committed > 0 || t.unsure;

/** What stays of a run that ends between its steps, for the end of a sentence. */
export const whatStays = (t: Tally): string =>
  t.unsure
    ? "what this run committed stays, and how far it came stands in the ledger"
    : t.committed > 0
      ? "what this run committed before stays"
      : "nothing was run";
export const sentence = (s: string): string => `${s.charAt(0).toUpperCase()}${s.slice(1)}.`;

export interface Session {
  readonly connection: Connection;
  readonly options: Settled;
  readonly pins: Pins;
  readonly tally: Tally;
  /** Server version number. */
  readonly version: number;
}

/** How a run says things. `plain`: in full, for what was prepared may be gone. */
export const wordingOf = ({ options: { ledger, tool }, pins: { held } }: Session, plain: boolean): Wording => ({
  ledger,
  tool,
  held,
  plain,
});

/** A lock timeout, a deadlock, a serialization failure: they pass. */
export const passes = (e: DatabaseError): boolean => e.code === "55P03" || e.code === "40P01" || e.code === "40001";
/** query_canceled */
const cancelled = "57014";

/** Something of this revision, or of this run, is committed and stays. */
const leavesSomething = (s: Session, u: Unit): boolean =>
  s.tally.committed > 0 || u.work.done.size > 0 || !canForget(u.work);

/** Waits before another try of a step; throws when the step's budget is used up. */
export class Retries {
  readonly #session: Session;
  readonly #place: Place;
  readonly #started = Date.now();
  #tries = 0;
  constructor(session: Session, place: Place) {
    this.#session = session;
    this.#place = place;
  }
  /** `state`: what became of the step that failed with `e`. */
  async next(e: DatabaseError, state = "it was undone whole"): Promise<void> {
    const { options } = this.#session;
    const spent = Date.now() - this.#started;
    if (spent >= options.lockBudget)
      throw new StoppedPartWay(
        this.#place,
        `step ${this.#place.step} of revision ${label(this.#place.revision)} could not get its locks in ${Math.round(spent / 1000)} s (${e.message}); ${state}`,
        undefined,
        e,
      );
    const delay = Math.min(2000, 50 * 2 ** this.#tries++) * (0.75 + Math.random() / 2);
    options.onEvent({ kind: "retry", place: this.#place, reason: e.message, delay });
    await pause(delay, options.signal);
    interruptedBefore(this.#session, this.#place);
  }
}

export function interruptedBefore(s: Session, place: Place): void {
  if (s.options.signal?.aborted) throw new Interrupted(place, `interrupted before ${inWords(place)}`);
}

/** `state`: what became of the step. */
export function interruptedIn(s: Session, place: Place, state: string): void {
  if (s.options.signal?.aborted) throw new Interrupted(place, `interrupted in ${inWords(place)}; ${state}`);
}
const inWords = (place: Place): string =>
  `step ${place.step} of ${place.steps} of revision ${label(place.revision)} (${place.direction})`;

/** Sends a message; asks the server to cancel it when the caller wants to stop. */
export async function cancellable(s: Session, sql: string): Promise<readonly Result[]> {
  const { signal } = s.options;
  const asked: Promise<void>[] = [];
  const cancel = (): void => void asked.push(s.connection.cancel());
  signal?.addEventListener("abort", cancel);
  try {
    return await s.connection.query(sql);
  } finally {
    signal?.removeEventListener("abort", cancel);
    // A request still on its way would hit the next statement.
    await Promise.all(asked);
  }
}

/** Leaves a transaction that failed, and a message that broke off. */
export async function leave(s: Session): Promise<void> {
  await s.connection.query(`rollback;\n${afterwards}`);
}

/** What the guard told. */
export const lockLost = (place: Place, e: DatabaseError): StoppedPartWay =>
  new StoppedPartWay(
    place,
    `stopped before step ${place.step} of revision ${label(place.revision)}: this session no longer holds the lock of the run`,
    "A step released it (pg_advisory_unlock_all), or a pooler shares the server session. It is safe to resume: run it again.",
    e,
  );

/** A failure of a step as the error that ends the run. `stays`: what stays of the step, in a sentence; null: nothing. */
export function failure(
  s: Session,
  u: Unit,
  e: unknown,
  statement: StepFailed["statement"],
  stays: string | null = null,
): Error {
  if (e instanceof ConnectionLost || e instanceof Interrupted) return e;
  const place = placeOf(u);
  if (e instanceof DatabaseError && e.code === cancelled && s.options.signal?.aborted)
    return new Interrupted(place, `interrupted in ${inWords(place)}; the step was undone whole`);
  return new StepFailed(place, e instanceof Error ? e.message : thrown(e), {
    statement,
    database: e instanceof DatabaseError ? e : null,
    state: stays ?? stateOf(s, u),
    hint: e instanceof DatabaseError ? ofNewerServer(e, s) : null,
    resumable: stays !== null || leavesSomething(s, u),
    cause: e,
  });
}

/** What an older server does not understand may have been planned against a newer one. */
const ofNewerServer = ({ code }: DatabaseError, { version }: Session): string | null =>
  code === "42601" && version < newest * 10000
    ? `This is PostgreSQL ${Math.floor(version / 10000)}: what was planned against a newer one may say what it does not know; plan against the oldest that is to run it.`
    : null;

/** JavaScript can throw anything. */
const thrown = (x: unknown): string =>
  typeof x === "object" || typeof x === "function"
    ? `the function threw no error, but ${inspect(x, { breakLength: Infinity })}`
    : String(x);

function stateOf(s: Session, u: Unit): string {
  const before = u.n - 1;
  if (before > 0)
    return `Step ${u.n} was undone whole; ${before === 1 ? "step 1" : `steps 1 to ${before}`} of the revision ${before === 1 ? "is" : "are"} committed and stay${before === 1 ? "s" : ""}.`;
  if (s.tally.committed > 0)
    return "The revision was undone whole; the revisions run before it are committed and stay.";
  if (!canForget(u.work)) return "The step was undone whole; the revision is still under way.";
  return "It was undone whole; nothing was changed.";
}

export function started(s: Session, u: Unit): void {
  if (u.first && !u.work.resumed)
    s.options.onEvent({
      kind: "revision-started",
      revision: u.work.file.revision,
      direction: u.work.direction,
      steps: placeOf(u).steps,
    });
  if (u.job.kind !== "end") s.options.onEvent({ kind: "step-started", place: placeOf(u) });
}

export function finished(s: Session, u: Unit, milliseconds: number, already = false): void {
  s.tally.committed++;
  if (u.job.kind !== "end") s.options.onEvent({ kind: "step-done", place: placeOf(u), milliseconds, already });
  if (u.last) s.options.onEvent({ kind: "revision-done", revision: u.work.file.revision, direction: u.work.direction });
}
