/** What a room of the grammar provides for its kind: rules, and the two inverses `lower` and `print`. */
import type { Span } from "../src/problems.ts";
import type {
  AttributeCstNode,
  BasePropertyCstNode,
  ClassItemCstNode,
  CollationPropertyCstNode,
  DeclarationCstChildren,
  LanguagePropertyCstNode,
  MappingCstNode,
  MemberCstChildren,
  OperatorPropertyCstNode,
  ParserPropertyCstNode,
  RangePropertyCstNode,
  TemplatePropertyCstNode,
  TransformPropertyCstNode,
} from "./cst.ts";
import type {
  Declaration,
  DeclarationKind,
  Declarations,
  EnumLabel,
  Member,
  RowNode,
  SqlPartNode,
} from "./declarations.ts";
import type { Lower } from "./lower.ts";
import type { FragmentNode, Name, OptionNode, QualifiedNode, TypeNode } from "./nodes.ts";
import type { Rules } from "./parser.ts";
import type { Fits } from "./parts/fragments.ts";
import type { NamePlace } from "./parts/names.ts";

/** The tree that the rule of this name gives. */
export type DeclarationTree<K extends DeclarationKind> = NonNullable<DeclarationCstChildren[K]>[number]["children"];
export type MemberKind = Member["kind"];

/** Where a declaration stands. */
export interface Place {
  readonly span: Span;
  /** Start of its first token, to which documentation belongs. */
  readonly start: number;
  /** Schema of the file's header or of the block around it. */
  readonly schema: Name | null;
}
/** A line in the braces of a declaration that has a rule of its own for them. */
export interface Part {
  readonly node: PartTree;
  readonly span: Span;
}
export type PartTree =
  | AttributeCstNode
  | RangePropertyCstNode
  | BasePropertyCstNode
  | CollationPropertyCstNode
  | MappingCstNode
  | ParserPropertyCstNode
  | TemplatePropertyCstNode
  | OperatorPropertyCstNode
  | ClassItemCstNode
  | LanguagePropertyCstNode
  | TransformPropertyCstNode;
/** What the braces of a declaration hold, lowered already; parts as their trees. */
export interface Inside {
  readonly members: readonly Member[];
  readonly labels: readonly EnumLabel[];
  readonly parts: readonly Part[];
  /** The declaration has no braces. */
  readonly bare: boolean;
  readonly rows: readonly RowNode[];
  readonly sqlParts: readonly SqlPartNode[];
}

export type Holds = "declarations" | "members" | "labels" | "rows" | "sqlParts" | "parts";
export interface Syntax<K extends DeclarationKind> extends Rules {
  readonly kind: K;
  /** What may stand in its braces; null: it has none. */
  readonly holds: Holds | null;
  /** The rule of the lines in its braces, where it holds parts; null: it can have no braces as it stands. */
  readonly part?: (c: DeclarationTree<K>) => PartTree["name"] | null;
  readonly lower: (c: DeclarationTree<K>, place: Place, inside: Inside, l: Lower) => Declarations[K];
  readonly print: (d: Declarations[K], p: Print) => Printed;
}

/** Where a member stands: the name given by `constraint x`, and the column on whose line it is written. */
export interface MemberPlace {
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name | null;
  readonly column: Name | null;
}
export type MemberOf<K extends MemberKind> = Extract<Member, { kind: K }>;
export interface MemberSyntax<K extends MemberKind> extends Rules {
  readonly kind: K;
  /** A member may need more lines than one: a constraint that cannot stay on its column's line. */
  readonly print: (m: MemberOf<K>, p: Print) => readonly Printed[];
}
export type MemberTree = MemberCstChildren;

/** What rooms print with. */
export interface Print {
  readonly name: (n: Name, place?: NamePlace) => string;
  readonly qualified: (n: QualifiedNode, place?: NamePlace) => string;
  readonly type: (t: TypeNode) => string;
  readonly default: (f: FragmentNode) => string;
  readonly brackets: (f: FragmentNode) => string;
  readonly options: (list: readonly OptionNode[]) => string;
  /** A string; `within`: the declaration it belongs to. */
  readonly string: (text: string, within: Span) => string;
  readonly fits: Fits;
  /** ` in x` where the declaration's schema is not that of the block around it, else "". */
  readonly inSchema: (d: Declaration) => string;
  /** ` comment '…'` where `///` lines cannot carry the text, else "". */
  readonly comment: (doc: string | null, within: Span) => string;
  readonly member: (m: Member) => readonly Printed[];
}

/** A declaration or member as text, before comments and columns are put in place. */
export interface Printed {
  /** One text; of columns three (name, type, modifiers), which are aligned. */
  readonly cells: readonly string[];
  /** Goes above it as `///` lines if it fits there; who prints takes care of the other case. */
  readonly doc: string | null;
  readonly span: Span;
  /** What stands in its braces; null: no braces. */
  readonly body: readonly Printed[] | null;
  /** Further lines of the same declaration, indented. */
  readonly more: readonly Printed[];
  /** What separates the parts of the body where it stands on the same line, because it is short; null: it never does. */
  readonly inline: " " | ", " | null;
  /** Set apart by a blank line from what stands above it, where nothing else says so. */
  readonly apart: boolean;
}
export const line = (cells: readonly string[], d: { readonly span: Span; readonly doc?: string | null }): Printed => ({
  cells,
  doc: d.doc ?? null,
  span: d.span,
  body: null,
  more: [],
  inline: null,
  apart: false,
});
