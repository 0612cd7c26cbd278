/**
 * Reference data: the rows of the live tables of which rows are declared, and the declared values as Postgres spells them. It
 * knows the kinds that it joins (rows, the tables that hold them, the foreign keys that order them); statements are the room's.
 */
import type { Attributes, DbObject, Fragment, Id } from "./model/objects.ts";
import { type Database, type Index, indexOf, isKind, ofKind, same } from "./model/database.ts";
import { encode } from "./model/id.ts";
import { checksOf } from "./kinds/parts/boundTypes.ts";
import { heldIn, holderOf, isNull, type Row, rowKey, type Rows, rowsOf } from "./kinds/parts/rowKey.ts";
import { columnOf, columnsOfTable, tableOf } from "./kinds/parts/table.ts";
import { typeIn } from "./kinds/parts/typeIds.ts";
import { typeText } from "./kinds/parts/types.ts";
import { complete } from "./kinds/complete.ts";
import { type Connection, DatabaseError } from "./run/connection.ts";
import { literal, name, qualified, searchPath } from "./sql.ts";

export interface Reference {
  readonly actual: Database;
  readonly desired: Database;
  /** Values that Postgres refuses, with its words. */
  readonly failures: readonly { readonly id: Id; readonly error: DatabaseError }[];
}

/** A column of a live table that can be written. */
interface Writable {
  /** Of the live column. */
  readonly type: string;
  /** Of the column as it will be, where that is another one that Postgres has now; null: it is the same, or comes with the plan. */
  readonly next: string | null;
  /** What a value becomes; null: only the plan makes its type. */
  readonly becomes: Pick<Fragment, "sql" | "path"> | null;
  /** Nothing that decides whether a value fits is changed by the plan. */
  readonly stays: () => boolean;
}
type Columns = ReadonlyMap<string, Writable>;

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

/** For the rows of each live table, its columns that can be written, by name. */
function columnsIn(live: Index, desired: Index, wanted: readonly Rows[]): ReadonlyMap<string, Columns> {
  const out = new Map(wanted.map((o) => [encode(o.id), { o, columns: new Map<string, Writable>() }]));
  for (const c of live.values()) {
    if (!isKind(c, "column") || c.attributes.generated) continue;
    const found = out.get(encode(rowsOf(c.id)));
    if (!found) continue;
    const { o, columns } = found;
    const wish = desired.get(encode(c.id));
    const keeps = !wish || !isKind(wish, "column") || same(wish.attributes.type, c.attributes.type);
    const own = keeps ? typeIn(typeText(c.attributes.type), live) : typeIn(typeText(wish.attributes.type), desired);
    columns.set(c.id.name, {
      type: typeText(c.attributes.type),
      next: keeps || own ? null : wish.attributes.type.sql,
      becomes: keeps ? { sql: name(c.id.name), path: [] } : own ? null : converted(wish),
      stays: () =>
        keeps &&
        [...(own ? [own] : []), ...o.needs.filter((n) => n.kind !== "column")].every((n) => isSame(n, live, desired)),
    });
  }
  return new Map([...out].map(([key, { columns }]) => [key, columns]));
}

const converted = ({ id, attributes: { type }, hints }: DbObject<"column">): Pick<Fragment, "sql" | "path"> => ({
  sql: `(${hints?.using?.sql ?? name(id.name)}\n)::${type.sql}`,
  path: hints?.using?.path ?? type.path,
});

/** Whether it is there and stays as it is, with all that decides what fits it. */
function isSame(id: Id, live: Index, desired: Index, seen = new Set<string>()): boolean {
  const key = encode(id);
  if (seen.has(key)) return true;
  seen.add(key);
  const [was, is] = [live.get(key), desired.get(key)];
  // The schema public is nobody's to declare; and what is in neither is Postgres's own.
  if (!was || !is) return id.kind === "schema" || was === is;
  const checks = (all: Index): unknown => checksOf(id, all).map((c) => [encode(c), all.get(encode(c))?.attributes]);
  return (
    same(was.attributes, is.attributes) &&
    same(checks(live), checks(desired)) &&
    is.needs.every((n) => isSame(n, live, desired, seen))
  );
}

const valueOf = (text: string | null): string => (text === null ? "null" : literal(text).trimStart());

/** One value, where it stands. */
type Cell = readonly [row: number, column: string, value: Fragment];

/**
 * The declared values as Postgres shows them. All in one message; should Postgres refuse it, half by half, then value by value, until
 * the one it refuses stands alone. `refuse` hears of those that it would refuse after the plan too.
 */
async function spell(
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

/** A partitioned table holds no rows itself; of a table with heirs only its own are meant. */
const itself = ({ id, attributes }: DbObject<"table">): string =>
  `${attributes.partitionBy ? "" : "only "}${qualified(id)}`;

/** All rows, with all columns. */
async function read(connection: Connection, columns: Columns, table: DbObject<"table">): Promise<readonly Row[]> {
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

/**
 * Keys of rows that are there → keys of the declared rows that Postgres takes for the same, be they spelled otherwise (`1.0` and
 * `1.00`), when the key has the type that it is to have. null: as they are spelled. GROUP BY compares like a key, whatever the path.
 */
async function alike(
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

/** The columns of primary keys, by their tables' encoded ids. */
const keysIn = (all: Index): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...all.values()].flatMap((o): [string, readonly string[]][] =>
      isKind(o, "primaryKey") ? [[encode(tableOf(o.id)), o.attributes.columns]] : [],
    ),
  );

/**
 * The rows that are there, told apart by the first of `keys` that does: the declared one, unless a column of it is new or they do
 * not meet it yet; then the one that the table has. So a row whose key gets another column is that of the first declared row that
 * has the rest of its key, and not another one.
 */
function told(
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
  const free = new Map<string, string[]>();
  if (!isWanted && known.length)
    for (const [own, r] of Object.entries(declared)) {
      const held = rowKey(known, r);
      const group = free.get(held);
      if (group) group.push(own);
      else free.set(held, [own]);
    }
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

const keyed = (key: readonly string[], rows: readonly Row[]): Attributes<"rows">["rows"] =>
  Object.fromEntries(rows.map((r) => [rowKey(key, r), r]));

/** Adds to what rows need the rows that they refer to; where those refer back, the later ones do not wait. */
function inOrder(desired: Database, wanted: Index, all: readonly Rows[]): (o: Rows) => Rows {
  const said = new Map<string, Row[]>();
  for (const o of all) said.set(encode(o.id), [...(said.get(encode(o.id)) ?? []), ...Object.values(o.attributes.rows)]);
  const refersNowhere = (r: Row, { id }: DbObject<"foreignKey">, column: string): boolean => {
    const value = r[column];
    if (value !== undefined) return isNull(value);
    const c = wanted.get(encode(columnOf(id, column)));
    return !(c && isKind(c, "column") && (c.attributes.default || c.attributes.identity || c.attributes.generated));
  };
  const refers = new Map<string, Rows["id"][]>();
  const declared = new Set(ofKind(desired, "rows").map((o) => encode(o.id)));
  for (const f of ofKind(desired, "foreignKey")) {
    const own = rowsOf(f.id);
    const other = { kind: "rows", schema: f.attributes.references.schema, name: f.attributes.references.name } as const;
    const [key, target] = [encode(own), encode(other)];
    if (key === target || !declared.has(key) || !declared.has(target)) continue;
    if (
      !said.get(key)?.some((r) => !f.attributes.columns.some((c) => refersNowhere(r, f, c))) ||
      reaches(refers, target, key)
    )
      continue;
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
