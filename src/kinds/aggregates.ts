/** Aggregates. One whose results stay of the same type changes in place; any other is made anew. */
import type { DefinitionNode } from "../../grammar/declarations.ts";
import type { TypeNode } from "../../grammar/nodes.ts";
import type { Argument, DbObject, Fragment, Id, QualifiedName } from "../model/objects.ts";
import { observed, same } from "../model/database.ts";
import { nearest, problem } from "../problems.ts";
import { literal, name, qualified } from "../sql.ts";
import type { Action } from "../model/plan.ts";
import { action, inSchema, quietly } from "./parts/action.ts";
import { address, json, text, truth } from "./parts/catalog.ts";
import { pathOf } from "./parts/fragments.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import {
  argumentText,
  describeArgument,
  keepsArguments,
  ownRoutine,
  readArguments,
  readRoutineId,
  routineArguments,
} from "./parts/routines.ts";
import { describeType, typeText } from "./parts/types.ts";
import { listed } from "./parts/signatures.ts";
import type { Change, DeclareFile, Room, Row } from "./room.ts";

type Aggregate = DbObject<"aggregate">;
type Attributes = Aggregate["attributes"];
type Stage = Attributes["state"];

const signature = (id: Aggregate["id"]): string =>
  `${qualified(id)}(${id.arguments.length ? id.arguments.join(", ") : "*"})`;

/** Direct arguments, and those after `order by`; a variadic one at the end of the direct ones stands in both. */
function split(a: Attributes): readonly [readonly Argument[], readonly Argument[] | null] {
  if (a.kind === "normal") return [a.arguments, null];
  const direct = a.arguments.slice(0, a.direct);
  const rest = a.arguments.slice(a.direct);
  return [direct, rest.length ? rest : direct.slice(-1)];
}
const operatorText = (o: QualifiedName): string => `operator(${name(o.schema)}.${o.name})`;

const prefixed = (moving: boolean, key: string): string => (moving ? `m${key}` : key);
/** What is said of one of the two ways to aggregate, beyond what is usual: key → value as SQL, null for the key alone. */
function stageText(s: Stage, moving: boolean, usual: string): (readonly [string, string | null])[] {
  const key = (k: string): string => prefixed(moving, k);
  return [
    [key("sfunc"), qualified(s.sfunc)],
    [key("stype"), s.type.sql],
    ...(s.space === 0 ? [] : [[key("sspace"), String(s.space)] as const]),
    ...(s.finalfunc ? [[key("finalfunc"), qualified(s.finalfunc)] as const] : []),
    ...(s.finalExtra ? [[key("finalfunc_extra"), null] as const] : []),
    ...(s.finalModify === usual ? [] : [[key("finalfunc_modify"), s.finalModify] as const]),
    ...(s.initial === null ? [] : [[key("initcond"), literal(s.initial).trim()] as const]),
  ];
}
function definitions(a: Attributes): (readonly [string, string | null])[] {
  const usual = usualModify(a.kind);
  const f = (key: string, value: QualifiedName | null): (readonly [string, string])[] =>
    value ? [[key, qualified(value)]] : [];
  return [
    ...stageText(a.state, false, usual),
    ...f("combinefunc", a.combine),
    ...f("serialfunc", a.serialize),
    ...f("deserialfunc", a.deserialize),
    ...(a.moving ? [...stageText(a.moving.state, true, usual), ...f("minvfunc", a.moving.inverse)] : []),
    ...(a.sortOperator ? [["sortop", operatorText(a.sortOperator)] as const] : []),
    ...(a.parallel === "unsafe" ? [] : [["parallel", a.parallel] as const]),
    ...(a.kind === "hypothetical" ? [["hypothetical", null] as const] : []),
  ];
}
const usualModify = (kind: Attributes["kind"]): Stage["finalModify"] =>
  kind === "normal" ? "read_only" : "read_write";

function statement(o: Aggregate, how: "create" | "create or replace"): Action {
  const a = o.attributes;
  const [direct, ordered] = split(a);
  const list = (all: readonly Argument[]): string => all.map(argumentText).join(", ");
  const args =
    ordered === null ? list(direct) || "*" : [list(direct), `order by ${list(ordered)}`].filter((t) => t).join(" ");
  const said = definitions(a).map(([key, value]) => (value === null ? key : `${key} = ${value}`));
  return action(`${how} aggregate ${qualified(o.id)}(${args}) (\n  ${said.join(",\n  ")}\n)`, {
    path: pathOf(...a.arguments.map((x) => x.type), a.state.type, a.moving?.state.type ?? null),
  });
}

const redefine: Change<"aggregate"> = (from, to) => {
  const [was, is] = [from.attributes, to.attributes];
  const stays =
    keepsArguments(was.arguments, is.arguments) &&
    was.kind === is.kind &&
    was.direct === is.direct &&
    same(was.state.type, is.state.type) &&
    same(was.state.finalfunc, is.state.finalfunc);
  return stays ? quietly(statement(to, "create or replace")) : "replace";
};

const found = (oid: string): string =>
  `(select json_build_object('schema', fn.nspname, 'name', f.proname) from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace where f.oid = ${oid}::oid)::text`;
const modify = (column: string): string =>
  `case ${column} when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end`;
const stageColumns = (m: string): string =>
  `${found(`g.agg${m}transfn`)} as ${m}sfunc, format_type(nullif(g.agg${m}transtype, 0), null) as ${m}stype, g.agg${m}transspace::text as ${m}space,
  ${found(`g.agg${m}finalfn`)} as ${m}finalfunc, g.agg${m}finalextra::text as ${m}extra, ${modify(`g.agg${m}finalmodify`)} as ${m}modify, g.agg${m}initval as ${m}initial`;
const reference = (row: Row, column: string): QualifiedName | null =>
  JSON.parse(row[column] ?? "null") as QualifiedName | null;
const readStage = (row: Row, m: string): Stage => ({
  sfunc: json<QualifiedName>(row, `${m}sfunc`),
  type: observed(text(row, `${m}stype`)),
  space: Number(text(row, `${m}space`)),
  finalfunc: reference(row, `${m}finalfunc`),
  finalExtra: truth(row, `${m}extra`),
  finalModify: text(row, `${m}modify`) as Stage["finalModify"],
  initial: row[`${m}initial`] ?? null,
});

export const aggregates: Room<"aggregate"> = {
  kind: "aggregate",
  owner: () => null,
  needs: (o) => inSchema(o.id.schema),
  occupies: (o) => [`routine ${qualified(o.id)}(${o.id.arguments.join(", ")})`],
  evaluates: () => true,
  observe: {
    there: "pg_aggregate where aggfnoid::oid >= 16384",
    sql: (schemas) => `
select n.nspname as schema, p.proname::text as name, ${routineArguments},
  case g.aggkind when 'o' then 'ordered' when 'h' then 'hypothetical' else 'normal' end as kind, g.aggnumdirectargs::text as direct,
  ${stageColumns("")}, ${stageColumns("m")}, ${found("g.aggmtransfn")} as moving,
  ${found("g.aggminvtransfn")} as inverse, ${found("g.aggcombinefn")} as combine, ${found("g.aggserialfn")} as serialize,
  ${found("g.aggdeserialfn")} as deserialize,
  (select json_build_object('schema', sn.nspname, 'name', s.oprname) from pg_operator s join pg_namespace sn on sn.oid = s.oprnamespace where s.oid = g.aggsortop)::text as sort,
  case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel,
  ${address("pg_proc", "p.oid")} as addresses
from pg_proc p
join pg_aggregate g on g.aggfnoid = p.oid
join pg_namespace n on n.oid = p.pronamespace
where ${ownRoutine("'a'", schemas)}
order by n.nspname, p.proname, 3`,
    read: (row) => ({
      id: { kind: "aggregate", ...readRoutineId(row) },
      attributes: {
        arguments: readArguments(row),
        kind: text(row, "kind") as Attributes["kind"],
        direct: Number(text(row, "direct")),
        state: readStage(row, ""),
        moving:
          (row["moving"] ?? null) === null
            ? null
            : { state: readStage(row, "m"), inverse: json<QualifiedName>(row, "inverse") },
        combine: reference(row, "combine"),
        serialize: reference(row, "serialize"),
        deserialize: reference(row, "deserialize"),
        sortOperator: reference(row, "sort"),
        parallel: text(row, "parallel") as Attributes["parallel"],
      },
      needs: [],
    }),
  },
  create: (o) => [statement(o, "create")],
  drop: (o) => [action(`drop aggregate ${signature(o.id)}`)],
  change: {
    arguments: redefine,
    kind: redefine,
    direct: redefine,
    state: redefine,
    moving: redefine,
    combine: redefine,
    serialize: redefine,
    deserialize: redefine,
    sortOperator: redefine,
    parallel: redefine,
  },
  describe: (o, describe) => {
    const a = o.attributes;
    const [direct, ordered] = split(a);
    return {
      at: "file",
      declaration: {
        kind: "aggregate",
        name: { schema: null, name: nameNode(o.id.name), span: nowhere },
        was: null,
        arguments: direct.map(describeArgument),
        ordered: ordered && ordered.map(describeArgument),
        definition: describeDefinition(a),
        doc: describe.comment(o.id),
        schema: nameNode(o.id.schema),
        span: nowhere,
      },
    };
  },
};

function describeDefinition(a: Attributes): readonly DefinitionNode[] {
  const types = new Map<string, Fragment>([["stype", a.state.type]]);
  if (a.moving) types.set("mstype", a.moving.state.type);
  const initial = new Map([
    ["initcond", a.state.initial],
    ["minitcond", a.moving?.state.initial ?? null],
  ]);
  return definitions(a).map(([key, value]): DefinitionNode => {
    const type = types.get(key);
    const start = initial.get(key);
    const said = (): DefinitionNode["value"] => {
      if (value === null) return null;
      if (type) return { kind: "type", type: describeType(typeText(type)) };
      if (typeof start === "string") return { kind: "text", text: start };
      if (key === "sortop") return { kind: "operator", text: value };
      if (/sspace$/.test(key)) return { kind: "text", text: value };
      return { kind: "type", type: referenceNode(key, a) ?? describeType(value) };
    };
    return { name: key, value: said(), span: nowhere };
  });
}
/** A function's name as it would be written; null for other words. */
function referenceNode(key: string, a: Attributes): TypeNode | null {
  const functions: Readonly<Record<string, QualifiedName | null>> = {
    sfunc: a.state.sfunc,
    finalfunc: a.state.finalfunc,
    combinefunc: a.combine,
    serialfunc: a.serialize,
    deserialfunc: a.deserialize,
    msfunc: a.moving?.state.sfunc ?? null,
    mfinalfunc: a.moving?.state.finalfunc ?? null,
    minvfunc: a.moving?.inverse ?? null,
  };
  const f = functions[key];
  return f
    ? { schema: nameNode(f.schema), name: nameNode(f.name), fields: null, modifiers: [], dimensions: [], span: nowhere }
    : null;
}

const keys =
  "sfunc stype sspace finalfunc finalfunc_extra finalfunc_modify combinefunc serialfunc deserialfunc initcond msfunc minvfunc mstype msspace mfinalfunc mfinalfunc_extra mfinalfunc_modify minitcond sortop parallel hypothetical".split(
    " ",
  );

export const declareAggregate: DeclareFile<"aggregate"> = (d, declare) => {
  const id = declare.routineId(d);
  if (id.kind !== "aggregate") throw new Error("an aggregate was given another kind's id");
  const needs: Id[] = [];
  const type = (t: TypeNode): Fragment => {
    const known = declare.type(t, "routine");
    needs.push(...known.needs);
    return known.type;
  };
  const said = new Map<string, DefinitionNode>();
  for (const x of d.definition) {
    const key = x.name.toLowerCase();
    if (said.has(key))
      declare.report(problem("duplicate-clause", x.span, `${key} is said already.`, { help: "Keep one of the two." }));
    if (!keys.includes(key)) {
      const near = nearest(key, keys);
      declare.report(
        problem("invalid-option", x.span, `An aggregate has no ${key}.`, near ? { help: `Did you mean ${near}?` } : {}),
      );
    }
    said.set(key, x);
  }
  const wrong = (key: string, what: string, right: readonly string[] = []): void => {
    const x = said.get(key);
    if (!x) return;
    const near = nearest(word(key) ?? "", right);
    const help = near === null ? (right.length ? `There are ${right.join(", ")}.` : null) : `Did you mean ${near}?`;
    declare.report(problem("invalid-option", x.span, `${key} is ${what}.`, help === null ? {} : { help }));
  };
  const f = (key: string): QualifiedName | null => {
    const value = said.get(key)?.value;
    if (value?.kind !== "type") {
      wrong(key, "a function, without quotes");
      return null;
    }
    const known = declare.functionNamed(value.type);
    needs.push(...known.needs);
    return known.name;
  };
  const word = (key: string): string | null => {
    const value = said.get(key)?.value;
    return value?.kind === "type" ? value.type.name.text : value?.kind === "text" ? value.text : null;
  };
  /** A word alone says that it is so. */
  const truth = (key: string): boolean => {
    const x = said.get(key);
    if (!x?.value) return x !== undefined;
    const value = word(key)?.toLowerCase() ?? "";
    if (!truths.has(value)) wrong(key, "true or false");
    return truths.get(value) ?? false;
  };
  const oneOf = <T extends string>(key: string, right: readonly T[], usual: T): T => {
    const found = right.find((r) => r === word(key)?.toLowerCase());
    if (!found) wrong(key, "another word", right);
    return found ?? usual;
  };
  const missing = (key: string): void =>
    declare.report(problem("invalid-option", d.name.span, `An aggregate says its ${key}.`));
  const kind = truth("hypothetical") ? "hypothetical" : d.ordered ? "ordered" : "normal";
  const stage = (moving: boolean): Stage => {
    const key = (k: string): string => prefixed(moving, k);
    const stype = said.get(key("stype"))?.value;
    for (const k of [key("sfunc"), key("stype")]) if (!said.get(k)?.value) missing(k);
    if (stype && stype.kind !== "type") wrong(key("stype"), "a type, without quotes");
    if (!/^[0-9]+$/.test(word(key("sspace")) ?? "0")) wrong(key("sspace"), "a number of bytes");
    return {
      sfunc: f(key("sfunc")) ?? { schema: "pg_catalog", name: "" },
      type: stype?.kind === "type" ? type(stype.type) : observed("text"),
      space: Number(word(key("sspace")) ?? "0"),
      finalfunc: f(key("finalfunc")),
      finalExtra: truth(key("finalfunc_extra")),
      finalModify: oneOf(key("finalfunc_modify"), modifies, usualModify(kind)),
      initial: word(key("initcond")),
    };
  };
  const moving = [...said.keys()].some((k) => k === "msfunc" || k === "minvfunc" || k === "mstype");
  const inverse = f("minvfunc");
  const sort = said.get("sortop")?.value;
  if (sort?.kind !== "operator") wrong("sortop", "an operator, without quotes");
  const list = listed(d.arguments, d.ordered).map((a): Argument => ({
    name: a.name && declare.name(a.name),
    mode: a.mode,
    type: type(a.type),
    default: null,
  }));
  declare.name(d.name.name);
  declare.add(
    {
      id,
      attributes: {
        arguments: list,
        kind,
        direct: kind === "normal" ? 0 : d.arguments.length,
        state: stage(false),
        moving: moving ? { state: stage(true), inverse: inverse ?? { schema: "pg_catalog", name: "" } } : null,
        combine: f("combinefunc"),
        serialize: f("serialfunc"),
        deserialize: f("deserialfunc"),
        sortOperator: sort?.kind === "operator" ? declare.operator(sort.text, d.arguments[0]?.type ?? null) : null,
        parallel: oneOf("parallel", parallels, "unsafe"),
      },
      needs,
      ...(d.was ? { hints: { was: d.was.text } } : {}),
    },
    d.name.span,
  );
  declare.comment(id, d.doc, d.span);
};
const modifies = ["read_only", "shareable", "read_write"] as const;
const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["on", true],
  ["1", true],
  ["false", false],
  ["off", false],
  ["0", false],
]);
const parallels = ["unsafe", "restricted", "safe"] as const;
