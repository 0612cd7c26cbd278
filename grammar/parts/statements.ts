/** `$$ … $$`: SQL that is whole statements, sliced verbatim. */
import type { IToken } from "chevrotain";
import type { StatementsCstNode } from "../cst.ts";
import type { Lower } from "../lower.ts";
import type { StatementsNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import * as t from "../tokens.ts";

export const statementRules: Rules = {
  rules(p) {
    const forms = p.choice(
      () => p.take(0, t.DollarString, "dollar"),
      () => p.call(0, "fragment"),
    );
    p.rule("statements", () => p.one(0, forms));
  },
};

/** The text without the blanks and the semicolon at its ends: a query, of which they are no part. `none`: there may be none. */
export function query(node: StatementsCstNode, l: Lower, none = false): StatementsNode {
  const c = node.children;
  if (c.fragment !== undefined) {
    const inner = c.fragment[0]!.children;
    return { ...l.fragment(inner.open[0]!, inner.close[0]!), form: "statements" };
  }
  const { start, end } = within(c.dollar![0]!);
  const text = l.text.slice(start, end);
  const last = text.replace(/[\s;]+$/, "").length;
  const first = /^\s*/.exec(text)![0].length;
  if (last <= first && !none)
    l.report("syntax", l.between(c.dollar![0]!), "expected a query between the dollar quotes");
  return { ...l.sliced(start + Math.min(first, last), start + last), form: "statements" };
}

/** Where the text in the dollar quotes stands. */
export function within(token: IToken): { readonly start: number; readonly end: number } {
  const tag = token.image.indexOf("$", 1) + 1;
  return { start: token.startOffset + tag, end: token.startOffset + token.image.length - tag };
}

/** In dollar quotes whose tag does not occur in it. */
export function dollarQuoted(text: string): string {
  let tag = "$$";
  for (let i = 0; (text + "$").includes(tag); i++) tag = `$s${i || ""}$`;
  return tag + text + tag;
}
/** Statements in dollar quotes: on the line where they are one short line, else on lines of their own. */
export const queryText = (node: StatementsNode, indent = ""): string =>
  dollarQuoted(
    node.text.includes("\n") || node.text.length > 60 ? `\n${indent}  ${node.text}\n${indent}` : ` ${node.text} `,
  );
