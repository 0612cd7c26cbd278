/** Where what Postgres spelled is to be run, because functions that it calls look names up there. Names no kind. */
import type { DbObject, Id } from "./model/objects.ts";
import { type Database, isKind, mapFragments } from "./model/database.ts";
import { encode } from "./model/id.ts";
import { roomOf } from "./kinds/rooms.ts";

/**
 * The live database with a path for each fragment that calls, at whatever remove, a function which looks names up in the path of
 * its caller. Where such a fragment comes back and is worked out at once (an index, a check, a generated column), that function
 * finds what a text of the fragment's schema would, and then what stands in its own schema.
 */
export function withLookups(actual: Database): Database {
  /** By key: the schemas of the functions that it calls. */
  const called = new Map<string, ReadonlySet<string>>();
  for (const o of actual.objects) if (roomOf(o.id.kind).looksUp?.(o)) called.set(encode(o.id), new Set(schemaOf(o.id)));
  if (!called.size) return actual;
  for (let grew = true; grew;) {
    grew = false;
    for (const o of actual.objects) {
      const key = encode(o.id);
      const had = called.get(key);
      const has = new Set([...(had ?? []), ...o.needs.flatMap((n) => [...(called.get(encode(n)) ?? [])])]);
      if (has.size === (had?.size ?? 0)) continue;
      called.set(key, has);
      grew = true;
    }
  }
  const extensions = actual.objects.flatMap((o) => (isKind(o, "extension") ? [o.attributes.schema] : []));
  const within = (o: DbObject): DbObject => {
    const schemas = called.get(encode(o.id));
    if (!schemas) return o;
    const path = [...new Set([...schemaOf(o.id), "public", ...extensions, ...schemas])];
    const attributes = mapFragments(o.attributes, (f) => (f.path.length ? f : { ...f, path }));
    return attributes === o.attributes ? o : ({ ...o, attributes } as DbObject);
  };
  return { objects: actual.objects.map(within) };
}

const schemaOf = (id: Id): readonly string[] => ("schema" in id ? [id.schema] : []);
