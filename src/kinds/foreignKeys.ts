/** Foreign keys. They stand apart from their tables, so that tables may reference each other. */
import type { ActionNode } from "../../grammar/declarations.ts";
import type { Attributes, DbObject, Deferrable, Id, ReferentialAction } from "../model/objects.ts";
import { problem } from "../problems.ts";
import { name, names, qualified } from "../sql.ts";
import type { Action } from "../model/plan.ts";
import { isKind } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { quietly } from "./parts/action.ts";
import { text, truth } from "./parts/catalog.ts";
import { describeForeignKey } from "./parts/constraintNodes.ts";
import {
  constraintAddresses,
  constraintTables,
  dropConstraint,
  mayFail,
  ofItsTable,
  ownConstraints,
} from "./parts/constraints.ts";
import { saidName, standsInline } from "./parts/inline.ts";
import { declareColumns, declareDeferrable, deferrableText, readDeferrable } from "./parts/keys.ts";
import { nameAddition } from "./parts/names.ts";
import { constraintAbove, readPartOf } from "./parts/partCatalog.ts";
import { dropPart, partFollows } from "./parts/partChanges.ts";
import { unsaidParts } from "./parts/partLayout.ts";
import { needsAbove, repointPart } from "./parts/partOf.ts";
import { keepsPlace, tableName } from "./parts/partitions.ts";
import { keysOfRings } from "./parts/persistence.ts";
import { isMadeAnew } from "./parts/references.ts";
import { keysOfRowRings } from "./parts/rowRings.ts";
import { alter, columnsOf, columnsOfTable, constraintName, isNew, schemaColumn, tableOf } from "./parts/table.ts";
import type { Change, Context, DeclareMember, Room } from "./room.ts";

type ForeignKey = DbObject<"foreignKey">;

const actions: Readonly<Record<string, ReferentialAction>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};
const actionOf = (code: string): ReferentialAction => {
  const found = actions[code];
  if (!found) throw new Error(`pg_constraint holds an unknown referential action ${code}`);
  return found;
};

const referenced = (o: ForeignKey): Id<"table"> => ({ kind: "table", ...o.attributes.references });

/** Both tables are locked; those that the plan makes are nobody else's yet. */
function both(o: ForeignKey, context: Context): readonly Id[] {
  const [own, other] = [tableOf(o.id), referenced(o)];
  const tables = encode(own) === encode(other) ? [own] : [own, other];
  return tables.filter((t) => !isNew(t, context));
}

function clauseOf(o: ForeignKey): string {
  const a = o.attributes;
  const period = (columns: readonly string[]): string =>
    a.period ? [...columns.slice(0, -1).map(name), `period ${name(columns.at(-1) ?? "")}`].join(", ") : names(columns);
  return (
    `constraint ${name(o.id.name)} foreign key (${period(a.columns)}) references ${qualified(a.references)} (${period(a.referencedColumns)})` +
    (a.match === "full" ? " match full" : "") +
    (a.onUpdate === "no action" ? "" : ` on update ${a.onUpdate}`) +
    (a.onDelete === "no action" ? "" : ` on delete ${a.onDelete}`) +
    (a.onDeleteColumns.length ? ` (${names(a.onDeleteColumns)})` : "") +
    deferrableText(a.deferrable) +
    (a.enforced ? "" : " not enforced")
  );
}

/** `alter constraint` says every word, because what it leaves out it sets to the usual. */
const deferrableWords = (d: Deferrable): string => {
  switch (d) {
    case "not deferrable":
      return "not deferrable";
    case "deferrable":
      return "deferrable initially immediate";
    case "initially deferred":
      return "deferrable initially deferred";
  }
};

/** Deferrability, enforcement (PostgreSQL 18) and a late validation change in place; everything else makes it anew. */
const change: Change<"foreignKey"> = (from, to, changed, context) => {
  if (isMadeAnew(from, to)) return "replace";
  const was = from.attributes;
  const is = to.attributes;
  const table = tableOf(to.id);
  // A partition's changes with the one of the table above.
  if (keepsPlace(tableName(to.id), context)) {
    if (is.partOf) return quietly();
    if (was.partOf) return "replace";
  }
  const self = name(to.id.name);
  const all: Action[] = [];
  if (changed.has("deferrable"))
    // Its triggers change on both tables.
    all.push(
      alter(table, `alter constraint ${self} ${deferrableWords(is.deferrable)}`, context, {
        lock: "access exclusive",
        on: [table, referenced(to)],
      }),
    );
  let validated = was.validated;
  if (changed.has("enforced")) {
    // Enforcing it again looks at all rows at once.
    validated = is.enforced;
    if (is.enforced && !is.validated) return "replace";
    all.push(
      alter(table, `alter constraint ${self} ${is.enforced ? "enforced" : "not enforced"}`, context, {
        lock: "access exclusive",
        on: [table, referenced(to)],
        cost: is.enforced ? "scan" : "instant",
        hazards: mayFail(to.id, "Rows without a match refuse it.", !is.enforced),
      }),
    );
  }
  if (validated !== is.validated) {
    if (!is.validated) return "replace";
    all.push(
      alter(table, `validate constraint ${self}`, context, {
        lock: "share update exclusive",
        cost: "scan",
        hazards: mayFail(to.id, "Rows without a match refuse it.", false),
      }),
    );
  }
  return quietly(...all);
};

export const foreignKeys: Room<"foreignKey"> = {
  kind: "foreignKey",
  owner: ofItsTable,
  needs: (o) => [
    tableOf(o.id),
    ...columnsOf(o.id, o.attributes.columns),
    referenced(o),
    ...columnsOfTable(o.attributes.references, o.attributes.referencedColumns),
    ...needsAbove(o),
  ],
  occupies: (o) => [constraintName(o.id)],
  evaluates: () => true,
  observe: {
    there: "pg_constraint where contype = 'f'",
    sql: (schemas, version) => `
select ${schemaColumn()} as schema, c.relname::text as table, con.conname::text as name,
  ${schemaColumn("fn")} as referenced_schema, fc.relname::text as referenced,
  con.conrelid::text as relation, con.conkey::text as columns, con.confrelid::text as referenced_relation, con.confkey::text as referenced_columns,
  con.confmatchtype::text as match, con.confupdtype::text as on_update, con.confdeltype::text as on_delete,
  ${version >= 150000 ? "con.confdelsetcols::text" : "null"} as on_delete_columns,
  con.condeferrable::text, con.condeferred::text, con.convalidated::text as validated,
  ${version >= 180000 ? "con.conenforced::text" : "'true'"} as enforced,
  ${version >= 180000 ? "con.conperiod::text" : "'false'"} as period, ${constraintAbove}, ${constraintAddresses(null)} as addresses
from ${constraintTables}
join pg_class fc on fc.oid = con.confrelid
join pg_namespace fn on fn.oid = fc.relnamespace
where ${ownConstraints("f", schemas)}
order by 1, 2, 3`,
    read: (row, _, names) => {
      const relation = text(row, "relation");
      return {
        id: { kind: "foreignKey", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
        attributes: {
          columns: names.columns(relation, text(row, "columns")),
          references: { schema: text(row, "referenced_schema"), name: text(row, "referenced") },
          referencedColumns: names.columns(text(row, "referenced_relation"), text(row, "referenced_columns")),
          match: text(row, "match") === "f" ? "full" : "simple",
          onUpdate: actionOf(text(row, "on_update")),
          onDelete: actionOf(text(row, "on_delete")),
          onDeleteColumns: names.columns(relation, row["on_delete_columns"] ?? ""),
          deferrable: readDeferrable(row),
          validated: truth(row, "validated"),
          enforced: truth(row, "enforced"),
          period: truth(row, "period"),
          partOf: readPartOf(row),
        },
        needs: [],
      };
    },
  },
  create: (o, context) => {
    // Attaching the table brings it, or making the one above.
    if (o.attributes.partOf) return [];
    const clause = clauseOf(o);
    const table = tableOf(o.id);
    const fresh = isNew(table, context);
    const { validated, enforced } = o.attributes;
    const unchecked = !validated && enforced;
    const on = both(o, context);
    return [
      {
        ...alter(table, `add ${clause}${unchecked ? " not valid" : ""}`, context, {
          // In CREATE TABLE a foreign key is valid, whatever it says.
          ...(unchecked ? {} : { create: clause }),
          cost: fresh || !validated ? "instant" : "scan",
          hazards: mayFail(o.id, "Rows without a match refuse it.", fresh || !validated),
        }),
        lock: on.length ? "share row exclusive" : "none",
        on,
      },
    ];
  },
  drop: (o, context) =>
    dropPart(o, dropConstraint(o, context, { lock: "access exclusive", on: both(o, context) }), context),
  repoint: repointPart,
  follows: partFollows,
  remade: (context) => [...keysOfRings(context), ...keysOfRowRings(context)],
  implied: (all) => unsaidParts("foreignKey", all),
  // Attaching a table does not say what of it was looked at already.
  adopt: (to, from) =>
    to.attributes.partOf && from.attributes.partOf
      ? { ...to, attributes: { ...to.attributes, validated: from.attributes.validated } }
      : to,
  change: {
    columns: change,
    references: change,
    referencedColumns: change,
    match: change,
    onUpdate: change,
    onDelete: change,
    onDeleteColumns: change,
    deferrable: change,
    validated: change,
    enforced: change,
    period: change,
    partOf: change,
  },
  describe: (o, describe) =>
    o.attributes.partOf || standsInline(o, describe)
      ? { at: "owner" }
      : {
          at: "member",
          member: describeForeignKey(o, saidName(o, describe), describe.comment(o.id)),
        },
};

const declareAction = (a: ActionNode | null): ReferentialAction => a?.action ?? "no action";

/** Columns of the other table that are not said, and whether a unique key is on them, `checkForeignKeys` finds when all tables are there. */
export const declareForeignKey: DeclareMember<"foreignKey"> = (m, table, declare) => {
  const { schema, name } = table.table;
  const own = declare.declared({ kind: "table", schema, name });
  const partitioned = own !== null && isKind(own, "table") && own.attributes.partitionBy !== null;
  for (const [said, least, what] of [
    [m.notEnforced, 18, "not enforced"],
    [m.period, 18, "period"],
    [m.notValid && !m.notEnforced && partitioned, 18, "not valid on a partitioned table"],
    [(m.onDelete?.columns.length ?? 0) > 0, 15, "columns of on delete"],
  ] as const)
    if (said && declare.version < least * 10000)
      declare.report(problem("needs-newer-postgres", m.span, `A foreign key with ${what} needs PostgreSQL ${least}.`));
  for (const [said, may] of [
    [m.onDelete, m.onDelete?.action === "set null" || m.onDelete?.action === "set default"],
    [m.onUpdate, false],
  ] as const) {
    const [first, last] = [said?.columns[0], said?.columns.at(-1)];
    if (first && last && !may)
      declare.report(
        problem(
          "invalid-option",
          { ...first.span, end: last.span.end },
          "Columns are said of on delete set null and on delete set default only.",
          { help: "Take the list away: Postgres sets all columns of the foreign key." },
        ),
      );
  }
  // Postgres takes one column for several of those that are referenced.
  const columns = declareColumns(m.columns, table, declare, { mayRepeat: true });
  const references = declare.table(m.references);
  const extensions = declare.extensionsOfTable(references);
  if (extensions.length && !m.referencedColumns.length)
    declare.report(
      problem(
        "foreign-key-no-unique",
        m.span,
        `The key of ${qualified(references)} is an extension's, and not known here.`,
        {
          help: `Write -> ${qualified(references)} (column).`,
        },
      ),
    );
  const attributes: Attributes<"foreignKey"> = {
    columns,
    references,
    referencedColumns: m.referencedColumns.length
      ? m.referencedColumns.map((c) => c.text)
      : declare.primaryKey(references),
    match: m.match ?? "simple",
    onUpdate: declareAction(m.onUpdate),
    onDelete: declareAction(m.onDelete),
    onDeleteColumns: declareColumns(m.onDelete?.columns ?? [], table, declare),
    deferrable: declareDeferrable(m.deferrable),
    validated: !m.notValid && !m.notEnforced,
    enforced: !m.notEnforced,
    period: m.period,
    partOf: null,
  };
  const id = {
    kind: "foreignKey",
    schema,
    table: name,
    name: m.name ? declare.name(m.name) : declare.freeName(schema, name, nameAddition(columns), "fkey", "constraint"),
  } as const;
  declare.add(
    {
      id,
      attributes,
      needs: extensions,
      ...(m.name ? {} : { implicitName: true as const }),
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
};
