/** `replica identity full | nothing | default | index name` */
import type { ReplicaIdentityCstChildren } from "../cst.ts";
import type { ReplicaIdentityNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { line, type MemberSyntax } from "../syntax.ts";
import { kw, Name } from "../tokens.ts";

export const replicaIdentities: MemberSyntax<"replicaIdentity"> = {
  kind: "replicaIdentity",
  rules(p) {
    const modes = p.choice(
      () => p.take(0, kw("full")),
      () => p.take(0, kw("nothing")),
      () => p.take(0, kw("default")),
      () => {
        p.take(0, kw("index"));
        p.take(0, Name, "index");
      },
    );
    p.rule("replicaIdentity", () => {
      p.take(0, kw("replica"));
      p.take(0, kw("identity"));
      p.one(0, modes);
    });
  },
  print: (m, p) => [
    line([`replica identity ${m.index === null ? m.mode : `index ${p.name(m.index)}`}`], { span: m.span }),
  ],
};

export function lowerReplicaIdentity(c: ReplicaIdentityCstChildren, span: Span, l: Lower): ReplicaIdentityNode {
  const mode = c.k_full ? "full" : c.k_nothing ? "nothing" : c.k_default ? "default" : "index";
  return { kind: "replicaIdentity", mode, index: c.index === undefined ? null : l.name(c.index[0]!), span, doc: null };
}
