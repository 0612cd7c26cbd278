/** Columns of tables. */
import type { ColumnNode } from "../../grammar/declarations.ts";
import { alterColumn } from "./parts/alterColumn.ts";
import { observeColumns, readColumn } from "./parts/columnCatalog.ts";
import { type Column, sequenceType } from "./parts/columnText.ts";
import { createColumn, dropColumn } from "./parts/createColumn.ts";
import { ofItsTable } from "./parts/constraints.ts";
import { adoptForeignPart, describeForeignOptions, isForeign } from "./parts/foreignOptions.ts";
import { keepers, keptHeirs, notNullName, unsaidColumns } from "./parts/inheritance.ts";
import { takesRows } from "./parts/movedTables.ts";
import { checksWithin, isRetyped } from "./parts/boundTypes.ts";
import { columnFollows } from "./parts/columnFollows.ts";
import { goesAlong, handedOver, stuckType } from "./parts/inheritedColumns.ts";
import { inheritedUnder, stuckNotNull, withHeldName } from "./parts/inheritedNotNull.ts";
import { inlineConstraints } from "./parts/inline.ts";
import { cannotConvert } from "./parts/columnTypes.ts";
import { describeName } from "./parts/keys.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import { describeOptionList } from "./parts/options.ts";
import { identityFollows } from "./parts/replicaIdentity.ts";
import { rebindColumn } from "./parts/rebindColumn.ts";
import { rowsFollow, rowsHeld } from "./parts/rowTypes.ts";
import { describeOptions } from "./parts/sequences.ts";
import { isShared, staysBound } from "./parts/stayingBound.ts";
import { storageFollows } from "./parts/storage.ts";
import { relationName, tableOf } from "./parts/table.ts";
import { collationIds } from "./parts/typeIds.ts";
import { describeType, typeText } from "./parts/types.ts";
import { isInKey, keyOf } from "./parts/partitionKeys.ts";
import { partitionAt, tableName } from "./parts/partitions.ts";
import { name, qualified } from "../sql.ts";
import { differing, same } from "../model/database.ts";
import { typedFollows } from "./parts/typedTables.ts";
import type { Around, Context, Room } from "./room.ts";

export const columns: Room<"column"> = {
  kind: "column",
  owner: ofItsTable,
  isInRows: true,
  needs: (o) => [tableOf(o.id), ...collationIds(o.attributes.collation)],
  rowsMoveTo: (o, context) => takesRows({ schema: o.id.schema, name: o.id.table }, context),
  follows: (o, role, context) => [
    ...columnFollows(o, role, context),
    ...typedFollows(o, role),
    ...rowsFollow(o, role, context),
    ...storageFollows(typeText(o.attributes.type), role, context),
    ...identityFollows(o, role, context),
    // A domain gets no check once a column holds it in arrays.
    ...(role === "create" || role === "alter" || role === "after"
      ? checksWithin(typeText(o.attributes.type), context.to).map((id) => ({ id, roles: ["create"] as const }))
      : []),
  ],
  implied: unsaidColumns,
  // A sequence without a name of its own gets one that is free.
  occupies: (o) => (o.attributes.identity?.name ? [relationName(o.attributes.identity.name)] : []),
  evaluates: (o) => o.attributes.generated !== null,
  worksOut: true,
  observe: { sql: observeColumns, read: readColumn },
  // What a parent hands down is never added or dropped, only made as it should be.
  create: (o, context) => {
    const was = handedOver(o, context);
    if (!was) return createColumn(withHeldName(o, context), context);
    return [...inheritedUnder(o, was, context), ...alterColumn(was, o, new Set(differing(was, o)), context).actions];
  },
  drop: (o, context) =>
    goesAlong(o, context)
      ? []
      : [
          dropColumn(
            o,
            context,
            o.attributes.generated
              ? []
              : [{ code: "data-loss", on: o.id, detail: "The column and all its values are dropped." }],
          ),
        ],
  change: {
    type: alterColumn,
    notNull: alterColumn,
    default: alterColumn,
    identity: alterColumn,
    generated: alterColumn,
    collation: alterColumn,
    storage: alterColumn,
    compression: alterColumn,
    statistics: alterColumn,
    options: alterColumn,
    foreignOptions: alterColumn,
    // Where a column comes from changes with the parents and their columns.
    local: alterColumn,
  },
  refuses: (from, to, context) => (to && stuck(from, to, context)) ?? stuckInKey(from, to, context),
  rebind: rebindColumn,
  adopt: (to, from, around) => {
    const { notNull, identity } = to.attributes;
    // A column that was its table's own once stays so; a partition's never is.
    const local =
      to.attributes.local || (from.attributes.local && !(around && partitionAt(tableName(to.id), around.wanted)));
    return {
      ...to,
      attributes: {
        ...to.attributes,
        foreignOptions: adoptForeignPart(to, from),
        local,
        notNull: notNull && notNull.name === null ? { ...notNull, name: keptName(from, local, around) } : notNull,
        identity:
          identity && identity.name === null ? { ...identity, name: from.attributes.identity?.name ?? null } : identity,
      },
    };
  },
  describe: (o, describe) => ({
    at: "member",
    member: describeColumn(o, describe.comment(o.id), inlineConstraints(o.id, describe)),
  }),
};

/** Why a column that stays cannot become what is wanted. */
function stuck(from: Column, to: Column, context: Context): string | null {
  const t = tableName(from.id);
  const notNull = stuckNotNull(from, to, context);
  if (notNull) return `${qualified(t)} keeps the name: ${notNull}`;
  const type = stuckType(from, to, context);
  if (type) return `${qualified(t)} keeps the type: ${type}`;
  const held = isRetyped(from, to, context) && !isForeign(tableOf(from.id), context.from) && rowsHeld(t, context);
  if (held) return `${qualified(t)} keeps the type: ${held}`;
  const unconverted = cannotConvert(from, to, context);
  if (unconverted) return `${qualified(t)} keeps the type: ${unconverted}`;
  if (endsTooDeep(from, to, context))
    return `heirs of ${qualified(t)} have heirs, and through so many levels Postgres lets no column end being computed`;
  if (staysBound(from, to, context) && isShared(from, context))
    return `${qualified(t)} shares it with others, and what is computed by functions or types of one's own cannot end being so before PostgreSQL 15`;
  return null;
}

/** Why a column of a partition key, which stays the key, can neither go nor get another type. */
function stuckInKey(from: Column, to: Column | null, context: Context): string | null {
  const t = tableName(from.id);
  const [key, kept] = [keyOf(t, context.from), keyOf(t, context.to)];
  if (!key || !kept || !isInKey(from, key)) return null;
  const [is, was] = [to?.attributes, from.attributes];
  if (is && same(was.type, is.type) && same(was.collation, is.collation)) return null;
  return `${qualified(t)} is partitioned by its column ${name(from.id.name)}, which Postgres then neither drops nor gives another type`;
}

/** Postgres ends a column's being computed in a table and its heirs at once, and refuses that where these have heirs themselves. */
const endsTooDeep = (from: Column, to: Column, context: Context): boolean =>
  from.attributes.generated?.storage === "stored" &&
  to.attributes.generated === null &&
  !keepers(from.id, context).length &&
  keptHeirs(from.id, context).some((heir) => keptHeirs(heir, context).length > 0);

/** The name that its not null has and keeps. Which one goes without saying depends on whose the column is. */
function keptName(from: Column, local: boolean, around: Around | undefined): string | null {
  const { notNull, local: was } = from.attributes;
  if (!notNull || notNull.name !== null || local === was || !around || around.version < 180000)
    return notNull?.name ?? null;
  return notNullName(from, around.live);
}

function describeColumn(o: Column, doc: string | null, constraints: ColumnNode["constraints"]): ColumnNode {
  const a = o.attributes;
  return {
    kind: "column",
    name: nameNode(o.id.name),
    was: null,
    inherited: !a.local,
    type: describeType(typeText(a.type)),
    nullable: a.notNull === null,
    default: a.default && fragmentNode(a.default),
    identity: a.identity && {
      generation: a.identity.generation,
      options: describeOptions(a.identity.options, sequenceType(a)),
      sequenceName: a.identity.name && qualifiedNode(a.identity.name),
      span: nowhere,
    },
    generated: a.generated && {
      expression: fragmentNode(a.generated.expression),
      virtual: a.generated.storage === "virtual",
    },
    collation: a.collation && describeName(a.collation),
    storage: a.storage,
    compression: a.compression,
    statistics: a.statistics === null ? null : String(a.statistics),
    options: describeOptionList(a.options),
    foreignOptions: describeForeignOptions(a.foreignOptions, `${o.id.table} ${o.id.name}`),
    using: null,
    backfill: null,
    constraints,
    doc,
    span: nowhere,
  };
}
