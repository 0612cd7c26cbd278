/** Of what an index or a foreign key is a part, as the catalog has it. */
import type { PartOf } from "../../model/objects.ts";
import type { Row } from "../room.ts";
import { json } from "./catalog.ts";
import { schemaColumn } from "./table.ts";

/** SQL: schema, table and name of the index that index `i` (its pg_class `ic`) is attached to. */
export const indexAbove = `case when ic.relispartition then (
  select json_build_array(coalesce((select k.contype from pg_constraint k where k.conindid = u.oid and k.contype in ('p', 'u', 'x')), 'i'),
    ${schemaColumn("un")}, ut.relname, u.relname)::text
  from pg_inherits uh
  join pg_class u on u.oid = uh.inhparent
  join pg_namespace un on un.oid = u.relnamespace
  join pg_index ui on ui.indexrelid = u.oid
  join pg_class ut on ut.oid = ui.indrelid
  where uh.inhrelid = ic.oid) end as part_of`;
/** The same of a foreign key's row in pg_constraint `con`. */
export const constraintAbove = `case when con.conparentid <> 0 then (
  select json_build_array('f', ${schemaColumn("un")}, ut.relname, u.conname)::text
  from pg_constraint u
  join pg_class ut on ut.oid = u.conrelid
  join pg_namespace un on un.oid = ut.relnamespace
  where u.oid = con.conparentid) end as part_of`;
export function readPartOf(row: Row): PartOf {
  if ((row["part_of"] ?? null) === null) return null;
  const [code, schema, table, name] = json<readonly [keyof typeof kindsByCode, string, string, string]>(row, "part_of");
  return { kind: kindsByCode[code], schema, table, name };
}
const kindsByCode = { p: "primaryKey", u: "unique", x: "exclude", i: "index", f: "foreignKey" } as const;
