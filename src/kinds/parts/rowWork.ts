/** Statements that lead from the rows of a table to those that are declared. */
import type { DbObject, Fragment, Id } from "../../model/objects.ts";
import type { Action, Hazard } from "../../model/plan.ts";
import { type Index, isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { name, names, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import { isRebound, isRetyped } from "./boundTypes.ts";
import { pathOf } from "./fragments.ts";
import { childrenOf } from "./inheritance.ts";
import { isPartitioned } from "./partitions.ts";
import { holderOf, isLive, type Row, type Rows } from "./rowKey.ts";
import { constraintsOf } from "./rowOrder.ts";
import { isCounted, serialSequence } from "./serials.ts";
import { sequencesByTable } from "./said.ts";
import { alter, columnOf, tableOf } from "./table.ts";
import { typeText } from "./types.ts";

const columnIn = (o: Rows, column: string): Id<"column"> => columnOf({ schema: o.id.schema, table: o.id.name }, column);

/** Of a table with heirs only its own rows are meant; those of a partitioned table are its partitions'. */
function itself(o: Rows, { from, to }: Context): string {
  const inherited = [from, to].some((all) => childrenOf(o.id, all).length > 0 && !isPartitioned(o.id, all));
  return `${inherited ? "only " : ""}${qualified(o.id)}`;
}

/** Statements of a readable length. */
const together = 100;

const write = (o: Rows, sql: string, fragments: readonly Fragment[], hazards: readonly Hazard[] = []): Action =>
  action(sql, { lock: "row exclusive", on: [holderOf(o)], path: pathOf(...fragments), hazards });

/** Puts rows in. Those of a table that refers to itself in one statement, at whose end Postgres looks at its foreign keys. */
export function inserts(o: Rows, rows: readonly Row[], context: Context): readonly Action[] {
  const byColumns = new Map<string, Row[]>();
  for (const r of rows) {
    const key = JSON.stringify(Object.keys(r));
    const group = byColumns.get(key);
    if (group) group.push(r);
    else byColumns.set(key, [r]);
  }
  const size = refersToItself(o, context) ? rows.length : together;
  const out: Action[] = [];
  for (const group of byColumns.values()) {
    const columns = Object.keys(group[0]!);
    for (let i = 0; i < group.length; i += size) {
      const some = group.slice(i, i + size);
      const lines = some.map((r) => `(${columns.map((c) => r[c]!.sql).join(", ")})`);
      out.push(
        write(
          o,
          `insert into ${qualified(o.id)} (${names(columns)}) overriding system value values\n  ${lines.join(",\n  ")}`,
          some.flatMap((r) => Object.values(r)),
        ),
      );
    }
  }
  return [...out, ...counters(o, rows, context)];
}

/** Where keys that a sequence would give are said, it goes on after them, else the next row would meet one. It never goes back. */
function counters(o: Rows, rows: readonly Row[], { to }: Context): readonly Action[] {
  return [...new Set(rows.flatMap((r) => Object.keys(r)))].flatMap((column) => {
    const c = to.get(encode(columnIn(o, column)));
    if (!c || !isKind(c, "column") || !["smallint", "integer", "bigint"].includes(typeText(c.attributes.type)))
      return [];
    const options = c.attributes.identity?.options ?? serialOf(c, to);
    if (!options) return [];
    const { start, min, max, increment } = options;
    const given = `coalesce(pg_catalog.pg_sequence_last_value(s), ${start})`;
    const down = increment.startsWith("-");
    const sequence = `${serialSequence(o.id, column)}::pg_catalog.regclass`;
    return [
      action(
        `select pg_catalog.setval(s, last) from (select ${sequence} as s, ${down ? "min" : "max"}(${name(column)}) as last from ${qualified(o.id)}) as r\n` +
          `  where last between ${down ? `${min} and ${given}` : `${given} and ${max}`}`,
      ),
    ];
  });
}

/** The sequence that a column owns and takes its default from. */
function serialOf(c: DbObject<"column">, all: Index) {
  if (!isCounted(c)) return null;
  const tie = sequencesByTable(all, tableOf(c.id)).find((o) => o.attributes.column.name === c.id.name);
  const sequence = tie && all.get(encode({ kind: "sequence", schema: tie.id.schema, name: tie.id.name }));
  return sequence && isKind(sequence, "sequence") ? sequence.attributes : null;
}

/** Takes rows out, all in one statement, at whose end Postgres looks at foreign keys of the table to itself. */
export function deletes(o: Rows, rows: readonly Row[], context: Context): readonly Action[] {
  if (!rows.length) return [];
  const { key } = o.attributes;
  const detail =
    rows.length === 1
      ? "A row that is not declared is deleted."
      : `${rows.length} rows that are not declared are deleted.`;
  return [
    write(
      o,
      `delete from ${itself(o, context)} where ${rows.length === 1 ? where(o, rows[0]!) : whereAny(o, rows)}`,
      rows.flatMap((r) => key.map((k) => r[k]!)),
      [{ code: "data-loss", on: o.id, detail }],
    ),
  ];
}
const where = (o: Rows, row: Row): string => o.attributes.key.map((k) => `${name(k)} = ${row[k]!.sql}`).join(" and ");
function whereAny(o: Rows, rows: readonly Row[]): string {
  const { key } = o.attributes;
  const bracket = (list: string): string => (key.length === 1 ? list : `(${list})`);
  return `${bracket(names(key))} in (${rows.map((r) => bracket(key.map((k) => r[k]!.sql).join(", "))).join(", ")})`;
}

/** `at`: a row with the key that it has now. */
const update = (o: Rows, row: Row, columns: readonly string[], at: Row, context: Context): Action =>
  write(
    o,
    `update ${itself(o, context)} set ${columns.map((c) => `${name(c)} = ${row[c]!.sql}`).join(", ")} where ${where(o, at)}`,
    [...Object.values(row), ...o.attributes.key.map((k) => at[k]!)],
  );
const moved = (old: Row, row: Row): readonly string[] =>
  Object.keys(row).filter((c) => !old[c] || !same(old[c], row[c]));

/**
 * What leads from the rows of one to those of the other. Where a column gets another type, values that both types take come
 * before it, on the way back those in place of what the old type does not take; and rows that go, go before it.
 */
export function changes(
  from: Rows,
  to: Rows,
  context: Context,
): { readonly before: readonly Action[]; readonly actions: readonly Action[]; readonly after: readonly Action[] } {
  const [was, is] = [from.attributes.rows, to.attributes.rows];
  const missing = Object.keys(is).filter((key) => !was[key]);
  const surplus = Object.keys(was).filter((key) => !is[key]);
  const renamed = sameButKey(surplus, missing, was, is, to, context);
  const retyped = new Set(Object.keys(Object.values(was)[0] ?? {}).filter((c) => getsType(columnIn(to, c), context)));
  // Of the declared values Postgres spells those that the live type takes too.
  const comesFirst = (old: Fragment | undefined, next: Fragment): boolean =>
    isLive(from) ? next.canonical !== null : old !== undefined && old.canonical === null;
  const early: Action[] = [];
  const updates: Action[] = [];
  for (const [key, row] of Object.entries(is)) {
    const old = was[renamed.get(key) ?? key];
    if (!old) continue;
    const columns = moved(old, row);
    const now = columns.filter((c) => retyped.has(c) && comesFirst(old[c], row[c]!));
    const later = columns.filter((c) => !now.includes(c));
    const at = renamed.has(key) ? old : row;
    if (now.length) early.push(update(to, row, now, at, context));
    // Its key may be another one by now.
    if (later.length) updates.push(update(to, row, later, now.length ? { ...at, ...pick(row, now) } : at, context));
  }
  const gone = new Set(renamed.values());
  const added = inserts(
    to,
    missing.flatMap((key) => (renamed.has(key) ? [] : [is[key]!])),
    context,
  );
  const surplusRows = surplus.flatMap((key) => (gone.has(key) ? [] : [was[key]!]));
  const removed = deletes(from, surplusRows, context);
  const first = retyped.size > 0 && !constraintsOf(from, context.from).referring.length;
  return {
    before: [...early, ...(first ? removed : [])],
    actions: [
      ...(added.length ? loosened(from, to, context) : []),
      // What is updated may refer to what is added.
      ...(refersToItself(to, context) ? [...added, ...updates] : [...updates, ...added]),
    ],
    after: first ? [] : removed,
  };
}
const pick = (row: Row, columns: readonly string[]): Row => Object.fromEntries(columns.map((c) => [c, row[c]!]));

/** Whether the column's type is another one afterwards, or is made anew. */
function getsType(id: Id<"column">, context: Context): boolean {
  const [was, is] = [context.from.get(encode(id)), context.to.get(encode(id))];
  if (!was || !is || !isKind(was, "column") || !isKind(is, "column")) return false;
  return isRetyped(was, is, context) || isRebound(is, context);
}

/** Columns that go and have no value in rows that come let go of their not null. */
const loosened = (from: Rows, to: Rows, context: Context): readonly Action[] =>
  Object.keys(Object.values(from.attributes.rows)[0] ?? {}).flatMap((column) => {
    const key = encode(columnIn(to, column));
    const c = context.to.has(key) ? undefined : context.from.get(key);
    if (!c || !isKind(c, "column")) return [];
    const { notNull, default: initial, identity, generated } = c.attributes;
    return notNull && !initial && !identity && !generated
      ? [alter(holderOf(to), `alter column ${name(column)} drop not null`, context)]
      : [];
  });

/**
 * New key → old key of rows whose key changes while what another unique constraint is of stays: side by side they could not be.
 */
function sameButKey(
  surplus: readonly string[],
  missing: readonly string[],
  was: Rows["attributes"]["rows"],
  is: Rows["attributes"]["rows"],
  o: Rows,
  { to }: Context,
): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  if (!surplus.length || !missing.length) return out;
  const taken = new Set<string>();
  for (const columns of constraintsOf(o, to).uniques) {
    const valueOf = (row: Row): string | null => {
      const values = columns.map((c) => row[c]?.canonical ?? row[c]?.sql ?? "null");
      return values.includes("null") ? null : JSON.stringify(values);
    };
    const old = new Map<string | null, string>(surplus.map((key) => [valueOf(was[key]!), key]));
    for (const key of missing) {
      const value = valueOf(is[key]!);
      const found = value === null ? undefined : old.get(value);
      if (found === undefined || taken.has(found) || out.has(key)) continue;
      taken.add(found);
      out.set(key, found);
    }
  }
  return out;
}

const refersToItself = (o: Rows, { from, to }: Context): boolean =>
  constraintsOf(o, from).refersToItself || constraintsOf(o, to).refersToItself;
