/**
 * Computed columns of PostgreSQL 13 and 14: DROP EXPRESSION lets go of the columns that one is computed from, and of nothing else.
 * The column stays bound to the functions, types and operators of its expression, and goes with them, without CASCADE and without
 * a word. 15 let that end.
 */
import type { Action } from "../../model/plan.ts";
import { name } from "../../sql.ts";
import type { Context } from "../room.ts";
import { asideName } from "./aside.ts";
import { type Column, columnPath, plainColumn } from "./columnText.ts";
import { childrenOf } from "./inheritance.ts";
import { objectName } from "./keys.ts";
import { tableName } from "./partitions.ts";
import { alone, alter, tableOf } from "./table.ts";

/** Whether the column would stay bound when it ends being computed. */
export const staysBound = (from: Column, to: Column, { version }: Context): boolean =>
  version < 150000 &&
  from.attributes.generated?.storage === "stored" &&
  to.attributes.generated === null &&
  from.needs.some((n) => n.kind !== "column");

/** Whether it could not be exchanged for another one: a parent or an heir has it too. */
export const isShared = (o: Column, { from }: Context): boolean =>
  !o.attributes.local || childrenOf(tableName(o.id), from).length > 0;

/** The column as one that holds what it computed, and of which nothing else is said. */
export const uncomputed = (o: Column): Column => ({
  ...o,
  attributes: { ...plainColumn, type: o.attributes.type, collation: o.attributes.collation },
});

/**
 * Puts another column in its place, with its values. Those come by the way of a type, which needs no UPDATE and so fires no
 * trigger; until then it is a text, which nothing refuses.
 */
export function exchange(o: Column, context: Context): readonly Action[] {
  const table = tableOf(o.id);
  const { type, collation } = o.attributes;
  const [own, aside] = [o.id.name, asideName(o.id, context).name].map(name);
  const on = [table];
  const step = (text: string, more: Parameters<typeof alter>[3] = {}): Action =>
    alone(alter(table, text, context, { on, ...more }));
  return [
    step(`rename column ${own} to ${aside}`),
    step(`add column ${own} text`),
    step(`alter column ${own} type ${type.sql}${collation ? ` collate ${objectName(collation)}` : ""} using ${aside}`, {
      cost: "rewrite",
      path: columnPath({ ...o.attributes, generated: null }),
    }),
    step(`drop column ${aside}`),
  ];
}
