/** `options (host 'a', password ${secret})` of foreign data wrappers and what stands on them. */
import type { ForeignOptionsCstNode } from "../cst.ts";
import type { ForeignOptionNode, GivenNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import * as t from "../tokens.ts";
import { string } from "./literals.ts";

export const foreignOptionRules: Rules = {
  rules(p) {
    p.rule("foreignOptions", () => {
      p.take(0, t.kw("options"));
      p.take(0, t.LParen);
      p.list(() => p.call(0, "foreignOption"));
      p.take(0, t.RParen);
    });
    p.rule("foreignOption", () => {
      p.take(0, t.Name, "name");
      p.take(0, t.Text, "text");
    });
  },
};

export function foreignOptions(nodes: readonly ForeignOptionsCstNode[] | undefined, l: Lower): ForeignOptionNode[] {
  l.onceNode(nodes, "options (…)");
  return (nodes?.[0]?.children.foreignOption ?? []).map((node) => ({
    ...l.given(node.children.text[0]!),
    // Postgres keeps the case of what stands in quotes only, as of any name.
    name: l.name(node.children.name[0]!),
    span: l.at(node),
  }));
}

/** A placeholder stays one, whatever its value. */
export const givenText = (g: GivenNode): string =>
  g.placeholder === null ? string(g.value ?? "") : `\${${g.placeholder}}`;
/** ` options (…)`, or "" where there are none. */
export const foreignOptionsText = (list: readonly ForeignOptionNode[], p: Print): string =>
  list.length === 0 ? "" : ` options (${list.map((o) => `${p.name(o.name)} ${givenText(o)}`).join(", ")})`;
