/** How rows of reference data are told apart, and whose they are. */
import type { Attributes, DbObject, Fragment, Id, QualifiedName } from "../../model/objects.ts";

export type Rows = DbObject<"rows">;
export type Row = Attributes<"rows">["rows"][string];

/** Text that a key is told apart by: quoted or not, as Postgres spells it or as it is written. */
const keyText = (text: string): string =>
  /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text;
const plain = (f: Fragment): string => keyText(f.canonical ?? f.sql);
/** A row by what its key holds, as Postgres spells it where that is known. */
export const rowKey = (key: readonly string[], row: Row): string =>
  JSON.stringify(key.map((k) => (row[k] ? plain(row[k]) : null)));

export const isNull = (f: Fragment): boolean => (f.canonical ?? f.sql).toLowerCase() === "null";
/** What a row holds in these columns, to be compared with others'; null: one of them holds nothing, or is not known. `nulls`: nothing is a value, too. */
export function heldIn(row: Row, columns: readonly string[], nulls = false): string | null {
  const values = columns.map((c) => row[c]);
  return values.every((f) => f !== undefined && (nulls || !isNull(f)))
    ? JSON.stringify(values.map((f) => (isNull(f!) ? null : plain(f!))))
    : null;
}
const constant = /^(?:'(?:[^']|'')*'|E'(?:[^'\\]|''|\\.)*'|[+-]?\d+(?:\.\d+)?|null|true|false)$/is;
/** A value that needs nothing to be worked out; null: it is an expression of which Postgres has not said what it gives. */
export const constantOf = (f: Fragment): string | null => (constant.test(f.sql.trim()) ? f.sql.trim() : f.canonical);

/** The table that holds them. */
export const holderOf = (o: { readonly id: QualifiedName }): Id<"table"> => ({
  kind: "table",
  schema: o.id.schema,
  name: o.id.name,
});
/** The rows of a table, or of the table of one of its parts. */
export const rowsOf = (t: { readonly schema: string; readonly table: string }): Id<"rows"> => ({
  kind: "rows",
  schema: t.schema,
  name: t.table,
});
