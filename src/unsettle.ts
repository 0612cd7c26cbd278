/** What a plan makes doubtful of what Postgres said. Names no kind. */
import type { DbObject, Id } from "./model/objects.ts";
import { type Database, fragmentsOf, indexOf, mapFragments } from "./model/database.ts";
import { encode } from "./model/id.ts";
import type { Delta } from "./model/plan.ts";
import { roomOf } from "./kinds/rooms.ts";

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
  for (const d of deltas) {
    const [o, all] = d.op === "drop" ? [d.from, live] : [d.to, wanted];
    // What has a type is a column; nothing else on a table changes what `*` means.
    const isColumn = "type" in o.attributes;
    if (d.op === "alter") {
      const after = Object.entries(d.to.attributes).find(([name]) => name === d.attribute)?.[1];
      if (!isColumn && fragmentsOf(after).length) note(o.id);
      continue;
    }
    note(o.id);
    const owner = isColumn ? roomOf(o.id.kind).owner(o, all) : null;
    if (owner) note(owner);
  }
  const open = new Map<string, DbObject>();
  for (let before = -1; before !== open.size;) {
    before = open.size;
    for (const o of following) {
      const key = encode(o.id);
      if (open.has(key) || !live.has(key) || !o.needs.some((n) => moved.has(encode(n)))) continue;
      const attributes = mapFragments(o.attributes, (f) => ({ ...f, canonical: null }));
      const { facts: _, ...rest } = o;
      open.set(key, { ...rest, attributes } as DbObject);
      moved.add(key);
    }
  }
  return open.size ? { objects: desired.objects.map((o) => open.get(encode(o.id)) ?? o) } : null;
}
