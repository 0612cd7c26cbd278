/** Tables and domains, with the objects on them whose fragments Postgres can be asked about. */
import { createHash } from "node:crypto";
import type { DbObject } from "../model/objects.ts";
import { type Database, fragmentsOf, type Index } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { roomOf } from "../kinds/rooms.ts";
import { hasTwin, standsOn } from "../kinds/twins.ts";
import { text } from "./spellings.ts";

/** By the text of the host's id; the host stands first. */
export type Hosts = ReadonlyMap<string, readonly DbObject[]>;

/** The table or domain that an object stands on, itself for one that stands alone; as the text of its id. */
export const hostOf = (o: DbObject, all: Index): string =>
  encode(standsOn(o) ?? roomOf(o.id.kind).owner(o, all) ?? o.id);

/** Objects that can be asked about, by the table or domain they stand on (which comes first). */
export function hostsOf(d: Database, all: Index): Hosts {
  const out = new Map<string, DbObject[]>();
  for (const o of d.objects) {
    if (!hasTwin(o.id.kind)) continue;
    const key = hostOf(o, all);
    const list = out.get(key);
    if (!list) out.set(key, [o]);
    else if (key !== encode(o.id)) list.push(o);
    else list.unshift(o);
  }
  return out;
}

/**
 * What a fragment's spelling depends on: names and types of what it can mention on its host, and what else the host needs, as
 * it is live. Short, because it is kept with each fragment.
 */
export function signature(objects: readonly DbObject[], live: Hosts): string {
  const hash = createHash("sha1");
  const typesOf = (list: readonly DbObject[]): void => {
    for (const o of list) {
      if (!("type" in o.attributes)) continue;
      hash.update(encode(o.id));
      for (const f of fragmentsOf(o.attributes.type)) hash.update(" " + text(f) + ";");
    }
  };
  typesOf(objects);
  const [host] = objects;
  for (const key of new Set((host?.needs ?? []).map(encode))) {
    const other = live.get(key);
    if (!other) continue;
    typesOf(other);
    if (other[0] && !("type" in other[0].attributes))
      for (const f of fragmentsOf(other[0].attributes)) hash.update(`${key} ${text(f)};`);
  }
  return hash.digest("base64");
}
