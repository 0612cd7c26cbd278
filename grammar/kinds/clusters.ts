/** `cluster on index` */
import type { ClusterCstChildren } from "../cst.ts";
import type { ClusterNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { line, type MemberSyntax } from "../syntax.ts";
import { kw, Name } from "../tokens.ts";

export const clusters: MemberSyntax<"cluster"> = {
  kind: "cluster",
  rules(p) {
    p.rule("cluster", () => {
      p.take(0, kw("cluster"));
      p.take(0, kw("on"));
      p.take(0, Name, "index");
    });
  },
  print: (m, p) => [line([`cluster on ${p.name(m.index)}`], { span: m.span })],
};

export const lowerCluster = (c: ClusterCstChildren, span: Span, l: Lower): ClusterNode => ({
  kind: "cluster",
  index: l.name(c.index[0]!),
  span,
  doc: null,
});
