/** Tables that become unlogged, or logged: Postgres lets no logged table reference an unlogged one, not even in between. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
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
function foreignKeysOf({ from }: Context): readonly ForeignKey[] {
  return [...from.values()].flatMap((o) => (isKind(o, "foreignKey") ? [o] : []));
}

/** Foreign keys that stay while both of their tables change, by the table that has them. */
function between(context: Context): ReadonlyMap<string, readonly ForeignKey[]> {
  const out = new Map<string, ForeignKey[]>();
  for (const o of foreignKeysOf(context)) {
    const own = tableOf(o.id);
    const changes = becomes(own, context);
    if (!context.to.has(encode(o.id)) || changes === null || changes !== becomes(referenced(o), context)) continue;
    out.set(encode(own), [...(out.get(encode(own)) ?? []), o]);
  }
  return out;
}

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
  const all = between(context);
  return foreignKeysOf(context).flatMap((k): readonly Followed[] => {
    const [self, other] = is === "unlogged" ? [referenced(k), tableOf(k.id)] : [tableOf(k.id), referenced(k)];
    if (encode(self) !== encode(o.id)) return [];
    const first = all.get(encode(tableOf(k.id)))?.includes(k) && !isRing(k, all);
    return [{ id: k.id, roles: ["drop"] }, ...(first ? [{ id: other, roles: ["alter"] } as const] : [])];
  });
}

/** Foreign keys of tables that reference each other go, and come again when all of these have changed. */
export function keysOfRings(context: Context): readonly Id<"foreignKey">[] {
  const all = between(context);
  return [...all.values()].flat().flatMap((k) => (isRing(k, all) ? [k.id] : []));
}
