/** What every constraint on a table has in common. */
import type { DbObject, Id, Kind } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { name } from "../../sql.ts";
import type { Context } from "../room.ts";
import { addressList, addressText, modelledTable, ofExtension } from "./catalog.ts";
import { alter, tableOf } from "./table.ts";

/**
 * pg_constraint con of a table c in schema n: its own, not a check that came with a parent table, unless a partition has it valid where
 * the parent's is not, and not what Postgres adds for each partition of a table that is referenced.
 */
export const ownConstraints = (type: "p" | "u" | "x" | "f" | "c", schemas: string): string =>
  `con.contype = '${type}' and ${ours[type]} and ${modelledTable("c")} and (${schemas})` +
  ` and not ${ofExtension("pg_constraint", "con.oid")}`;

const ours = {
  p: "true",
  u: "true",
  x: "true",
  c:
    "(con.conislocal or c.relispartition and con.convalidated and not exists (select from pg_inherits h " +
    "join pg_constraint u on u.conrelid = h.inhparent and u.contype = 'c' and u.conname = con.conname and u.convalidated " +
    "where h.inhrelid = con.conrelid))",
  f: "(con.conparentid = 0 or con.conrelid <> (select u.conrelid from pg_constraint u where u.oid = con.conparentid))",
} as const;

/** Tables that constraints' queries have in common. */
export const constraintTables = `pg_constraint con
join pg_class c on c.oid = con.conrelid
join pg_namespace n on n.oid = c.relnamespace`;

/** Addresses in pg_depend: the constraint's and its index's. */
export const constraintAddresses = (index: string | null): string =>
  addressList(addressText("pg_constraint", "con.oid"), ...(index === null ? [] : [addressText("pg_class", index)]));

type ConstraintKind = "primaryKey" | "unique" | "foreignKey" | "check" | "exclude";

export const dropConstraint = <K extends ConstraintKind>(
  o: DbObject<K>,
  context: Context,
  more: Partial<Omit<Action, "sql" | "clause">> & { readonly only?: boolean } = {},
): readonly Action[] => [alter(tableOf(o.id), `drop constraint ${name(o.id.name)}`, context, more)];

/** The table; constraints and indexes go with it. */
export const ofItsTable = (o: { readonly id: { readonly schema: string; readonly table: string } }): Id<"table"> =>
  tableOf(o.id);

/** Existing rows may refuse it, unless the table is new. */
export const mayFail = (on: Extract<Id, { kind: Kind }>, detail: string, fresh: boolean): Action["hazards"] =>
  fresh ? [] : [{ code: "may-fail", on, detail }];
