/** `table orders was purchases in shop of order_row with timestamps using heap with (fillfactor = 90) tablespace fast partition by range (day) { … }` */
import { inClause, wasClause } from "../parts/heads.ts";
import { foreign, foreignText, sortText } from "../parts/foreignTables.ts";
import { blankBefore } from "../parts/members.ts";
import { qualified } from "../parts/names.ts";
import { options } from "../parts/options.ts";
import { partitionKey, partitionKeyText } from "../parts/partitioning.ts";
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
      () => p.call(0, "inSchema"),
      () => {
        p.take(0, kw("with"));
        p.one(1, withs);
      },
      () => {
        p.take(0, kw("using"));
        p.take(0, Name, "using");
      },
      () => p.call(0, "inTablespace"),
      () => p.call(0, "partitionKey"),
      () => p.call(0, "ofType"),
      () => p.call(0, "onServer"),
      () => p.call(0, "foreignOptions"),
    );
    const sorts = p.choice(
      () => p.take(0, kw("unlogged")),
      () => p.take(0, kw("foreign")),
    );
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
    l.once(c.k_using, "using");
    l.onceNode(c.inTablespace, "tablespace");
    l.onceNode(c.mixinNames, "with");
    l.onceNode(c.partitionKey, "partition by");
    l.onceNode(c.ofType, "of");
    let doc = l.doc(place.start);
    const members = inside.members.filter((m) => {
      if (m.kind !== "comment") return true;
      if (doc !== null) l.twice(m.span, "comment");
      doc ??= m.text;
      return false;
    });
    return {
      kind: "table",
      name: qualified(c.name[0]!, l),
      was: wasClause(c.was, l),
      mixins: (c.mixinNames ?? []).flatMap((n) => n.children.name.map((t) => l.name(t))),
      unlogged: c.k_unlogged !== undefined,
      using: c.using === undefined ? null : l.name(c.using[0]!),
      options: options(c.options, l),
      ...foreign(c, place.span, l),
      tablespace: c.inTablespace === undefined ? null : l.name(c.inTablespace[0]!.children.name[0]!),
      partitionBy: c.partitionKey === undefined ? null : partitionKey(c.partitionKey[0]!, l),
      of: c.ofType === undefined ? null : qualified(c.ofType[0]!.children.type[0]!, l),
      members,
      doc,
      schema: inClause(c.inSchema, place, l),
      span: place.span,
    };
  },
  print(d, p) {
    let head = `${sortText(d)}table ${p.qualified(d.name)}`;
    if (d.was !== null) head += ` was ${p.name(d.was)}`;
    head += p.inSchema(d);
    if (d.of !== null) head += ` of ${p.qualified(d.of)}`;
    if (d.mixins.length > 0) head += ` with ${d.mixins.map((m) => p.name(m)).join(", ")}`;
    if (d.using !== null) head += ` using ${p.name(d.using)}`;
    const options = p.options(d.options);
    if (options !== "") head += ` with ${options}`;
    if (d.tablespace !== null) head += ` tablespace ${p.name(d.tablespace)}`;
    head += foreignText(d, p);
    if (d.partitionBy !== null) head += partitionKeyText(d.partitionBy, p);
    const text = p.comment(d.doc, d.span).trimStart();
    const comment = text === "" ? [] : [line([text], { span: { ...d.span, end: d.span.start } })];
    return { ...line([head], d), body: [...comment, ...blankBefore(d.members, p)] };
  },
};
