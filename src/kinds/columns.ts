/** Columns of tables. */
import type { ColumnNode, IdentityNode, NotNullNode } from "../../grammar/declarations.ts";
import type { Attributes, DbObject, Id, Identity, NotNull } from "../model/objects.ts";
import { problem } from "../problems.ts";
import { alterColumn } from "./parts/alterColumn.ts";
import { observeColumns, readColumn } from "./parts/columnCatalog.ts";
import { type Column, sequenceType } from "./parts/columnText.ts";
import { createColumn, dropColumn } from "./parts/createColumn.ts";
import { ofItsTable } from "./parts/constraints.ts";
import { adoptForeignPart, declareForeignOptions, describeForeignOptions, isForeign } from "./parts/foreignOptions.ts";
import { keepers, keptHeirs, notNullName, unsaidColumns } from "./parts/inheritance.ts";
import { takesRows } from "./parts/movedTables.ts";
import { checksWithin, isRetyped } from "./parts/boundTypes.ts";
import { columnFollows } from "./parts/columnFollows.ts";
import { goesAlong, handedOver, stuckType } from "./parts/inheritedColumns.ts";
import { stuckNotNull } from "./parts/inheritedNotNull.ts";
import { inlineConstraints } from "./parts/inline.ts";
import { describeName } from "./parts/keys.ts";
import { impliedNames } from "./parts/names.ts";
import { fragmentNode, nameNode, nowhere, qualifiedNode } from "./parts/nodes.ts";
import { declareOptionList, describeOptionList } from "./parts/options.ts";
import { identityFollows } from "./parts/replicaIdentity.ts";
import { rebindColumn } from "./parts/rebindColumn.ts";
import { rowsFollow, rowsHeld } from "./parts/rowTypes.ts";
import { declareOptions, defaultOptions, describeOptions } from "./parts/sequences.ts";
import { isShared, staysBound } from "./parts/stayingBound.ts";
import { storageFollows, usualOf } from "./parts/storage.ts";
import { columnsOfTable, relationName, tableOf } from "./parts/table.ts";
import { collationIds } from "./parts/typeIds.ts";
import { describeType, typeText } from "./parts/types.ts";
import { isInKey, keyOf } from "./parts/partitionKeys.ts";
import { partitionAt, tableName } from "./parts/partitions.ts";
import { name, qualified } from "../sql.ts";
import { differing, fragment, isKind, same } from "../model/database.ts";
import { typedFollows } from "./parts/typedTables.ts";
import type { Around, Context, Declare, DeclareMember, Room } from "./room.ts";

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
    ...(role === "create"
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
    if (!was) return createColumn(o, context);
    return alterColumn(was, o, new Set(differing(was, o)), context).actions;
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
  refuses: (from, to, context) => {
    const t = tableName(from.id);
    const stuck = to && stuckNotNull(from, to, context);
    if (stuck) return `${qualified(t)} keeps the name: ${stuck}`;
    const typed = to && stuckType(from, to, context);
    if (typed) return `${qualified(t)} keeps the type: ${typed}`;
    const held =
      to && isRetyped(from, to, context) && !isForeign(tableOf(from.id), context.from) && rowsHeld(t, context);
    if (held) return `${qualified(t)} keeps the type: ${held}`;
    if (to && endsTooDeep(from, to, context))
      return `heirs of ${qualified(t)} have heirs, and through so many levels Postgres lets no column end being computed`;
    if (to && staysBound(from, to, context) && isShared(from, context))
      return `${qualified(t)} shares it with others, and what is computed by functions or types of one's own cannot end being so before PostgreSQL 15`;
    const [key, kept] = [keyOf(t, context.from), keyOf(t, context.to)];
    if (!key || !kept || !isInKey(from, key)) return null;
    if (
      to &&
      same(from.attributes.type, to.attributes.type) &&
      same(from.attributes.collation, to.attributes.collation)
    )
      return null;
    return `${qualified(t)} is partitioned by its column ${name(from.id.name)}, which Postgres then neither drops nor gives another type`;
  },
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

export const declareColumn: DeclareMember<"column"> = (m, table, declare) => {
  const id = {
    kind: "column",
    schema: table.table.schema,
    table: table.table.name,
    name: declare.name(m.name),
  } as const;
  const { type, needs: typeNeeds, serial } = declare.type(m.type);
  const needs: Id[] = [...typeNeeds];
  const none: ReadonlySet<string> = new Set();
  let initial = m.default && !isNull(m.default.text) ? declare.fragment(m.default) : null;
  if (m.default && initial) needs.push(...declare.uses(m.default, none).needs);
  if (serial) {
    const sequence = declareSerial(id, serial, m, declare);
    initial = fragment(`nextval('${qualified(sequence).replaceAll("'", "''")}'::regclass)`);
    needs.push(sequence);
  }
  const generated = m.generated && {
    expression: declare.fragment(m.generated.expression),
    storage: m.generated.virtual ? ("virtual" as const) : ("stored" as const),
  };
  if (m.generated) {
    const uses = declare.uses(m.generated.expression, new Set(table.columns.keys()));
    needs.push(
      ...columnsOfTable(
        table.table,
        uses.columns.filter((c) => c !== id.name),
      ),
      ...uses.needs,
    );
    if (m.generated.virtual && declare.version < 180000)
      declare.report(
        problem("needs-newer-postgres", m.generated.expression.span, "A virtual generated column needs PostgreSQL 18."),
      );
  }
  const { options, secrets } = declareForeignOptions(m.foreignOptions, declare);
  const said = m.constraints.find((c) => c.kind === "notNull");
  const plain: Pick<Attributes<"column">, "type"> = { type };
  declare.add(
    {
      id,
      attributes: {
        type,
        notNull: said
          ? declareNotNull(said, id, m.inherited, declare)
          : m.nullable
            ? null
            : { name: null, noInherit: false, validated: true },
        default: initial,
        identity: m.identity && declareIdentity(m.identity, id, plain, declare),
        generated,
        collation: declareCollation(m, declare),
        storage: declareStorage(m, declare),
        compression: declareCompression(m, declare),
        statistics: declareStatistics(m, declare),
        options: declareOptionList(m.options),
        foreignOptions: options,
        local: !m.inherited,
      },
      needs,
      ...hintsOf(m, secrets, declare),
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
  if (m.storage || m.collation) declare.afterwards(0, () => withoutUsual(id, m, declare));
};

/** To say what the type brings along is to say nothing: known when all types are declared. */
function withoutUsual(id: Column["id"], m: ColumnNode, declare: Declare): void {
  declare.amend(id, m.span, (o) => {
    if (!o || !isKind(o, "column")) return o;
    const { type, storage, collation } = o.attributes;
    const usual = usualOf(typeText(type), declare.declared);
    return {
      ...o,
      attributes: {
        ...o.attributes,
        storage: storage === usual.storage ? null : storage,
        collation: same(collation, usual.collation) ? null : collation,
      },
    };
  });
}

/** `default null` is no default to Postgres either. */
const isNull = (text: string): boolean => text.trim().toLowerCase() === "null";

function hintsOf(
  m: ColumnNode,
  secrets: readonly string[],
  declare: Declare,
): Pick<DbObject<"column">, "hints" | "mentions"> {
  const hints = {
    ...(m.was ? { was: m.was.text } : {}),
    ...(secrets.length ? { secrets } : {}),
    ...(m.using ? { using: declare.fragment(m.using) } : {}),
    ...(m.backfill ? { backfill: declare.fragment(m.backfill) } : {}),
  };
  const once = [m.using, m.backfill].flatMap((f) => (f ? declare.uses(f, new Set()).needs : []));
  return { ...(Object.keys(hints).length ? { hints } : {}), ...(once.length ? { mentions: once } : {}) };
}

/** What Postgres makes of `serial`: a sequence of the type, owned by the column. */
function declareSerial(
  column: Column["id"],
  type: "smallint" | "integer" | "bigint",
  m: ColumnNode,
  declare: Declare,
): Id<"sequence"> {
  if (m.default) declare.report(problem("duplicate-clause", m.default.span, "A serial column has a default already."));
  const { schema, table, name } = column;
  const sequence = { schema, name: declare.freeName(schema, table, name, "seq", "relation") };
  const id = { kind: "sequence", ...sequence } as const;
  declare.add({ id, attributes: { ...defaultOptions(type), type, persistence: "permanent" }, needs: [] }, m.type.span);
  declare.add(
    { id: { kind: "sequenceOwner", ...sequence }, attributes: { column: { schema, table, name } }, needs: [] },
    m.type.span,
  );
  return id;
}

function declareIdentity(
  m: IdentityNode,
  id: Column["id"],
  { type }: Pick<Attributes<"column">, "type">,
  declare: Declare,
): Identity {
  const shown = typeText(type);
  const sequence = shown === "smallint" || shown === "integer" ? shown : "bigint";
  const name = m.sequenceName && declare.own(m.sequenceName);
  const usual = name && name.schema === id.schema && name.name === impliedNames.sequence(id.table, id.name);
  return { generation: m.generation, options: declareOptions(m.options, sequence), name: usual ? null : name };
}

function declareNotNull(m: NotNullNode, id: Column["id"], inherited: boolean, declare: Declare): NotNull {
  const name = m.name && declare.name(m.name);
  // Before 18 the catalog has no rows for it, so there is nothing to name or to inherit.
  if (declare.version < 180000) {
    if (m.notValid)
      declare.report(problem("needs-newer-postgres", m.span, "not null … not valid needs PostgreSQL 18."));
    return { name: null, noInherit: false, validated: true };
  }
  return {
    // A column that parents hand down has their name without saying.
    name: !inherited && name === impliedNames.notNull(id.table, id.name) ? null : name,
    noInherit: m.noInherit,
    validated: !m.notValid,
  };
}

function declareCollation(m: ColumnNode, declare: Declare): Attributes<"column">["collation"] {
  const said = m.collation && declare.collation(m.collation);
  return said && said.schema === "pg_catalog" && said.name === "default" ? null : said;
}

function declareStorage(m: ColumnNode, declare: Declare): Attributes<"column">["storage"] {
  const said = m.storage?.toLowerCase() ?? "default";
  switch (said) {
    case "plain":
    case "external":
    case "extended":
    case "main":
      return said;
    case "default":
      return null;
    default:
      declare.report(
        problem(
          "invalid-option",
          m.span,
          `There is no storage called ${said}: plain, external, extended and main there are.`,
        ),
      );
      return null;
  }
}

function declareCompression(m: ColumnNode, declare: Declare): Attributes<"column">["compression"] {
  const said = m.compression?.toLowerCase() ?? "default";
  switch (said) {
    case "pglz":
    case "lz4":
      if (declare.version < 140000)
        declare.report(problem("needs-newer-postgres", m.span, "compression needs PostgreSQL 14."));
      return said;
    case "default":
      return null;
    default:
      declare.report(
        problem("invalid-option", m.span, `There is no compression called ${said}: pglz and lz4 there are.`),
      );
      return null;
  }
}

function declareStatistics(m: ColumnNode, declare: Declare): number | null {
  if (m.statistics === null || m.statistics === "default") return null;
  const target = Number(m.statistics);
  if (!Number.isInteger(target) || target < -1 || target > 10000)
    declare.report(problem("invalid-option", m.span, "A statistics target is a whole number from 0 to 10000."));
  return target === -1 ? null : target;
}
