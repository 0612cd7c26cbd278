/** `row level security [disabled] [forced]` */
import type { RowSecurityCstChildren } from "../cst.ts";
import type { RowSecurityNode } from "../declarations.ts";
import type { Span } from "../nodes.ts";
import { line, type MemberSyntax } from "../syntax.ts";
import { kw } from "../tokens.ts";

export const rowSecurities: MemberSyntax<"rowSecurity"> = {
  kind: "rowSecurity",
  rules(p) {
    p.rule("rowSecurity", () => {
      p.take(0, kw("row"));
      p.take(0, kw("level"));
      p.take(0, kw("security"));
      p.opt(0, () => p.take(0, kw("disabled")));
      p.opt(1, () => p.take(0, kw("forced")));
    });
  },
  print: (m) => [
    line([`row level security${m.enabled ? "" : " disabled"}${m.forced ? " forced" : ""}`], { span: m.span }),
  ],
};

export const lowerRowSecurity = (c: RowSecurityCstChildren, span: Span): RowSecurityNode => ({
  kind: "rowSecurity",
  enabled: c.k_disabled === undefined,
  forced: c.k_forced !== undefined,
  span,
  doc: null,
});
