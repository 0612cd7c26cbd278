/** Statements that lead from the rows of a table to those that are declared. */
import type { DbObject, Fragment, Id } from "../../model/objects.ts";
import type { Action, Hazard } from "../../model/plan.ts";
import { type Index, isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { literal, name, names, qualified } from "../../sql.ts";
import type { Context, Followed, Role } from "../room.ts";
import { action } from "./action.ts";
import { isRebound, isRetyped } from "./boundTypes.ts";
import { pathOf } from "./fragments.ts";
import { childrenOf } from "./inheritance.ts";
import { isPartitioned } from "./partitions.ts";
import { areLive, type Row } from "./rowKey.ts";
import { alter, columnOf } from "./table.ts";
import { typeText } from "./types.ts";

export type Rows = DbObject<"rows">;

export const tableOf = (o: Rows): Id<"table"> => ({ kind: "table", schema: o.id.schema, name: o.id.name });
const columnIn = (o: Rows, column: string): Id<"column"> => columnOf({ schema: o.id.schema, table: o.id.name }, column);

/** Of a table with heirs only its own rows are meant; those of a partitioned table are its partitions'. */
function itself(o: Rows, { from, to }: Context): string {
  const inherited = [from, to].some((all) => childrenOf(o.id, all).length > 0 && !isPartitioned(o.id, all));
  return `${inherited ? "only " : ""}${qualified(o.id)}`;
}

/** Statements of a readable length. */
const together = 100;

const write = (o: Rows, sql: string, fragments: readonly Fragment[], hazards: readonly Hazard[] = []): Action =>
  action(sql, { lock: "row exclusive", on: [tableOf(o)], path: pathOf(...fragments), hazards });

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
    const sequence = `pg_catalog.pg_get_serial_sequence(${literal(qualified(o.id)).trim()}, ${literal(column).trim()})::pg_catalog.regclass`;
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
  if (!c.attributes.default?.sql.includes("nextval")) return null;
  for (const o of all.values()) {
    if (!isKind(o, "sequenceOwner")) continue;
    const { schema, table, name: column } = o.attributes.column;
    if (schema !== c.id.schema || table !== c.id.table || column !== c.id.name) continue;
    const sequence = all.get(encode({ kind: "sequence", schema: o.id.schema, name: o.id.name }));
    if (sequence && isKind(sequence, "sequence")) return sequence.attributes;
  }
  return null;
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
    from.facts === areLive ? next.canonical !== null : old !== undefined && old.canonical === null;
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
      ? [alter(tableOf(to), `alter column ${name(column)} drop not null`, context)]
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

interface Constraints {
  /** All of the table's own, by which its rows can be refused. */
  readonly own: readonly Id[];
  /** Columns of each unique constraint and index. */
  readonly uniques: readonly (readonly string[])[];
  /** Foreign keys of other tables to this one. */
  readonly referring: readonly DbObject<"foreignKey">[];
  readonly refersToItself: boolean;
  /** Partitions that are directly of it. */
  readonly partitions: readonly Id<"partition">[];
}
/** Each database is looked through once, whatever the number of tables with rows. */
const known = new WeakMap<Index, ReadonlyMap<string, Constraints>>();
const nothing: Constraints = { own: [], uniques: [], referring: [], refersToItself: false, partitions: [] };

/** What the rows of a table have to meet, or other tables' rows because of them. */
const constraintsOf = (o: Rows, all: Index): Constraints => constraintsAt(tableOf(o), all);
function constraintsAt(table: Id<"table">, all: Index): Constraints {
  let tables = known.get(all);
  if (!tables) known.set(all, (tables = constraintsIn(all)));
  return tables.get(encode(table)) ?? nothing;
}
/** The partitions of a table and theirs, which rows are put into. */
const partitionsBelow = (table: Id<"table">, all: Index): readonly Id<"partition">[] =>
  constraintsAt(table, all).partitions.flatMap((p) => [
    p,
    ...partitionsBelow({ kind: "table", schema: p.schema, name: p.name }, all),
  ]);
function constraintsIn(all: Index): ReadonlyMap<string, Constraints> {
  interface Growing {
    own: Id[];
    uniques: (readonly string[])[];
    referring: DbObject<"foreignKey">[];
    refersToItself: boolean;
    partitions: Id<"partition">[];
  }
  const out = new Map<string, Growing>();
  const at = (schema: string, table: string): Growing => {
    const key = encode({ kind: "table", schema, name: table });
    let found = out.get(key);
    if (!found) out.set(key, (found = { own: [], uniques: [], referring: [], refersToItself: false, partitions: [] }));
    return found;
  };
  for (const o of all.values()) {
    if (isKind(o, "foreignKey")) {
      const { references } = o.attributes;
      const own = at(o.id.schema, o.id.table);
      own.own.push(o.id);
      if (references.schema === o.id.schema && references.name === o.id.table) own.refersToItself = true;
      else at(references.schema, references.name).referring.push(o);
    } else if (isKind(o, "unique")) {
      at(o.id.schema, o.id.table).own.push(o.id);
      at(o.id.schema, o.id.table).uniques.push(o.attributes.columns);
    } else if (isKind(o, "index") && o.attributes.unique) {
      at(o.id.schema, o.id.table).own.push(o.id);
      const columns = o.attributes.keys.flatMap((k) => (k.column === null ? [] : [k.column]));
      if (columns.length === o.attributes.keys.length && !o.attributes.where)
        at(o.id.schema, o.id.table).uniques.push(columns);
    } else if (isKind(o, "partition")) at(o.attributes.of.schema, o.attributes.of.name).partitions.push(o.id);
    else if (isKind(o, "check") || isKind(o, "exclude") || isKind(o, "primaryKey"))
      at(o.id.schema, o.id.table).own.push(o.id);
  }
  return out;
}
const refersToItself = (o: Rows, { from, to }: Context): boolean =>
  constraintsOf(o, from).refersToItself || constraintsOf(o, to).refersToItself;

export const rowsOf = (t: { readonly schema: string; readonly table: string }): Id<"rows"> => ({
  kind: "rows",
  schema: t.schema,
  name: t.table,
});

/** Rows that come before what tables that are there are to have from now on: a key, a check or a reference may be met by them alone. */
export const rowsBefore = (
  ...tables: readonly { readonly schema: string; readonly table: string }[]
): readonly Followed[] => tables.map((t) => ({ id: rowsOf(t), roles: ["create", "alter", "after"] }));

/** The same of what a table's partitions have to have before they are its: rows wait for those that come. */
export const ownRowsBefore = (
  t: { readonly schema: string; readonly table: string },
  { from, to }: Context,
): readonly Followed[] =>
  partitionsBelow({ kind: "table", schema: t.schema, name: t.table }, to).every((p) =>
    same(from.get(encode(p))?.attributes, to.get(encode(p))?.attributes),
  )
    ? rowsBefore(t)
    : [];

/**
 * What rows wait for: the partitions that take them; what they no longer have to meet goes first; and rows that others refer to
 * go after those, unless they themselves need those.
 */
export function rowsFollow(o: Rows, role: Role, { from, to }: Context): readonly Followed[] {
  const { own, referring } = constraintsOf(o, from);
  const dropped = (ids: readonly Id[]): readonly Followed[] => ids.map((id) => ({ id, roles: ["drop"] }));
  if (role === "create" || role === "alter")
    return [
      ...dropped(own),
      ...partitionsBelow(tableOf(o), to).map((id): Followed => ({ id, roles: ["create", "alter"] })),
    ];
  if (role === "before") return dropped(own);
  if (role !== "after" && role !== "drop") return [];
  const needed = rowsNeeded(o, from, to);
  return [
    ...dropped(own),
    ...dropped(referring.map((f) => f.id)),
    ...referring.flatMap((f): readonly Followed[] => {
      const id = rowsOf(f.id);
      return needed.has(encode(id)) ? [] : [{ id, roles: ["create", "alter", "after", "drop"] }];
    }),
  ];
}
/** The rows that these need, and what those need in turn, by encoded ids. */
function rowsNeeded(o: Rows, from: Index, to: Index): ReadonlySet<string> {
  const out = new Set<string>();
  const queue: DbObject[] = [o];
  for (let at = queue.pop(); at; at = queue.pop())
    for (const need of at.needs) {
      const key = encode(need);
      if (need.kind !== "rows" || out.has(key)) continue;
      out.add(key);
      const next = to.get(key) ?? from.get(key);
      if (next) queue.push(next);
    }
  return out;
}
