/** Options of the table for a table's long values, which comes with the first column that needs one. */
import type { DbObject } from "../../model/objects.ts";
import { isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Context, Followed, Role } from "../room.ts";
import { columnIdsIn } from "./inheritance.ts";

type Table = DbObject<"table">;

/** Whether options of it are said that were not: there may be none of it yet. */
export const setsToastFirst = (from: Table, to: Table): boolean => {
  const said = (o: Table): boolean => Object.keys(o.attributes.options).some((option) => option.startsWith("toast."));
  return said(to) && !said(from);
};

/** Columns that may bring it come before its options. */
export function toastFollows(o: Table, role: Role, { from, to }: Context): readonly Followed[] {
  const was = from.get(encode(o.id));
  if (role !== "after" || !was || !isKind(was, "table") || !setsToastFirst(was, o)) return [];
  return columnIdsIn(o.id, to).map((id) => ({ id, roles: ["create", "alter"] }));
}
