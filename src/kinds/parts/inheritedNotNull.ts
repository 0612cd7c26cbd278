/** How a not-null that parents hand down changes. PostgreSQL 18 keeps who has one from whom; before it no column knows. */
import { same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import type { NotNull } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import type { Column } from "./columnText.ts";
import { isForeign } from "./foreignOptions.ts";
import { isHeldInPlan } from "./heldNames.ts";
import { columnAt, inheritable, keepers, keptHeirs, notNullName, withoutName } from "./inheritance.ts";
import { attributesAt, type Id, tableName } from "./inheritedColumns.ts";
import { alter, isNew, tableOf } from "./table.ts";

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
 * Heirs with a not-null of their own beside the parent's. PostgreSQL 18 cannot change the type above them: it makes both
 * constraints anew and then takes them for two of one column.
 */
export const doublyNotNull = (id: Id, context: Context): readonly Column[] =>
  inheritable(attributesAt(id, "from", context).notNull) ? ownBelow(id, context) : [];

/** Heirs that had a not-null of their own and keep it, the parent's or not. */
export const ownBelow = (id: Id, context: Context): readonly Column[] =>
  context.version < 180000 ? [] : ownNotNulls(id, context, (was) => was);

/** Whether its not-null goes and comes with a new type, for that reason. */
export function isLoosened(id: Id, context: Context): boolean {
  const known = loosened(context);
  const key = encode(id);
  let found = known.get(key);
  if (found === undefined) {
    found =
      context.from.has(key) &&
      (doublyNotNull(id, context).length > 0 || keepers(id, context).some((p) => isLoosened(p, context)));
    known.set(key, found);
  }
  return found;
}
/** By column: each heir asks for its parents, and they for all of their heirs. */
const loosened = oncePer((_: Context) => new Map<string, boolean>());

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
    const own =
      is.attributes.notNull &&
      fits(was.attributes.notNull !== null) &&
      (was.attributes.local || hasOwnName(is, context));
    return [...(own ? [is] : []), ...ownNotNulls(h, context, fits)];
  });
}

/** Whether a not null that parents hand down has another name than theirs. */
const hasOwnName = (o: Column, context: Context): boolean =>
  o.attributes.notNull !== null && notNullName(o, context.to) !== notNullName(withoutName(o), context.to);

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

/** A not null whose usual name others of the schema have, or had: Postgres would number it (PostgreSQL 18). */
export function withHeldName(o: Column, context: Context): Column {
  const { notNull } = o.attributes;
  if (context.version < 180000 || !notNull || notNull.name !== null || !isNotNullHeld(o, context)) return o;
  return { ...o, attributes: { ...o.attributes, notNull: { ...notNull, name: notNullName(o, context.to) } } };
}
export const isNotNullHeld = (o: Column, context: Context): boolean =>
  isHeldInPlan(o.id, notNullName(o, context.to), context);

/** A not null that a new table's column has from above, under a name that is the table's own: only CREATE TABLE gives it that. */
export function inheritedUnder(o: Column, down: Column, context: Context): readonly Action[] {
  const comes = context.version >= 180000 && down.attributes.notNull !== null && isNew(tableOf(o.id), context);
  if (!comes || !hasOwnName(o, context)) return [];
  const text = `constraint ${name(notNullName(o, context.to))} not null ${name(o.id.name)}`;
  return [alter(tableOf(o.id), `add ${text}`, context, { create: text })];
}
