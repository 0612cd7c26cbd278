/** Keys of an index or an exclusion constraint: `created_at desc nulls last`, `lower(b) collate "C" text_pattern_ops`. */
import type { KeyCstNode } from "../cst.ts";
import type { KeyNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import * as t from "../tokens.ts";
import { brackets, expression, fragment } from "./fragments.ts";
import { qualified } from "./names.ts";
import { options } from "./options.ts";

const { kw } = t;

export const keyRules: Rules = {
  rules(p) {
    const forms = p.ordered(
      () => p.call(0, "fragment", "expression"),
      () => {
        p.take(0, t.Name, "name");
        p.each(0, () => {
          p.take(0, t.Dot);
          p.take(1, t.Name, "name");
        });
        p.opt(0, () => p.call(1, "fragment", "arguments"));
      },
    );
    const more = p.ordered(
      () => p.call(0, "keyCollation"),
      () => p.take(0, kw("asc")),
      () => p.take(0, kw("desc")),
      () => p.call(0, "keyNulls"),
      () => p.call(0, "keyStatistics"),
      () => p.call(0, "keyClass"),
    );
    p.rule(
      "key",
      () => {
        p.one(0, forms);
        p.each(
          1,
          () => p.one(1, more),
          () => !p.sees(1, kw("with")),
        );
      },
      "placed",
    );
    p.rule("keyCollation", () => {
      p.take(0, kw("collate"));
      p.call(0, "qualified");
    });
    const ends = p.choice(
      () => p.take(0, kw("first")),
      () => p.take(0, kw("last")),
    );
    p.rule("keyNulls", () => {
      p.take(0, kw("nulls"));
      p.one(0, ends);
    });
    p.rule("keyStatistics", () => {
      p.take(0, kw("statistics"));
      p.take(0, t.Num, "target");
    });
    p.rule("keyClass", () => {
      p.take(0, t.ClassName, "part");
      p.opt(0, () => {
        p.take(0, t.Dot);
        p.take(0, t.Name, "part");
      });
      p.opt(1, () => p.call(0, "options"));
    });
  },
};

export function key(node: KeyCstNode, l: Lower): KeyNode {
  const c = node.children;
  const [name, dotted] = c.name ?? [];
  const call = c.arguments?.[0]?.children;
  l.onceNode(c.keyCollation, "collate");
  l.onceNode(c.keyClass, "operator class");
  l.onceNode(c.keyNulls, "nulls");
  l.onceNode(c.keyStatistics, "statistics");
  l.once([...(c.k_asc ?? []), ...(c.k_desc ?? [])], "asc or desc");
  if (call === undefined && dotted !== undefined)
    l.report("syntax", l.between(name!, dotted), "a key is a column, a call, or an expression in brackets");
  if (call !== undefined) l.fragment(call.open[0]!, call.close[0]!);
  const opClass = c.keyClass?.[0]?.children;
  const [first, second] = opClass?.part ?? [];
  const close = call?.close[0];
  return {
    column: call === undefined && name !== undefined ? l.name(name) : null,
    expression:
      close !== undefined
        ? expression(l.sliced(name!.startOffset, close.startOffset + 1), l)
        : c.expression === undefined
          ? null
          : fragment(c.expression[0]!, l),
    collation: c.keyCollation === undefined ? null : qualified(c.keyCollation[0]!.children.qualified[0]!, l),
    operatorClass:
      first === undefined
        ? null
        : {
            schema: second === undefined ? null : l.name(first),
            name: l.name(second ?? first),
            span: l.between(first, second ?? first),
          },
    operatorClassOptions: options(opClass?.options, l),
    order: c.k_asc ? "asc" : c.k_desc ? "desc" : null,
    nulls: c.keyNulls === undefined ? null : c.keyNulls[0]!.children.k_first ? "first" : "last",
    statistics: c.keyStatistics === undefined ? null : l.verbatim(c.keyStatistics[0]!.children.target[0]!),
    span: l.at(node),
  };
}

export function keyText(k: KeyNode, p: Print): string {
  let text =
    k.column !== null
      ? p.name(k.column)
      : k.expression === null
        ? ""
        : p.fits(k.expression.text, "callAlone")
          ? k.expression.text
          : brackets(k.expression.text);
  if (k.collation !== null) text += " collate " + p.qualified(k.collation);
  if (k.operatorClass !== null) {
    const options = p.options(k.operatorClassOptions);
    text += " " + p.qualified(k.operatorClass, "operatorClass") + (options && " " + options);
  }
  if (k.order !== null) text += " " + k.order;
  if (k.nulls !== null) text += " nulls " + k.nulls;
  if (k.statistics !== null) text += " statistics " + k.statistics;
  return text;
}
