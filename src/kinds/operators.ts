/** Operators. Estimators change in place, the rest makes the operator anew. */
import type { Attributes, DbObject, FunctionName, QualifiedName } from "../model/objects.ts";
import type { QualifiedNode, SymbolNode, TypeNode } from "../../grammar/nodes.ts";
import { encode } from "../model/id.ts";
import { problem } from "../problems.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { address, json, ofExtension, text, truth, made } from "./parts/catalog.ts";
import { functionJson, functionNeeds, functionText } from "./parts/functions.ts";
import { describeName, objectName } from "./parts/keys.ts";
import { nameNode, nowhere, said } from "./parts/nodes.ts";
import { bareOperator, operands, operatorId, operatorText } from "./parts/operators.ts";
import { typeIds } from "./parts/typeIds.ts";
import { describeType, plainType, typeText } from "./parts/types.ts";
import type { Declare, DeclareForm, Room } from "./room.ts";

type Operator = DbObject<"operator">;
const self = (o: Operator): string => bareOperator(o.id);

/** A shell, of which only the name is known yet, is none. */
const operatorJson = (oid: string): string => `(
  select json_build_object('schema', xn.nspname, 'name', x.oprname)::text from pg_operator x
  join pg_namespace xn on xn.oid = x.oprnamespace where x.oid = ${oid})`;
const nameJson = (oid: string): string => `(
  select json_build_object('schema', xn.nspname, 'name', x.proname)::text from pg_proc x
  join pg_namespace xn on xn.oid = x.pronamespace where x.oid = ${oid})`;
const readName = (value: string | null | undefined): QualifiedName | null =>
  value === null || value === undefined ? null : (JSON.parse(value) as QualifiedName);

const definition = (o: Operator): string => {
  const a = o.attributes;
  return [
    `function = ${functionText(a.function)}`,
    ...(o.id.left === null ? [] : [`leftarg = ${o.id.left}`]),
    ...(o.id.right === null ? [] : [`rightarg = ${o.id.right}`]),
    ...(a.commutator ? [`commutator = ${operatorText(a.commutator)}`] : []),
    ...(a.negator ? [`negator = ${operatorText(a.negator)}`] : []),
    ...(a.restrict ? [`restrict = ${objectName(a.restrict)}`] : []),
    ...(a.join ? [`join = ${objectName(a.join)}`] : []),
    ...(a.hashes ? ["hashes"] : []),
    ...(a.merges ? ["merges"] : []),
  ].join(", ");
};

/** The arguments of functions that guess how many rows an operator finds. */
const estimates = {
  restrict: ["internal", "oid", "internal", "integer"],
  join: ["internal", "oid", "internal", "smallint", "internal"],
};
const estimator = (what: "restrict" | "join") => (_: Operator, to: Operator) => {
  const f = to.attributes[what];
  return quietly(action(`alter operator ${self(to)} ${operands(to.id)} set (${what} = ${f ? objectName(f) : "none"})`));
};

export const operators: Room<"operator"> = {
  kind: "operator",
  owner: () => null,
  needs: (o) => [
    ...inSchema(o.id.schema),
    ...[o.id.left, o.id.right].flatMap((t) => (t === null ? [] : typeIds(t))),
    ...functionNeeds(
      o.attributes.function,
      o.attributes.restrict && { ...o.attributes.restrict, arguments: estimates.restrict },
      o.attributes.join && { ...o.attributes.join, arguments: estimates.join },
      // Without the last one, as they were before PostgreSQL 8.4, Postgres takes them still.
      o.attributes.join && { ...o.attributes.join, arguments: estimates.join.slice(0, -1) },
    ),
  ],
  // Fragments use them without naming their schema.
  provides: "itself",
  occupies: (o) => [`operator ${self(o)} ${operands(o.id)}`],
  evaluates: () => true,
  observe: {
    there: made("pg_operator"),
    sql: (schemas) => `
select n.nspname as schema, o.oprname as name, format_type(nullif(o.oprleft, 0), null) as left,
  format_type(nullif(o.oprright, 0), null) as right, ${functionJson("o.oprcode")} as function,
  ${operatorJson("o.oprcom")} as commutator, ${operatorJson("o.oprnegate")} as negator,
  ${nameJson("o.oprrest")} as restrict, ${nameJson("o.oprjoin")} as join, o.oprcanhash::text as hashes, o.oprcanmerge::text as merges,
  ${address("pg_operator", "o.oid")} as addresses
from pg_operator o
join pg_namespace n on n.oid = o.oprnamespace
where o.oprcode <> 0 and (${schemas}) and not ${ofExtension("pg_operator", "o.oid")}
order by 1, 2, 3, 4`,
    read: (row) => ({
      id: {
        kind: "operator",
        schema: text(row, "schema"),
        name: text(row, "name"),
        left: row["left"] ?? null,
        right: row["right"] ?? null,
      },
      attributes: {
        function: json<FunctionName>(row, "function"),
        commutator: readName(row["commutator"]),
        negator: readName(row["negator"]),
        restrict: readName(row["restrict"]),
        join: readName(row["join"]),
        hashes: truth(row, "hashes"),
        merges: truth(row, "merges"),
      },
      needs: [],
    }),
  },
  create: (o) => [action(`create operator ${self(o)} (${definition(o)})`)],
  drop: (o) => [action(`drop operator ${self(o)} ${operands(o.id)}`)],
  change: {
    function: () => "replace",
    commutator: () => "replace",
    negator: () => "replace",
    restrict: estimator("restrict"),
    join: estimator("join"),
    hashes: () => "replace",
    merges: () => "replace",
  },
  describe: (o, describe) => {
    const a = o.attributes;
    // One that is a name only is found nowhere, so its schema is said.
    const symbol = (n: QualifiedName | null, left: string | null, right: string | null): SymbolNode | null =>
      n && {
        schema:
          n.schema === "pg_catalog" ||
          (n.schema === o.id.schema && describe.all.has(encode(operatorId({ ...n, left, right }))))
            ? null
            : nameNode(n.schema),
        text: n.name,
        span: nowhere,
      };
    const side = (t: string | null): TypeNode | null => (t === null ? null : describeType(t));
    return {
      at: "file",
      declaration: {
        kind: "operatorDefinition",
        form: "operator",
        symbol: { schema: null, text: o.id.name, span: nowhere },
        left: side(o.id.left),
        right: side(o.id.right),
        properties: {
          function: said(describeName(a.function)),
          commutator: said(symbol(a.commutator, o.id.right, o.id.left)),
          negator: said(symbol(a.negator, o.id.left, o.id.right)),
          restrict: said(a.restrict && describeName(a.restrict)),
          join: said(a.join && describeName(a.join)),
          hashes: said(a.hashes ? (true as const) : null),
          merges: said(a.merges ? (true as const) : null),
        },
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

const symbolNode = (s: SymbolNode): QualifiedNode => ({
  schema: s.schema,
  name: { text: s.text, quoted: true, span: s.span },
  span: s.span,
});

export const declareOperator: DeclareForm<"operatorDefinition", "operator"> = (d, declare) => {
  const own = declare.own(symbolNode(d.symbol));
  const needs: Operator["needs"][number][] = [];
  const side = (n: TypeNode | null): string | null => {
    if (n === null) return null;
    const type = declare.type(n, "routine");
    needs.push(...type.needs);
    return plainType(typeText(type.type));
  };
  const [left, right] = [side(d.left), side(d.right)];
  const p = d.properties;
  const wrong = (message: string): void => declare.report(problem("invalid-option", d.symbol.span, message));
  if (!p.function) wrong("An operator needs a function: `function f`, in the braces.");
  if (right === null && left === null) wrong("An operator needs a type on one side.");
  if (right === null && declare.version >= 140000) wrong("An operator behind its operand is for PostgreSQL 13 only.");
  const id = { kind: "operator", ...own, left, right } as const;
  declare.add(
    {
      id,
      attributes: {
        function: {
          ...(p.function ? declare.functionNamed(p.function.value).name : { schema: "pg_catalog", name: "" }),
          arguments: [left, right].flatMap((t) => t ?? []),
        },
        commutator: p.commutator && refer(p.commutator.value, declare),
        negator: p.negator && refer(p.negator.value, declare),
        restrict: p.restrict && declare.functionNamed(p.restrict.value).name,
        join: p.join && declare.functionNamed(p.join.value).name,
        hashes: p.hashes !== null,
        merges: p.merges !== null,
      } satisfies Attributes<"operator">,
      needs,
    },
    d.symbol.span,
  );
  declare.comment(id, d.doc, d.span);
};
const refer = (s: SymbolNode, declare: Declare): QualifiedName => declare.thing("operator", symbolNode(s));
