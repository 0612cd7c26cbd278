/** `[constraint NAME] …`: every constraint, on a line of its own or on its column's. */
import type { ConstraintCstNode, ConstraintNameCstNode, InlineConstraintCstNode } from "../cst.ts";
import type { ConstraintNode } from "../declarations.ts";
import { needless } from "../explain.ts";
import type { Lower } from "../lower.ts";
import type { Name } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import { constraintName } from "../parts/constraints.ts";
import type { MemberPlace, Print } from "../syntax.ts";
import { kw, Name as NameToken } from "../tokens.ts";
import { checkText, lowerCheck } from "./checks.ts";
import { lowerExclude } from "./excludes.ts";
import { lowerForeignKey, lowerReferences, referencesText } from "./foreignKeys.ts";
import { lowerNotNull, notNullText } from "./notNulls.ts";
import { lowerPrimaryKey, primaryKeyText } from "./primaryKeys.ts";
import { lowerUnique, uniqueText } from "./uniques.ts";

export const constraintRules: Rules = {
  rules(p) {
    const forms = p.choice(
      () => p.call(0, "primaryKey"),
      () => p.call(0, "unique"),
      () => p.call(0, "foreignKey"),
      () => p.call(0, "check"),
      () => p.call(0, "exclude"),
      () => p.call(0, "notNull"),
    );
    p.rule("constraint", () => {
      p.opt(0, () => p.call(0, "constraintName"));
      p.one(0, forms);
      p.opt(1, () => p.call(0, "commentClause"));
    });
    p.rule("constraintName", () => {
      p.take(0, kw("constraint"));
      p.take(0, NameToken, "name");
    });
    const inline = p.choice(
      () => p.call(0, "primaryKeyInline"),
      () => p.call(0, "uniqueInline"),
      () => p.call(0, "references"),
      () => p.call(0, "check"),
      () => p.call(0, "notNullInline"),
    );
    p.rule(
      "inlineConstraint",
      () => {
        p.opt(0, () => p.call(0, "constraintName"));
        p.one(0, inline);
      },
      "placed",
    );
  },
};

export function lowerConstraint(
  node: ConstraintCstNode,
  place: Omit<MemberPlace, "name" | "column">,
  start: number,
  l: Lower,
): ConstraintNode {
  const c = node.children;
  const at = {
    ...place,
    doc: l.docOf(start, c.commentClause?.[0]!.children.text),
    name: nameOf(c.constraintName, l),
    column: null,
  };
  if (c.primaryKey) return lowerPrimaryKey(c.primaryKey[0]!.children, at, l);
  if (c.unique) return lowerUnique(c.unique[0]!.children, at, l);
  if (c.foreignKey) return lowerForeignKey(c.foreignKey[0]!.children, at, l);
  if (c.check) return lowerCheck(c.check[0]!.children, at, l);
  if (c.exclude) return lowerExclude(c.exclude[0]!.children, at, l);
  return lowerNotNull(c.notNull![0]!.children, at, l);
}

export function lowerInline(node: InlineConstraintCstNode, column: Name, l: Lower): ConstraintNode {
  const c = node.children;
  const at = { span: l.at(node), doc: null, name: nameOf(c.constraintName, l), column };
  if (c.primaryKeyInline) return lowerPrimaryKey(c.primaryKeyInline[0]!.children, at, l);
  if (c.uniqueInline) return lowerUnique(c.uniqueInline[0]!.children, at, l);
  if (c.references) return lowerReferences(c.references[0]!, at, l);
  if (c.check) return lowerCheck(c.check[0]!.children, at, l);
  const notNull = lowerNotNull(c.notNullInline![0]!.children, at, l);
  if (notNull.name === null && !notNull.noInherit && !notNull.notValid) l.add(needless(at.span));
  return notNull;
}
const nameOf = (nodes: readonly ConstraintNameCstNode[] | undefined, l: Lower): Name | null =>
  nodes === undefined ? null : l.name(nodes[0]!.children.name[0]!);

/** The constraint as it may stand on its column's line; null: it needs a line of its own. */
export function inlineText(m: ConstraintNode, column: Name, p: Print): string | null {
  if (m.doc !== null) return null;
  const own = (names: readonly Name[]): boolean => names.length === 1 && names[0]!.text === column.text;
  switch (m.kind) {
    case "primaryKey":
      return own(m.columns) && m.options.length === 0 && m.of === null && !m.only && !m.withoutOverlaps
        ? constraintName(m, p) + primaryKeyText(m, true, p)
        : null;
    case "unique":
      return own(m.columns) && m.options.length === 0 && m.of === null && !m.only && !m.withoutOverlaps
        ? constraintName(m, p) + uniqueText(m, true, p)
        : null;
    case "foreignKey":
      return own(m.columns) && !m.period ? constraintName(m, p) + referencesText(m, p) : null;
    case "check":
      return constraintName(m, p) + checkText(m, p);
    case "notNull":
      return (m.name !== null || m.noInherit || m.notValid) && m.column.text === column.text
        ? constraintName(m, p) + notNullText(m, true, p)
        : null;
    case "exclude":
      return null;
  }
}
