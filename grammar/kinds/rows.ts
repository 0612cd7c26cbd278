/** `rows countries (code, name) { … }`: reference data, a row a line. */
import type { RowCstNode } from "../cst.ts";
import type { RowNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { bare, fragment } from "../parts/fragments.ts";
import { qualified } from "../parts/names.ts";
import { kw, LBrace, LParen, Name, RParen } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const rows: Syntax<"rows"> = {
  kind: "rows",
  holds: "rows",
  rules(p) {
    p.rule("rows", () => {
      p.take(0, kw("rows"));
      p.call(0, "qualified", "name");
      p.take(0, LParen);
      p.list(() => p.take(0, Name, "column"));
      p.take(0, RParen);
      p.take(0, LBrace);
    });
    const values = p.choice(
      () => p.call(0, "fragment"),
      () => p.call(0, "bare"),
    );
    p.rule("rowValue", () => p.one(0, values));
    p.rule("row", () => p.list(() => p.call(0, "rowValue")));
  },
  lower: (c, place, inside, l) => ({
    kind: "rows",
    name: qualified(c.name[0]!, l),
    columns: c.column.map((t) => l.name(t)),
    rows: inside.rows,
    doc: null,
    schema: place.schema,
    span: place.span,
  }),
  print: (d, p) => ({
    ...line([`rows ${p.qualified(d.name)} (${d.columns.map((c) => p.name(c)).join(", ")})`], d),
    body: d.rows.map((r) => line([r.values.map((v) => p.default(v)).join(", ")], r)),
  }),
};

export const lowerRow = (node: RowCstNode, l: Lower): RowNode => ({
  values: node.children.rowValue.map(({ children: c }) =>
    c.fragment ? fragment(c.fragment[0]!, l) : bare(c.bare![0]!, l),
  ),
  span: l.at(node),
});
