/** Tables themselves: how and where they are stored, and from whom they inherit. What is in them are kinds of their own. */
import type {
  ColumnNode,
  Member,
  NotNullNode,
  PartitionDeclaration,
  PrimaryKeyNode,
  TableDeclaration,
} from "../../grammar/declarations.ts";
import type { Attributes, DbObject, Id, QualifiedName } from "../model/objects.ts";
import type { Action } from "../model/plan.ts";
import { isKind, same } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { nearest, problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { addressList, addressText, modelledTable, text } from "./parts/catalog.ts";
import {
  adoptForeignPart,
  changeOptions,
  createOptions,
  declareForeignOptions,
  describeForeignOptions,
  foreignPart,
  hintsOf,
  readForeignOptions,
} from "./parts/foreignOptions.ts";
import { judgeForeign } from "./parts/foreignTables.ts";
import { cannotMove, moveFollows, moveRows, setTablesAside, takesRows } from "./parts/movedTables.ts";
import { columnAt, columnIdsIn, keptParents, parentColumns } from "./parts/inheritance.ts";
import { tableFollows } from "./parts/columnFollows.ts";
import { pathOf } from "./parts/fragments.ts";
import { declareKeys, describeKeys, keyFragments } from "./parts/keys.ts";
import { refuseColumns } from "./parts/defaults.ts";
import { detachedFirst, lockedWith } from "./parts/detach.ts";
import { boundNode, boundOf, judgeBound } from "./parts/partitionBound.ts";
import { partitionKeyColumns, partitionKeyJoin, partitionKeyText, readPartitionKey } from "./parts/partitionKeys.ts";
import { partitionAt, partitionId } from "./parts/partitions.ts";
import { persistenceFollows } from "./parts/persistence.ts";
import { nameNode, nowhere, ownNode, qualifiedNode } from "./parts/nodes.ts";
import { declareOptionList, describeOptionList, readOptionList, withOptions } from "./parts/options.ts";
import { rowsHeld } from "./parts/rowTypes.ts";
import { alone, alter, isTemporary, rowTypeNames, schemaColumn } from "./parts/table.ts";
import { changeTableOptions, toastFollows, untoasted, withoutToast } from "./parts/tableOptions.ts";
import { declareTyped, describeTyped } from "./parts/typedTables.ts";
import type { Change, Context, DeclareFile, Declare, Followed, InTable, Room } from "./room.ts";

type Table = DbObject<"table">;

const inherits: Change<"table"> = (from, to, _, context) => {
  const [was, is] = [from.attributes.inherits, to.attributes.inherits];
  const kept = keptParents(was, is);
  const parentOf = (p: QualifiedName) => ({ kind: "table", ...p }) as const;
  return {
    // Columns that were a parent's can be dropped only in a later statement.
    actions: was
      .filter((p) => !kept.some((k) => same(k, p)))
      .map((p) => alone(alter(to.id, `no inherit ${qualified(p)}`, context))),
    disturbs: "nothing",
    after: is
      .slice(kept.length)
      .map((p) => alter(to.id, `inherit ${qualified(p)}`, context, { on: [to.id, parentOf(p)] })),
  };
};

/** From 15 on the sequences that a table's columns own follow it; those that are wanted otherwise are put back. */
function ownedSequences(to: DbObject<"table">, context: Context): readonly Action[] {
  if (context.version < 150000) return [];
  const out: Action[] = [];
  for (const o of context.from.values()) {
    if (
      !isKind(o, "sequenceOwner") ||
      o.attributes.column.table !== to.id.name ||
      o.attributes.column.schema !== to.id.schema
    )
      continue;
    const id = { kind: "sequence", schema: o.id.schema, name: o.id.name } as const;
    const wanted = context.to.get(encode(id));
    if (wanted && isKind(wanted, "sequence") && wanted.attributes.persistence !== to.attributes.persistence)
      out.push(
        action(
          `alter sequence ${qualified(id)} set ${wanted.attributes.persistence === "unlogged" ? "unlogged" : "logged"}`,
          {
            lock: "access exclusive",
            on: [id],
          },
        ),
      );
  }
  return out;
}

export const tables: Room<"table"> = {
  kind: "table",
  owner: () => null,
  needs: (o) => [
    ...inSchema(o.id.schema),
    ...o.attributes.inherits.map((p) => ({ kind: "table", ...p }) as const),
    ...(o.attributes.server === null ? [] : [{ kind: "server", name: o.attributes.server } as const]),
  ],
  occupies: (o) => rowTypeNames(o.id),
  evaluates: () => false,
  unnoticed: ["options", "tablespace", "using"],
  follows: (o, role, context) => [
    ...tableFollows(o, role, context),
    ...persistenceFollows(o, role, context),
    ...toastFollows(o, role, context),
    ...(role === "create" ? columnsNeed(o, context) : []),
    ...(role === "after" ? moveFollows(o, context) : []),
  ],
  refuses: (from, to, context) =>
    to && from.attributes.server !== to.attributes.server
      ? "where a table's rows are is settled when it is made; make another table"
      : to && (cannotMove(from, to, context) ?? cannotRewrite(from, to, context)),
  setAside: setTablesAside,
  fill: moveRows,
  rowsMoveTo: (o, context) => takesRows(o.id, context),
  observe: {
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as name, c.relpersistence::text as persistence,
  to_json(c.reloptions)::text as options, to_json(tc.reloptions)::text as toast_options, (tc.oid is not null)::text as toasted, ts.spcname::text as tablespace, am.amname::text as method,
  h.parents, fs.srvname::text as server, array_to_json(ft.ftoptions)::text as foreign_options, ${partitionKeyColumns},
  ${addressList(
    addressText("pg_class", "c.oid"),
    addressText("pg_type", "c.reltype"),
    addressText("pg_type", "nullif(ty.typarray, 0)"),
  )} as addresses
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_type ty on ty.oid = c.reltype
${partitionKeyJoin}
left join pg_foreign_table ft on ft.ftrelid = c.oid
left join pg_foreign_server fs on fs.oid = ft.ftserver
left join pg_am am on am.oid = c.relam
left join pg_class tc on tc.oid = c.reltoastrelid
left join pg_tablespace ts on ts.oid = c.reltablespace
left join (with parents as materialized (
  select h.inhrelid, json_agg(json_build_array(${schemaColumn("pn")}, p.relname) order by h.inhseqno)::text as parents
  from pg_inherits h
  join pg_class p on p.oid = h.inhparent
  join pg_namespace pn on pn.oid = p.relnamespace
  where p.relkind in ('r', 'f')
  group by h.inhrelid
) select * from parents) h on h.inhrelid = c.oid
where ${modelledTable("c")} and (${schemas})
order by 1, 2`,
    read: (row, _, names) => {
      const parents = row["parents"] ?? null;
      return {
        id: { kind: "table", schema: text(row, "schema"), name: text(row, "name") },
        attributes: {
          persistence: row["persistence"] === "u" ? "unlogged" : "permanent",
          options: { ...readOptionList(row["options"]), ...readOptionList(row["toast_options"], "toast.") },
          tablespace: row["tablespace"] ?? null,
          using: row["method"] ?? "heap",
          inherits:
            parents === null
              ? []
              : (JSON.parse(parents) as [string, string][]).map(([schema, name]) => ({ schema, name })),
          partitionBy: readPartitionKey(row, names),
          server: row["server"] ?? null,
          foreignOptions: readForeignOptions(row["foreign_options"]),
        },
        needs: [],
        ...(text(row, "toasted") === "true" ? {} : { facts: untoasted }),
      };
    },
  },
  create: (o) => {
    const a = o.attributes;
    const foreign = createOptions(foreignPart(o));
    const sort =
      a.server !== null ? "foreign " : a.persistence === "unlogged" && !isTemporary(o.id.schema) ? "unlogged " : "";
    const open = `create ${sort}table ${qualified(o.id)} (`;
    const close =
      ")" +
      (a.inherits.length ? ` inherits (${a.inherits.map(qualified).join(", ")})` : "") +
      (a.partitionBy ? ` ${partitionKeyText(a.partitionBy)}` : "") +
      (a.using === "heap" ? "" : ` using ${name(a.using)}`) +
      withOptions(a.options) +
      (a.tablespace === null ? "" : ` tablespace ${name(a.tablespace)}`) +
      (a.server === null ? "" : ` server ${name(a.server)}${foreign.text}`);
    return [
      action(open + close, {
        head: { of: o.id, open, close },
        path: pathOf(...keyFragments(a.partitionBy?.keys ?? [])),
        hazards: foreign.hazards,
        ...(a.inherits.length
          ? { lock: "share update exclusive", on: a.inherits.map((p) => ({ kind: "table", ...p }) as const) }
          : {}),
      }),
    ];
  },
  drop: (o, context) => [
    ...detachedFirst(o.id, context),
    action(`drop ${o.attributes.server === null ? "" : "foreign "}table ${qualified(o.id)}`, {
      lock: "access exclusive",
      on: [o.id, ...lockedWith(o.id, context)],
      hazards:
        o.attributes.server === null && !takesRows(o.id, context)
          ? [{ code: "data-loss", on: o.id, detail: "The table and all its rows are dropped." }]
          : [],
    }),
  ],
  change: {
    persistence: (_, to, __, context) =>
      quietly(
        alone(
          alter(to.id, `set ${to.attributes.persistence === "unlogged" ? "unlogged" : "logged"}`, context, {
            cost: "rewrite",
          }),
        ),
        ...ownedSequences(to, context),
      ),
    options: changeTableOptions,
    tablespace: (_, to, __, context) =>
      quietly(
        alone(
          alter(to.id, `set tablespace ${name(to.attributes.tablespace ?? "pg_default")}`, context, {
            cost: "rewrite",
          }),
        ),
      ),
    using: (_, to, __, context) =>
      quietly(
        alone(
          alter(to.id, `set access method ${name(to.attributes.using)}`, context, {
            cost: "rewrite",
            hazards:
              context.version < 150000
                ? [{ code: "may-fail", on: to.id, detail: "Before PostgreSQL 15 a table keeps its access method." }]
                : [],
          }),
        ),
      ),
    inherits,
    // Such a table is put aside, see there.
    partitionBy: () => quietly(),
    // Refused before anybody asks.
    server: () => quietly(),
    foreignOptions: (from, to, _, context) =>
      quietly(
        ...changeOptions(foreignPart(from), foreignPart(to), "", (sql, more) =>
          alter(to.id, sql.trimStart(), context, more),
        ),
      ),
  },
  adopt: (to, from, around) => {
    const o = withoutToast(to, from, around);
    return { ...o, attributes: { ...o.attributes, foreignOptions: adoptForeignPart(o, from) } };
  },
  // It stays, whatever becomes of what it needs; its own changes say how.
  rebind: () => ({ before: [], after: [] }),
  describe: (o, describe) => {
    const a = o.attributes;
    const parents: readonly Member[] = a.inherits.length
      ? [{ kind: "inherits", parents: a.inherits.map(qualifiedNode), doc: null, span: nowhere }]
      : [];
    const notNulls = describe.children(o.id).flatMap((c) => (isKind(c, "column") ? describeNotNull(c) : []));
    const partition = partitionAt(o.id, describe.all);
    return {
      at: "file",
      declaration: {
        ...(partition
          ? {
              kind: "partition",
              parent: qualifiedNode(partition.attributes.of),
              bound: boundNode(partition.attributes.bound.canonical ?? partition.attributes.bound.sql),
            }
          : { kind: "table", mixins: [], of: describeTyped(o.id, describe.all) }),
        name: ownNode(o.id.name),
        was: null,
        partitionBy: a.partitionBy && {
          strategy: a.partitionBy.strategy,
          keys: describeKeys(a.partitionBy.keys),
          span: nowhere,
        },
        unlogged: a.persistence === "unlogged",
        using: a.using === "heap" ? null : nameNode(a.using),
        options: describeOptionList(a.options),
        tablespace: a.tablespace === null ? null : nameNode(a.tablespace),
        server: a.server === null ? null : nameNode(a.server),
        foreignOptions: describeForeignOptions(a.foreignOptions, o.id.name),
        members: [...parents, ...describe.members(o.id), ...notNulls],
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

/** Why it cannot be stored otherwise, for which Postgres writes all its rows anew. */
const cannotRewrite = (from: Table, to: Table, context: Context): string | null =>
  from.attributes.persistence === to.attributes.persistence && from.attributes.using === to.attributes.using
    ? null
    : rowsHeld(to.id, context);

/** Only a not-null that is not as usual needs a line of its own. */
function describeNotNull(c: DbObject<"column">): readonly NotNullNode[] {
  const n = c.attributes.notNull;
  if (!n || (n.name === null && !n.noInherit && n.validated)) return [];
  return [
    {
      kind: "notNull",
      name: n.name === null ? null : nameNode(n.name),
      column: nameNode(c.id.name),
      noInherit: n.noInherit,
      notValid: !n.validated,
      doc: null,
      span: nowhere,
    },
  ];
}

/**
 * What the columns need comes before a partitioned table, because those of its key must be in it from the start, and before an heir
 * with lines of its own for what it inherits. What needs the table itself can't.
 */
function columnsNeed(o: Table, context: Context): readonly Followed[] {
  if (!o.attributes.partitionBy && !o.attributes.inherits.length) return [];
  const self = encode(o.id);
  const reaches = (id: Id, seen: Set<string>): boolean => {
    const key = encode(id);
    if (key === self) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return (context.to.get(key)?.needs ?? []).some((n) => reaches(n, seen));
  };
  const out: Followed[] = [];
  for (const column of columnIdsIn(o.id, context.to)) {
    const part = columnAt(column, context.to)!;
    if (!o.attributes.partitionBy && (part.implied || !parentColumns(column, context.to).length)) continue;
    for (const need of part.needs)
      if (need.kind !== "column" && !reaches(need, new Set()))
        out.push({ id: need, roles: ["create", "alter", "after"] });
  }
  return out;
}

export const declareTable: DeclareFile<"table"> = (d, declare) => declareAny(d, declare);

export const declarePartition: DeclareFile<"partition"> = (d, declare) => {
  declareAny(d, declare);
  const own = declare.own(d.name);
  const of = declare.table(d.parent);
  const { bound } = d;
  const fragments = bound.kind === "range" ? [bound.from, bound.to] : bound.kind === "list" ? [bound.values] : [];
  const path = fragments.flatMap((f) => declare.fragment(f).path);
  const needs = fragments.flatMap((f) => declare.uses(f, new Set()).needs);
  declare.add(
    { id: partitionId(own), attributes: { of, bound: boundOf(bound, [...new Set(path)]) }, needs },
    d.parent.span,
  );
  declare.afterwards(5, () => judgeBound(bound, own, of, declare));
};

function declareAny(d: TableDeclaration | PartitionDeclaration, declare: Declare): void {
  const own = declare.own(d.name);
  const id = { kind: "table", ...own } as const;
  const parents = d.members.flatMap((m) => (m.kind === "inherits" ? m.parents : []));
  const table: InTable = { table: own, columns: declare.columns(), ...(declare.open ? { open: true } : {}) };
  const key =
    d.partitionBy &&
    declareKeys(d.partitionBy.keys, d.partitionBy.strategy === "hash" ? "hash" : "btree", table, declare);
  if (d.partitionBy?.strategy === "list" && d.partitionBy.keys.length > 1)
    declare.report(problem("syntax", d.partitionBy.span, "A table is partitioned by list of one key only."));
  for (const m of d.members)
    if (m.kind === "exclude" && d.partitionBy && declare.version < 170000)
      declare.report(
        problem("needs-newer-postgres", m.span, "An exclude constraint of a partitioned table needs PostgreSQL 17."),
      );
  const { options, secrets } = declareForeignOptions(d.foreignOptions, declare);
  const attributes: Attributes<"table"> = {
    persistence: d.unlogged ? "unlogged" : "permanent",
    options: declareOptionList(d.options),
    tablespace: d.tablespace ? declare.name(d.tablespace) : null,
    using: d.using?.text ?? "heap",
    inherits: parents.map((p) => declare.table(p)),
    partitionBy: key && { strategy: d.partitionBy!.strategy, keys: key.keys },
    server: d.server && declare.name(d.server),
    foreignOptions: options,
  };
  judgeForeign(d, declare);
  // Its own columns are in it from the start.
  const needs = [
    ...(key?.needs ?? []).filter((n) => n.kind !== "column"),
    ...attributes.inherits.flatMap((p) => declare.extensionsOfTable(p)),
  ];
  declare.add({ id, attributes, needs, ...hintsOf(d.was, secrets) }, d.name.span);
  if (d.kind === "table" && d.of) declareTyped(own, d.of, d.members, declare);
  // A comment written as a member wins over none.
  declare.comment(id, d.doc, d.span);
  for (const m of d.members) if (m.kind === "comment") declare.comment(id, m.text, m.span);
  const members = checkPrimaryKey(withNotNulls(d, table, declare), table, declare);
  // Names that somebody said are taken before one is made up; columns come first, as in CREATE TABLE.
  for (const m of members) {
    if (m.kind !== "column") continue;
    if (m.default) refuseColumns(m.default, declare, m.type);
    declare.member(m, table);
  }
  for (const m of members)
    switch (m.kind) {
      case "column":
        for (const c of m.constraints) if (c.kind !== "notNull") declare.member(c, table);
        break;
      case "inherits":
      case "comment":
      case "notNull":
        break;
      case "primaryKey":
      case "unique":
      case "foreignKey":
      case "check":
      case "exclude":
      case "index":
      case "statistics":
      case "replicaIdentity":
      case "rowSecurity":
      case "policy":
      case "trigger":
      case "rule":
      case "cluster":
        declare.member(m, table);
    }
}

/** `constraint n not null (c)` on a line of its own is said of the column. */
function withNotNulls(d: TableDeclaration | PartitionDeclaration, table: InTable, declare: Declare): readonly Member[] {
  const { members } = d;
  const said = new Map<string, NotNullNode>();
  const own = new Set(members.flatMap((m) => (m.kind === "column" ? [m.name.text] : [])));
  for (const m of members) {
    if (m.kind !== "notNull") continue;
    if (!own.has(m.column.text) && !table.open) {
      const [near, column] = [nearest(m.column.text, own), name(m.column.text)];
      const line = `${d.kind === "table" ? "inherited " : ""}${column} …${m.name ? ` constraint ${name(m.name.text)} not null` : ""}`;
      const help = table.columns.has(m.column.text)
        ? { help: `Write its line, too: ${line}` }
        : near === null
          ? {}
          : { help: `Did you mean ${name(near)}?`, fix: name(near) };
      const message = `The table ${qualified(table.table)} has no column of its own called ${column}.`;
      declare.report(problem("unknown-column", m.column.span, message, help));
    } else if (said.has(m.column.text))
      declare.report(problem("duplicate-clause", m.span, `The column ${name(m.column.text)} is not null already.`));
    said.set(m.column.text, m);
  }
  if (!said.size) return members;
  return members.map((m): Member => {
    const notNull = m.kind === "column" ? said.get(m.name.text) : undefined;
    return m.kind === "column" && notNull ? { ...m, constraints: [...m.constraints, notNull] } : m;
  });
}

/** None of the primary key's columns is nullable, and there is one; a second is reported and left out. */
function checkPrimaryKey(members: readonly Member[], table: InTable, declare: Declare): readonly Member[] {
  let first: PrimaryKeyNode | null = null;
  const check = (key: PrimaryKeyNode, columns: readonly (ColumnNode | undefined)[]): boolean => {
    if (first) {
      declare.report(
        problem("duplicate-clause", key.span, `The table ${qualified(table.table)} has a primary key already.`),
      );
      return false;
    }
    first = key;
    for (const c of columns)
      if (c?.nullable)
        declare.report(
          problem(
            "nullable-primary-key",
            c.span,
            `The column ${name(c.name.text)} is in the primary key, so it cannot be nullable.`,
            { help: "Take the ? away." },
          ),
        );
    return true;
  };
  return members.flatMap((m): Member[] => {
    if (m.kind === "primaryKey")
      return check(
        m,
        m.columns.map((c) => table.columns.get(c.text)),
      )
        ? [m]
        : [];
    if (m.kind !== "column" || !m.constraints.some((c) => c.kind === "primaryKey")) return [m];
    return [{ ...m, constraints: m.constraints.filter((c) => c.kind !== "primaryKey" || check(c, [m])) }];
  });
}
