/** What a live database holds and no kind of ours models yet: one query that names it all, so that nothing is silently ignored. */
import type { Unmodelled } from "./model/database.ts";
import { json, ofExtension, text, wholeDatabase } from "./kinds/parts/catalog.ts";
import { seesMapping } from "./kinds/parts/foreignOptions.ts";
import { relationName } from "./kinds/parts/table.ts";
import type { Row } from "./kinds/room.ts";

/**
 * One kind of finding. `what` is SQL, null for Postgres's own word. `catalog`, `oid` and `column` say what is named. `of` is the
 * address (catalog, oid, column) of what it is on. A "thing" has an address in pg_depend; a "property" is only said of a thing of
 * ours, and "rights" of one that an extension or initdb made.
 */
interface Finding {
  readonly is: "thing" | "property" | "rights";
  readonly what: string | null;
  readonly catalog: string;
  readonly oid: string;
  readonly column?: string;
  /** SQL of the name, where Postgres's identity of the object is not it. */
  readonly name?: string;
  readonly of?: readonly [catalog: string, oid: string, column?: string];
  /** SQL of the relation [schema, name] as JSON text whose name it keeps others from having. */
  readonly relation?: string;
  readonly from: string;
}

const word = (what: string): string => `'${what}'`;
const me = "(select oid from pg_roles where rolname = current_user)";
const thisDatabase = "(select oid from pg_database where datname = current_database())";
const sorted = (acl: string): string => `(select array_agg(x::text order by x::text) from unnest(${acl}) x)`;
/** Whole things of kinds that have no room. */
const things: readonly Finding[] = [
  // PostgreSQL 13 shows the oid of a subscription, and every major what it connects to, to superusers only.
  {
    is: "property",
    what: word("subscription"),
    catalog: "pg_subscription",
    oid: "null",
    name: "quote_ident(o.subname)",
    from: `pg_subscription o where o.subdbid = ${thisDatabase} and not has_column_privilege('pg_subscription', 'subconninfo', 'select')`,
  },
  // Those whose options this user may not see.
  {
    is: "thing",
    what: null,
    catalog: "pg_user_mapping",
    oid: "o.umid",
    from: `pg_user_mappings o where not (${seesMapping("o")})`,
  },
];

/** A property of a thing of ours; the name says of which. */
const property = (what: string | null, catalog: string, oid: string, from: string, column?: string): Finding => ({
  is: "property",
  what,
  catalog,
  oid,
  ...(column ? { column } : {}),
  of: column ? [catalog, oid, column] : [catalog, oid],
  from,
});
/** What is said of things of ours and no room holds. */
const properties: readonly Finding[] = [
  {
    is: "property",
    what: word("invalid index"),
    catalog: "pg_class",
    oid: "x.indexrelid",
    relation:
      "(select json_build_array(n.nspname, i.relname)::text from pg_class i join pg_namespace n on n.oid = i.relnamespace where i.oid = x.indexrelid)",
    from: "pg_index x join relation c on c.oid = x.indrelid and c.ours and (c.relkind <> 'p' or x.indisexclusion) where not x.indisvalid",
  },
  {
    ...property(
      word("trigger state"),
      "pg_trigger",
      "t.oid",
      `pg_trigger t join relation c on c.oid = t.tgrelid and c.ours left join pg_trigger p on p.oid = t.tgparentid
        where t.tgenabled <> coalesce(p.tgenabled, 'O') and (t.tgisinternal or p.oid is not null)`,
    ),
    of: ["pg_class", "c.oid"],
  },
  // Before PostgreSQL 15 there are no unlogged ones.
  {
    ...property(
      word("persistence"),
      "pg_class",
      "q.oid",
      `pg_class q join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = q.oid and d.refclassid = 'pg_class'::regclass and d.deptype = 'i'
        join relation c on c.oid = d.refobjid and c.ours join pg_class t on t.oid = c.oid
        where q.relkind = 'S' and q.relpersistence <> t.relpersistence and current_setting('server_version_num')::int >= 150000`,
    ),
    of: ["pg_class", "c.oid"],
  },
  // Before PostgreSQL 17 it can have others than its range. Its owner stays whoever made it, where ALTER TYPE forgets it.
  property(
    word("rights to a multirange"),
    "pg_type",
    "t.oid",
    `pg_type t join managed n on n.oid = t.typnamespace where t.typtype = 'm' and
      ${sorted("t.typacl")} <> ${sorted("acldefault('T', t.typowner)")}`,
  ),
  property(
    word("owner"),
    "pg_extension",
    "x.oid",
    `pg_extension x join managed n on n.oid = x.extnamespace where x.extname <> 'plpgsql' and x.extowner <> ${me}`,
  ),
  property(
    word("extension dependency"),
    "pg_class",
    "c.oid",
    `pg_depend d join relation c on d.classid = 'pg_class'::regclass and c.oid = d.objid and c.relkind <> 'm' where d.refclassid = 'pg_extension'::regclass and d.deptype = 'x' and (c.relkind not in ('i', 'I') or c.oid in (
      select i.oid from pg_class i where i.relispartition or i.oid in (select k.conindid from pg_constraint k where k.contype in ('p', 'u', 'x'))))`,
  ),
];

/** Things that nobody made here, with other rights than they came with. `where`: which of them, of the whole database. */
const rights = (
  catalog: string,
  prefix: string,
  letter: string,
  where: string,
  [part, acl, from] = ["0", `o.${prefix}acl`, ""],
): Finding => {
  const usual = part === "0" ? `acldefault(${letter}, o.${prefix}owner)` : "'{}'::aclitem[]";
  const given = `coalesce(v.initprivs, ${usual})`;
  return {
    is: "rights",
    what: word("rights"),
    catalog,
    oid: "o.oid",
    column: part,
    // Nearly all are as they came, in their order too: few are taken apart.
    from: `${catalog} o ${from} left join pg_init_privs v on v.classoid = '${catalog}'::regclass and v.objoid = o.oid and v.objsubid = ${part}
      where ${acl} is not null and (${where}) and ${acl} <> ${given} and ${sorted(acl)} is distinct from ${sorted(given)}`,
  };
};
const whole = "exists (select from whole)";
const extensions = (catalog: string): string => `${ofExtension(catalog, "o.oid")} and ${whole}`;
// What initdb gave in its other schemas is kept nowhere.
const inCatalog = (column: string): string => `o.oid < 16384 and o.${column} = 'pg_catalog'::regnamespace and ${whole}`;
const inSchema = (catalog: string, column: string): string =>
  `${inCatalog(column)} or ${ofExtension(catalog, "o.oid")} and o.${column} in (select n.oid from managed n)`;
const relation = inSchema("pg_class", "relnamespace");
const others: readonly Finding[] = [
  rights("pg_class", "rel", `case o.relkind when 'S' then 's'::"char" else 'r' end`, relation),
  // By the index: most columns are of tables.
  rights("pg_class", "rel", "", relation, [
    "a.attnum",
    "a.attacl",
    `cross join lateral (select attnum, attacl from pg_attribute
      where attrelid = o.oid and attacl is not null and not attisdropped offset 0) a`,
  ]),
  rights("pg_type", "typ", "'T'", `o.typtype <> 'm' and (${inSchema("pg_type", "typnamespace")})`),
  // Those of an extension are grants.
  rights("pg_proc", "pro", "'f'", inCatalog("pronamespace")),
  rights("pg_namespace", "nsp", "'n'", `o.nspname = 'pg_catalog' and ${whole} or ${extensions("pg_namespace")}`),
  rights("pg_language", "lan", "'l'", `o.oid < 16384 and ${whole} or ${extensions("pg_language")}`),
  rights("pg_foreign_data_wrapper", "fdw", "'F'", extensions("pg_foreign_data_wrapper")),
];

const regclass = (catalog: string): string => (catalog.startsWith("pg_") ? `'${catalog}'::regclass::oid` : catalog);
const branch = (f: Finding): string => {
  const own = `'${f.is}', ${f.what ?? "null"}, ${f.name ?? "null"}, ${regclass(f.catalog)}, ${f.oid}, ${f.column ?? "0"}`;
  const of = f.of ? `${regclass(f.of[0])}, ${f.of[1]}, ${f.of[2] ?? "0"}` : "null, null, null";
  return `select ${own}, ${of}, ${f.relation ?? "null"} from ${f.from}`;
};
const tied = (how: string, address: string): string =>
  `exists (select from pg_depend e where e.deptype = '${how}' and (e.classid, e.objid, e.objsubid) = (${address}, 0))`;

/**
 * A row per finding. What an extension made is left out, and what stands on it, and what is part of something else (a range's
 * functions). Catalogs that grow with the tables are read once, and what is found there shared.
 */
export const unmodelledSql = (schemas: string): string => `
with managed as materialized (select n.* from pg_namespace n where ${schemas}),
whole as materialized (select where ${wholeDatabase(schemas)}),
relation as materialized (
  select c.oid, c.relkind, c.reltype, c.relowner, c.relacl,
    c.relkind in ('r', 'p', 'f') as ours
  from pg_class c join managed n on n.oid = c.relnamespace and not ${ofExtension("pg_class", "c.oid")}
),
found("is", what, name, catalog, oid, "column", of_catalog, of_oid, of_column, relation) as materialized (
select null::text, null::text, null::text, null::oid, null::oid, null::int, null::oid, null::oid, null::int, null::text where false
union all ${[...things, ...properties, ...others].map(branch).join("\nunion all ")}
),
kept as (
  select * from found f where (f."is" = 'rights' or not ${tied("e", "f.catalog, f.oid")}) and not ${tied("e", "f.of_catalog, f.of_oid")}
    and not (f."is" = 'thing' and ${tied("i", "f.catalog, f.oid")})
),
commented as (
  select * from kept
  union all
  select 'property', 'comment', null, f.catalog, f.oid, d.objsubid, null, null, null, null
  from kept f join pg_description d on d.classoid = f.catalog and d.objoid = f.oid where f."is" = 'thing'
)
select coalesce(f.what, i.type) as what,
  coalesce(f.name, case when f."is" <> 'thing' and i.type <> 'index' then i.type || ' ' || i.identity else i.identity end) as name,
  case when f."is" <> 'thing' then '[]' else format('["%s.%s.0"]', f.catalog, f.oid) end as addresses,
  format('%s.%s.%s', f.of_catalog, f.of_oid, f.of_column) as of, f.relation
from commented f
left join lateral pg_identify_object(f.catalog, f.oid, f."column") i on f.name is null
order by 1, 2`;

export function readUnmodelled(row: Row): Unmodelled {
  const found = { what: text(row, "what"), name: text(row, "name"), dependsOn: [] };
  if (row["relation"] == null) return found;
  const [schema, name] = json<readonly [string, string]>(row, "relation");
  return { ...found, occupies: relationName({ schema, name }) };
}
