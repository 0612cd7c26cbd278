/** Runs a function step: its queries, one by one, in a transaction that also holds its journal row. */
import { DatabaseError, type Result } from "./connection.ts";
import { beginning, functionEnd, guardFor } from "./message.ts";
import {
  cancellable,
  failure,
  finished,
  interruptedBefore,
  leave,
  passes,
  Retries,
  started,
  wordingOf,
  type Session,
} from "./progress.ts";
import { faultIn, placeOf, type Unit } from "./work.ts";
import type { FunctionContext, FunctionStep } from "../revision/format.ts";

/** Work in TypeScript may pause between queries longer than a message of ours ever does. */
const idleFor = "5min";

export async function runFunction(s: Session, u: Unit, step: FunctionStep): Promise<void> {
  const retries = new Retries(s, placeOf(u));
  started(s, u);
  for (;;) {
    interruptedBefore(s, placeOf(u));
    const begun = performance.now();
    const first: { error: DatabaseError | null } = { error: null };
    try {
      await s.connection.query(
        `${beginning};\n${guardFor(undefined, s.pins.held)};\nselect pg_catalog.set_config('idle_in_transaction_session_timeout', '${idleFor}', true)`,
      );
      const context = contextFor(s, first);
      try {
        await step.run(context.context);
      } finally {
        await context.end();
      }
      interruptedBefore(s, placeOf(u));
      // A function that swallowed an error of Postgres's has no transaction left that could be committed.
      if (first.error !== null) throw first.error;
      expectCommit(await cancellable(s, functionEnd(u, wordingOf(s, true))));
      return finished(s, u, performance.now() - begun);
    } catch (e) {
      const cause = first.error ?? e;
      if (e instanceof DatabaseError || !isLost(cause)) await leave(s);
      if (cause instanceof DatabaseError && passes(cause)) await retries.next(cause);
      else throw failure(s, u, cause, null);
    }
  }
}

const isLost = (e: unknown): boolean => e instanceof Error && e.name === "ConnectionLost";

function expectCommit(results: readonly Result[]): void {
  if (!results.some((r) => r.tag === "COMMIT")) throw new DatabaseError("the server did not commit the step", "40000");
}

interface Context {
  readonly context: FunctionContext;
  /** Refuses further queries, and waits for one that the function forgot to wait for. */
  end(): Promise<void>;
}

function contextFor(s: Session, first: { error: DatabaseError | null }): Context {
  const state = { over: false, running: Promise.resolve() as Promise<unknown> };
  const query: FunctionContext["query"] = async (sql) => {
    if (state.over) throw new Error("the step is over: wait for every query before the function returns");
    const fault = faultIn(sql);
    if (fault !== null) throw new Error(fault.message);
    interruptedBeforeQuery(s);
    const running = cancellable(s, sql);
    state.running = running.catch(() => {});
    try {
      return (await running).at(-1)?.rows ?? [];
    } catch (e) {
      if (e instanceof DatabaseError) first.error ??= e;
      throw e;
    }
  };
  return {
    context: { query, x: s.options.x },
    end: async () => {
      state.over = true;
      await state.running;
    },
  };
}

function interruptedBeforeQuery(s: Session): void {
  if (s.options.signal?.aborted) throw new DatabaseError("interrupted", "57014");
}
