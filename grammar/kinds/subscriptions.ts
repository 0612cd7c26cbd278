/** `subscription orders connection ${upstream} publication orders, customers with (streaming = parallel) disabled` */
import { givenText } from "../parts/foreignOptions.ts";
import { common, wasClause } from "../parts/heads.ts";
import { withOptions } from "../parts/options.ts";
import { Comma, kw, Name, Text } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const subscriptions: Syntax<"subscription"> = {
  kind: "subscription",
  holds: null,
  rules(p) {
    const clauses = p.choice(
      () => p.call(0, "withOptions"),
      () => p.take(0, kw("disabled")),
      () => p.call(0, "commentClause"),
    );
    p.rule("subscription", () => {
      p.take(0, kw("subscription"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "was"));
      p.take(0, kw("connection"));
      p.take(0, Text, "connection");
      p.take(0, kw("publication"));
      p.take(1, Name, "publication");
      p.each(0, () => {
        p.take(0, Comma);
        p.take(2, Name, "publication");
      });
      p.each(1, () => p.one(0, clauses));
    });
  },
  lower(c, place, _inside, l) {
    l.once(c.k_disabled, "disabled");
    return {
      kind: "subscription",
      name: l.name(c.name[0]!),
      was: wasClause(c.was, l),
      connection: l.given(c.connection[0]!),
      publications: c.publication.map((n) => l.name(n)),
      options: withOptions(c.withOptions, l),
      disabled: c.k_disabled !== undefined,
      ...common(c, place, l),
    };
  },
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const given = p.options(d.options);
    return line(
      [
        `subscription ${p.name(d.name)}${was} connection ${givenText(d.connection)} publication ${d.publications.map((n) => p.name(n)).join(", ")}` +
          (given && ` with ${given}`) +
          (d.disabled ? " disabled" : "") +
          p.comment(d.doc, d.span),
      ],
      d,
    );
  },
};
