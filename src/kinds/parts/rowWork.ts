/** Statements that lead from the rows of a table to those that are declared. */
import type { DbObject, Fragment, Id } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { name, names, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import { pathOf } from "./fragments.ts";
import { childrenOf, columnIdsIn } from "./inheritance.ts";
import { isPartitioned } from "./partitions.ts";
import { holderOf, type Row, type Rows } from "./rowKey.ts";
import { type Consequences, consequences } from "./rowReferring.ts";
import { refersToItself, turnsOf, type Update } from "./rowTurns.ts";
import { isCounted, sequenceOf, serialSequence } from "./serials.ts";
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

const write = (
  o: Rows,
  sql: string,
  fragments: readonly Fragment[],
  { on, hazards }: Consequences = { on: [], hazards: [] },
): Action => action(sql, { lock: "row exclusive", on: [holderOf(o), ...on], path: pathOf(...fragments), hazards });

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
    const sequence = `${serialSequence(c, to, sequenceOf(c))}::pg_catalog.regclass`;
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
  const { on, hazards } = consequences(o, rows, "deleted", context);
  return [
    write(
      o,
      `delete from ${itself(o, context)} where ${rows.length === 1 ? where(key, rows[0]!) : whereAny(o, rows)}`,
      rows.flatMap((r) => key.map((k) => r[k]!)),
      { on, hazards: [{ code: "data-loss", on: o.id, detail }, ...hazards] },
    ),
  ];
}
const where = (key: readonly string[], row: Row): string => key.map((k) => `${name(k)} = ${row[k]!.sql}`).join(" and ");
function whereAny(o: Rows, rows: readonly Row[]): string {
  const { key } = o.attributes;
  const bracket = (list: string): string => (key.length === 1 ? list : `(${list})`);
  return `${bracket(names(key))} in (${rows.map((r) => bracket(key.map((k) => r[k]!.sql).join(", "))).join(", ")})`;
}

const update = (o: Rows, { old, row, columns, at, key }: Update, context: Context): Action =>
  write(
    o,
    `update ${itself(o, context)} set ${columns.map((c) => `${name(c)} = ${row[c]!.sql}`).join(", ")} where ${where(key, at)}`,
    [...Object.values(row), ...key.map((k) => at[k]!)],
    consequences(o, [old], columns, context),
  );

/**
 * What leads from the rows of one to those of the other. Where a column gets another type, rows that go do so before it, and what
 * its conversion states is done with it.
 */
export function changes(
  from: Rows,
  to: Rows,
  context: Context,
): { readonly before: readonly Action[]; readonly actions: readonly Action[]; readonly after: readonly Action[] } {
  const turns = turnsOf(from, to, context);
  const added = inserts(to, turns.missing, context);
  const updates = turns.updates.map((u) => update(to, u, context));
  return {
    before: deletes(from, turns.before, context),
    actions: [
      ...deletes(from, turns.first, context),
      ...(added.length ? loosened(to, context) : []),
      // What is updated may refer to what is added.
      ...(refersToItself(to, context) ? [...added, ...updates] : [...updates, ...added]),
    ],
    after: deletes(from, turns.last, context),
  };
}

/** Columns that go and have no value in rows that come let go of their not null. */
const loosened = (o: Rows, context: Context): readonly Action[] =>
  columnIdsIn(o.id, context.from).flatMap((id) => {
    const c = context.to.has(encode(id)) ? undefined : context.from.get(encode(id));
    if (!c || !isKind(c, "column")) return [];
    const { notNull, default: initial, identity, generated } = c.attributes;
    return notNull && !initial && !identity && !generated
      ? [alter(holderOf(o), `alter column ${name(id.name)} drop not null`, context)]
      : [];
  });
