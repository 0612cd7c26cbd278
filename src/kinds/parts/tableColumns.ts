/** Names of columns that others speak of, and of indexes: what a table or a view certainly does not have is told. */
import type { Name } from "../../../grammar/nodes.ts";
import type { Id, QualifiedName, TargetKind } from "../../model/objects.ts";
import { isKind } from "../../model/database.ts";
import { encode, kindWords } from "../../model/id.ts";
import { nearest, problem } from "../../problems.ts";
import type { Declare } from "../room.ts";
import { isRelation } from "./table.ts";
import { unknown } from "./unknown.ts";

/** Columns of a declared table, its parents' included; null where one of those is not declared. */
export function tableColumns({ schema, name }: QualifiedName, declare: Declare): ReadonlySet<string> | null {
  const table = declare.declared({ kind: "table", schema, name });
  if (!table || !isKind(table, "table")) return null;
  const strange = table.attributes.inherits.some((p) => tableColumns(p, declare) === null);
  return strange ? null : new Set(declare.columnsOf({ schema, name }).keys());
}

/**
 * What a view's column was probably meant to be called; null: it may well be called so. Only Postgres knows what a query gives,
 * but a name that stands nowhere in it and is like one of those in brackets is a slip.
 */
export function meantOfView(view: Id<"view" | "materializedView">, column: string, declare: Declare): string | null {
  const o = declare.declared(view);
  if (!o || !(isKind(o, "view") || isKind(o, "materializedView"))) return null;
  const said = o.hints?.columns ?? [];
  const query = o.attributes.query.sql;
  if (said.includes(column) || o.hints?.followsColumns || query.toLowerCase().includes(column.toLowerCase()))
    return null;
  return nearest(column, said);
}

/** The columns that a text names of a table or view; one that it certainly does not have, and any of something else, is reported. */
export function columnsSaid(target: Id<TargetKind>, list: readonly Name[], declare: Declare): readonly Id<"column">[] {
  if (!isRelation(target)) {
    for (const c of list)
      declare.report(problem("invalid-option", c.span, `A ${kindWords[target.kind]} has no columns.`));
    return [];
  }
  const at = { schema: target.schema, table: target.name };
  const known = target.kind === "table" ? tableColumns(target, declare) : null;
  return list.flatMap((c): Id<"column">[] => {
    const meant = target.kind === "table" ? null : meantOfView(target, c.text, declare);
    if ((known && !known.has(c.text)) || meant !== null) {
      declare.report(unknown("unknown-column", "column", c.text, c.span, known ?? [meant ?? ""]));
      return [];
    }
    return [{ kind: "column", ...at, name: c.text }];
  });
}

/** An index's name from now on, where nobody said the one it was declared with; whichever kind it is of. */
export function indexNameAgain(at: QualifiedName & { readonly table: string }, become: (id: Id) => Id): string {
  for (const kind of ["index", "unique", "primaryKey", "exclude"] as const) {
    const is = become({ kind, ...at });
    if ("name" in is && is.name !== at.name) return is.name;
  }
  return at.name;
}

/** Reports an index that the table or materialized view, which is all there by then, does not have. */
export function checkIndex(
  n: Name,
  { schema, name }: QualifiedName,
  kinds: readonly ("index" | "primaryKey" | "unique" | "exclude")[],
  declare: Declare,
): void {
  declare.afterwards(9, () => {
    const all = declare.whole();
    if (kinds.some((kind) => all.has(encode({ kind, schema, table: name, name: n.text })))) return;
    const known: string[] = [];
    for (const o of all.values())
      for (const kind of kinds)
        if (isKind(o, kind) && o.id.schema === schema && o.id.table === name) known.push(o.id.name);
    declare.report(unknown("unknown-object", "index", n.text, n.span, known));
  });
}
