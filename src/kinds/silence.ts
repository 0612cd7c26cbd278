/** What the live database holds although nothing is said of it, and which the rooms say is no difference. */
import type { DbObject, Id, Kind } from "../model/objects.ts";
import { type Database, indexOf, type Index, isKind, ofKind, type Observation } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { oncePer } from "../model/once.ts";
import type { Standing } from "./room.ts";
import { roomOf, rooms } from "./rooms.ts";

const ownerOf = (o: DbObject, all: Index): string | null => {
  const owner = roomOf(o.id.kind).owner(o, all);
  return owner && encode(owner);
};

/** Whether silence about the object means something else than that it is to go. */
export const staysUnsaid = (o: DbObject): boolean => roomOf(o.id.kind).silence !== undefined;

/**
 * The wanted database with what silence leaves: another's things (roles) with what belongs to them, and what is said of things that stay.
 * What is said is as Postgres keeps it, and what only says how things are anyway is taken out.
 */
export function withSilent(
  actual: Database,
  desired: Database,
  { me, owners, unsaid, version }: Pick<Observation, "me" | "owners" | "unsaid" | "version">,
): Database {
  const [from, wanted] = [indexOf(actual), indexOf(desired)];
  const kept: DbObject[] = [];
  const others = new Set<string>();
  for (const o of actual.objects) {
    const key = encode(o.id);
    if (wanted.has(key)) continue;
    const { silence } = roomOf(o.id.kind);
    const owner = ownerOf(o, from);
    if (silence === "another's") others.add(key);
    else if (
      owner === null ||
      !(others.has(owner) || (silence === "as it is" && (wanted.has(owner) || !from.has(owner))))
    )
      continue;
    kept.push(o);
  }
  const all = kept.length ? { objects: [...desired.objects, ...kept] } : desired;
  const to = kept.length ? indexOf(all) : wanted;
  const around = { me, owners, unsaid, version, from, to };
  const kinds = Object.keys(rooms) as Kind[];
  const settled = kinds.reduce((d, kind) => (roomOf(kind).asKept ? asKept(kind, d, around) : d), all);
  const said = settled.objects.filter((o) => !tellsNothing(o, around));
  return said.length === settled.objects.length ? settled : { objects: said };
}
const tellsNothing = (o: DbObject, around: Standing): boolean => roomOf(o.id.kind).tellsNothing?.(o, around) ?? false;
function asKept<K extends Kind>(kind: K, all: Database, around: Standing): Database {
  const said = ofKind(all, kind);
  const kept = roomOf(kind).asKept?.(said, around) ?? said;
  return kept === said
    ? all
    : { objects: [...all.objects.filter((o) => !isKind(o, kind)), ...(kept as readonly DbObject[])] };
}

/** A live database without what is another's, as far as nothing in it needs it; found once, for several ask. */
export const ownPart = oncePer(withoutOthers);
function withoutOthers(database: Database): Database {
  const all = indexOf(database);
  const others = new Set<string>();
  // Of a few kinds: whatever is of no such kind need not be looked for.
  const kinds = new Set<Kind>();
  const isOthers = (id: Id): boolean => kinds.has(id.kind) && others.has(encode(id));
  const queue: DbObject[] = [];
  for (const o of database.objects) {
    const { silence, managed, owner: ownerIn } = roomOf(o.id.kind);
    const owner = ownerIn(o, all);
    if ((silence === "another's" && !managed?.(o)) || (owner !== null && isOthers(owner))) {
      others.add(encode(o.id));
      kinds.add(o.id.kind);
    } else queue.push(o);
  }
  if (!others.size) return database;
  const parts = new Map<string, DbObject[]>();
  for (const key of others) {
    const o = all.get(key)!;
    const owner = ownerOf(o, all);
    if (owner !== null) parts.set(owner, [...(parts.get(owner) ?? []), o]);
  }
  for (let o = queue.pop(); o; o = queue.pop())
    for (const need of [...roomOf(o.id.kind).needs(o), ...o.needs]) {
      if (!isOthers(need)) continue;
      const key = encode(need);
      others.delete(key);
      queue.push(all.get(key)!);
      for (const part of parts.get(key) ?? []) if (others.delete(encode(part.id))) queue.push(part);
    }
  return { objects: database.objects.filter((o) => !isOthers(o.id)) };
}
