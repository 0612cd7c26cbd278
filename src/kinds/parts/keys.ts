/** Keys of indexes and exclusion constraints: their SQL, their rows in the catalog, their nodes. */
import type { DeferrableNode, KeyNode } from "../../../grammar/declarations.ts";
import type { Name } from "../../../grammar/nodes.ts";
import type { Deferrable, Fragment, Id, IndexKey, OperatorClass, QualifiedName } from "../../model/objects.ts";
import { same } from "../../model/database.ts";
import type { Action } from "../../model/plan.ts";
import { nearest, problem } from "../../problems.ts";
import { name, qualified } from "../../sql.ts";
import type { CatalogNames, Declare, InTable, Row } from "../room.ts";
import { numbersIn } from "./catalogNames.ts";
import { action } from "./action.ts";
import { text, truth } from "./catalog.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./nodes.ts";
import { declareOptionList, describeOptionList, optionList, readOptionList } from "./options.ts";
import { columnsOf, columnsOfTable } from "./table.ts";
import { bracketed, deparsed } from "./text.ts";
import { collationIds, operatorClassIds } from "./typeIds.ts";

/** Names in pg_catalog need no schema: it is first in every search path. */
export const objectName = (n: QualifiedName): string => (n.schema === "pg_catalog" ? name(n.name) : qualified(n));

/** `lower(b) collate "C" text_pattern_ops desc nulls last` */
export function keyText(k: IndexKey): string {
  const order = k.order === "desc" ? " desc" : "";
  const nulls = k.nulls === usualNulls(k.order) ? "" : ` nulls ${k.nulls}`;
  return (
    (k.expression ? bracketed(k.expression.sql) : name(k.column ?? "")) +
    (k.collation ? ` collate ${objectName(k.collation)}` : "") +
    (k.operatorClass ? ` ${operatorClassText(k.operatorClass)}` : "") +
    order +
    nulls
  );
}
function operatorClassText(c: OperatorClass): string {
  const options = optionList(c.options);
  return objectName(c.name) + (options === "" ? "" : ` (${options})`);
}
const usualNulls = (order: "asc" | "desc"): "first" | "last" => (order === "desc" ? "first" : "last");

/** Fragments of a statement, for its search path. */
export const keyFragments = (keys: readonly IndexKey[]): readonly Fragment[] =>
  keys.flatMap((k) => (k.expression ? [k.expression] : []));

/** Columns that stand as keys themselves, and those included. */
export const keyColumns = (
  o: { readonly schema: string; readonly table: string },
  keys: readonly IndexKey[],
  include: readonly string[],
): Id<"column">[] =>
  columnsOf(o, [...new Set([...keys.flatMap((k) => (k.column === null ? [] : [k.column])), ...include])]);

/** What keys are told to compare by. */
export const keyNeeds = (keys: readonly IndexKey[], method: string): readonly Id[] => [
  ...collationIds(...keys.map((k) => k.collation)),
  ...operatorClassIds(method, ...keys.map((k) => k.operatorClass?.name ?? null)),
];

/** Statements that set the targets of statistics on an index's expressions, where they are others than they were. */
export const keyStatistics = (
  index: { readonly schema: string; readonly name: string },
  keys: readonly IndexKey[],
  was: readonly IndexKey[],
): readonly Action[] =>
  keys.flatMap((k, i) =>
    k.statistics === (was[i]?.statistics ?? null)
      ? []
      : [
          action(
            `alter index ${qualified({ schema: index.schema, name: index.name })} alter column ${i + 1} set statistics ${k.statistics ?? -1}`,
            { lock: "share update exclusive" },
          ),
        ],
  );
/** Whether nothing but targets of statistics differs. */
export const sameButStatistics = (a: readonly IndexKey[], b: readonly IndexKey[]): boolean =>
  same(
    a.map((k) => ({ ...k, statistics: null })),
    b.map((k) => ({ ...k, statistics: null })),
  );

/** True when Postgres would evaluate something, or keep an operator class that belongs to a type. */
export const evaluatesKeys = (keys: readonly IndexKey[], where: Fragment | null): boolean =>
  where !== null || keys.some((k) => k.expression !== null || k.operatorClass !== null || k.collation !== null);

/**
 * What `readKeys` reads of an index, pg_index i. An expression's own collation is not in the catalog; where the index sorts
 * otherwise than the expression's type does, Postgres's definition of the index says whether it was told to.
 */
export const indexKeyColumns = `i.indrelid::text as relation, i.indkey::text as key_numbers, i.indnkeyatts::text as key_count,
  i.indclass::text as key_classes, i.indcollation::text as key_collations, i.indoption::text as key_flags, ko.options as class_options, ko.targets as key_targets,
  case when i.indexprs is not null then (
    select json_agg(json_build_array(x.expression,
      i.indcollation[k.n] <> ty.typcollation and strpos(pg_get_indexdef(i.indexrelid), x.expression || ' COLLATE ') > 0) order by k.n)::text
    from generate_series(0, i.indnkeyatts - 1) k(n)
    join pg_attribute ia on ia.attrelid = i.indexrelid and ia.attnum = k.n + 1
    join pg_type ty on ty.oid = ia.atttypid
    cross join lateral (select pg_get_indexdef(i.indexrelid, k.n + 1, false) offset 0) x(expression)
    where i.indkey[k.n] = 0
  ) end as expressions`;
/**
 * Joined beside pg_index i for `indexKeyColumns`: options of operator classes and targets of statistics, by place in the key.
 * They are put together once: of a temporary schema Postgres expects a single row, and would do so again for every index.
 */
export const indexKeyOptions = `left join (with said as materialized (
  select attrelid, json_object_agg(attnum, attoptions) filter (where attoptions is not null)::text as options,
    json_object_agg(attnum, attstattarget) filter (where attstattarget >= 0)::text as targets
  from pg_attribute where attnum > 0 and (attoptions is not null or attstattarget >= 0) group by attrelid
) select * from said) ko on ko.attrelid = i.indexrelid`;

export function readKeys(
  row: Row,
  names: CatalogNames,
): { readonly keys: readonly IndexKey[]; readonly include: readonly string[] } {
  const relation = text(row, "relation");
  const count = Number(text(row, "key_count"));
  const all = numbersIn(text(row, "key_numbers"));
  const [classes, collations, flags] = ["key_classes", "key_collations", "key_flags"].map((c) =>
    numbersIn(text(row, c)),
  );
  const options = JSON.parse(row["class_options"] ?? "{}") as Readonly<Record<string, readonly string[]>>;
  const targets = JSON.parse(row["key_targets"] ?? "{}") as Readonly<Record<string, number>>;
  const expressions = (JSON.parse(row["expressions"] ?? "[]") as (readonly [string, boolean])[]).values();
  const keys = all.slice(0, count).map((number, i): IndexKey => {
    const column = number === "0" ? null : names.column(relation, number);
    const [expression, told] = column ? [null, false] : (expressions.next().value ?? ["", false]);
    const collation = collations?.[i] ?? "0";
    const own = column ? collation !== "0" && collation !== column.collation : told;
    const operatorClass = names.operatorClass(classes?.[i] ?? "");
    const given = options[i + 1];
    const flag = Number(flags?.[i] ?? 0);
    return {
      column: column?.name ?? null,
      expression: expression === null ? null : deparsed(expression),
      collation: own ? names.collation(collation) : null,
      operatorClass:
        operatorClass.isUsual(column?.type ?? null) && !given
          ? null
          : { name: operatorClass.name, options: given ? readOptionList(JSON.stringify(given)) : {} },
      order: flag & 1 ? "desc" : "asc",
      nulls: flag & 2 ? "first" : "last",
      statistics: column === null ? (targets[i + 1] ?? null) : null,
    };
  });
  return { keys, include: all.slice(count).map((number) => names.column(relation, number).name) };
}

/** ` deferrable initially deferred`, with a blank before it; "" when it is not. */
export const deferrableText = (d: Deferrable): string => {
  switch (d) {
    case "not deferrable":
      return "";
    case "deferrable":
      return " deferrable";
    case "initially deferred":
      return " deferrable initially deferred";
  }
};
/** From pg_constraint's `condeferrable` and `condeferred`. */
export const readDeferrable = (row: Row): Deferrable =>
  truth(row, "condeferrable") ? (truth(row, "condeferred") ? "initially deferred" : "deferrable") : "not deferrable";
export const declareDeferrable = (d: DeferrableNode): Deferrable => d ?? "not deferrable";
export const describeDeferrable = (d: Deferrable): DeferrableNode => (d === "not deferrable" ? null : d);

/** Names of columns, each of them known to the table and said once, but for those that reference others. */
export function declareColumns(
  nodes: readonly Name[],
  table: InTable,
  declare: Declare,
  { mayRepeat = false } = {},
): readonly string[] {
  const seen = new Set<string>();
  for (const n of nodes) {
    if (!table.columns.has(n.text) && !table.open) {
      const near = nearest(n.text, table.columns.keys());
      declare.report(
        problem("unknown-column", n.span, `The table ${qualified(table.table)} has no column called ${name(n.text)}.`, {
          help: near === null ? "Declare it, or correct the name." : `Did you mean ${name(near)}?`,
          ...(near === null ? {} : { fix: name(near) }),
        }),
      );
    } else if (seen.has(n.text) && !mayRepeat)
      declare.report(
        problem("duplicate-name", n.span, `The column ${name(n.text)} is there twice.`, {
          help: "Remove one of them.",
        }),
      );
    seen.add(n.text);
  }
  return nodes.map((n) => n.text);
}

/** Whether this is a class that Postgres takes without being told to. */
export const isUsualClass = (c: QualifiedName, method: string): boolean =>
  c.schema === "pg_catalog" && usualClasses[method]?.has(c.name) === true;
/** `collate "default"` says nothing. */
export const unlessDefault = (c: QualifiedName): QualifiedName | null =>
  c.schema === "pg_catalog" && c.name === "default" ? null : c;

/** Operator classes of pg_catalog that are the default of some type, on 13 to 18, by access method. */
const usualClasses: Readonly<Record<string, ReadonlySet<string>>> = {
  btree: new Set(
    "array_ops bit_ops bool_ops bpchar_ops bytea_ops char_ops date_ops enum_ops float4_ops float8_ops inet_ops int2_ops int4_ops int8_ops interval_ops jsonb_ops macaddr8_ops macaddr_ops money_ops multirange_ops name_ops numeric_ops oid_ops oidvector_ops pg_lsn_ops range_ops record_ops text_ops tid_ops time_ops timestamp_ops timestamptz_ops timetz_ops tsquery_ops tsvector_ops uuid_ops varbit_ops xid8_ops".split(
      " ",
    ),
  ),
  hash: new Set(
    "aclitem_ops array_ops bool_ops bpchar_ops bytea_ops char_ops cid_ops date_ops enum_ops float4_ops float8_ops inet_ops int2_ops int4_ops int8_ops interval_ops jsonb_ops macaddr8_ops macaddr_ops multirange_ops name_ops numeric_ops oid_ops oidvector_ops pg_lsn_ops range_ops record_ops text_ops tid_ops time_ops timestamp_ops timestamptz_ops timetz_ops uuid_ops xid8_ops xid_ops".split(
      " ",
    ),
  ),
  gin: new Set(["array_ops", "jsonb_ops", "tsvector_ops"]),
  gist: new Set([
    "box_ops",
    "circle_ops",
    "multirange_ops",
    "point_ops",
    "poly_ops",
    "range_ops",
    "tsquery_ops",
    "tsvector_ops",
  ]),
  spgist: new Set(["box_ops", "inet_ops", "poly_ops", "quad_point_ops", "range_ops", "text_ops"]),
  brin: new Set(
    "bit_minmax_ops box_inclusion_ops bpchar_minmax_ops bytea_minmax_ops char_minmax_ops date_minmax_ops float4_minmax_ops float8_minmax_ops inet_inclusion_ops int2_minmax_ops int4_minmax_ops int8_minmax_ops interval_minmax_ops macaddr8_minmax_ops macaddr_minmax_ops name_minmax_ops numeric_minmax_ops oid_minmax_ops pg_lsn_minmax_ops range_inclusion_ops text_minmax_ops tid_minmax_ops time_minmax_ops timestamp_minmax_ops timestamptz_minmax_ops timetz_minmax_ops uuid_minmax_ops varbit_minmax_ops".split(
      " ",
    ),
  ),
};

export interface DeclaredKeys {
  readonly keys: readonly IndexKey[];
  /** For the implied name: a column, or what Postgres calls an expression; null where it has no name. */
  readonly names: readonly (string | null)[];
  readonly needs: readonly Id[];
}

export function declareKeys(nodes: readonly KeyNode[], method: string, table: InTable, declare: Declare): DeclaredKeys {
  const keys: IndexKey[] = [];
  const names: (string | null)[] = [];
  const needs: Id[] = [];
  const columns = new Set(table.columns.keys());
  for (const node of nodes) {
    if (node.column) {
      if (!table.columns.has(node.column.text)) declareColumns([node.column], table, declare);
      names.push(node.column.text);
    } else if (node.expression) {
      const uses = declare.uses(node.expression, columns);
      names.push(uses.columnName);
      needs.push(...uses.needs, ...columnsOfTable(table.table, uses.columns));
    }
    if (node.column && node.statistics !== null)
      declare.report(
        problem("invalid-option", node.span, "In an index only expressions have a target of statistics.", {
          help: "That of a column stands on the column's line.",
        }),
      );
    const order = node.order ?? "asc";
    keys.push({
      column: node.column?.text ?? null,
      expression: node.column || !node.expression ? null : declare.fragment(node.expression),
      collation: node.collation ? declareCollation(node, table, declare) : null,
      operatorClass: declareOperatorClass(node, method, declare),
      order,
      nulls: node.nulls ?? usualNulls(order),
      statistics: node.statistics === null || node.column ? null : Number(node.statistics),
    });
  }
  return { keys, names, needs };
}

/** null where it is the column's own anyway. */
function declareCollation(node: KeyNode, table: InTable, declare: Declare): QualifiedName | null {
  const said = node.collation && declare.collation(node.collation);
  if (!said || !node.column) return said;
  const column = table.columns.get(node.column.text);
  const own = column?.collation ? declare.collation(column.collation) : { schema: "pg_catalog", name: "default" };
  return own.schema === said.schema && own.name === said.name ? null : said;
}

function declareOperatorClass(node: KeyNode, method: string, declare: Declare): OperatorClass | null {
  if (!node.operatorClass) return null;
  const said = declare.operatorClass(node.operatorClass);
  const options = declareOptionList(node.operatorClassOptions);
  return isUsualClass(said, method) && !Object.keys(options).length ? null : { name: said, options };
}

export const describeKeys = (keys: readonly IndexKey[]): readonly KeyNode[] =>
  keys.map((k) => ({
    column: k.column === null ? null : nameNode(k.column),
    expression: k.expression && fragmentNode(k.expression),
    collation: k.collation && describeName(k.collation),
    operatorClass: k.operatorClass && describeName(k.operatorClass.name),
    operatorClassOptions: k.operatorClass ? describeOptionList(k.operatorClass.options) : [],
    order: k.order === "asc" ? null : "desc",
    nulls: k.nulls === usualNulls(k.order) ? null : k.nulls,
    statistics: k.statistics === null ? null : String(k.statistics),
    span: nowhere,
  }));

/** Names in pg_catalog are written without it. */
export const describeName = (n: QualifiedName): ReturnType<typeof qualifiedNode> =>
  n.schema === "pg_catalog" ? { ...qualifiedNode(n), schema: null } : qualifiedNode(n);
