/** Which constraints import writes on their column's line, and which names it can leave out. */
import type { ConstraintNode } from "../../../grammar/declarations.ts";
import type { DbObject, Id } from "../../model/objects.ts";
import { isKind } from "../../model/database.ts";
import type { Describe } from "../room.ts";
import { describeCheck, describeForeignKey, describePrimaryKey, describeUnique } from "./constraintNodes.ts";
import { isHeldByOthers } from "./heldNames.ts";
import { impliedNames } from "./names.ts";
import { columnOf, tableOf } from "./table.ts";
import { encode } from "../../model/id.ts";

export type Inlinable = DbObject<"primaryKey"> | DbObject<"unique"> | DbObject<"foreignKey"> | DbObject<"check">;

const isInlinable = (o: DbObject): o is Inlinable =>
  isKind(o, "primaryKey") || isKind(o, "unique") || isKind(o, "foreignKey") || isKind(o, "check");

/** The columns that it is about. */
export function columnsOfConstraint(o: Inlinable): readonly string[] {
  if (isKind(o, "check")) {
    const { schema, table } = o.id;
    return [
      ...new Set(
        o.needs.flatMap((n) => (n.kind === "column" && n.schema === schema && n.table === table ? [n.name] : [])),
      ),
    ];
  }
  return o.attributes.columns;
}

/** The name that a text has to say; null where Postgres makes it up again. */
export const saidName = (o: Inlinable, { all }: Describe): string | null =>
  o.id.name === impliedName(o) && !isHeldByOthers(o.id, o.id.name, all) ? null : o.id.name;

/** What Postgres would call it if nobody else had the name. */
function impliedName(o: Inlinable): string {
  const columns = columnsOfConstraint(o);
  if (isKind(o, "primaryKey")) return impliedNames.primaryKey(o.id.table);
  if (isKind(o, "unique")) return impliedNames.unique(o.id.table, [...columns, ...o.attributes.include]);
  if (isKind(o, "foreignKey")) return impliedNames.foreignKey(o.id.table, columns);
  return impliedNames.check(o.id.table, columns);
}

/** True when it stands on the line of its one column: no name of its own, nothing said about it. */
export function standsInline(o: Inlinable, describe: Describe): boolean {
  const [column, ...more] = columnsOfConstraint(o);
  if (!isKind(o, "check") && o.attributes.partOf) return false;
  if (column === undefined || more.length || saidName(o, describe) !== null || describe.comment(o.id) !== null)
    return false;
  return describe.all.has(encode(columnOf(o.id, column)));
}
const known = new WeakMap<Describe, Map<string, ReadonlyMap<string, readonly Inlinable[]>>>();
/** The constraints of a table that stand on a column's line, by the column. */
function inlineIn(table: Id<"table">, describe: Describe): ReadonlyMap<string, readonly Inlinable[]> {
  const tables = known.get(describe) ?? new Map<string, ReadonlyMap<string, readonly Inlinable[]>>();
  known.set(describe, tables);
  const found = tables.get(encode(table));
  if (found) return found;
  const out = new Map<string, Inlinable[]>();
  for (const o of describe.children(table)) {
    if (!isInlinable(o) || !standsInline(o, describe)) continue;
    const column = columnsOfConstraint(o)[0]!;
    out.set(column, [...(out.get(column) ?? []), o]);
  }
  tables.set(encode(table), out);
  return out;
}

export const inlineConstraints = (column: Id<"column">, describe: Describe): readonly ConstraintNode[] =>
  (inlineIn(tableOf(column), describe).get(column.name) ?? []).map((o): ConstraintNode => {
    if (isKind(o, "primaryKey")) return describePrimaryKey(o, null, null);
    if (isKind(o, "unique")) return describeUnique(o, null, null);
    if (isKind(o, "foreignKey")) return describeForeignKey(o, null, null);
    return describeCheck(o, null, null);
  });
