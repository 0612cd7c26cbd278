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
/**
 * SQL: whether index `i` of a partitioned table is invalid because a partition lacks a part of it. Where the last that did has left,
 * Postgres lets it stay invalid, and nothing shows: it is like one that all have.
 */
export const indexOnly = `(ic.relkind = 'I' and not i.indisvalid and exists (
  with recursive invalid as (
    select i.indexrelid as index, i.indrelid as table
    union
    select x.indexrelid, x.indrelid
    from invalid a
    join pg_inherits xh on xh.inhparent = a.index
    join pg_index x on x.indexrelid = xh.inhrelid
    join pg_class xc on xc.oid = x.indexrelid
    where xc.relkind = 'I' and not x.indisvalid
  )
  select from invalid a
  join pg_inherits th on th.inhparent = a.table
  where not exists (
    select from pg_inherits xh
    join pg_index x on x.indexrelid = xh.inhrelid
    join pg_class xc on xc.oid = x.indexrelid
    where xh.inhparent = a.index and x.indrelid = th.inhrelid and (x.indisvalid or xc.relkind = 'I'))))::text as only`;
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
