/**
 * Indexes and constraints that partitions have because the table above has them. Each is an object of its own, said or not. A
 * partition gets them before it is attached, and then Postgres links what is equal; afterwards it makes and drops them with the
 * one above, unless they have names or options of their own.
 */
import type { DbObject, Id, PartOf, QualifiedName } from "../../model/objects.ts";
import { differing, type Index, isKind, same } from "../../model/database.ts";
import type { Action } from "../../model/plan.ts";
import { encode, sameId } from "../../model/id.ts";
import { qualified } from "../../sql.ts";
import type { Context, Followed, InPlace, Role, Row } from "../room.ts";
import { action, quietly } from "./action.ts";
import { json } from "./catalog.ts";
import { changeOptions } from "./indexStorage.ts";
import { tablesBelow } from "./inheritance.ts";
import { chooseName, impliedNames, indexColumnNames, nameAddition } from "./names.ts";
import {
  detaching,
  isPartitioned,
  joins,
  keepsPlace,
  keptPartitions,
  leaves,
  partitionAt,
  partitionId,
  partitionsOf,
  tableName,
} from "./partitions.ts";
import { ownRowsBefore, rowsBefore } from "./rowOrder.ts";
import { columnOf, isNew, schemaColumn, tableOf } from "./table.ts";

export const partKinds = ["primaryKey", "unique", "exclude", "index", "foreignKey"] as const;
export type PartKind = (typeof partKinds)[number];
export type Part = { readonly [K in PartKind]: DbObject<K> }[PartKind];
/** Those that are indexes, or have one beneath. */
export type IndexPart = Exclude<Part, DbObject<"foreignKey">>;

export const isPart = (o: DbObject): o is Part => (partKinds as readonly string[]).includes(o.id.kind);

/** The one above, in the id's terms. */
export const needsAbove = (o: Part): readonly Id[] => {
  const above = aboveOf(o);
  return above ? [above] : [];
};
export const aboveOf = (o: Part): Part["id"] | null => o.attributes.partOf;
export const isPartOf = (o: Part, id: Part["id"]): boolean =>
  o.attributes.partOf !== null && sameId(o.attributes.partOf, id);
/** A part of what has another name now. */
export function repointPart<O extends Part>(o: O, become: (id: Id) => Id): O {
  const above = aboveOf(o);
  const is = above && become(above);
  return is === above ? o : { ...o, attributes: { ...o.attributes, partOf: is } };
}

// Observing

/** SQL: schema, table and name of the index that index `i` (its pg_class `ic`) is attached to. */
export const indexAbove = `case when ic.relispartition then (
  select json_build_array(coalesce((select k.contype from pg_constraint k where k.conindid = u.oid and k.contype in ('p', 'u', 'x')), 'i'),
    ${schemaColumn("un")}, ut.relname, u.relname)::text
  from pg_inherits uh
  join pg_class u on u.oid = uh.inhparent
  join pg_namespace un on un.oid = u.relnamespace
  join pg_index ui on ui.indexrelid = u.oid
  join pg_class ut on ut.oid = ui.indrelid
  where uh.inhrelid = ic.oid) end as part_of`;
/** The same of a foreign key's row in pg_constraint `con`. */
export const constraintAbove = `case when con.conparentid <> 0 then (
  select json_build_array('f', ${schemaColumn("un")}, ut.relname, u.conname)::text
  from pg_constraint u
  join pg_class ut on ut.oid = u.conrelid
  join pg_namespace un on un.oid = ut.relnamespace
  where u.oid = con.conparentid) end as part_of`;
export function readPartOf(row: Row): PartOf {
  if ((row["part_of"] ?? null) === null) return null;
  const [code, schema, table, name] = json<readonly [keyof typeof kindsByCode, string, string, string]>(row, "part_of");
  return { kind: kindsByCode[code], schema, table, name };
}
const kindsByCode = { p: "primaryKey", u: "unique", x: "exclude", i: "index", f: "foreignKey" } as const;

// What is there without saying

/** All parts by table, where the database has partitions; found once for each. */
export function partsByTable(all: Index): ReadonlyMap<string, readonly Part[]> {
  let found = known.get(all);
  if (!found) {
    const made = new Map<string, Part[]>();
    for (const o of all.values()) if (isPart(o)) push(made, qualified(tableName(o.id)), o);
    known.set(all, (found = made));
  }
  return found;
}
const known = new WeakMap<Index, ReadonlyMap<string, readonly Part[]>>();
function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
const hasPartitions = (all: Index): boolean => {
  for (const o of all.values()) if (isKind(o, "partition")) return true;
  return false;
};

/** The object of this kind that partitions have because the tables above have it, and that nobody says. */
export function unsaidParts<K extends PartKind>(kind: K, all: Index): readonly DbObject<K>[] {
  return unsaid(all).flatMap((o) => (isKind(o, kind) ? [o] : []));
}
function unsaid(all: Index): readonly Part[] {
  let found = laid.get(all);
  if (!found) laid.set(all, (found = hasPartitions(all) ? layOut(all).unsaid : []));
  return found;
}
const laid = new WeakMap<Index, readonly Part[]>();

/**
 * Goes from the partitioned tables down: what the text says of a part (`index x of y`, marked by `isBlank`) is filled in from
 * the one above, and what nobody says is made up, under the name that Postgres would choose.
 */
export function layOut(all: Index): {
  readonly unsaid: readonly Part[];
  readonly filled: ReadonlyMap<string, Part>;
  /** Said of something that the table above does not have. */
  readonly unknown: readonly IndexPart[];
} {
  const parts = new Map([...partsByTable(all)].map(([t, list]) => [t, [...list]]));
  const taken = takenNames(all);
  const constraints = constraintNames(all);
  const out: Part[] = [];
  const filled = new Map<string, Part>();
  const unknown: IndexPart[] = [];
  for (const t of tablesBelow(all)) {
    const partition = partitionAt(t.id, all);
    if (!partition) continue;
    const above = parts.get(qualified(partition.attributes.of)) ?? [];
    const own = parts.get(qualified(t.id)) ?? [];
    own.forEach((o, i) => {
      const name = o.attributes.partOf?.table === "" ? o.attributes.partOf.name : null;
      if (name === null || isKind(o, "foreignKey")) return;
      const from = above.find((p): p is IndexPart => !isKind(p, "foreignKey") && p.id.name === name);
      if (!from) return void unknown.push(o);
      own[i] = isKind(o, "index") ? fill(o, from) : linked(o, from);
      filled.set(encode(o.id), own[i]);
    });
    const has = new Set(own.flatMap((o) => needsAbove(o).map(encode)));
    for (const p of above) {
      if (has.has(encode(p.id)) || isOnly(p)) continue;
      const made = isKind(p, "foreignKey") ? copyForeignKey(p, t.id, taken, constraints) : copyTo(p, t.id, taken);
      own.push(made);
      out.push(made);
    }
    parts.set(qualified(t.id), own);
  }
  return { unsaid: out, filled, unknown };
}

const isOnly = (o: Part | undefined): boolean => o !== undefined && "only" in o.attributes && o.attributes.only;

/** What `of y` is until everything is declared: the name of the one above, in a table without a name. */
export const blank = (name: string): PartOf => ({ kind: "index", schema: "", table: "", name });
const linked = (o: IndexPart, from: IndexPart): Part =>
  ({ ...o, attributes: { ...o.attributes, partOf: partOfId(from) } }) as Part;
const partOfId = ({ id }: Part): NonNullable<PartOf> => ({
  kind: id.kind,
  schema: id.schema,
  table: id.table,
  name: id.name,
});

function fill(o: DbObject<"index">, from: IndexPart): Part {
  const { options, tablespace } = o.attributes;
  const made = copied(from, tableName(o.id), o.id.name);
  const only = "only" in made.attributes ? { only: isOnly(o) } : {};
  return { ...made, attributes: { ...made.attributes, options, tablespace, ...only } } as Part;
}

/** It has the name of the one above, unless its own table has a constraint of that name: other tables' don't matter to it. */
function copyForeignKey(
  p: DbObject<"foreignKey">,
  t: QualifiedName,
  taken: ReadonlyMap<string, ReadonlySet<string>>,
  constraints: Map<string, Set<string>>,
): Part {
  const own = constraints.get(qualified(t)) ?? new Set();
  constraints.set(qualified(t), own);
  const isTaken = (n: string): boolean => own.has(n) || taken.get(t.schema)?.has(n) === true;
  const name = own.has(p.id.name) ? chooseName(t.name, nameAddition(p.attributes.columns), "fkey", isTaken) : p.id.name;
  own.add(name);
  return { ...copied(p, t, name), implicitName: true, implied: true };
}

function copyTo(p: IndexPart, t: QualifiedName, taken: Map<string, Set<string>>): Part {
  const names = taken.get(t.schema) ?? new Set();
  taken.set(t.schema, names);
  const name = freeName(p, t.name, (n) => names.has(n));
  names.add(name);
  return { ...copied(p, t, name), implicitName: true, implied: true };
}

function copied(p: Part, t: QualifiedName, name: string): Part {
  const above = tableName(p.id);
  const needs = p.needs.map((n) =>
    n.kind === "column" && n.schema === above.schema && n.table === above.name
      ? columnOf({ schema: t.schema, table: t.name }, n.name)
      : n,
  );
  const partOf = partOfId(p);
  return {
    id: { kind: p.id.kind, schema: t.schema, table: t.name, name },
    attributes: { ...p.attributes, partOf },
    needs,
  } as Part;
}

/** What Postgres calls it. Of an expression it takes the name that it has in the index above, which is not known here. */
function freeName(p: IndexPart, table: string, taken: (name: string) => boolean): string {
  if (isKind(p, "primaryKey")) return chooseName(table, null, "pkey", taken);
  const label = isKind(p, "unique") ? "key" : isKind(p, "exclude") ? "excl" : "idx";
  return chooseName(table, nameAddition(indexColumnNames(columnNames(p))), label, taken);
}
function columnNames(p: Exclude<IndexPart, DbObject<"primaryKey">>): readonly (string | null)[] {
  if (isKind(p, "unique")) return [...p.attributes.columns, ...p.attributes.include];
  const keys = isKind(p, "index") ? p.attributes.keys : p.attributes.elements.map((e) => e.key);
  return [...keys.map((k) => k.column), ...p.attributes.include];
}

/** By schema: names of relations, and of constraints, which Postgres keeps apart from each other where it makes names up. */
function takenNames(all: Index): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>();
  for (const o of all.values()) {
    // A foreign key's name is its table's own matter.
    if (!isPart(o) && !isKind(o, "table") && !isKind(o, "sequence")) continue;
    if (isKind(o, "foreignKey")) continue;
    const names = out.get(o.id.schema) ?? new Set();
    out.set(o.id.schema, names);
    names.add(o.id.name);
  }
  return out;
}

/** Names of constraints by their table. */
function constraintNames(all: Index): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>();
  for (const o of all.values()) {
    if (isKind(o, "check") || (isPart(o) && !isKind(o, "index"))) {
      const table = qualified(tableName(o.id));
      out.set(table, (out.get(table) ?? new Set()).add(o.id.name));
    }
  }
  return out;
}

/** Whether it is what its partition would have without saying, name included. */
export function goesUnsaid(o: IndexPart, all: Index): boolean {
  const above = aboveOf(o);
  const from = above && all.get(encode(above));
  if (!from || !isPart(from) || isKind(from, "foreignKey") || from.id.kind !== o.id.kind || isOnly(from)) return false;
  const usual = isKind(from, "primaryKey")
    ? impliedNames.primaryKey(o.id.table)
    : columnNames(from).includes(null)
      ? null
      : freeName(from, o.id.table, () => false);
  const [a, b] = [o.attributes, from.attributes];
  return (
    o.id.name === usual &&
    JSON.stringify(sorted(a.options)) === JSON.stringify(sorted(b.options)) &&
    a.tablespace === b.tablespace
  );
}
const sorted = (o: Readonly<Record<string, string>>) => Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1));

// Making, dropping, changing

/** The same thing of the partitions that stay attached all through the plan, as it is wanted there. */
const below = (o: Part, context: Context): readonly Part[] =>
  keptPartitions(tableName(o.id), context).flatMap((p) =>
    (partsByTable(context.to).get(qualified(p.id)) ?? []).filter((x) => isPartOf(x, o.id)),
  );

/**
 * Whether it must be made ONLY there, because partitions have it under names or with options of their own, or have one like it
 * besides, which Postgres would take for a part of it.
 */
export const isOnlyThere = (o: IndexPart, context: Context): boolean =>
  isOnly(o) ||
  keptPartitions(tableName(o.id), context).some((p) =>
    (partsByTable(context.to).get(qualified(p.id)) ?? []).some(
      (x) => !isKind(x, "foreignKey") && x.attributes.partOf === null && mayTake(o, x),
    ),
  ) ||
  below(o, context).some((x) => !isKind(x, "foreignKey") && (!x.implied || isOnlyThere(x, context)));

/** Whether Postgres may take one of a partition for a part of this one. What only it can tell apart (operator classes) may be the same. */
function mayTake(above: IndexPart, own: IndexPart): boolean {
  // A part of a constraint has a constraint too.
  return same(traits(above), traits(own)) && (isKind(above, "index") || !isKind(own, "index"));
}
function traits(o: IndexPart): unknown {
  if (isKind(o, "primaryKey") || isKind(o, "unique")) {
    const { columns, include, withoutOverlaps } = o.attributes;
    const method = withoutOverlaps ? "gist" : "btree";
    return { keys: columns, include, unique: true, method, partial: false, excludes: false };
  }
  const [keys, unique] = isKind(o, "index")
    ? [o.attributes.keys, o.attributes.unique]
    : [o.attributes.elements.map((e) => e.key), false];
  const { include, method, where } = o.attributes;
  return {
    keys: keys.map((k) => k.column ?? k.expression),
    include,
    unique,
    method,
    partial: where !== null,
    excludes: isKind(o, "exclude"),
  };
}

/** Whether a table that is attached in this plan keeps it for itself, although Postgres would take it for a part of one above. */
function isTakenByAttaching(o: IndexPart, context: Context): boolean {
  const partition = o.attributes.partOf ? null : partitionAt(tableName(o.id), context.to);
  return (
    partition !== null &&
    joins(partition.id, context) &&
    (partsByTable(context.to).get(qualified(partition.attributes.of)) ?? []).some(
      (p) => !isKind(p, "foreignKey") && mayTake(p, o),
    )
  );
}

/**
 * Whether Postgres would give a partition a part of it when that is attached, although it is to have none, or one that some of its
 * own partitions lack, which Postgres overlooks.
 */
export const lacks = (p: Id<"partition">, above: Part, { to }: Context): boolean =>
  isOnly(above) && !(partsByTable(to).get(qualified(p)) ?? []).some((x) => !isOnly(x) && isPartOf(x, above.id));
/** Whether it becomes a part only after its table was attached. */
export function isLinkedLate({ id }: Part, context: Context): boolean {
  const o = context.to.get(encode(id));
  return o !== undefined && isPart(o) && isOnly(o) && o.attributes.partOf !== null && joins(tableName(id), context);
}
/** Those that are attached in this plan. */
const lackingBelow = (o: Part, context: Context): readonly Id<"partition">[] =>
  partitionsOf(tableName(o.id), context.to).flatMap((p) =>
    lacks(p.id, o, context) && joins(p.id, context) ? [p.id] : [],
  );

/** Whether a partition that stays has a part of it no more: Postgres drops none alone. */
function losesPart(o: Part, context: Context): boolean {
  if (!isOnly(o)) return false;
  const staysPart = (x: Part): boolean => {
    const is = context.to.get(encode(x.id));
    return is !== undefined && isPart(is) && isPartOf(is, o.id);
  };
  return keptPartitions(tableName(o.id), context).some((p) =>
    (partsByTable(context.from).get(qualified(p.id)) ?? []).some((x) => isPartOf(x, o.id) && !staysPart(x)),
  );
}

/** Those of a kind that are there, and must not stay so while tables are attached, or parts go: they are dropped before and made again after. */
export function partsRemade<K extends IndexPart["id"]["kind"]>(kind: K, context: Context): readonly Id<K>[] {
  const { from, to } = context;
  if (!hasPartitions(to)) return [];
  const isRemade = (o: IndexPart): boolean =>
    isTakenByAttaching(o, context) || lackingBelow(o, context).length > 0 || losesPart(o, context);
  return [...partsByTable(to).values()]
    .flat()
    .flatMap((o) => (isKind(o, kind) && from.has(encode(o.id)) && isRemade(o as IndexPart) ? [o.id as Id<K>] : []));
}

/** Whether making the one above makes it. */
const isBrought = (o: IndexPart, context: Context): boolean => {
  const above = aboveOf(o);
  const from = above && context.to.get(encode(above));
  if (!from || !isPart(from) || isKind(from, "foreignKey") || !keepsPlace(tableName(o.id), context)) return false;
  const was = context.from.get(encode(from.id));
  if (was && isPart(was) && isOnly(was)) return false;
  return isBrought(from, context) || !isOnlyThere(from, context);
};

export const attachIndex = (o: IndexPart): Action =>
  action(`alter index ${qualified(nameOf(aboveOf(o)!))} attach partition ${qualified(nameOf(o.id))}`, {
    lock: "share update exclusive",
    on: [tableOf(aboveOf(o)!)],
  });
const nameOf = (id: { readonly schema: string; readonly name: string }): QualifiedName => ({
  schema: id.schema,
  name: id.name,
});

/** Makes it by these actions, unless the one above brings it. */
export function makePart(o: IndexPart, own: readonly Action[], context: Context): readonly Action[] {
  if (isLinkedLate(o, context)) return [...own, attachIndex(o)];
  if (!o.attributes.partOf || !keepsPlace(tableName(o.id), context)) return own;
  return isBrought(o, context) ? [] : [...own, attachIndex(o)];
}

/** Drops it by these actions, unless it goes with the one above, or with its table. */
export const dropPart = (o: Part, own: readonly Action[], context: Context): readonly Action[] =>
  o.attributes.partOf && (!leaves(tableName(o.id), context) || goesFirst(o, context)) ? [] : own;

/**
 * A foreign key that no table keeps goes with the one above before partitions are detached: else two tables that reference
 * each other would wait for each other.
 */
const goesFirst = (o: Part, context: Context): boolean =>
  isKind(o, "foreignKey") &&
  !staysForeignKey(o, context) &&
  needsAbove(o).every((above) => !context.to.has(encode(above)));
/** Whether it is neither dropped nor made anew. */
function staysForeignKey(o: DbObject<"foreignKey">, { to }: Context): boolean {
  const is = to.get(encode(o.id));
  return (
    is !== undefined &&
    isKind(is, "foreignKey") &&
    differing(o, is).every((a) => a === "partOf" || a === "deferrable" || a === "validated" || a === "enforced")
  );
}
/** What must be dropped before a partition is detached. */
export const dropsBeforeDetaching = (t: QualifiedName, context: Context): readonly Followed[] =>
  (partsByTable(context.from).get(qualified(t)) ?? []).flatMap((o) =>
    o.attributes.partOf && goesFirst(o, context) ? needsAbove(o).map((id) => ({ id, roles: ["drop"] as const })) : [],
  );
/** Whether partitions that leave keep theirs when this one is dropped. */
const isKeptBelow = (o: Part, context: Context): boolean =>
  !isKind(o, "foreignKey") ||
  context.to.has(encode(o.id)) ||
  partitionsOf(tableName(o.id), context.from).some((p) =>
    (partsByTable(context.from).get(qualified(p.id)) ?? []).some(
      (x) => isKind(x, "foreignKey") && isPartOf(x, o.id) && staysForeignKey(x, context),
    ),
  );

/** What must come first: a table is detached before what it has from above changes, and before that changes above. */
export function partFollows(o: Part, role: Role, context: Context): readonly Followed[] {
  if (role !== "create" && role !== "alter" && role !== "drop") return [];
  const t = tableName(o.id);
  const was = role === "create" ? context.from.get(encode(o.id)) : undefined;
  // One of the same name that goes with the one above must be gone.
  const gone = was && isPart(was) && keepsPlace(t, context) ? needsAbove(was) : [];
  const late = role !== "drop" && isLinkedLate(o, context);
  const attached = late || (role === "create" && !isKind(o, "foreignKey") && isTakenByAttaching(o, context));
  return [
    ...(role === "drop" || isNew(tableOf(o.id), context) ? [] : rowsThatMeet(o, context)),
    ...(attached ? [{ id: partitionId(t), roles: ["create"] as const }] : []),
    ...(role === "create" ? lackingBelow(o, context) : []).map((id) => ({ id, roles: ["create"] as const })),
    ...gone.map((id) => ({ id, roles: ["drop"] as const })),
    ...(role !== "drop" || isKeptBelow(o, context) ? detaching(t, context) : []),
    ...(role !== "create" && leaves(t, context) && !(role === "drop" && goesFirst(o, context))
      ? [{ id: partitionId(t), roles: ["drop"] as const }]
      : []),
  ];
}

/** Rows of reference data by which alone it may be met. */
function rowsThatMeet(o: Part, context: Context): readonly Followed[] {
  if (isKind(o, "index") && !o.attributes.unique) return [];
  if (!isKind(o, "foreignKey")) return ownRowsBefore(o.id, context);
  const { schema, name: table } = o.attributes.references;
  return rowsBefore(o.id, { schema, table });
}

/** Attaching and detaching a table does the same to its indexes. */
export const changePartOf = (from: IndexPart, to: IndexPart, _: unknown, context: Context): InPlace | "replace" => {
  if (isLinkedLate(to, context)) return quietly(attachIndex(to));
  if (!keepsPlace(tableName(to.id), context)) return quietly();
  return from.attributes.partOf === null ? quietly(attachIndex(to)) : "replace";
};

/** When all partitions have it, it is no longer theirs to say. */
export const changeOnly = (_: IndexPart, to: IndexPart, __: unknown, context: Context): InPlace | "replace" =>
  isOnly(to) || !isCompleted(to, context) ? "replace" : quietly();

/** Whether a part is attached where it was lacking: Postgres looks only then whether it is complete. */
const isCompleted = (o: Part, context: Context): boolean =>
  partitionsOf(tableName(o.id), context.from).every((p) => keepsPlace(p.id, context)) &&
  below(o, context).some((x) => {
    const was = context.from.get(encode(x.id));
    if (!was || !isPart(was) || was.attributes.partOf === null) return true;
    return isOnly(was) && !isOnly(x) && isCompleted(x, context);
  });

/** Postgres has no ALTER for the options of an index of a partitioned table. */
export const changeIndexOptions = (
  from: IndexPart,
  to: IndexPart,
  _: unknown,
  context: Context,
): InPlace | "replace" => (isPartitioned(tableName(to.id), context.to) ? "replace" : changeOptions(from, to));
