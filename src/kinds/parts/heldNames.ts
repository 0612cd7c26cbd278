/** Names of constraints that several of a schema have: Postgres makes up none of those again, so they are said. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import type { Context } from "../room.ts";
import { notNullName } from "./inheritance.ts";
import { makeObjectName } from "./names.ts";
import { isPart } from "./partOf.ts";

/** Whether another of its schema has this name for a constraint. Parts of foreign keys don't count: nobody says those. */
export function isHeldByOthers(id: Id & { readonly schema: string }, name: string, all: Index): boolean {
  const own = encode(id);
  return (
    holdersIn(all)
      .get(`${id.schema}.${name}`)
      ?.some((other) => other !== own) ?? false
  );
}

/** The same of the databases that a plan begins and ends with. */
export const isHeldInPlan = (id: Parameters<typeof isHeldByOthers>[0], name: string, { from, to }: Context): boolean =>
  isHeldByOthers(id, name, to) || isHeldByOthers(id, name, from);

/** By schema and name; found once for each database. */
const holdersIn = oncePer((all: Index): ReadonlyMap<string, readonly string[]> => {
  const made = new Map<string, string[]>();
  for (const [key, o] of all) {
    const named = constraintName(o, all);
    if (named === null) continue;
    const list = made.get(named);
    if (list) list.push(key);
    else made.set(named, [key]);
  }
  return made;
});

function constraintName(o: DbObject, all: Index): string | null {
  if (isKind(o, "column")) {
    const { notNull, local } = o.attributes;
    // What only parents hand down has the parent's name for that reason, and comes after it.
    return notNull && (local || notNull.name !== null) ? `${o.id.schema}.${notNullName(o, all)}` : null;
  }
  if (isKind(o, "domain")) {
    const { notNull, notNullName: said } = o.attributes;
    return notNull ? `${o.id.schema}.${said ?? makeObjectName(o.id.name, null, "not_null")}` : null;
  }
  const isConstraint =
    isKind(o, "check") ||
    isKind(o, "domainCheck") ||
    (isKind(o, "trigger") && o.attributes.constraint !== null) ||
    (isPart(o) && !isKind(o, "index") && !(isKind(o, "foreignKey") && o.attributes.partOf !== null));
  return isConstraint && "schema" in o.id && "name" in o.id ? `${o.id.schema}.${o.id.name}` : null;
}
