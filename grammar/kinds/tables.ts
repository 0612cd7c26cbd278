/** `table orders was purchases in shop of order_row with timestamps using heap with (fillfactor = 90) tablespace fast partition by range (day) { … }` */
import { wasClause } from "../parts/heads.ts";
import { sortText } from "../parts/foreignTables.ts";
import { blankBefore } from "../parts/members.ts";
import { qualified } from "../parts/names.ts";
import { options } from "../parts/options.ts";
import { commented, commentLines, keptText, tableClauses, tableHead, tableSorts } from "../parts/tableHeads.ts";
import { kw, LBrace, Name } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const tables: Syntax<"table"> = {
  kind: "table",
  holds: "members",
  rules(p) {
    const withs = p.choice(
      () => p.call(0, "options"),
      () => p.call(0, "mixinNames"),
    );
    p.rule("mixinNames", () => p.list(() => p.take(0, Name, "name")));
    const clauses = p.choice(
      ...tableClauses(p),
      () => {
        p.take(0, kw("with"));
        p.one(1, withs);
      },
      () => p.call(0, "ofType"),
    );
    const sorts = p.choice(...tableSorts(p));
    p.rule("ofType", () => {
      p.take(0, kw("of"));
      p.call(0, "qualified", "type");
    });
    p.rule("table", () => {
      p.opt(0, () => p.one(2, sorts));
      p.take(0, kw("table"));
      p.call(0, "qualified", "name");
      p.opt(1, () => p.call(0, "was"));
      p.each(0, () => p.one(0, clauses));
      p.take(0, LBrace);
    });
  },
  lower(c, place, inside, l) {
    l.onceNode(c.mixinNames, "with");
    l.onceNode(c.ofType, "of");
    return {
      kind: "table",
      name: qualified(c.name[0]!, l),
      was: wasClause(c.was, l),
      mixins: (c.mixinNames ?? []).flatMap((n) => n.children.name.map((t) => l.name(t))),
      options: options(c.options, l),
      of: c.ofType === undefined ? null : qualified(c.ofType[0]!.children.type[0]!, l),
      ...tableHead(c, place, l),
      ...commented(inside.members, place, l),
    };
  },
  print(d, p) {
    let head = `${sortText(d)}table ${p.qualified(d.name)}`;
    if (d.was !== null) head += ` was ${p.name(d.was)}`;
    head += p.inSchema(d);
    if (d.of !== null) head += ` of ${p.qualified(d.of)}`;
    if (d.mixins.length > 0) head += ` with ${d.mixins.map((m) => p.name(m)).join(", ")}`;
    return { ...line([head + keptText(d, p)], d), body: [...commentLines(d, p), ...blankBefore(d.members, p)] };
  },
};
