/** Declared values of columns that get another type. What the conversion may not make of them is stated in it, row by row. */
import { encode } from "../../model/id.ts";
import { isKind, same } from "../../model/database.ts";
import { literal, name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { isRebound, isRetyped } from "./boundTypes.ts";
import { conversion } from "./casts.ts";
import type { Column } from "./columnText.ts";
import { childrenOf, columnAt, keepers } from "./inheritance.ts";
import { isPartitioned } from "./partitions.ts";
import { constantOf, type Row, type Rows, rowsOf } from "./rowKey.ts";
import { constraintsOf } from "./rowOrder.ts";
import { type Pair, pairsOf } from "./rowPairs.ts";
import { columnOf, tableOf } from "./table.ts";
import { typeText } from "./types.ts";

/**
 * Which values the conversion of a column states: where values may be lost in it or refused, those that change, and those that tell
 * rows apart, which nobody could find by what they were; where the text says how to convert, all, for what it makes of them nobody
 * knows.
 */
function statesOf(id: Column["id"], had: Rows, context: Context): "none" | "changed" | "all" {
  const [was, is] = [columnAt(id, context.from), columnAt(id, context.to)];
  if (!was || !is || was.attributes.generated || is.attributes.generated) return "none";
  // A parent's statement knows nothing of its heirs' keys.
  if (context.aside?.has(encode(tableOf(id))) || keepers(id, context).length) return "none";
  if (isRebound(is, context)) return "changed";
  const [from, to] = [typeText(was.attributes.type), typeText(is.attributes.type)];
  if (!isRetyped(was, is, context) || from === to) return "none";
  if (is.hints?.using) return "all";
  const { lossy, mayFail } = conversion(from, to, context.from, context.to);
  return lossy || mayFail || had.attributes.key.includes(id.name) ? "changed" : "none";
}

/** Columns of the rows that get a value as their type changes, so that nothing is left to do in them afterwards. */
export function statedColumns(
  from: Rows,
  to: Rows,
  context: Context,
): (pair: Pair, columns: readonly string[]) => readonly string[] {
  const all = new Set(Object.keys(Object.values(to.attributes.rows)[0] ?? {}));
  const table = { schema: to.id.schema, table: to.id.name };
  const stating = new Set([...all].filter((c) => statesOf(columnOf(table, c), from, context) !== "none"));
  return (pair, columns) =>
    stating.size && keyOf(from, pair.old) !== null
      ? columns.filter((c) => stating.has(c) && pair.old[c] && constantOf(pair.row[c]!) !== null)
      : [];
}

/** A row by its key, as it is before anything changes; null: what the key holds is not known. */
function keyOf({ attributes: { key } }: Rows, row: Row): string | null {
  const parts = key.map((k) => [k, row[k] ? constantOf(row[k]) : null] as const);
  return parts.some(([, value]) => value === null)
    ? null
    : parts.map(([k, value]) => `${name(k)} = ${value}`).join(" and ");
}

/** The conversion of a column (an expression, and the type to cast to) with the values that are stated. */
export function withStated(to: Column, text: string, type: string, context: Context): string {
  const [had, has] = [context.from, context.to].map((all) => all.get(encode(rowsOf(to.id))));
  if (!had || !has || !isKind(had, "rows") || !isKind(has, "rows")) return text;
  const states = statesOf(to.id, had, context);
  if (states === "none") return text;
  const { schema, table, name: column } = to.id;
  const at = { schema, name: table };
  // It reaches heirs, whose rows are not meant.
  const heirs = [context.from, context.to].some((all) => childrenOf(at, all).length > 0 && !isPartitioned(at, all));
  const own = heirs ? `tableoid = ${literal(qualified(at)).trim()}::pg_catalog.regclass and ` : "";
  const { staying, going } = pairsOf(had, has, context);
  const arm = (old: Row, value: string | null): readonly string[] => {
    const key = old[column] && value !== null ? keyOf(had, old) : null;
    return key === null || value === null ? [] : [`when ${own}${key} then ${signed(value)}::${type}`];
  };
  const arms = [
    ...staying.flatMap(({ old, row }) =>
      row[column] && !(states === "changed" && same(old[column], row[column])) ? arm(old, constantOf(row[column])) : [],
    ),
    ...going.flatMap((old) => arm(old, anythingIn(to, has, context))),
  ];
  return arms.length ? `case ${arms.join(" ")} else (${text})::${type} end` : text;
}

/** What a row may hold as well that goes anyway, only later; null: that is not known. */
function anythingIn({ id, attributes }: Column, rows: Rows, { to }: Context): string | null {
  if (!attributes.notNull) return "null";
  const isUnique = [rows.attributes.key, ...constraintsOf(rows, to).uniques.map((u) => u.columns)].some((u) =>
    u.includes(id.name),
  );
  const [value] = Object.values(rows.attributes.rows).flatMap((row) => row[id.name] ?? []);
  return isUnique || !value ? null : constantOf(value);
}
const signed = (value: string): string => (/^[+-]/.test(value) ? `(${value})` : value);
