/** Where what Postgres spelled is to be run, because functions that it calls look names up there. */
import type { DbObject, Id } from "./model/objects.ts";
import { type Database, isKind, mapFragments } from "./model/database.ts";
import { encode } from "./model/id.ts";
import { roomOf } from "./kinds/rooms.ts";

/**
 * The live database with a path for each fragment that is worked out when it comes back (of an index, a check, a generated column)
 * and calls, at whatever remove, a function which looks names up in the path of its caller: that finds what a text of the
 * fragment's schema would, and then what stands in its own schema.
 */
export function withLookups(actual: Database): Database {
  const looking = actual.objects.filter((o) => roomOf(o.id.kind).looksUp?.(o));
  if (!looking.length) return actual;
  const callers = callersIn(actual);
  /** By key: the schemas of the functions that it calls. */
  const called = new Map<string, ReadonlySet<string>>();
  const queue = looking.map((o) => ({ key: encode(o.id), schemas: schemaOf(o.id) }));
  for (let next = queue.pop(); next; next = queue.pop()) {
    const had = called.get(next.key);
    const has = new Set([...(had ?? []), ...next.schemas]);
    if (has.size === had?.size) continue;
    called.set(next.key, has);
    for (const key of callers.get(next.key) ?? []) queue.push({ key, schemas: [...has] });
  }
  const extensions = actual.objects.flatMap((o) => (isKind(o, "extension") ? [o.attributes.schema] : []));
  const within = (o: DbObject): DbObject => {
    const schemas = roomOf(o.id.kind).worksOut && called.get(encode(o.id));
    if (!schemas) return o;
    const path = [...new Set([...schemaOf(o.id), "public", ...extensions, ...schemas])];
    const attributes = mapFragments(o.attributes, (f) => (f.path.length ? f : { ...f, path }));
    return attributes === o.attributes ? o : ({ ...o, attributes } as DbObject);
  };
  return { objects: actual.objects.map(within) };
}

/** Keys of what works something out with what has this key. To read what a table holds calls nothing. */
function callersIn(all: Database): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>();
  const holders = new Set(all.objects.flatMap((o) => (roomOf(o.id.kind).rebind ? [encode(o.id)] : [])));
  for (const o of all.objects)
    for (const need of o.needs) {
      const key = encode(need);
      if (holders.has(key)) continue;
      const list = out.get(key);
      if (list) list.push(encode(o.id));
      else out.set(key, [encode(o.id)]);
    }
  return out;
}

const schemaOf = (id: Id): readonly string[] => ("schema" in id ? [id.schema] : []);
