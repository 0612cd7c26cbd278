/** How rows of reference data are told apart, and whose they are. */
import type { Attributes, DbObject, Id } from "../../model/objects.ts";

export type Rows = DbObject<"rows">;
export type Row = Attributes<"rows">["rows"][string];

/** Text that a key is told apart by: quoted or not, as Postgres spells it or as it is written. */
const keyText = (text: string): string =>
  /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text;
/** A row by what its key holds, as Postgres spells it where that is known. */
export const rowKey = (key: readonly string[], row: Row): string =>
  JSON.stringify(key.map((k) => (row[k] ? keyText(row[k].canonical ?? row[k].sql) : null)));

/** Facts of rows that were read from the live database. */
export const areLive = { live: "true" } as const;
export const isLive = (o: Rows): boolean => o.facts?.["live"] === areLive.live;

/** The table that holds them. */
export const holderOf = (o: Rows): Id<"table"> => ({ kind: "table", schema: o.id.schema, name: o.id.name });
/** The rows of a table, or of the table of one of its parts. */
export const rowsOf = (t: { readonly schema: string; readonly table: string }): Id<"rows"> => ({
  kind: "rows",
  schema: t.schema,
  name: t.table,
});
