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
import type { CatalogNames, Rights, Row } from "../room.ts";
import { isForeign } from "./foreignOptions.ts";
import { relationsNamed } from "./table.ts";
import { managedPublication, wholeDatabase } from "./publications.ts";
import { indexedRelation, modelledRelation, modelledTable, ofExtension, text } from "./catalog.ts";

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
  /** How COMMENT ON names it: `column "s"."t"."c"`; `all`: the database that it is in, where a foreign table is called so. */
  readonly words: (id: Id<K>, all?: Index) => string;
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
  sequence: inSchemaTarget((n) => ({ kind: "sequence", ...n }), "sequence", itself),
  sequenceOwner: null,
  table: {
    ...inSchemaTarget((n) => ({ kind: "table", ...n }), "table", itself),
    words: (id, all) => `${all && isForeign(id, all) ? "foreign " : ""}table ${qualified(id)}`,
  },
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
  publication: databaseTarget((name) => ({ kind: "publication", name }), "publication"),
  publicationTable: null,
  eventTrigger: databaseTarget((name) => ({ kind: "eventTrigger", name }), "event trigger"),
  foreignDataWrapper: databaseTarget((name) => ({ kind: "foreignDataWrapper", name }), "foreign data wrapper"),
  server: databaseTarget((name) => ({ kind: "server", name }), "server"),
  userMapping: null,
  subscription: databaseTarget((name) => ({ kind: "subscription", name }), "subscription"),
  publicationSchema: null,
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
export const targetWords = <K extends TargetKind>(id: Id<K>, all?: Index): string =>
  targetOf(id.kind as K).words(id, all);
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
const typeKinds = { e: "enum", d: "domain" };

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
    catalog: "pg_publication",
    kind: "'publication'",
    name: "p.pubname",
    joins: "join pg_publication p on p.oid = d.objoid",
    where: managedPublication("p.oid", schemas),
  },
  {
    catalog: "pg_event_trigger",
    kind: "'eventTrigger'",
    name: "e.evtname",
    joins: "join pg_event_trigger e on e.oid = d.objoid",
    where: `${wholeDatabase(schemas)} and not ${ofExtension("pg_event_trigger", "e.oid")}`,
  },
  {
    catalog: "pg_foreign_data_wrapper",
    kind: "'foreignDataWrapper'",
    name: "w.fdwname",
    joins: "join pg_foreign_data_wrapper w on w.oid = d.objoid",
    where: `${wholeDatabase(schemas)} and not ${ofExtension("pg_foreign_data_wrapper", "w.oid")}`,
  },
  {
    catalog: "pg_foreign_server",
    kind: "'server'",
    name: "s.srvname",
    joins: "join pg_foreign_server s on s.oid = d.objoid",
    where: `${wholeDatabase(schemas)} and not ${ofExtension("pg_foreign_server", "s.oid")}`,
  },
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
    where: `t.typtype in (${letters(typeKinds)}) and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}`,
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

/**
 * Rows for `readTarget`, one for each row of `source` that speaks of a thing of ours, with its column `what_is_said` as
 * `said`. `source` is SQL with the columns classoid, objoid, objsubid and what_is_said, or tells it by catalog.
 */
export const targetRows = (
  source: string | ((catalog: string) => string | null),
  schemas: string,
  rights: Rights,
): string =>
  finders(schemas)
    .flatMap((f) => {
      // Not everybody may read it.
      if (f.catalog === "pg_subscription" && !rights.connections) return [];
      const of = typeof source === "string" ? source : source(f.catalog);
      return of === null ? [] : [{ ...f, of }];
    })
    .map(
      (f) => `
  select ${f.kind} as kind, ${f.schema ?? "null"}::text as schema, ${f.host ?? "null"}::text as host, ${f.name}::text as name,
    ${f.more ?? "null"}::text as more, d.objoid as at, d.objsubid as part, d.what_is_said as said
  from (${f.of}) d ${f.joins}
  where d.classoid = '${f.catalog}'::regclass and ${f.where}`,
    )
    .join("\n  union all");

/** The columns of a query over `targetRows` (called d), for `readTarget`. */
export const targetColumns = `d.kind, d.schema, d.host, d.name, d.more, d.at::text as relation, d.part::text as number, d.said`;

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
