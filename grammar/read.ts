/** A file's text → its declarations. */
import type { DeclarationCstNode, LabelsCstNode, MemberCstNode, RowCstNode, SqlPartCstNode } from "./cst.ts";
import type { CstNode, IRecognitionException, IToken } from "chevrotain";
import { problem, type Problem, type Span } from "../src/problems.ts";
import type { Declaration, EnumLabel, Member, RowNode, SqlPartNode } from "./declarations.ts";
import { explain } from "./explain.ts";
import { habitOf } from "./habits.ts";
import { lowerLabel } from "./kinds/enums.ts";
import { lowerRow } from "./kinds/rows.ts";
import { lowerSqlPart } from "./kinds/sqlBlocks.ts";
import type { Holds } from "./syntax.ts";
import { layout, type Block, type DocText, type Piece } from "./layout.ts";
import { lazy } from "./lazy.ts";
import { Lower, type Values } from "./lower.ts";
import type { Name } from "./nodes.ts";
import { SchemaParser } from "./parser.ts";
import { scan, unreadable } from "./scan.ts";
import { nearest } from "../src/problems.ts";
import type { Inside, Part, PartTree } from "./syntax.ts";
import { torn } from "./torn.ts";
import { allRules, declarationKinds, kindOf, lowerDeclaration, lowerMember, partRule, syntaxes } from "./syntaxes.ts";
import { kw, Placeholder } from "./tokens.ts";

export const parser = lazy(() => new SchemaParser(allRules));

export interface ReadFile {
  readonly declarations: readonly Declaration[];
  readonly problems: readonly Problem[];
  /** For the formatter: comments, documentation, the verbatim spans, and the braces of declarations by their start. */
  readonly comments: readonly IToken[];
  readonly docs: readonly DocText[];
  readonly kept: readonly Span[];
  readonly blocks: ReadonlyMap<number, Block>;
  readonly placeholders: readonly IToken[];
  readonly lost: Lost;
}
/** Words of what was not understood: each may be a name of something that is declared there. `null`: anything may be. */
export type Lost = ReadonlySet<string> | null;

const maxProblems = 100;

/**
 * 1. Characters become tokens, and tokens pieces: a declaration or a member each.
 * 2. Each piece is parsed and lowered by itself; one that is broken is reported and left out.
 * 3. What stands where nothing asks for it (documentation, placeholders inside SQL) is reported.
 */
export function read(file: string, text: string, values: Values | null): ReadFile {
  const bad = unreadable(file, text);
  if (bad !== null)
    return {
      declarations: [],
      problems: [bad],
      comments: [],
      docs: [],
      kept: [],
      blocks: new Map(),
      placeholders: [],
      lost: null,
    };
  const scanned = scan(file, text);
  const laid = layout(file, text, scanned.tokens, scanned.docs);
  const docs = [...laid.docs.values()];
  const l = new Lower(file, text, values, laid.docs, scanned.comments);
  const reader = new Reader(l, scanned.tokens);
  reader.declarations(laid.pieces);

  const placeholders = scanned.tokens.filter((token) => token.tokenType === Placeholder);
  const kept = values === null || placeholders.length > 0 ? l.kept.sort((a, b) => a.start - b.start) : [];
  if (placeholders.length > 0) reportInsideSql(placeholders, kept, l);
  for (const doc of laid.docs.values())
    l.report(
      "syntax",
      { file, start: doc.start, end: doc.end },
      "this documentation belongs to nothing that can have any",
      {
        help: "write `//` for a comment",
      },
    );
  return {
    declarations: reader.found,
    problems: capped([...scanned.problems, ...laid.problems, ...l.problems]),
    comments: scanned.comments,
    docs,
    kept,
    blocks: reader.blocks,
    placeholders,
    lost: [...scanned.problems, ...laid.problems].some((p) => swallows(p, text)) ? null : reader.lost,
  };
}

/** What never closes takes along what follows; of a bracket only its line is lost. */
const swallows = ({ code, span }: Problem, text: string): boolean =>
  code === "nesting-too-deep" || (code === "unterminated" && !/^[([]/.test(text.slice(span.start, span.end)));

function reportInsideSql(placeholders: readonly IToken[], kept: readonly Span[], l: Lower): void {
  if (l.keepsPlaceholders) return;
  let next = 0;
  let end = 0;
  for (const token of placeholders) {
    for (; next < kept.length && kept[next]!.start <= token.startOffset; next++) end = Math.max(end, kept[next]!.end);
    if (token.startOffset < end)
      l.report(
        "unknown-placeholder",
        l.between(token),
        `\`${token.image}\` stands inside SQL, where no value is put in`,
        {
          help: "a placeholder stands for a whole name or a whole literal outside of SQL",
        },
      );
  }
}

/** By place, and no more than a reader can use. */
function capped(problems: Problem[]): Problem[] {
  problems.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  if (problems.length <= maxProblems) return problems;
  const cut = (severity: Problem["severity"], code: "syntax" | "unfolded-name"): Problem[] => {
    const all = problems.filter((p) => p.severity === severity);
    const rest = all.length - maxProblems;
    if (rest <= 0) return all;
    return [
      ...all.slice(0, maxProblems),
      problem(code, all[maxProblems]!.span, `… and ${rest} more of this sort in this file`),
    ];
  };
  return [...cut("error", "syntax"), ...cut("warning", "unfolded-name")].sort((a, b) => a.span.start - b.span.start);
}

class Reader {
  readonly found: Declaration[] = [];
  readonly blocks = new Map<number, Block>();
  readonly #l: Lower;
  readonly #words = new Set<string>();
  /** Something was not understood that brings names which it does not spell. */
  #anything = false;
  #losses = 0;
  readonly #tokens: readonly IToken[];
  constructor(l: Lower, tokens: readonly IToken[]) {
    this.#l = l;
    this.#tokens = tokens;
  }

  get lost(): Lost {
    return this.#anything ? null : this.#words;
  }

  declarations(pieces: readonly Piece[], around: Name | null = null, nested = false): void {
    let schema = around;
    for (const piece of pieces) {
      const declaration = this.#declaration(piece, pieces, schema, nested);
      if (declaration?.kind !== "schema" || piece.block !== null) continue;
      if (piece === pieces[0] && !nested) schema = declaration.name;
      else
        this.#l.report(
          "syntax",
          declaration.span,
          "`schema` without braces stands only as a file's first declaration",
          {
            help: `write \`schema ${declaration.name.text} { … }\``,
          },
        );
    }
  }

  #declaration(piece: Piece, among: readonly Piece[], schema: Name | null, nested: boolean): Declaration | null {
    const l = this.#l;
    const first = this.#tokens[piece.start]!;
    const node = this.#run("declaration", piece, among) as DeclarationCstNode | null;
    if (node === null) {
      // The head is not understood, but the members can still be.
      const meant =
        first.tokenType === kw("unlogged") || first.tokenType === kw("foreign")
          ? "table"
          : nearest(first.image, declarationKinds);
      const kind = declarationKinds.find((k) => k === meant);
      this.#lose(piece, kind);
      if (piece.block !== null) {
        if (kind === undefined) this.#forget(piece);
        else this.#inside(piece.block, syntaxes[kind].holds);
      }
      return null;
    }
    const kind = kindOf(node);
    const holds = syntaxes[kind].holds;
    const last = piece.block?.close ?? this.#tokens[piece.end - 1]!;
    const whole = this.#losses;
    if (nested && kind === "schema") l.report("syntax", l.between(first), "a schema cannot stand inside another");
    const inside =
      piece.block === null || holds === "declarations"
        ? { ...nothingInside, bare: piece.block === null }
        : this.#inside(piece.block, holds, partRule(kind, node));
    const place = { span: l.between(first, last), start: first.startOffset, schema };
    const declaration = lowerDeclaration(kind, node, place, inside, l);
    this.found.push(declaration);
    if (this.#losses > whole) this.#loseOf(declaration);
    if (piece.block !== null) {
      this.blocks.set(first.startOffset, piece.block);
      if (declaration.kind === "schema") this.declarations(piece.block.pieces, declaration.name, true);
    }
    return declaration;
  }

  #inside(block: Block, holds: Holds | null, part: string | null = null): Inside {
    const members: Member[] = [];
    const labels: EnumLabel[] = [];
    const parts: Part[] = [];
    const rows: RowNode[] = [];
    const sqlParts: SqlPartNode[] = [];
    if (holds === "declarations") this.declarations(block.pieces, null, true);
    for (const piece of block.pieces) {
      if (holds === "members") {
        const member = this.#member(piece, block.pieces);
        if (member !== null) members.push(member);
      } else if (holds === "labels") {
        const node = this.#run("labels", piece, block.pieces) as LabelsCstNode | null;
        for (const label of node?.children.label ?? []) labels.push(lowerLabel(label, this.#l));
      } else if (holds === "rows") {
        const node = this.#run("row", piece, block.pieces) as RowCstNode | null;
        if (node !== null) rows.push(lowerRow(node, this.#l));
      } else if (holds === "sqlParts") {
        const node = this.#run("sqlPart", piece, block.pieces) as SqlPartCstNode | null;
        if (node !== null) sqlParts.push(...lowerSqlPart(node, this.#l));
      } else if (holds === "parts" && part !== null) {
        const node = this.#run(part, piece, block.pieces) as PartTree | null;
        if (node !== null)
          parts.push({ node, span: this.#l.between(this.#tokens[piece.start]!, this.#tokens[piece.end - 1]!) });
      } else this.#forget(piece);
    }
    return { members, labels, parts, rows, sqlParts, bare: false };
  }

  #member(piece: Piece, among: readonly Piece[]): Member | null {
    const node = this.#run("member", piece, among) as MemberCstNode | null;
    return node === null ? null : lowerMember(node, this.#tokens[piece.start]!, this.#tokens[piece.end - 1]!, this.#l);
  }

  /** Parses a piece; null where it is broken, which is reported. */
  #run(rule: string, piece: Piece, among: readonly Piece[]): CstNode | null {
    const l = this.#l;
    // Of a file that is all broken, the rest is not read.
    if (l.errors > maxProblems) {
      this.#anything = true;
      return null;
    }
    const tokens = this.#tokens.slice(piece.start, piece.end);
    const [end] = piece.after ?? [];
    if (end !== undefined && !piece.broken) {
      const all = [...tokens, piece.block!.close!, ...piece.after!];
      const message = `expected the end of the line after \`}\`, found \`${end.image.slice(0, 40)}\``;
      l.report("syntax", l.between(end), message, habitOf(rule, all, tokens.length + 1) ?? {});
    }
    const result = piece.broken ? null : parser().run(rule, tokens);
    if (result !== null && "children" in result) return result;
    if (result !== null) this.#explain(rule, piece, among, result);
    this.#forget({ ...piece, block: null });
    this.#lose({ ...piece, block: null });
    return null;
  }
  #explain(rule: string, piece: Piece, among: readonly Piece[], error: IRecognitionException): void {
    const problems = explain(parser(), rule, this.#tokens.slice(piece.start, piece.end), error, this.#l);
    const lines = torn(parser(), rule, this.#tokens, among, among.indexOf(piece));
    for (const p of problems) {
      const { fix: _, ...rest } = p;
      this.#l.add(lines?.help && p === problems.at(-1) ? { ...rest, help: lines.help } : p);
    }
    for (const other of lines?.rest ?? []) other.broken = true;
  }
  /** Remembers which words stand in what is not understood. */
  #lose(piece: Piece, kind?: string): void {
    this.#losses++;
    const opens = this.#tokens[piece.start]!.tokenType;
    this.#anything ||= kind === "extension" || opens === kw("extension") || opens === kw("inherits");
    for (let i = piece.start; i < piece.end; i++) this.#words.add(folded(this.#tokens[i]!.image));
    for (const token of piece.after ?? []) this.#words.add(folded(token.image));
    for (const inner of piece.block?.pieces ?? []) this.#lose(inner);
  }
  /** A key without columns is looked for by its table alone; what a mixin lacks, every table lacks that takes it. */
  #loseOf(declaration: Declaration): void {
    if (declaration.kind === "mixin") this.#anything = true;
    else if ("name" in declaration) {
      const { name } = declaration;
      this.#words.add(folded("text" in name ? name.text : name.name.text));
    }
  }
  /** Documentation in what is not understood is nobody's problem. */
  #forget(piece: Piece): void {
    if (this.#l.undocumented) return;
    for (let i = piece.start; i < piece.end; i++) this.#l.doc(this.#tokens[i]!.startOffset);
    for (const token of piece.after ?? []) this.#l.doc(token.startOffset);
    for (const inner of piece.block?.pieces ?? []) this.#forget(inner);
  }
}
/** A word as it can be found again, however it is written. */
const folded = (word: string): string => word.replaceAll('"', "").toLowerCase();
const nothingInside = { members: [], labels: [], parts: [], rows: [], sqlParts: [] };
/** The names that may stand in a part of a text, as `folded` has them: like the lexer's, as far as a word of a place goes. */
export const wordsIn = (text: string): readonly string[] =>
  text.match(/"[^"]+"|[\p{L}_][\p{L}\p{N}_$]*/gu)?.map(folded) ?? [];
