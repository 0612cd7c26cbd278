/**
 * Reference data: the rows of the live tables of which rows are declared, and the declared values as Postgres spells them. It
 * knows the kinds that it joins (rows, the tables that hold them, the foreign keys that order them); statements are the room's.
 */
import type { Attributes, DbObject, Fragment, Id } from "./model/objects.ts";
import { type Database, type Index, indexOf, isKind, ofKind } from "./model/database.ts";
import { encode } from "./model/id.ts";
import { type Row, rowKey } from "./kinds/parts/rowKey.ts";
import { type Connection, DatabaseError } from "./run/connection.ts";
import { literal, name, qualified, searchPath } from "./sql.ts";

type Rows = DbObject<"rows">;

export interface Reference {
  readonly actual: Database;
  readonly desired: Database;
  /** Values that Postgres refuses, with its words. */
  readonly failures: readonly { readonly id: Id; readonly error: DatabaseError }[];
}

/**
 * 1. Values that are declared for a live table are cast to its columns' types and shown as text, as its rows are.
 * 2. Of rows whose key is declared, the declared columns are read; of others all columns, so that they can be brought back.
 * 3. Rows come after those that they refer to.
 */
export async function withReference(connection: Connection, actual: Database, desired: Database): Promise<Reference> {
  const wanted = ofKind(desired, "rows");
  if (!wanted.length) return { actual, desired, failures: [] };
  const live = indexOf(actual);
  const failures: { id: Id; error: DatabaseError }[] = [];
  const had: Rows[] = [];
  const has = new Map<string, Rows>();
  for (const o of wanted) {
    const columns = columnsOf(o, live);
    if (!columns || o.attributes.key.some((k) => !columns.has(k))) continue;
    const spelled = await spell(connection, o, columns).catch((error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error;
      failures.push({ id: o.id, error });
      return o;
    });
    has.set(encode(o.id), spelled);
    had.push(await read(connection, spelled, columns));
  }
  const order = inOrder(desired);
  return {
    actual: { objects: [...actual.objects, ...had.map((o) => order(o))] },
    desired: { objects: desired.objects.map((o) => (isKind(o, "rows") ? order(has.get(encode(o.id)) ?? o) : o)) },
    failures,
  };
}

/** Types of the live table's columns that can be written, by name; null: there is no such table. */
function columnsOf(o: Rows, live: Index): ReadonlyMap<string, string> | null {
  if (!live.has(encode({ kind: "table", schema: o.id.schema, name: o.id.name }))) return null;
  const out = new Map<string, string>();
  for (const c of live.values())
    if (isKind(c, "column") && c.id.schema === o.id.schema && c.id.table === o.id.name && !c.attributes.generated)
      out.set(c.id.name, c.attributes.type.canonical ?? c.attributes.type.sql);
  return out;
}

const valueOf = (text: string | null): string => (text === null ? "null" : literal(text).trimStart());

async function spell(connection: Connection, o: Rows, columns: ReadonlyMap<string, string>): Promise<Rows> {
  const all = Object.values(o.attributes.rows);
  if (!all.length) return o;
  const path = Object.values(all[0]!)[0]?.path ?? [];
  const rowSql = (r: Row): string =>
    `select json_build_array(${Object.entries(r)
      .map(([c, f]) => {
        const type = columns.get(c);
        return type === undefined ? "null" : `((${f.sql}\n)::${type})::text`;
      })
      .join(", ")})::text as values`;
  await connection.query("savepoint schemac_rows");
  try {
    const answers = await connection.query(
      [`set local search_path = ${searchPath(path)}`, ...all.map(rowSql)].join(";\n"),
    );
    const rows = all.map((r, i): Row => {
      const values = JSON.parse(answers[i + 1]?.rows[0]?.["values"] ?? "[]") as (string | null)[];
      return Object.fromEntries(
        Object.entries(r).map(([c, f], k) => [c, columns.has(c) ? { ...f, canonical: valueOf(values[k] ?? null) } : f]),
      );
    });
    return { ...o, attributes: { ...o.attributes, rows: keyed(o.attributes.key, rows) } };
  } finally {
    await connection.query("rollback to savepoint schemac_rows; release savepoint schemac_rows");
  }
}

async function read(connection: Connection, wanted: Rows, columns: ReadonlyMap<string, string>): Promise<Rows> {
  const all = [...columns.keys()];
  const [answer] = await connection.query(
    `select coalesce(json_agg(json_build_array(${all.map((c) => `r.${name(c)}::text`).join(", ")})), '[]')::text as rows from only ${qualified(wanted.id)} r`,
  );
  const lines = JSON.parse(answer?.rows[0]?.["rows"] ?? "[]") as (string | null)[][];
  const rows = lines.map((values): Row => {
    const row = Object.fromEntries(
      all.map((c, i) => {
        const sql = valueOf(values[i] ?? null);
        return [c, { sql, path: [], canonical: sql } satisfies Fragment];
      }),
    );
    const declared = wanted.attributes.rows[rowKey(wanted.attributes.key, row)];
    return declared ? Object.fromEntries(Object.keys(declared).flatMap((c) => (row[c] ? [[c, row[c]]] : []))) : row;
  });
  return { ...wanted, attributes: { ...wanted.attributes, rows: keyed(wanted.attributes.key, rows) } };
}

const keyed = (key: readonly string[], rows: readonly Row[]): Attributes<"rows">["rows"] =>
  Object.fromEntries(rows.map((r) => [rowKey(key, r), r]));

/** Adds to what rows need the rows that they refer to; where those refer back, the later ones do not wait. */
function inOrder(desired: Database): (o: Rows) => Rows {
  const refers = new Map<string, Rows["id"][]>();
  const declared = new Set(ofKind(desired, "rows").map((o) => encode(o.id)));
  for (const f of ofKind(desired, "foreignKey")) {
    const own = { kind: "rows", schema: f.id.schema, name: f.id.table } as const;
    const other = { kind: "rows", schema: f.attributes.references.schema, name: f.attributes.references.name } as const;
    const [key, target] = [encode(own), encode(other)];
    if (key === target || !declared.has(key) || !declared.has(target) || reaches(refers, target, key)) continue;
    refers.set(key, [...(refers.get(key) ?? []), other]);
  }
  return (o) => ({ ...o, needs: [...o.needs, ...(refers.get(encode(o.id)) ?? [])] });
}
function reaches(refers: ReadonlyMap<string, readonly Rows["id"][]>, from: string, to: string): boolean {
  const seen = new Set([from]);
  const queue = [from];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (key === to) return true;
    for (const next of refers.get(key) ?? []) {
      const k = encode(next);
      if (!seen.has(k)) {
        seen.add(k);
        queue.push(k);
      }
    }
  }
  return false;
}
