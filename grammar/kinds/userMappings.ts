/** `user mapping for app server films options (user 'reader', password ${films_password})` */
import { foreignOptions, foreignOptionsText } from "../parts/foreignOptions.ts";
import { kw, Name } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const userMappings: Syntax<"userMapping"> = {
  kind: "userMapping",
  holds: null,
  rules(p) {
    p.rule("userMapping", () => {
      p.take(0, kw("user"));
      p.take(0, kw("mapping"));
      p.take(0, kw("for"));
      p.take(0, Name, "user");
      p.take(0, kw("server"));
      p.take(1, Name, "server");
      p.each(0, () => p.call(0, "foreignOptions"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "userMapping",
    user: l.name(c.user[0]!),
    server: l.name(c.server[0]!),
    options: foreignOptions(c.foreignOptions, l),
    doc: null,
    schema: place.schema,
    span: place.span,
  }),
  print: (d, p) =>
    line([`user mapping for ${p.name(d.user)} server ${p.name(d.server)}${foreignOptionsText(d.options, p)}`], {
      span: d.span,
    }),
};
