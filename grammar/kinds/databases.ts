/** `database` with a line each for `set work_mem = '64MB'`: what is said of the database itself. */
import { settings, settingText } from "../parts/settings.ts";
import { kw } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const databases: Syntax<"database"> = {
  kind: "database",
  holds: null,
  rules(p) {
    p.rule("database", () => {
      p.take(0, kw("database"));
      p.each(0, () => p.call(0, "settingClause"));
      p.opt(1, () => p.call(0, "commentClause"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "database",
    settings: settings(c.settingClause, l),
    doc: l.docOf(place.start, c.commentClause?.[0]!.children.text),
    schema: null,
    span: place.span,
  }),
  print: (d, p) => ({
    ...line(["database"], d),
    more: [
      ...d.settings.map((s) => line([settingText(s, p)], s)),
      ...(p.comment(d.doc, d.span) === "" ? [] : [line([p.comment(d.doc, d.span).trimStart()], { span: d.span })]),
    ],
  }),
};
