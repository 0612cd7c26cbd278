/** `comment 'text' on index orders_pkey`, `… on constraint c on orders`, `… on domain d`, `… on sequence s`: of what has no place of its own. */
import { inClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { kw, Name, Text } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const remarks: Syntax<"remark"> = {
  kind: "remark",
  holds: null,
  rules(p) {
    const forms = p.choice(
      () => {
        p.take(0, kw("index"), "word");
        p.call(0, "qualified");
      },
      () => {
        p.take(0, kw("sequence"), "word");
        p.call(1, "qualified");
      },
      () => {
        p.take(0, kw("constraint"), "word");
        p.take(0, Name, "constraint");
        p.take(1, kw("on"));
        p.opt(1, () => p.take(0, kw("domain"), "domain"));
        p.call(2, "qualified");
      },
    );
    p.rule("remark", () => {
      p.take(0, kw("comment"));
      p.take(0, Text, "text");
      p.take(0, kw("on"));
      p.one(0, forms);
      p.opt(0, () => p.call(0, "inSchema"));
    });
  },
  lower(c, place, _inside, l) {
    const named = qualified(c.qualified![0]!, l);
    const constraint = c.constraint && l.name(c.constraint[0]!);
    return {
      kind: "remark",
      text: l.string(c.text[0]!),
      target: constraint
        ? { is: "constraint", name: constraint, of: c.domain ? "domain" : "table", host: named }
        : { is: c.word?.[0]!.image.toLowerCase() === "index" ? "index" : "sequence", name: named },
      doc: null,
      schema: inClause(c.inSchema, place, l),
      span: place.span,
    };
  },
  print(d, p) {
    const t = d.target;
    const what =
      t.is === "constraint"
        ? `constraint ${p.name(t.name)} on ${t.of === "domain" ? `domain ${p.qualified(t.host)}` : p.qualified(t.host, "target")}`
        : `${t.is} ${p.qualified(t.name)}`;
    return line([`comment ${p.string(d.text, d.span)} on ${what}${p.inSchema(d)}`], d);
  },
};
