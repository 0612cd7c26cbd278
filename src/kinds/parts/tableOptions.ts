/** Options of a table, and of the one for its long values, which comes with the first column that needs it. */
import type { DbObject, Options } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Around, Change, Context, Followed, Role } from "../room.ts";
import { quietly } from "./action.ts";
import { columnAt, columnIdsIn } from "./inheritance.ts";
import { optionChanges } from "./options.ts";
import { alone, alter } from "./table.ts";

type Table = DbObject<"table">;

const isOfToast = (option: string): boolean => option.startsWith("toast.");
const saysOfToast = (o: Table): boolean => Object.keys(o.attributes.options).some(isOfToast);

/** A table has none for long values, to set options of, before it has a column that needs one. */
export const changeTableOptions: Change<"table"> = (from, to, _, context) => {
  const [was, is] = [from.attributes.options, to.attributes.options];
  const lock = lockOf(was, is);
  const all = optionChanges(was, is).map((c) => alter(to.id, c, context, { lock }));
  // It comes when the statement that adds the column ends.
  return setsToastFirst(from, to) ? { actions: [], disturbs: "nothing", after: all.map(alone) } : quietly(...all);
};

/** Fillfactor and the autovacuum ones lock little; `user_catalog_table` is what readers look at. */
const lockOf = (was: Options, is: Options): Action["lock"] =>
  was["user_catalog_table"] === is["user_catalog_table"] ? "share update exclusive" : "access exclusive";

/** Whether options of it are said that were not: there may be none of it yet. */
const setsToastFirst = (from: Table, to: Table): boolean => saysOfToast(to) && !saysOfToast(from);

/** What is noted of a table that has none. */
export const untoasted = { toast: "none" };

/** The wanted table without options of one that it will not have: no column is new that might need it, and Postgres keeps them nowhere. */
export function withoutToast(to: Table, from: Table, around: Around | undefined): Table {
  if (!around || from.facts?.["toast"] !== untoasted.toast || !saysOfToast(to)) return to;
  const needed = columnIdsIn(to.id, around.wanted).some((id) => {
    const [was, is] = [columnAt(id, around.live)?.attributes, columnAt(id, around.wanted)!.attributes];
    return !same(was?.type, is.type) || was?.storage !== is.storage;
  });
  if (needed) return to;
  const options = Object.fromEntries(Object.entries(to.attributes.options).filter(([option]) => !isOfToast(option)));
  return { ...to, attributes: { ...to.attributes, options } };
}

/** Columns that may bring it come before its options. */
export function toastFollows(o: Table, role: Role, { from, to }: Context): readonly Followed[] {
  const was = from.get(encode(o.id));
  if (role !== "after" || !was || !isKind(was, "table") || !setsToastFirst(was, o)) return [];
  return columnIdsIn(o.id, to).map((id) => ({ id, roles: ["create", "alter"] }));
}
