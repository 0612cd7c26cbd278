/** `owner app`, `owner app on table orders, function f(int)` */
import { inClause } from "../parts/heads.ts";
import { target, targetText } from "../parts/targets.ts";
import { kw, Name } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const owners: Syntax<"owner"> = {
  kind: "owner",
  holds: null,
  rules(p) {
    p.rule("owner", () => {
      p.take(0, kw("owner"));
      p.take(0, Name, "role");
      p.opt(0, () => {
        p.take(0, kw("on"));
        p.call(0, "targets");
      });
      p.opt(1, () => p.call(0, "inSchema"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "owner",
    role: l.name(c.role[0]!),
    targets: (c.targets?.[0]!.children.target ?? []).map((n) => target(n, l)),
    doc: null,
    schema: inClause(c.inSchema, place, l),
    span: place.span,
  }),
  print(d, p) {
    const on = d.targets.length ? ` on ${d.targets.map((n) => targetText(n, p)).join(", ")}` : "";
    return line([`owner ${p.name(d.role)}${on}${p.inSchema(d)}`], d);
  },
};
