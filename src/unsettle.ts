/** What a plan makes doubtful of what Postgres said. Names no kind. */
import type { DbObject, Id } from "./model/objects.ts";
import { type Database, fragmentsOf, indexOf, mapFragments } from "./model/database.ts";
import { encode } from "./model/id.ts";
import type { Delta } from "./model/plan.ts";
import { roomOf } from "./kinds/rooms.ts";
import { qualified } from "./sql.ts";

/**
 * What Postgres said of a text that follows the columns of tables (`select *`) holds for the tables as they are. Where the deltas
 * give those other columns, or what they read another text, it is not known, and counts as another: the wanted database with such
 * texts as nobody has spelled. null: there are none.
 */
export function unsettle(actual: Database, desired: Database, deltas: readonly Delta[]): Database | null {
  const following = desired.objects.filter((o) => o.hints?.followsColumns);
  if (!following.length) return null;
  const [live, wanted] = [indexOf(actual), indexOf(desired)];
  const moved = new Set<string>();
  const note = (id: Id): void => void moved.add(encode(id));
  /** Columns that tables get. */
  const columns = new Map<string, Id[]>();
  for (const d of deltas) {
    const [o, all] = d.op === "drop" ? [d.from, live] : [d.to, wanted];
    const room = roomOf(o.id.kind);
    if (d.op === "alter") {
      const after = Object.entries(d.to.attributes).find(([name]) => name === d.attribute)?.[1];
      if (room.rowType && fragmentsOf(after).length) note(o.id);
      continue;
    }
    note(o.id);
    const owner = room.isInRows ? room.owner(o, all) : null;
    if (!owner) continue;
    note(owner);
    if (d.op === "create") columns.set(encode(owner), [...(columns.get(encode(owner)) ?? []), o.id]);
  }
  const open = new Map<string, DbObject>();
  // A function that returns rows of what moved gives other columns.
  const giving = desired.objects.flatMap((o) => {
    const type = roomOf(o.id.kind).rowType?.(o);
    return type === undefined ? [] : [{ o, type }];
  });
  /** What they give that is new: what reads it comes after it. */
  const given = new Map<string, readonly Id[]>();
  for (let before = -1; before !== moved.size;) {
    before = moved.size;
    for (const { o, type } of giving) {
      const row = o.needs.find((n) => moved.has(encode(n)) && isRowOf(type, n));
      if (!row) continue;
      note(o.id);
      given.set(encode(o.id), columns.get(encode(row)) ?? []);
    }
    for (const o of following) {
      const key = encode(o.id);
      if (open.has(key) || !live.has(key) || !o.needs.some((n) => moved.has(encode(n)))) continue;
      const needs = [...o.needs, ...o.needs.flatMap((n) => given.get(encode(n)) ?? [])];
      open.set(key, { ...unspelled(o), needs });
      moved.add(key);
    }
  }
  return open.size ? { objects: desired.objects.map((o) => open.get(encode(o.id)) ?? o) } : null;
}

/** As nobody has spelled what of it follows other columns. */
function unspelled(o: DbObject): DbObject {
  const following = roomOf(o.id.kind).following;
  const attributes = Object.fromEntries(
    Object.entries(o.attributes).map(([name, value]) => [
      name,
      !following || name === following ? mapFragments(value, (f) => ({ ...f, canonical: null })) : value,
    ]),
  );
  const { facts: _, ...rest } = o;
  return { ...rest, attributes } as DbObject;
}
const isRowOf = (type: string, id: Id): boolean => "schema" in id && "name" in id && type === qualified(id);
