/** `text search configuration english parser "default" { mapping for asciiword with english_stem }`, and what it is made of. */
import type { MappingNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { options } from "../parts/options.ts";
import { lowerProperties, printProperties, propertyRule, type Properties } from "../parts/properties.ts";
import { line, type Part, type Syntax } from "../syntax.ts";
import { kw, LBrace, Name } from "../tokens.ts";

export const parserProperties = {
  start: "name",
  gettoken: "name",
  end: "name",
  headline: "name",
  lextypes: "name",
} as const satisfies Properties;
export type ParserProperties = typeof parserProperties;
export const templateProperties = { init: "name", lexize: "name" } as const satisfies Properties;
export type TemplateProperties = typeof templateProperties;

export const textSearch: Syntax<"textSearch"> = {
  kind: "textSearch",
  holds: "parts",
  part: (c) =>
    c.k_configuration ? "mapping" : c.k_parser ? "parserProperty" : c.k_template ? "templateProperty" : null,
  rules(p) {
    propertyRule(p, "parserProperty", parserProperties);
    propertyRule(p, "templateProperty", templateProperties);
    p.rule("mappedTokens", () => p.list(() => p.take(0, Name, "token")));
    p.rule("dictionaries", () => p.list(() => p.call(0, "qualified")));
    p.rule("mapping", () => {
      p.take(0, kw("mapping"));
      p.take(0, kw("for"));
      p.call(0, "mappedTokens");
      p.take(0, kw("with"));
      p.call(0, "dictionaries");
    });
    p.rule("searchHead", () => {
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "inSchema"));
    });
    p.rule("usesParser", () => {
      p.take(0, kw("parser"));
      p.call(0, "qualified");
    });
    p.rule("usesTemplate", () => {
      p.take(0, kw("template"));
      p.call(0, "qualified");
    });
    const forms = p.choice(
      () => {
        p.take(0, kw("configuration"));
        p.call(0, "searchHead", "head");
        p.call(0, "usesParser");
        p.opt(0, () => p.call(0, "commentClause"));
        p.take(0, LBrace);
      },
      () => {
        p.take(0, kw("dictionary"));
        p.call(1, "searchHead", "head");
        p.call(0, "usesTemplate");
        p.opt(1, () => p.call(0, "withOptions"));
        p.opt(2, () => p.call(1, "commentClause"));
      },
      () => {
        p.take(0, kw("parser"));
        p.call(2, "searchHead", "head");
        p.opt(3, () => p.call(2, "commentClause"));
        p.take(1, LBrace);
      },
      () => {
        p.take(0, kw("template"));
        p.call(3, "searchHead", "head");
        p.opt(4, () => p.call(3, "commentClause"));
        p.take(2, LBrace);
      },
    );
    p.rule("textSearch", () => {
      p.take(0, kw("text"));
      p.take(0, kw("search"));
      p.one(0, forms);
    });
  },
  lower(c, place, inside, l) {
    const head = c.head![0]!.children;
    const shared = {
      kind: "textSearch",
      name: qualified(head.name[0]!, l),
      was: wasClause(head.was, l),
      ...common({ commentClause: c.commentClause, inSchema: head.inSchema }, place, l),
    } as const;
    if (c.usesParser)
      return {
        ...shared,
        form: "configuration",
        parser: qualified(c.usesParser[0]!.children.qualified[0]!, l),
        mappings: inside.parts.flatMap((part) => lowerMapping(part, l)),
      };
    if (c.usesTemplate)
      return {
        ...shared,
        form: "dictionary",
        template: qualified(c.usesTemplate[0]!.children.qualified[0]!, l),
        options: options(
          c.withOptions?.map((n) => n.children.options[0]!),
          l,
        ),
      };
    return c.k_parser
      ? { ...shared, form: "parser", properties: lowerProperties(inside.parts, parserProperties, l) }
      : { ...shared, form: "template", properties: lowerProperties(inside.parts, templateProperties, l) };
  },
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const head = `text search ${d.form} ${p.qualified(d.name)}${was}${p.inSchema(d)}`;
    const comment = p.comment(d.doc, d.span);
    switch (d.form) {
      case "configuration": {
        const body = d.mappings.map((m) => {
          const tokens = m.tokens.map((token) => p.name(token)).join(", ");
          return line([`mapping for ${tokens} with ${m.dictionaries.map((x) => p.qualified(x)).join(", ")}`], m);
        });
        return { ...line([`${head} parser ${p.qualified(d.parser)}${comment}`], d), body };
      }
      case "dictionary": {
        const list = p.options(d.options);
        const withOptions = list === "" ? "" : ` with ${list}`;
        return line([`${head} template ${p.qualified(d.template)}${withOptions}${comment}`], d);
      }
      case "parser":
        return {
          ...line([head + comment], d),
          body: printProperties(d.properties, parserProperties, p),
          inline: ", ",
        };
      case "template":
        return {
          ...line([head + comment], d),
          body: printProperties(d.properties, templateProperties, p),
          inline: ", ",
        };
    }
  },
};

function lowerMapping(part: Part, l: Lower): readonly MappingNode[] {
  if (part.node.name !== "mapping") return [];
  const c = part.node.children;
  return [
    {
      tokens: c.mappedTokens[0]!.children.token.map((token) => l.name(token)),
      dictionaries: c.dictionaries[0]!.children.qualified.map((n) => qualified(n, l)),
      span: part.span,
    },
  ];
}
