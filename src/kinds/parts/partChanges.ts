/** How a part is made, dropped and changed, and what must come before that. */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { differing, isKind } from "../../model/database.ts";
import type { Action } from "../../model/plan.ts";
import { encode } from "../../model/id.ts";
import { qualified } from "../../sql.ts";
import type { Context, Followed, InPlace, Role } from "../room.ts";
import { action, quietly } from "./action.ts";
import { changeOptions } from "./indexStorage.ts";
import { detaching, isPartitioned, keepsPlace, leaves, partitionId, partitionsOf, tableName } from "./partitions.ts";
import {
  below,
  hasForeignParts,
  isLinkedLate,
  isNeverTaken,
  isOnlyThere,
  isTakenByAttaching,
  lackingBelow,
} from "./partLinks.ts";
import { aboveOf, type IndexPart, isOnly, isPart, isPartOf, needsAbove, type Part, partsOf } from "./partOf.ts";
import { sameButStatistics } from "./keys.ts";
import { ownRowsBefore, rowsBefore } from "./rowOrder.ts";
import { closesRing } from "./rowRings.ts";
import { isNew, tableOf } from "./table.ts";

/** Whether making the one above makes it. */
const isBrought = (o: IndexPart, context: Context): boolean => {
  const above = aboveOf(o);
  const from = above && context.to.get(encode(above));
  if (!from || !isPart(from) || isKind(from, "foreignKey") || !keepsPlace(tableName(o.id), context)) return false;
  const was = context.from.get(encode(from.id));
  if (was && isPart(was) && isOnly(was)) return false;
  return isBrought(from, context) || !isOnlyThere(from, context);
};

const attachIndex = (o: IndexPart): Action =>
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
  if (o.attributes.partOf && isNeverTaken(o)) return [];
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
  isKind(o, "foreignKey")
    ? !staysForeignKey(o, context) && needsAbove(o).every((above) => !context.to.has(encode(above)))
    : goesWithAbove(o, context);
/**
 * The same of an index, which goes with the one above, or is made anew: else two partitions that leave would wait for each other.
 * Tables that go, or go aside, take theirs along.
 */
function goesWithAbove(o: IndexPart, context: Context): boolean {
  const { to, aside } = context;
  const above = aboveOf(o);
  // A constraint beneath an index does not go with that.
  if (above?.kind !== o.id.kind || !isDropped(above, context)) return false;
  return [tableOf(o.id), tableOf(above)].map(encode).every((t) => to.has(t) && !aside?.has(t));
}
/** Whether it is neither dropped nor made anew. */
function staysForeignKey(o: DbObject<"foreignKey">, { to }: Context): boolean {
  const is = to.get(encode(o.id));
  return (
    is !== undefined &&
    isKind(is, "foreignKey") &&
    differing(o, is).every((a) => a === "partOf" || a === "deferrable" || a === "validated" || a === "enforced")
  );
}
/** Whether it is gone, or nothing changes it in place. */
function isDropped(id: Part["id"], { from, to }: Context): boolean {
  const [was, is] = [from.get(encode(id)), to.get(encode(id))];
  if (!was || !is) return was !== undefined;
  const anew = differing(was, is).filter((a) => !inPlace.has(a));
  if (isKind(was, "index") && isKind(is, "index") && sameButStatistics(was.attributes.keys, is.attributes.keys))
    return anew.some((a) => a !== "keys");
  return anew.some((a) => a !== "elements");
}
/** Of a partitioned table's index. */
const inPlace: ReadonlySet<string> = new Set(["partOf", "only", "tablespace"]);
/** What must be dropped before a partition is detached. */
export const dropsBeforeDetaching = (t: QualifiedName, context: Context): readonly Followed[] =>
  partsOf(t, context.from).flatMap((o) =>
    o.attributes.partOf && goesFirst(o, context)
      ? allAbove(o, context).map((id) => ({ id, roles: ["drop"] as const }))
      : [],
  );
/** The one above, and those above that one. */
function allAbove(o: Part, { from }: Context): readonly Id[] {
  const out: Id[] = [];
  for (let above = aboveOf(o); above;) {
    out.push(above);
    const next = from.get(encode(above));
    above = next && isPart(next) ? aboveOf(next) : null;
  }
  return out;
}
/** Whether partitions that leave keep theirs when this one is dropped. */
const isKeptBelow = (o: Part, context: Context): boolean =>
  !isKind(o, "foreignKey") ||
  context.to.has(encode(o.id)) ||
  partitionsOf(tableName(o.id), context.from).some((p) =>
    partsOf(p.id, context.from).some(
      (x) => isKind(x, "foreignKey") && isPartOf(x, o.id) && staysForeignKey(x, context),
    ),
  );

/** Whether a partition that leaves has lost its part of an index before that. */
const losesPartFirst = (p: Id, above: Part, context: Context): boolean =>
  p.kind === "partition" &&
  !isKind(above, "foreignKey") &&
  partsOf(p, context.from).some((x) => isPartOf(x, above.id) && goesFirst(x, context));

/** What must come first: a table is detached before what it has from above changes, and before that changes above. */
export function partFollows(o: Part, role: Role, context: Context): readonly Followed[] {
  if (role !== "create" && role !== "alter" && role !== "drop") return [];
  const t = tableName(o.id);
  const was = role === "create" ? context.from.get(encode(o.id)) : undefined;
  // One of the same name that goes with the one above must be gone.
  const isGone =
    was !== undefined &&
    isPart(was) &&
    (keepsPlace(t, context) || (!isKind(was, "foreignKey") && goesFirst(was, context)));
  const gone = isGone ? allAbove(was, context) : [];
  const late = role !== "drop" && isLinkedLate(o, context);
  const attached = late || (role === "create" && !isKind(o, "foreignKey") && isTakenByAttaching(o, context));
  return [
    ...(role === "drop" ? [] : rowsThatMeet(o, context)),
    ...(attached ? [{ id: partitionId(t), roles: ["create"] as const }] : []),
    ...(role === "create" ? lackingBelow(o, context) : []).map((id) => ({ id, roles: ["create"] as const })),
    ...gone.map((id) => ({ id, roles: ["drop"] as const })),
    ...(role !== "drop" || isKeptBelow(o, context)
      ? detaching(t, context).filter(({ id }) => role !== "drop" || !losesPartFirst(id, o, context))
      : []),
    ...(role !== "create" && leaves(t, context) && !(role === "drop" && goesFirst(o, context))
      ? [{ id: partitionId(t), roles: ["drop"] as const }]
      : []),
  ];
}

/** Rows of reference data by which alone it may be met. */
function rowsThatMeet(o: Part, context: Context): readonly Followed[] {
  if (isKind(o, "index") && !o.attributes.unique) return [];
  // A new table has what its rows are to meet from the start, but for what closes a ring of rows.
  if (isNew(tableOf(o.id), context) && !(isKind(o, "foreignKey") && closesRing(o, context))) return [];
  if (!isKind(o, "foreignKey")) return ownRowsBefore(o.id, context);
  const { schema, name: table } = o.attributes.references;
  return rowsBefore(o.id, { schema, table });
}

/** Attaching and detaching a table does the same to its indexes. */
export const changePartOf = (from: IndexPart, to: IndexPart, _: unknown, context: Context): InPlace | "replace" => {
  if (isLinkedLate(to, context)) return quietly(attachIndex(to));
  if (!keepsPlace(tableName(to.id), context)) return to.attributes.partOf && isNeverTaken(to) ? "replace" : quietly();
  return from.attributes.partOf === null ? quietly(attachIndex(to)) : "replace";
};

/** When all partitions have it, it is no longer theirs to say. */
export const changeOnly = (_: IndexPart, to: IndexPart, __: unknown, context: Context): InPlace | "replace" =>
  isOnly(to) || !isCompleted(to, context) ? "replace" : quietly();

/** Whether a part is attached where it was lacking: Postgres looks only then whether it is complete. */
const isCompleted = (o: Part, context: Context): boolean =>
  partitionsOf(tableName(o.id), context.from).every((p) => keepsPlace(p.id, context)) &&
  !hasForeignParts(tableName(o.id), context) &&
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
