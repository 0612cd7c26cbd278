/** `enum order_status { draft placed shipped was sent cancelled -> draft }` */
import type { IToken } from "chevrotain";
import type { LabelCstNode } from "../cst.ts";
import type { EnumLabel } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { string } from "../parts/literals.ts";
import { common, wasClause } from "../parts/heads.ts";
import { isPlain, qualified } from "../parts/names.ts";
import { Arrow, Identifier, kw, LabelName, LBrace, QuotedName, Text, UnicodeName, wordOf } from "../tokens.ts";
import { line, type Print, type Printed, type Syntax } from "../syntax.ts";

export const enums: Syntax<"enum"> = {
  kind: "enum",
  holds: "labels",
  rules(p) {
    p.rule("enum", () => {
      p.take(0, kw("enum"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "inSchema"));
      p.opt(2, () => p.call(0, "commentClause"));
      p.take(0, LBrace);
    });
    const texts = p.ordered(
      () => p.take(0, Text, "text"),
      () => p.take(0, LabelName, "text"),
    );
    p.rule("labelText", () => p.one(0, texts));
    p.rule("label", () => {
      p.call(0, "labelText", "text");
      p.opt(0, () => {
        p.take(0, kw("was"));
        p.call(1, "labelText", "was");
      });
      p.opt(1, () => {
        p.take(0, Arrow);
        p.call(2, "labelText", "replacement");
      });
    });
    p.rule("labels", () => p.some(0, () => p.call(0, "label")));
  },
  lower: (c, place, inside, l) => ({
    kind: "enum",
    name: qualified(c.name[0]!, l),
    was: wasClause(c.was, l),
    labels: inside.labels,
    ...common(c, place, l),
  }),
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const head = `enum ${p.qualified(d.name)}${was}${p.inSchema(d)}${p.comment(d.doc, d.span)}`;
    return { ...line([head], d), body: d.labels.map((label) => printLabel(label, p)), inline: " " };
  },
};

function labelText(token: IToken, l: Lower): string {
  const type = token.tokenType;
  if (type === QuotedName || type === UnicodeName) {
    const name = l.name(token);
    l.report("syntax", name.span, "an enum label in quotes stands in single quotes", { fix: string(name.text) });
    return name.text;
  }
  if (type !== Identifier && wordOf(type) === null) return l.string(token);
  const name = l.name(token, true);
  if (name.text !== token.image)
    l.report("unfolded-name", name.span, `\`${token.image}\` without quotes is read as \`${name.text}\``, {
      help: `write \`${string(token.image)}\` to keep the capitals, or \`${name.text}\``,
      fix: string(token.image),
    });
  return name.text;
}

export function lowerLabel(node: LabelCstNode, l: Lower): EnumLabel {
  const c = node.children;
  const text = (n: { readonly children: { readonly text?: IToken[] } } | undefined): string | null =>
    n?.children.text === undefined ? null : labelText(n.children.text[0]!, l);
  return {
    text: text(c.text[0]) ?? "",
    was: text(c.was?.[0]),
    replacement: text(c.replacement?.[0]),
    span: l.at(node),
  };
}

function printLabel(label: EnumLabel, p: Print): Printed {
  const text = (s: string): string => (isPlain(s) && s !== "was" ? s : p.string(s, label.span));
  const was = label.was === null ? "" : ` was ${text(label.was)}`;
  const replacement = label.replacement === null ? "" : ` -> ${text(label.replacement)}`;
  return line([text(label.text) + was + replacement], label);
}
