/** One of the two databases that are compared, while its texts are being spelled. */
import type { DbObject } from "../model/objects.ts";
import { type Database, fragmentsOf, type Index, indexOf } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { columnsOfHost } from "../kinds/twins.ts";
import { type Hosts, hostsOf, signature } from "./hosts.ts";
import { text } from "./spellings.ts";

export class Side {
  readonly all: Index;
  /** As they were before anything was spelled. */
  readonly hosts: Hosts;
  readonly #database: Database;
  readonly #major: number;
  readonly #live: Hosts;
  readonly #spelled = new Map<string, DbObject>();
  readonly #contexts = new Map<string, string>();

  /** `live`: the live database's, of which this is not the one. */
  constructor(database: Database, version: number, live?: Side) {
    this.#database = database;
    this.#major = Math.floor(version / 10000);
    this.all = indexOf(database);
    this.hosts = hostsOf(database, this.all);
    this.#live = live?.hosts ?? this.hosts;
  }

  /** What the spelling of a host's texts depends on. */
  context(host: string): string {
    let found = this.#contexts.get(host);
    if (found === undefined) {
      const of = (key: string): readonly DbObject[] => this.hosts.get(key) ?? [];
      found = `${this.#major}|${signature([...of(host), ...columnsOfHost(host, of)], this.#live)}`;
      this.#contexts.set(host, found);
    }
    return found;
  }

  /** With what was spelled so far. */
  now(o: DbObject): DbObject {
    return this.#spelled.get(encode(o.id)) ?? o;
  }
  put(o: DbObject): void {
    const key = encode(o.id);
    if (this.all.get(key) !== o) this.#spelled.set(key, o);
  }
  /** Of these hosts' objects: as if nothing had been spelled. */
  forget(hosts: readonly string[]): void {
    for (const host of hosts) for (const o of this.hosts.get(host) ?? []) this.#spelled.delete(encode(o.id));
  }
  /** A host's texts as they are now, and what the server says of its objects besides. */
  saidOf(host: string): readonly unknown[] {
    return (this.hosts.get(host) ?? []).map((before) => {
      const o = this.now(before);
      return [fragmentsOf(o.attributes).map(text), o.facts];
    });
  }
  get database(): Database {
    return this.#spelled.size ? { objects: this.#database.objects.map((o) => this.now(o)) } : this.#database;
  }
}
