/**
 * Has Postgres spell the wanted fragments, so that they can be compared with the live ones as text. Only Postgres
 * understands Postgres: nothing here looks into a fragment.
 */
import { createHash } from "node:crypto";
import type { DbObject, Id } from "./model/objects.ts";
import { type Database, fragmentsOf, type Index, indexOf, mapFragments, respell } from "./model/database.ts";
import { encode } from "./model/id.ts";
import { creation } from "./plan/index.ts";
import { roomOf } from "./kinds/rooms.ts";
import { columnsOfHost, companions, ground, grounded, hasTwin, standsOn, twinOf } from "./kinds/twins.ts";
import { type Connection, DatabaseError } from "./run/connection.ts";
import { openSnapshot } from "./snapshot.ts";
import { searchPath } from "./sql.ts";

/** What was learnt: text in its context → how Postgres spells it. */
export interface Spellings {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, spelled: string) => void;
}

export interface Elaborated {
  readonly actual: Database;
  readonly desired: Database;
  /** Fragments that Postgres refused, with its words. A plan may still be right: what they need may be made by it. */
  readonly failures: readonly { readonly id: Id; readonly error: DatabaseError }[];
  /** How many objects the server was asked about; 0 when everything was known. */
  readonly asked: number;
}

/** One object whose fragments are to be spelled, and the table or domain it stands on. */
interface Item {
  readonly object: DbObject;
  readonly host: string;
  readonly context: string;
}

/** A host's objects on one side. */
interface Side {
  readonly objects: Map<string, DbObject>;
}

const text = (f: { readonly sql: string; readonly canonical: string | null }): string => f.canonical ?? f.sql;

/**
 * 1. A wanted fragment whose text a live one of the same table has is spelled so. Others are looked up in what was learnt.
 * 2. What is left is asked of the server, in one batch per schema: twins of the tables, with the fragments as the same kind
 *    of object, in the open transaction, under a savepoint that is rolled back.
 * 3. Where wanted and live still differ, both are spelled again until nothing changes, because some spellings are not
 *    stable (`varchar in (…)` takes two rounds).
 * 4. A batch that fails is halved until the fragment that Postgres refuses stands alone; it stays as written.
 *
 * `connection` must be in a transaction that may create temporary objects; nothing stays of them. What was learnt is not
 * believed of the hosts in `afresh` (tables and domains by the text of their ids, see `hostOf`): they are asked anew.
 */
export async function elaborate(
  connection: Connection,
  version: number,
  actual: Database,
  desired: Database,
  learnt: Spellings,
  afresh: ReadonlySet<string> = new Set(),
): Promise<Elaborated> {
  const live = indexOf(actual);
  const wanted = indexOf(desired);
  const was = hosts(actual, live);
  const is = hosts(desired, wanted);
  const failures: { id: Id; error: DatabaseError }[] = [];
  const now = new Map<string, string>();
  const spellings = (host: string): Spellings =>
    afresh.has(host)
      ? {
          get: (key) => now.get(key),
          set: (key, spelled) => {
            now.set(key, spelled);
            learnt.set(key, spelled);
          },
        }
      : learnt;
  const unstable: { host: string; wantedSide: Side; liveSide: Side }[] = [];
  let asked = 0;

  const changed = new Map<string, DbObject>();
  const liveChanged = new Map<string, DbObject>();
  const current = (o: DbObject): DbObject => changed.get(encode(o.id)) ?? o;
  const context = (host: string, of: ReadonlyMap<string, readonly DbObject[]>): string =>
    `${Math.floor(version / 10000)}|${signature([...(of.get(host) ?? []), ...columnsOfHost(host, (key) => of.get(key) ?? [])], was)}`;
  const asker = new Asker(connection, version, wanted, live, is, failures);
  const liveAsker = new Asker(connection, version, live, live, was, []);

  // First round: what is wanted.
  const open: Item[] = [];
  const contexts = new Map<string, string>();
  for (const [host, objects] of is) {
    const liveObjects = was.get(host);
    if (!liveObjects) continue;
    const known = textsByPeers(liveObjects);
    for (const o of objects) {
      let missing = false;
      const next = mapFragments(o.attributes, (f) => {
        if (f.canonical !== null) return f;
        const same = known.get(peers(o))?.get(f.sql);
        if (same !== undefined) return { ...f, canonical: same };
        let at = contexts.get(host);
        if (at === undefined) contexts.set(host, (at = context(host, is)));
        const spelled = spellings(host).get(spellingKey(at, o, f.path, f.sql));
        if (spelled === undefined) missing = true;
        return spelled === undefined ? f : { ...f, canonical: spelled };
      });
      if (next !== o.attributes) changed.set(encode(o.id), { ...o, attributes: next } as DbObject);
      if (missing) open.push({ object: current(o), host, context: contexts.get(host)! });
    }
  }
  asked += open.length;
  for (const [item, spelled] of await asker.ask(open)) {
    learn(spellings(item.host), item, spelled);
    changed.set(encode(item.object.id), spelled);
  }

  // Further rounds: where the two sides have no text in common yet.
  for (const [host, objects] of is) {
    const liveObjects = was.get(host);
    if (!liveObjects) continue;
    const known = textsOf(liveObjects);
    const spelled = objects.map(current);
    const strange = spelled.filter((o) =>
      fragmentsOf(o.attributes).some((f) => f.canonical !== null && !known.has(f.canonical)),
    );
    if (!strange.length) continue;
    const settled = textsOf(spelled);
    const odd = liveObjects.filter((o) => fragmentsOf(o.attributes).some((f) => !settled.has(text(f))));
    if (!odd.length) continue;
    unstable.push({
      host,
      wantedSide: { objects: new Map(strange.map((o) => [encode(o.id), o])) },
      liveSide: { objects: new Map(odd.map((o) => [encode(o.id), o])) },
    });
  }
  for (let round = 0; round < 3 && unstable.length; round++) {
    const more = await again(
      unstable.map((u) => ({ host: u.host, side: u.wantedSide, at: context(u.host, is) })),
      asker,
      spellings,
    );
    const moreLive = await again(
      unstable.map((u) => ({ host: u.host, side: u.liveSide, at: context(u.host, was) })),
      liveAsker,
      spellings,
    );
    asked += more.asked + moreLive.asked;
    for (const o of more.moved) changed.set(encode(o.id), o);
    for (const o of moreLive.moved) liveChanged.set(encode(o.id), o);
    if (!more.moved.length && !moreLive.moved.length) break;
  }
  return {
    actual: liveChanged.size ? { objects: actual.objects.map((o) => liveChanged.get(encode(o.id)) ?? o) } : actual,
    desired: changed.size ? { objects: desired.objects.map(current) } : desired,
    failures,
    asked,
  };
}

/** Spells a spelling again. Answers with the objects of which any text moved; those are updated in their side. */
async function again(
  list: readonly { readonly host: string; readonly side: Side; readonly at: string }[],
  asker: Asker,
  spellings: (host: string) => Spellings,
): Promise<{ readonly moved: readonly DbObject[]; readonly asked: number }> {
  const moved: DbObject[] = [];
  const open: Item[] = [];
  const keep = (side: Side | undefined, before: DbObject, after: DbObject): void => {
    const texts = fragmentsOf(before.attributes).map(text);
    if (fragmentsOf(after.attributes).every((f, i) => text(f) === texts[i])) return;
    moved.push(after);
    side?.objects.set(encode(after.id), after);
  };
  const sides = new Map<string, Side>();
  for (const { host, side, at } of list) {
    sides.set(host, side);
    for (const o of side.objects.values()) {
      let missing = false;
      const next = mapFragments(o.attributes, (f) => {
        if (f.canonical === null) return f;
        const spelled = spellings(host).get(spellingKey(at, o, [], f.canonical));
        if (spelled === undefined) missing = true;
        return spelled === undefined || spelled === f.canonical ? f : { ...f, canonical: spelled };
      });
      if (missing) {
        const asText = mapFragments(o.attributes, (f) =>
          f.canonical === null ? f : { sql: f.canonical, path: [], canonical: null },
        );
        open.push({ object: { ...o, attributes: asText } as DbObject, host, context: at });
      } else keep(side, o, { ...o, attributes: next } as DbObject);
    }
  }
  for (const [item, spelled] of await asker.ask(open)) {
    learn(spellings(item.host), item, spelled);
    const side = sides.get(item.host);
    const before = side?.objects.get(encode(item.object.id));
    // The text to write stays what it was; only the spelling to compare moves.
    if (before)
      keep(side, before, { ...before, attributes: respell(before.attributes, spelled.attributes) } as DbObject);
  }
  return { moved, asked: open.length };
}

/** A default is spelled by its own column's type, so that type is part of what it stands in. */
const spellingKey = (context: string, o: DbObject, path: readonly string[], sql: string): string =>
  `${context}|${o.id.kind}|${ownType(o)}|${path.join(",")}|${sql}`;
function ownType({ attributes }: DbObject): string {
  if (!("type" in attributes)) return "";
  const [first] = fragmentsOf(attributes.type);
  return first ? text(first) : "";
}

/** Objects among which a text means the same: of one kind, or one alone where it has a type of its own. */
const peers = (o: DbObject): string => ("type" in o.attributes ? encode(o.id) : o.id.kind);

function learn(spellings: Spellings, item: Item, spelled: DbObject): void {
  const before = fragmentsOf(item.object.attributes);
  for (const [i, f] of fragmentsOf(spelled.attributes).entries()) {
    const was = before[i];
    if (was && was.canonical === null && f.canonical !== null)
      spellings.set(spellingKey(item.context, item.object, was.path, was.sql), f.canonical);
  }
}

/** How live texts are spelled, among peers: as they are deparsed, and as they would be written. */
function textsByPeers(objects: readonly DbObject[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const out = new Map<string, Map<string, string>>();
  for (const o of objects)
    for (const f of fragmentsOf(o.attributes)) {
      let spelled = out.get(peers(o));
      if (!spelled) out.set(peers(o), (spelled = new Map()));
      spelled.set(f.sql, text(f)).set(text(f), text(f));
    }
  return out;
}
function textsOf(objects: readonly DbObject[]): Set<string> {
  const out = new Set<string>();
  for (const o of objects) for (const f of fragmentsOf(o.attributes)) out.add(text(f));
  return out;
}

/** The table or domain that an object stands on, itself for one that stands alone; as the text of its id. */
export const hostOf = (o: DbObject, all: Index): string =>
  encode(standsOn(o) ?? roomOf(o.id.kind).owner(o, all) ?? o.id);

/** Objects that can be asked about, by the table or domain they stand on (which comes first). */
function hosts(d: Database, all: Index): Map<string, DbObject[]> {
  const out = new Map<string, DbObject[]>();
  for (const o of d.objects) {
    if (!hasTwin(o.id.kind)) continue;
    const owner = standsOn(o) ?? roomOf(o.id.kind).owner(o, all);
    const key = encode(owner ?? o.id);
    const list = out.get(key);
    if (!list) out.set(key, [o]);
    else if (owner) list.push(o);
    else list.unshift(o);
  }
  return out;
}

/**
 * What a fragment's spelling depends on: names and types of what it can mention on its host, and what else the host needs, as
 * it is live. Short, because it is kept with each fragment.
 */
function signature(objects: readonly DbObject[], live: ReadonlyMap<string, readonly DbObject[]>): string {
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

class Asker {
  readonly #connection: Connection;
  readonly #version: number;
  readonly #all: Index;
  readonly #live: Index;
  readonly #hosts: ReadonlyMap<string, readonly DbObject[]>;
  readonly #failures: { id: Id; error: DatabaseError }[];
  constructor(
    connection: Connection,
    version: number,
    all: Index,
    live: Index,
    of: ReadonlyMap<string, readonly DbObject[]>,
    failures: { id: Id; error: DatabaseError }[],
  ) {
    this.#connection = connection;
    this.#version = version;
    this.#all = all;
    this.#live = live;
    this.#hosts = of;
    this.#failures = failures;
  }

  /** The items as Postgres spells them; those it refuses, or that need what is not there yet, are left out. */
  async ask(items: readonly Item[]): Promise<readonly (readonly [Item, DbObject])[]> {
    const bySchema = new Map<string, Item[]>();
    for (const item of items) {
      if (!this.#askable(item.object)) continue;
      const schema = "schema" in item.object.id ? item.object.id.schema : "";
      const list = bySchema.get(schema);
      if (list) list.push(item);
      else bySchema.set(schema, [item]);
    }
    const out: (readonly [Item, DbObject])[] = [];
    // Twins of one schema share pg_temp; a batch stays far below the locks that a server has by default.
    for (const list of bySchema.values())
      for (const chunk of chunks(list, 1200)) out.push(...(await this.#askSome(chunk)));
    return out;
  }

  #sameHost(o: DbObject, n: Id): boolean {
    const other = this.#all.get(encode(n));
    return other !== undefined && hostOf(o, this.#all) === hostOf(other, this.#all);
  }

  #there(id: Id): boolean {
    return id.kind === "schema" || this.#live.has(encode(id));
  }

  #askable(o: DbObject): boolean {
    return o.needs.every(
      (n) =>
        // A column that comes from a parent is no object; the ground holds it.
        this.#there(n) ||
        !this.#all.has(encode(n)) ||
        // What is to come counts where a twin of it is made with the object's own.
        (hasTwin(n.kind) && this.#sameHost(o, n) && this.#askable(grounded(this.#all.get(encode(n))!))),
    );
  }

  async #askSome(items: readonly Item[]): Promise<readonly (readonly [Item, DbObject])[]> {
    if (!items.length) return [];
    const twins = this.#twins(items);
    // A message of its own: a syntax error later in a message is found before anything of it runs.
    await this.#connection.query("savepoint schemac_ask");
    try {
      const actions = creation({ objects: [...twins.values()] }, this.#version);
      const statements = [
        "set local check_function_bodies = off",
        ...actions.flatMap((a) => [`set local search_path = ${searchPath(a.path)}`, a.sql]),
      ];
      await this.#connection.query(statements.join(";\n"));
      const kinds = new Set(items.flatMap(({ object }) => twinOf(object.id.kind, object)?.id.kind ?? []));
      const seen = await (await openSnapshot(this.#connection, { temporary: [...kinds] })).observe();
      const byKey = indexOf(seen.database);
      return items.flatMap((item) => {
        const twin = twinOf(item.object.id.kind, item.object);
        const found = twin && byKey.get(encode(twin.id));
        return found
          ? [
              [
                item,
                {
                  ...item.object,
                  attributes: respell(item.object.attributes, found.attributes),
                  ...(found.facts ? { facts: found.facts } : {}),
                } as DbObject,
              ] as const,
            ]
          : [];
      });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (items.length === 1) {
        this.#failures.push({ id: items[0]!.object.id, error });
        return [];
      }
    } finally {
      await this.#connection.query("rollback to savepoint schemac_ask; release savepoint schemac_ask");
    }
    const half = items.length >> 1;
    return [...(await this.#askSome(items.slice(0, half))), ...(await this.#askSome(items.slice(half)))];
  }

  /** The items' twins with their hosts: the table and its columns without fragments, those of its parents included. */
  #twins(items: readonly Item[]): ReadonlyMap<string, DbObject> {
    const out = new Map<string, DbObject>();
    const add = (o: DbObject): void => {
      const twin = twinOf(o.id.kind, o);
      if (twin) out.set(encode(twin.id), twin);
    };
    for (const host of new Set(items.map((i) => i.host)))
      for (const o of ground(host, (key) => this.#hosts.get(key) ?? [], this.#live)) if (this.#askable(o)) add(o);
    for (const item of items) {
      add(item.object);
      for (const o of companions(item.object, (key) => this.#hosts.get(key) ?? [])) out.set(encode(o.id), o);
    }
    return out;
  }
}

function* chunks<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
}
