/** What functions and procedures have in common: arguments, a body in some language, settings for the time of a call. */
import type {
  ArgumentNode,
  BodyNode,
  FunctionDeclaration,
  ProcedureDeclaration,
  RoutineCommon,
} from "../../../grammar/declarations.ts";
import type { FragmentNode, StatementsNode } from "../../../grammar/nodes.ts";
import type { Argument, Body, DbObject, Fragment, Hints, Id, RoutineAttributes } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { observed, same } from "../../model/database.ts";
import { encode, sameId } from "../../model/id.ts";
import { problem } from "../../problems.ts";
import { dollar, literal, name, qualified } from "../../sql.ts";
import { declareDependsOn, describeDependsOn } from "./dependsOn.ts";
import type { Context, Declare, Describe, Parking, Row } from "../room.ts";
import { action, inSchema } from "./action.ts";
import { asideName } from "./aside.ts";
import { address, json, ofExtension, text } from "./catalog.ts";
import { pathOf } from "./fragments.ts";
import { digest } from "./names.ts";
import { fragmentNode, nameNode, nowhere } from "./nodes.ts";
import { configurationText, declareConfiguration, describeConfiguration, readConfiguration } from "./configuration.ts";
import { isInput, isOutput } from "./signatures.ts";
import { bracketed, deparsed, readable } from "./text.ts";
import { describeType, typeText } from "./types.ts";

export type Routine = DbObject<"function"> | DbObject<"procedure">;
type RoutineId = Id<"function" | "procedure">;
type CalledDeclaration = FunctionDeclaration | ProcedureDeclaration;

/** Functions that stand for themselves: not members of an extension, nor made with a range type. */
export const ownRoutine = (kinds: string, schemas: string): string =>
  // Most are Postgres's own, which is seen before any schema is looked up.
  `p.oid >= 16384 and p.prokind in (${kinds}) and (${schemas}) and not ${ofExtension("pg_proc", "p.oid")}
  and p.oid not in (select d.objid from pg_depend d where d.classid = 'pg_proc'::regclass and d.deptype = 'i' and d.refclassid = 'pg_type'::regclass)`;

/** Columns `inputs` and `arguments` of a catalog query over pg_proc `p`, for `readArguments`. */
export const routineArguments = `
  coalesce((select json_agg(format_type(i.type, null) order by i.at) from unnest(p.proargtypes::oid[]) with ordinality i(type, at)), '[]')::text as inputs,
  coalesce((select json_agg(json_build_array(a.mode, a.name, format_type(a.type, null), pg_get_function_arg_default(p.oid, a.at::int)) order by a.at)
    from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, p.proargnames) with ordinality a(type, mode, name, at)), '[]')::text as arguments`;

/** Columns of a catalog query over pg_proc `p`, pg_namespace `n` and pg_language `l`. */
export const routineColumns = (version: number): string => `
  n.nspname as schema, p.proname::text as name, ${routineArguments},
  l.lanname::text as language, p.prosrc as source, p.probin as library,
  ${version >= 140000 ? "case when p.prosqlbody is not null then pg_get_function_sqlbody(p.oid) end" : "null"} as sql,
  p.prosecdef::text as definer, to_json(p.proconfig)::text as settings,
  coalesce((select json_agg(format_type(t, null) order by at) from unnest(p.protrftypes) with ordinality u(t, at)), '[]')::text as transforms,
  ${address("pg_proc", "p.oid")} as addresses`;

const modes: Readonly<Record<string, Argument["mode"]>> = {
  i: "in",
  o: "out",
  b: "inout",
  v: "variadic",
  t: "table",
};

export const readArguments = (row: Row): readonly Argument[] =>
  json<[string | null, string | null, string, string | null][]>(row, "arguments").map(([mode, own, type, initial]) => ({
    name: own === "" ? null : own,
    mode: modes[mode ?? "i"]!,
    type: observed(type),
    default: initial === null ? null : deparsed(initial),
  }));

/** Schema, name and input types of a row. */
export const readRoutineId = (
  row: Row,
): { readonly schema: string; readonly name: string; readonly arguments: readonly string[] } => ({
  schema: text(row, "schema"),
  name: text(row, "name"),
  arguments: json<string[]>(row, "inputs"),
});

export function readRoutine(row: Row): RoutineAttributes {
  const sql = row["sql"] ?? null;
  const library = row["library"] ?? null;
  return {
    arguments: readArguments(row),
    language: text(row, "language"),
    body:
      sql !== null
        ? { sql: readSqlBody(sql.trim()) }
        : library !== null
          ? { library, symbol: text(row, "source") }
          : { text: text(row, "source") },
    security: text(row, "definer") === "true" ? "definer" : "invoker",
    settings: readConfiguration(row["settings"] ?? null),
    transforms: json<string[]>(row, "transforms").map(observed),
  };
}

/** Names in a body that is a text are looked up at each call, in the path of the caller unless it sets one of its own. */
export const looksUp = ({ attributes: a }: Routine): boolean =>
  "text" in a.body && a.language !== "internal" && !("search_path" in a.settings);

export const routineNeeds = (o: Routine): readonly Id[] => [
  ...inSchema(o.id.schema),
  { kind: "language", name: o.attributes.language },
  ...o.attributes.transforms.map((t): Id => ({
    kind: "transform",
    type: typeText(t),
    language: o.attributes.language,
  })),
];

/** `shop.touch(bigint)`: as DROP, COMMENT ON and the like name it. */
export const signature = (id: {
  readonly schema: string;
  readonly name: string;
  readonly arguments: readonly string[];
}): string => `${qualified(id)}(${id.arguments.join(", ")})`;

export const argumentText = (a: Argument): string =>
  (a.mode === "in" || a.mode === "table" ? "" : `${a.mode} `) +
  (a.name === null ? "" : `${name(a.name)} `) +
  a.type.sql +
  (a.default ? ` default ${bracketed(a.default.sql)}` : "");

/**
 * The statement that makes it, or makes it anew in place. `properties` are its kind's own. What nobody has looked into is live,
 * so Postgres took it once; whether all that its body speaks of is there already is not known.
 */
export function routineStatement(
  o: Routine,
  how: "create" | "create or replace",
  returns: string,
  properties: readonly string[],
  fragments: readonly Fragment[] = [],
): Action {
  const a = o.attributes;
  const list = a.arguments.filter((x) => x.mode !== "table").map(argumentText);
  const said = [
    `language ${name(a.language)}`,
    ...properties,
    ...(a.security === "definer" ? ["security definer"] : []),
    ...(a.transforms.length ? [`transform ${a.transforms.map((t) => `for type ${t.sql}`).join(", ")}`] : []),
  ];
  const lines = [said.join(" "), ...configurationText(a.settings), bodyText(a.body)];
  const path = pathOf(
    ...a.arguments.flatMap((x) => [x.type, x.default]),
    ...fragments,
    ...a.transforms,
    "sql" in a.body ? a.body.sql : null,
  );
  return action(`${how} ${o.id.kind} ${qualified(o.id)}(${list.join(", ")})${returns}\n${lines.join("\n")}`, {
    path: [...new Set([...(o.hints?.path ?? []), ...path])],
    unchecked: o.hints?.unchecked === true || o.mentions === undefined,
  });
}
function bodyText(b: Body): string {
  if ("sql" in b) return b.sql.sql;
  return "text" in b ? `as ${dollar(b.text)}` : `as ${literal(b.library).trim()}, ${literal(b.symbol).trim()}`;
}

/** Renames it out of the way of one that takes its name, as long as others hold it; null: none does. */
export function parkRoutine(o: Routine, context: Context): Parking | null {
  const holds = (other: DbObject): boolean =>
    other.id.kind !== "comment" && other.needs.some((n) => sameId(n, o.id)) && context.to.has(encode(other.id));
  if (![...context.from.values()].some(holds)) return null;
  const { schema, name: own, arguments: types } = o.id;
  const others = [...context.from.values()].some(
    ({ id }) =>
      "arguments" in id && "name" in id && id.schema === schema && id.name === own && encode(id) !== encode(o.id),
  );
  // Several of one name may go aside at once.
  const aside = asideName({ schema, name: others ? `${own}_${digest(types.join(","))}` : own }, context);
  return {
    aside: [action(`alter ${o.id.kind} ${signature(o.id)} rename to ${name(aside.name)}`)],
    // By its name alone, which no other has: its types may have been renamed meanwhile.
    drop: [action(`drop ${o.id.kind} ${qualified(aside)}`)],
    inRows: false,
  };
}

/** What comes back: null nothing, else one thing or a record of several. */
export function resultOf(list: readonly Argument[]): Fragment | null {
  const outputs = list.filter(isOutput);
  return outputs.length > 1 ? observed("record") : (outputs[0]?.type ?? null);
}

/**
 * Whether CREATE OR REPLACE takes the new arguments for the old ones (ProcedureCreate in pg_proc.c): what comes back is the
 * same, no argument that had a name or a default has lost it.
 */
export function keepsArguments(from: readonly Argument[], to: readonly Argument[]): boolean {
  const [was, is] = [from.filter(isInput), to.filter(isInput)];
  const outputs = (list: readonly Argument[]): readonly unknown[] =>
    list.filter(isOutput).map((a) => [a.name, a.mode, typeText(a.type)]);
  return (
    was.length === is.length &&
    was.every((a, i) => {
      const b = is[i]!;
      return a.mode === b.mode && (a.name === null || a.name === b.name) && (a.default === null || b.default !== null);
    }) &&
    same(outputs(from), outputs(to))
  );
}

/** Whether CREATE OR REPLACE makes one function of the other. */
export const isReplaceable = (
  { attributes: was }: DbObject<"function">,
  { attributes: is }: DbObject<"function">,
): boolean =>
  keepsArguments(was.arguments, is.arguments) &&
  typeText(was.returns.type) === typeText(is.returns.type) &&
  was.returns.set === is.returns.set &&
  was.window === is.window;

export const describeArgument = (a: Argument): ArgumentNode => ({
  mode: a.mode,
  name: a.name === null ? null : nameNode(a.name),
  type: describeType(typeText(a.type)),
  default: a.default && fragmentNode(a.default),
  span: nowhere,
});

export function describeRoutine(o: Routine, describe: Describe): Omit<RoutineCommon, "kind"> {
  const a = o.attributes;
  return {
    name: { schema: null, name: nameNode(o.id.name), span: nowhere },
    was: null,
    arguments: a.arguments.filter((x) => x.mode !== "table").map(describeArgument),
    language: nameNode(a.language),
    security: a.security === "definer" ? "definer" : null,
    transforms: a.transforms.map((t) => describeType(typeText(t))),
    configuration: describeConfiguration(a.settings),
    dependsOn: describeDependsOn(o.id, describe.all),
    body: describeBody(a.body, a.language),
    doc: describe.comment(o.id),
    schema: nameNode(o.id.schema),
    span: nowhere,
  };
}

/** As a declared one is written, so that the two are seen to be the same without asking Postgres. */
function readSqlBody(shown: string): Fragment {
  const node = describeBody({ sql: observed(shown) }, "sql");
  if (node.kind === "return") return { ...observed(shown), sql: returnWords(node.expression.text) };
  return node.kind === "atomic" ? { ...observed(shown), sql: atomicWords(node.statements.text) } : observed(shown);
}
const returnWords = (expression: string): string => `return ${bracketed(expression)}`;
const atomicHead = "begin atomic\n";
const atomicWords = (statements: string): string => `${atomicHead}${statements}\n;\nend`;

const returned = /^return\s+(.*)$/is;
const atomic = /^begin\s+atomic\b(.*)\bend$/is;
function describeBody(b: Body, language: string): BodyNode {
  if ("library" in b) return { kind: "symbol", ...b, span: nowhere };
  if ("text" in b) {
    const source = { text: b.text, span: nowhere };
    if (language === "sql") return { kind: "text", head: "", source: { ...source, form: "statements", late: true } };
    if (language === "plpgsql") return { kind: "text", head: "", source: { ...source, form: "plpgsql", head: "" } };
    return { kind: "text", head: "", source: { ...source, form: null } };
  }
  const one = returned.exec(b.sql.sql)?.[1];
  if (one !== undefined) return { kind: "return", expression: { text: deparsed(one).sql, span: nowhere } };
  const many = (atomic.exec(b.sql.sql)?.[1] ?? "").trim().replace(/[\s;]+$/, "");
  return { kind: "atomic", statements: { text: readable(many), span: nowhere, form: "atomic" } };
}

export const describeResult = (a: { readonly type: Fragment }): ReturnType<typeof describeType> =>
  describeType(typeText(a.type));

/** The shared attributes of a declared routine, what it needs, and what its body mentions. */
export function declareRoutine(
  d: CalledDeclaration,
  more: readonly ArgumentNode[],
  declare: Declare,
): {
  readonly id: RoutineId;
  readonly attributes: RoutineAttributes;
  readonly needs: readonly Id[];
  readonly rest: { readonly mentions: readonly Id[]; readonly hints: Hints };
} {
  const id = declare.routineId(d);
  if (id.kind === "aggregate") throw new Error("a routine was given an aggregate's id");
  declare.name(d.name.name);
  declareDependsOn(id, d.dependsOn, declare);
  const needs: Id[] = [...(d.language ? declare.language(d.language.text) : [])];
  const none: ReadonlySet<string> = new Set();
  const type = (t: ArgumentNode["type"]): Fragment => {
    const found = declare.type(t, "routine");
    needs.push(...found.needs);
    return found.type;
  };
  const declared = [...d.arguments, ...more].map((a): Argument => {
    if (a.default) needs.push(...declare.uses(a.default, none).needs);
    return {
      name: a.name && declare.name(a.name),
      mode: a.mode,
      type: type(a.type),
      default: a.default && declare.fragment(a.default),
    };
  });
  checkArguments(d, more, declare);
  const own = new Set([id.name, ...declared.flatMap((a) => a.name ?? [])]);
  const transforms = d.transforms.map(type);
  const language = d.language?.text ?? "sql";
  const mentions: Id[] = [];
  let operators: Hints["operators"] = [];
  let unchecked = false;
  let looksUp: Hints["looksUp"];
  let followsColumns = false;
  const body = ((): Body => {
    const b = d.body;
    switch (b.kind) {
      case "symbol":
        return { library: b.library, symbol: b.symbol };
      case "return":
      case "atomic": {
        const node: FragmentNode | StatementsNode = b.kind === "return" ? b.expression : b.statements;
        if (declare.version < 140000)
          declare.report(
            problem("needs-newer-postgres", node.span, "A body that is parsed at once needs PostgreSQL 14.", {
              help: "Write it as a text: as $$ … $$",
            }),
          );
        const words = b.kind === "return" ? returnWords(node.text) : atomicWords(node.text);
        const uses = declare.uses(node, none, { beside: own });
        needs.push(...uses.needs);
        followsColumns = uses.stars;
        if (b.kind === "return") return { sql: { ...declare.fragment(node), sql: words } };
        declare.check(node, [
          `${askingHead(d)} language sql ${atomicHead}`,
          words.slice(atomicHead.length + node.text.length),
        ]);
        return { sql: { sql: words, path: declare.path, canonical: null } };
      }
      case "text": {
        const { source } = b;
        if (source.form === null) return { text: source.text };
        const quote = /^\$\w*\$/.exec(dollar(source.text))![0];
        declare.check(source, [`${askingHead(d)} language ${language} as ${quote}`, quote]);
        const uses = declare.uses(source, none, { beside: own });
        mentions.push(...uses.needs);
        operators = uses.operators;
        unchecked = language === "sql" && (uses.lacks || uses.strange.length > 0);
        looksUp = { functions: language === "sql" ? uses.functions : [], types: uses.types };
        return { text: source.text };
      }
    }
  })();
  return {
    id,
    attributes: {
      arguments: declared,
      language,
      body,
      security: d.security ?? "invoker",
      settings: declareConfiguration(d.configuration),
      transforms,
    },
    needs: needs.filter((n) => !sameId(n, id)),
    rest: {
      mentions: mentions.filter((n) => !sameId(n, id)),
      hints: {
        path: declare.path,
        ...(operators.length ? { operators } : {}),
        ...(unchecked ? { unchecked: true } : {}),
        ...(looksUp ? { looksUp } : {}),
        ...(followsColumns ? { followsColumns: true } : {}),
        ...(d.was ? { was: d.was.text } : {}),
      },
    },
  };
}

/** A statement that makes one like it for as long as it is looked at. */
function askingHead(d: CalledDeclaration): string {
  const head = d.body.kind === "text" ? d.body.head : "create function f() returns void";
  return head.replace(/^create function /, "create function pg_temp.");
}

function checkArguments(d: CalledDeclaration, more: readonly ArgumentNode[], declare: Declare): void {
  const seen = new Map<string, ArgumentNode>();
  for (const a of [...d.arguments, ...more]) {
    if (!a.name) continue;
    const other = seen.get(a.name.text);
    // One may come in and another of the same name go out.
    if (other && (isInput(other) ? isInput(a) || isOutput(other) : isOutput(a)))
      declare.report(
        problem("duplicate-name", a.span, `The argument ${name(a.name.text)} is there twice.`, {
          help: "Remove one of them.",
        }),
      );
    seen.set(a.name.text, a);
  }
  const inputs = d.arguments.filter(isInput);
  const first = inputs.findIndex((a) => a.default !== null);
  for (const a of inputs.filter((input, i) => first >= 0 && i > first && input.default === null))
    declare.report(
      problem("invalid-option", a.span, "An argument without a default stands before those that have one.", {
        help: "Give it a default, or take that of the ones before it away.",
      }),
    );
  if (d.kind === "procedure" && declare.version < 140000)
    for (const a of d.arguments)
      if (a.mode === "out")
        declare.report(
          problem("needs-newer-postgres", a.span, "An output argument of a procedure needs PostgreSQL 14.", {
            help: "Write `inout`.",
          }),
        );
}
