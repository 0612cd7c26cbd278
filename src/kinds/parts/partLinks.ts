/** What Postgres links by itself where a table is attached or an index is made, and what must be made ONLY there, or anew, because of that. */
import type { Id, QualifiedName } from "../../model/objects.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import type { Context } from "../room.ts";
import { isForeign } from "./foreignOptions.ts";
import { joins, keptPartitions, partitionAt, partitionsOf, tableName } from "./partitions.ts";
import { hasPartitions, type IndexPart, isOnly, isPart, isPartOf, type Part, partsByTable, partsOf } from "./partOf.ts";

/** The same thing of the partitions that stay attached all through the plan, as it is wanted there. */
export const below = (o: Part, context: Context): readonly Part[] =>
  keptPartitions(tableName(o.id), context).flatMap((p) => partsOf(p.id, context.to).filter((x) => isPartOf(x, o.id)));

/**
 * Whether it must be made ONLY there, because partitions have it under names or with options of their own, or have one like it
 * besides, which Postgres would take for a part of it. Beside foreign partitions, which it counts, such a one would never be valid.
 */
export const isOnlyThere = (o: IndexPart, context: Context): boolean => onlyThere(context)(o);
/** Each part of it asks, and the answer takes a look at all of them. */
const onlyThere = oncePer((context: Context) =>
  oncePer(
    (o: IndexPart): boolean =>
      isOnly(o) || (!isNeverTaken(o) && !hasForeignParts(tableName(o.id), context) && isMadeOnly(o, context)),
  ),
);

const isMadeOnly = (o: IndexPart, context: Context): boolean =>
  keptPartitions(tableName(o.id), context).some((p) =>
    partsOf(p.id, context.to).some((x) => !isKind(x, "foreignKey") && x.attributes.partOf === null && mayTake(o, x)),
  ) || below(o, context).some((x) => !isKind(x, "foreignKey") && (!x.implied || isOnlyThere(x, context)));

/** A partition whose rows are elsewhere: Postgres makes no part of an index there. */
const isForeignPart = ({ schema, name }: Id<"partition">, { to }: Context): boolean =>
  isForeign({ kind: "table", schema, name }, to);
export const hasForeignParts = (t: QualifiedName, context: Context): boolean =>
  partitionsOf(t, context.to).some((p) => isForeignPart(p.id, context));

/** Whether Postgres may take one of a partition for a part of this one. What only it can tell apart (operator classes) may be the same. */
function mayTake(above: IndexPart, own: IndexPart): boolean {
  // A part of a constraint has a constraint too.
  return !isNeverTaken(own) && same(traits(above), traits(own)) && (isKind(above, "index") || !isKind(own, "index"));
}
/** Whether rows are held apart by operators: Postgres compares no two such indexes, so parts of them come by attaching or by the one above. */
export const isNeverTaken = (o: IndexPart): boolean =>
  isKind(o, "exclude") || ((isKind(o, "primaryKey") || isKind(o, "unique")) && o.attributes.withoutOverlaps);
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
export function isTakenByAttaching(o: IndexPart, context: Context): boolean {
  const partition = o.attributes.partOf ? null : partitionAt(tableName(o.id), context.to);
  return (
    partition !== null &&
    joins(partition.id, context) &&
    partsOf(partition.attributes.of, context.to).some((p) => !isKind(p, "foreignKey") && mayTake(p, o))
  );
}

/**
 * Whether Postgres would give a partition a part of it when that is attached, although it is to have none, or one that some of its
 * own partitions lack, which Postgres overlooks. Foreign ones get none.
 */
export const lacks = (p: Id<"partition">, above: Part, context: Context): boolean =>
  isOnly(above) &&
  !isForeignPart(p, context) &&
  !partsOf(p, context.to).some((x) => !isOnly(x) && isPartOf(x, above.id));
/** Whether it becomes a part only after its table was attached. */
export function isLinkedLate({ id }: Part, context: Context): boolean {
  const o = context.to.get(encode(id));
  return o !== undefined && isPart(o) && isOnly(o) && o.attributes.partOf !== null && joins(tableName(id), context);
}
/** Those that are attached in this plan. */
export const lackingBelow = (o: Part, context: Context): readonly Id<"partition">[] =>
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
    partsOf(p.id, context.from).some((x) => isPartOf(x, o.id) && !staysPart(x)),
  );
}

/** Those of a kind that are there, and must not stay so while tables are attached, or parts go: they are dropped before and made again after. */
export function partsRemade<K extends IndexPart["id"]["kind"]>(kind: K, context: Context): readonly Id<K>[] {
  const { from, to } = context;
  if (!hasPartitions(to)) return [];
  const isRemade = (o: IndexPart): boolean =>
    isTakenByAttaching(o, context) ||
    (o.attributes.partOf !== null && isNeverTaken(o) && joins(tableName(o.id), context)) ||
    lackingBelow(o, context).length > 0 ||
    losesPart(o, context);
  return [...partsByTable(to).values()]
    .flat()
    .flatMap((o) => (isKind(o, kind) && from.has(encode(o.id)) && isRemade(o as IndexPart) ? [o.id as Id<K>] : []));
}
