/** `type money_amount { amount numeric(14,2), currency char(3) }`, `type float_range range of float8 { subtype_diff float8mi }` */
import type { AttributeCstNode } from "../cst.ts";
import type { AttributeNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { lowerProperties, printProperties, propertyRule, type Properties } from "../parts/properties.ts";
import { type } from "../parts/types.ts";
import { line, type Part, type Print, type Printed, type Syntax } from "../syntax.ts";
import { kw, LBrace, Name } from "../tokens.ts";

export const rangeProperties = {
  "operator class": "name",
  collation: "name",
  canonical: "name",
  subtype_diff: "name",
  multirange: "name",
} as const satisfies Properties;
export type RangeProperties = typeof rangeProperties;

export const baseProperties = {
  input: "name",
  output: "name",
  receive: "name",
  send: "name",
  typmod_in: "name",
  typmod_out: "name",
  analyze: "name",
  subscript: "name",
  internallength: "number",
  passedbyvalue: "flag",
  alignment: "word",
  storage: "word",
  category: "text",
  preferred: "flag",
  default: "text",
  element: "type",
  delimiter: "text",
  collatable: "flag",
} as const satisfies Properties;
export type BaseProperties = typeof baseProperties;

export const types: Syntax<"typeDefinition"> = {
  kind: "typeDefinition",
  holds: "parts",
  part: (c) => (c.rangeOf ? "rangeProperty" : c.k_base ? "baseProperty" : "attribute"),
  rules(p) {
    p.rule("attribute", () => {
      p.take(0, Name, "name");
      p.call(0, "type");
      p.opt(0, () => p.call(0, "collation"));
      p.opt(1, () => p.call(0, "commentClause"));
    });
    propertyRule(p, "rangeProperty", rangeProperties);
    propertyRule(p, "baseProperty", baseProperties);
    p.rule("rangeOf", () => {
      p.take(0, kw("range"));
      p.take(0, kw("of"));
      p.call(0, "type");
    });
    const forms = p.choice(
      () => p.call(0, "rangeOf"),
      () => p.take(0, kw("base")),
      () => p.take(0, kw("shell")),
    );
    p.rule("typeDefinition", () => {
      p.take(0, kw("type"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "inSchema"));
      p.opt(2, () => p.one(0, forms));
      p.opt(3, () => p.call(0, "commentClause"));
      p.opt(4, () => p.take(0, LBrace));
    });
  },
  lower(c, place, inside, l) {
    const shared = {
      kind: "typeDefinition",
      name: qualified(c.name[0]!, l),
      was: wasClause(c.was, l),
      ...common(c, place, l),
    } as const;
    const range = c.rangeOf?.[0]!.children;
    if (range)
      return {
        ...shared,
        form: "range",
        subtype: type(range.type[0]!, l),
        properties: lowerProperties(inside.parts, rangeProperties, l),
      };
    if (c.k_shell) {
      for (const part of inside.parts) l.report("syntax", part.span, "of a shell type nothing but its name is known");
      return { ...shared, form: "base", properties: null };
    }
    if (c.k_base) return { ...shared, form: "base", properties: lowerProperties(inside.parts, baseProperties, l) };
    if (inside.bare)
      l.report("syntax", l.at(c.name[0]!), "expected `{` with the attributes of the type, or `range of` and a type");
    return { ...shared, form: "composite", attributes: inside.parts.flatMap((part) => lowerAttribute(part, l)) };
  },
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const head = `type ${p.qualified(d.name)}${was}${p.inSchema(d)}`;
    const comment = p.comment(d.doc, d.span);
    switch (d.form) {
      case "composite":
        return { ...line([head + comment], d), body: d.attributes.map((a) => printAttribute(a, p)), inline: ", " };
      case "base": {
        if (d.properties === null) return line([`${head} shell${comment}`], d);
        const body = printProperties(d.properties, baseProperties, p);
        return { ...line([`${head} base${comment}`], d), body, inline: ", " };
      }
      case "range": {
        const lines = printProperties(d.properties, rangeProperties, p);
        const text = `${head} range of ${p.type(d.subtype)}${comment}`;
        return { ...line([text], d), body: lines.length === 0 ? null : lines, inline: ", " };
      }
    }
  },
};

function lowerAttribute(part: Part, l: Lower): readonly AttributeNode[] {
  if (part.node.name !== "attribute") return [];
  const c: AttributeCstNode["children"] = part.node.children;
  return [
    {
      name: l.name(c.name[0]!),
      type: type(c.type[0]!, l),
      collation: c.collation === undefined ? null : qualified(c.collation[0]!.children.qualified[0]!, l),
      doc: l.docOf(c.name[0]!.startOffset, c.commentClause?.[0]!.children.text),
      span: part.span,
    },
  ];
}

function printAttribute(a: AttributeNode, p: Print): Printed {
  const collation = a.collation === null ? "" : ` collate ${p.qualified(a.collation)}`;
  return line([p.name(a.name), p.type(a.type) + collation + p.comment(a.doc, a.span)], a);
}
