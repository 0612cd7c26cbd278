/** Columns in the catalog. */
import type { DbObject, Identity, NotNull } from "../../model/objects.ts";
import { observed } from "../../model/database.ts";
import type { Row } from "../room.ts";
import { addressList, addressText, columnOptions, modelledTable, text, truth } from "./catalog.ts";
import { readForeignOptions } from "./foreignOptions.ts";
import { impliedNames } from "./names.ts";
import { readOptionList } from "./options.ts";
import { optionColumns, readOptions } from "./sequences.ts";
import { storageWord } from "./storage.ts";
import { schemaColumn } from "./table.ts";
import { deparsed } from "./text.ts";

/** From PostgreSQL 17 on a partition's is that of the table above. */
const ownIdentity = (version: number): string =>
  version >= 170000 ? "case when c.relispartition then '' else a.attidentity::text end" : "a.attidentity::text";

/**
 * A column that comes from parents only is left out unless something of it is otherwise than a new table would get it
 * (`handedDown` in inheritance.ts says the same of our objects), or it has a comment.
 */
const differsFromParents = (version: number): string => `(
    ${ownIdentity(version)} <> '' or (${columnOptions("a")}) is not null or a.attfdwoptions is not null or coalesce(a.attstattarget, -1) <> -1
    or exists (select from pg_description ds where ds.classoid = 'pg_class'::regclass and ds.objoid = a.attrelid and ds.objsubid = a.attnum)
    ${version >= 180000 ? `or nn.conname is distinct from ${parentsNotNull}` : ""}
    or (a.attnotnull, a.attstorage::text, ${version >= 140000 ? "a.attcompression::text" : "''::text"}, pg_get_expr(d.adbin, d.adrelid)) is distinct from (
      select (bool_or(p.attnotnull${version >= 180000 ? " and not coalesce(pn.connoinherit, false)" : ""}),
        (array_agg(p.attstorage::text order by h.inhseqno))[1],
        ${version >= 140000 ? "(array_agg(p.attcompression::text order by h.inhseqno))[1]" : "''::text"},
        (array_agg(pg_get_expr(pd.adbin, pd.adrelid) order by h.inhseqno) filter (where pd.adbin is not null))[1])
      from pg_inherits h
      join pg_attribute p on p.attrelid = h.inhparent and p.attname = a.attname and not p.attisdropped
      left join pg_attrdef pd on pd.adrelid = p.attrelid and pd.adnum = p.attnum
      ${version >= 180000 ? "left join pg_constraint pn on pn.conrelid = p.attrelid and pn.contype = 'n' and pn.conkey[1] = p.attnum" : ""}
      where h.inhrelid = a.attrelid))`;

/** The name of the not null that a column has from its parents (PostgreSQL 18). */
const parentsNotNull = `(
      select (array_agg(pn.conname order by h.inhseqno))[1]
      from pg_inherits h
      join pg_attribute p on p.attrelid = h.inhparent and p.attname = a.attname and not p.attisdropped
      join pg_constraint pn on pn.conrelid = p.attrelid and pn.contype = 'n' and pn.conkey[1] = p.attnum and not pn.connoinherit
      where h.inhrelid = a.attrelid)`;

export const observeColumns = (schemas: string, version: number): string => `
select ${schemaColumn()} as schema, c.relname::text as table, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
  a.attnotnull::text as not_null,
  ${version >= 180000 ? "nn.conname::text" : "null"} as not_null_name,
  ${version >= 180000 ? `case when a.attislocal then null else ${parentsNotNull}::text end` : "null"} as parents_not_null,
  ${version >= 180000 ? "coalesce(nn.connoinherit, false)::text" : "'false'"} as not_null_no_inherit,
  ${version >= 180000 ? "coalesce(nn.convalidated, true)::text" : "'true'"} as not_null_validated,
  pg_get_expr(d.adbin, d.adrelid) as expression, a.attgenerated::text as generated, ${ownIdentity(version)} as identity,
  q.start, q.increment, q.min, q.max, q.cache, q.cycle, q.sequence_schema, q.sequence,
  cn.nspname::text as collation_schema, co.collname::text as collation,
  case when a.attstorage <> t.typstorage then a.attstorage::text end as storage,
  ${version >= 140000 ? "nullif(a.attcompression::text, '')" : "null"} as compression,
  nullif(a.attstattarget, -1)::text as statistics, to_json(${columnOptions("a")})::text as options,
  array_to_json(a.attfdwoptions)::text as foreign_options, a.attislocal::text as local,
  ${addressList(
    addressText("pg_class", "a.attrelid", "a.attnum"),
    addressText("pg_attrdef", "d.oid"),
    addressText("pg_class", "q.oid"),
    ...(version >= 180000 ? [addressText("pg_constraint", "nn.oid")] : []),
  )} as addresses
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
left join pg_collation co on co.oid = a.attcollation and a.attcollation <> t.typcollation
left join pg_namespace cn on cn.oid = co.collnamespace
left join (
  select s.seqrelid as oid, ${optionColumns}, e.refobjid, e.refobjsubid, ${schemaColumn("sn")} as sequence_schema, sc.relname::text as sequence
  from pg_sequence s
  join pg_depend e on e.classid = 'pg_class'::regclass and e.objid = s.seqrelid and e.refclassid = 'pg_class'::regclass and e.deptype = 'i'
  join pg_class sc on sc.oid = s.seqrelid
  join pg_namespace sn on sn.oid = sc.relnamespace
) q on a.attidentity <> '' and q.refobjid = a.attrelid and q.refobjsubid = a.attnum
${version >= 180000 ? "left join pg_constraint nn on nn.conrelid = a.attrelid and nn.contype = 'n' and nn.conkey[1] = a.attnum" : ""}
where a.attnum > 0 and not a.attisdropped and ${modelledTable("c")} and (${schemas})
  and (a.attislocal or ${differsFromParents(version)})
order by a.attrelid, a.attnum`;

export function readColumn(row: Row): DbObject<"column"> {
  const id = {
    kind: "column",
    schema: text(row, "schema"),
    table: text(row, "table"),
    name: text(row, "name"),
  } as const;
  const expression = row["expression"] ?? null;
  const generated = text(row, "generated");
  const collation = row["collation"] ?? null;
  const storage = row["storage"] ?? null;
  const statistics = row["statistics"] ?? null;
  return {
    id,
    attributes: {
      type: observed(text(row, "type")),
      notNull: readNotNull(row, id),
      default: expression === null || generated !== "" ? null : deparsed(expression),
      identity: readIdentity(row, id),
      generated:
        expression === null || generated === ""
          ? null
          : { expression: deparsed(expression), storage: generated === "v" ? "virtual" : "stored" },
      collation: collation === null ? null : { schema: text(row, "collation_schema"), name: collation },
      storage: storage === null ? null : storageWord(storage),
      compression: row["compression"] === "p" ? "pglz" : row["compression"] === "l" ? "lz4" : null,
      statistics: statistics === null ? null : Number(statistics),
      options: readOptionList(row["options"]),
      foreignOptions: readForeignOptions(row["foreign_options"]),
      local: truth(row, "local"),
    },
    needs: [],
  };
}

function readNotNull(row: Row, id: DbObject<"column">["id"]): NotNull | null {
  if (!truth(row, "not_null")) return null;
  const name = row["not_null_name"] ?? null;
  return {
    name: name === (row["parents_not_null"] ?? impliedNames.notNull(id.table, id.name)) ? null : name,
    noInherit: truth(row, "not_null_no_inherit"),
    validated: truth(row, "not_null_validated"),
  };
}

function readIdentity(row: Row, id: DbObject<"column">["id"]): Identity | null {
  const code = text(row, "identity");
  if (code === "") return null;
  const name = { schema: text(row, "sequence_schema"), name: text(row, "sequence") };
  const usual = name.schema === id.schema && name.name === impliedNames.sequence(id.table, id.name);
  return { generation: code === "a" ? "always" : "by default", options: readOptions(row), name: usual ? null : name };
}
