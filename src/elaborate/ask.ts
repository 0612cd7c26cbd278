/** Asks the server how it spells fragments, by twins of the tables they stand on. */
import type { DbObject, Id } from "../model/objects.ts";
import { fragmentsOf, indexOf, respell } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { creation } from "../plan/index.ts";
import { roomOf } from "../kinds/rooms.ts";
import { companions, ground, grounded, hasTwin, namesakes, twinOf } from "../kinds/twins.ts";
import { type Connection, DatabaseError } from "../run/connection.ts";
import { openSnapshot } from "../snapshot.ts";
import { searchPath } from "../sql.ts";
import { hostOf } from "./hosts.ts";
import type { Side } from "./side.ts";

/** One object whose fragments are to be spelled, and the table or domain it stands on. */
export interface Item {
  readonly object: DbObject;
  readonly host: string;
  readonly context: string;
}

export interface Failure {
  readonly id: Id;
  readonly host: string;
  readonly error: DatabaseError;
  /** Which of the object's texts Postgres points at, and where in it (UTF-16); null: at none of them. */
  readonly place: { readonly sql: string; readonly at: number } | null;
}

export class Asker {
  readonly #connection: Connection;
  readonly #version: number;
  readonly #side: Side;
  readonly #live: Side;
  #failures: Failure[] = [];
  /** About what is on `side`. */
  constructor(connection: Connection, version: number, side: Side, live: Side) {
    this.#connection = connection;
    this.#version = version;
    this.#side = side;
    this.#live = live;
  }

  /** What the server refused. */
  get failures(): readonly Failure[] {
    return this.#failures;
  }
  /** What it refused of these hosts does not count any more. */
  forget(hosts: ReadonlySet<string>): void {
    this.#failures = this.#failures.filter((f) => !hosts.has(f.host));
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
    const other = this.#side.all.get(encode(n));
    return other !== undefined && hostOf(o, this.#side.all) === hostOf(other, this.#side.all);
  }

  #there(id: Id): boolean {
    return id.kind === "schema" || this.#live.all.has(encode(id));
  }

  #askable(o: DbObject): boolean {
    const twin = twinOf(o.id.kind, o);
    return [...o.needs, ...(twin ? roomOf(twin.id.kind).needs(twin) : [])].every(
      (n) =>
        // A column that comes from a parent is no object; the ground holds it.
        this.#there(n) ||
        !this.#side.all.has(encode(n)) ||
        // What is to come counts where a twin of it is made with the object's own.
        (hasTwin(n.kind) && this.#sameHost(o, n) && this.#askable(grounded(this.#side.all.get(encode(n))!))),
    );
  }

  async #askSome(items: readonly Item[]): Promise<readonly (readonly [Item, DbObject])[]> {
    if (!items.length) return [];
    const twins = this.#twins(items);
    // A message of its own: a syntax error later in a message is found before anything of it runs.
    await this.#connection.query("savepoint schemac_ask");
    let message = "";
    try {
      const actions = creation({ objects: [...twins.values()] }, this.#version);
      const statements = [
        "set local check_function_bodies = off",
        ...actions.flatMap((a) => [`set local search_path = ${searchPath(a.path)}`, a.sql]),
      ];
      message = statements.join(";\n");
      await this.#connection.query(message);
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
        const { object, host } = items[0]!;
        this.#failures.push({ id: object.id, host, error, place: placeIn(object, message, error.position) });
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
    const of = (key: string): readonly DbObject[] => this.#side.hosts.get(key) ?? [];
    const add = (o: DbObject, ...after: readonly DbObject[]): void => {
      const twin = twinOf(o.id.kind, o);
      if (twin) out.set(encode(twin.id), after.length ? { ...twin, needs: after.map((x) => x.id) } : twin);
    };
    for (const host of new Set(items.map((i) => i.host)))
      for (const o of ground(host, of, this.#live.all)) if (this.#askable(o)) add(o);
    for (const { object, host } of items) {
      const called = namesakes(object, host, of);
      for (const o of [...called, ...companions(object, of)]) out.set(encode(o.id), o);
      add(object, ...called);
    }
    return out;
  }
}

/** `position`: the server's, in characters from 1, of a message that holds the object's texts. */
function placeIn(o: DbObject, message: string, position: number | null): Failure["place"] {
  if (position === null) return null;
  const at = [...message].slice(0, position - 1).join("").length;
  for (const { sql } of fragmentsOf(o.attributes)) {
    const start = message.lastIndexOf(sql, at);
    if (start >= 0 && at < start + sql.length) return { sql, at: at - start };
  }
  return null;
}

function* chunks<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
}
