/** Names that text may use without declaring them: what extensions brought, and roles. */
import { type ForeignName, mapFragments, pathAgain } from "./model/database.ts";
import type { DbObject } from "./model/objects.ts";
import type { Row } from "./kinds/room.ts";
import { json, text, truth } from "./kinds/parts/catalog.ts";

/** One row per kind, schema and extension, with all the names. */
export const foreignNamesSql = `
with extended as materialized (
  select e.classid, e.objid, x.extname, x.extnamespace from pg_depend e join pg_extension x on x.oid = e.refobjid
  where e.deptype = 'e' and e.refclassid = 'pg_extension'::regclass
), named as (
  select 'type' as what, 'pg_type'::regclass as catalog, t.oid, t.typnamespace as namespace, t.typname as name
  from pg_type t left join pg_class c on c.oid = t.typrelid
  where not exists (select from pg_type a where a.typarray = t.oid) and (t.typrelid = 0 or c.relkind = 'c' or t.oid in (select objid from extended))
  union all
  select 'collation', 'pg_collation'::regclass, oid, collnamespace, collname from pg_collation
  union all
  select 'operatorClass', 'pg_opclass'::regclass, oid, opcnamespace, opcname from pg_opclass
  union all
  select 'operatorFamily', 'pg_opfamily'::regclass, oid, opfnamespace, opfname from pg_opfamily
  union all
  select 'textSearchParser', 'pg_ts_parser'::regclass, oid, prsnamespace, prsname from pg_ts_parser
  union all
  select 'textSearchTemplate', 'pg_ts_template'::regclass, oid, tmplnamespace, tmplname from pg_ts_template
  union all
  select 'textSearchDictionary', 'pg_ts_dict'::regclass, oid, dictnamespace, dictname from pg_ts_dict
  union all
  select 'textSearchConfiguration', 'pg_ts_config'::regclass, oid, cfgnamespace, cfgname from pg_ts_config
  union all
  select 'function', 'pg_proc'::regclass, oid, pronamespace, proname from pg_proc
  union all
  select 'operator', 'pg_operator'::regclass, oid, oprnamespace, oprname from pg_operator
  union all
  select 'table', 'pg_class'::regclass, oid, relnamespace, relname
  from pg_class where relkind in ('r', 'p', 'f', 'v', 'm')
)
select o.what, n.nspname as schema, x.extname as extension, (n.oid = x.extnamespace)::text as moves, json_agg(distinct o.name)::text as names
from named o
join pg_namespace n on n.oid = o.namespace
join extended x on x.classid = o.catalog and x.objid = o.oid
where o.oid >= 16384
group by 1, 2, 3, 4
union all
select 'role', '', null, 'false', json_agg(rolname order by rolname)::text from pg_roles
order by 1, 2, 3`;

export const readForeignNames = (rows: readonly Row[]): readonly ForeignName[] =>
  rows.flatMap((row) =>
    json<string[]>(row, "names").map((name) => ({
      what: text(row, "what") as ForeignName["what"],
      schema: text(row, "schema"),
      name,
      extension: row["extension"] ?? null,
      moves: truth(row, "moves"),
    })),
  );

/** Operators that no text names are looked for where extensions have theirs. */
export function withOperatorPaths(foreign: readonly ForeignName[]): (o: DbObject) => DbObject {
  const path = [...new Set(foreign.flatMap((f) => (f.what === "operator" ? [f.schema] : [])))];
  if (!path.length) return (o) => o;
  return (o) => {
    const attributes = mapFragments(o.attributes, (f) => {
      const again = pathAgain(f.sql, path);
      return again.length ? { ...f, path: again } : f;
    });
    return attributes === o.attributes ? o : ({ ...o, attributes } as DbObject);
  };
}
