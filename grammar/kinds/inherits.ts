/** `inherits a, b` */
import type { InheritsCstChildren } from "../cst.ts";
import type { InheritsNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { qualified } from "../parts/names.ts";
import { line, type MemberSyntax } from "../syntax.ts";
import { kw } from "../tokens.ts";

export const inherits: MemberSyntax<"inherits"> = {
  kind: "inherits",
  rules(p) {
    p.rule("inherits", () => {
      p.take(0, kw("inherits"));
      p.list(() => p.call(0, "qualified", "parent"));
    });
  },
  print: (m, p) => [line([`inherits ${m.parents.map((q) => p.qualified(q)).join(", ")}`], { span: m.span })],
};

export const lowerInherits = (c: InheritsCstChildren, span: Span, l: Lower): InheritsNode => ({
  kind: "inherits",
  parents: c.parent.map((n) => qualified(n, l)),
  span,
  doc: null,
});
