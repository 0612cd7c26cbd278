/** Trying rooms on a live database: run what they write, look at what came of it. */
import { expect } from "vitest";
import { same, type Observation, indexOf } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import { ownPart } from "../../src/kinds/silence.ts";
import type { DbObject, Kind } from "../../src/model/objects.ts";
import type { Action } from "../../src/model/plan.ts";
import { openSnapshot, type Scope } from "../../src/snapshot.ts";
import type { Connection } from "../../src/run/connection.ts";
import type { Context, InPlace } from "../../src/kinds/room.ts";
import { roomOf } from "../../src/kinds/rooms.ts";
import { names } from "../../src/sql.ts";
import { withDatabase } from "../servers/databases.ts";
import { connected } from "./connection.ts";

export const onDatabase = (major: number, fn: (connection: Connection) => Promise<void>): Promise<void> =>
  withDatabase(major, (url) => connected(url, fn));

export async function observe(connection: Connection, scope: Scope = {}, dependencies = false): Promise<Observation> {
  const snapshot = await openSnapshot(connection, scope);
  try {
    const o = await snapshot.observe();
    const whole = dependencies ? await snapshot.withDependencies(o) : o;
    // Other tests make roles on the same server.
    return { ...whole, database: ownPart(whole.database) };
  } finally {
    await snapshot.close();
  }
}

/** Each in a transaction of its own, with the path that it asks for. */
export async function run(connection: Connection, actions: readonly Action[]): Promise<void> {
  for (const a of actions)
    await connection.query(
      `set search_path = ${names(["pg_catalog", ...a.path, "pg_temp"])};\n${a.sql};\nreset search_path`,
    );
}

export const context = (from: readonly DbObject[], to: readonly DbObject[], version = 150000): Context => ({
  version,
  from: indexOf({ objects: from }),
  to: indexOf({ objects: to }),
});

export const create = async (connection: Connection, objects: readonly DbObject[]): Promise<void> => {
  for (const o of objects) await run(connection, createOf(o.id.kind, o));
};
const nothing = context([], []);
const createOf = <K extends Kind>(kind: K, o: DbObject<K>): readonly Action[] => roomOf(kind).create(o, nothing);
export const dropOf = <K extends Kind>(kind: K, o: DbObject<K>): readonly Action[] => roomOf(kind).drop(o, nothing);

/** What the rules of the differing attributes answer, each distinct rule asked once. */
export function changeOf<K extends Kind>(
  kind: K,
  from: DbObject<K>,
  to: DbObject<K>,
  around: Context = nothing,
): InPlace | "replace" {
  const rules = roomOf(kind).change;
  const all = Object.keys(rules) as (keyof typeof rules & string)[];
  const changed = new Set(all.filter((a) => !same(from.attributes[a], to.attributes[a])));
  const answers = [...new Set([...changed].map((a) => rules[a]))].map((rule) => rule(from, to, changed, around));
  const out: InPlace[] = [];
  for (const a of answers) {
    if (a === "replace") return "replace";
    out.push(a);
  }
  return { actions: out.flatMap((a) => a.actions), disturbs: out[0]?.disturbs ?? "nothing" };
}

/** The object as observed must have these attributes; needs and hints are not compared. */
export function expectObserved(o: Observation, wanted: readonly DbObject[]): void {
  const all = indexOf(o.database);
  for (const w of wanted) {
    const found = all.get(encode(w.id));
    expect(found, `${encode(w.id)} among ${[...all.keys()].join(" ")}`).toBeDefined();
    if (!same(found!.attributes, w.attributes)) expect(found!.attributes, encode(w.id)).toEqual(w.attributes);
  }
}
