/** Compares two databases as data. No kind is named here, and nothing is asked of a server. */
import type { AttributeName, DbObject, Id, Kind } from "./model/objects.ts";
import { type Database, differing, type Index, indexOf, same } from "./model/database.ts";
import { encode } from "./model/id.ts";
import type { Delta } from "./model/plan.ts";

/** Every difference, one per object created or dropped and one per attribute that differs. Order of objects never counts. */
export function diff(from: Database, to: Database): readonly Delta[] {
  const had = indexOf(from);
  const has = indexOf(to);
  const out: Delta[] = [];
  for (const o of from.objects) if (!has.has(encode(o.id))) out.push(dropped(o.id.kind, o));
  for (const o of to.objects) {
    const old = had.get(encode(o.id));
    if (!old) out.push(created(o.id.kind, o));
    else if (old !== o) out.push(...altered(o.id.kind, old, o));
  }
  return out;
}

const created = <K extends Kind>(kind: K, to: DbObject<K>): Delta<K> => ({ op: "create", kind, to }) as Delta<K>;
const dropped = <K extends Kind>(kind: K, from: DbObject<K>): Delta<K> => ({ op: "drop", kind, from }) as Delta<K>;

const change = <K extends Kind>(kind: K, from: DbObject<K>, to: DbObject<K>, attribute: AttributeName<K>): Delta<K> =>
  ({ op: "alter", kind, from, to, attribute }) as Delta<K>;

const altered = <K extends Kind>(kind: K, from: DbObject<K>, to: DbObject<K>): Delta<K>[] =>
  differing(from, to).map((attribute) => change(kind, from, to, attribute));

/**
 * Gives wanted objects whose name nobody said the name of a live object of the same definition, if there is one, and
 * lets `adopt` fill in what they leave open.
 *
 * 1. Names that somebody said, and live objects that a wanted one meets by name and definition, are taken.
 * 2. Each remaining implicit name looks for a free live object of its kind and owner with equal attributes.
 * 3. Every mention of a renamed object (in needs, in a comment's target, in what is a part of it) follows; what only then equals
 *    a live object gets that one's name too.
 */
export function align(
  actual: Database,
  desired: Database,
  {
    adopt,
    repoint,
  }: {
    readonly adopt: (to: DbObject, from: DbObject, live: Index, wanted: Index) => DbObject;
    readonly repoint: (o: DbObject, become: (id: Id) => Id) => DbObject;
  },
): Database {
  const live = indexOf(actual);
  const wanted = indexOf(desired);
  const taken = new Set<string>();
  const open: DbObject[] = [];
  for (const o of desired.objects) {
    const key = encode(o.id);
    const met = live.get(key);
    if (o.implicitName && !(met && same(met.attributes, o.attributes))) open.push(o);
    else taken.add(key);
  }
  const renamed = new Map<string, Id>();
  const become = (id: Id): Id => {
    const to = renamed.get(encode(id));
    if (to) return to;
    if (!("target" in id)) return id;
    const target = renamed.get(encode(id.target));
    return target && !("target" in target) ? { ...id, target } : id;
  };
  if (open.length) {
    const free = new Map<string, DbObject[]>();
    for (const o of actual.objects) {
      if (taken.has(encode(o.id))) continue;
      const group = siblings(o.id);
      const list = free.get(group);
      if (list) list.push(o);
      else free.set(group, [o]);
    }
    const find = (o: DbObject): boolean => {
      const list = free.get(siblings(o.id));
      const { attributes } = repoint(o, become);
      const i = list?.findIndex((l) => same(l.attributes, attributes)) ?? -1;
      if (!list || i < 0) return false;
      renamed.set(encode(o.id), list[i]!.id);
      list.splice(i, 1);
      return true;
    };
    for (let left: readonly DbObject[] = open, more = true; more;) {
      const still = left.filter((o) => !find(o));
      more = still.length < left.length;
      left = still;
    }
  }
  return {
    objects: desired.objects.map((o) => {
      const moved = renamed.size ? moveTo(repoint(o, become), become(o.id), o.needs.map(become)) : o;
      const met = live.get(encode(moved.id));
      return met ? adopt(moved, met, live, wanted) : moved;
    }),
  };
}

const moveTo = <K extends Kind>(o: DbObject<K>, id: Id<K>, needs: readonly Id[]): DbObject<K> =>
  ({ ...o, id, needs }) as DbObject<K>;

/** Objects that could be one another under a different name: same kind, same everything but the last part. */
const siblings = (id: Id): string => encode("name" in id ? { ...id, name: "" } : id);
