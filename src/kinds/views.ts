/** Views. A query that only adds columns at the end changes in place; any other is made anew, with what stands on it. */
import type { Action } from "../model/plan.ts";
import type { DbObject, Fragment } from "../model/objects.ts";
import { same } from "../model/database.ts";
import { problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { ofExtension, relationAddresses, text } from "./parts/catalog.ts";
import { refuseColumns } from "./parts/defaults.ts";
import { pathOf } from "./parts/fragments.ts";
import { fragmentNode, nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import { declareOptionList, describeOptionList, optionChanges, readOptionList, withOptions } from "./parts/options.ts";
import { columnFacts, columnNames, columnsSaid, extendsColumns, viewColumns, viewQuery } from "./parts/queries.ts";
import { rowTypeNames, schemaColumn } from "./parts/table.ts";
import { bracketed, deparsed } from "./parts/text.ts";
import type { DeclareFile, Room } from "./room.ts";

type View = DbObject<"view">;

const locked = (o: View): Partial<Action> => ({ lock: "access exclusive", on: [o.id] });

const statement = (o: View, how: "create" | "create or replace"): Action =>
  action(
    `${how} view ${qualified(o.id)}${columnsSaid(o)}${withOptions(o.attributes.options)} as\n${o.attributes.query.sql}`,
    { path: pathOf(o.attributes.query), ...(how === "create" ? {} : locked(o)) },
  );

const setDefault = (o: View, column: string, value: Fragment | undefined): Action =>
  action(
    `alter view ${qualified(o.id)} alter column ${name(column)} ${value ? `set default ${bracketed(value.sql)}` : "drop default"}`,
    { path: pathOf(value ?? null), ...locked(o) },
  );

export const views: Room<"view"> = {
  kind: "view",
  owner: () => null,
  needs: (o) => inSchema(o.id.schema),
  occupies: (o) => rowTypeNames(o.id),
  evaluates: () => true,
  observe: {
    there: "pg_class where relkind = 'v' and oid >= 16384",
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as name, to_json(c.reloptions)::text as options, pg_get_viewdef(c.oid) as query,
  ${columnFacts("c.oid")} as columns,
  (select json_object_agg(a.attname, pg_get_expr(d.adbin, d.adrelid))::text
    from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.adrelid = c.oid) as defaults,
  ${relationAddresses("c")} as addresses
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and (${schemas}) and not ${ofExtension("pg_class", "c.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "view", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        query: viewQuery(text(row, "query")),
        options: readOptionList(row["options"]),
        defaults: Object.fromEntries(
          Object.entries(JSON.parse(row["defaults"] ?? "{}") as Record<string, string>).map(([c, e]) => [
            c,
            deparsed(e),
          ]),
        ),
      },
      needs: [],
      facts: { columns: text(row, "columns") },
    }),
  },
  create: (o) => [
    statement(o, "create"),
    ...Object.entries(o.attributes.defaults).map(([column, value]) => setDefault(o, column, value)),
  ],
  drop: (o) => [action(`drop view ${qualified(o.id)}`, locked(o))],
  change: {
    query: (from, to) => (extendsColumns(from, to) ? quietly(statement(to, "create or replace")) : "replace"),
    options: (from, to, changed) =>
      changed.has("query")
        ? quietly()
        : quietly(
            ...optionChanges(from.attributes.options, to.attributes.options).map((change) =>
              action(`alter view ${qualified(to.id)} ${change}`, locked(to)),
            ),
          ),
    defaults: (from, to) => {
      const [was, is] = [from.attributes.defaults, to.attributes.defaults];
      return quietly(
        ...[...new Set([...Object.keys(was), ...Object.keys(is)])]
          .filter((c) => !same(was[c], is[c]))
          .map((c) => setDefault(to, c, is[c])),
      );
    },
  },
  rowType: (o) => qualified(o.id),
  describe: (o, describe) => {
    const comment = (column: string): string | null =>
      describe.comment({ kind: "column", schema: o.id.schema, table: o.id.name, name: column });
    const { defaults } = o.attributes;
    const columns = columnNames(o);
    const said = columns.some((c) => Object.hasOwn(defaults, c) || comment(c) !== null);
    return {
      at: "file",
      declaration: {
        kind: "view",
        name: ownNode(o.id.name),
        was: null,
        columns: said
          ? columns.map((c) => ({
              name: nameNode(c),
              default: defaults[c] ? fragmentNode(defaults[c]) : null,
              doc: comment(c),
              span: nowhere,
            }))
          : [],
        options: describeOptionList(o.attributes.options),
        query: { ...fragmentNode(o.attributes.query), form: "statements" },
        members: describe.members(o.id),
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

export const declareView: DeclareFile<"view"> = (d, declare) => {
  const id = { kind: "view", ...declare.own(d.name) } as const;
  const none: ReadonlySet<string> = new Set();
  const defaults = d.columns.flatMap((c) => (c.default ? [[c.name.text, c.default] as const] : []));
  const { needs, hints } = viewColumns(d, id, declare);
  for (const [, f] of defaults) refuseColumns(f, declare);
  const invoker = d.options.find((o) => o.name === "security_invoker");
  if (invoker && declare.version < 150000)
    declare.report(problem("needs-newer-postgres", invoker.span, "security_invoker needs PostgreSQL 15."));
  declare.add(
    {
      id,
      attributes: {
        query: declare.fragment(d.query),
        options: declareOptionList(d.options),
        defaults: Object.fromEntries(defaults.map(([c, f]) => [c, declare.fragment(f)])),
      },
      needs: [...needs, ...defaults.flatMap(([, f]) => declare.uses(f, none).needs)],
      ...hints,
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
  for (const c of d.columns)
    declare.comment({ kind: "column", schema: id.schema, table: id.name, name: c.name.text }, c.doc, c.span);
  for (const m of d.members) {
    if (m.kind === "trigger" || m.kind === "rule")
      declare.member(m, { table: declare.own(d.name), columns: new Map(), open: true });
    else
      declare.report(
        problem("misplaced-member", m.span, "A view holds triggers and rules; its columns come from its query.", {
          help: "Write what is said of a column in brackets after the name: open_orders (total = (0)).",
        }),
      );
  }
};
