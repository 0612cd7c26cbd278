/** Extended statistics. Only their target changes in place. */
import type { Attributes, DbObject, Id, QualifiedName } from "../model/objects.ts";
import type { StatisticsNode } from "../../grammar/declarations.ts";
import type { Index } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { nearest, problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { address, indexedRelation, json, text, made } from "./parts/catalog.ts";
import { pathOf } from "./parts/fragments.ts";
import { declareColumns } from "./parts/keys.ts";
import { makeObjectName, nameAddition } from "./parts/names.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import { columnsOfTable, indexedOf, isNew, schemaColumn } from "./parts/table.ts";
import { bracketed, deparsed } from "./parts/text.ts";
import type { Context, DeclareMember, Room } from "./room.ts";

type Statistics = DbObject<"statistics">;
const letters = { d: "ndistinct", f: "dependencies", m: "mcv" } as const;
const allKinds = Object.values(letters);

/** The table or the materialized view. */
const ownerOf = ({ attributes: { table } }: Statistics, all: Index): Id<"table" | "materializedView"> =>
  indexedOf({ schema: table.schema, table: table.name }, all);
const lock = (o: Statistics, context: Context) => {
  const on = ownerOf(o, context.to.has(encode(o.id)) ? context.to : context.from);
  const fresh = isNew(on, context);
  return { lock: fresh ? "none" : "share update exclusive", on: fresh ? [] : [on] } as const;
};
const setTarget = (o: Statistics, target: number | null, context: Context) =>
  action(`alter statistics ${qualified(o.id)} set statistics ${target ?? -1}`, lock(o, context));

export const statistics: Room<"statistics"> = {
  kind: "statistics",
  owner: ownerOf,
  // Whichever kind it is on; ids that nothing has are needed by nobody.
  needs: (o) => [
    ...inSchema(o.id.schema),
    { kind: "table", ...o.attributes.table },
    { kind: "materializedView", ...o.attributes.table },
    ...columnsOfTable(o.attributes.table, o.attributes.columns),
  ],
  occupies: (o) => [`statistics ${qualified(o.id)}`],
  // Postgres makes it anew under a new type of a column, and forgets the target, and whose it is.
  evaluates: () => true,
  observe: {
    there: made("pg_statistic_ext"),
    sql: (schemas, version) => `
select ${schemaColumn()} as schema, s.stxname as name, ${schemaColumn("cn")} as table_schema, c.relname as table,
  s.stxrelid::text as relation, s.stxkeys::text as numbers, to_json(s.stxkind)::text as kinds,
  ${version >= 140000 ? "coalesce(to_json(pg_get_statisticsobjdef_expressions(s.oid))::text, '[]')" : "'[]'"} as expressions,
  nullif(s.stxstattarget, -1)::text as target, ${address("pg_statistic_ext", "s.oid")} as addresses
from pg_statistic_ext s
join pg_namespace n on n.oid = s.stxnamespace
join pg_class c on c.oid = s.stxrelid
join pg_namespace cn on cn.oid = c.relnamespace
where (${schemas}) and ${indexedRelation("c")}
order by 1, 2`,
    read: (row, _, names) => {
      const target = row["target"] ?? null;
      const kept = json<readonly string[]>(row, "kinds");
      return {
        id: { kind: "statistics", schema: text(row, "schema"), name: text(row, "name") },
        attributes: {
          table: { schema: text(row, "table_schema"), name: text(row, "table") },
          kinds: (["d", "f", "m"] as const).filter((k) => kept.includes(k)).map((k) => letters[k]),
          columns: [...names.columns(text(row, "relation"), text(row, "numbers"))].sort(),
          expressions: json<readonly string[]>(row, "expressions").map(deparsed),
          target: target === null ? null : Number(target),
        },
        needs: [],
      };
    },
  },
  create: (o, context) => {
    const { table, kinds, columns, expressions, target } = o.attributes;
    const list = kinds.length === 0 || kinds.length === allKinds.length ? "" : ` (${kinds.join(", ")})`;
    const keys = [...columns.map(name), ...expressions.map((e) => bracketed(e.sql))].join(", ");
    return [
      action(`create statistics ${qualified(o.id)}${list} on ${keys} from ${qualified(table)}`, {
        ...lock(o, context),
        path: pathOf(...expressions),
      }),
      ...(target === null ? [] : [setTarget(o, target, context)]),
    ];
  },
  drop: (o, context) => [action(`drop statistics ${qualified(o.id)}`, lock(o, context))],
  change: {
    table: () => "replace",
    kinds: () => "replace",
    columns: () => "replace",
    expressions: () => "replace",
    target: (_, to, __, context) => quietly(setTarget(to, to.attributes.target, context)),
  },
  describe: (o, describe) => ({ at: "member", member: describeStatistics(o, describe.comment(o.id)) }),
};

function describeStatistics(o: Statistics, doc: string | null): StatisticsNode {
  const { table, kinds, columns, expressions, target } = o.attributes;
  const implied =
    o.id.schema === table.schema &&
    !expressions.length &&
    o.id.name === makeObjectName(table.name, nameAddition(columns), "stat");
  return {
    kind: "statistics",
    name: implied ? null : o.id.schema === table.schema ? qualifiedInTable(o.id) : qualifiedNode(o.id),
    was: null,
    kinds: kinds.length === allKinds.length ? [] : kinds.map(nameNode),
    keys: [
      ...columns.map((c) => ({ column: nameNode(c), expression: null, span: nowhere })),
      ...expressions.map((e) => ({ column: null, expression: fragmentNode(e), span: nowhere })),
    ],
    target: target === null ? null : String(target),
    doc,
    span: nowhere,
  };
}
const qualifiedInTable = (n: QualifiedName) => ({ ...qualifiedNode(n), schema: null });

export const declareStatistics: DeclareMember<"statistics"> = (m, table, declare) => {
  const own = table.table;
  if (m.keys.some((k) => k.expression) && declare.version < 140000)
    declare.report(problem("needs-newer-postgres", m.span, "Statistics on expressions need PostgreSQL 14."));
  const columns = declareColumns(
    m.keys.flatMap((k) => k.column ?? []),
    table,
    declare,
  );
  const known = new Set(table.columns.keys());
  const expressions = m.keys.flatMap((k) => k.expression ?? []);
  const used = expressions.map((e) => declare.uses(e, known));
  if (m.keys.length === 1 && expressions.length === 0)
    declare.report(problem("invalid-option", m.span, "Statistics need two columns, or an expression."));
  const kinds = allKinds.filter((kind) => m.kinds.some((k) => k.text === kind));
  for (const k of m.kinds)
    if (!allKinds.some((kind) => kind === k.text)) {
      const near = nearest(k.text, allKinds);
      declare.report(
        problem("invalid-option", k.span, `There is no kind of statistics called ${name(k.text)}.`, {
          help: near === null ? `The kinds are ${allKinds.join(", ")}.` : `Did you mean ${near}?`,
        }),
      );
    }
  const alone = m.keys.length === 1;
  const spelled = m.keys.map((k) => k.column?.text ?? "expr");
  const id = {
    kind: "statistics",
    schema: m.name?.schema?.text ?? own.schema,
    name: m.name
      ? declare.name(m.name.name)
      : declare.freeName(own.schema, own.name, nameAddition(spelled), "stat", "statistics"),
  } as const;
  const attributes: Attributes<"statistics"> = {
    table: own,
    kinds: alone ? [] : kinds.length ? kinds : allKinds,
    columns: [...columns].sort(),
    expressions: expressions.map((e) => declare.fragment(e)),
    target: m.target === null ? null : Number(m.target),
  };
  declare.add(
    {
      id,
      attributes,
      needs: used.flatMap((u) => [...u.needs, ...columnsOfTable(own, u.columns)]),
      ...(m.name ? {} : { implicitName: true as const }),
      ...(m.was ? { hints: { was: m.was.text } } : {}),
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
};
