/** Range types with their multiranges. Nothing of one can be changed, so every change makes it anew. */
import type { Attributes, DbObject, QualifiedName } from "../model/objects.ts";
import type { RangeDeclaration } from "../../grammar/declarations.ts";
import { observed, same } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { problem } from "../problems.ts";
import { name, qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { asideName } from "./parts/aside.ts";
import { isMadeOfFunction, shellId } from "./parts/baseTypes.ts";
import { cannotBeAnew } from "./parts/boundTypes.ts";
import { addressList, addressText, ofExtension, text } from "./parts/catalog.ts";
import { pathOf } from "./parts/fragments.ts";
import { functionJson, functionNeeds, functionText, readFunction } from "./parts/functions.ts";
import { guardedDrop } from "./parts/guardedDrop.ts";
import { describeName, isUsualClass, objectName, unlessDefault } from "./parts/keys.ts";
import { multirangeName } from "./parts/names.ts";
import { nameNode, nowhere, ownNode, said } from "./parts/nodes.ts";
import { collationIds, operatorClassIds, typeIds } from "./parts/typeIds.ts";
import { describeType, plainType, typeText } from "./parts/types.ts";
import type { DeclareForm, Room } from "./room.ts";

const definition = (a: Attributes<"range">, multirange: QualifiedName | null): string =>
  [
    `subtype = ${a.subtype.sql}`,
    ...(a.operatorClass ? [`subtype_opclass = ${objectName(a.operatorClass)}`] : []),
    ...(a.collation ? [`collation = ${objectName(a.collation)}`] : []),
    ...(a.canonical ? [`canonical = ${functionText(a.canonical)}`] : []),
    ...(a.subtypeDiff ? [`subtype_diff = ${functionText(a.subtypeDiff)}`] : []),
    ...(multirange ? [`multirange_type_name = ${qualified(multirange)}`] : []),
  ].join(", ");

/** The multirange where its name is another than Postgres would make up. */
const saidMultirange = (o: DbObject<"range">): QualifiedName | null => {
  const { multirange } = o.attributes;
  return multirange && (multirange.schema !== o.id.schema || multirange.name !== multirangeName(o.id.name))
    ? multirange
    : null;
};

export const ranges: Room<"range"> = {
  kind: "range",
  owner: () => null,
  needs: (o) => [
    ...inSchema(o.id.schema),
    ...(o.attributes.multirange ? inSchema(o.attributes.multirange.schema) : []),
    ...typeIds(typeText(o.attributes.subtype)),
    ...collationIds(o.attributes.collation),
    ...operatorClassIds("btree", o.attributes.operatorClass),
    ...(isMadeOfFunction(o) ? [shellId(o.id)] : []),
    ...functionNeeds(o.attributes.canonical, o.attributes.subtypeDiff),
  ],
  occupies: (o) => [
    ...(isMadeOfFunction(o) ? [] : [`type ${qualified(o.id)}`]),
    ...(o.attributes.multirange ? [`type ${qualified(o.attributes.multirange)}`] : []),
  ],
  evaluates: () => true,
  observe: {
    there: "pg_type where typtype = 'r' and oid >= 16384",
    sql: (schemas, version) => `
select n.nspname as schema, t.typname as name, format_type(r.rngsubtype, null) as subtype, r.rngsubtype::text as subtype_oid,
  r.rngsubopc::text as operator_class, case when r.rngcollation <> s.typcollation then r.rngcollation::text end as collation,
  ${functionJson("r.rngcanonical")} as canonical, ${functionJson("r.rngsubdiff")} as subtype_diff,
  ${version >= 140000 ? "mn.nspname" : "null"} as multirange_schema, ${version >= 140000 ? "m.typname" : "null"} as multirange,
  ${addressList(addressText("pg_type", "t.oid"), ...(version >= 140000 ? [addressText("pg_type", "m.oid")] : []))} as addresses
from pg_range r
join pg_type t on t.oid = r.rngtypid
join pg_namespace n on n.oid = t.typnamespace
join pg_type s on s.oid = r.rngsubtype
${version >= 140000 ? "left join pg_type m on m.oid = r.rngmultitypid left join pg_namespace mn on mn.oid = m.typnamespace" : ""}
where (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
order by 1, 2`,
    read: (row, _, names) => {
      const operatorClass = names.operatorClass(text(row, "operator_class"));
      const collation = row["collation"] ?? null;
      const multirange = row["multirange"] ?? null;
      return {
        id: { kind: "range", schema: text(row, "schema"), name: text(row, "name") },
        attributes: {
          subtype: observed(text(row, "subtype")),
          operatorClass: operatorClass.isUsual(text(row, "subtype_oid")) ? null : operatorClass.name,
          collation: collation === null ? null : names.collation(collation),
          canonical: readFunction(row["canonical"]),
          subtypeDiff: readFunction(row["subtype_diff"]),
          multirange: multirange === null ? null : { schema: text(row, "multirange_schema"), name: multirange },
        },
        needs: [],
      };
    },
  },
  create: (o) => [
    action(`create type ${qualified(o.id)} as range (${definition(o.attributes, saidMultirange(o))})`, {
      path: pathOf(o.attributes.subtype),
    }),
  ],
  drop: (o) =>
    isMadeOfFunction(o)
      ? [
          action(guardedDrop(o.id, [o.attributes.canonical!], o.attributes.multirange ?? undefined)),
          action(`drop type ${qualified(o.id)} cascade`),
        ]
      : [action(`drop type ${qualified(o.id)}`)],
  change: {
    subtype: () => "replace",
    operatorClass: () => "replace",
    collation: () => "replace",
    canonical: () => "replace",
    subtypeDiff: () => "replace",
    multirange: () => "replace",
  },
  refuses: (from, to, context) => {
    if (!to) return null;
    if ([from, to].some(isMadeOfFunction) && !same(from.attributes, to.attributes))
      return `the range ${qualified(to.id)} and the function that makes its values usual hold each other; make another type, and move the values`;
    return cannotBeAnew(from.id, context);
  },
  // The functions that make values have the type's name, and are renamed with it.
  // Like a function it goes aside before its subtype does, which has its own name still.
  park: (o, _, context) => {
    const aside = asideName(o.id, context);
    const { multirange, subtype } = o.attributes;
    const bound = typeText(subtype);
    const renamed = (what: string, to: string) => action(`alter ${what} rename to ${name(to)}`);
    const makers = (own: QualifiedName, to: string, ...parameters: readonly string[]) =>
      parameters.map((list) => renamed(`function ${qualified(own)}(${list})`, to));
    const multirangeAside = multirange && asideName(multirange, context);
    return {
      aside: [
        renamed(`type ${qualified(o.id)}`, aside.name),
        ...makers(o.id, aside.name, `${bound}, ${bound}`, `${bound}, ${bound}, text`),
        ...(multirange && multirangeAside
          ? [
              renamed(`type ${qualified(multirange)}`, multirangeAside.name),
              ...makers(multirange, multirangeAside.name, "", qualified(aside), `variadic ${qualified(aside)}[]`),
            ]
          : []),
      ],
      drop: [action(`drop type ${qualified(aside)}`)],
      inRows: true,
    };
  },
  describe: (o, describe) => {
    const a = o.attributes;
    return {
      at: "file",
      declaration: {
        kind: "typeDefinition",
        form: "range",
        name: ownNode(o.id.name),
        was: null,
        subtype: describeType(typeText(a.subtype)),
        properties: {
          "operator class": said(a.operatorClass && describeName(a.operatorClass)),
          collation: said(a.collation && describeName(a.collation)),
          canonical: said(a.canonical && describeName(a.canonical)),
          subtype_diff: said(a.subtypeDiff && describeName(a.subtypeDiff)),
          multirange: said(describeMultirange(o)),
        },
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

function describeMultirange(o: DbObject<"range">): RangeDeclaration["name"] | null {
  const multirange = saidMultirange(o);
  if (!multirange) return null;
  return multirange.schema === o.id.schema ? ownNode(multirange.name) : describeName(multirange);
}

export const declareRange: DeclareForm<"typeDefinition", "range"> = (d, declare) => {
  const own = declare.own(d.name);
  const id = { kind: "range", ...own } as const;
  const said = d.properties;
  const subtype = declare.type(d.subtype);
  if (subtype.serial || d.subtype.modifiers.length)
    declare.report(problem("unknown-type", d.subtype.span, "The subtype of a range is a type without modifiers."));
  if (said.multirange && declare.version < 140000)
    declare.report(problem("needs-newer-postgres", said.multirange.span, "multiranges need PostgreSQL 14."));
  const operatorClass = said["operator class"] && declare.operatorClass(said["operator class"].value);
  const plain = plainType(typeText(subtype.type));
  const support = (
    f: { readonly value: RangeDeclaration["name"] } | null,
    ...parameters: readonly string[]
  ): Attributes<"range">["canonical"] => f && { ...declare.functionNamed(f.value).name, arguments: parameters };
  const canonical = support(said.canonical, qualified(own));
  if (canonical && canonical.schema !== "pg_catalog") {
    // The function takes the type's name, which is there before what the type is.
    const shell = shellId(own);
    declare.add({ id: shell, attributes: {}, needs: [] }, d.name.span);
    declare.afterwards(1, () => {
      const f = { kind: "function", ...canonical } as const;
      if (declare.declared(f))
        declare.amend(
          f,
          d.name.span,
          (old) => old && { ...old, needs: [...old.needs.filter((n) => encode(n) !== encode(id)), shell] },
        );
    });
  }
  declare.add(
    {
      id,
      attributes: {
        // A type without its modifiers is spelled otherwise than a column's.
        subtype: subtype.type.canonical === null ? subtype.type : { ...subtype.type, sql: plain, canonical: plain },
        operatorClass: operatorClass && isUsualClass(operatorClass, "btree") ? null : operatorClass,
        collation: said.collation && unlessDefault(declare.collation(said.collation.value)),
        canonical,
        subtypeDiff: support(said.subtype_diff, plain, plain),
        multirange:
          declare.version < 140000
            ? null
            : said.multirange
              ? declare.own(said.multirange.value)
              : { schema: own.schema, name: multirangeName(own.name) },
      },
      needs: subtype.needs,
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
