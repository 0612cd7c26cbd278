/** `sequence invoice_number bigint start 1000 cache 20 owned by invoices (number)` */
import { columns } from "../parts/columns.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { sequenceOptions, sequenceOptionsText } from "../parts/sequenceOptions.ts";
import { kw } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const sequences: Syntax<"sequence"> = {
  kind: "sequence",
  holds: null,
  rules(p) {
    const types = p.choice(
      ...(["smallint", "integer", "int", "bigint", "int2", "int4", "int8"] as const).map(
        (w) => () => p.take(0, kw(w), "type"),
      ),
    );
    p.rule("sequenceType", () => p.one(0, types));
    p.rule("ownedBy", () => {
      p.take(0, kw("owned"));
      p.take(0, kw("by"));
      p.call(0, "qualified");
      p.call(0, "columns");
    });
    const clauses = p.choice(
      () => p.call(0, "inSchema"),
      () => p.call(0, "sequenceType"),
      () => p.call(0, "sequenceOption"),
      () => p.call(0, "ownedBy"),
      () => p.call(0, "commentClause"),
    );
    p.rule("sequence", () => {
      p.opt(0, () => p.take(0, kw("unlogged")));
      p.take(0, kw("sequence"));
      p.call(0, "qualified", "name");
      p.opt(1, () => p.call(0, "was"));
      p.each(0, () => p.one(0, clauses));
    });
  },
  lower(c, place, _inside, l) {
    l.onceNode(c.sequenceType, "type");
    l.onceNode(c.ownedBy, "owned by");
    const word = c.sequenceType?.[0]!.children.type![0]!;
    const owner = c.ownedBy?.[0]!.children;
    const owned = owner === undefined ? [] : columns(owner.columns[0]!, l).columns;
    if (owned.length > 1) l.report("syntax", l.at(owner!.columns[0]!), "a sequence is owned by one column");
    return {
      kind: "sequence",
      name: qualified(c.name[0]!, l),
      was: wasClause(c.was, l),
      type:
        word === undefined
          ? null
          : {
              schema: null,
              name: l.name(word, true),
              fields: null,
              modifiers: [],
              dimensions: [],
              span: l.between(word),
            },
      unlogged: c.k_unlogged !== undefined,
      options: sequenceOptions(c.sequenceOption, l),
      ownedBy: owner === undefined ? null : { table: qualified(owner.qualified[0]!, l), column: owned[0]! },
      ...common(c, place, l),
    };
  },
  print(d, p) {
    let text = `${d.unlogged ? "unlogged " : ""}sequence ${p.qualified(d.name)}`;
    if (d.was !== null) text += ` was ${p.name(d.was)}`;
    text += p.inSchema(d);
    if (d.type !== null) text += ` ${p.type(d.type)}`;
    const options = sequenceOptionsText(d.options);
    if (options !== "") text += ` ${options}`;
    if (d.ownedBy !== null) text += ` owned by ${p.qualified(d.ownedBy.table)} (${p.name(d.ownedBy.column, "listed")})`;
    return line([text + p.comment(d.doc, d.span)], d);
  },
};
