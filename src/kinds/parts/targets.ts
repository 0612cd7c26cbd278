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
import { bearerOf } from "./bearers.ts";
import { isForeign } from "./foreignOptions.ts";
import { columnOf, relationsNamed } from "./table.ts";
import { text } from "./catalog.ts";

/** Kinds of which something can be said; the others are such statements themselves, or parts without a name. */
export type { TargetKind } from "../../model/objects.ts";

/** What a row of `sayingsSql` tells of a thing. */
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

/** The column that a row's part is of; "" for none, null for a part of no table. */
const columnOfPart = (more: string | null): string | null =>
  more === null ? null : (JSON.parse(more) as string[])[1]!;

/** null: nothing can be said of it. */
export const targets: { readonly [K in TargetKind]: Target<K> | null } = {
  schema: databaseTarget((name) => ({ kind: "schema", name }), "schema"),
  database: {
    words: () => {
      throw new Error("a database is named where the statement runs: statementOn");
    },
    lock: unlocked,
    read: () => ({ kind: "database" }),
  },
  extension: databaseTarget((name) => ({ kind: "extension", name }), "extension"),
  enum: inSchemaTarget((n) => ({ kind: "enum", ...n }), "type"),
  domain: inSchemaTarget((n) => ({ kind: "domain", ...n }), "domain"),
  domainCheck: {
    words: (id) => `constraint ${name(id.name)} on domain ${qualified({ schema: id.schema, name: id.domain })}`,
    lock: unlocked,
    read: (f) => ({ kind: "domainCheck", schema: f.schema, domain: f.host, name: f.name }),
  },
  constraint: {
    words: ({ schema, of, host, name: own }) =>
      `constraint ${name(own)} on ${of === "domain" ? "domain " : ""}${qualified({ schema, name: host })}`,
    lock: ({ schema, of, host }) => ({
      lock: of === "table" ? "access share" : "none",
      on: of === "table" ? [{ kind: "table", schema, name: host }] : [],
    }),
    read: (f) => ({
      kind: "constraint",
      schema: f.schema,
      of: columnOfPart(f.more) === null ? "domain" : "table",
      host: f.host,
      name: f.name,
    }),
  },
  composite: inSchemaTarget((n) => ({ kind: "composite", ...n }), "type"),
  typeAttribute: {
    words: (id) => `column ${qualified({ schema: id.schema, name: id.type })}.${name(id.name)}`,
    lock: unlocked,
    read: (f) => ({ kind: "typeAttribute", schema: f.schema, type: f.host, name: f.name }),
  },
  shellType: inSchemaTarget((n) => ({ kind: "shellType", ...n }), "type"),
  baseType: inSchemaTarget((n) => ({ kind: "baseType", ...n }), "type"),
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
  typedTable: null,
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
  const bearer = on ? null : bearerOf(target, all);
  if (bearer) return bearer;
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

/** The column that a target without an object comes with, as a row tells it. */
export function neededBy(row: Row): readonly Id[] {
  const kind = row["kind"];
  if ((kind !== "sequence" && kind !== "constraint") || (row["more"] ?? null) === null) return [];
  const [table = "", column = ""] = JSON.parse(text(row, "more")) as string[];
  return column === "" ? [] : [columnOf({ schema: text(row, "schema"), table }, column)];
}
