/** Pieces of catalog queries, and the reading of their rows. The search path of an observation is pg_catalog. */
import type { Row } from "../room.ts";

/**
 * Left out everywhere: what an extension made. `catalog` "pg_type", `oid` "t.oid". Postgres finds the members of extensions by an
 * index, once a query, which costs less than a look at each object.
 */
export const ofExtension = (catalog: string, oid: string): string =>
  `${oid} in (select e.objid from pg_depend e where e.refclassid = 'pg_extension'::regclass and e.deptype = 'e' and e.classid = '${catalog}'::regclass)`;

/** The rights that initdb or an extension's script left something with; null where those are the usual. `part`: of a column. */
export const initialRights = (catalog: string, oid: string, part = "0"): string =>
  `(select v.initprivs from pg_init_privs v where v.classoid = '${catalog}'::regclass and v.objoid = ${oid} and v.objsubid = ${part})`;

/** Whether somebody added to a catalog that Postgres itself fills: for `there` of a room. */
export const made = (catalog: string): string => `${catalog} where oid >= 16384`;

/** True where the whole database is looked at, not only schemas that somebody named: what is in no schema is managed then. `schemas`: the condition on `n.nspname`. */
export const wholeDatabase = (schemas: string): string =>
  `(select (${schemas}) from (values (''::name, 1::oid)) n(nspname, oid))`;

/** A thing of the whole database (o) that somebody made and no extension. */
export const ofDatabase = (catalog: string, schemas: string): string =>
  `o.oid >= 16384 and ${wholeDatabase(schemas)} and not ${ofExtension(catalog, "o.oid")}`;

/** A table, with all that is on it. */
export const modelledTable = (c: string): string =>
  `${c}.relkind in ('r', 'p', 'f') and not ${ofExtension("pg_class", `${c}.oid`)}`;

/** A table of ours, a view or a materialized view. */
export const modelledRelation = (c: string): string =>
  `(${modelledTable(c)} or ${c}.relkind in ('v', 'm') and not ${ofExtension("pg_class", `${c}.oid`)})`;
/** What can have indexes of ours. */
export const indexedRelation = (c: string): string =>
  `(${modelledTable(c)} or ${c}.relkind = 'm' and not ${ofExtension("pg_class", `${c}.oid`)})`;

/** Addresses as they stand in pg_depend, as JSON text. Null for one that is not there. */
export const addressText = (catalog: string, oid: string, column = "0"): string =>
  `'"' || '${catalog}'::regclass::oid || '.' || ${oid} || '.' || ${column} || '"'`;
/** JSON array with these; the first is always there. */
export const addressList = (first: string, ...others: readonly string[]): string =>
  `'[' || ${first}${others.map((o) => ` || coalesce(',' || ${o}, '')`).join("")} || ']'`;
/** JSON array with the object's one address. */
export const address = (catalog: string, oid: string): string => addressList(addressText(catalog, oid));

/** Addresses of a relation, pg_class `c`, and of the type of its rows with that type's array. */
export const relationAddresses = (c: string): string =>
  addressList(
    addressText("pg_class", `${c}.oid`),
    addressText("pg_type", `${c}.reltype`),
    addressText("pg_type", `nullif((select rt.typarray from pg_type rt where rt.oid = ${c}.reltype), 0)`),
  );

/** A column of a row that is never null. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (value === null || value === undefined) throw new Error(`the catalog query gave no ${column}`);
  return value;
}
export const truth = (row: Row, column: string): boolean => {
  const value = text(row, column);
  return value === "true" || value === "t";
};
/** A column of JSON text. */
export const json = <T>(row: Row, column: string): T => JSON.parse(text(row, column)) as T;

/**
 * SQL of the options that somebody set of a column; null: none. The minor releases of November 2026 (15.20 and its like) note
 * there, too, which layout of rows the column came with (`pg_attver`); pg_dump leaves that out as well.
 */
export const columnOptions = (a: string): string =>
  `case when ${a}.attoptions is null or cardinality(${a}.attoptions) = 1 and starts_with(${a}.attoptions[1], 'pg_attver=') then null
    else nullif(array(select o from unnest(${a}.attoptions) o where not starts_with(o, 'pg_attver=')), '{}') end`;
