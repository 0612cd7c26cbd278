/** Indexes that stand alone; those beneath constraints belong to the constraint. */
import type { IndexNode } from "../../grammar/declarations.ts";
import type { DbObject, Id } from "../model/objects.ts";
import { problem } from "../problems.ts";
import { name, names, qualified } from "../sql.ts";
import { declareDependsOn, describeDependsOn } from "./parts/dependsOn.ts";
import { action, quietly } from "./parts/action.ts";
import { address, indexedRelation, text, truth } from "./parts/catalog.ts";
import { mayFail } from "./parts/constraints.ts";
import { pathOf } from "./parts/fragments.ts";
import { moveIndex } from "./parts/indexStorage.ts";
import {
  declareColumns,
  declareKeys,
  describeKeys,
  evaluatesKeys,
  indexKeyColumns,
  indexKeyOptions,
  keyColumns,
  keyFragments,
  keyNeeds,
  keyStatistics,
  keyText,
  readKeys,
  sameButStatistics,
} from "./parts/keys.ts";
import { isHeldByOthers } from "./parts/heldNames.ts";
import { impliedNames, indexColumnNames, nameAddition } from "./parts/names.ts";
import { fragmentNode, nameNode, nowhere } from "./parts/nodes.ts";
import { declareOptionList, describeOptionList, readOptionList, withOptions } from "./parts/options.ts";
import { describePart } from "./parts/describePart.ts";
import { reach } from "./parts/inheritance.ts";
import { isPartitioned } from "./parts/partitions.ts";
import { indexAbove, indexOnly, readPartOf } from "./parts/partCatalog.ts";
import { changeIndexOptions, changeOnly, changePartOf, dropPart, makePart, partFollows } from "./parts/partChanges.ts";
import { unsaidParts } from "./parts/partLayout.ts";
import { isOnlyThere, partsRemade } from "./parts/partLinks.ts";
import { blank, needsAbove, repointPart } from "./parts/partOf.ts";
import { uniquesInTheWay } from "./parts/rowTurns.ts";
import { columnsOfTable, indexedOf, isNew, relationName, schemaColumn, tableOf } from "./parts/table.ts";
import { bracketed, deparsed } from "./parts/text.ts";
import type { Name } from "../../grammar/nodes.ts";
import type { Context, Declare, DeclareMember, Describe, InTable, Room } from "./room.ts";

type Index = DbObject<"index">;

/** Of no constraint; and an invalid one is what a failed build left behind, named among what is not modelled. */
const standsAlone =
  "(i.indisvalid or ic.relkind = 'I') and i.indexrelid not in (select conindid from pg_constraint where contype in ('p', 'u', 'x'))";

/** Where an index stands, with the partitions below; heirs have no part in it. */
const tablesReached = (on: Id<"table" | "materializedView">, context: Context): readonly Id[] =>
  on.kind === "table" && isPartitioned(on, context.from) ? reach(on, context.from) : [on];

export const indexes: Room<"index"> = {
  kind: "index",
  owner: (o, all) => indexedOf(o.id, all),
  needs: (o) => [
    tableOf(o.id),
    { kind: "materializedView", schema: o.id.schema, name: o.id.table },
    ...keyColumns(o.id, o.attributes.keys, o.attributes.include),
    ...needsAbove(o),
    ...keyNeeds(o.attributes.keys, o.attributes.method),
  ],
  occupies: (o) => [relationName(o.id)],
  evaluates: (o) => evaluatesKeys(o.attributes.keys, o.attributes.where),
  worksOut: true,
  observe: {
    sql: (schemas, version) => `
select ${schemaColumn()} as schema, c.relname::text as table, ic.relname::text as name, i.indisunique::text as unique,
  ${version >= 150000 ? "i.indnullsnotdistinct::text" : "'false'"} as nulls_not_distinct, am.amname::text as method,
  ${indexKeyColumns}, pg_get_expr(i.indpred, i.indrelid) as where,
  to_json(ic.reloptions)::text as options, ts.spcname::text as tablespace, ${indexAbove}, ${indexOnly}, ${address("pg_class", "ic.oid")} as addresses
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class ic on ic.oid = i.indexrelid
join pg_am am on am.oid = ic.relam
left join pg_tablespace ts on ts.oid = ic.reltablespace
${indexKeyOptions}
where ${standsAlone} and ${indexedRelation("c")} and (${schemas})
order by 1, 2, 3`,
    read: (row, _, names) => {
      const where = row["where"] ?? null;
      return {
        id: { kind: "index", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
        attributes: {
          unique: truth(row, "unique"),
          nullsNotDistinct: truth(row, "nulls_not_distinct"),
          method: text(row, "method"),
          ...readKeys(row, names),
          where: where === null ? null : deparsed(where),
          options: readOptionList(row["options"]),
          tablespace: row["tablespace"] ?? null,
          partOf: readPartOf(row),
          only: truth(row, "only"),
        },
        needs: [],
      };
    },
  },
  create: (o, context) => {
    const a = o.attributes;
    const table = indexedOf(o.id, context.to);
    const fresh = isNew(table, context);
    const made = [
      action(
        `create ${a.unique ? "unique " : ""}index ${name(o.id.name)} on ${isOnlyThere(o, context) ? "only " : ""}${qualified(table)}` +
          (a.method === "btree" ? "" : ` using ${name(a.method)}`) +
          ` (${a.keys.map(keyText).join(", ")})` +
          (a.include.length ? ` include (${names(a.include)})` : "") +
          (a.nullsNotDistinct ? " nulls not distinct" : "") +
          withOptions(a.options) +
          (a.tablespace === null ? "" : ` tablespace ${name(a.tablespace)}`) +
          (a.where ? ` where ${bracketed(a.where.sql)}` : ""),
        {
          lock: fresh ? "none" : "share",
          on: fresh ? [] : tablesReached(table, context),
          cost: fresh ? "instant" : "build",
          hazards: a.unique ? mayFail(o.id, "Rows with equal keys refuse it.", fresh) : [],
          path: pathOf(...keyFragments(a.keys), a.where),
        },
      ),
      ...keyStatistics(o.id, a.keys, []),
    ];
    return makePart(o, made, context);
  },
  drop: (o, context) => {
    const table = indexedOf(o.id, context.from);
    const fresh = isNew(table, context);
    const dropped = action(`drop index ${qualified({ schema: o.id.schema, name: o.id.name })}`, {
      lock: fresh ? "none" : "access exclusive",
      on: fresh ? [] : tablesReached(table, context),
    });
    return dropPart(o, [dropped], context);
  },
  repoint: repointPart,
  follows: partFollows,
  remade: (context) => [...partsRemade("index", context), ...uniquesInTheWay("index", context)],
  implied: (all) => unsaidParts("index", all),
  change: {
    unique: () => "replace",
    nullsNotDistinct: () => "replace",
    method: () => "replace",
    keys: (from, to) => {
      const [was, is] = [from.attributes.keys, to.attributes.keys];
      return sameButStatistics(was, is) ? quietly(...keyStatistics(to.id, is, was)) : "replace";
    },
    include: () => "replace",
    where: () => "replace",
    options: changeIndexOptions,
    partOf: changePartOf,
    only: changeOnly,
    tablespace: (_, to) => quietly(moveIndex(to.id, to.attributes.tablespace)),
  },
  describe: (o, describe) =>
    o.attributes.partOf ? describePart(o, describe) : { at: "member", member: describeIndex(o, describe) },
};

/** The name is left out where it is the one that Postgres makes up from columns; of expressions only Postgres knows the name. */
function describeIndex(o: Index, describe: Describe): IndexNode {
  const a = o.attributes;
  const implied =
    a.keys.every((k) => k.column !== null) &&
    !isHeldByOthers(o.id, o.id.name, describe.all) &&
    o.id.name === impliedNames.index(o.id.table, [...a.keys.map((k) => k.column), ...a.include]);
  return {
    kind: "index",
    name: implied ? null : nameNode(o.id.name),
    was: null,
    of: null,
    only: a.only,
    unique: a.unique,
    nullsNotDistinct: a.nullsNotDistinct,
    method: a.method === "btree" ? null : nameNode(a.method),
    keys: describeKeys(a.keys),
    include: a.include.map(nameNode),
    where: a.where && fragmentNode(a.where),
    options: describeOptionList(a.options),
    tablespace: a.tablespace === null ? null : nameNode(a.tablespace),
    dependsOn: describeDependsOn(o.id, describe.all),
    doc: describe.comment(o.id),
    span: nowhere,
  };
}

export const declareIndex: DeclareMember<"index"> = (m, table, declare) => {
  const { schema, name } = table.table;
  if (m.of) return declarePart(m, m.of, table, declare);
  if (m.nullsNotDistinct && declare.version < 150000)
    declare.report(problem("needs-newer-postgres", m.span, "nulls not distinct needs PostgreSQL 15."));
  const method = m.method?.text ?? "btree";
  const { keys, names, needs } = declareKeys(m.keys, method, table, declare);
  const include = declareColumns(m.include, table, declare);
  const where = m.where && declare.uses(m.where, new Set(table.columns.keys()));
  const id = {
    kind: "index",
    schema,
    table: name,
    name: m.name
      ? declare.name(m.name)
      : declare.freeName(schema, name, nameAddition(indexColumnNames([...names, ...include])), "idx", "relation"),
  } as const;
  declare.add(
    {
      id,
      attributes: {
        unique: m.unique,
        nullsNotDistinct: m.nullsNotDistinct,
        method,
        keys,
        include,
        where: m.where && declare.fragment(m.where),
        options: declareOptionList(m.options),
        tablespace: m.tablespace ? declare.name(m.tablespace) : null,
        partOf: null,
        only: m.only,
      },
      needs: [...needs, ...(where ? [...where.needs, ...columnsOfTable(table.table, where.columns)] : [])],
      ...(m.name ? {} : { implicitName: true as const }),
      ...(m.was ? { hints: { was: m.was.text } } : {}),
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
  declareDependsOn(id, m.dependsOn, declare);
};

/** All but its name and how it is stored is filled in when the one above is known. */
function declarePart(m: IndexNode, of: Name, { table }: InTable, declare: Declare): void {
  const id = {
    kind: "index",
    schema: table.schema,
    table: table.name,
    name: m.name ? declare.name(m.name) : of.text,
  } as const;
  declare.add(
    {
      id,
      attributes: {
        unique: false,
        nullsNotDistinct: false,
        method: "",
        keys: [],
        include: [],
        where: null,
        options: declareOptionList(m.options),
        tablespace: m.tablespace ? declare.name(m.tablespace) : null,
        partOf: blank(of.text),
        only: m.only,
      },
      needs: [],
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
}
