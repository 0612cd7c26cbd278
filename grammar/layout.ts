/**
 * Lines and braces: cuts the tokens into pieces, a piece being one declaration or one member with the block in its braces.
 *
 * 1. A piece ends at the end of its line; the next line belongs to it when it is indented deeper than the piece's first token.
 * 2. Inside `(` and `[` lines mean nothing.
 * 3. Inside braces a comma ends a piece too, except in the lists that have commas of their own.
 * 4. `///` lines belong to the token after them, whatever that is.
 *
 * Each piece is parsed by itself, so what is wrong in one cannot hide what is wrong in another.
 */
import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import { problem, type Problem } from "../src/problems.ts";
import { brokenMark } from "./patterns.ts";
import * as t from "./tokens.ts";

export interface Piece {
  /** Its tokens among those of the layout: up to the opening brace, which is the last of them where there is a block. */
  readonly start: number;
  end: number;
  block: Block | null;
  /** What stands after the closing brace; nothing should. */
  after: IToken[] | null;
  /** A problem inside it is reported already, so it cannot be understood. */
  broken: boolean;
}
export interface Block {
  /** null: the file itself */
  readonly open: IToken | null;
  close: IToken | null;
  readonly pieces: Piece[];
}
export interface DocText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}
export interface Layout {
  readonly pieces: Piece[];
  /** By start of the token that they stand above. */
  readonly docs: Map<number, DocText>;
  readonly problems: Problem[];
}

const maxDepth = 500;
const tabWidth = 8;
interface Frame {
  readonly block: Block;
  piece: Piece | null;
  column: number;
  afterComma: boolean;
}
/** Words that open a declaration, as far as the recovery from a missing brace is concerned. */
const fileWords: ReadonlySet<string> = new Set(
  "schema extension enum domain type collation sequence mixin table unlogged view function procedure aggregate publication event foreign server user subscription rows role grant revoke owner language conversion".split(
    " ",
  ),
);
/** Words that open one only before another, which no column of their name has there. */
const pairs: ReadonlyMap<string, readonly string[]> = new Map([
  ["materialized", ["view"]],
  ["text", ["search"]],
  ["default", ["privileges"]],
  ["access", ["method"]],
  ["security", ["label"]],
  ["transform", ["for"]],
  ["operator", ["class", "family"]],
  ["database", ["set", "comment"]],
]);

export function layout(
  file: string,
  text: string,
  tokens: readonly IToken[],
  documentation: readonly IToken[] = [],
): Layout {
  const strict = cut(file, text, tokens, documentation, false);
  return strict.unclosed ? cut(file, text, tokens, documentation, true) : strict;
}

/** `lenient`: a line that opens a declaration, no deeper than the block's own, closes the block. */
function cut(
  file: string,
  text: string,
  tokens: readonly IToken[],
  documentation: readonly IToken[],
  lenient: boolean,
): Layout & { unclosed: boolean } {
  const problems: Problem[] = [];
  const docs = new Map<number, DocText>();
  const top: Block = { open: null, close: null, pieces: [] };
  const stack: Frame[] = [{ block: top, piece: null, column: 0, afterComma: false }];
  const brackets: IToken[] = [];
  let frame = stack[0]!;
  let column = 0;
  let end = 0;
  let nextDoc = 0;
  let tooDeep = false;
  let brokenBracket = false;
  const report = (
    code: "syntax" | "unterminated" | "nesting-too-deep",
    token: IToken,
    message: string,
    help?: string,
  ) =>
    problems.push(
      problem(
        code,
        { file, start: token.startOffset, end: token.startOffset + token.image.length },
        message,
        help ? { help } : {},
      ),
    );
  const neverClosed = (block: Block): void => {
    if (block.open !== null) report("unterminated", block.open, "this `{` is never closed");
  };
  /** Gives the `///` lines from `from` on that stand above a place to it; the place Infinity is the end of the file. */
  const documented = (all: readonly IToken[], from: number, place: number): number => {
    const lines: string[] = [];
    let [next, start, end] = [from, -1, -1];
    for (; next < all.length && all[next]!.startOffset < place; next++) {
      const token = all[next]!;
      if (!opensLine(text, token.startOffset)) {
        report(
          "syntax",
          token,
          "documentation stands on lines of its own above what it describes",
          "write `//` for a comment",
        );
        continue;
      }
      if (start === -1) start = token.startOffset;
      end = token.startOffset + token.image.length;
      lines.push(token.image.slice(token.image.charCodeAt(3) === 32 ? 4 : 3).trimEnd());
    }
    if (start === -1) return next;
    if (place !== Infinity) docs.set(place, { text: lines.join("\n"), start, end });
    else
      problems.push(
        problem("syntax", { file, start, end }, "this documentation stands above nothing", {
          help: "write `//` for a comment",
        }),
      );
    return next;
  };
  const pop = (): void => {
    stack.pop();
    frame = stack.at(-1)!;
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    let first = i === 0;
    /** Where the line begins that the token is the first of; a comment may stand before it. */
    let indent = -1;
    for (let at = end; at < token.startOffset; at++) {
      const c = text.charCodeAt(at);
      if (c === 10) {
        first = true;
        column = 0;
        indent = -1;
        continue;
      }
      if (indent === -1 && c > 32 && c !== 0xfeff) indent = column;
      if (c === 9) column += tabWidth - (column % tabWidth);
      else if (c !== 0xfeff) column++;
    }
    const here = first && indent !== -1 ? indent : column;
    end = token.startOffset + token.image.length;
    const newline = token.image.length > 1 ? token.image.lastIndexOf("\n") : -1;
    column = newline === -1 ? column + token.image.length : token.image.length - newline - 1;

    const type = token.tokenType;
    if (nextDoc < documentation.length && documentation[nextDoc]!.startOffset < token.startOffset)
      nextDoc = documented(documentation, nextDoc, token.startOffset);
    // A bracket that never closes is marked; what follows on later lines stands outside of it.
    if (first && brokenBracket) {
      brackets.length = 0;
      brokenBracket = false;
    }
    if (brackets.length === 0) {
      if (frame.piece !== null && first && here <= frame.column && type !== t.LBrace) frame.piece = null;
      if (lenient && first && frame.piece === null && opensDeclaration(tokens, i)) {
        while (stack.length > 1 && here <= stack.at(-2)!.column) {
          neverClosed(frame.block);
          pop();
          frame.piece = null;
        }
      }
      if (type === t.RBrace) {
        if (stack.length > 1) {
          frame.block.close = token;
          pop();
        } else report("syntax", token, "this `}` closes nothing");
        continue;
      }
      if (
        type === t.Comma &&
        stack.length > 1 &&
        !(inSchema(stack, tokens) && listsNames(tokens[frame.piece?.start ?? i]!, frame.piece?.block != null)) &&
        !holdsRows(stack.at(-2)!.piece, tokens) &&
        separates(
          tokens[stack.at(-2)!.piece!.start]!,
          frame.piece === null ? null : tokens[frame.piece.start]!,
          text,
          tokens,
          i,
        )
      ) {
        if (frame.piece === null && frame.afterComma) report("syntax", token, "expected a member before this `,`");
        if (frame.piece === null && frame.block.pieces.length === 0)
          report("syntax", token, "expected a member before this `,`");
        frame.afterComma = frame.piece === null ? frame.afterComma : true;
        frame.piece = null;
        continue;
      }
    }

    if (frame.piece === null) {
      const previous = frame.block.pieces.at(-1);
      frame.piece = {
        start: i,
        end: i,
        block: null,
        after: null,
        broken: type === t.StrayClose && previous?.broken === true,
      };
      frame.block.pieces.push(frame.piece);
      frame.column = here;
      frame.afterComma = false;
    }
    const piece = frame.piece;
    if (token.payload === brokenMark) piece.broken = true;
    if (piece.block !== null) {
      (piece.after ??= []).push(token);
      // Braces there close before those around them do; nobody asks what they hold.
      if (type === t.LBrace) {
        frame = { block: { open: token, close: null, pieces: [] }, piece: null, column: 0, afterComma: false };
        stack.push(frame);
      }
      continue;
    }
    piece.end = i + 1;
    if (type === t.LParen || type === t.LBracket) {
      brackets.push(token);
      brokenBracket ||= token.payload === brokenMark;
      if (brackets.length === maxDepth + 1 && !piece.broken) {
        report("nesting-too-deep", token, `brackets are nested deeper than ${maxDepth} levels here`);
        piece.broken = true;
      }
    } else if (type === t.RParen || type === t.RBracket) {
      const open = brackets.pop();
      if (open !== undefined && (open.tokenType === t.LParen) !== (type === t.RParen) && !piece.broken) {
        report("syntax", token, `this \`${token.image}\` closes a \`${open.image}\``);
        piece.broken = true;
      }
    } else if (type === t.LBrace && brackets.length === 0) {
      if (stack.length > maxDepth) {
        if (!tooDeep) report("nesting-too-deep", token, `braces are nested deeper than ${maxDepth} levels here`);
        tooDeep = true;
        break;
      }
      piece.block = { open: token, close: null, pieces: [] };
      frame = { block: piece.block, piece: null, column: 0, afterComma: false };
      stack.push(frame);
    }
  }
  const unclosed = stack.length > 1 && !tooDeep;
  if (unclosed) neverClosed(frame.block);
  documented(documentation, nextDoc, Infinity);
  return { pieces: top.pieces, docs, problems, unclosed };
}

function opensLine(text: string, offset: number): boolean {
  let i = offset - 1;
  while (i >= 0 && (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9 || text.charCodeAt(i) === 0xfeff)) i--;
  return i < 0 || text.charCodeAt(i) === 10;
}
/** In rows, commas stand between values. */
const holdsRows = (head: Piece | null, tokens: readonly IToken[]): boolean =>
  head !== null && tokens[head.start]!.tokenType === t.kw("rows");
const isName = (token: IToken | undefined): boolean => token !== undefined && tokenMatcher(token, t.Name);

/** Declarations that hold lists with commas of their own (of a function: its settings and symbols); in the braces of a schema a line ends them. */
const listing: ReadonlySet<TokenType> = new Set(
  (["grant", "revoke", "owner", "default", "function", "procedure", "publication", "subscription"] as const).map(t.kw),
);
/** A table lists its mixins, up to its own braces. */
const listsNames = (opening: IToken, closed: boolean): boolean =>
  listing.has(opening.tokenType) ||
  (!closed && (opening.tokenType === t.kw("table") || opening.tokenType === t.kw("unlogged")));
const inSchema = (stack: readonly Frame[], tokens: readonly IToken[]): boolean =>
  tokens[stack.at(-2)?.piece?.start ?? -1]?.tokenType === t.kw("schema");

/** Members in which a list of names stands, and what goes on after one of its names on the same line. */
const goingOn: ReadonlyMap<TokenType, ReadonlySet<TokenType>> = new Map([
  [t.kw("inherits"), new Set()],
  ...([t.kw("trigger"), t.kw("constraint")] as const).map(
    (word) =>
      [
        word,
        new Set(
          (["or", "from", "not", "deferrable", "initially", "referencing", "for", "when", "execute"] as const).map(
            t.kw,
          ),
        ),
      ] as const,
  ),
  [t.kw("policy"), new Set([t.kw("using"), t.kw("with"), t.kw("comment")])],
]);
/** Whether a comma in braces ends a piece: not between the names that a member lists. `head` opens the declaration whose braces they are. */
function separates(head: IToken, opening: IToken | null, text: string, tokens: readonly IToken[], i: number): boolean {
  const first = opening?.tokenType;
  // Labels and attributes may have any name.
  if (head.tokenType === t.kw("enum") || head.tokenType === t.kw("type")) return true;
  // Tokens and dictionaries have commas of their own; the next mapping begins with its word.
  if (head.tokenType === t.kw("text") && first === t.kw("mapping"))
    return tokens[i + 1]?.tokenType === t.kw("mapping") && tokens[i + 2]?.tokenType === t.kw("for");
  const goesOn = first && goingOn.get(first);
  if (!goesOn || !isName(tokens[i + 1])) return true;
  const [next, after] = [tokens[i + 1]!, tokens[i + 2]];
  if (after === undefined || after.tokenType === t.Dot || after.tokenType === t.Comma || after.tokenType === t.RBrace)
    return false;
  if (goesOn.has(after.tokenType)) return false;
  return !text.slice(next.startOffset, after.startOffset).includes("\n");
}

/** Whether a declaration begins there, and no member: a column has a type behind its name. */
function opensDeclaration(tokens: readonly IToken[], i: number): boolean {
  const [word, next, after] = [tokens[i]!.image.toLowerCase(), tokens[i + 1], tokens[i + 2]];
  if (next === undefined) return false;
  if (pairs.get(word)?.includes(next.image.toLowerCase())) return true;
  switch (word) {
    case "partition":
      return isName(next) && (after?.tokenType === t.kw("of") || after?.tokenType === t.Dot);
    case "operator":
      return !isName(next) || after?.tokenType === t.Dot;
    case "cast":
      return next.tokenType === t.LParen;
    case "comment":
      return tokenMatcher(next, t.Text) && after?.tokenType === t.kw("on");
    case "sql":
      return tokenMatcher(next, t.Text);
    default:
      return fileWords.has(word) && isName(next);
  }
}
