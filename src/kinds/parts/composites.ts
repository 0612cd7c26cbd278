/** How a composite type gets from one list of attributes to another. */
import type { CompositeAttribute, DbObject } from "../../model/objects.ts";
import { type Index, same } from "../../model/database.ts";
import { name } from "../../sql.ts";
import type { Context } from "../room.ts";
import { objectName } from "./keys.ts";
import { staysType } from "./typeIds.ts";
import { hasTables } from "./typedTables.ts";
import { isUsed } from "./users.ts";

type Composite = DbObject<"composite">;

export interface AttributeChanges {
  readonly dropped: readonly CompositeAttribute[];
  readonly retyped: readonly CompositeAttribute[];
  readonly added: readonly CompositeAttribute[];
}

export function attributeChanges(from: Composite, to: Composite, context: Context): AttributeChanges {
  const [was, is] = [from.attributes.attributes, to.attributes.attributes];
  const old = new Map(was.map((a) => [a.name, a]));
  const kept = new Set(is.map((a) => a.name));
  const stays = (a: CompositeAttribute, b: CompositeAttribute): boolean =>
    same(a.collation, b.collation) && staysType(a.type, b.type, context);
  return {
    dropped: was.filter((a) => !kept.has(a.name)),
    retyped: is.filter((a) => old.has(a.name) && !stays(old.get(a.name)!, a)),
    added: is.filter((a) => !old.has(a.name)),
  };
}

/** Those that stay keep their order, new ones come last: nothing in Postgres moves an attribute. */
export function inPlace(to: Composite, from: Composite): Composite {
  const place = new Map(from.attributes.attributes.map((a, i) => [a.name, i]));
  const rank = (a: CompositeAttribute): number => place.get(a.name) ?? place.size;
  const attributes = [...to.attributes.attributes].sort((a, b) => rank(a) - rank(b));
  return { ...to, attributes: { attributes } };
}
/** Whether its attributes stay in the order that they have: rows are of it. One that only functions and views know is made anew for it. */
export const keepsOrder = (o: Composite, all: Index): boolean => isUsed(o.id, all) || hasTables(o.id, all);

/** Postgres changes no attribute of a type that a column holds, be it inside another type, and moves none, so the type is made anew. */
export function isRemade(from: Composite, to: Composite, context: Context): boolean {
  const retyped = attributeChanges(from, to, context).retyped.length > 0;
  const moved = !same(inPlace(to, from), to);
  if (!retyped && !moved) return false;
  return isUsed(from.id, context.from) ? retyped : moved && !hasTables(from.id, context.from);
}

/** `amount numeric(14,2) collate "C"` */
export const attributeText = (a: CompositeAttribute): string =>
  `${name(a.name)} ${a.type.sql}${a.collation ? ` collate ${objectName(a.collation)}` : ""}`;
