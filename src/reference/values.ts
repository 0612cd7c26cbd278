/** What Postgres is asked of rows: how it spells what is declared, and what stands there. */
import type { Attributes, DbObject, Fragment } from "../model/objects.ts";
import { type Row, rowKey, type Rows } from "../kinds/parts/rowKey.ts";
import { type Connection, DatabaseError } from "../run/connection.ts";
import { literal, name, qualified, searchPath } from "../sql.ts";
import type { Columns } from "./columns.ts";

const valueOf = (text: string | null): string => (text === null ? "null" : literal(text).trimStart());

/** One value, where it stands. */
type Cell = readonly [row: number, column: string, value: Fragment];

/**
 * The declared values as Postgres shows them. All in one message; should Postgres refuse it, half by half, then value by value, until
 * the one it refuses stands alone. `refuse` hears of those that it would refuse after the plan too.
 */
export async function spell(
  connection: Connection,
  o: Rows,
  columns: Columns,
  refuse: (error: DatabaseError) => void,
): Promise<Rows> {
  const all = Object.values(o.attributes.rows);
  if (!all.length) return o;
  const path = Object.values(all[0]!)[0]?.path ?? [];
  const cells = all.map((r, i): readonly Cell[] =>
    Object.entries(r).flatMap(([c, f]): Cell[] => (columns.has(c) ? [[i, c, f]] : [])),
  );
  const shown = all.map((): Map<string, Partial<Fragment>> => new Map());
  /**
   * In a list of its own. No list: the column's new type would not make the same of what is there. A longer one: the way back
   * would not, so the value is as the new type spells it, which differs.
   */
  const shownAs = ([, c, f]: Cell): string => {
    const { type, next } = columns.get(c)!;
    const as = (t: string): string => `((${f.sql}\n)::${t})::text`;
    const all = `json_build_array(${as(type)})`;
    if (next === null) return all;
    const back = `case when (${as(next)})::${type}::text is not distinct from ${as(type)} then ${all} else json_build_array(${as(next)}, true) end`;
    return `case when (((${f.sql}\n)::${type})::${next})::text is not distinct from ${as(next)} then ${back} end`;
  };
  const ask = async (groups: readonly (readonly Cell[])[]): Promise<void> => {
    // A function takes a hundred arguments at most, an array any number of values.
    const sql = groups.map(
      (group) => `select array_to_json(array[${group.map(shownAs).join(", ")}]::json[])::text as values`,
    );
    await connection.query("savepoint schemac_rows");
    try {
      const answers = await connection.query([`set local search_path = ${searchPath(path)}`, ...sql].join(";\n"));
      for (const [g, group] of groups.entries()) {
        const values = JSON.parse(answers[g + 1]?.rows[0]?.["values"] ?? "[]") as ([string | null, true?] | null)[];
        for (const [k, [row, column]] of group.entries()) {
          const value = values[k];
          if (!value) continue;
          const canonical = valueOf(value[0]);
          shown[row]!.set(column, value[1] ? { sql: canonical, canonical } : { canonical });
        }
      }
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const [only] = groups;
      if (groups.length === 1 && only?.length === 1) {
        if (columns.get(only[0]![1])!.stays()) refuse(error);
        return;
      }
    } finally {
      await connection.query("rollback to savepoint schemac_rows; release savepoint schemac_rows");
    }
    const half = groups.length >> 1;
    const smaller = half > 0 ? [groups.slice(0, half), groups.slice(half)] : groups[0]!.map((cell) => [[cell]]);
    for (const s of smaller) await ask(s);
  };
  await ask(cells.filter((group) => group.length > 0));
  const rows = all.map((r, i) =>
    Object.fromEntries(Object.entries(r).map(([c, f]): [string, Fragment] => [c, { ...f, ...shown[i]!.get(c) }])),
  );
  return { ...o, attributes: { ...o.attributes, rows: keyed(o.attributes.key, rows) } };
}

const keyed = (key: readonly string[], rows: readonly Row[]): Attributes<"rows">["rows"] =>
  Object.fromEntries(rows.map((r) => [rowKey(key, r), r]));

/** A partitioned table holds no rows itself; of a table with heirs only its own are meant. */
export const itself = ({ id, attributes }: DbObject<"table">): string =>
  `${attributes.partitionBy ? "" : "only "}${qualified(id)}`;

/** All rows, with all columns. */
export async function read(
  connection: Connection,
  columns: Columns,
  table: DbObject<"table">,
): Promise<readonly Row[]> {
  const all = [...columns.keys()];
  const [answer] = await connection.query(
    `select coalesce(json_agg(array_to_json(array[${all.map((c) => `r.${name(c)}::text`).join(", ")}]::text[])), '[]')::text as rows ` +
      `from ${itself(table)} r`,
  );
  const lines = JSON.parse(answer?.rows[0]?.["rows"] ?? "[]") as (string | null)[][];
  return lines.map((values) =>
    Object.fromEntries(
      all.map((c, i) => {
        const sql = valueOf(values[i] ?? null);
        return [c, { sql, path: [], canonical: sql } satisfies Fragment];
      }),
    ),
  );
}
