/**
 * How columns that parents hand down change. Every column of every heir is its own object here, said or not, so each
 * difference is brought about where it is: a statement reaches a table's heirs only where all of them change alike.
 */
import { same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Attributes } from "../../model/objects.ts";
import { name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { isRebound, isRetyped } from "./boundTypes.ts";
import type { Column } from "./columnText.ts";
import { childrenOf, columnAt, handedDown, keepers, keepsParent, keptHeirs, parentColumns } from "./inheritance.ts";
import { isPartitioned, partitionAt } from "./partitions.ts";
import { columnOf, isNew, tableOf } from "./table.ts";

/** Attributes that a parent's ALTER changes in its heirs as well, unless it says ONLY. Compression and options never are. */
type Handed = "default" | "generated" | "storage" | "statistics" | "notNull";

export type Id = Column["id"];

export const attributesAt = (id: Id, side: "from" | "to", context: Context): Attributes<"column"> =>
  columnAt(id, context[side])!.attributes;

/** A new type or collation, or a type made anew, sets back how values are stored; the default is taken off before. */
export function isReset(id: Id, context: Context): boolean {
  const to = columnAt(id, context.to);
  const from = columnAt(id, context.from);
  if (!from || !to) return false;
  return isRetyped(from, to, context) || isRebound(to, context);
}

export function was(id: Id, x: Handed, context: Context): unknown {
  if ((x === "default" || x === "storage") && isReset(id, context)) return null;
  return attributesAt(id, "from", context)[x];
}

/** Whether all that a column hands itself down to is to change as it does. */
const uniform = (id: Id, x: Handed, context: Context): boolean =>
  keptHeirs(id, context).every(
    (h) =>
      same(was(h, x, context), was(id, x, context)) &&
      same(attributesAt(h, "to", context)[x], attributesAt(id, "to", context)[x]) &&
      uniform(h, x, context),
  );

/** Whether an ALTER must say ONLY, because heirs are to be otherwise. What a parent just brought is mended in each heir by itself. */
export const isOnly = (id: Id, x: Handed, context: Context): boolean =>
  // Postgres changes the not-null of a partitioned table with that of all its partitions.
  !(x === "notNull" && isPartitioned(tableName(id), context.to)) && isOnlyHere(id, x, context);

const isOnlyHere = (id: Id, x: Handed, context: Context): boolean =>
  context.from.has(encode(id))
    ? keptHeirs(id, context).length > 0 && !uniform(id, x, context)
    : !isNew(tableOf(id), context) && hasChildren(id, context);

/** Whether there are tables below its table at any time of the plan. */
export const hasChildren = (id: Id, { from, to }: Context): boolean =>
  [from, to].some((all) => childrenOf(tableName(id), all).length > 0);

/** Whether a parent's ALTER brings this change about. */
export const comesFromParent = (id: Id, x: Handed, context: Context): boolean =>
  keepers(id, context).some(
    (p) =>
      (!same(was(p, x, context), attributesAt(p, "to", context)[x]) &&
        ((x === "notNull" && isPartitioned(tableName(p), context.to)) || uniform(p, x, context))) ||
      comesFromParent(p, x, context),
  );

/**
 * What a column that is no table's own is when its turn comes: as a new table got it from its parents, or as the parent's
 * ADD COLUMN brought it. Null for one that must be added: no parent has it, or its table gets the parent too late.
 */
export function handedOver(o: Column, context: Context): Column | null {
  const down = handedDown(o.id, context.to);
  if (!down || o.attributes.local) return null;
  const fresh = isNew(tableOf(o.id), context);
  // A partition is made as a table of its own, and then attached.
  if (fresh && partitionAt(tableName(o.id), context.to)) return null;
  if (!fresh && !isBrought(o.id, context)) return null;
  const was = fresh ? down.attributes : { ...asBrought(down.attributes), ...asAdded(o.id, context) };
  // An inherited not-null has the parent's name, and keeps it.
  return { ...down, attributes: { ...was, notNull: was.notNull && (o.attributes.notNull ?? was.notNull) } };
}

/** What an ADD COLUMN hands down: how values are stored is said afterwards, and of that table alone. */
export const asBrought = (a: Attributes<"column">): Attributes<"column"> => ({
  ...a,
  storage: null,
  compression: null,
});

/** True when an ADD COLUMN of this plan gives it to the table: that of a parent, which stays or else comes with nothing but such columns. */
export const isBrought = (id: Id, context: Context): boolean =>
  bringers(id, context).length > 0 || isBroughtByJoining(id, context);

/** The parents' columns that come in this plan by ADD COLUMN, of parents that the table keeps. */
const bringers = (id: Id, context: Context): readonly Column[] =>
  context.from.has(encode(id))
    ? []
    : parentColumns(id, context.to).filter((p) => isAdded(p, context) && keepsParent(id, tableName(p.id), context));

const isAdded = (p: Column, context: Context): boolean =>
  !context.from.has(encode(p.id)) && !isNew(tableOf(p.id), context);

/** Whether the table gets the parents first, and then those the column. */
export function isBroughtByJoining(id: Id, context: Context): boolean {
  if (context.from.has(encode(id)) || partitionAt(tableName(id), context.to)) return false;
  const parents = parentColumns(id, context.to);
  return parents.length > 0 && !bringers(id, context).length && parents.every((p) => isAdded(p, context));
}

/** What the ADD COLUMN that reaches this one says of it. */
function asAdded(id: Id, context: Context): Pick<Attributes<"column">, "default" | "generated" | "notNull"> {
  const kept = bringers(id, context);
  const [first, ...others] = (kept.length ? kept : parentColumns(id, context.to)).map((p) => {
    if (!p.attributes.local && isBrought(p.id, context)) return asAdded(p.id, context);
    const { default: initial, generated, notNull } = p.attributes;
    return { default: initial, generated, notNull: notNull && !notNull.noInherit ? notNull : null };
  });
  if (!first) return { default: null, generated: null, notNull: null };
  // The first ADD COLUMN decides, and which that is nobody knows yet: then it is said whatever it is.
  return others.every((o) => same(o.default, first.default)) ? first : { ...first, default: null };
}

/** What a column of a new table is when it was written with a line of its own: what the line leaves open is the parents'. */
export function mergedInto(
  o: Column,
  context: Context,
): Pick<Attributes<"column">, "default" | "storage" | "compression" | "generated"> {
  const merged = isNew(tableOf(o.id), context) && !partitionAt(tableName(o.id), context.to);
  const down = merged ? handedDown(o.id, context.to) : null;
  return {
    default: o.attributes.default ?? down?.attributes.default ?? null,
    storage: down?.attributes.storage ?? null,
    compression: down?.attributes.compression ?? null,
    generated: down?.attributes.generated ?? null,
  };
}

/** Why a column cannot get another type; null: it can. Postgres changes a type with that of all that hand the column down, from one table at the top. */
export function stuckType(from: Column, to: Column, context: Context): string | null {
  if (!isRetyped(from, to, context)) return null;
  const [one, other] = new Set(topmost(to.id, context).map((id) => qualified(tableName(id))));
  return one !== undefined && other !== undefined
    ? `its column ${name(to.id.name)} is handed down by ${one} and by ${other}, and Postgres gives none another type that comes from more than one table`
    : null;
}

const topmost = (id: Id, context: Context): readonly Id[] => {
  const above = keepers(id, context);
  return above.length ? above.flatMap((p) => topmost(p, context)) : [id];
};

/** Whether its DROP must say ONLY, because an heir's column stays. */
export const dropsOnly = (id: Id, context: Context): boolean =>
  !isPartitioned(tableName(id), context.from) &&
  keptChildren(id, context).some((h) => {
    const heir = columnAt(h, context.from);
    if (!heir || heir.attributes.local) return false;
    return context.to.has(encode(h)) ? parentColumns(h, context.to).length === 0 : dropsOnly(h, context);
  });

/** Whether a parent's DROP takes it along. */
export function goesAlong(o: Column, context: Context): boolean {
  if (o.attributes.local) return false;
  const givers = parentColumns(o.id, context.from).filter((p) => keepsParent(o.id, tableName(p.id), context));
  return givers.length > 0 && givers.every((p) => !dropsOnly(p.id, context));
}

export const tableName = (id: Id) => ({ schema: id.schema, name: id.table });

/** The same column of tables that stay children all through the plan. */
export const keptChildren = (id: Id, context: Context): readonly Id[] =>
  childrenOf(tableName(id), context.from)
    .map((t) => columnOf({ schema: t.id.schema, table: t.id.name }, id.name))
    .filter((h) => keepsParent(h, tableName(id), context));
