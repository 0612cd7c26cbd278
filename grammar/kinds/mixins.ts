/** `mixin timestamps { … }`: members that tables take over by `with timestamps`. */
import { common } from "../parts/heads.ts";
import { blankBefore } from "../parts/members.ts";
import { kw, LBrace, Name } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const mixins: Syntax<"mixin"> = {
  kind: "mixin",
  holds: "members",
  rules(p) {
    p.rule("mixin", () => {
      p.take(0, kw("mixin"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "commentClause"));
      p.take(0, LBrace);
    });
  },
  lower: (c, place, inside, l) => ({
    kind: "mixin",
    name: l.name(c.name[0]!),
    members: inside.members,
    ...common(c, place, l),
  }),
  print: (d, p) => ({
    ...line([`mixin ${p.name(d.name)}${p.comment(d.doc, d.span)}`], d),
    body: blankBefore(d.members, p),
  }),
};
