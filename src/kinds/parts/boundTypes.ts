/** Which types a column is bound to, and whether one of them is made anew. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Index, isKind, same } from "../../model/database.ts";
import { describeId, encode, sameId } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import type { Context } from "../room.ts";
import { isRemade } from "./composites.ts";
import type { Column } from "./columnText.ts";
import { labelChanges } from "./enumLabels.ts";
import { heldByForeign } from "./foreignTables.ts";
import { stuckInKey } from "./partitionKeys.ts";
import { tableName } from "./partitions.ts";
import { isReplaceable } from "./routines.ts";
import { rowsHeld } from "./rowTypes.ts";
import { collationIds, staysType, typeIds, typeIn } from "./typeIds.ts";
import { typeParts, typeText } from "./types.ts";
import { columnsUsing, isInArrays } from "./users.ts";

/** The column's type, or that of its elements, where it is one that somebody made; and its collation. */
export function ownType(o: Column, { from, to }: Context): readonly Id[] {
  const type = typeText(o.attributes.type);
  const found = [typeIn(type, to), typeIn(type, from)].flatMap((id) => id ?? []);
  return [...(found.length ? found : typeIds(type)), ...collationIds(o.attributes.collation)];
}

/** Checks of domains that values of the type hold inside: Postgres puts none on such a domain once a column has the type. */
export function checksWithin(type: string, all: Index): readonly Id<"domainCheck">[] {
  const id = typeIn(type, all);
  const found = id && all.get(encode(id));
  if (!found) return [];
  if (isKind(found, "domain"))
    return [
      ...(typeParts(type).array ? checksOf(found.id, all) : []),
      ...checksWithin(typeText(found.attributes.type), all),
    ];
  if (isKind(found, "composite"))
    return found.attributes.attributes.flatMap((a) => {
      const text = typeText(a.type);
      return checksWithin(text.endsWith("[]") ? text : `${text}[]`, all);
    });
  return [];
}
/** Whether a value of the type must meet checks of domains. */
export function isChecked(type: string, all: Index): boolean {
  const id = typeIn(type, all);
  const found = id && all.get(encode(id));
  if (!found || !isKind(found, "domain")) return false;
  return checksOf(found.id, all).length > 0 || isChecked(typeText(found.attributes.type), all);
}
/** Whether the type is a domain some check of which may refuse a null: most let it pass, for of null they know nothing. */
export function mayRefuseNull(type: string, all: Index): boolean {
  const id = typeParts(type).array ? null : typeIn(type, all);
  const found = id && all.get(encode(id));
  if (!found || !isKind(found, "domain")) return false;
  const refuses = (check: Id): boolean => {
    const o = all.get(encode(check));
    if (!o || !isKind(o, "domainCheck")) return false;
    const { sql, canonical } = o.attributes.expression;
    return /null|coalesce|distinct/i.test(canonical ?? sql) || o.needs.some((n) => n.kind === "function");
  };
  return checksOf(found.id, all).some(refuses) || mayRefuseNull(typeText(found.attributes.type), all);
}
/** The checks of a domain itself. */
export const checksOf = (domain: Id, all: Index): readonly Id<"domainCheck">[] =>
  checksIn(all).get(encode(domain)) ?? [];
/** Checks by their domain; found once for each database. */
const checksIn = oncePer((all: Index): ReadonlyMap<string, readonly Id<"domainCheck">[]> => {
  const made = new Map<string, Id<"domainCheck">[]>();
  for (const o of all.values())
    if (isKind(o, "domainCheck")) {
      const domain = encode({ kind: "domain", schema: o.id.schema, name: o.id.domain });
      made.set(domain, [...(made.get(domain) ?? []), o.id]);
    }
  return made;
});

/** True when the column is there and its type is made anew in this plan, so that `rebindColumn` puts its default back. */
export const isRebound = (o: Column, context: Context): boolean =>
  context.from.has(encode(o.id)) && ownType(o, context).some((id) => isAnew(id, context));

/** Whether the column gets another type or collation. */
export const isRetyped = (from: Column, to: Column, context: Context): boolean => {
  const [a, b] = [from.attributes, to.attributes];
  return !same(a.collation, b.collation) || !staysType(a.type, b.type, context);
};

/** True when this type, or that of its elements, is made anew. */
export const anyAnew = (type: string, context: Context, seen?: Set<string>): boolean => {
  const id = typeIn(type, context.to);
  return id !== null && isAnew(id, context, seen);
};

/** True when this type, as it was, goes or is made anew. */
const doesNotStay = (type: string, context: Context, seen: Set<string>): boolean => {
  const id = typeIn(type, context.from);
  return id !== null && (!context.to.has(encode(id)) || isAnew(id, context, seen));
};

/** Why this type cannot be made anew where the plan would have it so; null: it can, or it stays. */
export const cannotBeAnew = (id: Id, context: Context): string | null =>
  isAnew(id, context) ? (stuckInKey(id, context) ?? stuckInRows(id, context)) : null;

/** Why columns of a type do not get a new one: rows of their table are held by another's column, or are elsewhere. null: they do. */
function stuckInRows(type: Id, context: Context): string | null {
  for (const column of columnsUsing(type, context.from).columns) {
    const to = context.to.get(encode(column.id));
    if (!to || !isKind(to, "column")) continue;
    const why =
      rowsHeld(tableName(column.id), context) ?? (to.attributes.generated ? null : heldByForeign(to, context));
    if (why) return `it would be made anew beneath ${describeId(column.id)}, and ${why}`;
  }
  return null;
}

/** Why a function cannot be made anew, or go, beneath the check of a domain; null: it can. */
export function cannotBeAnewBeneath(f: Id<"function">, context: Context): string | null {
  for (const domain of domainsRemade(context))
    if (checksOf(domain, context.from).some((id) => context.from.get(encode(id))?.needs.some((n) => sameId(n, f)))) {
      const stuck = cannotBeAnew(domain, context);
      if (stuck) return `a check of ${describeId(domain)} calls it, and ${stuck}`;
    }
  return null;
}

/**
 * Whether something is a type or a function that stays and is made anew, because Postgres does not make of the old one what is
 * wanted. `seen`: what was looked at already and is not, or is being looked at: a domain's check may call a function that takes the domain.
 */
export function isAnew(id: Id, context: Context, seen = new Set<string>()): boolean {
  const key = encode(id);
  if (seen.has(key)) return false;
  seen.add(key);
  const [was, is] = [context.from.get(key), context.to.get(key)];
  if (!was || !is) return false;
  if (isKind(was, "enum") && isKind(is, "enum")) return labelChanges(was, is) === null;
  if (isKind(was, "domain") && isKind(is, "domain"))
    return (
      !staysType(was.attributes.type, is.attributes.type, context) ||
      !same(was.attributes.collation, is.attributes.collation) ||
      anyAnew(typeText(is.attributes.type), context, seen) ||
      (isInArrays(was.id, context.from) && (hasNewRule(was, is, context) || hasRuleAnew(was.id, context, seen)))
    );
  if (isKind(was, "composite") && isKind(is, "composite"))
    // What it gets of such a type stands on the new one from the start.
    return (
      isRemade(was, is, context) || was.attributes.attributes.some((a) => doesNotStay(typeText(a.type), context, seen))
    );
  if (isKind(was, "range") && isKind(is, "range"))
    return !same(was.attributes, is.attributes) || anyAnew(typeText(is.attributes.subtype), context, seen);
  if (isKind(was, "function") && isKind(is, "function"))
    return !isReplaceable(was, is) || was.needs.some((n) => isAnew(n, context, seen));
  return false;
}

/** Domains that are made anew although nothing of them differs: a check of theirs calls what is. Found once for each plan. */
export function domainsRemade(context: Context): readonly Id<"domain">[] {
  const known = remade.get(context.to);
  if (known?.from === context.from) return known.domains;
  const domains = [...context.from.values()].flatMap((o) =>
    isKind(o, "domain") && hasRuleAnew(o.id, context, new Set([encode(o.id)])) && isAnew(o.id, context) ? [o.id] : [],
  );
  remade.set(context.to, { from: context.from, domains });
  return domains;
}
const remade = new WeakMap<Index, { readonly from: Index; readonly domains: readonly Id<"domain">[] }>();

/** Whether a check of the domain goes and comes again with something that it calls or names. */
const hasRuleAnew = (domain: Id, context: Context, seen: Set<string>): boolean =>
  checksOf(domain, context.to).some((id) => {
    const [was, is] = [context.from.get(encode(id)), context.to.get(encode(id))];
    if (!was || !is || !isKind(is, "domainCheck") || !is.attributes.validated) return false;
    // A function that goes has one of another signature in its place.
    return was.needs.some((n) => (n.kind === "function" && !context.to.has(encode(n))) || isAnew(n, context, seen));
  });

/** Whether the domain refuses values from now on that it took before, or may. */
const hasNewRule = (was: DbObject<"domain">, is: DbObject<"domain">, { from, to }: Context): boolean =>
  (is.attributes.notNull && !was.attributes.notNull) ||
  checksOf(is.id, to).some((id) => {
    const [old, check] = [from.get(encode(id)), to.get(encode(id))];
    return (
      check !== undefined &&
      isKind(check, "domainCheck") &&
      check.attributes.validated &&
      !same(old?.attributes, check.attributes)
    );
  });
