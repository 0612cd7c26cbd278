/** Members of operator classes and families: in the catalog, in statements, in declarations. */
import type { ClassItemNode } from "../../../grammar/declarations.ts";
import type { TypeNode } from "../../../grammar/nodes.ts";
import type { Attributes, ClassFunction, ClassOperator, Id, OperatorName, QualifiedName } from "../../model/objects.ts";
import { problem } from "../../problems.ts";
import { name } from "../../sql.ts";
import type { Declare, Row } from "../room.ts";
import { json } from "./catalog.ts";
import { declareArgument, describeFunction, functionNeeds, signature } from "./functions.ts";
import { describeName, objectName } from "./keys.ts";
import { nameNode, nowhere } from "./nodes.ts";
import { bareOperator, operands, operatorId } from "./operators.ts";
import { typeIds } from "./typeIds.ts";
import { describeType } from "./types.ts";

export type Members = Pick<Attributes<"operatorFamily">, "operators" | "functions">;

/** SQL of the members that hang on this object (class "pg_opclass" or family "pg_opfamily") alone. */
export const memberColumns = (catalog: "pg_opclass" | "pg_opfamily", oid: string): string => {
  const hangs = (members: string, member: string): string =>
    `exists (select from pg_depend e where e.classid = '${members}'::regclass and e.objid = ${member} and e.refclassid = '${catalog}'::regclass
      and e.refobjid = ${oid} and e.deptype in ('a', 'i'))`;
  return `(select coalesce(json_agg(json_build_object('number', a.amopstrategy, 'operator', json_build_object('schema', en.nspname, 'name', e.oprname,
      'left', format_type(nullif(e.oprleft, 0), null), 'right', format_type(nullif(e.oprright, 0), null)),
      'orderBy', case when sf.oid is not null then json_build_object('schema', sn.nspname, 'name', sf.opfname) end)
      order by a.amopstrategy, format_type(a.amoplefttype, null), format_type(a.amoprighttype, null)), '[]')::text
    from pg_amop a
    join pg_operator e on e.oid = a.amopopr
    join pg_namespace en on en.oid = e.oprnamespace
    left join pg_opfamily sf on sf.oid = a.amopsortfamily
    left join pg_namespace sn on sn.oid = sf.opfnamespace
    where ${hangs("pg_amop", "a.oid")}) as operators,
  (select coalesce(json_agg(json_build_object('number', a.amprocnum,
      'types', json_build_array(format_type(a.amproclefttype, null), format_type(a.amprocrighttype, null)),
      'function', json_build_object('schema', pn.nspname, 'name', pr.proname, 'arguments', coalesce((
        select json_agg(format_type(x.type, null) order by x.place) from unnest(pr.proargtypes) with ordinality x(type, place)), '[]')))
      order by a.amprocnum, format_type(a.amproclefttype, null), format_type(a.amprocrighttype, null)), '[]')::text
    from pg_amproc a
    join pg_proc pr on pr.oid = a.amproc
    join pg_namespace pn on pn.oid = pr.pronamespace
    where ${hangs("pg_amproc", "a.oid")}) as functions`;
};
export const readMembers = (row: Row): Members => ({
  operators: json<readonly ClassOperator[]>(row, "operators"),
  functions: json<readonly ClassFunction[]>(row, "functions"),
});

export const memberText = (m: Members): readonly string[] => [
  ...m.operators.map(
    (o) =>
      `operator ${o.number} ${bareOperator(o.operator)} ${operands(o.operator)}${o.orderBy ? ` for order by ${objectName(o.orderBy)}` : ""}`,
  ),
  ...m.functions.map((f) => `function ${f.number} (${f.types.join(", ")}) ${signature(f.function)}`),
];
/** How ALTER OPERATOR FAMILY … DROP names them. */
export const droppedText = (m: Members): readonly string[] => [
  ...m.operators.map((o) => `operator ${o.number} (${o.operator.left}, ${o.operator.right})`),
  ...m.functions.map((f) => `function ${f.number} (${f.types.join(", ")})`),
];
/** One that an extension brings, or Postgres itself, is no object of ours; nothing waits for it. */
export const methodNeeds = (method: string): readonly Id[] => [{ kind: "accessMethod", name: method }];

export const memberNeeds = (m: Members): readonly Id[] => [
  ...m.operators.flatMap((o) => (o.operator.schema === "pg_catalog" ? [] : [operatorId(o.operator)])),
  ...m.functions.flatMap((f) => f.types.flatMap(typeIds)),
  ...functionNeeds(...m.functions.map((f) => f.function)),
];

/** Sorted as the catalog is read, so that order is no difference. */
const sorted = (m: Members): Members => {
  const by =
    <T>(key: (x: T) => string) =>
    (a: T, b: T) =>
      key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
  const place = (n: number): string => String(n).padStart(5, "0");
  return {
    operators: [...m.operators].sort(by((o) => `${place(o.number)} ${o.operator.left} ${o.operator.right}`)),
    functions: [...m.functions].sort(by((f) => `${place(f.number)} ${f.types.join(" ")}`)),
  };
};

/**
 * Whether PostgreSQL 14 and later tie a member that CREATE OPERATOR CLASS makes to the family (the access methods' amadjustmembers):
 * what compares two types, what the method can do without, and operators that only the functions know.
 */
export function isLoose(
  method: string,
  type: string,
  member: { readonly number: number; readonly types: readonly (string | null)[]; readonly is: "operator" | "function" },
): boolean {
  const crosses = member.types.some((t) => t !== type);
  const needed: Readonly<Record<string, readonly number[]>> = {
    gist: [1, 2, 5, 6, 7],
    gin: [2, 3],
    spgist: [1, 2, 3, 4, 5],
  };
  const ofMethod = needed[method];
  if (ofMethod) return member.is === "operator" || !ofMethod.includes(member.number);
  if (method !== "btree" && method !== "hash") return false;
  return member.is === "function" ? member.number !== 1 || crosses : crosses;
}

/** Members as they are written. `type`: that of the class, which they are on unless they say so. */
export function declareMembers(
  items: readonly ClassItemNode[],
  type: string | null,
  declare: Declare,
): { readonly members: Members; readonly storage: TypeNode | null; readonly needs: readonly Id[] } {
  const needs: Id[] = [];
  const plain = (t: TypeNode): string => {
    const known = declareArgument(t, declare);
    needs.push(...known.needs);
    return known.text;
  };
  const operators: ClassOperator[] = [];
  const functions: ClassFunction[] = [];
  let storage: TypeNode | null = null;
  for (const item of items) {
    if (item.is === "storage") {
      storage = item.type;
      continue;
    }
    const types = item.types?.map(plain) ?? null;
    const [left = "", right = left] = types ?? [type ?? ""];
    const wrong = (message: string): void => declare.report(problem("invalid-option", item.span, message));
    if (types && types.length > 2) wrong("A member is on one type or two.");
    if (item.is === "operator") {
      if (types === null && type === null) wrong("In a family an operator says its types: `operator 1 < (int, text)`.");
      const written = { schema: item.symbol.schema, name: { text: item.symbol.text, quoted: true, span: item.span } };
      const named = declare.thing("operator", { ...written, span: item.span });
      // Another schema's operator of this name is for other types: Postgres looks among its own first.
      const itsOwn =
        item.symbol.schema === null &&
        comparisons.has(item.symbol.text) &&
        [left, right].every((t) => !t.includes(".")) &&
        !declare.declared({ kind: "operator", ...named, left, right });
      const found = itsOwn ? { ...named, schema: "pg_catalog" } : named;
      operators.push({
        number: Number(item.number),
        operator: { ...found, left, right },
        orderBy: item.orderBy && declare.thing("operatorFamily", item.orderBy),
      });
    } else {
      const parameters = item.function.arguments?.map(plain) ?? null;
      if (parameters === null) wrong("A function says its arguments: `function 1 btint4cmp(int, int)`.");
      if (types === null && type === null)
        wrong("In a family a function says its types: `function 1 (int, text) f(int, text)`.");
      functions.push({
        number: Number(item.number),
        types: [left, right],
        function: { ...declare.functionNamed(item.function.name).name, arguments: parameters ?? [] },
      });
    }
  }
  return { members: sorted({ operators, functions }), storage, needs };
}

/** Operators that Postgres has for nearly each of its own types. */
const comparisons: ReadonlySet<string> = new Set(["<", "<=", "=", ">=", ">", "<>"]);

export const describeMembers = (m: Members, type: string | null, schema: string): readonly ClassItemNode[] => {
  const usual = (types: readonly (string | null)[]): boolean => types.every((t) => t === type);
  const written = (types: readonly (string | null)[]): readonly TypeNode[] | null =>
    usual(types) ? null : types.map((t) => describeType(t ?? "none"));
  const node = (o: OperatorName & QualifiedName) => ({
    schema: o.schema === "pg_catalog" || o.schema === schema ? null : nameNode(o.schema),
    text: o.name,
    span: nowhere,
  });
  return [
    ...m.operators.map((o): ClassItemNode => ({
      is: "operator",
      number: String(o.number),
      symbol: node(o.operator),
      types: written([o.operator.left, o.operator.right]),
      orderBy: o.orderBy && describeName(o.orderBy),
      span: nowhere,
    })),
    ...m.functions.map((f): ClassItemNode => ({
      is: "function",
      number: String(f.number),
      types: written(f.types),
      function: describeFunction(f.function, false),
      span: nowhere,
    })),
  ];
};

export const methodText = (method: string): string => ` using ${name(method)}`;

/** Operator classes that Postgres itself has, by name (pg_opclass of 13 to 18). */
export const isUsualOperatorClass = (name: string): boolean =>
  /_(minmax|minmax_multi|bloom|inclusion)_ops$/.test(name) || usualOperatorClasses.has(name);
const usualOperatorClasses = new Set(
  (
    "aclitem array bit bool box bpchar bpchar_pattern bytea char cid cidr circle date enum float4 float8 inet int2 int4 int8 interval " +
    "jsonb jsonb_path kd_point macaddr macaddr8 money multirange name numeric oid oidvector pg_lsn point poly quad_point range record " +
    "record_image text text_pattern tid time timestamp timestamptz timetz tsquery tsvector uuid varbit varchar varchar_pattern xid xid8"
  )
    .split(" ")
    .map((n) => n + "_ops"),
);
