/**
 * A database as plain SQL, written without the compiler's help, to hold its work against: whatever path schemac takes,
 * the end must equal what these statements make.
 */
import { isKind } from "../../src/model/database.ts";
import type { DbObject, IndexKey, QualifiedName } from "../../src/model/objects.ts";
import { renderBases } from "./render-base.ts";
import { ordered, renderEarly, renderMembers, renderQueries } from "./render-code.ts";
import { renderAccess, renderRoles } from "./render-access.ts";
import { renderDatabase, renderServers } from "./render-database.ts";
import { renderKept } from "./render-kept.ts";
import { renderSimple } from "./render-simple.ts";
import { renderTables } from "./render-tables.ts";
import { bracketed, by, list, options, q, qq, sequenceOptions, table, text } from "./render-text.ts";
import { of, tableById, type World } from "./world.ts";

/** Schemas that a declaration's unqualified names resolve in: its own, public, those of extensions. */
export function searchPath(w: World, schema: string): string {
  const schemas = [
    ...new Set([
      schema,
      "public",
      ...of(w, "extension")
        .map((e) => e.attributes.schema)
        .sort(),
    ]),
  ];
  return `set search_path = ${schemas.map(q).join(", ")}`;
}

/** Statements in an order that works from an empty database. */
export function render(w: World): readonly string[] {
  const out: string[] = ["set check_function_bodies = off"];
  renderRoles(w, out);
  const inSchema = (schema: string, sql: string): void => void out.push(searchPath(w, schema), sql);
  for (const s of of(w, "schema")) out.push(`create schema ${q(s.id.name)}`);
  for (const e of of(w, "extension"))
    out.push(
      `create extension ${q(e.id.name)} schema ${q(e.attributes.schema)}${by(e.attributes.version !== null && `version ${text(e.attributes.version)}`)}`,
    );
  for (const kind of ["collation", "textSearchParser", "textSearchTemplate", "textSearchDictionary"] as const)
    for (const o of of(w, kind)) out.push(named(o));
  for (const o of of(w, "textSearchConfiguration")) {
    out.push(`create text search configuration ${qq(o.id)} (parser = ${qq(o.attributes.parser)})`);
    for (const [token, list2] of Object.entries(o.attributes.mappings))
      out.push(
        `alter text search configuration ${qq(o.id)} add mapping for ${q(token)} with ${list2.map(qq).join(", ")}`,
      );
  }
  for (const e of of(w, "enum"))
    out.push(`create type ${qq(e.id)} as enum (${e.attributes.labels.map(text).join(", ")})`);
  renderBases(w, inSchema);
  for (const s of of(w, "sequence"))
    out.push(
      `create ${s.attributes.persistence === "unlogged" ? "unlogged " : ""}sequence ${qq(s.id)} as ${s.attributes.type} ${sequenceOptions(s.attributes)}`,
    );
  for (const d of ordered<DbObject<"domain" | "composite" | "range">>([
    ...of(w, "domain"),
    ...of(w, "composite"),
    ...of(w, "range"),
  ])) {
    if (isKind(d, "composite") || isKind(d, "range")) {
      out.push(madeType(d));
      continue;
    }
    const a = d.attributes;
    const overAnother = d.needs.some((n) => n.kind === "domain" || n.kind === "baseType");
    inSchema(
      d.id.schema,
      `create domain ${qq(d.id)} as ${a.type.sql}${by(a.collation && `collate ${qq(a.collation)}`)}${by(a.default && `default ${bracketed(a.default)}`)}${by(a.notNull && `${a.notNullName === null ? "" : `constraint ${q(a.notNullName)} `}not null`)}`,
    );
    // One over another type takes that one's default along.
    if (overAnother && !a.default) out.push(`alter domain ${qq(d.id)} drop default`);
  }
  for (const c of of(w, "domainCheck"))
    inSchema(
      c.id.schema,
      `alter domain ${qq({ schema: c.id.schema, name: c.id.domain })} add constraint ${q(c.id.name)} check (${c.attributes.expression.sql})${by(!c.attributes.validated && "not valid")}`,
    );
  renderSimple(w, out);
  renderEarly(w, inSchema);
  renderServers(w, out);
  renderTables(w, inSchema);
  for (const o of w.objects.values()) if (isKind(o, "check")) inSchema(o.id.schema, check(o));
  for (const kind of ["primaryKey", "unique", "index", "exclude", "foreignKey"] as const)
    for (const o of of(w, kind)) if (onTable(w, o)) inSchema(o.id.schema, ofTable(o));
  renderQueries(w, inSchema);
  for (const o of of(w, "index")) if (!onTable(w, o)) inSchema(o.id.schema, ofTable(o));
  for (const o of of(w, "statistics")) {
    const a = o.attributes;
    const keys = [...a.columns.map(q), ...a.expressions.map((e) => `(${e.sql})`)].join(", ");
    inSchema(
      a.table.schema,
      `create statistics ${qq(o.id)}${by(a.kinds.length > 0 && `(${a.kinds.join(", ")})`)} on ${keys} from ${qq(a.table)}`,
    );
    if (a.target !== null) out.push(`alter statistics ${qq(o.id)} set statistics ${a.target}`);
  }
  for (const o of of(w, "index"))
    for (const [i, k] of o.attributes.keys.entries())
      if (k.statistics !== null)
        out.push(`alter index ${qq(o.id)} alter column ${i + 1} set statistics ${k.statistics}`);
  for (const o of of(w, "sequenceOwner"))
    out.push(`alter sequence ${qq(o.id)} owned by ${table(o.attributes.column)}.${q(o.attributes.column.name)}`);
  for (const o of of(w, "replicaIdentity"))
    out.push(
      `alter table ${qq(o.id)} replica identity ${o.attributes.mode === "index" ? `using index ${q(o.attributes.index ?? "")}` : o.attributes.mode}`,
    );
  renderMembers(w, inSchema);
  renderDatabase(w, out);
  renderAccess(w, out);
  renderKept(w, out);
  for (const o of of(w, "comment")) out.push(comment(w, o));
  out.push("reset check_function_bodies");
  return out;
}
/** Else it is on a materialized view. */
const onTable = (w: World, o: { id: { schema: string; table: string } }): boolean =>
  tableById(w, { schema: o.id.schema, name: o.id.table }) !== null;

function named(
  o:
    | DbObject<"collation">
    | DbObject<"textSearchParser">
    | DbObject<"textSearchTemplate">
    | DbObject<"textSearchDictionary">,
): string {
  if (isKind(o, "collation")) {
    const { provider, locale, lcCollate, lcCtype } = o.attributes;
    const where = locale
      ? `locale = ${text(locale.sql)}`
      : `lc_collate = ${text(lcCollate ?? "")}, lc_ctype = ${text(lcCtype ?? "")}`;
    return `create collation ${qq(o.id)} (provider = ${provider}, ${where})`;
  }
  if (isKind(o, "textSearchDictionary")) {
    const list2 = Object.entries(o.attributes.options).map(([k, v]) => `, ${q(k)} = ${text(v)}`);
    return `create text search dictionary ${qq(o.id)} (template = ${qq(o.attributes.template)}${list2.join("")})`;
  }
  const functions = Object.entries(o.attributes).flatMap(([k, f]: [string, QualifiedName | null]) =>
    f ? [`${k} = ${qq(f)}`] : [],
  );
  return `create text search ${isKind(o, "textSearchParser") ? "parser" : "template"} ${qq(o.id)} (${functions.join(", ")})`;
}

function madeType(o: DbObject<"composite"> | DbObject<"range">): string {
  if (isKind(o, "composite")) {
    const list = o.attributes.attributes.map(
      (a) => `${q(a.name)} ${a.type.sql}${by(a.collation && `collate ${qq(a.collation)}`)}`,
    );
    return `create type ${qq(o.id)} as (${list.join(", ")})`;
  }
  const a = o.attributes;
  return (
    `create type ${qq(o.id)} as range (subtype = ${a.subtype.sql}` +
    by(a.operatorClass && `, subtype_opclass = ${qq(a.operatorClass)}`) +
    by(a.collation && `, collation = ${qq(a.collation)}`) +
    by(a.subtypeDiff && `, subtype_diff = ${qq(a.subtypeDiff)}`) +
    by(a.multirange && `, multirange_type_name = ${qq(a.multirange)}`) +
    ")"
  );
}

const check = (c: DbObject<"check">): string => {
  const a = c.attributes;
  return (
    `alter table ${table(c.id)} add constraint ${q(c.id.name)} check (${a.expression.sql})` +
    by(a.noInherit && "no inherit") +
    by(!a.enforced && "not enforced") +
    by(a.enforced && !a.validated && "not valid")
  );
};
const tablespace = (name: string | null): string => by(name !== null && `tablespace ${q(name)}`);
const usingTablespace = (name: string | null): string => by(name !== null && `using index tablespace ${q(name)}`);
const deferrable = (d: string): string =>
  by(d === "not deferrable" ? false : d === "deferrable" ? d : "deferrable initially deferred");

function key(k: IndexKey, method: string): string {
  const ordered = method === "btree";
  return (
    (k.column === null ? `(${k.expression?.sql})` : q(k.column)) +
    by(k.collation && `collate ${qq(k.collation)}`) +
    by(k.operatorClass && qq(k.operatorClass.name) + options(k.operatorClass.options, "")) +
    by(ordered && k.order) +
    by(ordered && `nulls ${k.nulls}`)
  );
}

function ofTable(o: DbObject<"primaryKey" | "unique" | "index" | "exclude" | "foreignKey">): string {
  const add = `alter table ${table(o.id)} add constraint ${q(o.id.name)}`;
  if (isKind(o, "foreignKey")) {
    const a = o.attributes;
    const last = (columns: readonly string[]): string =>
      columns.map((c, i) => (a.period && i === columns.length - 1 ? `period ${q(c)}` : q(c))).join(", ");
    return (
      `${add} foreign key (${last(a.columns)}) references ${qq(a.references)} (${last(a.referencedColumns)}) match ${a.match}` +
      ` on update ${a.onUpdate} on delete ${a.onDelete}${by(a.onDeleteColumns.length > 0 && `(${list(a.onDeleteColumns)})`)}` +
      deferrable(a.deferrable) +
      by(!a.enforced && "not enforced") +
      by(a.enforced && !a.validated && "not valid")
    );
  }
  if (isKind(o, "index")) {
    const a = o.attributes;
    return (
      `create ${a.unique ? "unique " : ""}index ${q(o.id.name)} on ${table(o.id)} using ${a.method} (${a.keys.map((k) => key(k, a.method)).join(", ")})` +
      by(a.include.length > 0 && `include (${list(a.include)})`) +
      by(a.nullsNotDistinct && "nulls not distinct") +
      options(a.options) +
      tablespace(a.tablespace) +
      by(a.where && `where ${a.where.sql}`)
    );
  }
  if (isKind(o, "exclude")) {
    const a = o.attributes;
    const elements = a.elements.map(
      (e) => `${key(e.key, "")} with operator(${q(e.operator.schema)}.${e.operator.name})`,
    );
    return (
      `${add} exclude using ${a.method} (${elements.join(", ")})` +
      by(a.include.length > 0 && `include (${list(a.include)})`) +
      options(a.options) +
      usingTablespace(a.tablespace) +
      by(a.where && `where (${a.where.sql})`) +
      deferrable(a.deferrable)
    );
  }
  const a = o.attributes;
  const unique = isKind(o, "unique")
    ? `unique${o.attributes.nullsNotDistinct ? " nulls not distinct" : ""}`
    : "primary key";
  const columns = list(a.columns) + (a.withoutOverlaps ? " without overlaps" : "");
  return (
    `${add} ${unique} (${columns})${by(a.include.length > 0 && `include (${list(a.include)})`)}` +
    options(a.options) +
    usingTablespace(a.tablespace) +
    deferrable(a.deferrable)
  );
}

function comment(w: World, o: DbObject<"comment">): string {
  const id = o.id.target;
  const is = ` is ${text(o.attributes.text)}`;
  switch (id.kind) {
    case "schema":
    case "extension":
    case "publication":
    case "server":
    case "subscription":
      return `comment on ${id.kind} ${q(id.name)}${is}`;
    case "eventTrigger":
      return `comment on event trigger ${q(id.name)}${is}`;
    case "foreignDataWrapper":
      return `comment on foreign data wrapper ${q(id.name)}${is}`;
    case "enum":
    case "composite":
    case "range":
    case "shellType":
    case "baseType":
      return `comment on type ${qq(id)}${is}`;
    case "collation":
    case "statistics":
      return `comment on ${id.kind} ${qq(id)}${is}`;
    case "textSearchParser":
    case "textSearchTemplate":
    case "textSearchDictionary":
    case "textSearchConfiguration":
      return `comment on text search ${id.kind.slice(10).toLowerCase()} ${qq(id)}${is}`;
    case "typeAttribute":
      return `comment on column ${qq({ schema: id.schema, name: id.type })}.${q(id.name)}${is}`;
    case "table":
      return `comment on ${tableById(w, id)?.attributes.server == null ? "" : "foreign "}table ${qq(id)}${is}`;
    case "domain":
    case "sequence":
    case "view":
      return `comment on ${id.kind} ${qq(id)}${is}`;
    case "function":
    case "procedure":
    case "aggregate":
      return `comment on ${id.kind} ${qq(id)}(${id.arguments.join(", ")})${is}`;
    case "materializedView":
      return `comment on materialized view ${qq(id)}${is}`;
    case "index":
      return `comment on index ${qq(id)}${is}`;
    case "column":
      return `comment on column ${table(id)}.${q(id.name)}${is}`;
    case "domainCheck":
      return `comment on constraint ${q(id.name)} on domain ${qq({ schema: id.schema, name: id.domain })}${is}`;
    case "primaryKey":
    case "unique":
    case "foreignKey":
    case "check":
    case "exclude":
      return `comment on constraint ${q(id.name)} on ${table(id)}${is}`;
    case "policy":
    case "trigger":
    case "rule":
      return `comment on ${id.kind} ${q(id.name)} on ${table(id)}${is}`;
    case "rows":
    case "sqlBlock":
    case "sequenceOwner":
    case "partition":
    case "typedTable":
    case "replicaIdentity":
    case "rowSecurity":
    case "cluster":
    case "role":
    case "membership":
    case "setting":
    case "database":
    case "constraint":
    case "defaultPrivilege":
    case "cast":
    case "operator":
    case "operatorFamily":
    case "operatorClass":
    case "conversion":
    case "language":
    case "accessMethod":
    case "transform":
    case "publicationTable":
    case "publicationSchema":
    case "userMapping":
      throw new Error(`nothing that can have a comment: ${id.kind}`);
  }
}
