/** `security label 'secret' for dummy on table orders, database` */
import { inClause } from "../parts/heads.ts";
import { columns } from "../parts/columns.ts";
import { target, targetText } from "../parts/targets.ts";
import { kw, Name, Text } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const securityLabels: Syntax<"securityLabel"> = {
  kind: "securityLabel",
  holds: null,
  rules(p) {
    p.rule("securityLabel", () => {
      p.take(0, kw("security"));
      p.take(0, kw("label"));
      p.take(0, Text, "text");
      p.take(0, kw("for"));
      p.take(0, Name, "provider");
      p.take(0, kw("on"));
      p.call(0, "target");
      p.opt(0, () => p.call(0, "columns"));
      p.opt(1, () => p.call(0, "inSchema"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "securityLabel",
    text: l.string(c.text[0]!),
    provider: l.name(c.provider[0]!),
    target: target(c.target[0]!, l),
    columns: c.columns === undefined ? [] : columns(c.columns[0]!, l).columns,
    doc: null,
    schema: inClause(c.inSchema, place, l),
    span: place.span,
  }),
  print(d, p) {
    const columns = d.columns.length ? ` (${d.columns.map((c) => p.name(c, "listed")).join(", ")})` : "";
    return line(
      [
        `security label ${p.string(d.text, d.span)} for ${p.name(d.provider)} on ${targetText(d.target, p)}${columns}${p.inSchema(d)}`,
      ],
      d,
    );
  },
};
