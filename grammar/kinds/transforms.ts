/** `transform for hstore language plperl { from sql f, to sql g }` */
import { common } from "../parts/heads.ts";
import { lowerProperties, printProperties, propertyRule, type Properties } from "../parts/properties.ts";
import { type } from "../parts/types.ts";
import { line, type Syntax } from "../syntax.ts";
import { kw, LBrace, Name } from "../tokens.ts";

export const transformProperties = { "from sql": "name", "to sql": "name" } as const satisfies Properties;
export type TransformProperties = typeof transformProperties;

export const transforms: Syntax<"transform"> = {
  kind: "transform",
  holds: "parts",
  part: () => "transformProperty",
  rules(p) {
    propertyRule(p, "transformProperty", transformProperties);
    p.rule("transform", () => {
      p.take(0, kw("transform"));
      p.take(0, kw("for"));
      p.call(0, "type");
      p.take(0, kw("language"));
      p.take(0, Name, "language");
      p.opt(0, () => p.call(0, "commentClause"));
      p.take(0, LBrace);
    });
  },
  lower: (c, place, inside, l) => ({
    kind: "transform",
    type: type(c.type[0]!, l),
    language: l.name(c.language[0]!),
    properties: lowerProperties(inside.parts, transformProperties, l),
    ...common(c, place, l),
  }),
  print: (d, p) => ({
    ...line([`transform for ${p.type(d.type)} language ${p.name(d.language)}${p.comment(d.doc, d.span)}`], d),
    body: printProperties(d.properties, transformProperties, p),
    inline: ", ",
  }),
};
