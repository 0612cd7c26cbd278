/** Work on parents, heirs and tables that comes before work on a column, or on the table that it is of. */
import { isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { DbObject } from "../../model/objects.ts";
import { qualified } from "../../sql.ts";
import type { Context, Followed } from "../room.ts";
import type { Column } from "./columnText.ts";
import {
  childrenOf,
  columnAt,
  keepers,
  keepsParent,
  keptParents,
  leavingBelow,
  leavingHere,
  parentColumns,
  partsIn,
} from "./inheritance.ts";
import { isCheckBroughtByJoining } from "./inheritedChecks.ts";
import { goesAlong, type Id, isBrought, isBroughtByJoining, keptChildren, tableName } from "./inheritedColumns.ts";
import { isLoosened } from "./inheritedNotNull.ts";
import { partitionAt } from "./partitions.ts";
import { columnOf, isNew, tableOf } from "./table.ts";

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
        ...[...along, ...goingBelow(id, context)].map((h) => ({ id: h, roles: ["drop"] as const })),
        // What another parent gives as well does not go along before the table has left that one.
        ...ownTable,
        ...(goesAlong(o, context) ? [] : dropsAbove(id, context).map((p) => ({ id: p, roles: ["drop"] as const }))),
      ];
    }
    case "before":
      // What stands on it goes when its table has left its parents. With a generated one its heirs' go, and what stands on those;
      // so do not nulls that are taken off for a while.
      return [
        ...leaving,
        ...ownTable,
        ...(o.attributes.generated || isLoosened(id, context) ? keptChildren(id, context) : []).map((h) => ({
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

/**
 * What tables that go have by inheritance alone, however far below: the DROP would reach it, and what they have of their own and
 * goes with them (an exclusion of some rows) can stand on it.
 */
function goingBelow(id: Id, context: Context): readonly Id[] {
  return childrenOf(tableName(id), context.from).flatMap((t) => {
    const h = columnAt(columnOf({ schema: t.id.schema, table: t.id.name }, id.name), context.from);
    return !h || h.attributes.local || context.to.has(encode(t.id)) ? [] : [h.id, ...goingBelow(h.id, context)];
  });
}

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
