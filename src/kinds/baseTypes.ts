/** What base types are. Postgres changes little of one, and no values could be carried over into another, so the rest is refused. */
import type { BaseTypeDeclaration } from "../../grammar/declarations.ts";
import type { Attributes, AttributeName, DbObject, FunctionName } from "../model/objects.ts";
import { same } from "../model/database.ts";
import { encode, sameId } from "../model/id.ts";
import type { Action } from "../model/plan.ts";
import { problem } from "../problems.ts";
import { literal, name, qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { type FunctionWord, functionsOf, functionWords, shellId } from "./parts/baseTypes.ts";
import { addressList, addressText, ofExtension, text, truth } from "./parts/catalog.ts";
import { functionJson, functionNeeds, functionText, readFunction } from "./parts/functions.ts";
import { describeName } from "./parts/keys.ts";
import { guardedDrop } from "./parts/guardedDrop.ts";
import { nameNode, nowhere, ownNode, said } from "./parts/nodes.ts";
import { columnsStoredAs, usual } from "./parts/storage.ts";
import { alter, tableOf } from "./parts/table.ts";
import { typeIds } from "./parts/typeIds.ts";
import { describeType, plainType, typeText } from "./parts/types.ts";
import type { Change, DeclareForm, Room } from "./room.ts";

type BaseType = DbObject<"baseType">;
type Definition = Attributes<"baseType">;
const words = Object.entries(functionWords) as [FunctionWord, (typeof functionWords)[FunctionWord]][];

const definition = (a: Definition): string =>
  [
    ...words.flatMap(([key, word]) => (a[key] ? [`${word} = ${functionText(a[key])}`] : [])),
    `internallength = ${a.internalLength ?? "variable"}`,
    ...(a.byValue ? ["passedbyvalue"] : []),
    `alignment = ${a.alignment}`,
    `storage = ${a.storage}`,
    `category = ${literal(a.category)}`,
    ...(a.preferred ? ["preferred = true"] : []),
    ...(a.default === null ? [] : [`default = ${literal(a.default)}`]),
    ...(a.element === null ? [] : [`element = ${a.element}`]),
    `delimiter = ${literal(a.delimiter)}`,
    ...(a.collatable ? ["collatable = true"] : []),
  ].join(", ");

const guard = (o: BaseType): string =>
  guardedDrop(
    o.id,
    functionsOf(o.attributes).filter((f) => f.schema !== "pg_catalog"),
  );

const fixed: Change<"baseType"> = () => quietly();
const set = (o: BaseType, key: FunctionWord, f = o.attributes[key]): Action =>
  action(`alter type ${qualified(o.id)} set (${functionWords[key]} = ${f ? functionText(f) : "none"})`);
const settable =
  (key: FunctionWord): Change<"baseType"> =>
  (_, to) =>
    quietly(set(to, key));
/** What ALTER TYPE … SET takes. */
const inPlace: ReadonlySet<AttributeName<"baseType">> = new Set([
  "receive",
  "send",
  "typmodIn",
  "typmodOut",
  "analyze",
  "subscript",
  "storage",
] as const);

/** Once its values may be stored elsewhere, or compressed, there is no way back to plain. */
const staysStored = (plain: BaseType, other: BaseType): boolean =>
  plain.attributes.storage === "plain" && other.attributes.storage !== "plain";

export const baseTypes: Room<"baseType"> = {
  kind: "baseType",
  owner: () => null,
  needs: (o) => [
    shellId(o.id),
    ...functionNeeds(...functionsOf(o.attributes)),
    ...(o.attributes.element === null ? [] : typeIds(o.attributes.element)),
  ],
  // Whatever is of the type needs its name alone.
  provides: "itself",
  // Where the name stays, what is of the type gets another one before that is nothing but a name.
  follows: ({ id }, role, { from, to }) => {
    const shell = encode(shellId(id));
    if (role !== "drop" || !to.has(shell)) return [];
    const isOf = (x: DbObject): boolean => x.id.kind !== "function" && x.needs.some((n) => encode(n) === shell);
    return [...from.values()].flatMap((x) => (isOf(x) ? [{ id: x.id, roles: ["alter", "drop"] as const }] : []));
  },
  occupies: () => [],
  evaluates: () => false,
  refuses: (from, to) => {
    if (to === null) return null;
    if (staysStored(to, from))
      return `values of the base type ${qualified(to.id)} may be stored elsewhere or compressed, so Postgres makes none of it plain`;
    const changed = (Object.keys(from.attributes) as AttributeName<"baseType">[]).find(
      (key) => !inPlace.has(key) && !same(from.attributes[key], to.attributes[key]),
    );
    return changed === undefined
      ? null
      : `what the base type ${qualified(to.id)} is (${changed}) is settled when it is made; make another type, and move the values`;
  },
  letsGo: (from, to, need) => {
    const on = (o: BaseType): readonly FunctionWord[] =>
      (Object.keys(functionWords) as FunctionWord[]).filter((key) =>
        functionNeeds(o.attributes[key]).some((id) => sameId(id, need)),
      );
    const words = on(from);
    if (!words.length || !words.every((key) => inPlace.has(key))) return null;
    // What is another one's from now on is changed with the type.
    const back = on(to).filter((key) => words.includes(key));
    return { before: back.map((key) => set(from, key, null)), after: back.map((key) => set(to, key)) };
  },
  comesBack: (to, from) =>
    staysStored(to, from) ? { ...to, attributes: { ...to.attributes, storage: from.attributes.storage } } : to,
  observe: {
    there: "pg_type where typtype = 'b' and typinput <> 'array_in'::regproc and oid >= 16384",
    sql: (schemas, version) => `
select n.nspname as schema, t.typname as name,
  ${functionJson("t.typinput")} as input, ${functionJson("t.typoutput")} as output, ${functionJson("t.typreceive")} as receive,
  ${functionJson("t.typsend")} as send, ${functionJson("t.typmodin")} as typmod_in, ${functionJson("t.typmodout")} as typmod_out,
  ${functionJson("t.typanalyze")} as analyze, ${version >= 140000 ? functionJson("t.typsubscript") : "null"} as subscript,
  nullif(t.typlen, -1)::text as length, t.typbyval::text as by_value,
  case t.typalign when 'c' then 'char' when 's' then 'int2' when 'i' then 'int4' else 'double' end as alignment,
  case t.typstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end as storage,
  t.typcategory::text as category, t.typispreferred::text as preferred, t.typdefault as "default",
  case when t.typelem <> 0 then format_type(t.typelem, null) end as element, t.typdelim::text as delimiter,
  (t.typcollation <> 0)::text as collatable,
  ${addressList(addressText("pg_type", "t.oid"), addressText("pg_type", "nullif(t.typarray, 0)"))} as addresses
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'b' and t.typinput <> 'array_in'::regproc and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
order by 1, 2`,
    read: (row) => {
      const length = row["length"] ?? null;
      return {
        id: { kind: "baseType", schema: text(row, "schema"), name: text(row, "name") },
        attributes: {
          input: readFunction(text(row, "input"))!,
          output: readFunction(text(row, "output"))!,
          receive: readFunction(row["receive"]),
          send: readFunction(row["send"]),
          typmodIn: readFunction(row["typmod_in"]),
          typmodOut: readFunction(row["typmod_out"]),
          analyze: readFunction(row["analyze"]),
          subscript: readFunction(row["subscript"]),
          internalLength: length === null ? null : Number(length),
          byValue: truth(row, "by_value"),
          alignment: text(row, "alignment") as Definition["alignment"],
          storage: text(row, "storage") as Definition["storage"],
          category: text(row, "category"),
          preferred: truth(row, "preferred"),
          default: row["default"] ?? null,
          element: row["element"] ?? null,
          delimiter: text(row, "delimiter"),
          collatable: truth(row, "collatable"),
        },
        needs: [],
      };
    },
  },
  create: (o) => [action(`create type ${qualified(o.id)} (${definition(o.attributes)})`)],
  // A name that stays goes along all the same, and comes back.
  drop: (o, context) => [
    action(guard(o)),
    action(`drop type ${qualified(o.id)} cascade`),
    ...(context.to.has(encode(shellId(o.id))) ? [action(`create type ${qualified(o.id)}`)] : []),
  ],
  change: {
    input: fixed,
    output: fixed,
    receive: settable("receive"),
    send: settable("send"),
    typmodIn: settable("typmodIn"),
    typmodOut: settable("typmodOut"),
    analyze: settable("analyze"),
    subscript: settable("subscript"),
    internalLength: fixed,
    byValue: fixed,
    alignment: fixed,
    // Columns that are there keep the storage that they were made with.
    storage: (from, to, _, context) =>
      quietly(
        action(`alter type ${qualified(to.id)} set (storage = ${to.attributes.storage})`, {
          hazards: staysStored(from, to)
            ? [
                {
                  code: "irreversible",
                  on: to.id,
                  detail: `The way back leaves its storage ${to.attributes.storage}: Postgres makes no type plain again.`,
                },
              ]
            : [],
        }),
        ...columnsStoredAs(to.id, context.from, context.to).map((c) =>
          alter(tableOf(c.id), `alter column ${name(c.id.name)} set storage ${usual(c, context)}`, context, {
            only: true,
          }),
        ),
      ),
    category: fixed,
    preferred: fixed,
    default: fixed,
    element: fixed,
    delimiter: fixed,
    collatable: fixed,
  },
  describe: (o, describe) => {
    const a = o.attributes;
    const named = (f: FunctionName | null) => said(f && describeName(f));
    return {
      at: "file",
      declaration: {
        kind: "typeDefinition",
        form: "base",
        name: ownNode(o.id.name),
        was: null,
        properties: {
          input: named(a.input),
          output: named(a.output),
          receive: named(a.receive),
          send: named(a.send),
          typmod_in: named(a.typmodIn),
          typmod_out: named(a.typmodOut),
          analyze: named(a.analyze),
          subscript: named(a.subscript),
          internallength: said(a.internalLength === null ? null : String(a.internalLength)),
          passedbyvalue: said(a.byValue || null),
          alignment: said(a.alignment === unsaid.alignment ? null : a.alignment),
          storage: said(a.storage === unsaid.storage ? null : a.storage),
          category: said(a.category === unsaid.category ? null : a.category),
          preferred: said(a.preferred || null),
          default: said(a.default),
          element: said(a.element === null ? null : describeType(a.element)),
          delimiter: said(a.delimiter === unsaid.delimiter ? null : a.delimiter),
          collatable: said(a.collatable || null),
        },
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

/** Postgres's choice where nothing is said. */
const unsaid = { alignment: "int4", storage: "plain", category: "U", delimiter: "," } as const;
const alignments = ["char", "int2", "int4", "double"] as const;
const storages = ["plain", "extended", "external", "main"] as const;

/** `type complex base { … }` is a name and what it stands for; `type complex shell` is the name alone. */
export const declareBase: DeclareForm<"typeDefinition", "base"> = (d, declare) => {
  const own = declare.own(d.name);
  const shell = shellId(own);
  declare.add({ id: shell, attributes: {}, needs: [] }, d.name.span);
  const p = d.properties;
  if (p === null) return declare.comment(shell, d.doc, d.span);
  const id = { kind: "baseType", ...own } as const;
  declare.comment(id, d.doc, d.span);
  if (!p.input || !p.output) {
    declare.report(
      problem("invalid-option", d.name.span, `The base type ${qualified(own)} needs \`input\` and \`output\`.`),
    );
    return;
  }
  const self = qualified(own);
  /** Of functions that may take one of several lists, the one that is declared. */
  const support = (f: Named, ...lists: readonly (readonly string[])[]): FunctionName => {
    const found = declare.functionNamed(f.value);
    const ids = found.needs.flatMap((n) => (n.kind === "function" ? [n.arguments.join()] : []));
    return { ...found.name, arguments: lists.find((list) => ids.includes(list.join())) ?? lists[0]! };
  };
  const oneOf = <T extends string>(
    value: { readonly value: string; readonly span: typeof d.span } | null,
    all: readonly T[],
    otherwise: T,
  ): T => {
    if (value === null) return otherwise;
    const found = all.find((x) => x === value.value);
    if (found === undefined)
      declare.report(problem("invalid-option", value.span, `Expected ${all.join(", ")}, found ${value.value}.`));
    return found ?? otherwise;
  };
  const element = p.element && declare.type(p.element.value);
  if (p.subscript && declare.version < 140000)
    declare.report(problem("needs-newer-postgres", p.subscript.span, "A type with subscript needs PostgreSQL 14."));
  const attributes: Definition = {
    input: support(p.input, ["cstring"], ["cstring", "oid", "integer"]),
    output: support(p.output, [self]),
    receive: p.receive && support(p.receive, ["internal"], ["internal", "oid", "integer"]),
    send: p.send && support(p.send, [self]),
    typmodIn: p.typmod_in && support(p.typmod_in, ["cstring[]"]),
    typmodOut: p.typmod_out && support(p.typmod_out, ["integer"]),
    analyze: p.analyze && support(p.analyze, ["internal"]),
    subscript: p.subscript && support(p.subscript, ["internal"]),
    internalLength: p.internallength && Number(p.internallength.value),
    byValue: p.passedbyvalue !== null,
    alignment: oneOf(p.alignment, alignments, unsaid.alignment),
    storage: oneOf(p.storage, storages, unsaid.storage),
    category: p.category?.value ?? unsaid.category,
    preferred: p.preferred !== null,
    default: p.default?.value ?? null,
    element: element && plainType(typeText(element.type)),
    delimiter: p.delimiter?.value ?? unsaid.delimiter,
    collatable: p.collatable !== null,
  };
  declare.add({ id, attributes, needs: [] }, d.name.span);
};
type Named = NonNullable<NonNullable<BaseTypeDeclaration["properties"]>["input"]>;
