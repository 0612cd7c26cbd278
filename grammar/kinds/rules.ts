/** `rule name on insert where (…) do instead $$ … $$` */
import type { RewriteRuleCstChildren } from "../cst.ts";
import type { RuleNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { firing, firingText } from "../parts/firing.ts";
import { fragment } from "../parts/fragments.ts";
import { wasClause } from "../parts/heads.ts";
import { queryText, statements } from "../parts/statements.ts";
import { line, type MemberSyntax } from "../syntax.ts";
import { kw, Name } from "../tokens.ts";

export const rules: MemberSyntax<"rule"> = {
  kind: "rule",
  rules(p) {
    const events = p.choice(
      () => p.take(0, kw("insert")),
      () => p.take(0, kw("update")),
      () => p.take(0, kw("delete")),
    );
    const ways = p.choice(
      () => p.take(0, kw("also")),
      () => p.take(0, kw("instead")),
    );
    const actions = p.choice(
      () => p.take(0, kw("nothing")),
      () => p.call(0, "statements"),
    );
    p.rule("rewriteRule", () => {
      p.take(0, kw("rule"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "was"));
      p.take(0, kw("on"));
      p.one(0, events);
      p.opt(1, () => p.call(0, "where"));
      p.take(0, kw("do"));
      p.opt(2, () => p.one(1, ways));
      p.one(2, actions);
      p.opt(3, () => p.call(0, "firing"));
      p.opt(4, () => p.call(0, "commentClause"));
    });
  },
  print(m, p) {
    let text = `rule ${p.name(m.name)}`;
    if (m.was !== null) text += ` was ${p.name(m.was)}`;
    text += ` on ${m.event}`;
    if (m.where !== null) text += ` where ${p.brackets(m.where)}`;
    text += ` do ${m.instead ? "instead " : ""}${m.actions === null ? "nothing" : queryText(m.actions, "  ")}`;
    return [line([text + firingText(m.firing) + p.comment(m.doc, m.span)], m)];
  },
};

export function lowerRule(c: RewriteRuleCstChildren, span: Span, start: number, l: Lower): RuleNode {
  return {
    kind: "rule",
    name: l.name(c.name[0]!),
    was: wasClause(c.was, l),
    event: c.k_insert ? "insert" : c.k_update ? "update" : "delete",
    where: c.where === undefined ? null : fragment(c.where[0]!.children.fragment[0]!, l),
    instead: c.k_instead !== undefined,
    actions: c.statements === undefined ? null : statements(c.statements[0]!, "actions", l),
    firing: firing(c.firing),
    span,
    doc: l.docOf(
      start,
      c.commentClause?.flatMap((n) => n.children.text),
    ),
  };
}
