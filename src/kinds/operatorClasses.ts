/** Operator classes. Nothing of one can be changed; what belongs to its family is the family's. */
import type { DbObject } from "../model/objects.ts";
import { problem } from "../problems.ts";
import { qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { address, ofExtension, text, truth, made } from "./parts/catalog.ts";
import { describeName } from "./parts/keys.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import {
  declareMembers,
  describeMembers,
  isLoose,
  memberColumns,
  memberNeeds,
  type Members,
  memberText,
  methodNeeds,
  methodText,
  readMembers,
} from "./parts/operatorClasses.ts";
import { typeIds } from "./parts/typeIds.ts";
import { describeType, plainType, typeText } from "./parts/types.ts";
import type { DeclareForm, Room } from "./room.ts";

const self = (o: DbObject<"operatorClass">): string => `operator class ${qualified(o.id)}`;

export const operatorClasses: Room<"operatorClass"> = {
  kind: "operatorClass",
  owner: () => null,
  needs: (o) => [
    ...inSchema(o.id.schema),
    ...typeIds(o.attributes.type),
    ...(o.attributes.storage === null ? [] : typeIds(o.attributes.storage)),
    ...(o.attributes.family.schema === "pg_catalog"
      ? []
      : [{ kind: "operatorFamily", ...o.attributes.family, method: o.id.method } as const]),
    ...methodNeeds(o.id.method),
    ...memberNeeds(o.attributes),
  ],
  // The default one of a type is used without a word.
  provides: "itself",
  occupies: (o) => [`${self(o)}${methodText(o.id.method)}`],
  evaluates: () => true,
  observe: {
    there: made("pg_opclass"),
    sql: (schemas) => `
select n.nspname as schema, o.opcname as name, m.amname as method, format_type(o.opcintype, null) as type, o.opcdefault::text as default,
  fn.nspname as family_schema, f.opfname as family, format_type(nullif(o.opckeytype, 0), null) as storage,
  ${memberColumns("pg_opclass", "o.oid")}, ${address("pg_opclass", "o.oid")} as addresses
from pg_opclass o
join pg_namespace n on n.oid = o.opcnamespace
join pg_am m on m.oid = o.opcmethod
join pg_opfamily f on f.oid = o.opcfamily
join pg_namespace fn on fn.oid = f.opfnamespace
where (${schemas}) and not ${ofExtension("pg_opclass", "o.oid")}
order by 1, 2, 3`,
    read: (row) => ({
      id: {
        kind: "operatorClass",
        schema: text(row, "schema"),
        name: text(row, "name"),
        method: text(row, "method"),
      },
      attributes: {
        type: text(row, "type"),
        default: truth(row, "default"),
        family: { schema: text(row, "family_schema"), name: text(row, "family") },
        storage: row["storage"] ?? null,
        ...readMembers(row),
      },
      needs: [],
    }),
  },
  create: (o) => {
    const a = o.attributes;
    const list = [...memberText(a), ...(a.storage === null ? [] : [`storage ${a.storage}`])];
    // One without members says its storage, because something must stand there.
    const items = list.length ? list : [`storage ${a.type}`];
    return [
      action(
        `create ${self(o)}${a.default ? " default" : ""} for type ${a.type}${methodText(o.id.method)} family ${qualified(a.family)} as ${items.join(", ")}`,
      ),
    ];
  },
  drop: (o) => [action(`drop ${self(o)}${methodText(o.id.method)}`)],
  change: {
    type: () => "replace",
    default: () => "replace",
    family: () => "replace",
    storage: () => "replace",
    operators: () => "replace",
    functions: () => "replace",
  },
  describe: (o, describe) => {
    const a = o.attributes;
    return {
      at: "file",
      declaration: {
        kind: "operatorDefinition",
        form: "class",
        name: ownNode(o.id.name),
        was: null,
        type: describeType(a.type),
        method: nameNode(o.id.method),
        default: a.default,
        family: a.family.schema === o.id.schema ? ownNode(a.family.name) : describeName(a.family),
        items: [
          ...describeMembers(a, a.type, o.id.schema),
          ...(a.storage === null ? [] : [{ is: "storage", type: describeType(a.storage), span: nowhere } as const]),
        ],
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

export const declareOperatorClass: DeclareForm<"operatorDefinition", "class"> = (d, declare) => {
  const own = declare.own(d.name);
  const method = declare.name(d.method);
  const id = { kind: "operatorClass", ...own, method } as const;
  const input = declare.type(d.type, "routine");
  const type = plainType(typeText(input.type));
  const { members, storage, needs } = declareMembers(d.items, type, declare);
  const stored = storage && declare.type(storage, "routine");
  const loose = {
    operators: members.operators.filter((o) =>
      isLoose(method, type, { is: "operator", number: o.number, types: [o.operator.left, o.operator.right] }),
    ),
    functions: members.functions.filter((f) =>
      isLoose(method, type, { is: "function", number: f.number, types: f.types }),
    ),
  };
  const parts = declare.version >= 140000 && (loose.operators.length || loose.functions.length) ? loose : null;
  // Without a family Postgres makes one of the same name.
  const alone = d.family === null && declare.thing("operatorFamily", { ...d.name, schema: null }).schema !== own.schema;
  if (parts && !alone)
    declare.report(
      problem("invalid-option", d.name.span, "Since PostgreSQL 14 the family keeps some of these members.", {
        help: `Write them in the operator family, with their types: ${memberText(parts).join(", ")}`,
      }),
    );
  if (alone)
    declare.add(
      {
        id: { kind: "operatorFamily", ...own, method },
        attributes: parts ?? { operators: [], functions: [] },
        needs: parts ? needs : [],
      },
      d.name.span,
    );
  const kept: Members =
    parts && alone
      ? {
          operators: members.operators.filter((o) => !parts.operators.includes(o)),
          functions: members.functions.filter((f) => !parts.functions.includes(f)),
        }
      : members;
  const family = d.family ? declare.thing("operatorFamily", d.family) : own;
  const storedType = stored && plainType(typeText(stored.type));
  declare.add(
    {
      id,
      attributes: {
        type,
        default: d.default,
        family,
        storage: storedType === type ? null : storedType,
        ...kept,
      },
      needs: [...needs, ...input.needs, ...(stored?.needs ?? [])],
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
