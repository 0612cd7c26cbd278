/** Triggers on tables and views. From PostgreSQL 14 on they are replaced in place, but for constraint triggers. */
import { made } from "./parts/catalog.ts";
import type { TriggerNode } from "../../grammar/declarations.ts";
import type { Action } from "../model/plan.ts";
import type { DbObject } from "../model/objects.ts";
import { encode } from "../model/id.ts";
import { problem } from "../problems.ts";
import { literal, name, names, qualified } from "../sql.ts";
import { declareDependsOn, describeDependsOn } from "./parts/dependsOn.ts";
import { action, quietly } from "./parts/action.ts";
import { declareColumns, declareDeferrable } from "./parts/keys.ts";
import { declareFiring, describeFiring, firingClause } from "./parts/firing.ts";
import { pathOf } from "./parts/fragments.ts";
import { reach } from "./parts/inheritance.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import { isPartitioned } from "./parts/partitions.ts";
import {
  alterTable,
  columnsOf,
  columnsOfTable,
  constraintName,
  isNew,
  relationOf,
  relationsNamed,
  tableOf,
} from "./parts/table.ts";
import { bracketed } from "./parts/text.ts";
import { readTrigger, triggerEvents, triggerSql } from "./parts/triggerCatalog.ts";
import type { Change, Context, Declare, DeclareMember, Room } from "./room.ts";

type Trigger = DbObject<"trigger">;

const relation = (o: Trigger): string => qualified(tableOf(o.id));

/** DROP TRIGGER locks as strongly as there is; everything else keeps only writers out. Partitions have a row's trigger too. */
function locked(o: Trigger, lock: Action["lock"], context: Context): Partial<Action> {
  const { constraint, level } = o.attributes;
  const own = relationOf(o.id, context.to.has(encode(o.id)) ? context.to : context.from);
  const shared = own.kind === "table" && level === "row" && isPartitioned(own, context.from);
  const on = [
    ...(shared ? reach(own, context.from) : [own]),
    ...(constraint?.from ? [{ kind: "table", ...constraint.from } as const] : []),
  ].filter((id) => !isNew(id, context));
  return { lock: on.length ? lock : "none", on };
}

const deferral = {
  "not deferrable": "",
  deferrable: " deferrable",
  "initially deferred": " deferrable initially deferred",
};

function statement(o: Trigger, how: "create" | "create or replace", context: Context): Action {
  const a = o.attributes;
  const events = a.events.map((e) => (e === "update" && a.columns.length ? `update of ${names(a.columns)}` : e));
  const tables =
    (a.oldTable === null ? "" : ` old table as ${name(a.oldTable)}`) +
    (a.newTable === null ? "" : ` new table as ${name(a.newTable)}`);
  return action(
    `${how} ${a.constraint ? "constraint " : ""}trigger ${name(o.id.name)} ${a.timing} ${events.join(" or ")} on ${relation(o)}` +
      (a.constraint?.from ? ` from ${qualified(a.constraint.from)}` : "") +
      (a.constraint ? deferral[a.constraint.deferrable] : "") +
      (tables && ` referencing${tables}`) +
      ` for each ${a.level}` +
      (a.when ? ` when ${bracketed(a.when.sql)}` : "") +
      ` execute function ${qualified(a.function)}(${a.arguments.map((x) => literal(x).trimStart()).join(", ")})`,
    { ...locked(o, "share row exclusive", context), path: pathOf(a.when) },
  );
}
const fire = (o: Trigger, context: Context): Action =>
  action(
    `${alterTable(tableOf(o.id))} ${firingClause(o.attributes.firing, "trigger")} ${name(o.id.name)}`,
    locked({ ...o, attributes: { ...o.attributes, constraint: null } }, "share row exclusive", context),
  );
/** What is made acts in the usual sessions. */
const andFire = (o: Trigger, context: Context): readonly Action[] =>
  o.attributes.firing === "enabled" ? [] : [fire(o, context)];

const define: Change<"trigger"> = (from, to, changed, context) =>
  context.version < 140000 ||
  from.attributes.constraint ||
  to.attributes.constraint ||
  // Postgres would leave the partitions the row's.
  (changed.has("level") && isPartitioned(tableOf(from.id), context.from))
    ? "replace"
    : quietly(statement(to, "create or replace", context), ...andFire(to, context));

export const triggers: Room<"trigger"> = {
  kind: "trigger",
  owner: (o, all) => relationOf(o.id, all),
  needs: (o) => {
    const { constraint, columns } = o.attributes;
    return [
      ...relationsNamed({ schema: o.id.schema, name: o.id.table }),
      ...columnsOf(o.id, columns),
      { kind: "function", ...o.attributes.function, arguments: [] },
      ...(constraint?.from ? relationsNamed(constraint.from) : []),
    ];
  },
  occupies: (o) => [
    `trigger ${name(o.id.name)} on ${relation(o)}`,
    ...(o.attributes.constraint ? [constraintName(o.id)] : []),
  ],
  evaluates: (o) => o.attributes.when !== null || o.attributes.columns.length > 0,
  observe: { there: made("pg_trigger"), sql: triggerSql, read: (row, _, catalog) => readTrigger(row, catalog) },
  create: (o, context) => [statement(o, "create", context), ...andFire(o, context)],
  drop: (o, context) => [
    action(`drop trigger ${name(o.id.name)} on ${relation(o)}`, locked(o, "access exclusive", context)),
  ],
  change: {
    constraint: define,
    timing: define,
    events: define,
    columns: define,
    level: define,
    oldTable: define,
    newTable: define,
    when: define,
    function: define,
    arguments: define,
    firing: (_, to, changed, context) => (changed.size > 1 ? quietly() : quietly(fire(to, context))),
  },
  describe: (o, describe) => {
    const a = o.attributes;
    const member: TriggerNode = {
      kind: "trigger",
      name: nameNode(o.id.name),
      was: null,
      constraint: a.constraint !== null,
      timing: a.timing,
      events: a.events.map((event) => ({
        event,
        columns: event === "update" ? a.columns.map(nameNode) : [],
        span: nowhere,
      })),
      from: a.constraint?.from ? qualifiedNode(a.constraint.from) : null,
      deferrable: a.constraint && a.constraint.deferrable !== "not deferrable" ? a.constraint.deferrable : null,
      oldTable: a.oldTable === null ? null : nameNode(a.oldTable),
      newTable: a.newTable === null ? null : nameNode(a.newTable),
      level: a.level === "row" ? "row" : null,
      when: a.when && fragmentNode(a.when),
      function: qualifiedNode(a.function),
      arguments: a.arguments,
      firing: describeFiring(a.firing),
      dependsOn: describeDependsOn(o.id, describe.all),
      doc: describe.comment(o.id),
      span: nowhere,
    };
    return { at: "member", member };
  },
};

/** What Postgres would refuse, said where it stands. */
function judge(m: TriggerNode, declare: Declare): void {
  const wrong = (at: TriggerNode["span"], message: string, help: string): void =>
    declare.report(problem("invalid-option", at, message, { help }));
  const seen = new Set<string>();
  for (const e of m.events) {
    if (seen.has(e.event)) declare.report(problem("duplicate-clause", e.span, `${e.event} is said twice.`));
    seen.add(e.event);
  }
  if (m.constraint && (m.timing !== "after" || m.level !== "row"))
    wrong(m.name.span, "A constraint trigger acts after each row.", "Write after … for each row.");
  if (!m.constraint && (m.from || m.deferrable))
    wrong(m.name.span, "Only a constraint trigger waits, or looks at another table.", "Write constraint trigger.");
  if (m.timing === "instead of" && m.level !== "row")
    wrong(m.name.span, "A trigger instead of a statement acts for each row.", "Write for each row.");
}

/** Functions of pg_catalog that triggers call. */
const usualFunctions: ReadonlySet<string> = new Set([
  "suppress_redundant_updates_trigger",
  "tsvector_update_trigger",
  "tsvector_update_trigger_column",
]);

export const declareTrigger: DeclareMember<"trigger"> = (m, table, declare) => {
  judge(m, declare);
  const { schema, name: host } = table.table;
  const when = m.when && declare.uses(m.when, new Set(table.columns.keys()), { rows: ["old", "new"] });
  const id = { kind: "trigger", schema, table: host, name: declare.name(m.name) } as const;
  const called = declare.functionNamed(m.function, usualFunctions);
  const from = m.constraint && m.from ? declare.table(m.from) : null;
  const said = new Set(m.events.map((e) => e.event));
  const columns = m.events.flatMap((e) => e.columns);
  declareDependsOn(id, m.dependsOn, declare);
  declare.add(
    {
      id,
      attributes: {
        constraint: m.constraint ? { deferrable: declareDeferrable(m.deferrable), from } : null,
        timing: m.timing,
        events: triggerEvents.filter((e) => said.has(e)),
        columns: table.open ? columns.map((c) => declare.name(c)) : declareColumns(columns, table, declare),
        level: m.level ?? "statement",
        oldTable: m.oldTable && declare.name(m.oldTable),
        newTable: m.newTable && declare.name(m.newTable),
        when: m.when && declare.fragment(m.when),
        function: called.name,
        arguments: m.arguments,
        firing: declareFiring(m.firing),
      },
      needs: [
        ...called.needs.filter((n) => n.kind === "extension"),
        ...(from ? declare.extensionsOfTable(from) : []),
        ...(when ? [...columnsOfTable(table.table, when.columns), ...when.needs] : []),
      ],
      ...(m.was ? { hints: { was: m.was.text } } : {}),
    },
    m.name.span,
  );
  declare.comment(id, m.doc, m.span);
};
