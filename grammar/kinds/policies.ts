/** `policy own_orders restrictive for select to app, reader using (…) with check (…)` */
import type { PolicyCstChildren } from "../cst.ts";
import type { PolicyNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { fragment } from "../parts/fragments.ts";
import { wasClause } from "../parts/heads.ts";
import { role, roleText } from "../parts/names.ts";
import { line, type MemberSyntax } from "../syntax.ts";
import { kw, Name } from "../tokens.ts";

const commands = ["all", "select", "insert", "update", "delete"] as const;

export const policies: MemberSyntax<"policy"> = {
  kind: "policy",
  rules(p) {
    const modes = p.choice(
      () => p.take(0, kw("restrictive")),
      () => p.take(0, kw("permissive")),
    );
    const command = p.choice(...commands.map((c) => () => p.take(0, kw(c))));
    p.rule("policy", () => {
      p.take(0, kw("policy"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.one(0, modes));
      p.opt(2, () => {
        p.take(0, kw("for"));
        p.one(1, command);
      });
      p.opt(3, () => {
        p.take(0, kw("to"));
        p.list(() => p.take(1, Name, "role"));
      });
      p.opt(4, () => {
        p.take(0, kw("using"));
        p.call(0, "fragment", "using");
      });
      p.opt(5, () => {
        p.take(0, kw("with"));
        p.take(0, kw("check"));
        p.call(1, "fragment", "check");
      });
      p.opt(6, () => p.call(0, "commentClause"));
    });
  },
  print(m, p) {
    let text = `policy ${p.name(m.name)}`;
    if (m.was !== null) text += ` was ${p.name(m.was)}`;
    if (m.restrictive) text += " restrictive";
    if (m.command !== null) text += ` for ${m.command}`;
    if (m.roles.length > 0) text += ` to ${m.roles.map((r) => roleText(r, p.name)).join(", ")}`;
    if (m.using !== null) text += ` using ${p.brackets(m.using)}`;
    if (m.check !== null) text += ` with check ${p.brackets(m.check)}`;
    return [line([text + p.comment(m.doc, m.span)], m)];
  },
};

export function lowerPolicy(c: PolicyCstChildren, span: Span, start: number, l: Lower): PolicyNode {
  return {
    kind: "policy",
    name: l.name(c.name[0]!),
    was: wasClause(c.was, l),
    restrictive: c.k_restrictive !== undefined,
    command: commands.find((word) => c[`k_${word}`] !== undefined) ?? null,
    roles: (c.role ?? []).map((r) => role(r, l)),
    using: c.using === undefined ? null : fragment(c.using[0]!, l),
    check: c.check === undefined ? null : fragment(c.check[0]!, l),
    span,
    doc: l.docOf(
      start,
      c.commentClause?.flatMap((n) => n.children.text),
    ),
  };
}
