/** Runs transaction steps: each is one transaction with its journal row, sent whole; small ones travel together. */
import { DatabaseError } from "./connection.ts";
import { label, StoppedPartWay, type Place } from "./errors.ts";
import { writeEvent } from "./ledger.ts";
import { compose, isUnprepared, locate, type Message } from "./message.ts";
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
import { placeOf, type Unit } from "./work.ts";

/** How much travels in one message. Should the client die, the server at most finishes what was sent. */
const most = { units: 100, characters: 65_536 };

const size = (u: Unit): number =>
  u.job.kind === "transaction" ? u.job.texts.reduce((sum, t) => sum + t.text.length, 0) : 0;

/** The units from `from` on that can be sent together: at least one. */
export function together(units: readonly Unit[], from: number): readonly Unit[] {
  const batch: Unit[] = [];
  let characters = 0;
  for (const u of units.slice(from, from + most.units)) {
    if (u.job.kind !== "transaction" && u.job.kind !== "end") break;
    characters += size(u);
    if (batch.length > 0 && characters > most.characters) break;
    batch.push(u);
  }
  return batch;
}

/** Runs them all, in order, or throws; what was committed stays. `next` are likely to be sent after them, and are made ready meanwhile. */
export async function runTransactions(s: Session, batch: readonly Unit[], next: readonly Unit[]): Promise<void> {
  let left = batch;
  let alone = false;
  let plain = false;
  const retries = new Map<Unit, Retries>();
  const announced = new Set<Unit>();
  while (left.length > 0) {
    const units = alone ? left.slice(0, 1) : left;
    const first = units[0]!;
    interruptedBefore(s, placeOf(first));
    for (const u of units) if (!announced.has(u)) started(s, u);
    for (const u of units) announced.add(u);
    const message = plain ? compose(units, wordingOf(s, true)) : composed(s, units);
    const begun = performance.now();
    const sent = send(s, message);
    if (next.length > 0) composed(s, next);
    const error = await sent;
    if (error !== null && error.completed.filter((t) => t === "COMMIT").length >= units.length)
      throw committedItself(placeOf(units.at(-1)!), error);
    const committed = error === null ? units.length : error.completed.filter((t) => t === "COMMIT").length;
    const each = (performance.now() - begun) / Math.max(1, committed);
    for (const u of units.slice(0, committed)) finished(s, u, each);
    left = left.slice(committed);
    if (error === null) continue;
    await leave(s);
    // What was committed before the error did not wait for the disk; whoever is told of it may rely on it.
    if (committed > 0) await flush(s, left[0]!, error);
    if (isUnprepared(error) && !plain) {
      plain = true;
    } else if (passes(error)) {
      const unit = left[0]!;
      const clock = retries.get(unit) ?? new Retries(s, placeOf(unit));
      retries.set(unit, clock);
      await clock.next(error);
    } else {
      const fault = locate(message, error);
      // A message that cannot be parsed runs nothing, not even the steps before the faulty one: these go first, alone.
      if (fault.lockLost) throw lockLost(placeOf(units[fault.unit]!), error);
      if (fault.unparsed && units.length > 1) alone = true;
      else throw failure(s, units[fault.unit]!, error, fault.statement);
    }
  }
}

/** A message made ready is kept with its units. */
const ready = new WeakMap<readonly Unit[], Message>();
function composed(s: Session, units: readonly Unit[]): Message {
  const message = ready.get(units) ?? compose(units, wordingOf(s, false));
  ready.set(units, message);
  return message;
}

/** A commit that waits for the disk takes all earlier ones along. It must write something for that. */
async function flush(s: Session, u: Unit, e: DatabaseError): Promise<void> {
  await s.connection.query(writeEvent(s.options.ledger, "stopped", u.work.file.revision.id, `step ${u.n}, ${e.code}`));
}

/** Should a COMMIT ever hide from `splitStatements`, which refuses them, then whose they are cannot be told any more. */
const committedItself = (place: Place, e: DatabaseError): StoppedPartWay =>
  new StoppedPartWay(
    place,
    `stopped at revision ${label(place.revision)}: more was committed than its steps (${e.message})`,
    "A statement of the revision ends its transaction itself. What it did is committed and may not stand in the ledger: look at the database before it is run again.",
    e,
  );

/** Null: all of it was committed. */
async function send(s: Session, message: Message): Promise<DatabaseError | null> {
  try {
    const results = await cancellable(s, message.sql);
    // COMMIT of a transaction that failed answers ROLLBACK and no error.
    const tags = results.map((r) => r.tag);
    const commits = tags.filter((t) => t === "COMMIT").length;
    if (commits === message.units.length) return null;
    const undone = tags.indexOf("ROLLBACK");
    return new DatabaseError("the server did not commit the step", "40000", {
      completed: undone < 0 ? tags : tags.slice(0, undone),
    });
  } catch (e) {
    if (e instanceof DatabaseError) return e;
    throw e;
  }
}
