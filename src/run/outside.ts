/**
 * Runs a statement that cannot be in a transaction. Its intent is journalled first; after it, the probe is asked whether
 * its effect is there; then it is journalled as done. An interrupted one is found by its intent: the probe says whether it
 * came to its end, and if not, what it left is cleaned up by the step's own `undo` before it is tried again.
 */
import { DatabaseError } from "./connection.ts";
import type { StepFailed } from "./errors.ts";
import { forgetAttempt, writeEvent, writeIntent, writeIntentDone } from "./ledger.ts";
import { guardFor } from "./message.ts";
import { insideSettings, outsideSettings } from "./pins.ts";
import {
  failure,
  finished,
  interruptedBefore,
  leave,
  leavesSomething,
  passes,
  Retries,
  started,
  type Session,
} from "./progress.ts";
import { placeOf, rowAfter, rowOf, stepRow, type Unit } from "./work.ts";
import { literal } from "../sql.ts";

type OutsideJob = Extract<Unit["job"], { kind: "outside" }>;

export async function runOutside(s: Session, u: Unit, job: OutsideJob): Promise<void> {
  const place = placeOf(u);
  const retries = new Retries(s, place);
  interruptedBefore(s, place);
  started(s, u);
  const begun = performance.now();
  // What an earlier attempt left is ours to clean up. Before the first one there is nothing of ours.
  let already = false;
  let broken = u.work.intents.has(u.n);
  if (!broken && (await probe(s, job)) === true)
    throw failure(s, u, new DatabaseError(thereAlready, "P0001"), whole(job));
  // The revision is under way until the statement's effect was seen, also when this is its last step.
  const underWay = rowAfter({ ...u, last: false }, s.options.tool);
  const somethingStays = leavesSomething(s, u);
  await inTransaction(s, writeIntent(s.options.ledger, underWay, stepRow(u)));
  for (;;) {
    if (broken) {
      if ((await probe(s, job)) === true) {
        already = true;
        break;
      }
      await repair(s, u, job);
    }
    try {
      await s.connection.query(outsideSettings(job.path, s.pins));
      try {
        await s.connection.query(job.statement.text);
      } finally {
        await s.connection.query(insideSettings(s.pins));
      }
    } catch (e) {
      if (!(e instanceof DatabaseError)) throw e;
      const touched = broken || !refusedAtOnce(e);
      if (passes(e)) {
        broken = touched;
        await retries.next(e);
        continue;
      }
      return giveUp(s, u, job, e, { touched, somethingStays });
    }
    // Null: the effect is none that a query could see, so the answer of the statement has to do.
    if ((await probe(s, job)) !== false) break;
    return giveUp(s, u, job, new DatabaseError(unseen, "P0001"), { touched: true, somethingStays });
  }
  await inTransaction(s, writeIntentDone(s.options.ledger, rowAfter(u, s.options.tool), stepRow(u)));
  finished(s, u, performance.now() - begun, already);
}

const unseen = "the statement ended without an error, but the step's probe does not see its effect";
const thereAlready =
  "the step's probe says that its effect is there already, though the step was never begun here: somebody else made it, or the probe says yes to anything";

/** Syntax, rights, names that are taken or missing: such an error comes before the statement does anything, so there is nothing to clean up (least of all what has the name already). */
const refusedAtOnce = (e: DatabaseError): boolean => e.code.startsWith("42") || e.code.startsWith("0A");

const whole = (job: OutsideJob): StepFailed["statement"] => ({
  n: 1,
  of: 1,
  sql: job.statement.text,
  line: null,
  column: null,
});

/** Cleans up and ends the run. When nothing else of the revision was run, the ledger says again what it said before. */
async function giveUp(
  s: Session,
  u: Unit,
  job: OutsideJob,
  e: DatabaseError,
  { touched, somethingStays }: { readonly touched: boolean; readonly somethingStays: boolean },
): Promise<never> {
  if (touched) await repair(s, u, job);
  if (!somethingStays) await forget(s, u);
  throw failure(s, u, e, whole(job));
}

/** The statements of the ledger only, under the same guard as every step. */
async function inTransaction(s: Session, sql: string): Promise<void> {
  try {
    await s.connection.query(`begin;\n${guardFor(undefined)};\n${sql};\ncommit`);
  } catch (e) {
    if (e instanceof DatabaseError) await leave(s);
    throw e;
  }
}

async function probe(s: Session, job: OutsideJob): Promise<boolean | null> {
  await s.connection.query(outsideSettings(job.path, s.pins));
  const answer = await s.connection.query(job.probe.text);
  await s.connection.query(insideSettings(s.pins));
  const row = answer.at(-1)?.rows[0];
  const value = row === undefined ? undefined : Object.values(row)[0];
  return value === undefined || value === null ? null : value === "t" || value === "true";
}

async function repair(s: Session, u: Unit, job: OutsideJob): Promise<void> {
  if (job.undo === null) return;
  await s.connection.query(outsideSettings(job.path, s.pins));
  await s.connection.query(job.undo.text);
  await s.connection.query(insideSettings(s.pins));
  await s.connection.query(
    writeEvent(s.options.ledger, "repaired", u.work.file.revision.id, `${u.work.direction}, step ${u.n}`),
  );
  s.options.onEvent({ kind: "repaired", place: placeOf(u) });
}

async function forget(s: Session, u: Unit): Promise<void> {
  const { file, attempt, before } = u.work;
  await inTransaction(
    s,
    forgetAttempt(s.options.ledger, literal(file.revision.id), String(attempt), before === null ? null : rowOf(before)),
  );
}
