/** `language plsample trusted { handler f, inline g, validator h }` */
import { common } from "../parts/heads.ts";
import { lowerProperties, printProperties, propertyRule, type Properties } from "../parts/properties.ts";
import { line, type Syntax } from "../syntax.ts";
import { kw, LBrace, Name } from "../tokens.ts";

export const languageProperties = {
  handler: "name",
  inline: "name",
  validator: "name",
} as const satisfies Properties;
export type LanguageProperties = typeof languageProperties;

export const languages: Syntax<"language"> = {
  kind: "language",
  holds: "parts",
  part: () => "languageProperty",
  rules(p) {
    propertyRule(p, "languageProperty", languageProperties);
    p.rule("language", () => {
      p.take(0, kw("language"));
      p.take(0, Name, "name");
      p.opt(0, () => p.take(0, kw("trusted")));
      p.opt(1, () => p.call(0, "commentClause"));
      p.take(0, LBrace);
    });
  },
  lower: (c, place, inside, l) => ({
    kind: "language",
    name: l.name(c.name[0]!),
    trusted: c.k_trusted !== undefined,
    properties: lowerProperties(inside.parts, languageProperties, l),
    ...common(c, place, l),
  }),
  print: (d, p) => ({
    ...line([`language ${p.name(d.name)}${d.trusted ? " trusted" : ""}${p.comment(d.doc, d.span)}`], d),
    body: printProperties(d.properties, languageProperties, p),
    inline: ", ",
  }),
};
