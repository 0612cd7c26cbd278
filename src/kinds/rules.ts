/** Rules, which rewrite statements on a table or view. What a view is made of is a rule too, but belongs to the view. */
import type { Action } from "../model/plan.ts";
import type { DbObject } from "../model/objects.ts";
import { encode } from "../model/id.ts";
import { name, qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { address, modelledRelation, text, truth } from "./parts/catalog.ts";
import { declareFiring, describeFiring, firingClause, readFiring } from "./parts/firing.ts";
import { pathOf } from "./parts/fragments.ts";
import { fragmentNode, nameNode, nowhere } from "./parts/nodes.ts";
import { alterTable, columnsOfTable, isNew, relationOf, relationsNamed, schemaColumn, tableOf } from "./parts/table.ts";
import { bracketed, enclosed, deparsed, shownParts, unwrap } from "./parts/text.ts";
import type { Change, Context, DeclareMember, Room } from "./room.ts";

type Rule = DbObject<"rule">;

const events: Readonly<Record<string, Rule["attributes"]["event"]>> = { "2": "update", "3": "insert", "4": "delete" };

function locked(o: Rule, context: Context): Partial<Action> {
  const id = relationOf(o.id, context.to.has(encode(o.id)) ? context.to : context.from);
  const fresh = isNew(id, context);
  return { lock: fresh ? "none" : "access exclusive", on: fresh ? [] : [id] };
}
const statement = (o: Rule, how: string, context: Context): Action => {
  const a = o.attributes;
  return action(
    `${how} rule ${name(o.id.name)} as on ${a.event} to ${qualified(tableOf(o.id))}` +
      (a.where ? ` where ${bracketed(a.where.sql)}` : "") +
      ` do ${a.instead ? "instead " : ""}${a.actions ? actionsText(a.actions.sql) : "nothing"}`,
    { ...locked(o, context), path: pathOf(a.where, a.actions) },
  );
};
const fire = (o: Rule, context: Context): Action =>
  action(`${alterTable(tableOf(o.id))} ${firingClause(o.attributes.firing, "rule")} ${name(o.id.name)}`, {
    ...locked(o, context),
  });

/** CREATE OR REPLACE leaves alone when the rule acts. */
const define: Change<"rule"> = (_, to, __, context) => quietly(statement(to, "create or replace", context));

/** Behind the bracket alone Postgres takes `with` for the beginning of a query, whatever follows; behind a statement, be it empty, it does not. */
const actionsText = (sql: string): string => `(${/^\s*with\b/i.test(sql) ? "; " : ""}${enclosed(sql)})`;

/** The parts of `CREATE RULE … ON … TO … [WHERE …] DO [INSTEAD] …;` as Postgres shows it; several statements stand in brackets. */
function readDefinition(shown: string): Pick<Rule["attributes"], "where" | "actions"> {
  const [head = "", all = ""] = shownParts(shown, /\sDO(?: INSTEAD)?\s/y);
  const [, where] = shownParts(head, /\sWHERE\s/y);
  const actions = unended(unwrap(unended(all)));
  return {
    where: where === undefined ? null : deparsed(where),
    actions: actions === "NOTHING" ? null : { ...deparsed(actions), canonical: actions },
  };
}
const unended = (sql: string): string => sql.replace(/[\s;]+$/, "").trimStart();

export const rules: Room<"rule"> = {
  kind: "rule",
  owner: (o, all) => relationOf(o.id, all),
  needs: (o) => relationsNamed({ schema: o.id.schema, name: o.id.table }),
  occupies: (o) => [`rule ${name(o.id.name)} on ${qualified(tableOf(o.id))}`],
  evaluates: () => true,
  observe: {
    there: "pg_rewrite where rulename <> '_RETURN'",
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as table, r.rulename::text as name, r.ev_type::text as event,
  r.is_instead::text as instead, r.ev_enabled::text as firing, pg_get_ruledef(r.oid) as definition, ${address("pg_rewrite", "r.oid")} as addresses
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
join pg_namespace n on n.oid = c.relnamespace
where r.rulename <> '_RETURN' and ${modelledRelation("c")} and (${schemas})
order by 1, 2, 3`,
    read: (row) => ({
      id: { kind: "rule", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
      attributes: {
        event: events[text(row, "event")] ?? "insert",
        instead: truth(row, "instead"),
        firing: readFiring(text(row, "firing")),
        ...readDefinition(text(row, "definition")),
      },
      needs: [],
    }),
  },
  create: (o, context) => [
    statement(o, "create", context),
    ...(o.attributes.firing === "enabled" ? [] : [fire(o, context)]),
  ],
  drop: (o, context) => [action(`drop rule ${name(o.id.name)} on ${qualified(tableOf(o.id))}`, locked(o, context))],
  change: {
    event: define,
    where: define,
    instead: define,
    actions: define,
    firing: (_, to, __, context) => quietly(fire(to, context)),
  },
  describe: (o, describe) => {
    const a = o.attributes;
    return {
      at: "member",
      member: {
        kind: "rule",
        name: nameNode(o.id.name),
        was: null,
        event: a.event,
        where: a.where && fragmentNode(a.where),
        instead: a.instead,
        actions: a.actions && { ...fragmentNode(a.actions), form: "statements" },
        firing: describeFiring(a.firing),
        doc: describe.comment(o.id),
        span: nowhere,
      },
    };
  },
};

export const declareRule: DeclareMember<"rule"> = (m, table, declare) => {
  const columns = new Set(table.columns.keys());
  const uses = [m.where, m.actions].flatMap((f) => (f ? [declare.uses(f, columns, { rows: ["old", "new"] })] : []));
  const id = { kind: "rule", schema: table.table.schema, table: table.table.name, name: declare.name(m.name) } as const;
  const hints = {
    ...(m.was ? { was: m.was.text } : {}),
    ...(uses.some((u) => u.stars) ? { followsColumns: true as const } : {}),
  };
  declare.add(
    {
      id,
      attributes: {
        event: m.event,
        where: m.where && declare.fragment(m.where),
        instead: m.instead,
        actions: m.actions && declare.fragment(m.actions),
        firing: declareFiring(m.firing),
      },
      needs: [
        ...uses.flatMap((u) => [...columnsOfTable(table.table, u.wholeRow ? [...columns] : u.columns), ...u.needs]),
      ],
      ...(Object.keys(hints).length ? { hints } : {}),
    },
    m.name.span,
  );
  declare.comment(id, m.doc, m.span);
};
