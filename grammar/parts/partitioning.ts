/** `partition by range (a, b)`, and the bounds of partitions. */
import type { BoundCstNode, PartitionKeyCstNode } from "../cst.ts";
import type { BoundNode, PartitionKeyNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import * as t from "../tokens.ts";
import { fragment } from "./fragments.ts";
import { key, keyText } from "./keys.ts";

const { kw } = t;

export const partitioningRules: Rules = {
  rules(p) {
    const strategies = p.choice(
      () => p.take(0, kw("range")),
      () => p.take(0, kw("list")),
      () => p.take(0, kw("hash")),
    );
    p.rule("partitionKey", () => {
      p.take(0, kw("partition"));
      p.take(0, kw("by"));
      p.one(0, strategies);
      p.call(0, "indexKeys");
    });
    const values = p.choice(
      () => {
        p.call(0, "fragment", "from");
        p.opt(0, () => {
          p.take(0, kw("to"));
          p.call(1, "fragment", "to");
        });
      },
      () => {
        p.take(0, kw("modulus"));
        p.take(0, t.Num, "modulus");
        p.take(0, kw("remainder"));
        p.take(1, t.Num, "remainder");
      },
    );
    const bounds = p.choice(
      () => {
        p.take(0, kw("for"));
        p.one(1, values);
      },
      () => p.take(0, kw("default"), "default"),
    );
    p.rule("bound", () => p.one(0, bounds));
  },
};

export function partitionKey(node: PartitionKeyCstNode, l: Lower): PartitionKeyNode {
  const c = node.children;
  const keys = c.indexKeys[0]!.children.key.map((k) => key(k, l));
  for (const k of keys)
    if (k.order !== null || k.nulls !== null || k.operatorClassOptions.length > 0)
      l.report("syntax", k.span, "a partition key has no order and no options");
  return { strategy: c.k_range ? "range" : c.k_list ? "list" : "hash", keys, span: l.at(node) };
}
export const partitionKeyText = (k: PartitionKeyNode, p: Print): string =>
  ` partition by ${k.strategy} (${k.keys.map((x) => keyText(x, p)).join(", ")})`;

export function bound(node: BoundCstNode, l: Lower): BoundNode {
  const c = node.children;
  const span = l.at(node);
  if (c.from && c.to) return { kind: "range", from: fragment(c.from[0]!, l), to: fragment(c.to[0]!, l), span };
  if (c.from) return { kind: "list", values: fragment(c.from[0]!, l), span };
  if (c.modulus) return { kind: "hash", modulus: c.modulus[0]!.image, remainder: c.remainder![0]!.image, span };
  return { kind: "default", span };
}
export function boundText(b: BoundNode, p: Print): string {
  switch (b.kind) {
    case "range":
      return `for ${p.brackets(b.from)} to ${p.brackets(b.to)}`;
    case "list":
      return `for ${p.brackets(b.values)}`;
    case "hash":
      return `for modulus ${b.modulus} remainder ${b.remainder}`;
    case "default":
      return "default";
  }
}
