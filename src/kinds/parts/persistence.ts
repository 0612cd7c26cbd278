/** Tables that become unlogged, or logged: Postgres lets no logged table reference an unlogged one, not even in between. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { groupedBy, oncePer } from "../../model/once.ts";
import type { Context, Followed, Role } from "../room.ts";
import { tableOf } from "./table.ts";

type ForeignKey = DbObject<"foreignKey">;

const referenced = (o: ForeignKey): Id<"table"> => ({ kind: "table", ...o.attributes.references });
const persistenceOf = (id: Id<"table">, all: Index): string | null => {
  const table = all.get(encode(id));
  return table && isKind(table, "table") ? table.attributes.persistence : null;
};
/** What a table that is there becomes; null: it stays as it is. */
function becomes(id: Id<"table">, { from, to }: Context): string | null {
  const [was, is] = [persistenceOf(id, from), persistenceOf(id, to)];
  return was !== null && was !== is ? is : null;
}

interface Keys {
  /** Foreign keys by the table that has them, and by the one that they reference. */
  readonly of: ReadonlyMap<string, readonly ForeignKey[]>;
  readonly to: ReadonlyMap<string, readonly ForeignKey[]>;
  /** Those that stay while both of their tables change, by the table that has them. */
  readonly between: ReadonlyMap<string, readonly ForeignKey[]>;
}
/** Found once for each plan. */
const keysIn = oncePer((context: Context): Keys => {
  const all = [...context.from.values()].filter((o) => isKind(o, "foreignKey"));
  const own = (o: ForeignKey): string => encode(tableOf(o.id));
  const stay = all.filter((o) => {
    const changes = context.to.has(encode(o.id)) ? becomes(tableOf(o.id), context) : null;
    return changes !== null && changes === becomes(referenced(o), context);
  });
  return { of: groupedBy(all, own), to: groupedBy(all, (o) => encode(referenced(o))), between: groupedBy(stay, own) };
});

/** Whether the tables of a foreign key reference each other: then neither can change first. */
function isRing(o: ForeignKey, all: ReadonlyMap<string, readonly ForeignKey[]>): boolean {
  const own = encode(tableOf(o.id));
  const seen = new Set<string>();
  const queue = [encode(referenced(o))];
  if (queue[0] === own) return false;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (at === own) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    queue.push(...(all.get(at) ?? []).map((next) => encode(referenced(next))));
  }
  return false;
}

/** Who references it becomes unlogged first, what it references becomes logged first; keys that go, or go and come, are away then. */
export function persistenceFollows(o: DbObject<"table">, role: Role, context: Context): readonly Followed[] {
  const is = role === "alter" ? becomes(o.id, context) : null;
  if (is === null) return [];
  const keys = keysIn(context);
  return ((is === "unlogged" ? keys.to : keys.of).get(encode(o.id)) ?? []).flatMap((k): readonly Followed[] => {
    const [own, other] = [tableOf(k.id), is === "unlogged" ? tableOf(k.id) : referenced(k)];
    const first = keys.between.get(encode(own))?.includes(k) && !isRing(k, keys.between);
    return [{ id: k.id, roles: ["drop"] }, ...(first ? [{ id: other, roles: ["alter"] } as const] : [])];
  });
}

/** Foreign keys of tables that reference each other go, and come again when all of these have changed. */
export function keysOfRings(context: Context): readonly Id<"foreignKey">[] {
  const all = keysIn(context).between;
  return [...all.values()].flat().flatMap((k) => (isRing(k, all) ? [k.id] : []));
}
