/** `unique nulls not distinct (a, b)`, or `unique` on a column's line. */
import type { UniqueCstChildren, UniqueInlineCstChildren } from "../cst.ts";
import type { UniqueNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { columns, columnsText } from "../parts/columns.ts";
import { constraintLine } from "../parts/constraints.ts";
import { keyClauses, keyClausesText } from "../parts/keyConstraints.ts";
import type { MemberPlace, MemberSyntax, Print } from "../syntax.ts";
import { kw } from "../tokens.ts";

export const uniques: MemberSyntax<"unique"> = {
  kind: "unique",
  rules(p) {
    p.rule("unique", () => {
      p.take(0, kw("unique"));
      p.opt(0, () => p.call(0, "nullsNotDistinct"));
      p.call(0, "columns");
      p.each(0, () => p.call(0, "keyClause"));
    });
    p.rule("uniqueInline", () => {
      p.take(0, kw("unique"));
      p.opt(0, () => p.call(0, "nullsNotDistinct"));
      p.each(0, () => p.call(0, "keyClauseInline"));
    });
  },
  print: (m, p) => [constraintLine(m, uniqueText(m, false, p), p)],
};

export function lowerUnique(
  c: UniqueCstChildren | UniqueInlineCstChildren,
  { span, doc, name, column }: MemberPlace,
  l: Lower,
): UniqueNode {
  const list = "columns" in c ? columns(c.columns[0]!, l, "overlaps") : null;
  const clauses = keyClauses("columns" in c ? c.keyClause : "keyClauseInline" in c ? c.keyClauseInline : undefined, l);
  return {
    kind: "unique",
    name,
    columns: list?.columns ?? (column === null ? [] : [column]),
    withoutOverlaps: list?.withoutOverlaps ?? false,
    nullsNotDistinct: c.nullsNotDistinct?.[0]!.children.not !== undefined,
    ...clauses,
    span,
    doc,
  };
}

export const uniqueText = (m: UniqueNode, inline: boolean, p: Print): string =>
  "unique" +
  (m.nullsNotDistinct ? " nulls not distinct" : "") +
  (inline ? "" : " " + columnsText(m.columns, p.name, { overlaps: m.withoutOverlaps })) +
  keyClausesText(m, p);
