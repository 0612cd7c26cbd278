/** `name [was old] type? modifiers…`: modifiers stand in any order, and are printed in one. */
import type { ColumnCstChildren, IdentityCstNode } from "../cst.ts";
import type { ColumnNode, IdentityNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { foreignOptions, foreignOptionsText } from "../parts/foreignOptions.ts";
import { bare, brackets, fragment } from "../parts/fragments.ts";
import { wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { options } from "../parts/options.ts";
import { sequenceOptions, sequenceOptionsText } from "../parts/sequenceOptions.ts";
import { type } from "../parts/types.ts";
import type { Span } from "../nodes.ts";
import { line, type MemberSyntax, type Print, type Printed } from "../syntax.ts";
import { ColumnName, kw, LParen, Name, Num, Question, RParen } from "../tokens.ts";
import { inlineText, lowerInline } from "./constraints.ts";

export const columns: MemberSyntax<"column"> = {
  kind: "column",
  rules(p) {
    const generations = p.choice(
      () => {
        p.take(0, kw("by"));
        p.take(0, kw("default"), "byDefault");
      },
      () => p.take(0, kw("always")),
    );
    const identityOptions = p.choice(
      () => p.call(0, "sequenceOption"),
      () => {
        p.take(0, kw("sequence"));
        p.take(0, kw("name"));
        p.call(0, "qualified", "name");
      },
    );
    p.rule("identity", () => {
      p.take(0, kw("identity"));
      p.opt(0, () => p.one(0, generations));
      p.opt(1, () => {
        p.take(0, LParen);
        p.each(0, () => p.one(1, identityOptions));
        p.take(0, RParen);
      });
    });
    const storages = p.choice(
      () => p.take(0, kw("virtual")),
      () => p.take(0, kw("stored")),
    );
    p.rule("generated", () => {
      p.take(0, kw("generated"));
      p.call(0, "fragment");
      p.opt(0, () => p.one(0, storages));
    });
    p.rule("storage", () => {
      p.take(0, kw("storage"));
      p.take(0, Name, "name");
    });
    p.rule("compression", () => {
      p.take(0, kw("compression"));
      p.take(0, Name, "name");
    });
    p.rule("statistics", () => {
      p.take(0, kw("statistics"));
      p.take(0, Num, "target");
    });
    p.rule("using", () => {
      p.take(0, kw("using"));
      p.call(0, "fragment");
    });
    p.rule("backfill", () => {
      p.take(0, kw("backfill"));
      p.call(0, "fragment");
    });
    const modifiers = p.choice(
      () => p.call(0, "defaultClause"),
      () => p.call(0, "identity"),
      () => p.call(0, "generated"),
      () => p.call(0, "inlineConstraint"),
      () => p.call(0, "collation"),
      () => p.call(0, "storage"),
      () => p.call(0, "compression"),
      () => p.call(0, "statistics"),
      () => p.call(0, "withOptions"),
      () => p.call(0, "foreignOptions"),
      () => p.call(0, "using"),
      () => p.call(0, "backfill"),
      () => p.call(0, "commentClause"),
    );
    // Made once: this rule runs for almost every line.
    const inherited = (): void => p.take(0, kw("inherited"));
    const was = (): void => p.call(0, "was");
    const question = (): void => p.take(0, Question);
    const modifier = (): void => p.one(0, modifiers);
    p.rule("column", () => {
      p.opt(0, inherited);
      p.take(0, ColumnName, "name");
      p.opt(1, was);
      p.call(0, "type");
      p.opt(2, question);
      p.each(0, modifier);
    });
  },
  print: printColumn,
};

export function lowerColumn(c: ColumnCstChildren, span: Span, start: number, l: Lower): ColumnNode {
  const name = l.name(c.name[0]!);
  const value = c.defaultClause?.[0]!.children;
  const generated = c.generated?.[0]!.children;
  if (c.defaultClause) l.onceNode(c.defaultClause, "=");
  if (c.identity) l.onceNode(c.identity, "identity");
  if (c.generated) l.onceNode(c.generated, "generated");
  if (c.collation) l.onceNode(c.collation, "collate");
  if (c.storage) l.onceNode(c.storage, "storage");
  if (c.compression) l.onceNode(c.compression, "compression");
  if (c.statistics) l.onceNode(c.statistics, "statistics");
  if (c.using) l.onceNode(c.using, "using");
  if (c.backfill) l.onceNode(c.backfill, "backfill");
  const constraints = c.inlineConstraint ? c.inlineConstraint.map((n) => lowerInline(n, name, l)) : none;
  // With names, or of different sorts, they are two that Postgres keeps apart.
  const sorts = new Set<string>();
  for (const x of constraints) {
    if (x.kind !== "unique" || x.name !== null) continue;
    const sort = `${x.nullsNotDistinct} ${x.deferrable}`;
    if (sorts.has(sort)) l.twice(x.span, "unique");
    sorts.add(sort);
  }
  return {
    kind: "column",
    name,
    was: wasClause(c.was, l),
    inherited: c.k_inherited !== undefined,
    type: type(c.type[0]!, l),
    nullable: c.Question !== undefined,
    default: value?.fragment ? fragment(value.fragment[0]!, l) : value?.bare ? bare(value.bare[0]!, l) : null,
    identity: c.identity ? identity(c.identity[0]!, l) : null,
    generated: generated
      ? { expression: fragment(generated.fragment[0]!, l), virtual: generated.k_virtual !== undefined }
      : null,
    collation: c.collation ? qualified(c.collation[0]!.children.qualified[0]!, l) : null,
    storage: c.storage ? l.name(c.storage[0]!.children.name[0]!, true).text : null,
    compression: c.compression ? l.name(c.compression[0]!.children.name[0]!, true).text : null,
    statistics: c.statistics ? c.statistics[0]!.children.target[0]!.image : null,
    options: c.withOptions
      ? options(
          c.withOptions.map((n) => n.children.options[0]!),
          l,
        )
      : none,
    foreignOptions: c.foreignOptions ? foreignOptions(c.foreignOptions, l) : none,
    using: c.using ? fragment(c.using[0]!.children.fragment[0]!, l) : null,
    backfill: c.backfill ? fragment(c.backfill[0]!.children.fragment[0]!, l) : null,
    constraints,
    span,
    doc: l.docOf(
      start,
      c.commentClause?.flatMap((n) => n.children.text),
    ),
  };
}
const none: readonly never[] = [];

function identity(node: IdentityCstNode, l: Lower): IdentityNode {
  const c = node.children;
  l.onceNode(c.name, "sequence name");
  return {
    generation: c.byDefault === undefined ? "always" : "by default",
    options: sequenceOptions(c.sequenceOption, l),
    sequenceName: c.name === undefined ? null : qualified(c.name[0]!, l),
    span: l.at(node),
  };
}

function identityText(i: IdentityNode, p: Print): string {
  const name = i.sequenceName === null ? "" : `sequence name ${p.qualified(i.sequenceName)}`;
  const inner = [name, sequenceOptionsText(i.options)].filter((s) => s !== "").join(" ");
  return `identity${i.generation === "always" ? "" : " by default"}${inner === "" ? "" : ` (${inner})`}`;
}

function printColumn(m: ColumnNode, p: Print): Printed[] {
  const name = `${m.inherited ? "inherited " : ""}${p.name(m.name, "column")}${m.was === null ? "" : ` was ${p.name(m.was)}`}`;
  const words: string[] = [];
  if (m.default !== null) words.push(`= ${p.default(m.default)}`);
  if (m.identity !== null) words.push(identityText(m.identity, p));
  if (m.generated !== null)
    words.push(`generated ${p.brackets(m.generated.expression)}${m.generated.virtual ? " virtual" : ""}`);
  const apart: Printed[] = [];
  for (const constraint of m.constraints) {
    const text = inlineText(constraint, m.name, p);
    if (text === null) apart.push(...p.member(constraint));
    else words.push(text);
  }
  if (m.collation !== null) words.push(`collate ${p.qualified(m.collation)}`);
  if (m.storage !== null) words.push(`storage ${m.storage}`);
  if (m.compression !== null) words.push(`compression ${m.compression}`);
  if (m.statistics !== null) words.push(`statistics ${m.statistics}`);
  if (m.options.length > 0) words.push(`with ${p.options(m.options)}`);
  if (m.foreignOptions.length > 0) words.push(foreignOptionsText(m.foreignOptions, p).trimStart());
  if (m.using !== null) words.push(`using ${brackets(m.using.text)}`);
  if (m.backfill !== null) words.push(`backfill ${brackets(m.backfill.text)}`);
  const comment = p.comment(m.doc, m.span).trimStart();
  if (comment !== "") words.push(comment);
  return [line([name, p.type(m.type) + (m.nullable ? "?" : ""), words.join(" ")], m), ...apart];
}
