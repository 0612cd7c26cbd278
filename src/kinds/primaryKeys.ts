/** Primary keys. Their columns are NOT NULL by themselves; that is the columns' own attribute. */
import { describePrimaryKey } from "./parts/constraintNodes.ts";
import { dropConstraint, ofItsTable } from "./parts/constraints.ts";
import { moveIndex } from "./parts/indexStorage.ts";
import { saidName, standsInline } from "./parts/inline.ts";
import { quietly } from "./parts/action.ts";
import { changeIndexOptions, changeOnly, changePartOf, dropPart, partFollows } from "./parts/partChanges.ts";
import { unsaidParts } from "./parts/partLayout.ts";
import { partsRemade } from "./parts/partLinks.ts";
import { needsAbove, repointPart } from "./parts/partOf.ts";
import { describePart } from "./parts/describePart.ts";
import { columnsOf, constraintName, relationName, tableOf } from "./parts/table.ts";
import { createUniqueKey, declareUniqueKey, observeUniqueKeys, readUniqueKey } from "./parts/uniqueKeys.ts";
import { text } from "./parts/catalog.ts";
import type { DeclareMember, Room } from "./room.ts";

export const primaryKeys: Room<"primaryKey"> = {
  kind: "primaryKey",
  owner: ofItsTable,
  needs: (o) => [
    tableOf(o.id),
    ...columnsOf(o.id, [...o.attributes.columns, ...o.attributes.include]),
    ...needsAbove(o),
  ],
  // A table has one primary key, whatever its name.
  occupies: (o) => [
    relationName(o.id),
    constraintName(o.id),
    `primary key ${relationName({ schema: o.id.schema, name: o.id.table })}`,
  ],
  evaluates: () => false,
  observe: {
    there: "pg_constraint where contype = 'p' and oid >= 16384",
    sql: (schemas, version) => observeUniqueKeys("p", schemas, version),
    read: (row, _, names) => ({
      id: { kind: "primaryKey", schema: text(row, "schema"), table: text(row, "table"), name: text(row, "name") },
      attributes: readUniqueKey(row, names),
      needs: [],
    }),
  },
  create: (o, context) => createUniqueKey(o, "primary key", context),
  drop: (o, context) => dropPart(o, dropConstraint(o, context), context),
  repoint: repointPart,
  follows: partFollows,
  remade: (context) => partsRemade("primaryKey", context),
  implied: (all) => unsaidParts("primaryKey", all),
  change: {
    columns: () => "replace",
    include: () => "replace",
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
            member: describePrimaryKey(o, saidName(o, describe), describe.comment(o.id)),
          },
};

export const declarePrimaryKey: DeclareMember<"primaryKey"> = (m, table, declare) => {
  const { schema, name } = table.table;
  const id = {
    kind: "primaryKey",
    schema,
    table: name,
    name: m.name ? declare.name(m.name) : declare.freeName(schema, name, null, "pkey", "relation"),
  } as const;
  declare.add(
    {
      id,
      attributes: declareUniqueKey(m, table, declare),
      needs: [],
      ...(m.name ? {} : { implicitName: true as const }),
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
};
