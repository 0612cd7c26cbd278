/** A column that can be not null only when the rows that a text declares stand there: it becomes it after them. */
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Context } from "../room.ts";
import type { Column } from "./columnText.ts";
import { hasChildren } from "./inheritedColumns.ts";
import { isPartitioned, tableName } from "./partitions.ts";
import { rowsOf } from "./rowKey.ts";
import { tableOf } from "./table.ts";

/** Whether all rows of its table will have a value that the text says, and nothing else gives them one. */
export function waitsForRows(c: Column, context: Context): boolean {
  const { from, to, aside } = context;
  const { notNull, default: initial, identity, generated } = c.attributes;
  if (!notNull?.validated || c.hints?.backfill) return false;
  const was = from.get(encode(c.id));
  if (identity || generated || (was && isKind(was, "column") ? was.attributes.notNull : initial)) return false;
  const key = encode(rowsOf(c.id));
  const [had, has] = [from.get(key), to.get(key)];
  if (!had || !has || !isKind(had, "rows") || !isKind(has, "rows") || same(had.attributes, has.attributes))
    return false;
  if (aside?.has(encode(tableOf(c.id))) || isPartitioned(tableName(c.id), to)) return false;
  if (hasChildren(c.id, context)) return false;
  const rows = Object.values(has.attributes.rows);
  return rows.length > 0 && rows.every((r) => Object.hasOwn(r, c.id.name));
}
