/** `procedure close_month(year int, inout lines int) language plpgsql as $$ … $$` */
import { beginText, endText, routineOf } from "../parts/routines.ts";
import { kw } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const procedures: Syntax<"procedure"> = {
  kind: "procedure",
  holds: null,
  rules(p) {
    const clauses = p.choice(
      () => p.call(0, "inSchema"),
      () => p.call(0, "languageClause"),
      () => p.call(0, "securityClause"),
      () => p.call(0, "transformClause"),
      () => p.call(0, "configuration"),
      () => p.call(0, "commentClause"),
    );
    p.rule("procedure", () => {
      p.take(0, kw("procedure"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.call(0, "argumentList");
      p.each(0, () => p.one(0, clauses));
      p.call(0, "routineBody");
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "procedure",
    ...routineOf(
      c,
      "procedure",
      (args) => (args.some((a) => a.mode !== "in" && a.mode !== "variadic") ? "" : " returns void"),
      place,
      l,
    ),
  }),
  print: (d, p) => line([beginText("procedure", d, "", p) + endText(d, p)], d),
};
