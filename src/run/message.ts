/** Steps as one simple-query message, and errors of that message traced back to the step and statement they are about. */
import type { DatabaseError } from "./connection.ts";
import { literal } from "../sql.ts";
import { writeDone, writeRevision } from "./ledger.ts";
import { lockAssertion } from "./lock.ts";
import { searchPath } from "./pins.ts";
import { rowAfter, stepRow, type Unit } from "./work.ts";

/** Prepared once a run: planning them anew would cost a tiny revision more than its own statement. */
const guardName = "schemac_guard";
const doneName = "schemac_done";

/** Settings a step may have changed for the steps after it. */
const repinned: Readonly<Record<string, string>> = {
  lock_timeout: "2s",
  statement_timeout: "0",
  timezone: "UTC",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  standard_conforming_strings: "on",
  check_function_bodies: "on",
  row_security: "off",
};

/** First statement of each transaction: fails unless this session holds the lock; sets the search path and the pins. */
const guard = (path: string, flush: string): string =>
  `select ${lockAssertion.column}, pg_catalog.set_config('search_path', ${path}, true), pg_catalog.set_config('synchronous_commit', ${flush}, true), ${Object.entries(
    repinned,
  )
    .map(([k, v]) => `pg_catalog.set_config(${literal(k)}, ${literal(v)}, true)`)
    .join(", ")} from ${lockAssertion.from}`;

export const guardFor = (path: readonly string[] | undefined, flush: Flush = "on"): string =>
  guard(literal(searchPath(path)), literal(flush));

/**
 * Whether a commit waits until it is on disk. Of several transactions in one message only the last one does, and with it
 * all before it, for the log is written in order; nobody is told of them any sooner. A server that crashes in between
 * loses the latest of them, each whole with its journal row.
 */
type Flush = "on" | "off";

export const prepareAll = (ledger: string): string => {
  const row = {
    id: "$1",
    number: "$2",
    name: "$3",
    parents: "$4",
    checksum: "$5",
    state: "$6",
    how: "$7",
    seq: "$8",
    attempt: "$9",
    tool: "$10",
  };
  const step = { n: "$11", direction: "$12", kind: "$13", checksum: "$14" };
  return (
    `prepare ${guardName} (text, text) as ${guard("$1", "$2")};\n` +
    `prepare ${doneName} (text, integer, text, text[], text, text, text, bigint, integer, text, integer, text, text, text) as ${writeDone(ledger, row, step)}`
  );
};
export const deallocateAll = `deallocate ${guardName}; deallocate ${doneName}`;
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
    own("begin");
    const flush = unit === units.length - 1 ? "on" : "off";
    own(
      wording.plain ? guardFor(path, flush) : `execute ${guardName}(${literal(searchPath(path))}, ${literal(flush)})`,
      true,
    );
    for (const [i, t] of (u.job.kind === "transaction" ? u.job.texts : []).entries()) {
      const textStart = add(t.text);
      for (const p of t.pieces)
        parts.push({ unit, text: i, guard: false, start: textStart + p.start, textStart, end: textStart + p.end });
    }
    own(journal(u, wording));
    own("commit");
  });
  return { sql: chunks.join(""), units, parts };
}

/** The statement that writes the unit's rows. */
export function journal(u: Unit, { ledger, tool, plain }: Wording): string {
  const row = rowAfter(u, tool);
  if (u.job.kind === "end") return writeRevision(ledger, row);
  const step = stepRow(u);
  if (plain) return writeDone(ledger, row, step);
  return `execute ${doneName}(${[row.id, row.number, row.name, row.parents, row.checksum, row.state, row.how, row.seq, row.attempt, row.tool, step.n, step.direction, step.kind, step.checksum].join(", ")})`;
}

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
  const fault = { unit: part.unit, unparsed, lockLost: part.guard && e.code === "22012" };
  const job = message.units[part.unit]!.job;
  if (part.text === null || job.kind !== "transaction") return { ...fault, statement: null };
  const own = message.parts.filter((p) => p.unit === part.unit && p.text !== null);
  const inside =
    offset !== null && offset >= part.start && offset <= part.end
      ? lineAndColumn(message.sql, part.start, offset)
      : null;
  return {
    ...fault,
    statement: {
      n: own.indexOf(part) + 1,
      of: own.length,
      sql: message.sql.slice(part.start, part.end).trimEnd(),
      line: inside?.line ?? null,
      column: inside?.column ?? null,
    },
  };
}

/** Postgres counts characters from 1, JavaScript UTF-16 units from 0. */
export function offsetOf(text: string, position: number): number {
  let offset = 0;
  for (let n = 1; n < position && offset < text.length; n++) offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  return offset;
}

/** Line and column within the statement, both from 1. */
export function lineAndColumn(
  text: string,
  start: number,
  offset: number,
): { readonly line: number; readonly column: number } {
  const lines = text.slice(start, offset).split("\n");
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}
