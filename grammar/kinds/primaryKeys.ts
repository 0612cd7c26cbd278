/** `primary key (a, b) include (c)`, or `primary key` on a column's line. */
import type { PrimaryKeyCstChildren, PrimaryKeyInlineCstChildren } from "../cst.ts";
import type { PrimaryKeyNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { columns, columnsText } from "../parts/columns.ts";
import { constraintLine } from "../parts/constraints.ts";
import { keyClauses, keyClausesText } from "../parts/keyConstraints.ts";
import type { MemberPlace, MemberSyntax, Print } from "../syntax.ts";
import { kw } from "../tokens.ts";

export const primaryKeys: MemberSyntax<"primaryKey"> = {
  kind: "primaryKey",
  rules(p) {
    p.rule("primaryKey", () => {
      p.take(0, kw("primary"));
      p.take(0, kw("key"));
      p.call(0, "columns");
      p.each(0, () => p.call(0, "keyClause"));
    });
    p.rule("primaryKeyInline", () => {
      p.take(0, kw("primary"));
      p.take(0, kw("key"));
      p.each(0, () => p.call(0, "keyClauseInline"));
    });
  },
  print: (m, p) => [constraintLine(m, primaryKeyText(m, false, p), p)],
};

export function lowerPrimaryKey(
  c: PrimaryKeyCstChildren | PrimaryKeyInlineCstChildren,
  { span, doc, name, column }: MemberPlace,
  l: Lower,
): PrimaryKeyNode {
  const list = "columns" in c ? columns(c.columns[0]!, l, "overlaps") : null;
  const clauses = keyClauses("columns" in c ? c.keyClause : "keyClauseInline" in c ? c.keyClauseInline : undefined, l);
  return {
    kind: "primaryKey",
    name,
    columns: list?.columns ?? (column === null ? [] : [column]),
    withoutOverlaps: list?.withoutOverlaps ?? false,
    ...clauses,
    span,
    doc,
  };
}

export const primaryKeyText = (m: PrimaryKeyNode, inline: boolean, p: Print): string =>
  `primary key${inline ? "" : " " + columnsText(m.columns, p.name, { overlaps: m.withoutOverlaps })}${keyClausesText(m, p)}`;
