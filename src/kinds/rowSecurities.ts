/** Row level security of a table. It is switched on after the table's policies are made: without one it hides every row. */
import type { Action } from "../model/plan.ts";
import type { DbObject } from "../model/objects.ts";
import { problem } from "../problems.ts";
import { quietly } from "./parts/action.ts";
import { modelledTable, text, truth } from "./parts/catalog.ts";
import { nowhere } from "./parts/nodes.ts";
import { policiesOn } from "./parts/policies.ts";
import { alter, schemaColumn } from "./parts/table.ts";
import type { Change, Context, DeclareMember, Room } from "./room.ts";

type RowSecurity = DbObject<"rowSecurity">;
const tableId = (o: RowSecurity) => ({ kind: "table", schema: o.id.schema, name: o.id.name }) as const;

const off = { enabled: false, forced: false };
function set(o: RowSecurity, from: RowSecurity["attributes"], to: typeof from, context: Context): readonly Action[] {
  const clauses = [
    ...(from.enabled === to.enabled ? [] : [`${to.enabled ? "enable" : "disable"} row level security`]),
    ...(from.forced === to.forced ? [] : [`${to.forced ? "" : "no "}force row level security`]),
  ];
  return clauses.map((c) => alter(tableId(o), c, context));
}
const change: Change<"rowSecurity"> = (from, to, _, context) =>
  quietly(...set(to, from.attributes, to.attributes, context));

export const rowSecurities: Room<"rowSecurity"> = {
  kind: "rowSecurity",
  owner: tableId,
  needs: (o) => [tableId(o)],
  follows: (o, role, context) =>
    role === "create" || role === "alter"
      ? policiesOn(o.id, context.to).map((p) => ({ id: p.id, roles: ["create", "alter"] }))
      : [],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_class where relrowsecurity or relforcerowsecurity",
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as name, c.relrowsecurity::text as enabled, c.relforcerowsecurity::text as forced,
  '[]' as addresses
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where (c.relrowsecurity or c.relforcerowsecurity) and ${modelledTable("c")} and (${schemas})
order by 1, 2`,
    read: (row) => ({
      id: { kind: "rowSecurity", schema: text(row, "schema"), name: text(row, "name") },
      attributes: { enabled: truth(row, "enabled"), forced: truth(row, "forced") },
      needs: [],
    }),
  },
  create: (o, context) => set(o, off, o.attributes, context),
  drop: (o, context) => set(o, o.attributes, off, context),
  change: { enabled: change, forced: change },
  describe: (o) => ({ at: "member", member: { kind: "rowSecurity", ...o.attributes, doc: null, span: nowhere } }),
};

export const declareRowSecurity: DeclareMember<"rowSecurity"> = (m, table, declare) => {
  if (!m.enabled && !m.forced)
    declare.report(
      problem("invalid-option", m.span, "Row level security that is disabled and not forced is what every table has.", {
        help: "Leave the line out.",
      }),
    );
  declare.add(
    {
      id: { kind: "rowSecurity", ...table.table },
      attributes: { enabled: m.enabled, forced: m.forced },
      needs: [],
    },
    m.span,
  );
};
