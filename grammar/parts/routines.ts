/** What functions and procedures have in common: `(a int = 1, variadic b text[])`, `set search_path = shop`, `as $$ … $$`. */
import type { IToken } from "chevrotain";
import type {
  ArgumentCstNode,
  ArgumentListCstNode,
  ConfigurationCstNode,
  FunctionCstChildren,
  ProcedureCstChildren,
  RoutineBodyCstNode,
  TransformClauseCstNode,
} from "../cst.ts";
import type { ArgumentNode, BodyNode, ConfigurationNode, RoutineCommon } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { TypeNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import type { Place, Print } from "../syntax.ts";
import * as t from "../tokens.ts";
import { dependsOn, dependsOnText } from "./clauses.ts";
import { bare, fragment } from "./fragments.ts";
import { common, wasClause } from "./heads.ts";
import { isPlain, qualified, quoted } from "./names.ts";
import { dollarQuoted, queryText, statements, within } from "./statements.ts";
import { ofTheGrammar, type, typeText } from "./types.ts";

const { kw } = t;
const modes = ["in", "out", "inout", "variadic"] as const;
const units = ["year", "month", "day", "hour", "minute", "second"] as const;

export const routineRules: Rules = {
  rules(p) {
    const mode = p.choice(...modes.map((m) => () => p.take(0, kw(m), "mode")));
    const opensMode = (): boolean => modes.some((m) => p.sees(1, kw(m))) && p.sees(2, t.Name);
    /** Two names in a row are a name and a type, unless both are words of one type. */
    const isNamed = (): boolean =>
      p.sees(2, t.Name) &&
      !(p.sees(2, kw("order")) && p.sees(3, kw("by"))) &&
      !(["varying", "precision", "with", "without", "array"] as const).some((w) => p.sees(2, kw(w))) &&
      !p.sees(1, kw("national")) &&
      !(p.sees(1, kw("interval")) && units.some((u) => p.sees(2, kw(u))));
    p.rule("argument", () => {
      p.opt(0, () => p.one(0, mode), opensMode);
      p.opt(1, () => p.take(0, t.Name, "name"), isNamed);
      p.call(0, "type");
      p.opt(2, () => p.call(0, "defaultClause"));
    });
    p.rule("argumentList", () => {
      p.take(0, t.LParen);
      p.opt(0, () => p.list(() => p.call(0, "argument")));
      p.take(0, t.RParen);
    });
    p.rule("languageClause", () => {
      p.take(0, kw("language"));
      p.take(0, t.Name, "name");
    });
    const rights = p.choice(
      () => p.take(0, kw("definer"), "whose"),
      () => p.take(0, kw("invoker"), "whose"),
    );
    p.rule("securityClause", () => {
      p.take(0, kw("security"));
      p.one(0, rights);
    });
    p.rule("transformed", () => {
      p.take(0, kw("for"));
      p.take(0, kw("type"));
      p.call(0, "type");
    });
    p.rule("transformClause", () => {
      p.take(0, kw("transform"));
      p.list(() => p.call(0, "transformed"));
    });
    const signs = p.choice(
      () => p.take(0, t.Minus, "sign"),
      () => p.take(0, t.Plus, "sign"),
    );
    const values = p.ordered(
      () => {
        p.opt(0, () => p.one(0, signs));
        p.take(0, t.Num, "value");
      },
      () => p.take(0, t.Text, "text"),
      () => p.take(0, t.Name, "value"),
    );
    p.rule("configured", () => p.one(1, values));
    const to = p.choice(
      () => p.take(0, t.Equals),
      () => p.take(0, kw("to")),
    );
    p.rule("configuration", () => {
      p.take(0, kw("set"));
      p.take(0, t.Name, "name");
      p.each(0, () => {
        p.take(0, t.Dot);
        p.take(1, t.Name, "name");
      });
      p.one(0, to);
      p.list(() => p.call(0, "configured"));
    });
    const bodies = p.choice(
      () => {
        p.take(0, kw("as"));
        p.take(0, t.Text, "text");
        p.opt(0, () => {
          p.take(0, t.Comma);
          p.take(1, t.Text, "text");
        });
      },
      () => {
        p.take(0, kw("return"));
        p.call(0, "fragment");
      },
      () => {
        p.take(0, kw("begin"));
        p.take(0, kw("atomic"));
        p.call(0, "statements");
      },
    );
    p.rule("routineBody", () => p.one(0, bodies));
  },
};

export const argumentsOf = (node: ArgumentListCstNode, l: Lower, table = false): ArgumentNode[] =>
  (node.children.argument ?? []).map((n) => argumentOf(n, l, table));

export function argumentOf(node: ArgumentCstNode, l: Lower, table = false): ArgumentNode {
  const c = node.children;
  const word = c.mode?.[0]!.image.toLowerCase();
  const value = c.defaultClause?.[0]!.children;
  if (table && (word !== undefined || value !== undefined))
    l.report("syntax", l.at(node), "a column of `returns table` has a name and a type, nothing else");
  return {
    mode: table ? "table" : (modes.find((m) => m === word) ?? "in"),
    name: c.name === undefined ? null : l.name(c.name[0]!),
    type: type(c.type[0]!, l),
    default: value?.fragment ? fragment(value.fragment[0]!, l) : value?.bare ? bare(value.bare[0]!, l) : null,
    span: l.at(node),
  };
}

const transformsOf = (nodes: readonly TransformClauseCstNode[] | undefined, l: Lower): TypeNode[] =>
  (nodes ?? []).flatMap((n) => n.children.transformed.map((x) => type(x.children.type[0]!, l)));

const configurationOf = (nodes: readonly ConfigurationCstNode[] | undefined, l: Lower): ConfigurationNode[] =>
  (nodes ?? []).map((node) => ({
    name: node.children.name.map((n) => l.name(n, true).text).join("."),
    values: node.children.configured.map(({ children: c }) => {
      const value = c.value?.[0];
      if (value === undefined) return l.string(c.text![0]!);
      return t.wordOf(value.tokenType) !== null || value.tokenType === t.Num
        ? (c.sign?.[0]!.image ?? "") + value.image
        : l.name(value).text;
    }),
    span: l.at(node),
  }));

/**
 * What both kinds say. `what`: the kind's word; `returns`: what stands between the arguments and the body, for who reads the body
 * as the language does.
 */
export function routineOf(
  c: FunctionCstChildren | ProcedureCstChildren,
  what: "function" | "procedure",
  returns: (args: readonly ArgumentNode[]) => string,
  place: Place,
  l: Lower,
): Omit<RoutineCommon, "kind"> {
  l.onceNode(c.languageClause, "language");
  l.onceNode(c.securityClause, "security");
  const name = qualified(c.name[0]!, l);
  const language = c.languageClause === undefined ? null : l.name(c.languageClause[0]!.children.name[0]!);
  const args = argumentsOf(c.argumentList[0]!, l);
  const body = c.routineBody[0]!;
  if (language === null && body.children.text !== undefined)
    l.report("syntax", name.span, `a ${what} with a body \`as …\` says its language`, {
      help: "add `language plpgsql`, or `language sql`",
    });
  const whose = c.securityClause?.[0]!.children.whose![0]!.tokenType;
  return {
    name,
    was: wasClause(c.was, l),
    arguments: args,
    language,
    security: whose === undefined ? null : whose === kw("definer") ? "definer" : "invoker",
    transforms: transformsOf(c.transformClause, l),
    configuration: configurationOf(c.configuration, l),
    dependsOn: dependsOn(c.dependsClause, l),
    body: bodyOf(body, language?.text ?? null, name.name.text, { arguments: args, returns: returns(args) }, l),
    ...common(c, place, l),
  };
}

/** ` was old(a int) … in x language sql`: how the text of both kinds begins. `returns`: with a blank before it, or "". */
export const beginText = (
  what: "function" | "procedure",
  d: Parameters<Print["inSchema"]>[0] & RoutineCommon,
  returns: string,
  p: Print,
): string =>
  `${what} ${p.qualified(d.name)}` +
  (d.was === null ? "" : ` was ${p.name(d.was)}`) +
  argumentsText(d.arguments, p) +
  returns +
  p.inSchema(d) +
  (d.language === null ? "" : ` language ${p.name(d.language)}`);

function bodyOf(
  node: RoutineBodyCstNode | undefined,
  language: string | null,
  name: string,
  around: { readonly arguments: readonly ArgumentNode[]; readonly returns: string },
  l: Lower,
): BodyNode {
  const c = node?.children;
  if (c?.fragment) return { kind: "return", expression: fragment(c.fragment[0]!, l) };
  if (c?.statements) return { kind: "atomic", statements: statements(c.statements[0]!, "body", l) };
  const [first, second] = c?.text ?? [];
  const span = first === undefined ? { file: l.file, start: 0, end: 0 } : l.between(first, second ?? first);
  if (first !== undefined && (second !== undefined || language === "c"))
    return { kind: "symbol", library: l.string(first), symbol: second === undefined ? name : l.string(second), span };
  const source = first === undefined ? { text: "", span } : textOf(first, l);
  const args = argumentsAsSql(around.arguments);
  const head = headOf(name, args, around.returns);
  if (language === "sql") return { kind: "text", head, source: { ...source, form: "statements", late: true } };
  if (language === "plpgsql") {
    const numbered = headOf(name, [...args, ...args.map((_, i) => `"$${i + 1}" int`)], around.returns);
    return { kind: "text", head, source: { ...source, form: "plpgsql", head: numbered } };
  }
  return { kind: "text", head, source: { ...source, form: null } };
}

function textOf(token: IToken, l: Lower): { readonly text: string; readonly span: ReturnType<Lower["between"]> } {
  if (token.tokenType !== t.DollarString) return { text: l.string(token), span: l.between(token) };
  const { start, end } = within(token);
  return l.sliced(start, end);
}

/** What stands before the body, for who reads it as the language does: a body can speak of its function's own name. */
const headOf = (name: string, args: readonly string[], returns: string): string =>
  `create function ${quoted(name)}(${args.join(", ")})${returns}`;
const argumentsAsSql = (args: readonly ArgumentNode[]): readonly string[] =>
  args.flatMap((a) => (a.mode === "table" ? [] : [argumentText(a, asSql)]));

/** For the parser's eyes: every name in quotes, no defaults. */
export const asSql: Pick<Print, "name" | "type" | "default"> = {
  name: (n) => quoted(n.text),
  type: (n) =>
    typeText(n, (x) => (n.schema === null && !x.quoted && ofTheGrammar.has(x.text) ? x.text : quoted(x.text))),
  default: () => "null",
};

export const argumentText = (a: ArgumentNode, p: Pick<Print, "name" | "type" | "default">): string =>
  (a.mode === "in" || a.mode === "table" ? "" : a.mode + " ") +
  (a.name === null ? "" : p.name(a.name, "argument") + " ") +
  p.type(a.type) +
  (a.default === null ? "" : ` = ${p.default(a.default)}`);
const width = 90;
/** In brackets: on one line where that is short, else a line each. */
export function argumentsText(list: readonly ArgumentNode[], p: Parameters<typeof argumentText>[1]): string {
  const texts = list.map((a) => argumentText(a, p));
  const line = `(${texts.join(", ")})`;
  return line.length <= width ? line : `(\n  ${texts.join(",\n  ")}\n)`;
}

const plainValue = /^(?:[a-z_][a-z0-9_]*|[-+]?[0-9]+(?:\.[0-9]+)?)$/;
const configurationText = (c: ConfigurationNode, p: Print): string =>
  `set ${c.name
    .split(".")
    .map((n) => (isPlain(n) ? n : quoted(n)))
    .join(".")} = ${c.values.map((v) => (plainValue.test(v) ? v : p.string(v, c.span))).join(", ")}`;

/** ` security definer set … as $$ … $$`: what ends the text of both kinds. */
export function endText(d: RoutineCommon, p: Print): string {
  let text = d.security === null ? "" : ` security ${d.security}`;
  if (d.transforms.length > 0) text += ` transform ${d.transforms.map((x) => `for type ${p.type(x)}`).join(", ")}`;
  for (const c of d.configuration) text += ` ${configurationText(c, p)}`;
  text += dependsOnText(d.dependsOn, p.name) + p.comment(d.doc, d.span);
  const b = d.body;
  switch (b.kind) {
    case "return":
      return `${text} return ${p.brackets(b.expression)}`;
    case "atomic":
      return `${text} begin atomic ${queryText(b.statements)}`;
    case "symbol":
      return `${text} as ${p.string(b.library, b.span)}, ${p.string(b.symbol, b.span)}`;
    case "text":
      return `${text} as ${dollarQuoted(b.source.text)}`;
  }
}
