/** `constraint x not null (a) no inherit`, or `constraint x not null` on a column's line. */
import type { NotNullCstChildren, NotNullInlineCstChildren } from "../cst.ts";
import type { NotNullNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { constraintLine } from "../parts/constraints.ts";
import { kw, LParen, Name, RParen } from "../tokens.ts";
import type { MemberPlace, MemberSyntax, Print } from "../syntax.ts";

export const notNulls: MemberSyntax<"notNull"> = {
  kind: "notNull",
  rules(p) {
    const clauses = p.choice(
      () => p.call(0, "noInherit"),
      () => p.call(0, "notValid"),
    );
    p.rule("notNull", () => {
      p.take(0, kw("not"));
      p.take(0, kw("null"));
      p.take(0, LParen);
      p.take(0, Name, "column");
      p.take(0, RParen);
      p.each(0, () => p.one(0, clauses));
    });
    p.rule("notNullInline", () => {
      p.take(0, kw("not"));
      p.take(0, kw("null"));
      p.each(0, () => p.one(0, clauses));
    });
  },
  print: (m, p) => [constraintLine(m, notNullText(m, false, p), p)],
};

export function lowerNotNull(
  c: NotNullCstChildren | NotNullInlineCstChildren,
  { span, doc, name, column }: MemberPlace,
  l: Lower,
): NotNullNode {
  l.onceNode(c.noInherit, "no inherit");
  l.onceNode(c.notValid, "not valid");
  return {
    kind: "notNull",
    name,
    column: "column" in c ? l.name(c.column[0]!) : column!,
    noInherit: c.noInherit !== undefined,
    notValid: c.notValid !== undefined,
    span,
    doc,
  };
}
export const notNullText = (m: NotNullNode, inline: boolean, p: Print): string =>
  `not null${inline ? "" : ` (${p.name(m.column)})`}${m.noInherit ? " no inherit" : ""}${m.notValid ? " not valid" : ""}`;
