/** What is said beside the catalogs' own things: blocks of SQL, rows of reference data, and that something goes with an extension. */
import { isKind, same } from "../../src/model/database.ts";
import type { DbObject, Fragment, QualifiedName } from "../../src/model/objects.ts";
import { rowKey } from "../../src/kinds/parts/rowKey.ts";
import { freshName } from "./names.ts";
import { columnNeeds, proposePrimaryKey } from "./propose-keys.ts";
import { proposeColumn, proposeTable, tableId } from "./propose-tables.ts";
import { schemaNeed } from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { columnType, type TypeClass } from "./types.ts";
import { allColumns, children, has, of, ownColumns, put, type World } from "./world.ts";

type Rows = DbObject<"rows">;
type Block = DbObject<"sqlBlock">;

/** A few of each. */
export function proposeKept(r: Rng, w: World, add: (o: DbObject | null) => void): void {
  for (let n = r.int(3); n > 0; n--) add(proposeRows(r, w));
  if (r.chance(0.3)) add(proposeBlock(r, w));
  if (r.chance(0.5)) for (let n = 1 + r.int(3); n > 0; n--) add(proposeDependence(r, w));
}

const verbatim = (sql: string): Fragment => ({ sql, path: [], canonical: sql });
/** They make nothing that anybody would find in the catalogs: that is their author's affair. */
const statements = [
  "select 1",
  "select 'it''s'; select $x$ } $x$",
  "do $$ begin perform 1; end $$",
  'select 1 as "日本"; -- the end',
  "set local work_mem = '8MB'",
];
export function proposeBlock(r: Rng, w: World, old?: Block): Block {
  const taken = new Set(of(w, "sqlBlock").map((b) => b.id.name));
  return {
    id: old?.id ?? { kind: "sqlBlock", name: freshName(r, taken) },
    attributes: {
      create: verbatim(r.pick(statements)),
      drop: r.chance(0.7) ? verbatim(r.pick(statements)) : null,
    },
    needs: [],
  };
}

/** Kinds that can go with an extension. */
const going = ["function", "procedure", "trigger", "index", "materializedView"] as const;
export function proposeDependence(r: Rng, w: World): DbObject<"extensionDependence"> | null {
  const extensions = of(w, "extension");
  const all = going.flatMap((kind): readonly DbObject<(typeof going)[number]>[] => of(w, kind));
  if (extensions.length === 0 || all.length === 0) return null;
  const target = r.pick(all).id;
  const extension = r.pick(extensions).id;
  const id = { kind: "extensionDependence", target, extension: extension.name } as const;
  return has(w, id) ? null : { id, attributes: {}, needs: [target, extension] };
}

/** Values of which Postgres leaves no doubt, told apart, as the class of their column takes them. */
const values: { readonly [C in TypeClass]?: readonly string[] } = {
  int: ["0", "1", "2", "7", "9"],
  text: ["'a'", "'b'", "'x'", "'é'", "'\"'"],
  bool: ["true", "false"],
  date: ["'2024-01-01'", "'2024-02-29'", "'1999-12-31'"],
  uuid: ["'00000000-0000-0000-0000-00000000000a'", "'11111111-2222-3333-4444-555555555555'"],
  jsonb: [`'{}'`, `'{"a": 1}'`, `'null'`],
};
/** What can be written into a column; null: nothing that is surely right. */
function valuesFor(w: World, t: QualifiedName, column: string): readonly string[] | null {
  const type = columnType(w, t, column);
  return type && !type.domain && type.needs.length === 0 ? (values[type.class] ?? null) : null;
}

const isOf = (x: DbObject<"table">, t: QualifiedName): boolean => x.id.schema === t.schema && x.id.name === t.name;
/** A table to which nothing happens but that rows are written into it: no rule of its own may refuse or change them. */
function isQuiet(w: World, t: QualifiedName): boolean {
  const table = of(w, "table").find((x) => isOf(x, t));
  if (!table || table.attributes.inherits.length > 0 || children(w, t).length > 0) return false;
  for (const o of w.objects.values()) {
    if (
      isKind(o, "foreignKey") &&
      o.attributes.references.schema === t.schema &&
      o.attributes.references.name === t.name
    )
      return false;
    // A rule of another table's may write into it.
    if (isKind(o, "rule") && o.needs.some((n) => n.kind === "table" && n.schema === t.schema && n.name === t.name))
      return false;
    const own = "table" in o.id && "schema" in o.id && o.id.schema === t.schema && o.id.table === t.name;
    if (own && ["check", "unique", "exclude", "foreignKey", "trigger", "rule"].includes(o.id.kind)) return false;
    // A published table's rows change only where its key tells them apart.
    if (isKind(o, "replicaIdentity") && same(o.id, { kind: "replicaIdentity", schema: t.schema, name: t.name }))
      return false;
    if (own && isKind(o, "primaryKey") && o.attributes.deferrable !== "not deferrable") return false;
    if (
      own &&
      isKind(o, "index") &&
      (o.attributes.unique || o.attributes.where || o.attributes.keys.some((k) => k.expression))
    )
      return false;
  }
  return ownColumns(w, t).every(
    (c) =>
      c.attributes.generated === null &&
      (c.attributes.notNull === null || c.attributes.identity !== null || valuesFor(w, t, c.id.name) !== null),
  );
}
const keyOf = (w: World, t: QualifiedName): readonly string[] | null =>
  of(w, "primaryKey").find((k) => k.id.schema === t.schema && k.id.table === t.name && !k.attributes.withoutOverlaps)
    ?.attributes.columns ?? null;

const simpleTypes = ["integer", "bigint", "text", "character varying(50)", "boolean", "date", "uuid", "jsonb"];
/** A table that rows can be declared of, for hardly one of the others is quiet enough. */
function makeQuiet(r: Rng, w: World): void {
  const t = proposeTable(r, w).id;
  put(w, { ...proposeTable(r, w, t), needs: schemaNeed(t.schema) });
  for (let n = 2 + r.int(3); n > 0; n--) {
    const c = proposeColumn(r, w, t, undefined, r.pick(simpleTypes));
    if (c && c.attributes.generated === null) put(w, c);
  }
  const key = proposePrimaryKey(r, w, t);
  if (key) put(w, { ...key, attributes: { ...key.attributes, deferrable: "not deferrable" } });
}

export function proposeRows(r: Rng, w: World, old?: Rows): Rows | null {
  if (!old && r.chance(0.5)) makeQuiet(r, w);
  const fitting = of(w, "table").filter(
    ({ id }) => isQuiet(w, id) && keyOf(w, id)?.every((c) => valuesFor(w, id, c) !== null) === true,
  );
  const free = fitting.filter(({ id }) => !has(w, { kind: "rows", schema: id.schema, name: id.name }));
  const t = old ? old.id : free.length > 0 ? r.pick(free).id : null;
  const key = t && keyOf(w, t);
  if (!t || !key || !fitting.some((x) => isOf(x, t))) return null;
  const columns = ownColumns(w, t).filter((c) => {
    const needed = c.attributes.notNull !== null && c.attributes.identity === null && c.attributes.default === null;
    return (
      key.includes(c.id.name) ||
      needed ||
      (c.attributes.identity === null && valuesFor(w, t, c.id.name) !== null && r.chance(0.6))
    );
  });
  const rows: Record<string, Record<string, Fragment>> = {};
  for (let n = 1 + r.int(4); n > 0; n--) {
    const row = Object.fromEntries(
      columns.map((c) => {
        const mayBeNull = c.attributes.notNull === null && !key.includes(c.id.name);
        const sql = mayBeNull && r.chance(0.2) ? "null" : r.pick(valuesFor(w, t, c.id.name) ?? ["null"]);
        return [c.id.name, { sql, path: [], canonical: null }];
      }),
    );
    rows[rowKey(key, row)] = row;
  }
  return {
    id: { kind: "rows", schema: t.schema, name: t.name },
    attributes: { key, rows },
    needs: [
      tableId(t),
      ...columnNeeds(
        t,
        columns.map((c) => c.id.name),
      ),
    ],
  };
}

/** The rows told apart by this key; null where it does not tell them apart. */
function keyed(o: Rows, key: readonly string[] | null): Rows | null {
  if (!key || same(key, o.attributes.key)) return key && o;
  const all = Object.values(o.attributes.rows);
  if (all.some((row) => key.some((c) => (row[c]?.sql ?? "null") === "null"))) return null;
  const rows = Object.fromEntries(all.map((row) => [rowKey(key, row), row]));
  return Object.keys(rows).length === all.length ? { ...o, attributes: { key, rows } } : null;
}

/** Rows as they may be in this world; null where their table has another key, or takes them no more. */
export function mendRows(w: World, was: Rows): Rows | null {
  const t = { schema: was.id.schema, name: was.id.name };
  const o = isQuiet(w, t) ? keyed(was, keyOf(w, t)) : null;
  if (!o) return null;
  const said = new Set(Object.values(o.attributes.rows).flatMap((row) => Object.keys(row)));
  const fit = ownColumns(w, t).every((c) => {
    const n = c.attributes.notNull !== null;
    if (!said.has(c.id.name)) return !n || c.attributes.default !== null || c.attributes.identity !== null;
    const all = valuesFor(w, t, c.id.name);
    const isKey = o.attributes.key.includes(c.id.name);
    return (
      (isKey || c.attributes.identity === null) &&
      Object.values(o.attributes.rows).every((row) => {
        const sql = row[c.id.name]?.sql ?? "";
        return all?.includes(sql) === true || (sql === "null" && !n);
      })
    );
  });
  return fit && [...said].every((c) => allColumns(w, t).some((x) => x.id.name === c)) ? o : null;
}
