/**
 * Reference data: the rows of the live tables of which rows are declared, and the declared values as Postgres spells them. It
 * knows the kinds that it joins (rows, the tables that hold them, the foreign keys that order them); statements are the room's.
 */
import type { Id } from "../model/objects.ts";
import { type Database, type Index, indexOf, isKind, ofKind } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { holderOf, type Rows } from "../kinds/parts/rowKey.ts";
import { tableOf } from "../kinds/parts/table.ts";
import { complete } from "../kinds/complete.ts";
import type { Connection, DatabaseError } from "../run/connection.ts";
import { alike, told } from "./apart.ts";
import { columnsIn } from "./columns.ts";
import { inOrder } from "./order.ts";
import { read, spell } from "./values.ts";

export interface Reference {
  readonly actual: Database;
  readonly desired: Database;
  /** Values that Postgres refuses, with its words. */
  readonly failures: readonly { readonly id: Id; readonly error: DatabaseError }[];
}

/**
 * 1. Values that are declared for a live table are cast to its columns' types and shown as text, as its rows are. One that only
 *    the plan makes valid (a new label, another type) stays as it is written.
 * 2. Of rows whose key is declared, the declared columns are read; of others all columns, so that they can be brought back.
 * 3. Rows come after those that they refer to.
 */
export async function withReference(connection: Connection, actual: Database, desired: Database): Promise<Reference> {
  const wanted = ofKind(desired, "rows");
  if (!wanted.length) return { actual, desired, failures: [] };
  // Columns that a table has from its parents are written like its own.
  const [live, then] = [indexOf(complete(actual)), indexOf(complete(desired))];
  const columnsOf = columnsIn(live, then, wanted);
  const keysThere = keysIn(live);
  const failures: { id: Id; error: DatabaseError }[] = [];
  const had: Rows[] = [];
  const has = new Map<string, Rows>();
  for (const o of wanted) {
    const table = live.get(encode(holderOf(o)));
    const columns = columnsOf.get(encode(o.id));
    if (!table || !isKind(table, "table") || !columns) continue;
    const keys = [o.attributes.key, keysThere.get(encode(holderOf(o))) ?? []].filter(
      (key) => key.length > 0 && key.every((c) => columns.has(c)),
    );
    if (!keys.length) continue;
    const spelled = await spell(connection, o, columns, (error) => failures.push({ id: o.id, error }));
    has.set(encode(o.id), spelled);
    const there = await read(connection, columns, table);
    had.push(told(spelled, there, keys, columns, await alike(connection, spelled, there, columns, table)));
  }
  const order = inOrder(desired, then, [...had, ...wanted]);
  return {
    actual: { objects: [...actual.objects, ...had.map((o) => order(o))] },
    desired: { objects: desired.objects.map((o) => (isKind(o, "rows") ? order(has.get(encode(o.id)) ?? o) : o)) },
    failures,
  };
}

/** The columns of primary keys, by their tables' encoded ids. */
const keysIn = (all: Index): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...all.values()].flatMap((o): [string, readonly string[]][] =>
      isKind(o, "primaryKey") ? [[encode(tableOf(o.id)), o.attributes.columns]] : [],
    ),
  );
