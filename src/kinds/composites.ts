/** Composite types. Attributes come and go in place; one that changes while columns hold the type makes the type anew. */
import type { Attributes, DbObject, Id, QualifiedName } from "../model/objects.ts";
import type { Hazard } from "../model/plan.ts";
import { observed, same } from "../model/database.ts";
import { problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { asideName } from "./parts/aside.ts";
import { cannotBeAnew } from "./parts/boundTypes.ts";
import { addressList, addressText, json, ofExtension, text } from "./parts/catalog.ts";
import { attributeChanges, attributeText, inPlace, isRemade, keepsOrder } from "./parts/composites.ts";
import { pathOf } from "./parts/fragments.ts";
import { describeName, objectName, unlessDefault } from "./parts/keys.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import { rowTypeNames } from "./parts/table.ts";
import { hasTables } from "./parts/typedTables.ts";
import { collationIds, typeIds } from "./parts/typeIds.ts";
import { describeType, typeText } from "./parts/types.ts";
import { isInArrays } from "./parts/users.ts";
import type { Context, DeclareForm, Room } from "./room.ts";

type Composite = DbObject<"composite">;
interface Read {
  readonly name: string;
  readonly type: string;
  readonly collation: QualifiedName | null;
}
const path = (a: Attributes<"composite">): readonly string[] => pathOf(...a.attributes.map((x) => x.type));

const lost = (from: Composite, to: Composite, context: Context): readonly Hazard[] =>
  attributeChanges(from, to, context).dropped.map((a) => ({
    code: "data-loss",
    on: from.id,
    detail: `The attribute ${name(a.name)} is dropped from every value of the type.`,
  }));

export const composites: Room<"composite"> = {
  kind: "composite",
  owner: () => null,
  needs: (o) => [
    ...inSchema(o.id.schema),
    ...o.attributes.attributes.flatMap((a): Id[] => [...typeIds(typeText(a.type)), ...collationIds(a.collation)]),
  ],
  // Postgres keeps it among the relations, too.
  occupies: (o) => rowTypeNames(o.id),
  evaluates: () => false,
  observe: {
    there: "pg_class where relkind = 'c' and oid >= 16384",
    sql: (schemas) => `
select n.nspname as schema, t.typname as name, coalesce((
    select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'collation', case when co.oid is not null then json_build_object('schema', cn.nspname, 'name', co.collname) end) order by a.attnum)
    from pg_attribute a
    join pg_type b on b.oid = a.atttypid
    left join pg_collation co on co.oid = a.attcollation and a.attcollation <> b.typcollation
    left join pg_namespace cn on cn.oid = co.collnamespace
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]')::text as attributes,
  ${addressList(addressText("pg_type", "t.oid"), addressText("pg_class", "c.oid"))} as addresses
from pg_class c
join pg_type t on t.oid = c.reltype
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'c' and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "composite", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        attributes: json<readonly Read[]>(row, "attributes").map((a) => ({ ...a, type: observed(a.type) })),
      },
      needs: [],
    }),
  },
  create: (o) => [
    action(`create type ${qualified(o.id)} as (${o.attributes.attributes.map(attributeText).join(", ")})`, {
      path: path(o.attributes),
    }),
  ],
  drop: (o) => [action(`drop type ${qualified(o.id)}`)],
  change: {
    attributes: (from, to, _, context) => {
      if (isRemade(from, to, context)) return "replace";
      const { dropped, retyped, added } = attributeChanges(from, to, context);
      const clauses = [
        ...dropped.map((a) => `drop attribute ${name(a.name)}`),
        ...retyped.map(
          (a) =>
            `alter attribute ${name(a.name)} type ${a.type.sql}${a.collation ? ` collate ${objectName(a.collation)}` : ""}`,
        ),
        ...added.map((a) => `add attribute ${attributeText(a)}`),
      ];
      return {
        actions: clauses.length
          ? [
              action(`alter type ${qualified(to.id)} ${clauses.join(", ")}`, {
                path: path(to.attributes),
                hazards: lost(from, to, context),
              }),
            ]
          : [],
        disturbs: dropped.length || retyped.length ? "expressions" : "nothing",
      };
    },
  },
  refuses: (from, to, context) => to && cannotBeAnew(from.id, context),
  park: (o, to, context) => {
    const aside = asideName(o.id, context);
    const alter = `alter type ${qualified(o.id)}`;
    // Of what stands in arrays the text goes over, which has as many places as the new type then.
    const { dropped, added } = attributeChanges(o, to, context);
    const places = isInArrays(o.id, context.from)
      ? [
          ...dropped.map((a) => `drop attribute ${name(a.name)}`),
          ...added.map((a) => `add attribute ${name(a.name)} text`),
        ]
      : [];
    return {
      aside: [
        ...(places.length ? [action(`${alter} ${places.join(", ")}`)] : []),
        action(`${alter} rename to ${name(aside.name)}`, { hazards: lost(o, to, context) }),
      ],
      drop: [action(`drop type ${qualified(aside)}`)],
      inRows: true,
    };
  },
  adopt: (to, from, around) => {
    const moved = inPlace(to, from);
    return same(moved, to) || (around && !keepsOrder(from, around.live)) ? to : moved;
  },
  // Tables that are bound to it get their columns back as Postgres gives them, last.
  comesBack: (to, from, context) => {
    const moved = inPlace(to, from);
    return same(moved, to) || !hasTables(to.id, context.from) ? to : moved;
  },
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "typeDefinition",
      form: "composite",
      name: ownNode(o.id.name),
      was: null,
      attributes: o.attributes.attributes.map((a) => ({
        name: nameNode(a.name),
        type: describeType(typeText(a.type)),
        collation: a.collation && describeName(a.collation),
        doc: describe.comment({ kind: "typeAttribute", schema: o.id.schema, type: o.id.name, name: a.name }),
        span: nowhere,
      })),
      doc: describe.comment(o.id),
      schema: nameNode(o.id.schema),
      span: nowhere,
    },
  }),
};

export const declareComposite: DeclareForm<"typeDefinition", "composite"> = (d, declare) => {
  const own = declare.own(d.name);
  const id = { kind: "composite", ...own } as const;
  const needs: Id[] = [];
  const attributes = d.attributes.map((a, i) => {
    const type = declare.type(a.type);
    needs.push(...type.needs);
    if (type.serial)
      declare.report(problem("unknown-type", a.type.span, `${a.type.name.text} is for columns of tables only.`));
    if (d.attributes.findIndex((other) => other.name.text === a.name.text) < i)
      declare.report(problem("duplicate-name", a.name.span, `The attribute ${name(a.name.text)} is there twice.`));
    return {
      name: declare.name(a.name),
      type: type.type,
      collation: a.collation && unlessDefault(declare.collation(a.collation)),
    };
  });
  declare.add({ id, attributes: { attributes }, needs, ...(d.was ? { hints: { was: d.was.text } } : {}) }, d.name.span);
  declare.comment(id, d.doc, d.span);
  for (const a of new Map(d.attributes.map((x) => [x.name.text, x])).values()) {
    const attribute = { kind: "typeAttribute", schema: own.schema, type: own.name, name: a.name.text } as const;
    declare.add({ id: attribute, attributes: {}, needs: [] }, a.span);
    declare.comment(attribute, a.doc, a.span);
  }
};
