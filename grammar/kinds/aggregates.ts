/** `aggregate total(numeric) (sfunc = numeric_add, stype = numeric, initcond = '0')` */
import type { AggregateArgumentsCstNode, DefinitionCstNode } from "../cst.ts";
import type { ArgumentNode, DefinitionNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { argumentOf, argumentText } from "../parts/routines.ts";
import { type } from "../parts/types.ts";
import { Equals, kw, LParen, Name, Num, RParen, Text } from "../tokens.ts";
import { line, type Print, type Syntax } from "../syntax.ts";

export const aggregates: Syntax<"aggregate"> = {
  kind: "aggregate",
  holds: null,
  rules(p) {
    const ordered = (): boolean => p.sees(1, kw("order")) && p.sees(2, kw("by"));
    p.rule("argumentItems", () => p.list(() => p.call(0, "argument")));
    p.rule("aggregateArguments", () => {
      p.take(0, LParen);
      p.opt(
        0,
        () => p.call(0, "argumentItems", "direct"),
        () => !ordered(),
      );
      p.opt(1, () => {
        p.take(0, kw("order"));
        p.take(0, kw("by"));
        p.call(1, "argumentItems", "ordered");
      });
      p.take(0, RParen);
    });
    const values = p.ordered(
      () => p.take(0, Num, "number"),
      () => p.take(0, Text, "text"),
      () => p.call(0, "operator"),
      () => p.call(0, "type"),
    );
    p.rule("definition", () => {
      p.take(0, Name, "name");
      p.opt(0, () => {
        p.take(0, Equals);
        p.one(0, values);
      });
    });
    p.rule("definitions", () => {
      p.take(0, LParen);
      p.list(() => p.call(0, "definition"));
      p.take(0, RParen);
    });
    const clauses = p.choice(
      () => p.call(0, "inSchema"),
      () => p.call(0, "commentClause"),
    );
    p.rule("aggregate", () => {
      p.take(0, kw("aggregate"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.call(0, "aggregateArguments");
      p.each(0, () => p.one(0, clauses));
      p.call(0, "definitions");
    });
  },
  lower(c, place, _inside, l) {
    const args = c.aggregateArguments[0]!.children;
    const list = (node: AggregateArgumentsCstNode["children"]["direct"]): ArgumentNode[] =>
      (node?.[0]!.children.argument ?? []).map((n) => argumentOf(n, l));
    return {
      kind: "aggregate",
      name: qualified(c.name[0]!, l),
      was: wasClause(c.was, l),
      arguments: list(args.direct),
      ordered: args.ordered === undefined ? null : list(args.ordered),
      definition: c.definitions[0]!.children.definition.map((n) => definition(n, l)),
      ...common(c, place, l),
    };
  },
  print(d, p) {
    const list = (all: readonly ArgumentNode[]): string => all.map((a) => argumentText(a, p)).join(", ");
    const ordered = d.ordered === null ? "" : `order by ${list(d.ordered)}`;
    const head =
      `aggregate ${p.qualified(d.name)}${d.was === null ? "" : ` was ${p.name(d.was)}`}` +
      `(${[list(d.arguments), ordered].filter((t) => t !== "").join(" ")})${p.inSchema(d)}${p.comment(d.doc, d.span)}`;
    const said = d.definition.map((x) => definitionText(x, p));
    const text = `${head} (${said.join(", ")})`;
    return line([text.length <= width ? text : `${head} (\n  ${said.join(",\n  ")}\n)`], d);
  },
};
const width = 100;
const number = /^[0-9]+$/;

function definition(node: DefinitionCstNode, l: Lower): DefinitionNode {
  const c = node.children;
  const operator = c.operator?.[0];
  return {
    name: l.name(c.name[0]!, true).text,
    value: c.number
      ? { kind: "text", text: c.number[0]!.image }
      : c.text
        ? { kind: "text", text: l.string(c.text[0]!) }
        : operator
          ? { kind: "operator", text: l.slice(l.at(operator).start, l.at(operator).end) }
          : c.type
            ? { kind: "type", type: type(c.type[0]!, l) }
            : null,
    span: l.at(node),
  };
}
function definitionText(d: DefinitionNode, p: Print): string {
  if (d.value === null) return d.name;
  const value =
    d.value.kind === "type"
      ? p.type(d.value.type)
      : d.value.kind === "operator"
        ? d.value.text
        : number.test(d.value.text) && d.name.endsWith("sspace")
          ? d.value.text
          : p.string(d.value.text, d.span);
  return `${d.name} = ${value}`;
}
