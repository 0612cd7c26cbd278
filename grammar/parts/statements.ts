/** `$$ … $$`: SQL that is whole statements, sliced verbatim. */
import type { IToken } from "chevrotain";
import type { StatementsCstNode } from "../cst.ts";
import type { Lower } from "../lower.ts";
import type { FragmentNode, StatementsNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import * as t from "../tokens.ts";
import { inner, reportAt } from "./fragments.ts";

export const statementRules: Rules = {
  rules(p) {
    const forms = p.choice(
      () => p.take(0, t.DollarString, "dollar"),
      () => p.call(0, "fragment"),
    );
    p.rule("statements", () => p.one(0, forms));
  },
};

/** What a text is, by the statement of ours that it becomes a part of. */
export type Statements =
  /** One query, at the end of ours. */
  | "query"
  /** A rule's actions, in brackets. */
  | "actions"
  /** A body's statements, before an `end`. */
  | "body"
  /** Statements of their own. */
  | "script";

/** The text without the blanks and the semicolon at its ends. Reports what would end our statement before its own end. */
export function statements(node: StatementsCstNode, what: Statements, l: Lower): StatementsNode {
  const c = node.children;
  const [open, close] = [c.fragment?.[0]!.children.open[0], c.fragment?.[0]!.children.close[0]];
  const { start, end } =
    open && close ? { start: open.startOffset + 1, end: close.startOffset } : within(c.dollar![0]!);
  const text = l.text.slice(start, end);
  const last = text.replace(/[\s;]+$/, "").length;
  const first = /^\s*/.exec(text)![0].length;
  if (last <= first && what !== "body")
    l.report(
      "syntax",
      open && close ? l.between(open, close) : l.between(c.dollar![0]!),
      `expected ${what === "query" ? "a query" : "statements"} between the ${open ? "brackets" : "dollar quotes"}`,
    );
  const sliced = l.sliced(start + Math.min(first, last), start + last);
  checkEnds(sliced, what, l);
  return { ...sliced, form: what === "body" ? "atomic" : "statements" };
}

function checkEnds(text: FragmentNode, what: Statements, l: Lower): void {
  switch (what) {
    case "query": {
      const all = text.text.includes(";") ? [...inner(text.text)] : [];
      const end = all.findIndex((x) => x.image === ";");
      if (end >= 0 && end < all.length - 1)
        reportAt(text, all[end]!.start, "expected one query, found `;`", "what follows it is no part of a query", l);
      return;
    }
    case "actions": {
      const end = [...inner(text.text)].find((x) => x.depth < 0);
      if (end) reportAt(text, end.start, `this \`${end.image}\` closes nothing`, "leave it out", l);
      return;
    }
    case "body": {
      // No statement begins with `end`.
      const all = [...inner(text.text)];
      const end = all.findIndex(
        (x, i) => x.image.toLowerCase() === "end" && x.depth === 0 && (i === 0 || all[i - 1]!.image === ";"),
      );
      const help = "leave it out: the closing quotes end the body";
      if (end >= 0) reportAt(text, all[end]!.start, "expected a statement, found `end`", help, l);
      return;
    }
    case "script":
      return;
  }
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
