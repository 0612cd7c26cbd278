/** `access method heap2 type table handler heap_tableam_handler` */
import { common } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { line, type Syntax } from "../syntax.ts";
import { kw, Name } from "../tokens.ts";

export const accessMethods: Syntax<"accessMethod"> = {
  kind: "accessMethod",
  holds: null,
  rules(p) {
    const types = p.choice(
      () => p.take(0, kw("table")),
      () => p.take(0, kw("index")),
    );
    p.rule("accessMethod", () => {
      p.take(0, kw("access"));
      p.take(0, kw("method"));
      p.take(0, Name, "name");
      p.take(0, kw("type"));
      p.one(0, types);
      p.take(0, kw("handler"));
      p.call(0, "qualified");
      p.opt(0, () => p.call(0, "commentClause"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "accessMethod",
    name: l.name(c.name[0]!),
    type: c.k_table ? "table" : "index",
    handler: qualified(c.qualified[0]!, l),
    ...common(c, place, l),
  }),
  print: (d, p) =>
    line(
      [`access method ${p.name(d.name)} type ${d.type} handler ${p.qualified(d.handler)}${p.comment(d.doc, d.span)}`],
      d,
    ),
};
