/** Exclusion constraints. */
import type { Attributes, DbObject } from "../model/objects.ts";
import { same } from "../model/database.ts";
import { name, names } from "../sql.ts";
import { quietly } from "./parts/action.ts";
import { text } from "./parts/catalog.ts";
import { describeExclude } from "./parts/constraintNodes.ts";
import {
  constraintAddresses,
  constraintTables,
  dropConstraint,
  mayFail,
  ofItsTable,
  ownConstraints,
} from "./parts/constraints.ts";
import { pathOf } from "./parts/fragments.ts";
import { moveIndex } from "./parts/indexStorage.ts";
import {
  declareColumns,
  declareDeferrable,
  declareKeys,
  deferrableText,
  evaluatesKeys,
  indexKeyColumns,
  indexKeyOptions,
  keyColumns,
  keyFragments,
  keyNeeds,
  keyStatistics,
  keyText,
  readDeferrable,
  readKeys,
  sameButStatistics,
} from "./parts/keys.ts";
import { isHeldByOthers } from "./parts/heldNames.ts";
import { impliedNames, indexColumnNames, nameAddition } from "./parts/names.ts";
import { declareOptionList, readOptionList, withOptions } from "./parts/options.ts";
import { indexAbove, readPartOf } from "./parts/partCatalog.ts";
import { changeIndexOptions, changePartOf, dropPart, makePart, partFollows } from "./parts/partChanges.ts";
import { unsaidParts } from "./parts/partLayout.ts";
import { isOnlyThere, partsRemade } from "./parts/partLinks.ts";
import { needsAbove, repointPart } from "./parts/partOf.ts";
import { describePart } from "./parts/describePart.ts";
import { alter, columnsOfTable, constraintName, isNew, relationName, schemaColumn, tableOf } from "./parts/table.ts";
import { bracketed, deparsed } from "./parts/text.ts";
import type { DeclareMember, Room } from "./room.ts";

type Exclude = DbObject<"exclude">;

const keysOf = (o: Exclude) => o.attributes.elements.map((e) => e.key);
const operatorText = (o: Attributes<"exclude">["elements"][number]["operator"]): string =>
  o.schema === "pg_catalog" ? o.name : `operator(${name(o.schema)}.${o.name})`;

export const excludes: Room<"exclude"> = {
  kind: "exclude",
  owner: ofItsTable,
  needs: (o) => [
    tableOf(o.id),
    ...keyColumns(o.id, keysOf(o), o.attributes.include),
    ...keyNeeds(keysOf(o), o.attributes.method),
    ...needsAbove(o),
  ],
  occupies: (o) => [relationName(o.id), constraintName(o.id)],
  // Where Postgres makes one again by itself, it forgets where the index was.
  evaluates: (o) => evaluatesKeys(keysOf(o), o.attributes.where) || o.attributes.tablespace !== null,
  worksOut: true,
  observe: {
    there: "pg_constraint where contype = 'x'",
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as table, con.conname::text as name, am.amname::text as method, ${indexKeyColumns},
  (select json_agg(json_build_array(opn.nspname, op.oprname) order by o.at)::text
   from unnest(con.conexclop) with ordinality o(oid, at)
   join pg_operator op on op.oid = o.oid
   join pg_namespace opn on opn.oid = op.oprnamespace) as operators,
  pg_get_expr(i.indpred, i.indrelid) as where, con.condeferrable::text, con.condeferred::text,
  to_json(ic.reloptions)::text as options, ts.spcname::text as tablespace, ${indexAbove}, ${constraintAddresses("i.indexrelid")} as addresses
from ${constraintTables}
join pg_index i on i.indexrelid = con.conindid
join pg_class ic on ic.oid = i.indexrelid
join pg_am am on am.oid = ic.relam
left join pg_tablespace ts on ts.oid = ic.reltablespace
${indexKeyOptions}
where ${ownConstraints("x", schemas)}
order by 1, 2, 3`,
    read: (row, _, names) => {
      const { keys, include } = readKeys(row, names);
      const operators = JSON.parse(text(row, "operators")) as [string, string][];
      const where = row["where"] ?? null;
      return {
        id: { kind: "exclude", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
        attributes: {
          method: text(row, "method"),
          elements: keys.map((key, i) => ({
            key,
            operator: { schema: operators[i]![0], name: operators[i]![1] },
          })),
          include,
          where: where === null ? null : deparsed(where),
          deferrable: readDeferrable(row),
          options: readOptionList(row["options"]),
          tablespace: row["tablespace"] ?? null,
          partOf: readPartOf(row),
        },
        needs: [],
      };
    },
  },
  create: (o, context) => {
    const a = o.attributes;
    const clause =
      `constraint ${name(o.id.name)} exclude using ${name(a.method)} (` +
      a.elements.map((e) => `${keyText(e.key)} with ${operatorText(e.operator)}`).join(", ") +
      ")" +
      (a.include.length ? ` include (${names(a.include)})` : "") +
      withOptions(a.options) +
      (a.tablespace === null ? "" : ` using index tablespace ${name(a.tablespace)}`) +
      (a.where ? ` where ${bracketed(a.where.sql)}` : "") +
      deferrableText(a.deferrable);
    const table = tableOf(o.id);
    const fresh = isNew(table, context);
    const made = alter(table, `add ${clause}`, context, {
      create: clause,
      once: `exclude ${clause.slice(clause.indexOf(" exclude "))}`,
      cost: fresh ? "instant" : "build",
      hazards: mayFail(o.id, "Rows that exclude each other refuse it.", fresh),
      path: pathOf(...keyFragments(keysOf(o)), a.where),
      only: isOnlyThere(o, context),
    });
    return makePart(o, [made, ...keyStatistics(o.id, keysOf(o), [])], context);
  },
  drop: (o, context) => dropPart(o, dropConstraint(o, context), context),
  repoint: repointPart,
  follows: partFollows,
  remade: (context) => partsRemade("exclude", context),
  implied: (all) => unsaidParts("exclude", all),
  change: {
    method: () => "replace",
    elements: (from, to) => {
      const [was, is] = [keysOf(from), keysOf(to)];
      const operators = (o: Exclude) => o.attributes.elements.map((e) => e.operator);
      return sameButStatistics(was, is) && same(operators(from), operators(to))
        ? quietly(...keyStatistics(to.id, is, was))
        : "replace";
    },
    include: () => "replace",
    where: () => "replace",
    deferrable: () => "replace",
    options: changeIndexOptions,
    partOf: changePartOf,
    tablespace: (_, to) => quietly(moveIndex(to.id, to.attributes.tablespace)),
  },
  describe: (o, describe) => {
    if (o.attributes.partOf) return describePart(o, describe);
    const implied =
      keysOf(o).every((k) => k.column !== null) &&
      !isHeldByOthers(o.id, o.id.name, describe.all) &&
      o.id.name === impliedNames.exclude(o.id.table, [...keysOf(o).map((k) => k.column), ...o.attributes.include]);
    return { at: "member", member: describeExclude(o, implied ? null : o.id.name, describe.comment(o.id)) };
  },
};

export const declareExclude: DeclareMember<"exclude"> = (m, table, declare) => {
  const { schema, name } = table.table;
  const method = m.method?.text ?? "btree";
  const { keys, names, needs } = declareKeys(
    m.elements.map((e) => e.key),
    method,
    table,
    declare,
  );
  const where = m.where && declare.uses(m.where, new Set(table.columns.keys()));
  const include = declareColumns(m.include, table, declare);
  const id = {
    kind: "exclude",
    schema,
    table: name,
    name: m.name
      ? declare.name(m.name)
      : declare.freeName(schema, name, nameAddition(indexColumnNames([...names, ...include])), "excl", "relation"),
  } as const;
  declare.add(
    {
      id,
      attributes: {
        method,
        elements: m.elements.map((e, i) => ({
          key: keys[i]!,
          operator: declare.operator(
            e.operator.text,
            (e.key.column && table.columns.get(e.key.column.text)?.type) ?? null,
          ),
        })),
        include,
        where: m.where && declare.fragment(m.where),
        deferrable: declareDeferrable(m.deferrable),
        options: declareOptionList(m.options),
        tablespace: m.tablespace ? declare.name(m.tablespace) : null,
        partOf: null,
      },
      needs: [...needs, ...(where ? [...where.needs, ...columnsOfTable(table.table, where.columns)] : [])],
      ...(m.name ? {} : { implicitName: true as const }),
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
};
