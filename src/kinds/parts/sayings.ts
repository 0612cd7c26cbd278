/** How rows of a catalog that speak of things (pg_description, pg_seclabel, owners, access lists) find them: one query for all. */
import type { TargetKind } from "../../model/objects.ts";
import type { Rights } from "../room.ts";
import {
  indexedRelation,
  made,
  modelledRelation,
  modelledTable,
  ofDatabase,
  ofExtension,
  wholeDatabase,
} from "./catalog.ts";
import { alwaysThere } from "./builtIn.ts";
import { managedPublication } from "./publications.ts";

/**
 * Where things of one catalog are found: `d` is whatever speaks of them, with classoid, objoid and objsubid. `kind` is SQL that
 * gives the name of a kind of ours.
 */
interface Finder {
  readonly catalog: string;
  readonly kind: string;
  readonly schema?: string;
  readonly host?: string;
  readonly name: string;
  readonly more?: string;
  /** The extension whose it is. */
  readonly member?: string;
  readonly joins: string;
  readonly where: string;
}
const inManaged = (column: string): string => `join pg_namespace n on n.oid = ${column}`;
const constraintKinds: Readonly<Record<string, TargetKind>> = {
  p: "primaryKey",
  u: "unique",
  f: "foreignKey",
  c: "check",
  x: "exclude",
  n: "constraint",
  t: "constraint",
};
const choose = (column: string, kinds: Readonly<Record<string, string>>): string =>
  `case ${column} ${Object.entries(kinds)
    .map(([letter, kind]) => `when '${letter}' then '${kind}'`)
    .join(" ")} end`;
const letters = (kinds: Readonly<Record<string, string>>): string =>
  Object.keys(kinds)
    .map((l) => `'${l}'`)
    .join(", ");
const typeKinds = { e: "enum", d: "domain", c: "composite", r: "range", b: "baseType", p: "shellType" };
/** A composite type that is no table's row type. */
const ofItsOwn = "(t.typrelid = 0 or exists (select from pg_class tc where tc.oid = t.typrelid and tc.relkind = 'c'))";

/** Things of one kind that live in a schema, by the columns of their catalog. */
const plainFinder = (kind: TargetKind, catalog: string, prefix: string, schemas: string): Finder => ({
  catalog,
  kind: `'${kind}'`,
  schema: "n.nspname",
  name: `o.${prefix}name`,
  joins: `join ${catalog} o on o.oid = d.objoid ${inManaged(`o.${prefix}namespace`)}`,
  where: `(${schemas}) and not ${ofExtension(catalog, "o.oid")}`,
});

const ofMethodFinder = (kind: TargetKind, catalog: string, prefix: string, schemas: string): Finder => {
  const plain = plainFinder(kind, catalog, prefix, schemas);
  return { ...plain, host: "m.amname", joins: `${plain.joins} join pg_am m on m.oid = o.${prefix}method` };
};
/** Of the whole database, whichever schemas are looked at; of a session's temporary schema, none. */
const databaseFinder = (kind: TargetKind, catalog: string, name: string, schemas: string, host?: string): Finder => ({
  catalog,
  kind: `'${kind}'`,
  ...(host === undefined ? {} : { host }),
  name,
  joins: `join ${catalog} o on o.oid = d.objoid`,
  where: ofDatabase(catalog, schemas),
});

/** `schemas`: the condition on n.nspname that says which schemas are looked at. */
const finders = (schemas: string): readonly Finder[] => [
  {
    catalog: "pg_namespace",
    kind: "'schema'",
    name: "n.nspname",
    joins: "join pg_namespace n on n.oid = d.objoid",
    where: `(${schemas}) and n.oid <> pg_my_temp_schema() and not ${ofExtension("pg_namespace", "n.oid")}`,
  },
  {
    catalog: "pg_extension",
    kind: "'extension'",
    name: "x.extname",
    joins: `join pg_extension x on x.oid = d.objoid ${inManaged("x.extnamespace")}`,
    where: `x.extname <> '${alwaysThere}' and ((${schemas}) or n.nspname = 'pg_catalog') and n.oid <> pg_my_temp_schema()`,
  },
  {
    catalog: "pg_publication",
    kind: "'publication'",
    name: "p.pubname",
    joins: "join pg_publication p on p.oid = d.objoid",
    where: managedPublication("p.oid", schemas),
  },
  {
    catalog: "pg_database",
    kind: "'database'",
    name: "''",
    joins: "join pg_database o on o.oid = d.objoid",
    where: `o.datname = current_database() and ${wholeDatabase(schemas)}`,
  },
  databaseFinder("eventTrigger", "pg_event_trigger", "o.evtname", schemas),
  databaseFinder("foreignDataWrapper", "pg_foreign_data_wrapper", "o.fdwname", schemas),
  databaseFinder("server", "pg_foreign_server", "o.srvname", schemas),
  {
    // What was said of one that is gone stays in the catalogs.
    catalog: "pg_subscription",
    kind: "'subscription'",
    name: "s.subname",
    joins:
      "join pg_subscription s on s.oid = d.objoid and s.subdbid = (select oid from pg_database where datname = current_database())",
    where: wholeDatabase(schemas),
  },
  {
    catalog: "pg_type",
    kind: choose("t.typtype", typeKinds),
    schema: "n.nspname",
    name: "t.typname",
    joins: `join pg_type t on t.oid = d.objoid ${inManaged("t.typnamespace")}`,
    where: `t.typtype in (${letters(typeKinds)}) and t.typinput <> 'array_in'::regproc and ${ofItsOwn} and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}`,
  },
  {
    catalog: "pg_proc",
    kind: "case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end",
    schema: "n.nspname",
    name: "p.proname",
    more: "coalesce((select json_agg(format_type(i.type, null) order by i.at) from unnest(p.proargtypes::oid[]) with ordinality i(type, at)), '[]')",
    joins: `join pg_proc p on p.oid = d.objoid ${inManaged("p.pronamespace")}`,
    // A function of an extension has no declaration, but rights to it can be given.
    member:
      "(select x.extname from pg_depend e join pg_extension x on x.oid = e.refobjid where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e')",
    where: `(${schemas}) and (not ${ofExtension("pg_proc", "p.oid")} or d.saying = 'grant')
      and not exists (select from pg_depend i where i.classid = 'pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i')`,
  },
  {
    catalog: "pg_constraint",
    kind: "case k.contype when 'c' then 'domainCheck' else 'constraint' end",
    schema: "n.nspname",
    host: "t.typname",
    name: "k.conname",
    joins: `join pg_constraint k on k.oid = d.objoid join pg_type t on t.oid = k.contypid ${inManaged("t.typnamespace")}`,
    where: `k.contype in ('c', 'n') and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}`,
  },
  {
    catalog: "pg_constraint",
    kind: choose("k.contype", constraintKinds),
    schema: "n.nspname",
    host: "c.relname",
    name: "k.conname",
    joins: `join pg_constraint k on k.oid = d.objoid join pg_class c on c.oid = k.conrelid ${inManaged("c.relnamespace")}`,
    more: `case when k.contype in ('n', 't') then json_build_array(c.relname, coalesce((
      select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1]), '')) end`,
    where: `k.contype in (${letters(constraintKinds)}) and (${schemas}) and ${modelledTable("c")}`,
  },
  {
    catalog: "pg_class",
    kind: "case when d.objsubid > 0 then 'column' when c.relkind = 'v' then 'view' when c.relkind = 'm' then 'materializedView' else 'table' end",
    schema: "n.nspname",
    host: "c.relname",
    name: "c.relname",
    joins: `join pg_class c on c.oid = d.objoid ${inManaged("c.relnamespace")}`,
    where: `(${schemas}) and ${modelledRelation("c")}`,
  },
  plainFinder("collation", "pg_collation", "coll", schemas),
  plainFinder("statistics", "pg_statistic_ext", "stx", schemas),
  plainFinder("textSearchParser", "pg_ts_parser", "prs", schemas),
  plainFinder("textSearchTemplate", "pg_ts_template", "tmpl", schemas),
  plainFinder("textSearchDictionary", "pg_ts_dict", "dict", schemas),
  plainFinder("textSearchConfiguration", "pg_ts_config", "cfg", schemas),
  plainFinder("conversion", "pg_conversion", "con", schemas),
  {
    ...plainFinder("operator", "pg_operator", "opr", schemas),
    more: "json_build_array(format_type(nullif(o.oprleft, 0), null), format_type(nullif(o.oprright, 0), null))",
  },
  ofMethodFinder("operatorFamily", "pg_opfamily", "opf", schemas),
  ofMethodFinder("operatorClass", "pg_opclass", "opc", schemas),
  databaseFinder("language", "pg_language", "o.lanname", schemas),
  databaseFinder("accessMethod", "pg_am", "o.amname", schemas),
  databaseFinder("cast", "pg_cast", "format_type(o.casttarget, null)", schemas, "format_type(o.castsource, null)"),
  databaseFinder(
    "transform",
    "pg_transform",
    "(select l.lanname from pg_language l where l.oid = o.trflang)",
    schemas,
    "format_type(o.trftype, null)",
  ),
  {
    catalog: "pg_class",
    kind: "'typeAttribute'",
    schema: "n.nspname",
    host: "c.relname",
    name: "a.attname",
    joins: `join pg_class c on c.oid = d.objoid and c.relkind = 'c' ${inManaged("c.relnamespace")}
    join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid`,
    where: `d.objsubid > 0 and (${schemas}) and not ${ofExtension("pg_type", "c.reltype")}`,
  },
  {
    catalog: "pg_class",
    kind: "'index'",
    schema: "n.nspname",
    host: "c.relname",
    name: "i.relname",
    joins: `join pg_class i on i.oid = d.objoid join pg_index x on x.indexrelid = i.oid join pg_class c on c.oid = x.indrelid ${inManaged("c.relnamespace")}`,
    where: `d.objsubid = 0 and (${schemas}) and ${indexedRelation("c")} and (x.indisvalid or i.relkind = 'I')`,
  },
  {
    catalog: "pg_policy",
    kind: "'policy'",
    schema: "n.nspname",
    host: "c.relname",
    name: "o.polname",
    joins: `join pg_policy o on o.oid = d.objoid join pg_class c on c.oid = o.polrelid ${inManaged("c.relnamespace")}`,
    where: `(${schemas}) and ${modelledTable("c")}`,
  },
  {
    catalog: "pg_trigger",
    kind: "'trigger'",
    schema: "n.nspname",
    host: "c.relname",
    name: "o.tgname",
    joins: `join pg_trigger o on o.oid = d.objoid join pg_class c on c.oid = o.tgrelid ${inManaged("c.relnamespace")}`,
    where: `not o.tgisinternal and o.tgparentid = 0 and (${schemas}) and ${modelledRelation("c")}`,
  },
  {
    catalog: "pg_rewrite",
    kind: "'rule'",
    schema: "n.nspname",
    host: "c.relname",
    name: "o.rulename",
    joins: `join pg_rewrite o on o.oid = d.objoid join pg_class c on c.oid = o.ev_class ${inManaged("c.relnamespace")}`,
    where: `o.rulename <> '_RETURN' and (${schemas}) and ${modelledRelation("c")}`,
  },
  {
    catalog: "pg_class",
    kind: "'sequence'",
    schema: "n.nspname",
    name: "c.relname",
    // The table and the column that an identity's is beneath.
    more: "case when ic.oid is not null then json_build_array(ic.relname, ia.attname) end",
    joins: `join pg_class c on c.oid = d.objoid ${inManaged("c.relnamespace")}
    left join pg_depend i on i.classid = 'pg_class'::regclass and i.objid = c.oid and i.deptype = 'i' and i.refclassid = 'pg_class'::regclass and i.refobjsubid > 0
    left join pg_class ic on ic.oid = i.refobjid left join pg_attribute ia on ia.attrelid = i.refobjid and ia.attnum = i.refobjsubid`,
    where: `d.objsubid = 0 and c.relkind = 'S' and (${schemas}) and not ${ofExtension("pg_class", "c.oid")}
      and (ic.oid is null or ${modelledTable("ic")})`,
  },
];

/** What a kind of sayings says of things: SQL with the columns classoid, objoid, objsubid and what_is_said, for these catalogs. */
export type Said = (catalogs: readonly string[], version: number, rights: Rights) => string;
/** The same, asked of each catalog that has such a thing. */
export const saidByCatalog =
  (rows: (catalog: string, version: number, rights: Rights) => string | null): Said =>
  (catalogs, version, rights) =>
    catalogs.flatMap((c) => rows(c, version, rights) ?? []).join("\n  union all\n  ");

/** Catalogs that most databases add nothing to. */
const optional: readonly string[] = [
  "pg_publication",
  "pg_event_trigger",
  "pg_foreign_data_wrapper",
  "pg_foreign_server",
  "pg_proc",
  "pg_collation",
  "pg_statistic_ext",
  "pg_ts_parser",
  "pg_ts_template",
  "pg_ts_dict",
  "pg_ts_config",
  "pg_conversion",
  "pg_operator",
  "pg_opfamily",
  "pg_opclass",
  "pg_language",
  "pg_am",
  "pg_cast",
  "pg_transform",
  "pg_policy",
  "pg_trigger",
];
/** What `sayingsSql` asks to be told of. */
export const sayingsThere: readonly string[] = optional.map(made);

/**
 * All that is said of things of ours: a row for each, for `readTarget`, with what is said as `said` and the kind of saying as
 * `saying`. One query for all of them, for the server takes longer to plan it than to answer. `there`: those of `sayingsThere`
 * that have rows.
 */
export function sayingsSql(
  all: readonly (readonly [saying: string, said: Said])[],
  schemas: string,
  version: number,
  rights: Rights,
  there: ReadonlySet<string>,
): string {
  // Not everybody may read what subscriptions are.
  const look = finders(schemas).filter(
    (f) =>
      (f.catalog !== "pg_subscription" || rights.connections) &&
      !(optional.includes(f.catalog) && !there.has(made(f.catalog))),
  );
  const catalogs = [...new Set(look.map((f) => f.catalog))];
  const spoken = all.map(
    ([saying, said]) =>
      `select '${saying}' as saying, s.classoid, s.objoid, s.objsubid, s.what_is_said from (\n  ${said(catalogs, version, rights)}\n) s`,
  );
  const found = look.map(
    (
      f,
    ) => `select d.saying, ${f.kind} as kind, ${f.schema ?? "null"}::text as schema, ${f.host ?? "null"}::text as host, ${f.name}::text as name,
    ${f.more ?? "null"}::text as more, ${f.member ?? "null"}::text as member, d.objoid as at, d.objsubid as part, d.what_is_said as said
  from spoken d ${f.joins}
  where d.classoid = '${f.catalog}'::regclass and ${f.where}`,
  );
  return `
with spoken as materialized (
${spoken.join("\nunion all\n")}
)
select d.saying, d.kind, d.schema, d.host, d.name, d.more, d.member, d.at::text as relation, d.part::text as number, d.said, '[]' as addresses from (
  ${found.join("\n  union all\n  ")}
) d
order by d.at, d.part, d.saying, d.said`;
}
