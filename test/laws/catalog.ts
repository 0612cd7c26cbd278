/**
 * A database as its catalogs have it, row by row and with names instead of numbers. Where two of them are equal, pg_dump says
 * the same of both: it knows nothing else. Comparing these costs a tenth of dumping, and is how most pairs are compared.
 */
import type { Kind } from "../../src/model/objects.ts";
import type { Connection } from "../../src/run/connection.ts";
import { optionsOf } from "../witness/facts.ts";

/** The catalogs that hold a kind. One whose catalogs are not read below would be compared by nobody. */
const catalogs = {
  schema: ["pg_namespace"],
  extension: ["pg_extension"],
  enum: ["pg_type", "pg_enum"],
  domain: ["pg_type"],
  domainCheck: ["pg_constraint"],
  composite: ["pg_class", "pg_attribute"],
  typeAttribute: ["pg_attribute"],
  range: ["pg_type", "pg_range"],
  collation: ["pg_collation"],
  statistics: ["pg_statistic_ext"],
  textSearchParser: ["pg_ts_parser"],
  textSearchTemplate: ["pg_ts_template"],
  textSearchDictionary: ["pg_ts_dict"],
  textSearchConfiguration: ["pg_ts_config", "pg_ts_config_map"],
  // None of these is made up here.
  cast: [],
  operator: [],
  operatorFamily: [],
  operatorClass: [],
  conversion: [],
  language: [],
  accessMethod: [],
  transform: [],
  sequence: ["pg_class", "pg_sequence"],
  sequenceOwner: ["pg_depend"],
  table: ["pg_class", "pg_inherits", "pg_foreign_table"],
  column: ["pg_attribute", "pg_attrdef", "pg_depend"],
  primaryKey: ["pg_constraint", "pg_index", "pg_class"],
  unique: ["pg_constraint", "pg_index", "pg_class"],
  foreignKey: ["pg_constraint"],
  check: ["pg_constraint"],
  exclude: ["pg_constraint", "pg_index", "pg_class"],
  index: ["pg_index", "pg_class", "pg_attribute"],
  replicaIdentity: ["pg_class", "pg_index"],
  partition: ["pg_class", "pg_inherits"],
  typedTable: ["pg_class"],
  shellType: ["pg_type"],
  baseType: ["pg_type"],
  function: ["pg_proc"],
  procedure: ["pg_proc"],
  rowSecurity: ["pg_class"],
  policy: ["pg_policy"],
  trigger: ["pg_trigger"],
  rule: ["pg_rewrite"],
  cluster: ["pg_index"],
  aggregate: ["pg_proc"],
  view: ["pg_class", "pg_rewrite", "pg_attribute", "pg_attrdef"],
  materializedView: ["pg_class", "pg_rewrite", "pg_attribute"],
  // Rows are compared as rows; a block is what our own observer finds of it, for what it makes is for its author to say.
  rows: [],
  sqlBlock: [],
  // The witness, which is always asked, has these.
  publication: [],
  publicationTable: [],
  publicationSchema: [],
  eventTrigger: [],
  foreignDataWrapper: [],
  server: [],
  userMapping: [],
  subscription: [],
  comment: ["pg_description"],
  owner: ["pg_class", "pg_type", "pg_namespace"],
  grant: ["pg_class", "pg_attribute", "pg_type", "pg_namespace"],
  // Of the whole server (law.ts looks at these), or not made up.
  role: [],
  membership: [],
  setting: [],
  database: [],
  extensionDependence: [],
  constraint: [],
  defaultPrivilege: [],
  securityLabel: [],
} as const satisfies { readonly [K in Kind]: readonly string[] };
type Catalog = (typeof catalogs)[Kind][number];

const without = (row: string, ...columns: readonly string[]): string =>
  `to_jsonb(${row}) - '{${columns.join(",")}}'::text[]`;
/** The same, and who owns it by name: a role has another number on another server. */
const owned = (row: string, prefix: string, ...columns: readonly string[]): string =>
  `jsonb_build_array(${row}.${prefix}owner::regrole, ${without(row, `${prefix}owner`, ...columns)})`;
/** Rights in no order; those that are the default's are the same whether they are said or not. */
const rights = (acl: string, kind: string, owner: string): string =>
  `(select jsonb_agg(x::text order by x::text) from unnest(coalesce(${acl}, acldefault(${kind}, ${owner}))) x)`;
const columnsOf = (relation: string, numbers: string): string =>
  `(select json_agg(a.attname order by u.n) from unnest(${numbers}) with ordinality u(c, n) left join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.c)`;

/** pg_dump says of what is only inherited neither what it is nor whether it is valid. */
const validity =
  "case when k.conislocal then pg_get_constraintdef(k.oid) else replace(pg_get_constraintdef(k.oid), ' NOT VALID', '') end";

/** Rows of a catalog (o) whose things live in a schema of ours and are no extension's. */
const inSchema = (catalog: string, prefix: string): string =>
  `${catalog} o join mine n on n.oid = o.${prefix}namespace and n.ours
  where not exists (select from extended e where e.classid = '${catalog}'::regclass and e.objid = o.oid)`;
const nameOf = (prefix: string): string => `format('%I.%I', n.nspname, o.${prefix}name)`;

/** For each catalog: SQL of what a row is of, of all that it says, and of the rows. Numbers of what is Postgres's own are everywhere the same. */
const rows: { readonly [C in Catalog]: readonly [of: string, says: string, from: string] } = {
  pg_namespace: [
    "n.nspname",
    `jsonb_build_array(${rights("n.nspacl", "'n'", "n.nspowner")}, ${owned("n", "nsp", "oid", "ours", "nspacl")})`,
    "mine n where n.ours",
  ],
  pg_extension: [
    "x.extname",
    `jsonb_build_array(x.extversion, x.extrelocatable, x.extnamespace::regnamespace, x.extowner::regrole)`,
    "pg_extension x",
  ],
  pg_type: [
    "format_type(t.oid, null)",
    `jsonb_build_array(format_type(t.typbasetype, t.typtypmod), t.typcollation::regcollation, format_type(nullif(t.typelem, 0), null), ${rights("t.typacl", "'T'", "t.typowner")}, ${owned("t", "typ", "oid", "typacl", "typnamespace", "typarray", "typelem", "typbasetype", "typcollation", "typdefaultbin", "typrelid")})`,
    "pg_type t join mine n on n.oid = t.typnamespace and n.ours where t.typrelid = 0 and t.typinput <> 'array_in'::regproc and not exists (select from extended e where e.classid = 'pg_type'::regclass and e.objid = t.oid)",
  ],
  pg_enum: [
    "format_type(e.enumtypid, null)",
    "jsonb_agg(e.enumlabel order by e.enumsortorder)",
    "pg_enum e group by e.enumtypid",
  ],
  pg_class: [
    "c.name",
    `jsonb_build_array(c.am, c.toast, c.space, nullif(c.reloftype, 0)::regtype, pg_get_expr(c.relpartbound, c.oid), ${rights("c.relacl", `case c.relkind when 'S' then 's'::"char" else 'r' end`, "c.relowner")}, ${owned("c", "rel", "oid", "relacl", "name", "reloftype", "am", "toast", "space", "reltablespace", "relpartbound", "relname", "relnamespace", "reltype", "relam", "relfilenode", "relpages", "reltuples", "relallvisible", "relfrozenxid", "relminmxid", "reltoastrelid", "relnatts", "relhasindex", "relhasrules", "relhastriggers", "relhassubclass")})`,
    "relation c",
  ],
  pg_attribute: [
    "c.name || '.' || case when c.relkind in ('i', 'I') then a.attnum::text else quote_ident(a.attname) end",
    `jsonb_build_array(format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation, case when c.relkind not in ('c', 'v') then a.attstorage end, ${rights("a.attacl", "'c'", "0")}, ${optionsOf("a")}, ${without("a", "attacl", "attoptions", "attndims", "attrelid", "attstorage", "attnum", "attname", "atttypid", "attcollation", "atthasmissing", "attmissingval", "attcacheoff")})`,
    "relation c join pg_attribute a on a.attrelid = c.oid where a.attnum > 0 and not a.attisdropped",
  ],
  pg_attrdef: [
    "c.name || '.' || quote_ident(a.attname)",
    "to_jsonb(pg_get_expr(d.adbin, d.adrelid))",
    "relation c join pg_attrdef d on d.adrelid = c.oid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.adnum",
  ],
  pg_constraint: [
    "coalesce(c.name, format_type(k.contypid, null)) || '.' || quote_ident(k.conname)",
    `jsonb_build_array(${validity}, k.confrelid::regclass, ${columnsOf("k.conrelid", "k.conkey")}, ${columnsOf("k.confrelid", "k.confkey")}, case when k.conislocal then k.convalidated end, ${without("k", "oid", "convalidated", "connamespace", "conrelid", "contypid", "conindid", "conparentid", "confrelid", "conkey", "confkey", "conpfeqop", "conppeqop", "conffeqop", "confdelsetcols", "conexclop", "conbin")})`,
    "pg_constraint k left join relation c on c.oid = k.conrelid where c.oid is not null or k.contypid <> 0",
  ],
  pg_index: [
    "c.name",
    `jsonb_build_array(pg_get_indexdef(i.indexrelid), ${without("i", "indexrelid", "indrelid", "indkey", "indcollation", "indclass", "indoption", "indexprs", "indpred", "indcheckxmin")})`,
    "relation c join pg_index i on i.indexrelid = c.oid",
  ],
  pg_proc: [
    "p.oid::regprocedure",
    `jsonb_build_array(case when p.prokind <> 'a' then pg_get_functiondef(p.oid) end, ${rights("p.proacl", "'f'", "p.proowner")}, ${owned("p", "pro", "oid", "proacl", "pronamespace", "prolang", "provariadic", "prosupport", "prorettype", "proargtypes", "proallargtypes", "protrftypes", "prosqlbody", "proargdefaults")})`,
    "pg_proc p join mine n on n.oid = p.pronamespace and n.ours where not exists (select from extended e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)",
  ],
  pg_range: [
    "format_type(r.rngtypid, null)",
    `jsonb_build_array(format_type(r.rngsubtype, null), r.rngcollation::regcollation, format_type((to_jsonb(r)->>'rngmultitypid')::oid, null), ${without("r", "rngtypid", "rngsubtype", "rngcollation", "rngmultitypid")})`,
    "pg_range r where r.rngtypid >= 16384",
  ],
  pg_collation: [
    nameOf("coll"),
    owned("o", "coll", "oid", "collnamespace", "collversion"),
    inSchema("pg_collation", "coll"),
  ],
  pg_statistic_ext: [
    nameOf("stx"),
    "jsonb_build_array(pg_get_statisticsobjdef(o.oid), nullif(o.stxstattarget, -1), o.stxowner::regrole)",
    inSchema("pg_statistic_ext", "stx"),
  ],
  pg_ts_parser: [nameOf("prs"), without("o", "oid", "prsnamespace"), inSchema("pg_ts_parser", "prs")],
  pg_ts_template: [nameOf("tmpl"), without("o", "oid", "tmplnamespace"), inSchema("pg_ts_template", "tmpl")],
  pg_ts_dict: [
    nameOf("dict"),
    "jsonb_build_array(pg_describe_object('pg_ts_template'::regclass, o.dicttemplate, 0), o.dictinitoption, o.dictowner::regrole)",
    inSchema("pg_ts_dict", "dict"),
  ],
  pg_ts_config: [
    nameOf("cfg"),
    "jsonb_build_array(pg_describe_object('pg_ts_parser'::regclass, o.cfgparser, 0), o.cfgowner::regrole)",
    inSchema("pg_ts_config", "cfg"),
  ],
  pg_ts_config_map: [
    `${nameOf("cfg")} || ' ' || m.maptokentype || ' ' || m.mapseqno`,
    "to_jsonb(m.mapdict::regdictionary)",
    inSchema("pg_ts_config", "cfg").replace("\n", " join pg_ts_config_map m on m.mapcfg = o.oid\n"),
  ],
  pg_sequence: ["c.name", without("s", "seqrelid"), "relation c join pg_sequence s on s.seqrelid = c.oid"],
  pg_inherits: [
    "c.name",
    "jsonb_build_array(i.inhparent::regclass, i.inhseqno)",
    "relation c join pg_inherits i on i.inhrelid = c.oid",
  ],
  pg_foreign_table: [
    "c.name",
    "jsonb_build_array(s.srvname, (select jsonb_agg(x order by x) from unnest(f.ftoptions) x))",
    "relation c join pg_foreign_table f on f.ftrelid = c.oid join pg_foreign_server s on s.oid = f.ftserver",
  ],
  pg_rewrite: [
    "c.name || '.' || quote_ident(r.rulename)",
    "jsonb_build_array(pg_get_ruledef(r.oid), r.ev_enabled)",
    "relation c join pg_rewrite r on r.ev_class = c.oid",
  ],
  pg_policy: [
    "c.name || '.' || quote_ident(p.polname)",
    `jsonb_build_array(p.polcmd, p.polpermissive, (select jsonb_agg(r::regrole order by r::regrole::text) from unnest(p.polroles) r), pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))`,
    "relation c join pg_policy p on p.polrelid = c.oid",
  ],
  pg_trigger: [
    "c.name || '.' || quote_ident(t.tgname)",
    "jsonb_build_array(pg_get_triggerdef(t.oid), t.tgenabled)",
    "relation c join pg_trigger t on t.tgrelid = c.oid where not t.tgisinternal",
  ],
  // Who owns a sequence, and what goes with an extension; everything else follows from what is above.
  pg_depend: [
    "pg_describe_object(d.classid, d.objid, d.objsubid)",
    "jsonb_build_array(d.deptype, pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid))",
    "pg_depend d where d.deptype = 'x' or d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0 and exists (select from pg_class s where s.oid = d.objid and s.relkind = 'S')",
  ],
  pg_description: [
    "pg_describe_object(d.classoid, d.objoid, d.objsubid)",
    "to_jsonb(d.description)",
    // What was dropped may leave its comment behind; it is of nothing then. Blocks of SQL are kept as comments in our own schema.
    "pg_description d where pg_describe_object(d.classoid, d.objoid, d.objsubid) !~ '^type schemac[.]' and (d.objoid >= 16384 or d.objoid = 'public'::regnamespace and d.classoid = 'pg_namespace'::regclass)",
  ],
};

const sql = `
with extended as materialized (select classid, objid from pg_depend where deptype = 'e' and refclassid = 'pg_extension'::regclass),
mine as materialized (select n.*, n.nspname !~ '^(pg_|information_schema$|schemac(_|$))' as ours from pg_namespace n),
relation as materialized (
  select c.*, c.oid::regclass::text as name, m.amname as am, t.reloptions as toast, s.spcname as space
  from pg_class c join mine n on n.oid = c.relnamespace and n.ours left join pg_am m on m.oid = c.relam left join pg_class t on t.oid = c.reltoastrelid
  left join pg_tablespace s on s.oid = c.reltablespace
  where not exists (select from extended e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
)
${Object.entries(rows)
  .map(
    ([catalog, [of, says, from]]) =>
      `select '${catalog} ' || coalesce((${of})::text, '?') || ' ' || coalesce((${says})::text, '?') as line from ${from}`,
  )
  .join("\nunion all\n")}`;

/** Plans the question once for a connection. */
export const prepareCatalog = (c: Connection): Promise<unknown> =>
  c.query(`set search_path = ''; prepare laws_catalog as ${sql}; reset search_path`);

/** Every row as a line. The transaction of a snapshot must be open: its settings are those that texts depend on. */
export async function catalog(c: Connection): Promise<readonly string[]> {
  const answers = await c.query(
    "savepoint laws; set local search_path = ''; execute laws_catalog; rollback to savepoint laws; release savepoint laws",
  );
  return (answers[2]?.rows ?? []).map((row) => row["line"] ?? "").sort();
}
