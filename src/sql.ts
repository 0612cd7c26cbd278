/** The only place that quotes names and literals. SQL elsewhere is put together from what these return. */
import type { QualifiedName } from "./model/objects.ts";

/**
 * Reserved words of PostgreSQL 13 to 18 together (reserved, type-or-function-name and column-name categories of the
 * server's kwlist.h), so that text written for one major reads the same on another.
 */
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check coalesce collate " +
    "collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user " +
    "dec decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially " +
    "inner inout int integer intersect interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value " +
    "lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null nullif " +
    "numeric offset on only or order out outer overlaps overlay placing position precision primary real references returning right row select session_user " +
    "setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose " +
    "when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable"
  ).split(" "),
);

/** A name that Postgres itself would not quote: lower case ASCII without a dollar, not reserved. */
export const isPlainName = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name);

/** Quotes an identifier where it needs it. Throws on NUL, which no Postgres name can hold. */
export function name(n: string): string {
  if (n.includes("\0")) throw new Error("a name cannot hold a NUL character");
  return isPlainName(n) ? n : '"' + n.replaceAll('"', '""') + '"';
}
export const qualified = (n: QualifiedName): string => `${name(n.schema)}.${name(n.name)}`;
export const names = (list: readonly string[]): string => list.map(name).join(", ");

/** A string literal that reads the same whatever standard_conforming_strings says. */
export function literal(text: string): string {
  if (text.includes("\0")) throw new Error("a string literal cannot hold a NUL character");
  const doubled = text.replaceAll("'", "''");
  return text.includes("\\") ? " E'" + doubled.replaceAll("\\", "\\\\") + "'" : "'" + doubled + "'";
}

/** Dollar-quotes a body with a tag that does not occur in it. */
export function dollar(body: string): string {
  let tag = "$$";
  for (let i = 0; (body + "$").includes(tag); i++) tag = `$s${i || ""}$`;
  return tag + body + tag;
}

/** Value of a `set search_path = …`: Postgres's own first, temporary objects last, so that nobody can shadow a name. */
export const searchPath = (schemas: readonly string[]): string =>
  ["pg_catalog", ...schemas.filter((s) => s !== "pg_catalog" && s !== "pg_temp"), "pg_temp"].map(name).join(", ");

/** Length in bytes of a name as the server counts it. */
export const bytes = (s: string): number => Buffer.byteLength(s, "utf8");
/** NAMEDATALEN − 1 */
export const maxNameBytes = 63;
