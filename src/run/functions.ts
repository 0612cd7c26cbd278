/** Runs a function step: its queries, one by one, in a transaction that also holds its journal row. */
import { ConnectionLost, DatabaseError, type Result } from "./connection.ts";
import { RunError, type StepFailed } from "./errors.ts";
import { beginning, functionEnd, guardFor, isLockLost, locateIn } from "./message.ts";
import {
  cancellable,
  failure,
  finished,
  interruptedBefore,
  leave,
  lockLost,
  passes,
  Retries,
  started,
  wordingOf,
  type Session,
} from "./progress.ts";
import { splitStatements, type Piece } from "./statements.ts";
import { untilEnded } from "./userCode.ts";
import { faultIn, placeOf, type Unit } from "./work.ts";
import type { FunctionContext, FunctionStep } from "../revision/format.ts";

/**
 * Work in TypeScript may pause between queries longer than a message of ours ever does. An embedded Postgres keeps nobody
 * waiting, and does not survive its own timeout: the next query never ends.
 */
const idleFor = { server: "5min", embedded: "0" } as const;

export async function runFunction(s: Session, u: Unit, step: FunctionStep): Promise<void> {
  const retries = new Retries(s, placeOf(u));
  started(s, u);
  for (;;) {
    interruptedBefore(s, placeOf(u));
    const begun = performance.now();
    const error = await attempt(s, u, step);
    if (error === null) return finished(s, u, performance.now() - begun);
    await retries.next(error);
  }
}

/** Null: it is committed. An error that passes: it was undone whole, and may be tried again. */
async function attempt(s: Session, u: Unit, step: FunctionStep): Promise<DatabaseError | null> {
  const queries = new Queries(s);
  try {
    await begin(s, u);
    try {
      await call(s, step, { query: (sql) => queries.query(sql), x: s.options.x });
    } finally {
      await queries.end();
    }
    interruptedBefore(s, placeOf(u));
    const fault = queries.failed?.error ?? queries.refused;
    if (fault !== null) throw fault;
    expectCommit(await cancellable(s, functionEnd(u, wordingOf(s, true))));
    return null;
  } catch (e) {
    if (e instanceof ConnectionLost) throw e;
    await leave(s);
    if (e instanceof RunError) throw e;
    const cause = queries.failed?.error ?? e;
    if (cause instanceof DatabaseError && passes(cause)) return cause;
    throw failure(s, u, cause, queries.failed?.statement ?? null);
  }
}

async function begin(s: Session, u: Unit): Promise<void> {
  try {
    await s.connection.query(
      `${beginning};\n${guardFor(undefined, s.pins.held)};\nselect pg_catalog.set_config('idle_in_transaction_session_timeout', '${idleFor[s.connection.kind]}', true)`,
    );
  } catch (e) {
    throw e instanceof DatabaseError && isLockLost(e) ? lockLost(placeOf(u), e) : e;
  }
}

/** Calls the function and waits until it is done. What it answers tells whether it was run at all. */
async function call(s: Session, step: FunctionStep, context: FunctionContext): Promise<void> {
  const answer: unknown = step.run(context);
  if (answer !== undefined && !isPromise(answer)) throw notRun(answer);
  const last: unknown = await untilEnded(s, Promise.resolve(answer), (why) => {
    if (why === "interrupted") return interrupted();
    return why === "stuck" ? new Error("the function waits for what never comes") : why;
  });
  if (typeof last === "function" || isGenerator(last)) throw notRun(last);
}

const inWords = (x: unknown): string => (x === null ? "null" : typeof x);
const isObject = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === "object" && x !== null;
const isPromise = (x: unknown): boolean => isObject(x) && typeof x["then"] === "function";
const isGenerator = (x: unknown): boolean => isObject(x) && typeof x["next"] === "function";

function notRun(answer: unknown): Error {
  if (typeof answer === "function") return new Error("the function answers a function, which nobody calls");
  if (isGenerator(answer)) return new Error("the function is a generator, whose lines nobody runs");
  return new Error(`the function should answer a promise or nothing, not ${inWords(answer)}`);
}

function expectCommit(results: readonly Result[]): void {
  if (!results.some((r) => r.tag === "COMMIT")) throw new DatabaseError("the server did not commit the step", "40000");
}

const interrupted = (): DatabaseError => new DatabaseError("interrupted", "57014");

/** The queries that a function sends, and what became of them. */
class Queries {
  readonly #session: Session;
  #over = false;
  #running: Promise<unknown> = Promise.resolve();
  /** Statements in the queries sent so far. */
  #sent = 0;
  /** The error that the transaction ends with; null while it can be committed. Whether the function hears of it makes no difference. */
  failed: { readonly error: DatabaseError; readonly statement: StepFailed["statement"] } | null = null;
  /** Why a query was not sent, or not answered. A function that goes on all the same did not do what it says. */
  refused: unknown = null;
  constructor(s: Session) {
    this.#session = s;
  }

  query(sql: string): ReturnType<FunctionContext["query"]> {
    const answer = this.#ask(sql);
    // Also of one that the function forgot to wait for: its end tells it then, and not the process.
    answer.catch((e: unknown) => {
      if (!(e instanceof DatabaseError)) this.refused ??= e;
    });
    return answer;
  }

  async #ask(sql: string): ReturnType<FunctionContext["query"]> {
    if (this.#over) throw new Error("the step is over: wait for every query before the function returns");
    const given: unknown = sql;
    if (typeof given !== "string") throw new Error(`query takes SQL as a text, not ${inWords(given)}`);
    const split = splitStatements(sql);
    const fault = faultIn(sql, split);
    if (fault !== null) throw new Error(fault.message);
    const before = this.#sent;
    this.#sent += split.pieces.length;
    // A function need not wait for one before it sends the next; the connection takes one at a time.
    const running = this.#running.then(() => {
      if (this.#session.options.signal?.aborted) throw interrupted();
      return cancellable(this.#session, sql);
    });
    this.#running = running.catch(() => {});
    try {
      const answers = await running;
      // A statement that Postgres takes ends a failure: the function went back to a savepoint. Blanks it always takes.
      if (answers.length > 0) this.failed = null;
      return answers.at(-1)?.rows ?? [];
    } catch (e) {
      if (e instanceof DatabaseError) this.#fail(e, sql, split.pieces, before);
      throw e;
    }
  }

  #fail(error: DatabaseError, sql: string, pieces: readonly Piece[], before: number): void {
    // Of several the first says why, and all later ones only that it failed; unless there was a way back between them.
    if (this.failed !== null && error.completed.length === 0) return;
    const at = locateIn(sql, pieces, error);
    this.failed = { error, statement: at && { ...at, n: before + at.n, of: null } };
  }

  /** Refuses further queries, and waits for one that the function forgot to wait for. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#running;
  }
}
