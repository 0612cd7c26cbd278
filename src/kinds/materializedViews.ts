/** Materialized views: their rows come from the query, so another query makes them anew, with their indexes. */
import type { IndexNode } from "../../grammar/declarations.ts";
import type { Name } from "../../grammar/nodes.ts";
import type { Action } from "../model/plan.ts";
import type { Attributes, DbObject } from "../model/objects.ts";
import { encode } from "../model/id.ts";
import { problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { declareDependsOn, describeDependsOn } from "./parts/dependsOn.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { columnOptions, ofExtension, relationAddresses, text } from "./parts/catalog.ts";
import { pathOf } from "./parts/fragments.ts";
import { fragmentNode, nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import { declareOptionList, describeOptionList, optionChanges, readOptionList, withOptions } from "./parts/options.ts";
import { columnFacts, columnNames, columnsSaid, viewColumns, viewQuery } from "./parts/queries.ts";
import { typesStoredOtherwise, viewsStoredOtherwise } from "./parts/storage.ts";
import { rowTypeNames, schemaColumn } from "./parts/table.ts";
import { declareStored, readStored, type Stored, unstored } from "./parts/storedColumns.ts";
import { meantOfView } from "./parts/tableColumns.ts";
import { unknown } from "./parts/unknown.ts";
import type { Declare, DeclareFile, Room } from "./room.ts";

type MaterializedView = DbObject<"materializedView">;

const locked = (o: MaterializedView): Partial<Action> => ({ lock: "access exclusive", on: [o.id] });
const alter = (o: MaterializedView, clause: string, more: Partial<Action> = {}): Action =>
  action(`alter materialized view ${qualified(o.id)} ${clause}`, { ...locked(o), ...more });

function columnClauses(column: string, was: Stored, is: Stored): readonly string[] {
  const set = `alter column ${name(column)}`;
  const own = optionChanges(was.options, is.options);
  return [
    ...(was.storage === is.storage ? [] : [`${set} set storage ${is.storage ?? "default"}`]),
    ...(was.compression === is.compression ? [] : [`${set} set compression ${is.compression ?? "default"}`]),
    ...(was.statistics === is.statistics ? [] : [`${set} set statistics ${is.statistics ?? -1}`]),
    ...own.map((change) => `${set} ${change}`),
  ];
}
function columnChanges(o: MaterializedView, from: Attributes<"materializedView">["columns"]): readonly Action[] {
  const to = o.attributes.columns;
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((c) =>
    columnClauses(c, from[c] ?? unstored, to[c] ?? unstored).map((clause) => alter(o, clause)),
  );
}

export const materializedViews: Room<"materializedView"> = {
  kind: "materializedView",
  owner: () => null,
  needs: (o) => inSchema(o.id.schema),
  occupies: (o) => rowTypeNames(o.id),
  evaluates: () => true,
  worksOut: true,
  observe: {
    there: "pg_class where relkind = 'm'",
    sql: (schemas, version) => `
select ${schemaColumn()} as schema, c.relname::text as name, to_json(c.reloptions)::text as options, to_json(tc.reloptions)::text as toast_options,
  am.amname::text as method, ts.spcname::text as tablespace, pg_get_viewdef(c.oid) as query,
  ${columnFacts("c.oid")} as columns, c.relispopulated::text as populated,
  (select json_object_agg(a.attname, json_build_object(
      'storage', nullif(a.attstorage, t.typstorage), 'compression', ${version >= 140000 ? "nullif(a.attcompression, '')" : "null"},
      'statistics', nullif(a.attstattarget, -1), 'options', ${columnOptions("a")}))::text
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    where a.attrelid = c.oid and a.attnum > 0 and (a.attstorage <> t.typstorage or a.attstattarget >= 0 or (${columnOptions("a")}) is not null
      ${version >= 140000 ? "or a.attcompression <> ''" : ""})) as stored,
  ${relationAddresses("c")} as addresses
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_am am on am.oid = c.relam
left join pg_class tc on tc.oid = c.reltoastrelid
left join pg_tablespace ts on ts.oid = c.reltablespace
where c.relkind = 'm' and (${schemas}) and not ${ofExtension("pg_class", "c.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "materializedView", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        query: viewQuery(text(row, "query")),
        options: { ...readOptionList(row["options"]), ...readOptionList(row["toast_options"], "toast.") },
        using: row["method"] ?? "heap",
        tablespace: row["tablespace"] ?? null,
        columns: readStored(row["stored"] ?? "{}"),
      },
      needs: [],
      facts: { columns: text(row, "columns"), populated: text(row, "populated") },
    }),
  },
  create: (o, context) => {
    const a = o.attributes;
    // One that has been filled is made anew with its rows.
    const empty = o.hints?.noData === true && context.from.get(encode(o.id))?.facts?.["populated"] !== "true";
    return [
      action(
        `create materialized view ${qualified(o.id)}${columnsSaid(o)}` +
          (a.using === "heap" ? "" : ` using ${name(a.using)}`) +
          withOptions(a.options) +
          (a.tablespace === null ? "" : ` tablespace ${name(a.tablespace)}`) +
          ` as\n${a.query.sql}` +
          (empty ? "\nwith no data" : ""),
        { path: pathOf(a.query), cost: empty ? "instant" : "rewrite" },
      ),
      ...columnChanges(o, {}),
    ];
  },
  remade: viewsStoredOtherwise,
  // Which types its columns have is not always known here.
  follows: (_, role, context) =>
    role === "create" ? typesStoredOtherwise(context).map((id) => ({ id, roles: ["alter"] })) : [],
  drop: (o) => [action(`drop materialized view ${qualified(o.id)}`, locked(o))],
  change: {
    query: () => "replace",
    options: (from, to) =>
      quietly(
        ...optionChanges(from.attributes.options, to.attributes.options).map((change) =>
          alter(to, change, { lock: "share update exclusive" }),
        ),
      ),
    using: (_, to, __, { version }) =>
      version >= 150000
        ? quietly(alter(to, `set access method ${name(to.attributes.using)}`, { cost: "rewrite" }))
        : "replace",
    tablespace: (_, to) =>
      quietly(alter(to, `set tablespace ${name(to.attributes.tablespace ?? "pg_default")}`, { cost: "rewrite" })),
    columns: (from, to, _, { version }) =>
      // Before 16 no statement says "the storage of the type".
      version < 160000 &&
      Object.entries(from.attributes.columns).some(([c, s]) => s.storage && !to.attributes.columns[c]?.storage)
        ? "replace"
        : quietly(...columnChanges(to, from.attributes.columns)),
  },
  rowType: (o) => qualified(o.id),
  describe: (o, describe) => {
    const a = o.attributes;
    const comment = (column: string): string | null =>
      describe.comment({ kind: "column", schema: o.id.schema, table: o.id.name, name: column });
    const columns = columnNames(o);
    const said = columns.some((c) => Object.hasOwn(a.columns, c) || comment(c) !== null);
    return {
      at: "file",
      declaration: {
        kind: "materializedView",
        name: ownNode(o.id.name),
        was: null,
        columns: said
          ? columns.map((c) => {
              const stored = a.columns[c] ?? unstored;
              return {
                name: nameNode(c),
                storage: stored.storage,
                compression: stored.compression,
                statistics: stored.statistics === null ? null : String(stored.statistics),
                options: describeOptionList(stored.options),
                doc: comment(c),
                span: nowhere,
              };
            })
          : [],
        using: a.using === "heap" ? null : nameNode(a.using),
        options: describeOptionList(a.options),
        tablespace: a.tablespace === null ? null : nameNode(a.tablespace),
        query: { ...fragmentNode(a.query), form: "statements" },
        dependsOn: describeDependsOn(o.id, describe.all),
        noData: false,
        members: describe.members(o.id),
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

/** Columns that an index names. */
const namesIn = (m: IndexNode, declare: Declare): readonly Name[] => [
  ...m.keys.flatMap((k) => (k.column ? [k.column] : [])),
  ...m.include,
  ...[...m.keys.map((k) => k.expression), m.where].flatMap((f) => (f ? declare.uses(f, new Set()).names : [])),
];

export const declareMaterializedView: DeclareFile<"materializedView"> = (d, declare) => {
  const own = declare.own(d.name);
  const id = { kind: "materializedView", ...own } as const;
  const { needs, hints } = viewColumns(d, id, declare);
  const said = { ...hints.hints, ...(d.noData ? { noData: true as const } : {}) };
  declare.add(
    {
      id,
      attributes: {
        query: declare.fragment(d.query),
        options: declareOptionList(d.options),
        using: d.using ? declare.name(d.using) : "heap",
        tablespace: d.tablespace ? declare.name(d.tablespace) : null,
        columns: declareStored(d.columns, declare),
      },
      needs,
      ...(Object.keys(said).length ? { hints: said } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
  declareDependsOn(id, d.dependsOn, declare);
  for (const c of d.columns)
    declare.comment({ kind: "column", schema: id.schema, table: id.name, name: c.name.text }, c.doc, c.span);
  for (const m of d.members) {
    if (m.kind === "index")
      for (const n of namesIn(m, declare)) {
        const meant = meantOfView(id, n.text, declare);
        if (meant !== null) declare.report(unknown("unknown-column", "column", n.text, n.span, [meant]));
      }
    if (m.kind === "index" || m.kind === "cluster" || m.kind === "statistics")
      declare.member(m, { table: own, columns: new Map(), open: true });
    else
      declare.report(
        problem(
          "misplaced-member",
          m.span,
          "A materialized view holds indexes, statistics, and how it is clustered; its columns come from its query.",
          {
            help: "Write what is said of a column in brackets after the name: totals (buyer statistics 500).",
          },
        ),
      );
  }
};
