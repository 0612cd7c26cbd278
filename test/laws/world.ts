/** A database being made up: its objects by id, and what may stand in it on this server. */
import { encode } from "../../src/model/id.ts";
import { isKind, same, type Database } from "../../src/model/database.ts";
import type { DbObject, Id, Kind, QualifiedName } from "../../src/model/objects.ts";

export interface Features {
  readonly major: number;
  /** The server was built with lz4. */
  readonly lz4: boolean;
  /** Tablespaces and table access methods that are there, besides the default ones. */
  readonly tablespaces: readonly string[];
  readonly accessMethods: readonly string[];
  /** What roles that are made up may be called. None where both sides are on one server, which has each role once. */
  readonly roles: readonly string[];
}
/** Roles that are there in every server where laws are tried: owners, grantees, those that policies are for. */
export const lawRoles = ["laws_role", "laws Role"] as const;
export interface World extends Features {
  readonly objects: Map<string, DbObject>;
}

export const emptyWorld = (features: Features): World => ({ ...features, objects: new Map() });
export const worldOf = (features: Features, d: Database): World => ({
  ...features,
  objects: new Map(d.objects.map((o) => [encode(o.id), o])),
});
export const databaseOf = (w: World): Database => ({ objects: [...w.objects.values()] });
/**
 * The objects of a kind on which other things are put. Tables that are partitioned, with their columns, partitions, foreign and typed
 * tables, and the functions of base types stand apart.
 */
export function of<K extends Kind>(w: World, kind: K): readonly DbObject<K>[] {
  const out: DbObject<K>[] = [];
  for (const o of w.objects.values()) if (isKind(o, kind) && !apart(w, o)) out.push(o);
  return out;
}
function apart(w: World, o: DbObject): boolean {
  if (isKind(o, "column")) return !!tableById(w, { schema: o.id.schema, name: o.id.table })?.attributes.partitionBy;
  if (isKind(o, "function")) return isSupport(o);
  return isKind(o, "table") && (inFamily(w, o) || o.attributes.server !== null || isTyped(w, o.id));
}
const inFamily = (w: World, { id, attributes }: DbObject<"table">): boolean =>
  attributes.partitionBy !== null || has(w, { kind: "partition", schema: id.schema, name: id.name });
export const isTyped = (w: World, t: QualifiedName): boolean =>
  has(w, { kind: "typedTable", schema: t.schema, name: t.name });
/** What reads or writes the values of a base type. */
export const isSupport = (o: DbObject<"function">): boolean =>
  o.attributes.language === "internal" && o.needs.some((n) => n.kind === "shellType");
const tables = (w: World, fits: (t: DbObject<"table">) => boolean): readonly DbObject<"table">[] => {
  const out: DbObject<"table">[] = [];
  for (const o of w.objects.values()) if (isKind(o, "table") && fits(o)) out.push(o);
  return out;
};
export const foreignTables = (w: World): readonly DbObject<"table">[] =>
  tables(w, (t) => t.attributes.server !== null && !inFamily(w, t));
export const foreignPartitions = (w: World): readonly DbObject<"table">[] =>
  tables(w, (t) => t.attributes.server !== null && inFamily(w, t));
/** Tables that hold rows of their own and are changed as any others. */
export const ownTables = (w: World): readonly DbObject<"table">[] =>
  tables(w, (t) => t.attributes.server === null && !inFamily(w, t));
/** Columns of a table, a partitioned one's too. */
export function columnsAt(w: World, t: QualifiedName): readonly DbObject<"column">[] {
  const out: DbObject<"column">[] = [];
  for (const o of w.objects.values())
    if (isKind(o, "column") && o.id.schema === t.schema && o.id.table === t.name) out.push(o);
  return out;
}
/** Partitioned tables. */
export const families = (w: World): readonly DbObject<"table">[] => tables(w, (t) => t.attributes.partitionBy !== null);
/** Those that things can be given to: the ones that are always there, and those that are made up. */
export const roleNames = (w: World): readonly string[] => [...lawRoles, ...of(w, "role").map((o) => o.id.name)];
/** Whatever is said of roles that are made up needs them. */
export const roleNeeds = (w: World, ...names: readonly (string | null)[]): readonly Id<"role">[] =>
  names.flatMap((name) => (name !== null && w.roles.includes(name) ? [{ kind: "role", name } as const] : []));
export const has = (w: World, id: Id): boolean => w.objects.has(encode(id));
export const put = (w: World, o: DbObject): void => void w.objects.set(encode(o.id), o);
export const remove = (w: World, id: Id): void => void w.objects.delete(encode(id));

const ofTable = ["column", "primaryKey", "unique", "foreignKey", "check", "exclude", "index"] as const;
export type OfTableKind = (typeof ofTable)[number];
export const isOfTable = (o: DbObject): o is DbObject<OfTableKind> =>
  (ofTable as readonly string[]).includes(o.id.kind);
export const tableOf = (o: DbObject<OfTableKind>): QualifiedName => ({ schema: o.id.schema, name: o.id.table });

export const tableById = (w: World, t: QualifiedName): DbObject<"table"> | null => {
  const o = w.objects.get(encode({ kind: "table", ...t }));
  return o && isKind(o, "table") ? o : null;
};

/** Columns written in the table itself. */
export const ownColumns = (w: World, t: QualifiedName): readonly DbObject<"column">[] =>
  tableById(w, t)?.attributes.partitionBy ? [] : columnsAt(w, t);

/** Columns of the table, those of its parents first, each name once: the nearest statement about it wins. */
export function allColumns(w: World, t: QualifiedName): readonly DbObject<"column">[] {
  const byName = new Map<string, DbObject<"column">>();
  for (const p of tableById(w, t)?.attributes.inherits ?? [])
    for (const c of allColumns(w, p)) byName.set(c.id.name, c);
  for (const c of ownColumns(w, t)) byName.set(c.id.name, c);
  if (byName.size === 0) return shownByView(w, t);
  return [...byName.values()];
}

/** Columns of a materialized view that are some table's, as if they were its own. */
function shownByView(w: World, t: QualifiedName): readonly DbObject<"column">[] {
  const view = w.objects.get(encode({ kind: "materializedView", schema: t.schema, name: t.name }));
  const facts = JSON.parse(view?.facts?.["columns"] ?? "[]") as [string, string, string][];
  return facts.flatMap(([name, from]) => {
    const id = from === "" ? null : (JSON.parse(from) as Id<"column">);
    const c = id && allColumns(w, { schema: id.schema, name: id.table }).find((x) => x.id.name === id.name);
    if (!c) return [];
    const attributes = { ...c.attributes, notNull: null, default: null, identity: null, generated: null };
    return [{ ...c, id: { kind: "column", schema: t.schema, table: t.name, name }, attributes }];
  });
}

export const children = (w: World, t: QualifiedName): readonly DbObject<"table">[] =>
  of(w, "table").filter((c) => c.attributes.inherits.some((p) => p.schema === t.schema && p.name === t.name));

/** Whether a table may have heirs or parents: of those the made-up not nulls are plain. */
export const plainNotNulls = (w: World, t: QualifiedName): boolean =>
  ownColumns(w, t).every(({ attributes: { notNull: n } }) => !n || (n.name === null && !n.noInherit && n.validated));

/** Names in use per schema: relations with types (one namespace is enough here), constraints per table. */
export function takenNames(w: World, schema: string): Set<string> {
  const taken = new Set<string>();
  for (const o of w.objects.values()) {
    const id = o.id;
    if ("schema" in id && "name" in id && id.schema === schema && id.kind !== "column") taken.add(id.name);
    if (isKind(o, "range") && o.attributes.multirange) taken.add(o.attributes.multirange.name);
    if (isKind(o, "column") && o.id.schema === schema) {
      const s = o.attributes.identity;
      if (s) taken.add(s.name?.name ?? implicitName(o.id.table, o.id.name, "seq"));
      if (o.attributes.notNull?.name != null) taken.add(o.attributes.notNull.name);
    }
  }
  return taken;
}

/** Postgres's makeObjectName: shortens the longer of the two names until everything fits into 63 bytes. */
export function implicitName(first: string, second: string, label: string): string {
  const size = (s: string): number => Buffer.byteLength(s);
  const room = 63 - 1 - (label.length + 1);
  let [a, b] = [size(first), size(second)];
  while (a + b > room)
    if (a > b) a--;
    else b--;
  const cut = (s: string, n: number): string => {
    let out = "";
    for (const c of s) {
      if (size(out + c) > n) break;
      out += c;
    }
    return out;
  };
  return `${cut(first, a)}_${cut(second, b)}_${label}`;
}

export const isPartitionOf = (w: World, { id }: DbObject<"table">, t: DbObject<"table">): boolean =>
  of(w, "partition").some(
    (p) =>
      p.id.schema === id.schema &&
      p.id.name === id.name &&
      same(p.attributes.of, { schema: t.id.schema, name: t.id.name }),
  );
