/** Unique constraints. */
import { problem } from "../problems.ts";
import { describeUnique } from "./parts/constraintNodes.ts";
import { dropConstraint, ofItsTable } from "./parts/constraints.ts";
import { moveIndex } from "./parts/indexStorage.ts";
import { saidName, standsInline } from "./parts/inline.ts";
import { quietly } from "./parts/action.ts";
import { indexColumnNames, nameAddition } from "./parts/names.ts";
import { changeIndexOptions, changeOnly, changePartOf, dropPart, partFollows } from "./parts/partChanges.ts";
import { unsaidParts } from "./parts/partLayout.ts";
import { partsRemade } from "./parts/partLinks.ts";
import { needsAbove, repointPart } from "./parts/partOf.ts";
import { describePart } from "./parts/describePart.ts";
import { uniquesInTheWay } from "./parts/rowTurns.ts";
import { columnsOf, constraintName, relationName, tableOf } from "./parts/table.ts";
import { createUniqueKey, declareUniqueKey, observeUniqueKeys, readUniqueKey } from "./parts/uniqueKeys.ts";
import { text, truth } from "./parts/catalog.ts";
import type { DeclareMember, Room } from "./room.ts";

export const uniques: Room<"unique"> = {
  kind: "unique",
  owner: ofItsTable,
  needs: (o) => [
    tableOf(o.id),
    ...columnsOf(o.id, [...o.attributes.columns, ...o.attributes.include]),
    ...needsAbove(o),
  ],
  occupies: (o) => [relationName(o.id), constraintName(o.id)],
  evaluates: () => false,
  observe: {
    there: "pg_constraint where contype = 'u' and oid >= 16384",
    sql: (schemas, version) => observeUniqueKeys("u", schemas, version),
    read: (row, _, names) => ({
      id: { kind: "unique", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
      attributes: { ...readUniqueKey(row, names), nullsNotDistinct: truth(row, "nulls_not_distinct") },
      needs: [],
    }),
  },
  create: (o, context) =>
    createUniqueKey(o, o.attributes.nullsNotDistinct ? "unique nulls not distinct" : "unique", context),
  drop: (o, context) => dropPart(o, dropConstraint(o, context), context),
  repoint: repointPart,
  follows: partFollows,
  remade: (context) => [...partsRemade("unique", context), ...uniquesInTheWay("unique", context)],
  implied: (all) => unsaidParts("unique", all),
  change: {
    columns: () => "replace",
    include: () => "replace",
    nullsNotDistinct: () => "replace",
    deferrable: () => "replace",
    withoutOverlaps: () => "replace",
    options: changeIndexOptions,
    partOf: changePartOf,
    only: changeOnly,
    tablespace: (_, to) => quietly(moveIndex(to.id, to.attributes.tablespace)),
  },
  describe: (o, describe) =>
    o.attributes.partOf?.kind === o.id.kind
      ? describePart(o, describe)
      : standsInline(o, describe)
        ? { at: "owner" }
        : {
            at: "member",
            member: describeUnique(o, saidName(o, describe), describe.comment(o.id)),
          },
};

export const declareUnique: DeclareMember<"unique"> = (m, table, declare) => {
  const { schema, name } = table.table;
  if (m.nullsNotDistinct && declare.version < 150000)
    declare.report(problem("needs-newer-postgres", m.span, "nulls not distinct needs PostgreSQL 15."));
  const attributes = { ...declareUniqueKey(m, table, declare), nullsNotDistinct: m.nullsNotDistinct };
  const addition = nameAddition(indexColumnNames([...attributes.columns, ...attributes.include]));
  const id = {
    kind: "unique",
    schema,
    table: name,
    name: m.name ? declare.name(m.name) : declare.freeName(schema, name, addition, "key", "relation"),
  } as const;
  declare.add({ id, attributes, needs: [], ...(m.name ? {} : { implicitName: true as const }) }, m.span);
  declare.comment(id, m.doc, m.span);
};
