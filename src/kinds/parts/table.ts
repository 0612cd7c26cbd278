/** What the parts of a table have in common: its id, its ALTER TABLE, its locks. */
import type { Id, QualifiedName } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { encode } from "../../model/id.ts";
import type { Index } from "../../model/database.ts";
import { name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";

interface OfTable {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
}

export const tableOf = (o: { readonly schema: string; readonly table: string }): Id<"table"> => ({
  kind: "table",
  schema: o.schema,
  name: o.table,
});
/** A table, view or materialized view: what has columns. */
export const isRelation = (id: Id): id is Id<"table" | "view" | "materializedView"> =>
  id.kind === "table" || id.kind === "view" || id.kind === "materializedView";
/** What of ours a relation of this name can be, besides a table's parts. */
export const relationsNamed = ({
  schema,
  name,
}: QualifiedName): readonly Id<"table" | "view" | "materializedView">[] => [
  { kind: "table", schema, name },
  { kind: "view", schema, name },
  { kind: "materializedView", schema, name },
];
/** The table or view that a trigger or rule is on. */
export const relationOf = (
  o: { readonly schema: string; readonly table: string },
  all: Index,
): Id<"table" | "view" | "materializedView"> =>
  relationsNamed({ schema: o.schema, name: o.table }).find((id) => all.has(encode(id))) ?? tableOf(o);
/** The table or materialized view that an index is on. */
export const indexedOf = (
  o: { readonly schema: string; readonly table: string },
  all: Index,
): Id<"table" | "materializedView"> => {
  const view = { kind: "materializedView", schema: o.schema, name: o.table } as const;
  return all.has(encode(view)) ? view : tableOf(o);
};
export const columnOf = (o: { readonly schema: string; readonly table: string }, column: string): Id<"column"> => ({
  kind: "column",
  schema: o.schema,
  table: o.table,
  name: column,
});
export const columnsOf = (
  o: { readonly schema: string; readonly table: string },
  columns: readonly string[],
): Id<"column">[] => columns.map((c) => columnOf(o, c));
export const columnsOfTable = (t: QualifiedName, columns: readonly string[]): Id<"column">[] =>
  columns.map((c) => columnOf({ schema: t.schema, table: t.name }, c));

/** The names that parts of a table occupy: indexes and tables share the relations of a schema, constraints are one's own per table. */
export const relationName = (o: { readonly schema: string; readonly name: string }): string =>
  `relation ${qualified({ schema: o.schema, name: o.name })}`;
/** A table or view has the name of the type of its rows, too. */
export const rowTypeNames = (o: { readonly schema: string; readonly name: string }): readonly string[] => [
  relationName(o),
  `type ${qualified({ schema: o.schema, name: o.name })}`,
];
export const constraintName = (o: OfTable): string =>
  `constraint ${qualified({ schema: o.schema, name: o.table })}.${name(o.name)}`;

export const alterTable = (t: QualifiedName, only = false): string =>
  `alter table ${only ? "only " : ""}${qualified(t)}`;

/**
 * One clause of ALTER TABLE. `create` is what says the same between the brackets of CREATE TABLE. It takes the strongest
 * lock unless said otherwise; a table that the plan makes is nobody else's yet.
 */
export function alter(
  table: Id<"table">,
  clause: string,
  context: Context,
  more: Partial<Omit<Action, "sql" | "clause">> & {
    readonly create?: string;
    readonly once?: string;
    /** Its heirs stay as they are. */
    readonly only?: boolean;
  } = {},
): Action {
  const { create, once, only, ...rest } = more;
  const head = alterTable(table, only);
  const fresh = isNew(table, context);
  return action(`${head} ${clause}`, {
    ...rest,
    clause: { of: table, head, alter: clause, create: create ?? null, ...(once === undefined ? {} : { once }) },
    lock: fresh ? "none" : (more.lock ?? "access exclusive"),
    on: fresh ? [] : (more.on ?? [table]),
  });
}

/** The clause as a statement of its own. */
export const alone = (a: Action): Action => ({ ...a, clause: { ...a.clause!, alter: null } });

/** The plan makes it: there is none yet. */
export const isNew = (id: Id<"table" | "view" | "materializedView">, context: Context): boolean =>
  !context.from.has(encode(id));

/** On another schema's temporary twin nothing else changes: `pg_temp` is where fragments are tried. */
export const isTemporary = (schema: string): boolean => schema === "pg_temp";

/** Schema of a table in a catalog query: the session's own temporary one is always called pg_temp. `n` is the alias of pg_namespace. */
export const schemaColumn = (n = "n"): string =>
  `case when ${n}.oid = pg_my_temp_schema() then 'pg_temp' else ${n}.nspname::text end`;
