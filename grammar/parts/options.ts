/** `with (fillfactor = 70, user_catalog_table)` */
import type { OptionsCstNode, WithOptionsCstNode } from "../cst.ts";
import type { Lower } from "../lower.ts";
import type { OptionNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import * as t from "../tokens.ts";
import { string } from "./literals.ts";
import { quoted } from "./names.ts";

export const optionRules: Rules = {
  rules(p) {
    p.rule("options", () => {
      p.take(0, t.LParen);
      p.list(() => p.call(0, "setting"));
      p.take(0, t.RParen);
    });
    const signs = p.choice(
      () => p.take(0, t.Minus, "sign"),
      () => p.take(0, t.Plus, "sign"),
    );
    const values = p.ordered(
      () => {
        p.opt(1, () => p.one(1, signs));
        p.take(0, t.Num, "value");
      },
      () => p.take(0, t.Text, "text"),
      () => p.take(1, t.Name, "value"),
    );
    p.rule("setting", () => {
      p.take(0, t.Name, "name");
      p.each(0, () => {
        p.take(0, t.Dot);
        p.take(2, t.Name, "name");
      });
      p.opt(0, () => {
        p.take(0, t.Equals);
        p.one(0, values);
      });
    });
  },
};

export function options(nodes: readonly OptionsCstNode[] | undefined, l: Lower): OptionNode[] {
  l.onceNode(nodes, "with (…)");
  return (nodes?.[0]?.children.setting ?? []).map((node) => {
    const c = node.children;
    const value = c.value?.[0];
    return {
      name: c.name.map((n) => l.name(n, true).text).join("."),
      value:
        c.text !== undefined
          ? l.string(c.text[0]!)
          : value === undefined
            ? null
            : value.tokenType === t.QuotedName || value.tokenType === t.UnicodeName
              ? l.name(value).text
              : (c.sign?.[0]!.image ?? "") + value.image,
      span: l.at(node),
    };
  });
}

/** Of `with (…)`. */
export const withOptions = (nodes: readonly WithOptionsCstNode[] | undefined, l: Lower): OptionNode[] =>
  options(
    nodes?.map((n) => n.children.options[0]!),
    l,
  );

const plainName = /^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?$/;
const plainValue = /^(?:[A-Za-z_][A-Za-z0-9_$]*|[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)$/;

/** `(a = b, c)`, or "" where there are none. `raw`: the placeholder that the source has there. */
export function optionsText(list: readonly OptionNode[], raw: (o: OptionNode) => string | null): string {
  const one = (o: OptionNode): string => {
    const name = plainName.test(o.name) ? o.name : quoted(o.name);
    if (o.value === null) return name;
    return `${name} = ${raw(o) ?? (plainValue.test(o.value) ? o.value : string(o.value))}`;
  };
  return list.length === 0 ? "" : `(${list.map(one).join(", ")})`;
}
