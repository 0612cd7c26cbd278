/** `collation german { provider icu, locale 'de-DE', not deterministic }` */
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { lowerProperties, printProperties, propertyRule, type Properties } from "../parts/properties.ts";
import { line, type Syntax } from "../syntax.ts";
import { kw, LBrace } from "../tokens.ts";

export const collationProperties = {
  provider: "word",
  locale: "text",
  lc_collate: "text",
  lc_ctype: "text",
  "not deterministic": "flag",
  rules: "text",
} as const satisfies Properties;
export type CollationProperties = typeof collationProperties;

export const collations: Syntax<"collationDefinition"> = {
  kind: "collationDefinition",
  holds: "parts",
  part: () => "collationProperty",
  rules(p) {
    propertyRule(p, "collationProperty", collationProperties);
    p.rule("collationDefinition", () => {
      p.take(0, kw("collation"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "inSchema"));
      p.opt(2, () => p.call(0, "commentClause"));
      p.take(0, LBrace);
    });
  },
  lower: (c, place, inside, l) => ({
    kind: "collationDefinition",
    name: qualified(c.name[0]!, l),
    was: wasClause(c.was, l),
    properties: lowerProperties(inside.parts, collationProperties, l),
    ...common(c, place, l),
  }),
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const head = `collation ${p.qualified(d.name)}${was}${p.inSchema(d)}${p.comment(d.doc, d.span)}`;
    return { ...line([head], d), body: printProperties(d.properties, collationProperties, p), inline: ", " };
  },
};
