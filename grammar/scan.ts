/** Text → tokens, comments and what is wrong with the characters. */
import { Lexer, type IToken } from "chevrotain";
import { problem, type Problem, type Span } from "../src/problems.ts";
import { lazy } from "./lazy.ts";
import { brokenMark, unterminatedGroup } from "./patterns.ts";
import * as t from "./tokens.ts";

export interface Scanned {
  readonly tokens: IToken[];
  readonly comments: IToken[];
  /** `///` lines */
  readonly docs: IToken[];
  readonly problems: Problem[];
}

const lexer = lazy(
  () => new Lexer(t.modes, { positionTracking: "onlyOffset", skipValidations: true, ensureOptimizations: false }),
);
/** The lexer with all of Chevrotain's own checks of the vocabulary; for tests. */
export const checkedLexer = (): Lexer =>
  new Lexer(t.modes, { positionTracking: "onlyOffset", ensureOptimizations: true });

const maxLength = 10_000_000;
/** How often reading starts anew after a bracket that never closes, and how much text that may cost. */
const patience = 20;
const maxReread = 5_000_000;
/** No text that was meant nests so deep, whatever its strings hold; the tokens of such a one would not fit into memory. */
const absurdDepth = 100_000;
const endOf = (token: IToken): number => token.startOffset + token.image.length;

/** Text that cannot be a .schema file at all, or null. */
export function unreadable(file: string, text: string): Problem | null {
  const at = (start: number, length: number): Span => ({ file, start, end: Math.min(text.length, start + length) });
  if (text.length > maxLength)
    return problem("file-too-large", at(0, 0), "this file is over 10 MB, which no .schema file should be", {
      help: "split it; all .schema files of the folder are one program",
    });
  const nul = text.indexOf("\0");
  if (nul !== -1)
    return problem("not-text", at(nul, 1), "this file holds a NUL character, so it is not a text file in UTF-8", {
      help: "save it as UTF-8",
    });
  if (text.length > absurdDepth)
    for (let i = 0, depth = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 40 || c === 91 || c === 123) {
        if (++depth > absurdDepth)
          return problem("nesting-too-deep", at(i, 1), `brackets are nested deeper than ${absurdDepth} levels here`);
      } else if (c === 41 || c === 93 || c === 125) depth = Math.max(0, depth - 1);
    }
  let replaced = 0;
  for (let i = text.indexOf("\ufffd"); i !== -1; i = text.indexOf("\ufffd", i + 1)) {
    if (++replaced > 10 && replaced * 20 > text.length)
      return problem("not-text", at(text.indexOf("\ufffd"), 1), "this file is not text in UTF-8", {
        help: "save it as UTF-8",
      });
    if (replaced > text.length / 20 + 10) break;
  }
  return null;
}

/** Gives words their own token types. */
function classify(file: string, tokens: readonly IToken[], problems: Problem[]): void {
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === t.Identifier) {
      const word = t.wordType(token.image);
      if (word !== undefined) retype(token, word);
      else if (invisible.test(token.image)) reportInvisible(file, token, problems);
    } else if (type === t.Operator && token.image.length === 1)
      retype(
        token,
        token.image === "=" ? t.Equals : token.image === "-" ? t.Minus : token.image === "+" ? t.Plus : undefined,
      );
  }
}
// To Postgres these are letters, which is never what was meant.
const invisible = /[\u0085\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]/;
function reportInvisible(file: string, token: IToken, problems: Problem[]): void {
  const index = token.image.search(invisible);
  const code = token.image.charCodeAt(index).toString(16).toUpperCase().padStart(4, "0");
  const start = token.startOffset + index;
  token.payload = brokenMark;
  problems.push(
    problem("syntax", { file, start, end: start + 1 }, `there is an invisible character (U+${code}) here`, {
      help: "write an ordinary space, or put the name in double quotes",
      fix: " ",
    }),
  );
}
function retype(token: IToken, type: IToken["tokenType"] | undefined): void {
  if (type === undefined) return;
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
}

/** The outermost bracket that never closes, or null. */
function unclosed(tokens: readonly IToken[]): IToken | null {
  let depth = 0;
  let outermost: IToken | null = null;
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === t.LParen || type === t.LBracket) {
      if (depth++ === 0) outermost = token;
    } else if (type === t.RParen || type === t.RBracket) depth--;
  }
  return depth > 0 ? outermost : null;
}

/**
 * Reads the text. A bracket that never closes would swallow everything after it, so reading starts anew on the line after
 * such a bracket, and its member is marked as broken.
 */
export function scan(file: string, source: string): Scanned {
  const text = source.startsWith("\ufeff") ? " " + source.slice(1) : source;
  const problems: Problem[] = [];
  let tokens: IToken[] = [];
  const comments: IToken[] = [];
  const docs: IToken[] = [];
  for (let from = 0, tries = 0, reread = 0; ; tries++, reread += text.length - from) {
    const run = lexer().tokenize(from === 0 ? text : " ".repeat(from) + text.slice(from));
    const bad = run.groups[unterminatedGroup] ?? [];
    const open = unclosed(run.tokens);
    const line = open === null ? -1 : text.indexOf("\n", open.startOffset);
    const end = open === null || line === -1 || tries >= patience || reread > maxReread ? text.length : line;
    const lost = bad.filter((token) => token.startOffset < end);
    for (const token of lost) problems.push(unterminated(file, source, token, run.tokens));
    if (open !== null) {
      open.payload = brokenMark;
      if (!lost.some((token) => token.startOffset > open.startOffset))
        problems.push(
          problem(
            "unterminated",
            { file, start: open.startOffset, end: endOf(open) },
            `this \`${open.image}\` is never closed`,
          ),
        );
    }
    if (from === 0 && open === null) tokens = run.tokens;
    else for (const token of run.tokens) if (token.startOffset < end) tokens.push(token);
    for (const token of run.groups[t.docGroup] ?? []) if (token.startOffset < end) docs.push(token);
    for (const token of run.groups[t.commentGroup] ?? []) if (token.startOffset < end) comments.push(token);
    if (end === text.length) break;
    from = end;
  }
  classify(file, tokens, problems);
  return { tokens, comments, docs, problems };
}

function unterminated(file: string, text: string, token: IToken, all: readonly IToken[]): Problem {
  const quote = token.image.startsWith("/*")
    ? "/*"
    : token.image.startsWith("$")
      ? token.image.slice(0, token.image.indexOf("$", 1) + 1)
      : token.image.slice(0, token.image.search(/['"]/) + 1);
  const what =
    quote === "/*" ? "comment" : quote.startsWith("$") ? "dollar-quoted text" : quote.endsWith('"') ? "name" : "string";
  const span = { file, start: token.startOffset, end: token.startOffset + quote.length };
  const earlier =
    what === "string" &&
    all.find((o) => o.startOffset < token.startOffset && o.tokenType === t.Str && o.image.includes("\n"));
  return problem("unterminated", span, `this ${what} is never closed`, {
    help: earlier
      ? `the string that opens on line ${lineOf(text, earlier.startOffset)} spans lines; perhaps that one lacks its closing quote`
      : `close it with \`${quote === "/*" ? "*/" : quote.startsWith("$") ? quote : quote.slice(-1)}\``,
  });
}
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
