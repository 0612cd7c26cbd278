/** `partition orders_2026 of orders for ('2026-01-01') to ('2027-01-01') { … }`; the braces may be left out. */
import type { Member } from "../declarations.ts";
import { inClause, wasClause } from "../parts/heads.ts";
import { foreign, foreignText, sortText } from "../parts/foreignTables.ts";
import { blankBefore } from "../parts/members.ts";
import { qualified } from "../parts/names.ts";
import { withOptions } from "../parts/options.ts";
import { bound, boundText, partitionKey, partitionKeyText } from "../parts/partitioning.ts";
import { line, type Syntax } from "../syntax.ts";
import { kw, LBrace, Name } from "../tokens.ts";

export const partitions: Syntax<"partition"> = {
  kind: "partition",
  holds: "members",
  rules(p) {
    const clauses = p.choice(
      () => p.call(0, "inSchema"),
      () => p.call(0, "withOptions"),
      () => {
        p.take(0, kw("using"));
        p.take(0, Name, "using");
      },
      () => p.call(0, "inTablespace"),
      () => p.call(0, "partitionKey"),
      () => p.call(0, "onServer"),
      () => p.call(0, "foreignOptions"),
    );
    const sorts = p.choice(
      () => p.take(0, kw("unlogged")),
      () => p.take(0, kw("foreign")),
    );
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
    l.once(c.k_using, "using");
    l.onceNode(c.inTablespace, "tablespace");
    l.onceNode(c.partitionKey, "partition by");
    let doc = l.doc(place.start);
    const members = inside.members.flatMap((m): Member[] => {
      // Every column is the parent's, whether the line says so or not.
      if (m.kind === "column") return [m.inherited ? m : { ...m, inherited: true }];
      if (m.kind === "inherits")
        l.report("syntax", m.span, "a partition has its one parent, which its head names", {
          help: "take this line away",
        });
      if (m.kind !== "comment") return [m];
      if (doc !== null) l.twice(m.span, "comment");
      doc ??= m.text;
      return [];
    });
    return {
      kind: "partition",
      name: qualified(c.name[0]!, l),
      was: wasClause(c.was, l),
      parent: qualified(c.parent[0]!, l),
      bound: bound(c.bound[0]!, l),
      unlogged: c.k_unlogged !== undefined,
      using: c.using === undefined ? null : l.name(c.using[0]!),
      options: withOptions(c.withOptions, l),
      ...foreign(c, place.span, l),
      tablespace: c.inTablespace === undefined ? null : l.name(c.inTablespace[0]!.children.name[0]!),
      partitionBy: c.partitionKey === undefined ? null : partitionKey(c.partitionKey[0]!, l),
      members,
      doc,
      schema: inClause(c.inSchema, place, l),
      span: place.span,
    };
  },
  print(d, p) {
    let head = `${sortText(d)}partition ${p.qualified(d.name)}`;
    if (d.was !== null) head += ` was ${p.name(d.was)}`;
    head += ` of ${p.qualified(d.parent)} ${boundText(d.bound, p)}${p.inSchema(d)}`;
    if (d.using !== null) head += ` using ${p.name(d.using)}`;
    const options = p.options(d.options);
    if (options !== "") head += ` with ${options}`;
    if (d.tablespace !== null) head += ` tablespace ${p.name(d.tablespace)}`;
    head += foreignText(d, p);
    if (d.partitionBy !== null) head += partitionKeyText(d.partitionBy, p);
    const text = p.comment(d.doc, d.span).trimStart();
    const comment = text === "" ? [] : [line([text], { span: { ...d.span, end: d.span.start } })];
    const members = d.members.map((m) => (m.kind === "column" ? { ...m, inherited: false } : m));
    const body = [...comment, ...blankBefore(members, p)];
    return { ...line([head], d), body: body.length > 0 ? body : null };
  },
};
