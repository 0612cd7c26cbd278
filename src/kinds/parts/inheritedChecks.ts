/** How checks that parents hand down change. A table has its parents' checks, said or not; here each is an object of its own. */
import type { DbObject, Id } from "../../model/objects.ts";
import { differing, type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { qualified } from "../../sql.ts";
import type { Context, Followed, Role } from "../room.ts";
import {
  childrenOf,
  keepsParent,
  leavingBelow,
  leavingHere,
  parentsOf,
  parentsOfTable,
  partsIn,
  tablesBelow,
} from "./inheritance.ts";
import { isPartitioned, partitionAt } from "./partitions.ts";
import { ownRowsBefore } from "./rowOrder.ts";
import { columnOf, isNew, tableOf } from "./table.ts";

type Check = DbObject<"check">;
type OfTable = { readonly schema: string; readonly table: string };
const tableName = (t: OfTable) => ({ schema: t.schema, name: t.table });
const at = (t: { readonly schema: string; readonly name: string }, name: string): Id<"check"> => ({
  kind: "check",
  schema: t.schema,
  table: t.name,
  name,
});

const checkAt = (id: Id<"check">, all: Index): Check | null => {
  const found = all.get(encode(id));
  return found && isKind(found, "check") ? found : null;
};

/** The checks of its table's direct parents that one of this name comes from. */
const parentChecks = (id: Id<"check">, all: Index): readonly Check[] =>
  parentsOf(id, all).flatMap((p) => {
    const found = checkAt(at(p, id.name), all);
    return found && !found.attributes.noInherit ? [found] : [];
  });

/** Checks that tables have from their parents and that are no objects of the database, because they do not say them. */
export function unsaidChecks(all: Index): readonly Check[] {
  const out = new Map<string, Check>();
  const byTable = new Map<string, Check[]>();
  for (const table of tablesBelow(all))
    for (const p of parentsOfTable(table, all))
      for (const { id: of, attributes, implicitName, needs } of handed(p, all, byTable)) {
        const id = at(table.id, of.name);
        const key = encode(id);
        if (all.has(key) || out.has(key)) continue;
        const here = { schema: id.schema, table: id.table };
        const own = needs.map((n) => (n.kind === "column" && sameTable(n, of) ? columnOf(here, n.name) : n));
        const made: Check = { id, attributes, needs: own, implied: true, ...(implicitName ? { implicitName } : {}) };
        out.set(key, made);
        const heirs = qualified(table.id);
        byTable.set(heirs, [...(byTable.get(heirs) ?? []), made]);
      }
  return [...out.values()];
}
const sameTable = (a: OfTable, b: OfTable): boolean => a.schema === b.schema && a.table === b.table;

/** What a table hands down: its checks, said or found before. */
function handed(
  t: { readonly schema: string; readonly name: string },
  all: Index,
  unsaid: ReadonlyMap<string, readonly Check[]>,
): readonly Check[] {
  const said = (partsIn(all).get(qualified(t)) ?? []).flatMap((o) =>
    isKind(o, "check") && !o.attributes.noInherit ? [o] : [],
  );
  return [...said, ...(unsaid.get(qualified(t)) ?? [])];
}

/** Whether ADD CONSTRAINT on a parent, or the making of the table, brings it. */
export const isBroughtCheck = (o: Check, context: Context): boolean =>
  o.implied === true &&
  (parentChecks(o.id, context.to).some((p) => keepsParent(o.id, tableName(p.id), context)) ||
    isCheckBroughtByJoining(o, context));

/** Whether the table gets the parents first, or is made, and then those bring it. */
export function isCheckBroughtByJoining(o: Check, context: Context): boolean {
  const parents = parentChecks(o.id, context.to);
  // A partition must have it before it can be attached.
  if (!o.implied || partitionAt(tableName(o.id), context.to)) return false;
  if (isNew(tableOf(o.id), context)) return true;
  // One that it has for itself, it has already when the table gets the parent.
  if (context.from.has(encode(o.id))) return false;
  return parents.every(
    (p) =>
      !context.from.has(encode(p.id)) && !isNew(tableOf(p.id), context) && !keepsParent(o.id, tableName(p.id), context),
  );
}

const keptGivers = (o: Check, context: Context): readonly Check[] =>
  parentChecks(o.id, context.from).filter((p) => keepsParent(o.id, tableName(p.id), context));

/** Whether a parent's VALIDATE reaches it. */
export const isValidatedAbove = (o: Check, context: Context): boolean =>
  keptGivers(o, context).some((p) => checkAt(p.id, context.to)?.attributes.validated === true);

/** Whether a parent's DROP takes it along; a partition has none of its parent's for itself, said or not. */
export const checkGoesAlong = (o: Check, context: Context): boolean => {
  const givers = keptGivers(o, context);
  const handed = o.implied === true || partitionAt(tableName(o.id), context.from) !== null;
  return handed && givers.length > 0 && givers.every((p) => !dropsCheckOnly(p.id, context));
};

/** Whether its table goes, and with that what it has from above, which no DROP of its own takes before. */
export const checkGoesWithTable = (o: Check, context: Context): boolean =>
  !context.to.has(encode(tableOf(o.id))) &&
  (o.implied === true || partitionAt(tableName(o.id), context.from) !== null) &&
  parentChecks(o.id, context.from).length > 0;

/** Whether it can stay: all that Postgres does, if anything, is to look at the rows. */
export const isOnlyValidated = (from: Check, to: Check): boolean =>
  differing(from, to).every((a) => a === "validated" && to.attributes.validated);

/**
 * Where one of a partitioned table and its partitions is made anew, all are: Postgres drops them with the uppermost one, and those that
 * are valid although that one is not must be there before it comes again.
 */
export function checksRemade(context: Context): readonly Id<"check">[] {
  const { from, to } = context;
  const out: Id<"check">[] = [];
  for (const o of to.values()) {
    if (!isKind(o, "check") || !isPartitioned(tableName(o.id), to)) continue;
    if (!from.has(encode(o.id)) || keptGivers(o, context).length) continue;
    const family = [o, ...keptBelow(o.id, context)];
    if (family.every((c) => isOnlyValidated(checkAt(c.id, from) ?? c, c))) continue;
    out.push(...family.flatMap((c) => (c.implied && c !== o ? [] : [c.id])));
  }
  return out;
}
/** The same check of partitions that stay, theirs included, as it is wanted there. */
const keptBelow = (id: Id<"check">, context: Context): readonly Check[] =>
  childrenOf(tableName(id), context.to).flatMap((t) => {
    const is = checkAt(at(t.id, id.name), context.to);
    return is && keepsParent(is.id, tableName(id), context) ? [is, ...keptBelow(is.id, context)] : [];
  });
/** Where a partition's came from before, up to the uppermost one, whose DROP is the only one. */
const giversAbove = (o: Check, context: Context): readonly Check[] =>
  partitionAt(tableName(o.id), context.from)
    ? keptGivers(o, context).flatMap((p) => [p, ...giversAbove(p, context)])
    : [];

/** Whether a parent gives it all through the plan. */
const isStillGiven = (id: Id<"check">, context: Context): boolean =>
  parentChecks(id, context.to).some(
    (p) =>
      parentChecks(id, context.from).some((was) => sameTable(was.id, p.id)) &&
      keepsParent(id, tableName(p.id), context),
  );

/** Whether its DROP must say ONLY, because a table below keeps it as its own. */
export const dropsCheckOnly = (id: Id<"check">, context: Context): boolean =>
  !context.to.has(encode(id)) &&
  !isPartitioned(tableName(id), context.from) &&
  childrenOf(tableName(id), context.from).some((t) => {
    const heir = checkAt(at(t.id, id.name), context.from);
    return (
      heir?.implied === true &&
      keepsParent(heir.id, tableName(id), context) &&
      (context.to.has(encode(heir.id)) ? !isStillGiven(heir.id, context) : dropsCheckOnly(heir.id, context))
    );
  });

/** Those that partitions keep for themselves, as they are: Postgres drops them with the one of the partitioned table. */
export const keptInPartitions = (id: Id<"check">, context: Context): readonly Check[] =>
  !isPartitioned(tableName(id), context.from) || context.to.has(encode(id))
    ? []
    : childrenOf(tableName(id), context.from).flatMap((t) => {
        const here = at(t.id, id.name);
        if (!keepsParent(here, tableName(id), context)) return [];
        const is = checkAt(here, context.to);
        const was = checkAt(here, context.from);
        if (is && was && !isOnlyValidated(was, is)) return [];
        return is ? [is] : keptInPartitions(here, context);
      });

/** What an ADD CONSTRAINT must find in the tables below, however far. */
function heirsBelow(id: Id<"check">, context: Context): readonly Followed[] {
  const here = tableName(id);
  return childrenOf(here, context.to).flatMap((t): readonly Followed[] => {
    const check = at(t.id, id.name);
    const heir = checkAt(check, context.to);
    if (!keepsParent(check, here, context))
      return heir && !isNew(t.id, context) && isCheckBroughtByJoining(heir, context)
        ? [{ id: t.id, roles: ["after"] }]
        : [];
    // The partitioned table's joins those that its partitions have for themselves by then.
    const joined = heir && !heir.implied && partitionAt(t.id, context.to) !== null;
    return [{ id: check, roles: joined ? ["drop", "create"] : ["drop"] }, ...heirsBelow(check, context)];
  });
}

/** Tables below that a DROP takes it from and that leave another parent who gives it as well: it goes only when they have. */
const takenFrom = (id: Id<"check">, context: Context): readonly Followed[] =>
  childrenOf(tableName(id), context.from).flatMap((t) => {
    const heir = checkAt(at(t.id, id.name), context.from);
    if (!heir?.implied || !keepsParent(heir.id, tableName(id), context) || context.to.has(encode(heir.id))) return [];
    const leaves = parentChecks(heir.id, context.from).some((p) => !keepsParent(heir.id, tableName(p.id), context));
    return [...(leaves ? [{ id: t.id, roles: ["alter"] as const }] : []), ...takenFrom(heir.id, context)];
  });

/** The checks above whose DROP an own one waits for: Postgres drops none that a parent hands down. One that goes along goes with those above it. */
const dropsAbove = (o: Check, context: Context): readonly Check[] =>
  keptGivers(o, context).flatMap((p) => (checkGoesAlong(p, context) ? dropsAbove(p, context) : [p]));

/** Work on parents, heirs and tables that comes before work on a check. What a statement above does is done when that is. */
export function checkFollows(o: Check, role: Role, context: Context): readonly Followed[] {
  const { id } = o;
  // A table that leaves its parent does so before what is the parent's changes.
  const leaving = leavingBelow(tableName(id), context);
  const on = (all: readonly Check[], role: Role): readonly Followed[] => all.map((p) => ({ id: p.id, roles: [role] }));
  if (role === "create") {
    if (isNew(tableOf(id), context)) return [];
    const givers = isBroughtCheck(o, context) ? parentChecks(id, context.to) : [];
    return [
      ...ownRowsBefore(id, context),
      ...leaving,
      ...heirsBelow(id, context),
      ...on(givers, "create"),
      ...on(giversAbove(o, context), "drop"),
    ];
  }
  if (role !== "drop") return [...ownRowsBefore(id, context), ...leaving, ...on(keptGivers(o, context), role)];
  if (checkGoesAlong(o, context)) return [...leaving, ...on(keptGivers(o, context), "drop")];
  return [...leaving, ...leavingHere(id, context), ...takenFrom(id, context), ...on(dropsAbove(o, context), "drop")];
}
