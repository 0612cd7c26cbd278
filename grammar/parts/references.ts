/** Operators and functions as others refer to them: `shop.===`, `(//)`, `shop.f(int, text)`; and lists of types. */
import type { FunctionNameCstNode, OperandsCstNode, SymbolCstNode, TypeListCstNode } from "../cst.ts";
import type { Lower } from "../lower.ts";
import type { FunctionNode, SymbolNode, TypeNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import * as t from "../tokens.ts";
import { qualified } from "./names.ts";
import { type } from "./types.ts";

export const referenceRules: Rules = {
  rules(p) {
    const forms = p.ordered(
      () => {
        p.take(0, t.LParen);
        p.opt(0, () => {
          p.take(0, t.Name, "schema");
          p.take(0, t.Dot);
        });
        p.take(0, t.AnyOperator, "part");
        p.take(0, t.RParen);
      },
      () => {
        p.opt(1, () => {
          p.take(1, t.Name, "schema");
          p.take(1, t.Dot);
        });
        p.some(0, () => p.take(0, t.SymbolPart, "part"));
      },
    );
    p.rule("symbol", () => p.one(0, forms), "placed");
    const sides = p.ordered(
      () => p.take(0, t.kw("none"), "none"),
      () => p.call(0, "type"),
    );
    p.rule("operand", () => p.one(0, sides));
    p.rule("operands", () => {
      p.take(0, t.LParen);
      p.call(0, "operand");
      p.take(0, t.Comma);
      p.call(1, "operand");
      p.take(0, t.RParen);
    });
    p.rule("typeList", () => {
      p.take(0, t.LParen);
      p.list(() => p.call(0, "type"));
      p.take(0, t.RParen);
    });
    p.rule(
      "functionName",
      () => {
        p.call(0, "qualified");
        p.opt(0, () => p.call(0, "typeList"));
      },
      "placed",
    );
  },
};

const operator = /^[-+*/<>=~!@#%^&|`?]+$/;

export function symbol(node: SymbolCstNode, l: Lower): SymbolNode {
  const c = node.children;
  const parts = [...(c.part ?? [])].sort((a, b) => a.startOffset - b.startOffset);
  const span = l.between(parts[0]!, parts.at(-1));
  const text = l.slice(span.start, span.end);
  if (!operator.test(text)) l.report("syntax", span, `\`${text}\` is no operator`);
  return { schema: c.schema === undefined ? null : l.name(c.schema[0]!), text, span: l.at(node) };
}
/** In brackets where it would be read as a comment, or as another sign of the language. */
export function symbolText(s: SymbolNode, p: Print): string {
  const text = (s.schema === null ? "" : `${p.name(s.schema)}.`) + s.text;
  return /\/\/|--|\/\*/.test(s.text) ? `(${text})` : text;
}

/** What an operator stands between; null: nothing. */
export const operands = (node: OperandsCstNode, l: Lower): readonly (TypeNode | null)[] =>
  node.children.operand.map(({ children }) => (children.type === undefined ? null : type(children.type[0]!, l)));
export const operandsText = (list: readonly (TypeNode | null)[], p: Print): string =>
  `(${list.map((n) => (n === null ? "none" : p.type(n))).join(", ")})`;

export const typeList = (node: TypeListCstNode, l: Lower): readonly TypeNode[] =>
  node.children.type.map((n) => type(n, l));
export const typeListText = (list: readonly TypeNode[], p: Print): string =>
  `(${list.map((n) => p.type(n)).join(", ")})`;

export function functionName(node: FunctionNameCstNode, l: Lower): FunctionNode {
  const c = node.children;
  return {
    name: qualified(c.qualified[0]!, l),
    arguments: c.typeList === undefined ? null : typeList(c.typeList[0]!, l),
    span: l.at(node),
  };
}
export const functionText = (f: FunctionNode, p: Print): string =>
  p.qualified(f.name) + (f.arguments === null ? "" : typeListText(f.arguments, p));
