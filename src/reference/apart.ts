/** Which of the rows that are there is which of the declared ones. */
import { same } from "../model/database.ts";
import type { DbObject } from "../model/objects.ts";
import { groupedBy } from "../model/once.ts";
import { heldIn, type Row, rowKey, type Rows } from "../kinds/parts/rowKey.ts";
import { columnsOfTable } from "../kinds/parts/table.ts";
import { type Connection, DatabaseError } from "../run/connection.ts";
import { name, searchPath } from "../sql.ts";
import type { Columns } from "./columns.ts";
import { itself } from "./values.ts";

/**
 * The rows that are there, told apart by the first of `keys` that does: the declared one, unless a column of it is new or they do
 * not meet it yet; then the one that the table has. So a row whose key gets another column is that of the first declared row that
 * has the rest of its key, and not another one.
 */
export function told(
  wanted: Rows,
  there: readonly Row[],
  keys: readonly (readonly string[])[],
  columns: Columns,
  alike: ReadonlyMap<string, string> | null,
): Rows {
  const tells = (key: readonly string[]): boolean =>
    new Set(there.map((r) => heldIn(r, key) ?? "")).size === there.length &&
    !there.some((r) => heldIn(r, key) === null);
  const key = keys.find(tells) ?? keys[0]!;
  const declared = wanted.attributes.rows;
  const isWanted = same(key, wanted.attributes.key);
  const known = wanted.attributes.key.filter((c) => columns.has(c));
  const byKnown =
    isWanted || !known.length ? [] : groupedBy(Object.keys(declared), (own) => rowKey(known, declared[own]!));
  const free = new Map([...byKnown].map(([held, group]) => [held, [...group]]));
  const taken = new Set(alike?.values());
  const rows = there.map((r): [string, Row] => {
    const held = rowKey(key, r);
    const own = isWanted
      ? (alike?.get(held) ?? (taken.has(held) ? `old ${held}` : held))
      : (free.get(rowKey(known, r))?.shift() ?? `old ${held}`);
    if (!declared[own]) return [own, r];
    // What tells it apart now is kept too: the text may not say it.
    const kept = new Set([...Object.keys(declared[own]), ...keys.flat()]);
    return [own, Object.fromEntries([...kept].flatMap((c) => (r[c] ? [[c, r[c]]] : [])))];
  });
  return {
    ...wanted,
    attributes: { key, rows: Object.fromEntries(rows) },
    // Rows that are to go were read with all their columns.
    needs: [...wanted.needs, ...columnsOfTable(wanted.id, [...columns.keys()])],
  };
}

/**
 * Keys of rows that are there → keys of the declared rows that Postgres takes for the same, be they spelled otherwise (`1.0` and
 * `1.00`), when the key has the type that it is to have. null: as they are spelled. GROUP BY compares like a key, whatever the path.
 */
export async function alike(
  connection: Connection,
  { attributes: { key, rows } }: Rows,
  there: readonly Row[],
  columns: Columns,
  table: DbObject<"table">,
): Promise<ReadonlyMap<string, string> | null> {
  const becoming = key.flatMap((k) => columns.get(k)?.becomes ?? []);
  if (becoming.length < key.length) return null;
  const keeps = key.every((k) => columns.get(k)!.next === null);
  const has = new Set(there.map((r) => rowKey(key, r)));
  const declared = Object.keys(rows).filter((own) => key.every((k) => rows[own]![k]!.canonical !== null));
  const missing = declared.filter((own) => !has.has(own));
  if (!there.length || !declared.length || (keeps && (!missing.length || !there.some((r) => !rows[rowKey(key, r)]))))
    return null;
  const as = key.map((_, i) => `k${i}`);
  const types = key.map((k) => columns.get(k)!.next ?? columns.get(k)!.type);
  const values = declared.map((own, n) => {
    const cells = key.map((k, i) => `${rows[own]![k]!.canonical}::${types[i]}`);
    return `(null::text, ${n}, ${cells.join(", ")})`;
  });
  const held = `json_build_array(${key.map((k) => `${name(k)}::text`).join(", ")})::text`;
  await connection.query("savepoint schemac_rows");
  try {
    const answers = await connection.query(
      `set local search_path = ${searchPath([...new Set(becoming.flatMap((b) => b.path))])};
select coalesce(json_agg(json_build_array(held, n)), '[]')::text as pairs
from (select min(held) as held, min(n) as n
  from (select ${held}, null::int, ${becoming.map((b) => b.sql).join(", ")} from ${itself(table)}
    union all values ${values.join(", ")}) as r (held, n, ${as.join(", ")})
  group by ${as.join(", ")} having count(held) = 1 and count(n) = 1) as p`,
    );
    const pairs = JSON.parse(answers[1]?.rows[0]?.["pairs"] ?? "[]") as [string, number][];
    return new Map(pairs.map(([held, n]) => [JSON.stringify(JSON.parse(held)), declared[n]!]));
  } catch (error) {
    // What only the plan makes right.
    if (error instanceof DatabaseError) return null;
    throw error;
  } finally {
    await connection.query("rollback to savepoint schemac_rows; release savepoint schemac_rows");
  }
}
