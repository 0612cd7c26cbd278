/** Domains. Default and not null change in place; another type or collation makes the domain anew. */
import type { DomainCheckNode } from "../../grammar/declarations.ts";
import type { Action } from "../model/plan.ts";
import type { DbObject, Fragment } from "../model/objects.ts";
import { isKind, observed, same } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { asideName } from "./parts/aside.ts";
import { cannotBeAnew, domainsRemade } from "./parts/boundTypes.ts";
import { address, ofExtension, text, truth } from "./parts/catalog.ts";
import { pathOf } from "./parts/fragments.ts";
import { warnOfMoment } from "./parts/declareColumn.ts";
import { refuseColumns } from "./parts/defaults.ts";
import { unlessDefault } from "./parts/keys.ts";
import { isHeldByOthers, isHeldInPlan } from "./parts/heldNames.ts";
import { makeObjectName } from "./parts/names.ts";
import { fragmentNode, nameNode, nowhere, ownNode, qualifiedNode } from "./parts/nodes.ts";
import { defaultText, deparsed } from "./parts/text.ts";
import { storageFollows } from "./parts/storage.ts";
import { describeType, typeParts, typeText } from "./parts/types.ts";
import { collationIds, staysType, typeIn } from "./parts/typeIds.ts";
import { isInArrays, tablesUsing } from "./parts/users.ts";
import type { Change, Context, DeclareFile, Room } from "./room.ts";

const usualName = (domain: string): string => makeObjectName(domain, null, "not_null");
const unlessUsual = (domain: string, notNull: string | null): string | null =>
  notNull === usualName(domain) ? null : notNull;

/** The usual name where others of the schema have it: Postgres would number it (PostgreSQL 18). */
const heldName = ({ id }: DbObject<"domain">, context: Context): string | null =>
  context.version >= 180000 && isHeldInPlan(id, usualName(id.name), context) ? usualName(id.name) : null;

const notNull: Change<"domain"> = (from, to, _, context) => {
  const [was, is] = [from.attributes, to.attributes];
  const alter = `alter domain ${qualified(to.id)}`;
  if (!is.notNull) return quietly(...(was.notNull ? [action(`${alter} drop not null`)] : []));
  const [old, wanted] = [was.notNullName ?? usualName(from.id.name), is.notNullName ?? usualName(to.id.name)];
  if (was.notNull)
    return quietly(...(old === wanted ? [] : [action(`${alter} rename constraint ${name(old)} to ${name(wanted)}`)]));
  if (isInArrays(from.id, context.from)) return "replace";
  const scanned: Partial<Action> = { lock: "share", on: tablesUsing(from.id, context.from), cost: "scan" };
  const named = is.notNullName ?? heldName(to, context);
  const how = named === null ? "set not null" : `add constraint ${name(named)} not null`;
  return quietly(
    action(`${alter} ${how}`, {
      ...scanned,
      hazards: [{ code: "may-fail", on: to.id, detail: "A null in any column of this domain refuses it." }],
    }),
  );
};

const setDefault = (o: DbObject<"domain">, value: Fragment | null): Action =>
  action(`alter domain ${qualified(o.id)} ${value ? `set default ${defaultText(value.sql)}` : "drop default"}`, {
    path: pathOf(value),
  });

export const domains: Room<"domain"> = {
  kind: "domain",
  owner: () => null,
  needs: (o) => [...inSchema(o.id.schema), ...collationIds(o.attributes.collation)],
  follows: (o, role, context) => storageFollows(typeText(o.attributes.type), role, context),
  occupies: (o) => [`type ${qualified(o.id)}`],
  evaluates: () => true,
  observe: {
    there: "pg_type where typtype = 'd' and oid >= 16384",
    sql: (schemas) => `
select n.nspname as schema, t.typname as name, format_type(t.typbasetype, t.typtypmod) as type, t.typnotnull::text as not_null,
  (select k.conname::text from pg_constraint k where k.contypid = t.oid and k.contype = 'n') as not_null_name,
  -- Of a base type's own default it has the text alone.
  coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault) || '::' || format_type(t.typbasetype, t.typtypmod)) as default, cn.nspname as collation_schema, co.collname as collation,
  ${address("pg_type", "t.oid")} as addresses
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
join pg_type b on b.oid = t.typbasetype
left join pg_collation co on co.oid = t.typcollation and t.typcollation <> b.typcollation
left join pg_namespace cn on cn.oid = co.collnamespace
where t.typtype = 'd' and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
order by 1, 2`,
    read: (row) => {
      const initial = row["default"] ?? null;
      const collation = row["collation"] ?? null;
      return {
        id: { kind: "domain", schema: text(row, "schema"), name: text(row, "name") },
        attributes: {
          type: observed(text(row, "type")),
          notNull: truth(row, "not_null"),
          notNullName: unlessUsual(text(row, "name"), row["not_null_name"] ?? null),
          default: initial === null ? null : deparsed(initial),
          collation: collation === null ? null : { schema: text(row, "collation_schema"), name: collation },
        },
        needs: [],
      };
    },
  },
  create: (o, context) => {
    const { type, notNull, notNullName, default: initial, collation } = o.attributes;
    // One that is made anew while the old one is still there would get a number at the end of its constraint's name.
    const anew = context.version >= 180000 && context.from.has(encode(o.id));
    const named = notNullName ?? (anew ? usualName(o.id.name) : heldName(o, context));
    const under = typeParts(typeText(type)).array ? null : typeIn(typeText(type), context.to);
    const base = under && context.to.get(encode(under));
    const given = base && (isKind(base, "domain") || isKind(base, "baseType")) ? base.attributes.default : null;
    return [
      action(
        `create domain ${qualified(o.id)} as ${type.sql}` +
          (collation ? ` collate ${qualified(collation)}` : "") +
          (initial ? ` default ${defaultText(initial.sql)}` : "") +
          (notNull ? `${named === null ? "" : ` constraint ${name(named)}`} not null` : ""),
        { path: pathOf(type, initial) },
      ),
      // One over another type takes that one's default unless it has its own.
      ...(!initial && given !== null ? [setDefault(o, null)] : []),
    ];
  },
  drop: (o) => [action(`drop domain ${qualified(o.id)}`)],
  change: {
    type: (from, to, _, context) =>
      staysType(from.attributes.type, to.attributes.type, context) ? quietly() : "replace",
    collation: () => "replace",
    default: (_, to) => quietly(setDefault(to, to.attributes.default)),
    notNull,
    notNullName: notNull,
  },
  // Nothing but its default calls a function.
  letsGo: (from, to, need) => {
    const [was, is] = [from.attributes.default, to.attributes.default];
    if (need.kind !== "function" || !was) return null;
    // One that becomes another is set where that is done.
    return { before: [setDefault(from, null)], after: same(was, is) ? [setDefault(to, is)] : [] };
  },
  adopt: (to, from) =>
    to.attributes.notNull && to.attributes.notNullName === null
      ? { ...to, attributes: { ...to.attributes, notNullName: from.attributes.notNullName } }
      : to,
  // Where columns hold one in arrays, Postgres takes no check back that went with a function.
  remade: domainsRemade,
  refuses: (from, to, context) => to && cannotBeAnew(from.id, context),
  park: (o, _, context) => {
    const aside = asideName(o.id, context);
    return {
      aside: [action(`alter domain ${qualified(o.id)} rename to ${name(aside.name)}`)],
      drop: [action(`drop domain ${qualified(aside)}`)],
      inRows: true,
    };
  },
  describe: (o, describe) => {
    const checks = describe.children(o.id).flatMap((c) => (isKind(c, "domainCheck") ? [c] : []));
    return {
      at: "file",
      declaration: {
        kind: "domain",
        name: ownNode(o.id.name),
        was: null,
        type: describeType(typeText(o.attributes.type)),
        notNull: o.attributes.notNull,
        notNullName: o.attributes.notNullName === null ? null : nameNode(o.attributes.notNullName),
        default: o.attributes.default && fragmentNode(o.attributes.default),
        collation: o.attributes.collation && qualifiedNode(o.attributes.collation),
        checks: checks.map((c, i): DomainCheckNode => ({
          name:
            i === 0 && c.id.name === `${o.id.name}_check` && !isHeldByOthers(c.id, c.id.name, describe.all)
              ? null
              : nameNode(c.id.name),
          expression: fragmentNode(c.attributes.expression),
          notValid: !c.attributes.validated,
          doc: describe.comment(c.id),
          span: nowhere,
        })),
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

export const declareDomain: DeclareFile<"domain"> = (d, declare) => {
  const own = declare.own(d.name);
  const id = { kind: "domain", ...own } as const;
  const { type, needs, serial } = declare.type(d.type);
  if (serial)
    declare.report(problem("unknown-type", d.type.span, `${d.type.name.text} is for columns of tables only.`));
  const initial = d.default && declare.fragment(d.default);
  const none: ReadonlySet<string> = new Set();
  if (d.default) {
    refuseColumns(d.default, declare, d.type);
    warnOfMoment(d.default, type, declare);
  }
  declare.add(
    {
      id,
      attributes: {
        type,
        notNull: d.notNull,
        // Before 18 it is no constraint with a name.
        notNullName:
          d.notNullName && declare.version >= 180000 ? unlessUsual(own.name, declare.name(d.notNullName)) : null,
        default: initial,
        collation: d.collation && unlessDefault(declare.collation(d.collation)),
      },
      needs: [...needs, ...(d.default ? declare.uses(d.default, none).needs : [])],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
  // Names that are said are taken before one is looked for.
  for (const named of [true, false])
    for (const check of d.checks) {
      if ((check.name !== null) !== named) continue;
      const checkId = {
        kind: "domainCheck",
        schema: own.schema,
        domain: own.name,
        name: check.name
          ? declare.name(check.name)
          : declare.freeName(own.schema, own.name, null, "check", "constraint"),
      } as const;
      declare.add(
        {
          id: checkId,
          attributes: { expression: declare.fragment(check.expression), validated: !check.notValid },
          needs: declare.uses(check.expression, new Set(["value"])).needs,
          ...(check.name ? {} : { implicitName: true as const }),
        },
        check.span,
      );
      declare.comment(checkId, check.doc, check.span);
    }
};
