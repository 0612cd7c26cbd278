/** How Postgres spells texts: what was learnt, and what the live ones tell. */
import type { DbObject } from "../model/objects.ts";
import { fragmentsOf } from "../model/database.ts";
import { encode } from "../model/id.ts";
import type { Item } from "./ask.ts";

/** What was learnt: text in its context → how Postgres spells it. */
export interface Spellings {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, spelled: string) => void;
}

/** By host: what is believed of it. */
export type Believed = (host: string) => Spellings;

/** Believes what was learnt of all but these hosts, of which only what is learnt now counts. */
export function believing(learnt: Spellings, afresh: ReadonlySet<string>): Believed {
  const now = new Map<string, string>();
  const anew: Spellings = {
    get: (key) => now.get(key),
    set: (key, spelled) => {
      now.set(key, spelled);
      learnt.set(key, spelled);
    },
  };
  return (host) => (afresh.has(host) ? anew : learnt);
}

export const text = (f: { readonly sql: string; readonly canonical: string | null }): string => f.canonical ?? f.sql;

/** A default is spelled by its own column's type, so that type is part of what it stands in. */
export const spellingKey = (context: string, o: DbObject, path: readonly string[], sql: string): string =>
  `${context}|${o.id.kind}|${ownType(o)}|${path.join(",")}|${sql}`;
function ownType({ attributes }: DbObject): string {
  if (!("type" in attributes)) return "";
  const [first] = fragmentsOf(attributes.type);
  return first ? text(first) : "";
}

/** Objects among which a text means the same: of one kind, or one alone where it has a type of its own. */
export const peers = (o: DbObject): string => ("type" in o.attributes ? encode(o.id) : o.id.kind);

export function learn(spellings: Spellings, item: Item, spelled: DbObject): void {
  const before = fragmentsOf(item.object.attributes);
  const after = fragmentsOf(spelled.attributes);
  // Where Postgres kept nothing of a text, the others do not stand at their places any more.
  if (after.length !== before.length) return;
  for (const [i, f] of after.entries()) {
    const was = before[i];
    if (was && was.canonical === null && f.canonical !== null)
      spellings.set(spellingKey(item.context, item.object, was.path, was.sql), f.canonical);
  }
}

/** How live texts are spelled, among peers: as they are deparsed, and as they would be written. */
export function textsByPeers(objects: readonly DbObject[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const out = new Map<string, Map<string, string>>();
  for (const o of objects)
    for (const f of fragmentsOf(o.attributes)) {
      let spelled = out.get(peers(o));
      if (!spelled) out.set(peers(o), (spelled = new Map()));
      spelled.set(f.sql, text(f)).set(text(f), text(f));
    }
  return out;
}
export function textsOf(objects: readonly DbObject[]): Set<string> {
  const out = new Set<string>();
  for (const o of objects) for (const f of fragmentsOf(o.attributes)) out.add(text(f));
  return out;
}
