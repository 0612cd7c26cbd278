/** `index name of index_of_the_partitioned_table`, or `unique index name using gin on (a desc, lower(b)) include (c) where (…) with (…)` */
import type { IndexCstChildren } from "../cst.ts";
import type { IndexNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { dependsOn, dependsOnText } from "../parts/clauses.ts";
import { columns } from "../parts/columns.ts";
import { fragment } from "../parts/fragments.ts";
import { wasClause } from "../parts/heads.ts";
import { includeText, storageText } from "../parts/keyConstraints.ts";
import { key, keyText } from "../parts/keys.ts";
import { withOptions } from "../parts/options.ts";
import { line, type MemberSyntax } from "../syntax.ts";
import { IndexName, kw, LParen, Name, RParen } from "../tokens.ts";

export const indexes: MemberSyntax<"index"> = {
  kind: "index",
  rules(p) {
    p.rule("indexKeys", () => {
      p.take(0, LParen);
      p.list(() => p.call(0, "key"));
      p.take(0, RParen);
    });
    const clauses = p.choice(
      () => p.call(0, "include"),
      () => p.call(0, "nullsNotDistinct"),
      () => p.call(0, "where"),
      () => p.take(0, kw("only")),
      () => p.call(0, "withOptions"),
      () => p.call(0, "inTablespace"),
      () => p.call(0, "dependsClause"),
      () => p.call(0, "commentClause"),
    );
    const grounds = p.choice(
      () => {
        p.take(0, kw("of"));
        p.take(0, Name, "of");
      },
      () => {
        p.opt(3, () => {
          p.take(0, kw("using"));
          p.take(1, Name, "method");
        });
        p.take(0, kw("on"));
        p.call(0, "indexKeys");
      },
    );
    p.rule("index", () => {
      p.opt(0, () => p.take(0, kw("unique")));
      p.take(0, kw("index"));
      p.opt(1, () => p.take(0, IndexName, "name"));
      p.opt(2, () => p.call(0, "was"));
      p.one(1, grounds);
      p.each(0, () => p.one(0, clauses));
    });
  },
  print(m, p) {
    let text = `${m.unique ? "unique " : ""}index`;
    if (m.name !== null) text += ` ${p.name(m.name, "index")}`;
    if (m.was !== null) text += ` was ${p.name(m.was)}`;
    if (m.of !== null)
      return [
        line(
          [
            `${text} of ${p.name(m.of)}${m.only ? " only" : ""}${storageText(m, p)}${dependsOnText(m.dependsOn, p.name)}${p.comment(m.doc, m.span)}`,
          ],
          m,
        ),
      ];
    if (m.method !== null) text += ` using ${p.name(m.method)}`;
    text += ` on (${m.keys.map((k) => keyText(k, p)).join(", ")})${includeText(m.include, p)}`;
    if (m.nullsNotDistinct) text += " nulls not distinct";
    if (m.where !== null) text += ` where ${p.brackets(m.where)}`;
    if (m.only) text += " only";
    return [line([text + storageText(m, p) + dependsOnText(m.dependsOn, p.name) + p.comment(m.doc, m.span)], m)];
  },
};

export function lowerIndex(c: IndexCstChildren, span: Span, start: number, l: Lower): IndexNode {
  if (c.of !== undefined && c.name === undefined)
    l.report("syntax", span, "a partition's part of an index has a name: `index name of other`");
  if (c.of !== undefined)
    for (const [said, what] of [
      [c.k_unique, "unique"],
      [c.include, "include"],
      [c.nullsNotDistinct, "nulls not distinct"],
      [c.where, "where"],
      [c.dependsClause, "depends on"],
    ] as const)
      if (said !== undefined)
        l.report("syntax", span, `\`${what}\` is said where the partitioned table's index is declared`, {
          help: "of a partition's part of it only the name, options, tablespace and comment can be said",
        });
  l.onceNode(c.include, "include");
  l.onceNode(c.nullsNotDistinct, "nulls not distinct");
  l.onceNode(c.where, "where");
  l.onceNode(c.inTablespace, "tablespace");
  return {
    kind: "index",
    name: c.name === undefined ? null : l.name(c.name[0]!),
    was: wasClause(c.was, l),
    unique: c.k_unique !== undefined,
    nullsNotDistinct: c.nullsNotDistinct?.[0]!.children.not !== undefined,
    method: c.method === undefined ? null : l.name(c.method[0]!),
    only: c.k_only !== undefined,
    of: c.of === undefined ? null : l.name(c.of[0]!),
    keys: c.indexKeys?.[0]!.children.key.map((k) => key(k, l)) ?? [],
    include: c.include === undefined ? [] : columns(c.include[0]!.children.columns[0]!, l).columns,
    where: c.where === undefined ? null : fragment(c.where[0]!.children.fragment[0]!, l),
    options: withOptions(c.withOptions, l),
    tablespace: c.inTablespace === undefined ? null : l.name(c.inTablespace[0]!.children.name[0]!),
    dependsOn: dependsOn(c.dependsClause, l),
    span,
    doc: l.docOf(
      start,
      c.commentClause?.flatMap((n) => n.children.text),
    ),
  };
}
