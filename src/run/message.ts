/** Steps as one simple-query message, and errors of that message traced back to the step and statement they are about. */
import type { DatabaseError } from "./connection.ts";
import { literal } from "../sql.ts";
import { type Held, heldByGuard, heldByRole, putBack, searchPath } from "./pins.ts";
import { writeDone, writeRevision, writeStep, writeWhole, type RowSql, type StepSql } from "./ledger.ts";
import { lockAssertion } from "./lock.ts";
import type { Piece } from "./statements.ts";
import { rowAfter, stepRow, type Unit } from "./work.ts";

/** Prepared once a run: planning them anew would cost a tiny revision more than its own statement. */
const guardName = "schemac_guard";
const doneName = "schemac_done";
const wholeName = "schemac_whole";
const stepName = "schemac_step";

/** First statement of each transaction: fails unless this session holds the lock, and puts back the settings that a step before changed. */
const guard = (held: Held): string => `select ${lockAssertion}, ${putBack(heldByGuard(held))}`;

/** Whatever a step made of the defaults of its session. */
export const beginning = "begin isolation level read committed read write";

/** The guard and, after it, the step's own search path. */
const guards = (guard: string, path: readonly string[] | undefined): readonly string[] =>
  path === undefined || searchPath(path) === searchPath(undefined)
    ? [guard]
    : [guard, `set local search_path = ${searchPath(path)}`];

/**
 * Whether a commit waits until it is on disk. Of several transactions in one message only the last one does, and with it
 * all before it, for the log is written in order; nobody is told of them any sooner. A server that crashes in between
 * loses the latest of them, each whole with its journal row.
 */
const noWaiting = "set synchronous_commit = off";
const waiting = "set local synchronous_commit = on";
/** The whole of it, for a transaction that is sent alone. */
export const guardFor = (path: readonly string[] | undefined, held: Held): string =>
  [...guards(guard(held), path), waiting].join(";\n");
/** For the session again, also after a message that broke off. How the next message is read is settled before its guard is. */
export const afterwards = `set synchronous_commit = on;
set client_encoding = 'UTF8';
set standard_conforming_strings = on`;

export const prepareAll = ({ ledger, tool, held }: Omit<Wording, "plain">): string => {
  const row: RowSql = {
    id: "$1",
    attempt: "$2",
    number: "$7",
    name: "$8",
    parents: "$9",
    checksum: "$10",
    seq: "$11",
    state: "$12",
    how: literal("run"),
    tool: literal(tool),
  };
  const step: StepSql = { n: "$3", direction: "$4", kind: "$5", checksum: "$6" };
  const stepTypes = "text, integer, integer, text, text, text";
  const rowTypes = `${stepTypes}, integer, text, text[], text, bigint`;
  return [
    `prepare ${guardName} as ${guard(held)}`,
    `prepare ${stepName} (${stepTypes}) as ${writeStep(ledger, row, step)}`,
    `prepare ${wholeName} (${rowTypes}) as ${writeWhole(ledger, { ...row, state: literal("applied") }, step)}`,
    `prepare ${doneName} (${rowTypes}, text) as ${writeDone(ledger, row, step)}`,
  ].join(";\n");
};
export const deallocateAll = [guardName, stepName, wholeName, doneName].map((n) => `deallocate ${n}`).join("; ");
/** Somebody deallocated what was prepared: invalid_sql_statement_name */
export const isUnprepared = (e: DatabaseError): boolean => e.code === "26000" && e.message.includes("schemac_");

interface Part {
  readonly unit: number;
  /** A statement of the step's own: which text, from 0. */
  readonly text: number | null;
  /** The statement that fails when the lock is not ours. */
  readonly guard: boolean;
  /** Offsets in the message of the statement and of the text that holds it. */
  readonly start: number;
  readonly textStart: number;
  readonly end: number;
}
export interface Message {
  readonly sql: string;
  readonly units: readonly Unit[];
  readonly parts: readonly Part[];
}

export interface Wording {
  readonly ledger: string;
  readonly tool: string;
  /** Say everything in full: a step deallocates what was prepared. */
  readonly plain: boolean;
  /** With what settings each step begins. */
  readonly held: Held;
}

/** Each unit as a transaction of its own, all in one message. */
export function compose(units: readonly Unit[], wording: Wording): Message {
  const chunks: string[] = [];
  const parts: Part[] = [];
  let length = 0;
  const add = (text: string): number => {
    const start = length;
    chunks.push(text, "\n;\n");
    length += text.length + 3;
    return start;
  };
  units.forEach((u, unit) => {
    const own = (sql: string, guard = false): void => {
      const start = add(sql);
      parts.push({ unit, text: null, guard, start, textStart: start, end: start + sql.length });
    };
    const path = u.job.kind === "transaction" ? u.job.path : undefined;
    if (unit === 0 && units.length > 1) own(noWaiting);
    own(beginning);
    const [first, ...more] = guards(wording.plain ? guard(wording.held) : `execute ${guardName}`, path);
    own(first!, true);
    for (const sql of more) own(sql);
    if (unit === units.length - 1) own(waiting);
    for (const [i, t] of (u.job.kind === "transaction" ? u.job.texts : []).entries()) {
      const textStart = add(t.text);
      for (const p of t.pieces)
        parts.push({ unit, text: i, guard: false, start: textStart + p.start, textStart, end: textStart + p.end });
    }
    if (u.job.kind === "transaction" && u.job.texts.some((t) => speaksOfRoles.test(t.text)))
      own(`select ${putBack(heldByRole(wording.held))}`);
    own(journal(u, wording));
    own("commit");
    if (unit === units.length - 1) for (const sql of afterwards.split(";\n")) own(sql);
  });
  return { sql: chunks.join(""), units, parts };
}

/** The ledger is written by the role that runs the revisions, whoever a step became. */
const speaksOfRoles = /\b(?:role|authorization)\b/i;

/** The end of a function's transaction: it may have become anybody. */
export const functionEnd = (u: Unit, wording: Wording): string =>
  [`select ${putBack(heldByRole(wording.held))}`, journal(u, wording), "commit", afterwards].join(";\n");

/**
 * The statement that writes the unit's rows. A new revision of one step is written whole. The row of one under way says
 * already what it is to say in the steps between the first and the last of a run.
 */
export function journal(u: Unit, { ledger, tool, plain }: Wording): string {
  const row = rowAfter(u, tool);
  if (u.job.kind === "end") return writeRevision(ledger, row);
  const step = stepRow(u);
  const whole = u.first && u.last && u.work.direction === "up" && u.work.before === null && !u.work.resumed;
  const between = !u.first && !u.last;
  if (plain) return (whole ? writeWhole : between ? writeStep : writeDone)(ledger, row, step);
  const ofStep = [row.id, row.attempt, step.n, step.direction, step.kind, step.checksum];
  const ofRow = [row.number, row.name, row.parents, row.checksum, row.seq];
  if (between) return execute(stepName, ofStep);
  return whole ? execute(wholeName, [...ofStep, ...ofRow]) : execute(doneName, [...ofStep, ...ofRow, row.state]);
}
const execute = (name: string, values: readonly string[]): string => `execute ${name}(${values.join(", ")})`;

/** Where in a message an error is. */
export interface Fault {
  /** Which of the message's units. */
  readonly unit: number;
  /** Nothing of the message was run at all, not even the units before: its text could not be parsed. */
  readonly unparsed: boolean;
  /** The session no longer holds the lock. */
  readonly lockLost: boolean;
  readonly statement: {
    readonly n: number;
    readonly of: number;
    readonly sql: string;
    readonly line: number | null;
    readonly column: number | null;
  } | null;
}

export function locate(message: Message, e: DatabaseError): Fault {
  const offset = e.position === null ? null : offsetOf(message.sql, e.position);
  const unparsed = e.completed.length === 0;
  const part =
    unparsed && offset !== null ? message.parts.findLast((p) => p.start <= offset) : message.parts[e.completed.length];
  if (part === undefined) return { unit: message.units.length - 1, unparsed, lockLost: false, statement: null };
  const fault = { unit: part.unit, unparsed, lockLost: part.guard && e.code === dividedByZero };
  const job = message.units[part.unit]!.job;
  if (part.text === null || job.kind !== "transaction") return { ...fault, statement: null };
  const own = message.parts.filter((p) => p.unit === part.unit && p.text !== null);
  const statement = { n: own.indexOf(part) + 1, of: own.length, ...shown(message.sql, part, offset) };
  return { ...fault, statement };
}

/** What the guard fails with where the lock is not ours. */
const dividedByZero = "22012";
/** The same of a message that begins with a guard, right behind its BEGIN. */
export const isLockLost = (e: DatabaseError): boolean => e.code === dividedByZero && e.completed.at(-1) === "BEGIN";

/** Which statement of a text that was sent alone an error is about, from 1, and where in it; null: none of them. */
export function locateIn(
  sql: string,
  pieces: readonly Piece[],
  e: DatabaseError,
): Omit<NonNullable<Fault["statement"]>, "of"> | null {
  const offset = e.position === null ? null : offsetOf(sql, e.position);
  // Text that cannot be parsed runs nothing, wherever in it the fault is.
  const unparsed = e.completed.length === 0 && offset !== null;
  const n = unparsed ? pieces.findLastIndex((p) => p.start <= offset) : e.completed.length;
  const piece = pieces[n];
  return piece === undefined ? null : { n: n + 1, ...shown(sql, piece, offset) };
}

/** A statement within a text, and the line and column in it where they are known. */
function shown(text: string, { start, end }: Pick<Part, "start" | "end">, offset: number | null) {
  const inside = offset !== null && offset >= start && offset <= end;
  const place = inside ? lineAndColumn(text, start, offset) : { line: null, column: null };
  return { sql: text.slice(start, end).trimEnd(), ...place };
}

/** Postgres counts characters from 1, JavaScript UTF-16 units from 0. */
function offsetOf(text: string, position: number): number {
  let offset = 0;
  for (let n = 1; n < position && offset < text.length; n++) offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  return offset;
}

/** Line and column within the statement, both from 1. */
function lineAndColumn(
  text: string,
  start: number,
  offset: number,
): { readonly line: number; readonly column: number } {
  const lines = text.slice(start, offset).split("\n");
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}
