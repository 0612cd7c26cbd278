/** What a column's line in the text declares. */
import type { ColumnNode, IdentityNode, NotNullNode } from "../../../grammar/declarations.ts";
import type { FragmentNode } from "../../../grammar/nodes.ts";
import type { Attributes, DbObject, Fragment, Id, Identity, NotNull } from "../../model/objects.ts";
import { problem } from "../../problems.ts";
import { fragment, isKind, same } from "../../model/database.ts";
import { literal, name as quoted, qualified } from "../../sql.ts";
import type { Declare, DeclareMember, InTable } from "../room.ts";
import type { Column } from "./columnText.ts";
import { refuseStrangeLabel } from "./defaults.ts";
import { declareForeignOptions } from "./foreignOptions.ts";
import { notNullName, withoutName } from "./inheritance.ts";
import { impliedNames } from "./names.ts";
import { declareOptionList } from "./options.ts";
import { systemColumns } from "./queryColumns.ts";
import { declareOptions, defaultOptions } from "./sequences.ts";
import { usualOf } from "./storage.ts";
import { columnsOfTable } from "./table.ts";
import { typeText } from "./types.ts";

export const declareColumn: DeclareMember<"column"> = (m, table, declare) => {
  const id = {
    kind: "column",
    schema: table.table.schema,
    table: table.table.name,
    name: declare.name(m.name),
  } as const;
  const typed = declare.type(m.type);
  const { type, needs: typeNeeds } = typed;
  refuseOwnName(m, declare);
  refuseLike(m, typeNeeds, declare);
  refuseTwoValues(m, typed, declare);
  const initial = declareDefault(id, typed, m, declare);
  const generated = declareGenerated(id, m, table, declare);
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
        default: initial.default,
        identity: m.identity && declareIdentity(m.identity, id, plain, declare),
        generated: generated.generated,
        collation: declareCollation(m, declare),
        storage: declareStorage(m, declare),
        compression: declareCompression(m, declare),
        statistics: declareStatistics(m, declare),
        options: declareOptionList(m.options),
        foreignOptions: options,
        local: !m.inherited,
      },
      needs: [...typeNeeds, ...initial.needs, ...generated.needs],
      ...hintsOf(id, m, secrets, declare),
    },
    m.span,
  );
  declare.comment(id, m.doc, m.span);
  if (m.storage || m.collation) declare.afterwards(0, () => withoutUsual(id, m, declare));
  if (said?.name && declare.version >= 180000) declare.afterwards(6, () => withoutParentsName(id, m, declare));
};

/** Every table has columns of Postgres's own. */
function refuseOwnName({ name }: ColumnNode, declare: Declare): void {
  if (systemColumns.has(name.text))
    declare.report(
      problem("duplicate-name", name.span, `Every table has a column ${name.text} of Postgres's own.`, {
        help: "Call yours otherwise.",
      }),
    );
}

/** In CREATE TABLE, `like` takes over another table's columns. */
function refuseLike({ name, type, span }: ColumnNode, typeNeeds: readonly Id[], declare: Declare): void {
  if (name.text !== "like" || name.quoted || !typeNeeds.some((n) => n.kind === "table")) return;
  const message = `A table does not take over the columns of ${quoted(type.name.text)} by \`like\`.`;
  const help = 'What tables share stands in a mixin, which they take `with`. A column of this name is written "like".';
  declare.report(problem("misplaced-member", span, message, { help }));
}

/** A column's value comes from one place, and an identity's is a whole number. */
function refuseTwoValues(m: ColumnNode, { type, serial, needs }: ReturnType<Declare["type"]>, declare: Declare): void {
  const { default: initial, identity, generated } = m;
  const clauses = [
    ...(serial ? [{ is: "serial, which is a default", span: m.type.span }] : []),
    ...(saidDefault(m, needs) ? [{ is: "a default", span: initial!.span }] : []),
    ...(identity ? [{ is: "an identity", span: identity.span }] : []),
    ...(generated ? [{ is: "generated", span: generated.expression.span }] : []),
  ].sort((a, b) => a.span.start - b.span.start);
  const [first, ...others] = clauses;
  for (const { span } of others)
    declare.report(
      problem(
        "duplicate-clause",
        span,
        `A column's value is a default, an identity or generated; this one's is ${first!.is}, already.`,
        { help: "Keep one of the two." },
      ),
    );
  if (!identity) return;
  // Of a primary key's column the same is told there.
  if (m.nullable && !m.constraints.some((c) => c.kind === "primaryKey"))
    declare.report(
      problem(
        "nullable-identity",
        identity.span,
        `The column ${quoted(m.name.text)} is an identity, so it cannot be nullable.`,
        {
          help: "Take the ? away.",
        },
      ),
    );
  if (type.canonical !== null && !wholeNumbers.has(type.canonical))
    declare.report(
      problem("invalid-option", identity.span, `An identity is a smallint, int or bigint, and not ${type.canonical}.`),
    );
}
const wholeNumbers: ReadonlySet<string> = new Set(["smallint", "integer", "bigint"]);

/** The default that is one to Postgres: null is none, but where it overrides a domain's own. */
const saidDefault = (m: ColumnNode, typeNeeds: readonly Id[]): FragmentNode | null =>
  m.default && !(isNull(m.default.text) && !typeNeeds.some((n) => n.kind === "domain")) ? m.default : null;

/** The default, `serial`'s own included, and what it needs. */
function declareDefault(
  id: Column["id"],
  typed: ReturnType<Declare["type"]>,
  m: ColumnNode,
  declare: Declare,
): { readonly default: Attributes<"column">["default"]; readonly needs: readonly Id[] } {
  const { type, serial, needs: typeNeeds } = typed;
  const said = saidDefault(m, typeNeeds);
  const needs = said ? declare.uses(said, new Set()).needs : [];
  if (said) warnOfMoment(said, type, declare);
  if (said) refuseStrangeLabel(said, typed, declare);
  if (!serial) return { default: said && declare.fragment(said), needs };
  const sequence = declareSerial(id, serial, m, declare);
  const next = fragment(`nextval(${literal(qualified(sequence))}::regclass)`);
  return { default: next, needs: [...needs, sequence] };
}

/** By what it is computed, and what that needs. */
function declareGenerated(
  id: Column["id"],
  { generated }: ColumnNode,
  table: InTable,
  declare: Declare,
): { readonly generated: Attributes<"column">["generated"]; readonly needs: readonly Id[] } {
  if (!generated) return { generated: null, needs: [] };
  const { expression, virtual } = generated;
  const uses = declare.uses(expression, new Set(table.columns.keys()));
  if (virtual && declare.version < 180000)
    declare.report(problem("needs-newer-postgres", expression.span, "A virtual generated column needs PostgreSQL 18."));
  const others = uses.columns.filter((c) => c !== id.name);
  const computed = uses.columns.find((c) => table.columns.get(c)?.generated);
  if (computed !== undefined)
    declare.report(
      problem(
        "generated-column",
        expression.span,
        `A generated column is not computed from ${computed === id.name ? "itself" : `another one (${quoted(computed)})`}.`,
        { help: "Write what that is computed from." },
      ),
    );
  return {
    generated: { expression: declare.fragment(expression), storage: virtual ? "virtual" : "stored" },
    needs: [...columnsOfTable(table.table, others), ...uses.needs],
  };
}

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

/** What a person means who writes such a string, of which Postgres keeps the moment in which the default was set. */
const moments: Readonly<Record<string, string>> = {
  now: "now()",
  today: "current_date",
  tomorrow: "current_date + 1",
  yesterday: "current_date - 1",
};
const moment =
  /^(?:(?:date|time|timestamp|timestamptz|timetz)\s+)?'\s*(now|today|tomorrow|yesterday)\s*'(?:::[\w ]+)?$/i;
/** The word of such a text; undefined: it is another. */
export const momentIn = (text: string): string | undefined => moment.exec(text)?.[1];
/** Warns of a default that is another one each time it is set, so that no plan is ever empty. */
export function warnOfMoment(f: FragmentNode, type: Fragment, declare: Declare): void {
  const word = /^(?:date|time)/.test(typeText(type)) ? momentIn(f.text.trim()) : undefined;
  if (word === undefined) return;
  const meant = moments[word.toLowerCase()]!;
  const message = `Postgres keeps the moment in which it sets this default, not ${literal(word)}; every plan sets it anew.`;
  declare.report(problem("constant-moment", f.span, message, { help: `Write (${meant}) for that of each row.` }));
}

/** `default null` is no default to Postgres either. */
const isNull = (text: string): boolean => text.trim().toLowerCase() === "null";

function hintsOf(
  column: Column["id"],
  m: ColumnNode,
  secrets: readonly string[],
  declare: Declare,
): Pick<DbObject<"column">, "hints" | "mentions"> {
  const once = [m.using, m.backfill].flatMap((f) => (f ? declare.uses(f, new Set(), { then: true }) : []));
  const reads = once.flatMap((u) => readBy(u, column, declare.path));
  const hints = {
    ...(reads.length ? { reads } : {}),
    ...(m.was ? { was: m.was.text } : {}),
    ...(secrets.length ? { secrets } : {}),
    ...(m.using ? { using: declare.fragment(m.using) } : {}),
    ...(m.backfill ? { backfill: declare.fragment(m.backfill) } : {}),
  };
  const mentions = [...once.flatMap((u) => u.needs), ...reads];
  return { ...(Object.keys(hints).length ? { hints } : {}), ...(mentions.length ? { mentions } : {}) };
}

/** Whatever a text in a column's table may read, be it declared or about to go: columns of that table, other tables and their columns. */
function readBy(
  { references, tables }: ReturnType<Declare["uses"]>,
  column: Column["id"],
  path: readonly string[],
): readonly Id[] {
  const names = new Set(references.flat().filter((part) => part !== column.name));
  const own = [...names].map((name) => ({ ...column, name }));
  const others = tables.flatMap(([written, table, , columns]) =>
    (written ? [written] : path).flatMap((schema): Id[] => [
      { kind: "table", schema, name: table },
      ...[...columns, ...names].map((name) => ({ kind: "column" as const, schema, table, name })),
    ]),
  );
  return [...own, ...others];
}

/** What Postgres makes of `serial`: a sequence of the type, owned by the column. */
function declareSerial(
  column: Column["id"],
  type: "smallint" | "integer" | "bigint",
  m: ColumnNode,
  declare: Declare,
): Id<"sequence"> {
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
    for (const [said, what] of [
      [m.noInherit, "no inherit"],
      [m.notValid, "not valid"],
    ] as const)
      if (said) declare.report(problem("needs-newer-postgres", m.span, `not null … ${what} needs PostgreSQL 18.`));
    return { name: null, noInherit: false, validated: true };
  }
  return {
    // A column that parents hand down has their name without saying.
    name: !inherited && name === impliedNames.notNull(id.table, id.name) ? null : name,
    noInherit: m.noInherit,
    validated: !m.notValid,
  };
}

/** The name of a not null that is said although parents hand it down goes without saying. */
function withoutParentsName(id: Column["id"], m: ColumnNode, declare: Declare): void {
  declare.amend(id, m.span, (o) => {
    if (!o || !isKind(o, "column") || !o.attributes.notNull || o.attributes.local) return o;
    const bare = withoutName(o);
    return notNullName(bare, declare.whole()) === o.attributes.notNull.name ? bare : o;
  });
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
