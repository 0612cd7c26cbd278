/**
 * What COMMENT ON, ALTER … OWNER TO, GRANT and SECURITY LABEL can be said of: how each kind is named in such a statement, what
 * that locks, and how rows of a catalog that speak of it (pg_description, pg_seclabel, an access list) find it. Written once for
 * every such statement and every kind.
 */
import type { Id, QualifiedName, TargetKind } from "../../model/objects.ts";
import type { Lock } from "../../model/plan.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { name, qualified } from "../../sql.ts";
import type { CatalogNames, Row } from "../room.ts";
import { relationsNamed } from "./table.ts";
import { indexedRelation, modelledRelation, modelledTable, ofDatabase, ofExtension, text } from "./catalog.ts";

/** Kinds of which something can be said; the others are such statements themselves, or parts without a name. */
export type { TargetKind } from "../../model/objects.ts";

/** What a row of `targetRows` tells of a thing. */
export interface Found {
  readonly schema: string;
  /** What it is in: the table of a column, the domain of a check; empty for what stands alone. */
  readonly host: string;
  readonly name: string;
  /** More of its identity, where name and host are not all of it, e.g. argument types. */
  readonly more: string | null;
}

export interface Target<K extends TargetKind> {
  /** How COMMENT ON names it: `column "s"."t"."c"`. */
  readonly words: (id: Id<K>) => string;
  /** What COMMENT ON locks, and how: relations against each other's changes, everything else hardly. */
  readonly lock: (id: Id<K>) => Locked;
  readonly read: (found: Found) => Id<K>;
}
export interface Locked {
  readonly lock: Lock;
  readonly on: readonly Id[];
}

const tableOf = (id: { readonly schema: string; readonly table: string }): QualifiedName => ({
  schema: id.schema,
  name: id.table,
});
const unlocked = (): Locked => ({ lock: "none", on: [] });
const itself = (id: Id): Locked => ({ lock: "share update exclusive", on: [id] });

/** Something that lives in a schema and has a name of its own there. */
export const inSchemaTarget = <K extends TargetKind>(
  make: (n: QualifiedName) => Id<K>,
  word: string,
  lock: (id: Id<K>) => Locked = unlocked,
): Target<K> => ({
  words: (id) => `${word} ${qualified(part(id))}`,
  lock,
  read: (f) => make({ schema: f.schema, name: f.name }),
});
/** Something of the whole database. */
export const databaseTarget = <K extends TargetKind>(make: (name: string) => Id<K>, word: string): Target<K> => ({
  words: (id) => `${word} ${name(part(id).name)}`,
  lock: unlocked,
  read: (f) => make(f.name),
});
interface OfTable {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}
/** Something on a table that is named after it: `constraint c on t`, `trigger t on t`. */
export const onTableTarget = <K extends TargetKind>(
  make: (n: OfTable) => Id<K>,
  word: string,
  lock: (id: Id<K>) => Locked = (id) => ({ lock: "access share", on: [{ kind: "table", ...tableOf(part(id)) }] }),
): Target<K> => ({
  words: (id) => `${word} ${name(part(id).name)} on ${qualified(tableOf(part(id)))}`,
  lock,
  read: (f) => make({ schema: f.schema, table: f.host, name: f.name }),
});
/** A routine, which its input types tell from others of its name. */
export const routineTarget = <K extends "function" | "procedure" | "aggregate">(
  make: (n: Pick<Id<K>, "schema" | "name" | "arguments">) => Id<K>,
  word: string,
): Target<K> => ({
  words: (id) =>
    `${word} ${qualified(part(id))}(${id.kind === "aggregate" && !id.arguments.length ? "*" : id.arguments.join(", ")})`,
  lock: unlocked,
  read: (f) => make({ schema: f.schema, name: f.name, arguments: JSON.parse(f.more ?? "[]") as string[] }),
});
interface OfMethod extends QualifiedName {
  readonly method: string;
}
/** Something of an access method, which is part of its identity. */
const ofMethod = <K extends "operatorFamily" | "operatorClass">(
  make: (n: OfMethod) => Id<K>,
  word: string,
): Target<K> => ({
  words: (id) => `${word} ${qualified(part(id))} using ${name((id as OfMethod).method)}`,
  lock: unlocked,
  read: (f) => make({ schema: f.schema, name: f.name, method: f.host }),
});
// The callers' types say that the id has these fields; the compiler does not see it through K.
const part = (id: object): OfTable => id as OfTable;

/** null: nothing can be said of it. */
export const targets: { readonly [K in TargetKind]: Target<K> | null } = {
  schema: databaseTarget((name) => ({ kind: "schema", name }), "schema"),
  extension: databaseTarget((name) => ({ kind: "extension", name }), "extension"),
  enum: inSchemaTarget((n) => ({ kind: "enum", ...n }), "type"),
  domain: inSchemaTarget((n) => ({ kind: "domain", ...n }), "domain"),
  domainCheck: {
    words: (id) => `constraint ${name(id.name)} on domain ${qualified({ schema: id.schema, name: id.domain })}`,
    lock: unlocked,
    read: (f) => ({ kind: "domainCheck", schema: f.schema, domain: f.host, name: f.name }),
  },
  composite: inSchemaTarget((n) => ({ kind: "composite", ...n }), "type"),
  typeAttribute: {
    words: (id) => `column ${qualified({ schema: id.schema, name: id.type })}.${name(id.name)}`,
    lock: unlocked,
    read: (f) => ({ kind: "typeAttribute", schema: f.schema, type: f.host, name: f.name }),
  },
  range: inSchemaTarget((n) => ({ kind: "range", ...n }), "type"),
  collation: inSchemaTarget((n) => ({ kind: "collation", ...n }), "collation"),
  statistics: inSchemaTarget((n) => ({ kind: "statistics", ...n }), "statistics"),
  textSearchParser: inSchemaTarget((n) => ({ kind: "textSearchParser", ...n }), "text search parser"),
  textSearchTemplate: inSchemaTarget((n) => ({ kind: "textSearchTemplate", ...n }), "text search template"),
  textSearchDictionary: inSchemaTarget((n) => ({ kind: "textSearchDictionary", ...n }), "text search dictionary"),
  textSearchConfiguration: inSchemaTarget(
    (n) => ({ kind: "textSearchConfiguration", ...n }),
    "text search configuration",
  ),
  cast: {
    words: (id) => `cast (${id.from} as ${id.to})`,
    lock: unlocked,
    read: (f) => ({ kind: "cast", from: f.host, to: f.name }),
  },
  operator: {
    words: (id) => `operator ${name(id.schema)}.${id.name} (${id.left ?? "none"}, ${id.right ?? "none"})`,
    lock: unlocked,
    read: (f) => {
      const [left = null, right = null] = JSON.parse(f.more ?? "[]") as (string | null)[];
      return { kind: "operator", schema: f.schema, name: f.name, left, right };
    },
  },
  operatorFamily: ofMethod((n) => ({ kind: "operatorFamily", ...n }), "operator family"),
  operatorClass: ofMethod((n) => ({ kind: "operatorClass", ...n }), "operator class"),
  conversion: inSchemaTarget((n) => ({ kind: "conversion", ...n }), "conversion"),
  language: databaseTarget((n) => ({ kind: "language", name: n }), "language"),
  accessMethod: databaseTarget((n) => ({ kind: "accessMethod", name: n }), "access method"),
  transform: {
    words: (id) => `transform for ${id.type} language ${name(id.language)}`,
    lock: unlocked,
    read: (f) => ({ kind: "transform", type: f.host, language: f.name }),
  },
  sequence: inSchemaTarget((n) => ({ kind: "sequence", ...n }), "sequence", itself),
  sequenceOwner: null,
  table: inSchemaTarget((n) => ({ kind: "table", ...n }), "table", itself),
  partition: null,
  column: {
    words: (id) => `column ${qualified(tableOf(id))}.${name(id.name)}`,
    lock: (id) => ({ lock: "share update exclusive", on: [{ kind: "table", ...tableOf(id) }] }),
    read: (f) => ({ kind: "column", schema: f.schema, table: f.host, name: f.name }),
  },
  primaryKey: onTableTarget((n) => ({ kind: "primaryKey", ...n }), "constraint"),
  unique: onTableTarget((n) => ({ kind: "unique", ...n }), "constraint"),
  foreignKey: onTableTarget((n) => ({ kind: "foreignKey", ...n }), "constraint"),
  check: onTableTarget((n) => ({ kind: "check", ...n }), "constraint"),
  exclude: onTableTarget((n) => ({ kind: "exclude", ...n }), "constraint"),
  index: {
    words: (id) => `index ${qualified(id)}`,
    lock: (id) => ({ lock: "share update exclusive", on: [id] }),
    read: (f) => ({ kind: "index", schema: f.schema, table: f.host, name: f.name }),
  },
  replicaIdentity: null,
  rowSecurity: null,
  policy: onTableTarget((n) => ({ kind: "policy", ...n }), "policy"),
  // On a table or a view, and readers are in nobody's way.
  trigger: onTableTarget((n) => ({ kind: "trigger", ...n }), "trigger", unlocked),
  rule: onTableTarget((n) => ({ kind: "rule", ...n }), "rule", unlocked),
  cluster: null,
  function: routineTarget((n) => ({ kind: "function", ...n }), "function"),
  procedure: routineTarget((n) => ({ kind: "procedure", ...n }), "procedure"),
  role: null,
  membership: null,
  setting: null,
  defaultPrivilege: null,
  rows: null,
  sqlBlock: null,
  aggregate: routineTarget((n) => ({ kind: "aggregate", ...n }), "aggregate"),
  view: inSchemaTarget((n) => ({ kind: "view", ...n }), "view", itself),
  materializedView: inSchemaTarget((n) => ({ kind: "materializedView", ...n }), "materialized view", itself),
};

/** What a saying's drop goes with: its target's, or that of the target's table. */
export function holderOf(target: Id<TargetKind>, all: Index): Id {
  const on = all.get(encode(target));
  // Columns of views are no objects.
  if (!on && target.kind === "column")
    return relationsNamed({ schema: target.schema, name: target.table }).find((id) => all.has(encode(id))) ?? target;
  // An inherited column that stops being different is not dropped, and would not take along what is said of it.
  return on && isKind(on, "column") && !on.attributes.local
    ? { kind: "table", schema: on.id.schema, name: on.id.table }
    : target;
}

/** The target's statements; throws for what nothing can be said of. */
export function targetOf<K extends TargetKind>(kind: K): Target<K> {
  const target: Target<K> | null = targets[kind];
  if (target === null) throw new Error(`nothing can be said of a ${kind}`);
  return target;
}
export const targetWords = <K extends TargetKind>(id: Id<K>): string => targetOf(id.kind as K).words(id);
export const targetLock = <K extends TargetKind>(id: Id<K>): Locked => targetOf(id.kind as K).lock(id);

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
};
const choose = (column: string, kinds: Readonly<Record<string, string>>): string =>
  `case ${column} ${Object.entries(kinds)
    .map(([letter, kind]) => `when '${letter}' then '${kind}'`)
    .join(" ")} end`;
const letters = (kinds: Readonly<Record<string, string>>): string =>
  Object.keys(kinds)
    .map((l) => `'${l}'`)
    .join(", ");
const typeKinds = { e: "enum", d: "domain", c: "composite", r: "range" };
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
    where: `x.extname <> 'plpgsql' and ((${schemas}) or n.nspname = 'pg_catalog') and n.oid <> pg_my_temp_schema()`,
  },
  {
    catalog: "pg_type",
    kind: choose("t.typtype", typeKinds),
    schema: "n.nspname",
    name: "t.typname",
    joins: `join pg_type t on t.oid = d.objoid ${inManaged("t.typnamespace")}`,
    where: `t.typtype in (${letters(typeKinds)}) and ${ofItsOwn} and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}`,
  },
  {
    catalog: "pg_proc",
    kind: "case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end",
    schema: "n.nspname",
    name: "p.proname",
    more: "coalesce((select json_agg(format_type(i.type, null) order by i.at) from unnest(p.proargtypes::oid[]) with ordinality i(type, at)), '[]')",
    joins: `join pg_proc p on p.oid = d.objoid ${inManaged("p.pronamespace")}`,
    where: `(${schemas}) and not ${ofExtension("pg_proc", "p.oid")} and not exists (select from pg_depend i
      where i.classid = 'pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i')`,
  },
  {
    catalog: "pg_constraint",
    kind: "'domainCheck'",
    schema: "n.nspname",
    host: "t.typname",
    name: "k.conname",
    joins: `join pg_constraint k on k.oid = d.objoid join pg_type t on t.oid = k.contypid ${inManaged("t.typnamespace")}`,
    where: `k.contype = 'c' and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}`,
  },
  {
    catalog: "pg_constraint",
    kind: choose("k.contype", constraintKinds),
    schema: "n.nspname",
    host: "c.relname",
    name: "k.conname",
    joins: `join pg_constraint k on k.oid = d.objoid join pg_class c on c.oid = k.conrelid ${inManaged("c.relnamespace")}`,
    where: `k.contype in (${letters(constraintKinds)}) and (k.contype in ('p', 'u', 'x') or k.conislocal and k.conparentid = 0) and (${schemas}) and ${modelledTable("c")}`,
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
    where: `d.objsubid = 0 and (${schemas}) and ${indexedRelation("c")} and (x.indisvalid or i.relkind = 'I')
      and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))`,
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
    joins: `join pg_class c on c.oid = d.objoid ${inManaged("c.relnamespace")}`,
    where: `d.objsubid = 0 and c.relkind = 'S' and (${schemas})
      and not exists (select from pg_depend p where p.classid = 'pg_class'::regclass and p.objid = c.oid and (
        p.deptype = 'e' or p.deptype = 'i' and p.refclassid = 'pg_class'::regclass and p.refobjsubid > 0))`,
  },
];

/** What a kind of sayings says of things: SQL with the columns classoid, objoid, objsubid and what_is_said, for these catalogs. */
export type Said = (catalogs: readonly string[], version: number) => string;
/** The same, asked of each catalog that has such a thing. */
export const saidByCatalog =
  (rows: (catalog: string, version: number) => string | null): Said =>
  (catalogs, version) =>
    catalogs.flatMap((c) => rows(c, version) ?? []).join("\n  union all\n  ");

/**
 * All that is said of things of ours: a row for each, for `readTarget`, with what is said as `said` and the kind of saying as
 * `saying`. One query for all of them, for the server takes longer to plan it than to answer.
 */
export function sayingsSql(all: readonly (readonly [saying: string, said: Said])[], schemas: string, version: number) {
  const look = finders(schemas);
  const catalogs = [...new Set(look.map((f) => f.catalog))];
  const spoken = all.map(
    ([saying, said]) =>
      `select '${saying}' as saying, s.classoid, s.objoid, s.objsubid, s.what_is_said from (\n  ${said(catalogs, version)}\n) s`,
  );
  const found = look.map(
    (
      f,
    ) => `select d.saying, ${f.kind} as kind, ${f.schema ?? "null"}::text as schema, ${f.host ?? "null"}::text as host, ${f.name}::text as name,
    ${f.more ?? "null"}::text as more, d.objoid as at, d.objsubid as part, d.what_is_said as said
  from spoken d ${f.joins}
  where d.classoid = '${f.catalog}'::regclass and ${f.where}`,
  );
  return `
with spoken as materialized (
${spoken.join("\nunion all\n")}
)
select d.saying, d.kind, d.schema, d.host, d.name, d.more, d.at::text as relation, d.part::text as number, d.said, '[]' as addresses from (
  ${found.join("\n  union all\n  ")}
) d
order by d.at, d.part, d.saying, d.said`;
}

export function readTarget(row: Row, names: CatalogNames): Id<TargetKind> {
  const kind = text(row, "kind");
  if (!Object.hasOwn(targets, kind)) throw new Error(`the catalog query gave an unknown kind of target: ${kind}`);
  // Names of columns are looked up: there are many.
  const own = kind === "column" ? names.column(text(row, "relation"), text(row, "number")).name : text(row, "name");
  return targetOf(kind as TargetKind).read({
    schema: row["schema"] ?? "",
    host: row["host"] ?? "",
    name: own,
    more: row["more"] ?? null,
  });
}
