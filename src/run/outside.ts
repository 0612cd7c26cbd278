/**
 * Runs a statement that cannot be in a transaction. Its intent is journalled first; after it, the probe is asked whether
 * its effect is there; then it is journalled as done. An interrupted one is found by its intent: the probe says whether it
 * came to its end, and if not, what it left is cleaned up by the step's own `undo` before it is tried again.
 */
import { DatabaseError, type Result } from "./connection.ts";
import type { StepFailed } from "./errors.ts";
import { forgetAttempt, forgetIntent, writeEvent, writeIntent, writeIntentDone } from "./ledger.ts";
import { beginning, guardFor, isLockLost, locateIn } from "./message.ts";
import { insideSettings, outsideSettings } from "./pins.ts";
import {
  failure,
  finished,
  interruptedBefore,
  interruptedIn,
  leave,
  lockLost,
  passes,
  Retries,
  started,
  type Session,
} from "./progress.ts";
import { watched } from "./watch.ts";
import { canForget, placeOf, rowAfter, rowOf, stepRow, type Text, type Unit } from "./work.ts";
import { literal } from "../sql.ts";

type OutsideJob = Extract<Unit["job"], { kind: "outside" }>;

export async function runOutside(s: Session, u: Unit, job: OutsideJob): Promise<void> {
  interruptedBefore(s, placeOf(u));
  started(s, u);
  const begun = performance.now();
  const before = u.work.intents.has(u.n);
  if (!before) await refuseThere(s, u, job);
  // The revision is under way until the statement's effect was seen, also when this is its last step.
  const intent = { ...stepRow(u), checksum: literal(job.effect) };
  await inTransaction(s, u, writeIntent(s.options.ledger, rowAfter({ ...u, last: false }, s.options.tool), intent));
  let already;
  try {
    already = await untilSeen(s, u, job, before);
    await inTransaction(s, u, writeIntentDone(s.options.ledger, rowAfter(u, s.options.tool), stepRow(u)));
  } catch (e) {
    // Not the statement's own, but the probe's, the undo's or the ledger's.
    if (e instanceof Beside && passes(e)) interruptedIn(s, placeOf(u), `it was begun, ${nextRun}`);
    throw e instanceof DatabaseError
      ? failure(s, u, e, e instanceof Beside ? statementOf(job, e) : null, `Step ${u.n} was begun, ${nextRun}.`)
      : e;
  }
  finished(s, u, performance.now() - begun, already);
}

/** Before any attempt the effect must not be there. */
async function refuseThere(s: Session, u: Unit, job: OutsideJob): Promise<void> {
  try {
    if ((await probe(s, u, job)) === true) throw new DatabaseError(thereAlready, "P0001");
  } catch (e) {
    throw e instanceof DatabaseError ? failure(s, u, e, statementOf(job, e)) : e;
  }
}

/** Runs the statement until the probe sees its effect. `left`: an earlier attempt may have left something. True: that one had done it. */
async function untilSeen(s: Session, u: Unit, job: OutsideJob, left: boolean): Promise<boolean> {
  const retries = new Retries(s, placeOf(u));
  for (;;) {
    if (left) {
      if ((await probe(s, u, job)) === true) return true;
      left = !(await repair(s, u, job));
    }
    const before = await unfinished(s);
    const e = await attempt(s, u, job);
    // Null: the effect is none that a query could see, so the answer of the statement has to do.
    if (e === null && (await probe(s, u, job)) !== false) return false;
    left = left || e === null || touched(job, e, before, await unfinished(s));
    if (e === null || !passes(e)) throw await givenUp(s, u, job, e ?? new DatabaseError(unseen, "P0001"), left);
    try {
      const state = left ? "what it left is cleaned up when it is run again" : "it was undone whole";
      interruptedIn(s, placeOf(u), state);
      await retries.next(e, state);
    } catch (stop) {
      if (!left) await forget(s, u);
      throw stop;
    }
  }
}

const unseen = "the statement ended without an error, but the step's probe does not see its effect";
const thereAlready =
  "the step's probe says that its effect is there already, though the step was never begun here: somebody else made it, or the probe says yes to anything";
const nextRun = "and the next run looks with its probe whether it came to its end";

/** Null: it ended well. */
async function attempt(s: Session, u: Unit, job: OutsideJob): Promise<DatabaseError | null> {
  await s.connection.query(outsideSettings(job.path, s.pins));
  try {
    await watched(s, u, job.statement.text);
    return null;
  } catch (e) {
    if (e instanceof DatabaseError) return e;
    throw e;
  } finally {
    await s.connection.query(insideSettings(s.pins));
  }
}

/** What statements outside transactions leave when they break: indexes that are not valid, partitions half detached. */
async function unfinished(s: Session): Promise<ReadonlySet<string>> {
  const detaching =
    s.version < 140000 ? "" : " union all select inhrelid from pg_catalog.pg_inherits where inhdetachpending";
  const answer = await s.connection.query(
    `select indexrelid as id from pg_catalog.pg_index where not indisvalid${detaching}`,
  );
  return new Set(answer[0]!.rows.map((r) => r["id"] ?? ""));
}

/**
 * Whether a statement that failed may have done something, so that its undo is called for. Where the catalogs would show
 * it, they say so: the same error may come before anything was done and, from a function in an index, long after. What has
 * the statement's name already is never its own.
 */
function touched(job: OutsideJob, e: DatabaseError, before: ReadonlySet<string>, after: ReadonlySet<string>): boolean {
  const [first, second] = job.statement.pieces[0]!.words;
  const nameTaken = e.code === "42P07" && e.where === null;
  const shown =
    first === "reindex" ||
    second === "index" ||
    (first === "create" && second === "unique") ||
    (first === "alter" && second === "table");
  if (shown) return !nameTaken && [...after].some((id) => !before.has(id));
  // Syntax, rights, names that are taken or missing: without a context it was not code of the statement's that failed.
  return e.where !== null || !(e.code.startsWith("42") || e.code.startsWith("0A"));
}

/** An error of what stands beside the statement: its probe or its undo. */
class Beside extends DatabaseError {
  readonly text: Text;
  constructor(e: DatabaseError, text: Text, what = "") {
    super(what + e.message, e.code, e);
    this.text = text;
  }
}

/** The statement that an error is of, and the place in it. */
function statementOf(job: OutsideJob, e: DatabaseError): StepFailed["statement"] {
  const { text, pieces } = e instanceof Beside ? e.text : job.statement;
  const at = locateIn(text, pieces, e);
  return at && { ...at, of: 1 };
}

/** What the probe or the undo answers. */
async function beside(s: Session, u: Unit, job: OutsideJob, text: Text, what?: string): Promise<readonly Result[]> {
  await s.connection.query(outsideSettings(job.path, s.pins));
  try {
    return await watched(s, u, text.text);
  } catch (e) {
    throw e instanceof DatabaseError ? new Beside(e, text, what) : e;
  } finally {
    await s.connection.query(insideSettings(s.pins));
  }
}

/** Cleans up, and has the ledger forget what was undone whole: the next run must take nothing of somebody else's for the step's. */
async function givenUp(s: Session, u: Unit, job: OutsideJob, e: DatabaseError, left: boolean): Promise<Error> {
  let stays: string | null = null;
  try {
    if (left && !(await repair(s, u, job))) stays = `Step ${u.n} may be done in part, ${nextRun}.`;
  } catch (x) {
    if (!(x instanceof DatabaseError)) throw x;
    stays = `What step ${u.n} left could not be cleaned up (${x.message}); the next run tries that again.`;
  }
  if (stays === null) await forget(s, u);
  return failure(s, u, e, statementOf(job, e), stays);
}

/** The statements of the ledger only, under the same guard as every step. */
async function inTransaction(s: Session, u: Unit, sql: string): Promise<void> {
  try {
    await s.connection.query(`${beginning};\n${guardFor(undefined, s.pins.held)};\n${sql};\ncommit`);
  } catch (e) {
    if (!(e instanceof DatabaseError)) throw e;
    await leave(s);
    throw isLockLost(e) ? lockLost(placeOf(u), e) : e;
  }
}

async function probe(s: Session, u: Unit, job: OutsideJob): Promise<boolean | null> {
  const answer = await beside(s, u, job, job.probe, "the step's probe fails: ");
  const row = answer.at(-1)?.rows[0];
  const value = row === undefined ? undefined : Object.values(row)[0];
  return value === undefined || value === null ? null : value === "t" || value === "true";
}

/** False: the step has no undo. */
async function repair(s: Session, u: Unit, job: OutsideJob): Promise<boolean> {
  if (job.undo === null) return false;
  await beside(s, u, job, job.undo);
  await s.connection.query(
    writeEvent(s.options.ledger, "repaired", u.work.file.revision.id, `${u.work.direction}, step ${u.n}`),
  );
  s.options.onEvent({ kind: "repaired", place: placeOf(u) });
  return true;
}

/** When nothing else of the revision was run, the ledger says again what it said before. */
async function forget(s: Session, u: Unit): Promise<void> {
  const { file, attempt, before, done } = u.work;
  const id = literal(file.revision.id);
  const alone = u.first && done.size === 0 && canForget(u.work);
  await inTransaction(
    s,
    u,
    alone
      ? forgetAttempt(s.options.ledger, id, String(attempt), before === null ? null : rowOf(before))
      : forgetIntent(s.options.ledger, id, String(attempt), u.n),
  );
}
