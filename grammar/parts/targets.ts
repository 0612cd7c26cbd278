/** What an owner, a grant or a label is said of: `orders`, `function f(int)`, `foreign data wrapper w`, `database`. */
import type { TargetCstNode } from "../cst.ts";
import type { TargetNode, TargetWord } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { QualifiedNode, SymbolNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import * as t from "../tokens.ts";
import { qualified } from "./names.ts";
import { operands, operandsText, symbol, symbolText } from "./references.ts";
import { type } from "./types.ts";

const { kw } = t;

export const targetRules: Rules = {
  rules(p) {
    p.rule("signature", () => {
      p.take(0, t.LParen);
      p.opt(0, () => p.call(0, "argumentTypes"));
      p.take(0, t.RParen);
    });
    p.rule("argumentTypes", () => p.list(() => p.call(0, "type")));
    const named = ["table", "view", "sequence", "type", "domain", "collation", "conversion", "statistics"] as const;
    const ofDatabase = ["schema", "language", "server", "publication", "subscription"] as const;
    const callable = ["function", "procedure", "aggregate"] as const;
    const textSearch = p.choice(
      () => p.take(0, kw("configuration"), "word"),
      () => p.take(0, kw("dictionary"), "word"),
    );
    const foreign = p.choice(
      () => p.take(1, kw("table"), "word"),
      () => {
        p.take(0, kw("data"), "word");
        p.take(0, kw("wrapper"), "word");
      },
    );
    const grouped = p.choice(
      () => p.take(0, kw("class"), "word"),
      () => p.take(0, kw("family"), "word"),
    );
    const forms = p.ordered(
      ...[...named, ...ofDatabase].map((w, i) => () => {
        p.take(0, kw(w), "word");
        p.call(i, "qualified");
      }),
      ...callable.map((w, i) => () => {
        p.take(0, kw(w), "word");
        p.call(20 + i, "qualified");
        p.call(i, "signature");
      }),
      () => {
        p.take(0, kw("materialized"), "word");
        p.take(1, kw("view"), "word");
        p.call(30, "qualified");
      },
      () => {
        p.take(0, kw("foreign"), "word");
        p.one(1, foreign);
        p.call(31, "qualified");
      },
      () => {
        p.take(0, kw("event"), "word");
        p.take(0, kw("trigger"), "word");
        p.call(32, "qualified");
      },
      () => {
        p.take(0, kw("text"), "word");
        p.take(0, kw("search"), "word");
        p.one(2, textSearch);
        p.call(33, "qualified");
      },
      () => {
        p.take(0, kw("operator"), "word");
        p.one(3, grouped);
        p.call(35, "qualified");
        p.take(0, kw("using"));
        p.take(0, t.Name, "method");
      },
      () => {
        p.take(1, kw("operator"), "word");
        p.call(0, "symbol");
        p.call(0, "operands");
      },
      () => p.take(0, kw("database"), "word"),
      () => p.call(34, "qualified"),
    );
    p.rule("target", () => p.one(0, forms));
    p.rule("targets", () => p.list(() => p.call(0, "target")));
  },
};

const nameOf = (s: SymbolNode): QualifiedNode => ({
  schema: s.schema,
  name: { text: s.text, quoted: true, span: s.span },
  span: s.span,
});

export function target(node: TargetCstNode, l: Lower): TargetNode {
  const c = node.children;
  const named = c.qualified?.[0];
  const signature = c.signature?.[0]?.children;
  const word = c.word === undefined ? null : (c.word.map((w) => w.image.toLowerCase()).join(" ") as TargetWord);
  if (c.symbol)
    return {
      word,
      name: nameOf(symbol(c.symbol[0]!, l)),
      arguments: operands(c.operands![0]!, l),
      method: null,
      span: l.at(node),
    };
  return {
    word,
    name: named === undefined ? null : qualified(named, l),
    arguments:
      signature === undefined ? null : (signature.argumentTypes?.[0]!.children.type ?? []).map((n) => type(n, l)),
    method: c.method === undefined ? null : l.name(c.method[0]!),
    span: l.at(node),
  };
}

export function targetText(n: TargetNode, p: Print): string {
  if (n.name === null) return n.word ?? "";
  if (n.word === "operator")
    return `operator ${symbolText({ schema: n.name.schema, text: n.name.name.text, span: n.name.span }, p)} ${operandsText(n.arguments ?? [], p)}`;
  const signature = n.arguments === null ? "" : `(${n.arguments.flatMap((a) => (a ? p.type(a) : [])).join(", ")})`;
  const using = n.method === null ? "" : ` using ${p.name(n.method)}`;
  return n.word === null ? p.qualified(n.name, "target") : `${n.word} ${p.qualified(n.name)}${signature}${using}`;
}
