/** Check constraints of tables. */
import { problem } from "../problems.ts";
import { name } from "../sql.ts";
import { quietly } from "./parts/action.ts";
import { text, truth } from "./parts/catalog.ts";
import { describeCheck } from "./parts/constraintNodes.ts";
import {
  constraintAddresses,
  constraintTables,
  dropConstraint,
  mayFail,
  ofItsTable,
  ownConstraints,
} from "./parts/constraints.ts";
import { saidName, standsInline } from "./parts/inline.ts";
import {
  checkFollows,
  checkGoesAlong,
  checkGoesWithTable,
  checksRemade,
  dropsCheckOnly,
  isBroughtCheck,
  isOnlyValidated,
  isValidatedAbove,
  keptInPartitions,
  unsaidChecks,
} from "./parts/inheritedChecks.ts";
import { alter, columnOf, columnsOfTable, constraintName, isNew, schemaColumn, tableOf } from "./parts/table.ts";
import { bracketed, deparsed } from "./parts/text.ts";
import type { DbObject } from "../model/objects.ts";
import type { Action } from "../model/plan.ts";
import type { Context, DeclareMember, Room } from "./room.ts";

function add(o: DbObject<"check">, context: Context): Action {
  const { expression, noInherit, validated, enforced } = o.attributes;
  const clause =
    `constraint ${name(o.id.name)} check ${bracketed(expression.sql)}` +
    (noInherit ? " no inherit" : "") +
    (enforced ? "" : " not enforced");
  const table = tableOf(o.id);
  const fresh = isNew(table, context);
  const unchecked = !validated && enforced;
  return alter(table, `add ${clause}${unchecked ? " not valid" : ""}`, context, {
    // CREATE TABLE takes every check for valid, whatever it is told.
    ...(unchecked ? {} : { create: clause }),
    cost: fresh || !validated ? "instant" : "scan",
    hazards: mayFail(o.id, "Rows that don't meet it refuse it.", fresh || !validated),
    path: expression.path,
  });
}

export const checks: Room<"check"> = {
  kind: "check",
  owner: ofItsTable,
  needs: (o) => [tableOf(o.id)],
  occupies: (o) => [constraintName(o.id)],
  evaluates: () => true,
  worksOut: true,
  follows: checkFollows,
  implied: unsaidChecks,
  remade: checksRemade,
  observe: {
    sql: (schemas, version) => `
select ${schemaColumn()} as schema, c.relname::text as table, con.conname::text as name,
  con.conrelid::text as relation, array_remove(con.conkey, 0::int2)::text as columns,
  pg_get_expr(con.conbin, con.conrelid) as expression, con.connoinherit::text as no_inherit, con.convalidated::text as validated,
  ${version >= 180000 ? "con.conenforced::text" : "'true'"} as enforced, ${constraintAddresses(null)} as addresses
from ${constraintTables}
where ${ownConstraints("c", schemas)}
order by 1, 2, 3`,
    read: (row, _, names) => ({
      id: { kind: "check", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
      attributes: {
        expression: deparsed(text(row, "expression")),
        noInherit: truth(row, "no_inherit"),
        validated: truth(row, "validated"),
        enforced: truth(row, "enforced"),
      },
      // Its usual name stands on them, also where nobody asks what depends on what.
      needs: names
        .columns(text(row, "relation"), row["columns"] ?? "")
        .map((column) => columnOf({ schema: text(row, "schema"), table: text(row, "table") }, column)),
    }),
  },
  create: (o, context) => {
    if (isBroughtCheck(o, context)) return [];
    return [add(o, context)];
  },
  drop: (o, context) =>
    checkGoesAlong(o, context) || checkGoesWithTable(o, context)
      ? []
      : [
          ...dropConstraint(o, context, { only: dropsCheckOnly(o.id, context) }),
          ...keptInPartitions(o.id, context).map((c) => add(c, context)),
        ],
  change: {
    expression: () => "replace",
    noInherit: () => "replace",
    enforced: () => "replace",
    validated: (from, to, _, context) =>
      !isOnlyValidated(from, to)
        ? "replace"
        : isValidatedAbove(from, context)
          ? quietly()
          : quietly(
              alter(tableOf(to.id), `validate constraint ${name(to.id.name)}`, context, {
                lock: "share update exclusive",
                cost: "scan",
                hazards: mayFail(to.id, "Rows that don't meet it refuse it.", false),
              }),
            ),
  },
  describe: (o, describe) =>
    standsInline(o, describe)
      ? { at: "owner" }
      : {
          at: "member",
          member: describeCheck(o, saidName(o, describe), describe.comment(o.id)),
        },
};

export const declareCheck: DeclareMember<"check"> = (m, table, declare) => {
  const { schema, name } = table.table;
  if (m.notEnforced && declare.version < 180000)
    declare.report(problem("needs-newer-postgres", m.span, "not enforced needs PostgreSQL 18."));
  const uses = declare.uses(m.expression, new Set(table.columns.keys()));
  const only = uses.columns.length === 1 ? uses.columns[0]! : null;
  const id = {
    kind: "check",
    schema,
    table: name,
    name: m.name ? declare.name(m.name) : declare.freeName(schema, name, only, "check", "constraint"),
  } as const;
  declare.add(
    {
      id,
      attributes: {
        expression: declare.fragment(m.expression),
        noInherit: m.noInherit,
        validated: !m.notValid && !m.notEnforced,
        enforced: !m.notEnforced,
      },
      needs: [...columnsOfTable(table.table, uses.columns), ...uses.needs],
      ...(m.name ? {} : { implicitName: true as const }),
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
};
