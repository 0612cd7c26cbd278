/** `disabled`, `enabled replica`, `enabled always`: in which sessions a trigger or rule acts. */
import type { FiringCstNode } from "../cst.ts";
import type { FiringNode } from "../declarations.ts";
import type { Rules } from "../parser.ts";
import { kw } from "../tokens.ts";

export const firingRules: Rules = {
  rules(p) {
    const modes = p.choice(
      () => p.take(0, kw("replica")),
      () => p.take(0, kw("always")),
    );
    const forms = p.choice(
      () => p.take(0, kw("disabled")),
      () => {
        p.take(0, kw("enabled"));
        p.one(1, modes);
      },
    );
    p.rule("firing", () => p.one(0, forms));
  },
};

export function firing(nodes: readonly FiringCstNode[] | undefined): FiringNode {
  const c = nodes?.[0]?.children;
  if (c === undefined) return null;
  return c.k_disabled ? "disabled" : c.k_replica ? "replica" : "always";
}
export const firingText = (f: FiringNode): string =>
  f === null ? "" : f === "disabled" ? " disabled" : ` enabled ${f}`;
