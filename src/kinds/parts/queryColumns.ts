/** Columns that a text names of the tables which it reads: what those certainly do not have is told where it stands. */
import type { FragmentNode } from "../../../grammar/nodes.ts";
import type { Problem, Span } from "../../problems.ts";
import { isOfCatalog, takesAnyRow } from "./builtIn.ts";
import type { Program } from "./program.ts";
import { unknown } from "./unknown.ts";

/** A name in a text, where it stands, and the tables of which one must have such a column; null: it may be something else. */
interface Reference {
  readonly parts: readonly string[];
  readonly at: number;
  readonly of: readonly (readonly [schema: string, name: string])[] | null;
}

/** Every table has these. */
export const systemColumns: ReadonlySet<string> = new Set(["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"]);

/** The columns of all these tables; null where one is not declared as a table, or has others from what is not declared. */
function columnsOf(of: NonNullable<Reference["of"]>, program: Program, schema: string): ReadonlySet<string> | null {
  const all = new Set<string>();
  for (const table of of) {
    const columns = isOfCatalog(table) ? null : program.columnsRead(table, schema);
    if (columns === null) return null;
    for (const c of columns) all.add(c);
  }
  return all;
}

/**
 * What is wrong with the columns that a text names. `beside`: what a name may be instead, as an argument; nothing is told of those.
 * A name behind a table's can also be a function that takes its row.
 */
export function missingColumns(
  f: FragmentNode,
  references: readonly Reference[],
  program: Program,
  schema: string,
  beside: readonly ReadonlySet<string>[],
): readonly Problem[] {
  const other = (name: string): boolean => beside.some((names) => names.has(name));
  const told = new Set<string>();
  return references.flatMap(({ parts, at, of }) => {
    const column = parts.at(-1)!;
    if (at < 0 && told.has(column)) return [];
    if (of === null || systemColumns.has(column) || parts.some(other)) return [];
    const known = columnsOf(of, program, schema);
    if (known === null || known.has(column)) return [];
    if (parts.length > 1 && (takesAnyRow(column) || program.mayTakeRow(column))) return [];
    // In a body that Postgres keeps as a text it is no error: a live database can have such a one, and nobody may run it.
    const late = ("late" in f && f.late) || ("form" in f && f.form === "plpgsql");
    const code = late ? "missing-in-body" : "unknown-column";
    told.add(column);
    const meant = parts.length > 1 ? known : [...known, ...beside.flatMap((names) => [...names])];
    return [unknown(code, "column", column, partOf(f, at, parts), meant)];
  });
}

/** Where the column of a name stands; `at`: where the name does, in the text; -1: nobody knows, and it is looked for. */
function partOf(f: FragmentNode, at: number, parts: readonly string[]): Span {
  if (at >= 0) return partAt(f, at, parts.length - 1);
  const { file, start, end } = f.span;
  const sought = parts.at(-1)!;
  for (const { 0: word, index } of f.text.matchAll(/[\p{L}\p{N}_$]+/gu))
    if (word === sought || word.toLowerCase() === sought)
      return { file, start: start + index, end: Math.min(start + index + word.length, end) };
  return f.span;
}
/** Where the part of this number of a name stands, that begins at `at` in the text. */
export function partAt({ text, span: { file, start, end } }: FragmentNode, at: number, part: number): Span {
  const parts = /("(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(\s*\.\s*)?/uy;
  parts.lastIndex = at;
  for (let i = 0; i < part; i++) if (!parts.exec(text)) break;
  const from = parts.lastIndex;
  const length = parts.exec(text)?.[1]?.length ?? 1;
  return { file, start: Math.min(start + from, end), end: Math.min(start + from + length, end) };
}
