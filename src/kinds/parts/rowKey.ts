/** How rows of reference data are told apart. */
import type { Attributes } from "../../model/objects.ts";

export type Row = Attributes<"rows">["rows"][string];

/** Text that a key is told apart by: quoted or not, as Postgres spells it or as it is written. */
const keyText = (text: string): string =>
  /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text;
/** A row by what its key holds, as Postgres spells it where that is known. */
export const rowKey = (key: readonly string[], row: Row): string =>
  JSON.stringify(key.map((k) => (row[k] ? keyText(row[k].canonical ?? row[k].sql) : null)));

/** Facts of rows that were read from the live database. */
export const areLive = { live: "true" } as const;
