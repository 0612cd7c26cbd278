/**
 * How columns that parents hand down change. Every column of every heir is its own object here, said or not, so each
 * difference is brought about where it is: a statement reaches a table's heirs only where all of them change alike.
 */
import type { Attributes, DbObject, NotNull } from "../../model/objects.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { name, qualified } from "../../sql.ts";
import type { Context, Followed } from "../room.ts";
import { isRebound, isRetyped } from "./boundTypes.ts";
import type { Column } from "./columnText.ts";
import { isForeign } from "./foreignOptions.ts";
import { isCheckBroughtByJoining } from "./inheritedChecks.ts";
import {
  childrenOf,
  columnAt,
  handedDown,
  inheritable,
  keepers,
  keepsParent,
  keptHeirs,
  keptParents,
  leavingBelow,
  leavingHere,
  notNullName,
  parentColumns,
  partsIn,
} from "./inheritance.ts";
import { isPartitioned, partitionAt } from "./partitions.ts";
import { columnOf, isNew, tableOf } from "./table.ts";

/** Attributes that a parent's ALTER changes in its heirs as well, unless it says ONLY. Compression and options never are. */
type Handed = "default" | "generated" | "storage" | "statistics" | "notNull";

type Id = Column["id"];
const attributesAt = (id: Id, side: "from" | "to", context: Context): Attributes<"column"> =>
  columnAt(id, context[side])!.attributes;

/** A new type or collation, or a type made anew, sets back how values are stored; the default is taken off before. */
export function isReset(id: Id, context: Context): boolean {
  const to = columnAt(id, context.to);
  const from = columnAt(id, context.from);
  if (!from || !to) return false;
  return isRetyped(from, to, context) || isRebound(to, context);
}

function was(id: Id, x: Handed, context: Context): unknown {
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
 * PostgreSQL 18 keeps what parents hand down: whether a parent gives it, leaves it behind as the heir's own, takes it away, or has
 * nothing to do with it.
 */
export function parentsNotNull(id: Id, context: Context): "gives" | "leaves" | "takes" | null {
  const all = keepers(id, context);
  if (all.some((p) => inheritable(attributesAt(p, "to", context).notNull))) return "gives";
  const givers = all.filter((p) => inheritable(attributesAt(p, "from", context).notNull));
  if (givers.some((p) => leavesNotNull(p, context))) return "leaves";
  return givers.length ? "takes" : null;
}

/** Whether ALTER CONSTRAINT … NO INHERIT is how the column stops to hand it down: what heirs have from it stays with them then. */
function leavesNotNull(id: Id, context: Context): boolean {
  const [had, has] = [attributesAt(id, "from", context), attributesAt(id, "to", context)];
  if (!has.notNull || isNotNullAnew(id, had.notNull, has.notNull, context)) return false;
  return had.local || parentsNotNull(id, context) !== "takes";
}

/** Whether it is dropped and added: ALTER CONSTRAINT is not for foreign tables, and nothing makes one invalid. */
export const isNotNullAnew = (id: Id, was: NotNull | null, is: NotNull, context: Context): boolean =>
  was !== null &&
  ((was.noInherit !== is.noInherit && isForeign(tableOf(id), context.from)) || (was.validated && !is.validated));

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
const isBrought = (id: Id, context: Context): boolean =>
  bringers(id, context).length > 0 || isBroughtByJoining(id, context);

/** The parents' columns that come in this plan by ADD COLUMN, of parents that the table keeps. */
const bringers = (id: Id, context: Context): readonly Column[] =>
  context.from.has(encode(id))
    ? []
    : parentColumns(id, context.to).filter((p) => isAdded(p, context) && keepsParent(id, tableName(p.id), context));
const isAdded = (p: Column, context: Context): boolean =>
  !context.from.has(encode(p.id)) && !isNew(tableOf(p.id), context);

/** Whether the table gets the parents first, and then those the column. */
function isBroughtByJoining(id: Id, context: Context): boolean {
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

/**
 * Heirs with a not-null of their own beside the parent's. PostgreSQL 18 cannot change the type above them: it makes both
 * constraints anew and then takes them for two of one column.
 */
export const doublyNotNull = (id: Id, context: Context): readonly Column[] =>
  context.version < 180000 || !inheritable(attributesAt(id, "from", context).notNull)
    ? []
    : ownNotNulls(id, context, (was) => was);

/** Whether its not-null goes and comes with a new type, for that reason. */
export const isLoosened = (id: Id, context: Context): boolean =>
  context.from.has(encode(id)) &&
  (doublyNotNull(id, context).length > 0 || keepers(id, context).some((p) => isLoosened(p, context)));

/** Heirs that get a not-null of their own together with the parent's: theirs must be there first, or they have the parent's only. */
export const newlyNotNull = (id: Id, context: Context): readonly Column[] =>
  context.version < 180000 || inheritable(columnAt(id, context.from)?.attributes.notNull ?? null)
    ? []
    : ownNotNulls(id, context, (was) => !was);

/** Heirs whose own not null gets another name as the parent begins to hand one down: nothing renames it any more after that. */
export const renamedNotNull = (id: Id, context: Context): readonly (readonly [was: Column, is: Column])[] =>
  context.version < 180000 || inheritable(columnAt(id, context.from)?.attributes.notNull ?? null)
    ? []
    : keptHeirs(id, context).flatMap((h) => {
        const [was, is] = [columnAt(h, context.from)!, columnAt(h, context.to)!];
        if (!was.attributes.notNull) return renamedNotNull(h, context);
        if (!inheritable(was.attributes.notNull) || !inheritable(is.attributes.notNull)) return [];
        const given = keepers(h, context).some((p) => inheritable(attributesAt(p, "from", context).notNull));
        return given || notNullName(was, context.from) === notNullName(is, context.to) ? [] : [[was, is] as const];
      });

function ownNotNulls(id: Id, context: Context, fits: (was: boolean) => boolean): readonly Column[] {
  return keptHeirs(id, context).flatMap((h) => {
    const [was, is] = [columnAt(h, context.from)!, columnAt(h, context.to)!];
    const own = was.attributes.local && is.attributes.notNull && fits(was.attributes.notNull !== null);
    return [...(own ? [is] : []), ...ownNotNulls(h, context, fits)];
  });
}

/**
 * Why a not null cannot get another name in place; null: it can, or keeps its own. Postgres renames one together with all that
 * have it from it, as long as they have one name, and none of those by itself.
 */
export function stuckNotNull(from: Column, to: Column, context: Context): string | null {
  const names = (id: Id): readonly string[] | null => {
    const [was, is] = [columnAt(id, context.from), columnAt(id, context.to)];
    if (!was || !is || !inheritable(was.attributes.notNull) || !inheritable(is.attributes.notNull)) return null;
    return [notNullName(was, context.from), notNullName(is, context.to)];
  };
  const own = context.version < 180000 || !from.attributes.notNull || !to.attributes.notNull ? null : names(to.id);
  if (!own || own[0] === own[1]) return null;
  const others = (list: readonly Id[]): readonly Id[] => list.filter((id) => !same(names(id) ?? own, own));
  const [giver] = others(keepers(to.id, context));
  if (giver)
    return `the not null of its column ${name(to.id.name)} is handed down by ${qualified(tableName(giver))}, and Postgres renames none that is`;
  const [heir] = others(keptHeirs(to.id, context));
  return heir
    ? `the not null of its column ${name(to.id.name)} is handed down to ${qualified(tableName(heir))}, where it has another name, so Postgres does not rename it`
    : null;
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

const tableName = (id: Id) => ({ schema: id.schema, name: id.table });

/** The same column of tables that stay children all through the plan. */
const keptChildren = (id: Id, context: Context): readonly Id[] =>
  childrenOf(tableName(id), context.from)
    .map((t) => columnOf({ schema: t.id.schema, table: t.id.name }, id.name))
    .filter((h) => keepsParent(h, tableName(id), context));

/** Work on parents, heirs and tables that comes before work on a column. */
export function columnFollows(o: Column, role: Followed["roles"][number], context: Context): readonly Followed[] {
  const { id } = o;
  const table = tableOf(id);
  const here = tableName(id);
  // A table that leaves its parent does so before what is the parent's changes.
  const leaving = leavingBelow(here, context);
  const ownTable = leavingHere(id, context);
  switch (role) {
    case "create": {
      const parents = parentColumns(id, context.to);
      if (isNew(table, context)) {
        if (partitionAt(here, context.to)) return inParentsOrder(o, context);
        return o.attributes.local ? [] : parents.map((p) => ({ id: p.id, roles: made }));
      }
      const brought = !o.attributes.local && isBrought(id, context);
      return [
        ...leaving,
        ...ownTable,
        ...heirsBelow(id, context),
        ...(brought ? parents.map((p) => ({ id: p.id, roles: made })) : []),
      ];
    }
    case "alter":
    case "after":
      return [
        ...leaving,
        ...ownTable,
        ...keepers(id, context).map((p) => ({ id: p, roles: ["alter", "after"] as const })),
      ];
    case "drop": {
      const along = keptChildren(id, context).filter((h) => {
        const heir = columnAt(h, context.from);
        return heir && !context.to.has(encode(h)) && goesAlong(heir, context);
      });
      // An heir that has the column from another parent from now on gets that one first: the DROP would take its values.
      const handedOn = keptChildren(id, context).filter((h) => {
        const heir = columnAt(h, context.from);
        return heir && !heir.attributes.local && context.to.has(encode(h)) && !keepers(h, context).length;
      });
      return [
        ...leaving,
        ...handedOn.map((h) => ({ id: tableOf(h), roles: ["after"] as const })),
        ...along.map((h) => ({ id: h, roles: ["drop"] as const })),
        // What another parent gives as well does not go along before the table has left that one.
        ...ownTable,
        ...(goesAlong(o, context) ? [] : dropsAbove(id, context).map((p) => ({ id: p, roles: ["drop"] as const }))),
      ];
    }
    case "before":
      // What stands on it goes when its table has left its parents. With a generated one its heirs' go, and what stands on those.
      return [
        ...leaving,
        ...ownTable,
        ...(o.attributes.generated ? keptChildren(id, context) : []).map((h) => ({
          id: h,
          roles: ["before"] as const,
        })),
      ];
    case "park":
    case "discard":
      return [];
  }
}
const made = ["create", "alter", "after"] as const;

/** What the ADD COLUMN that brings this one must find in the tables below, however far. */
function heirsBelow(id: Id, context: Context): readonly Followed[] {
  const here = tableName(id);
  return childrenOf(here, context.to).flatMap((t): readonly Followed[] => {
    const h = columnAt(columnOf({ schema: t.id.schema, table: t.id.name }, id.name), context.to);
    if (!h || isNew(t.id, context)) return [];
    // An heir's own column is there before the parent's, or the table before it gets what it lacks.
    if (h.attributes.local || context.from.has(encode(h.id))) return [{ id: h.id, roles: made }];
    const joins = isBroughtByJoining(h.id, context);
    return [...(joins ? [{ id: t.id, roles: ["after"] } as const] : []), ...heirsBelow(h.id, context)];
  });
}

/**
 * The columns above whose DROP an own one waits for, because Postgres drops none that a parent hands down. One that goes along
 * goes with those above it; a table that leaves its parent has the column for itself by then.
 */
function dropsAbove(id: Id, context: Context): readonly Id[] {
  return parentColumns(id, context.from)
    .filter((p) => keepsParent(id, tableName(p.id), context))
    .flatMap((p) => (goesAlong(p, context) ? dropsAbove(p.id, context) : [p.id]));
}

/**
 * The columns of a new partition stand in the order of its parent's, where its text does not say all of them. A generated one
 * waits for those that it is computed from.
 */
function inParentsOrder(o: Column, context: Context): readonly Followed[] {
  const own = (partsIn(context.to).get(qualified(tableName(o.id))) ?? []).flatMap((c) =>
    isKind(c, "column") ? c : [],
  );
  if (o.attributes.generated || own.every((c) => !c.implied)) return [];
  let before: Id | null = null;
  for (const name of columnOrder(tableName(o.id), context.to)) {
    if (name === o.id.name) return before ? [{ id: before, roles: ["create"] }] : [];
    const at = columnAt(columnOf({ schema: o.id.schema, table: o.id.table }, name), context.to);
    if (at && !at.attributes.generated) before = at.id;
  }
  return [];
}
/** Names of the columns of the table that all the others are partitions of, in its order. */
function columnOrder(t: { readonly schema: string; readonly name: string }, all: Context["to"]): readonly string[] {
  const partition = partitionAt(t, all);
  if (partition) return columnOrder(partition.attributes.of, all);
  return (partsIn(all).get(qualified(t)) ?? []).flatMap((c) => (isKind(c, "column") ? [c.id.name] : []));
}

/** What a table waits for: to be made, until its parents have what it gets from them; to get a parent, until both are as wanted. */
export function tableFollows(
  o: DbObject<"table">,
  role: Followed["roles"][number],
  context: Context,
): readonly Followed[] {
  if (role !== "create" && role !== "after") return [];
  const was = context.from.get(encode(o.id));
  const kept = was && isKind(was, "table") ? keptParents(was.attributes.inherits, o.attributes.inherits) : [];
  const fresh = o.attributes.inherits.slice(kept.length);
  if (!fresh.length) return [];
  const out: Followed[] = [];
  for (const t of role === "after" ? [...fresh, o.id] : fresh)
    for (const all of [context.from, context.to])
      for (const part of partsIn(all).get(qualified(t)) ?? []) {
        if (isKind(part, "check")) {
          const own = context.to.get(encode({ ...part.id, schema: o.id.schema, table: o.id.name }));
          const later = own && isKind(own, "check") && isCheckBroughtByJoining(own, context);
          if (role === "after" && !later) out.push({ id: part.id, roles: ["create", "alter", "drop"] });
        } else if (role === "create" || !isBroughtLater(part.id.name, o, context))
          out.push({ id: part.id, roles: ["create", "alter", "after", "drop"] });
      }
  return out;
}

/** A column that the table is to get by its new parent's ADD COLUMN: that waits for the table instead. */
function isBroughtLater(name: string, heir: DbObject<"table">, context: Context): boolean {
  const h = columnAt(columnOf({ schema: heir.id.schema, table: heir.id.name }, name), context.to);
  return h !== null && !h.attributes.local && isBroughtByJoining(h.id, context);
}
