/** Names of what constraints and indexes keep by number, read once for all rooms: a join in each room would cost more than all else. */
import type { CatalogNames, ColumnFacts, OperatorClassFacts, Row } from "../room.ts";
import type { QualifiedName } from "../../model/objects.ts";
import { json, text } from "./catalog.ts";

/** Dropped columns keep their number, so a column's place in the list is its number. */
export const catalogNamesSql = `
select 'relation' as what, a.attrelid::text as id, json_agg(a.attname)::text as names,
  array_agg(a.attcollation)::text as collations, array_agg(a.atttypid)::text as types
from (
  select a.attrelid, a.attname, a.attcollation, a.atttypid from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'f', 'v', 'm') and c.oid >= 16384
  where a.attnum > 0
  order by a.attrelid, a.attnum
) a
group by a.attrelid
union all
select 'operator class', o.oid::text, json_build_array(n.nspname, o.opcname)::text, o.opcdefault::text, o.opcmethod || ' ' || o.opcintype
from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace
union all
select 'collation', c.oid::text, json_build_array(n.nspname, c.collname)::text, null, null
from pg_collation c join pg_namespace n on n.oid = c.collnamespace`;

/** Numbers in an array or a vector of numbers as Postgres shows it: `{1,2}`, `1 2`. */
export const numbersIn = (shown: string): readonly string[] => shown.match(/-?\d+/g) ?? [];

export function readCatalogNames(rows: readonly Row[]): CatalogNames {
  const relations = new Map<string, Row>();
  const classes = new Map<string, OperatorClassFacts>();
  const collations = new Map<string, QualifiedName>();
  /** Method and type of each default operator class. */
  const defaults = new Set<string>();
  for (const row of rows) {
    const id = text(row, "id");
    if (row["what"] === "relation") relations.set(id, row);
    else {
      const [schema, name] = json<readonly [string, string]>(row, "names");
      if (row["what"] === "collation") collations.set(id, { schema, name });
      else {
        const on = text(row, "types");
        const usual = row["collations"] === "true";
        if (usual) defaults.add(on);
        const [method = "", input = ""] = on.split(" ");
        // A class that another type's values fit in too is the usual one of such a type, unless that has one of its own.
        const isUsual = (type: string | null): boolean =>
          usual && (type === null || type === input || !defaults.has(`${method} ${type}`));
        classes.set(id, { name: { schema, name }, isUsual });
      }
    }
  }
  const found = <T>(map: ReadonlyMap<string, T>, what: string, id: string): T => {
    const value = map.get(id);
    if (value === undefined) throw new Error(`the catalog names no ${what} ${id}`);
    return value;
  };
  const known = new Map<string, readonly ColumnFacts[]>();
  const columnsOf = (relation: string): readonly ColumnFacts[] => {
    let list = known.get(relation);
    if (!list) {
      const row = found(relations, "relation", relation);
      const [ownCollations, types] = [numbersIn(text(row, "collations")), numbersIn(text(row, "types"))];
      list = json<readonly string[]>(row, "names").map((name, i) => ({
        name,
        collation: ownCollations[i] ?? "0",
        type: types[i] ?? "0",
      }));
      known.set(relation, list);
    }
    return list;
  };
  const column = (relation: string, number: string): ColumnFacts => {
    const c = columnsOf(relation)[Number(number) - 1];
    if (!c) throw new Error(`the catalog names no column ${number} of relation ${relation}`);
    return c;
  };
  return {
    column,
    columns: (relation, numbers) => numbersIn(numbers).map((n) => column(relation, n).name),
    operatorClass: (oid) => found(classes, "operator class", oid),
    collation: (oid) => found(collations, "collation", oid),
  };
}
