/** Foreign keys by which declared rows of several tables refer to each other, so that no order of the tables meets them all. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Context } from "../room.ts";
import { heldIn, type Row, type Rows, rowsOf } from "./rowKey.ts";
import { rowsNeeded } from "./rowOrder.ts";

type ForeignKey = DbObject<"foreignKey">;

/** Those that go as long as rows change: they are made again when all of these are there. */
export const keysOfRowRings = (context: Context): readonly ForeignKey["id"][] =>
  [...context.to.values()].flatMap((o) =>
    isKind(o, "foreignKey") && context.from.has(encode(o.id)) && closesRing(o, context) ? [o.id] : [],
  );

/** Whether rows come that refer to others which come only later, or go before others that refer to them. */
export function closesRing(f: ForeignKey, { from, to }: Context): boolean {
  const { columns, references, referencedColumns } = f.attributes;
  const own = rowsOf(f.id);
  const other = rowsOf({ schema: references.schema, table: references.name });
  const [o, u] = [rowsAt(own, to) ?? rowsAt(own, from), rowsAt(other, to) ?? rowsAt(other, from)];
  // One that orders the tables is met.
  if (!o || !u || o === u || o.needs.some((n) => encode(n) === encode(other))) return false;
  if (!rowsNeeded(u, from, to).has(encode(own))) return false;
  const refers = (row: Row, rows: ReadonlySet<string | null>): boolean => {
    if (columns.some((c) => !row[c])) return true;
    const held = heldIn(row, columns);
    return held !== null && !rows.has(held);
  };
  const held = (all: Index): ReadonlySet<string | null> =>
    new Set(Object.values(rowsIn(other, all)).map((r) => heldIn(r, referencedColumns)));
  const [had, has] = [rowsIn(own, from), rowsIn(own, to)];
  const [there, then] = [held(from), held(to)];
  return (
    Object.values(has).some((row) => refers(row, there)) ||
    Object.entries(had).some(([key, row]) => !has[key] && refers(row, then))
  );
}
function rowsAt(id: Id<"rows">, all: Index): Rows | null {
  const found = all.get(encode(id));
  return found && isKind(found, "rows") ? found : null;
}
const rowsIn = (id: Id<"rows">, all: Index): Rows["attributes"]["rows"] => rowsAt(id, all)?.attributes.rows ?? {};
