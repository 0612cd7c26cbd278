/** `name [was old] type? modifiers…`: modifiers stand in any order, and are printed in one. */
import type { ColumnCstChildren, ColumnModifierCstNode, IdentityCstNode } from "../cst.ts";
import type { ColumnNode, IdentityNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { FragmentNode } from "../nodes.ts";
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
      () => p.call(0, "using"),
      () => p.call(0, "backfill"),
      () => p.call(0, "commentClause"),
    );
    p.rule("columnModifier", () => p.one(0, modifiers));
    p.rule("column", () => {
      p.opt(0, () => {
        p.take(0, kw("inherited"));
      });
      p.take(0, ColumnName, "name");
      p.opt(1, () => p.call(0, "was"));
      p.call(0, "type");
      p.opt(2, () => p.take(0, Question));
      p.each(0, () => p.call(0, "columnModifier"));
    });
  },
  print: printColumn,
};

type Tree = ColumnModifierCstNode["children"];
/** The nodes of one sort among the modifiers; more than one is a problem. */
function only<N extends { readonly location?: ColumnModifierCstNode["location"] }>(
  modifiers: readonly ColumnModifierCstNode[],
  pick: (c: Tree) => readonly N[] | undefined,
  what: string,
  l: Lower,
): N | null {
  let found: N | null = null;
  for (const m of modifiers) {
    const node = pick(m.children)?.[0];
    if (node === undefined) continue;
    if (found !== null) l.twice(l.at(node), what);
    found ??= node;
  }
  return found;
}

export function lowerColumn(c: ColumnCstChildren, span: Span, start: number, l: Lower): ColumnNode {
  const modifiers = c.columnModifier ?? [];
  const name = l.name(c.name[0]!);
  const was = wasClause(c.was, l);
  const columnType = type(c.type[0]!, l);
  const nullable = c.Question !== undefined;
  if (modifiers.length === 0) return { ...plainColumn, name, was, inherited: c.k_inherited !== undefined, type: columnType, nullable, span, doc: l.doc(start) };

  const value = only(modifiers, (m) => m.defaultClause, "=", l)?.children;
  const identityNode = only(modifiers, (m) => m.identity, "identity", l);
  const generated = only(modifiers, (m) => m.generated, "generated", l)?.children;
  const collate = only(modifiers, (m) => m.collation, "collate", l);
  const storage = only(modifiers, (m) => m.storage, "storage", l);
  const compression = only(modifiers, (m) => m.compression, "compression", l);
  const statistics = only(modifiers, (m) => m.statistics, "statistics", l);
  const withs = only(modifiers, (m) => m.withOptions, "with (…)", l);
  const using = only(modifiers, (m) => m.using, "using", l);
  const backfill = only(modifiers, (m) => m.backfill, "backfill", l);
  const comment = only(modifiers, (m) => m.commentClause, "comment", l);
  const sql = (node: { readonly children: { readonly fragment: Parameters<typeof fragment>[0][] } } | null): FragmentNode | null =>
    node === null ? null : fragment(node.children.fragment[0]!, l);
  const column: ColumnNode = {
    kind: "column",
    name,
    was,
    inherited: c.k_inherited !== undefined,
    type: columnType,
    nullable,
    default: value?.fragment ? fragment(value.fragment[0]!, l) : value?.bare ? bare(value.bare[0]!, l) : null,
    identity: identityNode === null ? null : identity(identityNode, l),
    generated:
      generated === undefined
        ? null
        : { expression: fragment(generated.fragment[0]!, l), virtual: generated.k_virtual !== undefined },
    collation: collate === null ? null : qualified(collate.children.qualified[0]!, l),
    storage: storage === null ? null : l.name(storage.children.name[0]!, true).text,
    compression: compression === null ? null : l.name(compression.children.name[0]!, true).text,
    statistics: statistics === null ? null : statistics.children.target[0]!.image,
    options: withs === null ? [] : options(withs.children.options, l),
    using: sql(using),
    backfill: sql(backfill),
    constraints: modifiers.flatMap((m) => m.children.inlineConstraint?.map((n) => lowerInline(n, name, l)) ?? []),
    span,
    doc: l.docOf(start, comment?.children.text),
  };
  return column;
}
const plainColumn = {
  kind: "column",
  default: null,
  identity: null,
  generated: null,
  collation: null,
  storage: null,
  compression: null,
  statistics: null,
  options: [],
  using: null,
  backfill: null,
  constraints: [],
} as const;

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
  if (m.generated !== null) words.push(`generated ${p.brackets(m.generated.expression)}${m.generated.virtual ? " virtual" : ""}`);
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
  if (m.using !== null) words.push(`using ${brackets(m.using.text)}`);
  if (m.backfill !== null) words.push(`backfill ${brackets(m.backfill.text)}`);
  const comment = p.comment(m.doc, m.span).trimStart();
  if (comment !== "") words.push(comment);
  return [line([name, p.type(m.type) + (m.nullable ? "?" : ""), words.join(" ")], m), ...apart];
}
