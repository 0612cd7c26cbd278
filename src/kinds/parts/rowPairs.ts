/** Which rows of reference data stay, and what each of them is to become. */
import type { Id } from "../../model/objects.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Context } from "../room.ts";
import { isRebound, isRetyped } from "./boundTypes.ts";
import { columnAt, columnIdsIn } from "./inheritance.ts";
import { heldIn, type Row, type Rows, rowsOf } from "./rowKey.ts";
import { constraintsOf } from "./rowOrder.ts";
import { columnsOf, columnsOfTable } from "./table.ts";

/** A row as it was and as it is to be. */
export interface Pair {
  readonly old: Row;
  readonly row: Row;
  /** Its key is another one from now on. */
  readonly renamed: boolean;
}
export interface Pairs {
  readonly staying: readonly Pair[];
  readonly missing: readonly Row[];
  /** Rows that go before their columns get other types. */
  readonly before: readonly Row[];
  /** Others that go. */
  readonly going: readonly Row[];
  /** Those that go and that no declared row of another table refers to, so that they need not wait for one to change. */
  readonly free: ReadonlySet<Row>;
}

export function pairsOf(from: Rows, to: Rows, context: Context): Pairs {
  const [was, is] = [from.attributes.rows, to.attributes.rows];
  const missing = Object.keys(is).filter((key) => !was[key]);
  const surplus = Object.keys(was).filter((key) => !is[key]);
  const renamed = sameButKey(surplus, missing, was, is, to, context);
  const gone = new Set(renamed.values());
  const rows = surplus.flatMap((key) => (gone.has(key) ? [] : [was[key]!]));
  const free = new Set(rows.filter(isFree(from, context)));
  const retyped = columnIdsIn(from.id, context.from).some((c) => getsType(c, context));
  // Rows may refer to each other, so they go together.
  const before = retyped && free.size === rows.length ? rows : [];
  return {
    staying: Object.entries(is).flatMap(([key, row]): Pair[] => {
      const old = was[renamed.get(key) ?? key];
      return old ? [{ old, row, renamed: to.attributes.key.some((k) => old[k] && !same(old[k], row[k])) }] : [];
    }),
    missing: missing.flatMap((key) => (renamed.has(key) ? [] : [is[key]!])),
    before,
    going: before.length ? [] : rows,
    free,
  };
}

/** Tells rows that no declared row of another table refers to. Foreign keys of columns that get another type are gone by then. */
function isFree(o: Rows, context: Context): (row: Row) => boolean {
  const { from } = context;
  const referring = constraintsOf(o, from).referring.flatMap((f) => {
    const own = [...columnsOf(f.id, f.attributes.columns), ...columnsOfTable(o.id, f.attributes.referencedColumns)];
    if (own.some((c) => getsType(c, context))) return [];
    const other = from.get(encode(rowsOf(f.id)));
    if (!other || !isKind(other, "rows")) return [];
    const { columns, referencedColumns } = f.attributes;
    const rows = Object.values(other.attributes.rows);
    // What a default gave them is not known.
    const unknown = rows.some((r) => columns.some((c) => !r[c]));
    return [{ unknown, referencedColumns, held: new Set(rows.map((r) => heldIn(r, columns))) }];
  });
  return (row) => referring.every((f) => !f.unknown && !f.held.has(heldIn(row, f.referencedColumns) ?? ""));
}

/** Whether the column's type is another one afterwards, or is made anew. */
export function getsType(id: Id<"column">, context: Context): boolean {
  const [was, is] = [columnAt(id, context.from), columnAt(id, context.to)];
  return was !== null && is !== null && (isRetyped(was, is, context) || isRebound(is, context));
}

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
  for (const { columns } of constraintsOf(o, to).uniques) {
    const old = new Map<string | null, string>(surplus.map((key) => [heldIn(was[key]!, columns), key]));
    for (const key of missing) {
      const value = heldIn(is[key]!, columns);
      const found = value === null ? undefined : old.get(value);
      if (found === undefined || taken.has(found) || out.has(key)) continue;
      taken.add(found);
      out.set(key, found);
    }
  }
  return out;
}
