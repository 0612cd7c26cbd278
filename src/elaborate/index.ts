/**
 * Has Postgres spell the wanted fragments, so that they can be compared with the live ones as text. Only Postgres
 * understands Postgres: nothing here looks into a fragment.
 */
import type { DbObject } from "../model/objects.ts";
import { type Database, fragmentsOf, mapFragments, pathAgain, respell } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { isTriedAlone, isTriedWith, isWorthTrying } from "../kinds/twins.ts";
import type { Connection } from "../run/connection.ts";
import { Asker, type Failure, type Item } from "./ask.ts";
import { Side } from "./side.ts";
import { hostOf } from "./hosts.ts";
import {
  type Believed,
  believing,
  learn,
  peers,
  spellingKey,
  type Spellings,
  text,
  textsByPeers,
  textsOf,
} from "./spellings.ts";

export { hostOf };
export type { Failure } from "./ask.ts";

export interface Elaborated {
  readonly actual: Database;
  readonly desired: Database;
  /** Fragments that Postgres refused, with its words. A plan may still be right: what they need may be made by it. */
  readonly failures: readonly Failure[];
}

/**
 * 1. A wanted fragment whose text a live one of the same table has is spelled so. Others are looked up in what was learnt.
 * 2. What is left is asked of the server, in one batch per schema: twins of the tables, with the fragments as the same kind
 *    of object, in the open transaction, under a savepoint that is rolled back.
 * 3. Where wanted and live still differ, both are spelled again until nothing changes, because some spellings are not
 *    stable (`varchar in (…)` takes two rounds).
 * 4. A batch that fails is halved until the fragment that Postgres refuses stands alone; it stays as written.
 *
 * `connection` must be in a transaction that may create temporary objects; nothing stays of them.
 */
export class Elaboration {
  readonly #learnt: Spellings;
  readonly #live: Side;
  readonly #wanted: Side;
  readonly #ofLive: Asker;
  readonly #ofWanted: Asker;
  /** About what Postgres wrote itself: what it refuses of that is no fault of the text. */
  readonly #ofWantedAgain: Asker;
  #asked = 0;
  constructor(connection: Connection, version: number, actual: Database, desired: Database, learnt: Spellings) {
    this.#learnt = learnt;
    this.#live = new Side(actual, version);
    this.#wanted = new Side(desired, version, this.#live);
    this.#ofLive = new Asker(connection, version, this.#live, this.#live);
    this.#ofWanted = new Asker(connection, version, this.#wanted, this.#live);
    this.#ofWantedAgain = new Asker(connection, version, this.#wanted, this.#live);
  }

  /** How many objects the server was asked about so far; 0 when everything was known. */
  get asked(): number {
    return this.#asked;
  }

  /** Both databases with their texts as Postgres spells them. Called once, before anything else. */
  async spell(): Promise<Elaborated> {
    await this.#spell([...this.#wanted.hosts.keys()], () => this.#learnt);
    return this.#answer();
  }

  /**
   * After `spell`: what was learnt before is not believed of these hosts (tables and domains by the text of their ids, see
   * `hostOf`), which are asked anew. null: they are spelled as they were.
   */
  async spellAnew(hosts: ReadonlySet<string>): Promise<Elaborated | null> {
    const both = [...hosts].filter((host) => this.#live.hosts.has(host));
    const said = (): string =>
      JSON.stringify([this.#live, this.#wanted].map((side) => both.map((host) => side.saidOf(host))));
    const before = said();
    for (const side of [this.#live, this.#wanted]) side.forget(both);
    this.#ofWanted.forget(hosts);
    await this.#spell(both, believing(this.#learnt, hosts));
    return said() === before ? null : this.#answer();
  }

  /**
   * After `spell`: new objects that stand on nothing but what is there, or on a new table, are tried too. Answers all that the server
   * refused. What it says of new tables' texts is learnt: the next plan needs it.
   */
  async tryNew(made: readonly DbObject[]): Promise<readonly Failure[]> {
    const items = made.flatMap((o): readonly Item[] => {
      if (!isWorthTrying(o)) return [];
      if (isTriedAlone(o.id.kind)) return [{ object: o, host: encode(o.id), context: "" }];
      const host = hostOf(o, this.#wanted.all);
      const on = this.#live.hosts.has(host) ? undefined : this.#wanted.all.get(host);
      // What nobody said comes from a parent, whose text is looked at.
      return on && isTriedWith(on) && this.#wanted.all.has(encode(o.id))
        ? [{ object: o, host, context: this.#wanted.context(host) }]
        : [];
    });
    const answers = await this.#ofWanted.ask(items);
    this.#asked += items.length;
    for (const [item, spelled] of answers) if (!isTriedAlone(item.object.id.kind)) learn(this.#learnt, item, spelled);
    return this.#ofWanted.failures;
  }

  #answer(): Elaborated {
    return { actual: this.#live.database, desired: this.#wanted.database, failures: this.#ofWanted.failures };
  }

  async #spell(hosts: readonly string[], believed: Believed): Promise<void> {
    const [live, wanted] = [this.#live, this.#wanted];
    this.#asked += await spell(wanted, live, hosts, this.#ofWanted, believed);
    const strange = strangers(wanted, live, hosts);
    for (let round = 0; round < 3 && strange.length; round++) {
      const here = await spellAgain(
        wanted,
        strange.map((s) => s.wanted),
        this.#ofWantedAgain,
        believed,
      );
      const there = await spellAgain(
        live,
        strange.map((s) => s.live),
        this.#ofLive,
        believed,
      );
      this.#asked += here.asked + there.asked;
      if (!here.moved && !there.moved) break;
    }
  }
}

/** Spells what is wanted, where its table or domain is there already. Answers how many objects the server was asked about. */
async function spell(
  wanted: Side,
  live: Side,
  hosts: readonly string[],
  asker: Asker,
  believed: Believed,
): Promise<number> {
  const open: Item[] = [];
  for (const host of hosts) {
    const liveObjects = live.hosts.get(host);
    if (!liveObjects) continue;
    const objects = wanted.hosts.get(host) ?? [];
    const known = textsByPeers(liveObjects);
    for (const o of objects) {
      let missing = false;
      const attributes = mapFragments(o.attributes, (f) => {
        if (f.canonical !== null) return f;
        const spelled =
          known.get(peers(o))?.get(f.sql) ?? believed(host).get(spellingKey(wanted.context(host), o, f.path, f.sql));
        if (spelled === undefined) missing = true;
        return spelled === undefined ? f : { ...f, canonical: spelled };
      });
      const next = attributes === o.attributes ? o : ({ ...o, attributes } as DbObject);
      wanted.put(next);
      if (missing) open.push({ object: next, host, context: wanted.context(host) });
    }
  }
  for (const [item, spelled] of await asker.ask(open)) {
    learn(believed(item.host), item, spelled);
    wanted.put(spelled);
  }
  return open.length;
}

/** A host's objects on one side that have a text which the other side does not know. */
interface Strangers {
  readonly host: string;
  readonly objects: Map<string, DbObject>;
}

/** By host, where both sides have some. */
function strangers(
  wanted: Side,
  live: Side,
  hosts: readonly string[],
): readonly { readonly wanted: Strangers; readonly live: Strangers }[] {
  const unknownTo = (known: ReadonlySet<string>, all: readonly DbObject[], spelledOnly: boolean): readonly DbObject[] =>
    all.filter((o) =>
      fragmentsOf(o.attributes).some((f) => !(spelledOnly && f.canonical === null) && !known.has(text(f))),
    );
  const byKey = (all: readonly DbObject[]): Map<string, DbObject> => new Map(all.map((o) => [encode(o.id), o]));
  return hosts.flatMap((host) => {
    const liveObjects = live.hosts.get(host);
    if (!liveObjects) return [];
    const spelled = (wanted.hosts.get(host) ?? []).map((o) => wanted.now(o));
    const strange = unknownTo(textsOf(liveObjects), spelled, true);
    const odd = strange.length ? unknownTo(textsOf(spelled), liveObjects, false) : [];
    return odd.length ? [{ wanted: { host, objects: byKey(strange) }, live: { host, objects: byKey(odd) } }] : [];
  });
}

/** Spells spellings again. Answers how many objects moved, and about how many the server was asked. */
async function spellAgain(
  side: Side,
  list: readonly Strangers[],
  asker: Asker,
  believed: Believed,
): Promise<{ readonly moved: number; readonly asked: number }> {
  let moved = 0;
  const open: Item[] = [];
  const keep = (objects: Strangers["objects"], before: DbObject, after: DbObject): void => {
    const texts = fragmentsOf(before.attributes).map(text);
    if (fragmentsOf(after.attributes).every((f, i) => text(f) === texts[i])) return;
    moved++;
    objects.set(encode(after.id), after);
    side.put(after);
  };
  for (const { host, objects } of list) {
    const context = side.context(host);
    for (const o of objects.values()) {
      let missing = false;
      const attributes = mapFragments(o.attributes, (f) => {
        if (f.canonical === null) return f;
        const spelled = believed(host).get(spellingKey(context, o, pathAgain(f.canonical, f.path), f.canonical));
        if (spelled === undefined) missing = true;
        return spelled === undefined || spelled === f.canonical ? f : { ...f, canonical: spelled };
      });
      if (missing) {
        const asText = mapFragments(o.attributes, (f) =>
          f.canonical === null ? f : { sql: f.canonical, path: pathAgain(f.canonical, f.path), canonical: null },
        );
        open.push({ object: { ...o, attributes: asText } as DbObject, host, context });
      } else keep(objects, o, { ...o, attributes } as DbObject);
    }
  }
  const byHost = new Map(list.map(({ host, objects }) => [host, objects]));
  for (const [item, spelled] of await asker.ask(open)) {
    learn(believed(item.host), item, spelled);
    const objects = byHost.get(item.host);
    const before = objects?.get(encode(item.object.id));
    // The text to write stays what it was; only the spelling to compare moves.
    if (objects && before)
      keep(objects, before, { ...before, attributes: respell(before.attributes, spelled.attributes) } as DbObject);
  }
  return { moved, asked: open.length };
}
