/** Takes a script as psql and pg_dump know it apart: statements, without psql's own commands and the rows of COPY. */
import { splitStatements } from "../run/statements.ts";

export interface ScriptStatement {
  readonly sql: string;
  /** Offset in the script. */
  readonly start: number;
}

/** A line of psql's (`\connect`, `\restrict abc`), or one after which rows follow. */
const special = /^(?:\\\w.*|copy\s[^;]*\sfrom\s+stdin\b[^;\n]*;)[ \t]*\r?$/gim;

/** Commands of psql's that change nothing of what the statements make here: pg_dump's, and what is only of its output. */
const passedOver: ReadonlySet<string> = new Set(
  "c connect restrict unrestrict encoding set unset echo qecho warn pset timing a t x o out".split(" "),
);

/**
 * The statements in order; only the shape of a database is of interest here, so its rows are passed over. `refuse` is told of
 * each command of psql's without which they would not be what the script means.
 */
export function statements(text: string, refuse: (command: string, start: number) => void): readonly ScriptStatement[] {
  const found: ScriptStatement[] = [];
  let from = 0;
  const take = (to: number): boolean => {
    const { pieces, open } = splitStatements(text.slice(from, to));
    // Such a line within a string or a function's body is part of it.
    if (open !== null && to < text.length) return false;
    for (const p of pieces) found.push({ sql: text.slice(from + p.start, from + p.end), start: from + p.start });
    return true;
  };
  for (const line of text.matchAll(special)) {
    if (line.index < from || !take(line.index)) continue;
    from = line.index + line[0].length;
    const command = /^\\(\w+)/.exec(line[0])?.[1];
    if (command !== undefined && !passedOver.has(command)) refuse(command, line.index);
    if (!line[0].startsWith("\\")) from = afterRows(text, from);
  }
  take(text.length);
  return found;
}

function afterRows(text: string, from: number): number {
  const end = /^\\\.\r?$/m.exec(text.slice(from));
  return end === null ? text.length : from + end.index + end[0].length;
}
