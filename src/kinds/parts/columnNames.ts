/** Names of columns by number, read once for all rooms: constraints keep numbers, and a join for each would cost more than all else. */
import type { ColumnNames, Row } from "../room.ts";
import { json, text } from "./catalog.ts";

/** Dropped columns keep their number, so a column's place in the list is its number. */
export const columnNamesSql = `
select a.attrelid::text as relation, json_agg(a.attname order by a.attnum)::text as names
from pg_attribute a
join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'f')
where a.attnum > 0 and c.oid >= 16384
group by a.attrelid`;

export function readColumnNames(rows: readonly Row[]): ColumnNames {
  const rowOf = new Map(rows.map((row) => [text(row, "relation"), row]));
  const known = new Map<string, readonly string[]>();
  return (relation, numbers) => {
    let names = known.get(relation);
    if (!names) {
      const row = rowOf.get(relation);
      if (!row) throw new Error(`no columns were read of the relation ${relation}`);
      known.set(relation, (names = json<readonly string[]>(row, "names")));
    }
    return (numbers.match(/\d+/g) ?? []).map((number) => names[Number(number) - 1] ?? "");
  };
}
