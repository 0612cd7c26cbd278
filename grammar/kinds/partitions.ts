/** `partition orders_2026 of orders for ('2026-01-01') to ('2027-01-01') { … }`; the braces may be left out. */
import type { Member } from "../declarations.ts";
import { wasClause } from "../parts/heads.ts";
import { sortText } from "../parts/foreignTables.ts";
import { blankBefore } from "../parts/members.ts";
import { qualified } from "../parts/names.ts";
import { withOptions } from "../parts/options.ts";
import { bound, boundText } from "../parts/partitioning.ts";
import { commented, commentLines, keptText, tableClauses, tableHead, tableSorts } from "../parts/tableHeads.ts";
import { line, type Syntax } from "../syntax.ts";
import { kw, LBrace } from "../tokens.ts";

export const partitions: Syntax<"partition"> = {
  kind: "partition",
  holds: "members",
  rules(p) {
    const clauses = p.choice(...tableClauses(p), () => p.call(0, "withOptions"));
    const sorts = p.choice(...tableSorts(p));
    p.rule("partition", () => {
      p.opt(0, () => p.one(2, sorts));
      p.take(0, kw("partition"));
      p.call(0, "qualified", "name");
      p.opt(1, () => p.call(0, "was"));
      p.take(0, kw("of"));
      p.call(1, "qualified", "parent");
      p.call(0, "bound");
      p.each(0, () => p.one(0, clauses));
      p.opt(2, () => p.take(0, LBrace));
    });
  },
  lower(c, place, inside, l) {
    const { members, doc } = commented(inside.members, place, l);
    for (const m of members)
      if (m.kind === "inherits")
        l.report("syntax", m.span, "a partition has its one parent, which its head names", {
          help: "take this line away",
        });
    return {
      kind: "partition",
      name: qualified(c.name[0]!, l),
      was: wasClause(c.was, l),
      parent: qualified(c.parent[0]!, l),
      bound: bound(c.bound[0]!, l),
      options: withOptions(c.withOptions, l),
      ...tableHead(c, place, l),
      // Every column is the parent's, whether the line says so or not.
      members: members.map((m): Member => (m.kind === "column" && !m.inherited ? { ...m, inherited: true } : m)),
      doc,
    };
  },
  print(d, p) {
    let head = `${sortText(d)}partition ${p.qualified(d.name)}`;
    if (d.was !== null) head += ` was ${p.name(d.was)}`;
    head += ` of ${p.qualified(d.parent)} ${boundText(d.bound, p)}${p.inSchema(d)}`;
    const members = d.members.map((m) => (m.kind === "column" ? { ...m, inherited: false } : m));
    const body = [...commentLines(d, p), ...blankBefore(members, p)];
    return { ...line([head + keptText(d, p)], d), body: body.length > 0 ? body : null };
  },
};
