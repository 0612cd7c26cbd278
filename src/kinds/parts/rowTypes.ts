/** Columns that hold rows of another table: while there is one, Postgres rewrites no row of that table. */
import type { Id, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { describeId, encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import type { Context, Followed, Role } from "../room.ts";
import type { Column } from "./columnText.ts";
import { isForeign } from "./foreignOptions.ts";
import { columnIdsIn } from "./inheritance.ts";
import { tableOf } from "./table.ts";
import { typeIn } from "./typeIds.ts";
import { typeParts, typeText } from "./types.ts";

/** The table whose rows the type, or that of an array's elements, is of, be it by way of domains and composite types. */
function tablesWithin(type: string, all: Index): readonly Id<"table">[] {
  const { schema, name } = typeParts(type);
  if (schema === null) return [];
  const table = { kind: "table", schema, name } as const;
  if (all.has(encode(table))) return [table];
  const id = typeIn(type, all);
  const found = id && all.get(encode(id));
  if (!found) return [];
  if (isKind(found, "domain")) return tablesWithin(typeText(found.attributes.type), all);
  return isKind(found, "composite")
    ? found.attributes.attributes.flatMap((a) => tablesWithin(typeText(a.type), all))
    : [];
}

/** Columns that hold rows, by the table whose rows they are; found once for each database. */
const holdersIn = oncePer((all: Index): ReadonlyMap<string, readonly Column[]> => {
  const made = new Map<string, Column[]>();
  for (const o of all.values()) {
    if (!isKind(o, "column")) continue;
    const tables = tablesWithin(typeText(o.attributes.type), all);
    // What another server holds is not rewritten.
    if (!tables.length || isForeign(tableOf(o.id), all)) continue;
    for (const key of new Set(tables.map(encode))) made.set(key, [...(made.get(key) ?? []), o]);
  }
  return made;
});
const holdersOf = (t: QualifiedName, all: Index): readonly Column[] =>
  holdersIn(all).get(encode({ kind: "table", schema: t.schema, name: t.name })) ?? [];

/** Why rows of a table cannot be written anew: a column holds some all through the plan; null: none does. */
export function rowsHeld(t: QualifiedName, { from, to }: Context): string | null {
  const kept = new Set(holdersOf(t, to).map((o) => encode(o.id)));
  const held = holdersOf(t, from).find((o) => kept.has(encode(o.id)));
  return held ? `${describeId(held.id)} has the type of its rows, and Postgres then writes none of them anew` : null;
}

/** A column that is to hold such rows no more lets go of them first; one that is to hold some, comes when they are as wanted. */
export function rowsFollow(o: Column, role: Role, { from, to }: Context): readonly Followed[] {
  if (role !== "create" && role !== "alter" && role !== "after") return [];
  const own = tableOf(o.id);
  const kept = new Set(holdersOf(own, to).map(({ id }) => encode(id)));
  const goes = holdersOf(own, from).flatMap(({ id }) => (kept.has(encode(id)) ? [] : [id]));
  const comes = tablesWithin(typeText(o.attributes.type), to)
    .filter((t) => from.has(encode(t)) && !holdersOf(t, from).some(({ id }) => encode(id) === encode(o.id)))
    .flatMap((t) => columnIdsIn(t, to));
  return [
    ...goes.map((id) => ({ id, roles: ["drop", "alter"] }) as const),
    ...comes.map((id) => ({ id, roles: ["create", "alter", "after"] }) as const),
  ];
}
