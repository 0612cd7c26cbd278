/** How rows of reference data are told apart. */
import type { Attributes, Fragment } from "../../model/objects.ts";

export type Row = Attributes<"rows">["rows"][string];

/** Text that a key is told apart by until Postgres has spelled it. */
const keyText = (f: Fragment): string =>
  /^'(?:[^']|'')*'$/.test(f.sql) ? f.sql.slice(1, -1).replaceAll("''", "'") : f.sql;
/** A row by what its key holds, as Postgres spells it where that is known. */
export const rowKey = (key: readonly string[], row: Row): string =>
  JSON.stringify(key.map((k) => (row[k] ? (row[k].canonical ?? keyText(row[k])) : null)));
