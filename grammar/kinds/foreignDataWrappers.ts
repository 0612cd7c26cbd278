/** `foreign data wrapper files handler file_handler validator file_validator options (debug 'true')` */
import { foreignOptions, foreignOptionsText } from "../parts/foreignOptions.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { kw, Name } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const foreignDataWrappers: Syntax<"foreignDataWrapper"> = {
  kind: "foreignDataWrapper",
  holds: null,
  rules(p) {
    const clauses = p.choice(
      () => {
        p.take(0, kw("handler"));
        p.call(0, "qualified", "handler");
      },
      () => {
        p.take(0, kw("validator"));
        p.call(1, "qualified", "validator");
      },
      () => p.call(0, "foreignOptions"),
      () => p.call(0, "commentClause"),
    );
    p.rule("foreignDataWrapper", () => {
      p.take(0, kw("foreign"));
      p.take(0, kw("data"));
      p.take(0, kw("wrapper"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "was"));
      p.each(0, () => p.one(0, clauses));
    });
  },
  lower(c, place, _inside, l) {
    l.once(c.k_handler, "handler");
    l.once(c.k_validator, "validator");
    return {
      kind: "foreignDataWrapper",
      name: l.name(c.name[0]!),
      was: wasClause(c.was, l),
      handler: c.handler === undefined ? null : qualified(c.handler[0]!, l),
      validator: c.validator === undefined ? null : qualified(c.validator[0]!, l),
      options: foreignOptions(c.foreignOptions, l),
      ...common(c, place, l),
    };
  },
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const handler = d.handler === null ? "" : ` handler ${p.qualified(d.handler)}`;
    const validator = d.validator === null ? "" : ` validator ${p.qualified(d.validator)}`;
    return line(
      [
        `foreign data wrapper ${p.name(d.name)}${was}${handler}${validator}` +
          foreignOptionsText(d.options, p) +
          p.comment(d.doc, d.span),
      ],
      d,
    );
  },
};
