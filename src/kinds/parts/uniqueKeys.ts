/** What primary keys and unique constraints share: a constraint with an index of plain columns beneath. */
import type { DeferrableNode } from "../../../grammar/declarations.ts";
import type { Name, OptionNode, Span } from "../../../grammar/nodes.ts";
import type { DbObject, KeyAttributes } from "../../model/objects.ts";
import { problem } from "../../problems.ts";
import type { Action } from "../../model/plan.ts";
import { name, names } from "../../sql.ts";
import type { CatalogNames, Context, Declare, InTable, Row } from "../room.ts";
import { text, truth } from "./catalog.ts";
import { constraintAddresses, constraintTables, mayFail, ownConstraints } from "./constraints.ts";
import { declareColumns, declareDeferrable, deferrableText, describeDeferrable, readDeferrable } from "./keys.ts";
import { nameNode } from "./nodes.ts";
import { declareOptionList, describeOptionList, readOptionList, withOptions } from "./options.ts";
import { indexAbove, indexOnly, readPartOf } from "./partCatalog.ts";
import { makePart } from "./partChanges.ts";
import { isOnlyThere } from "./partLinks.ts";
import { blank } from "./partOf.ts";
import { alter, isNew, schemaColumn, tableOf } from "./table.ts";

type UniqueKey = DbObject<"primaryKey"> | DbObject<"unique">;

export const observeUniqueKeys = (type: "p" | "u", schemas: string, version: number): string => `
select ${schemaColumn()} as schema, c.relname::text as table, con.conname::text as name,
  con.condeferrable::text, con.condeferred::text, i.indnkeyatts::text as keys, con.conrelid::text as relation, i.indkey::text as columns,
  to_json(ic.reloptions)::text as options, ts.spcname::text as tablespace,
  ${version >= 180000 ? "con.conperiod::text" : "'false'"} as period,
  ${version >= 150000 ? "i.indnullsnotdistinct::text" : "'false'"} as nulls_not_distinct,
  ${indexAbove}, ${indexOnly}, ${constraintAddresses("i.indexrelid")} as addresses
from ${constraintTables}
join pg_index i on i.indexrelid = con.conindid
join pg_class ic on ic.oid = i.indexrelid
left join pg_tablespace ts on ts.oid = ic.reltablespace
where ${ownConstraints(type, schemas)}
order by 1, 2, 3`;

export function readUniqueKey(row: Row, names: CatalogNames): KeyAttributes {
  const all = names.columns(text(row, "relation"), text(row, "columns"));
  const keys = Number(text(row, "keys"));
  return {
    columns: all.slice(0, keys),
    include: all.slice(keys),
    deferrable: readDeferrable(row),
    options: readOptionList(row["options"]),
    tablespace: row["tablespace"] ?? null,
    withoutOverlaps: truth(row, "period"),
    partOf: readPartOf(row),
    only: truth(row, "only"),
  };
}

/** `words`: "primary key", "unique nulls not distinct". */
export function createUniqueKey(o: UniqueKey, words: string, context: Context): readonly Action[] {
  const { columns, include, deferrable, options, tablespace, withoutOverlaps } = o.attributes;
  const clause =
    `constraint ${name(o.id.name)} ${words} (${names(columns)}${withoutOverlaps ? " without overlaps" : ""})` +
    (include.length ? ` include (${names(include)})` : "") +
    withOptions(options) +
    (tablespace === null ? "" : ` using index tablespace ${name(tablespace)}`) +
    deferrableText(deferrable);
  const table = tableOf(o.id);
  const fresh = isNew(table, context);
  const made = alter(table, `add ${clause}`, context, {
    create: clause,
    once: `key ${names(columns)}`,
    cost: fresh ? "instant" : "build",
    hazards: mayFail(o.id, "Rows with equal keys refuse it.", fresh),
    only: isOnlyThere(o, context),
  });
  return makePart(o, [made], context);
}

interface UniqueKeyNode {
  readonly columns: readonly Name[];
  readonly withoutOverlaps: boolean;
  readonly of: Name | null;
  readonly only: boolean;
  readonly include: readonly Name[];
  readonly deferrable: DeferrableNode;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
  readonly span: Span;
}

export function declareUniqueKey(m: UniqueKeyNode, table: InTable, declare: Declare): KeyAttributes {
  if (m.withoutOverlaps && declare.version < 180000)
    declare.report(problem("needs-newer-postgres", m.span, "without overlaps needs PostgreSQL 18."));
  return {
    columns: declareColumns(m.columns, table, declare),
    include: declareColumns(m.include, table, declare),
    deferrable: declareDeferrable(m.deferrable),
    options: declareOptionList(m.options),
    tablespace: m.tablespace ? declare.name(m.tablespace) : null,
    withoutOverlaps: m.withoutOverlaps,
    partOf: m.of ? blank(m.of.text) : null,
    only: m.only,
  };
}

export const describeUniqueKey = (a: KeyAttributes): Omit<UniqueKeyNode, "span"> => ({
  columns: a.columns.map(nameNode),
  withoutOverlaps: a.withoutOverlaps,
  only: a.only,
  of: a.partOf && nameNode(a.partOf.name),
  include: a.include.map(nameNode),
  deferrable: describeDeferrable(a.deferrable),
  options: describeOptionList(a.options),
  tablespace: a.tablespace === null ? null : nameNode(a.tablespace),
});
