/** Plain SQL for what stands on functions of Postgres's own. */
import type { AggregateState, Argument, DbObject, FunctionName, QualifiedName } from "../../src/model/objects.ts";
import { q, qq, text } from "./render-text.ts";
import { of, type World } from "./world.ts";

const called = (f: FunctionName): string => `${qq(f)}(${f.arguments.join(", ")})`;
const operator = (o: QualifiedName): string => `operator(${q(o.schema)}.${o.name})`;

function aggregate(o: DbObject<"aggregate">): string {
  const a = o.attributes;
  const said: string[] = [];
  const stage = (s: AggregateState, m: string): void => {
    said.push(`${m}sfunc = ${qq(s.sfunc)}`, `${m}stype = ${s.type.sql}`, `${m}sspace = ${s.space}`);
    said.push(`${m}finalfunc_modify = ${s.finalModify}`);
    if (s.finalfunc) said.push(`${m}finalfunc = ${qq(s.finalfunc)}`);
    if (s.finalExtra) said.push(`${m}finalfunc_extra`);
    if (s.initial !== null) said.push(`${m}initcond = ${text(s.initial)}`);
  };
  stage(a.state, "");
  if (a.moving) {
    stage(a.moving.state, "m");
    said.push(`minvfunc = ${qq(a.moving.inverse)}`);
  }
  if (a.combine) said.push(`combinefunc = ${qq(a.combine)}`);
  if (a.serialize) said.push(`serialfunc = ${qq(a.serialize)}`);
  if (a.deserialize) said.push(`deserialfunc = ${qq(a.deserialize)}`);
  if (a.sortOperator) said.push(`sortop = ${operator(a.sortOperator)}`);
  said.push(`parallel = ${a.parallel}`);
  const one = (x: Argument): string => `${x.name === null ? "" : `${q(x.name)} `}${x.type.sql}`;
  const direct = a.kind === "normal" ? a.arguments : a.arguments.slice(0, a.direct);
  const rest = a.kind === "normal" ? [] : a.arguments.slice(a.direct);
  const list = `${direct.map(one).join(", ")}${rest.length > 0 ? ` order by ${rest.map(one).join(", ")}` : ""}`;
  return `create aggregate ${qq(o.id)}(${list}) (${said.join(", ")})`;
}

function members(o: DbObject<"operatorFamily"> | DbObject<"operatorClass">): string[] {
  return [
    ...o.attributes.operators.map(
      (x) =>
        `operator ${x.number} ${q(x.operator.schema)}.${x.operator.name} (${x.operator.left}, ${x.operator.right})`,
    ),
    ...o.attributes.functions.map((x) => `function ${x.number} (${x.types.join(", ")}) ${called(x.function)}`),
  ];
}

/** Before anything may use them; tables and types are there. */
export function renderSimple(w: World, out: string[]): void {
  for (const o of of(w, "aggregate")) out.push(aggregate(o));
  for (const o of of(w, "cast")) {
    const { method, function: f, context } = o.attributes;
    const how = method === "inout" ? "with inout" : f ? `with function ${called(f)}` : "without function";
    out.push(`create cast (${o.id.from} as ${o.id.to}) ${how}${context === "explicit" ? "" : ` as ${context}`}`);
  }
  for (const o of of(w, "operator")) {
    const a = o.attributes;
    const said = [`function = ${qq(a.function)}`, `leftarg = ${o.id.left}`, `rightarg = ${o.id.right}`];
    if (a.commutator) said.push(`commutator = ${operator(a.commutator)}`);
    if (a.restrict) said.push(`restrict = ${qq(a.restrict)}`);
    if (a.join) said.push(`join = ${qq(a.join)}`);
    if (a.hashes) said.push("hashes");
    if (a.merges) said.push("merges");
    out.push(`create operator ${q(o.id.schema)}.${o.id.name} (${said.join(", ")})`);
  }
  for (const o of of(w, "operatorFamily")) {
    out.push(`create operator family ${qq(o.id)} using ${q(o.id.method)}`);
    const list = members(o);
    if (list.length > 0) out.push(`alter operator family ${qq(o.id)} using ${q(o.id.method)} add ${list.join(", ")}`);
  }
  for (const o of of(w, "operatorClass")) {
    const list = members(o);
    out.push(
      `create operator class ${qq(o.id)} for type ${o.attributes.type} using ${q(o.id.method)} family ${qq(o.attributes.family)} as ${[`storage ${o.attributes.type}`, ...list].join(", ")}`,
    );
  }
  for (const o of of(w, "conversion")) {
    const a = o.attributes;
    out.push(
      `create ${a.default ? "default " : ""}conversion ${qq(o.id)} for ${text(a.source)} to ${text(a.target)} from ${qq(a.function)}`,
    );
  }
  for (const o of of(w, "language")) {
    const a = o.attributes;
    out.push(
      `create ${a.trusted ? "trusted " : ""}language ${q(o.id.name)} handler ${qq(a.handler)}${a.inline ? ` inline ${qq(a.inline)}` : ""}${a.validator ? ` validator ${qq(a.validator)}` : ""}`,
    );
  }
  for (const o of of(w, "accessMethod"))
    if (!w.accessMethods.includes(o.id.name))
      out.push(`create access method ${q(o.id.name)} type ${o.attributes.type} handler ${qq(o.attributes.handler)}`);
  for (const o of of(w, "transform")) {
    const { fromSql, toSql } = o.attributes;
    const said = [
      ...(fromSql ? [`from sql with function ${called(fromSql)}`] : []),
      ...(toSql ? [`to sql with function ${called(toSql)}`] : []),
    ];
    out.push(`create transform for ${o.id.type} language ${q(o.id.language)} (${said.join(", ")})`);
  }
}
