/** `check (price >= 0) no inherit not valid not enforced` */
import type { CheckCstChildren } from "../cst.ts";
import type { CheckNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { constraintLine } from "../parts/constraints.ts";
import { fragment } from "../parts/fragments.ts";
import type { MemberPlace, MemberSyntax, Print } from "../syntax.ts";
import { kw } from "../tokens.ts";

export const checks: MemberSyntax<"check"> = {
  kind: "check",
  rules(p) {
    const clauses = p.choice(
      () => p.call(0, "noInherit"),
      () => p.call(0, "notValid"),
      () => p.call(0, "notEnforced"),
    );
    p.rule("check", () => {
      p.take(0, kw("check"));
      p.call(0, "fragment");
      p.each(0, () => p.one(0, clauses));
    });
  },
  print: (m, p) => [constraintLine(m, checkText(m, p), p)],
};

export function lowerCheck(c: CheckCstChildren, { span, doc, name }: MemberPlace, l: Lower): CheckNode {
  l.onceNode(c.noInherit, "no inherit");
  l.onceNode(c.notValid, "not valid");
  l.onceNode(c.notEnforced, "not enforced");
  return {
    kind: "check",
    name,
    expression: fragment(c.fragment[0]!, l),
    noInherit: c.noInherit !== undefined,
    notValid: c.notValid !== undefined,
    notEnforced: c.notEnforced !== undefined,
    span,
    doc,
  };
}
export const checkText = (m: CheckNode, p: Print): string =>
  `check ${p.brackets(m.expression)}` +
  (m.noInherit ? " no inherit" : "") +
  (m.notValid ? " not valid" : "") +
  (m.notEnforced ? " not enforced" : "");
