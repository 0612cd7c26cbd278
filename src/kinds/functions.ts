/** Functions. Changes that CREATE OR REPLACE takes happen in place; any other makes the function anew, with what stands on it. */
import type { DbObject } from "../model/objects.ts";
import { observed, same } from "../model/database.ts";
import { problem } from "../problems.ts";
import { qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { heldByRange, madeOf, signatureNeeds } from "./parts/baseTypes.ts";
import { cannotBeAnewBeneath } from "./parts/boundTypes.ts";
import { text, truth, made } from "./parts/catalog.ts";
import { nowhere, qualifiedNode } from "./parts/nodes.ts";
import { computesKey } from "./parts/partitionKeys.ts";
import {
  argumentText,
  declareRoutine,
  describeArgument,
  describeResult,
  describeRoutine,
  isReplaceable,
  ownRoutine,
  parkRoutine,
  readRoutine,
  readRoutineId,
  resultOf,
  routineColumns,
  routineNeeds,
  routineStatement,
  signature,
  looksUp,
} from "./parts/routines.ts";
import { typeText } from "./parts/types.ts";
import type { Change, DeclareFile, Room } from "./room.ts";

type Func = DbObject<"function">;

/** Of a function in C or of Postgres itself, and of any other. */
const usualCost = (language: string): string => (language === "c" || language === "internal" ? "1" : "100");
const usualRows = (set: boolean): string => (set ? "1000" : "0");
/** The shortest text of a number that is kept in four bytes. */
function shortest(number: string): string {
  const value = Math.fround(Number(number));
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

function statement(o: Func, how: "create" | "create or replace") {
  const a = o.attributes;
  const table = a.arguments.filter((x) => x.mode === "table");
  const returns = table.length
    ? `table (${table.map(argumentText).join(", ")})`
    : `${a.returns.set ? "setof " : ""}${a.returns.type.sql}`;
  const properties = [
    ...(a.window ? ["window"] : []),
    ...(a.volatility === "volatile" ? [] : [a.volatility]),
    ...(a.strict ? ["strict"] : []),
    ...(a.leakproof ? ["leakproof"] : []),
    ...(a.parallel === "unsafe" ? [] : [`parallel ${a.parallel}`]),
    ...(a.cost === usualCost(a.language) ? [] : [`cost ${a.cost}`]),
    ...(a.rows === usualRows(a.returns.set) ? [] : [`rows ${a.rows}`]),
    ...(a.support ? [`support ${qualified(a.support)}`] : []),
  ];
  return routineStatement(o, how, ` returns ${returns}`, properties, [a.returns.type]);
}

const redefine: Change<"function"> = (from, to) =>
  isReplaceable(from, to) ? quietly(statement(to, "create or replace")) : "replace";

export const functions: Room<"function"> = {
  kind: "function",
  // One that a base type is made of goes with the type.
  owner: (o, all) => madeOf(o.id, all),
  needs: (o) => [...routineNeeds(o), ...signatureNeeds(o)],
  occupies: (o) => [`routine ${signature(o.id)}`],
  evaluates: (o) => "sql" in o.attributes.body || o.attributes.arguments.some((a) => a.default),
  looksUp,
  observe: {
    there: made("pg_proc"),
    sql: (schemas, version) => `
select ${routineColumns(version)}, format_type(p.prorettype, null) as returns, p.proretset::text as set,
  case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
  p.proisstrict::text as strict, p.proleakproof::text as leakproof,
  case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel,
  p.procost::text as cost, p.prorows::text as rows, (p.prokind = 'w')::text as "window",
  (select json_build_object('schema', sn.nspname, 'name', s.proname) from pg_proc s join pg_namespace sn on sn.oid = s.pronamespace
    where s.oid = p.prosupport)::text as support
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
where ${ownRoutine("'f', 'w'", schemas)}
order by n.nspname, p.proname, 3`,
    read: (row) => ({
      id: { kind: "function", ...readRoutineId(row) },
      attributes: {
        ...readRoutine(row),
        returns: { type: observed(text(row, "returns")), set: truth(row, "set") },
        volatility: text(row, "volatility") as Func["attributes"]["volatility"],
        strict: truth(row, "strict"),
        leakproof: truth(row, "leakproof"),
        parallel: text(row, "parallel") as Func["attributes"]["parallel"],
        cost: shortest(text(row, "cost")),
        rows: shortest(text(row, "rows")),
        support: JSON.parse(row["support"] ?? "null") as Func["attributes"]["support"],
        window: truth(row, "window"),
      },
      needs: [],
    }),
  },
  create: (o) => [statement(o, "create")],
  drop: (o) => [action(`drop function ${signature(o.id)}`)],
  change: {
    arguments: redefine,
    returns: redefine,
    language: redefine,
    body: redefine,
    volatility: redefine,
    strict: redefine,
    security: redefine,
    leakproof: redefine,
    parallel: redefine,
    cost: redefine,
    rows: redefine,
    support: redefine,
    transforms: redefine,
    settings: redefine,
    window: redefine,
  },
  park: (o, _, context) => parkRoutine(o, context),
  refuses: (from, to, context) =>
    to && isReplaceable(from, to)
      ? null
      : (computesKey(from.id, context) ?? cannotBeAnewBeneath(from.id, context) ?? heldByRange(from.id, context)),
  rowType: (o) => typeText(o.attributes.returns.type),
  following: "body",
  overloads: (o) => `calls of ${qualified(o.id)}`,
  describe: (o, describe) => {
    const a = o.attributes;
    const table = a.arguments.filter((x) => x.mode === "table");
    const implied = !a.returns.set && same(resultOf(a.arguments)?.canonical, typeText(a.returns.type));
    return {
      at: "file",
      declaration: {
        kind: "function",
        ...describeRoutine(o, describe),
        returns: table.length
          ? { kind: "table", columns: table.map(describeArgument) }
          : implied
            ? null
            : { kind: "type", set: a.returns.set, type: describeResult(a.returns) },
        volatility: a.volatility === "volatile" ? null : a.volatility,
        strict: a.strict,
        leakproof: a.leakproof,
        window: a.window,
        parallel: a.parallel === "unsafe" ? null : a.parallel,
        cost: a.cost === usualCost(a.language) ? null : a.cost,
        rows: a.rows === usualRows(a.returns.set) ? null : a.rows,
        support: a.support && qualifiedNode(a.support),
        span: nowhere,
      },
    };
  },
};

export const declareFunction: DeclareFile<"function"> = (d, declare) => {
  const columns = d.returns?.kind === "table" ? d.returns.columns : [];
  const { id, attributes, needs, rest } = declareRoutine(d, columns, declare);
  if (id.kind !== "function") throw new Error("a function was given another kind's id");
  const said = d.returns?.kind === "type" ? declare.type(d.returns.type, "routine") : null;
  const implied = resultOf(attributes.arguments);
  if (!said && !implied)
    declare.report(
      problem("invalid-option", d.name.span, "A function says what it returns.", { help: "Add `returns void`." }),
    );
  const set = d.returns?.kind === "table" || (d.returns?.kind === "type" && d.returns.set);
  const support = d.support && declare.own(d.support);
  declare.add(
    {
      id,
      attributes: {
        ...attributes,
        returns: { type: said?.type ?? implied ?? observed("void"), set },
        volatility: d.volatility ?? "volatile",
        strict: d.strict,
        leakproof: d.leakproof,
        parallel: d.parallel ?? "unsafe",
        cost: shortest(d.cost ?? usualCost(attributes.language)),
        rows: shortest(d.rows ?? usualRows(set)),
        support:
          support && d.support?.schema === null && !declare.called(d.support, 1).length
            ? { schema: "pg_catalog", name: support.name }
            : support,
        window: d.window,
      },
      needs: [...needs, ...(said?.needs ?? []), ...(d.support ? declare.called(d.support, 1) : [])],
      ...rest,
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
