/**
 * The lexical rules that need more than a regular expression: strings, nested comments, dollar quotes, operators. They follow
 * PostgreSQL's scan.l. All are linear in the length of the text, whatever it holds.
 */
import { createTokenInstance, type CustomPatternMatcherReturn, type IToken, type TokenType } from "chevrotain";

export type Groups = { [groupName: string]: IToken[] };
export type Matcher = (
  text: string,
  offset: number,
  tokens: IToken[],
  groups: Groups,
) => CustomPatternMatcherReturn | null;

/** Where tokens without an end are noted during a run of the lexer. */
export const unterminatedGroup = "unterminated";
/** Marks a token whose member cannot be understood, because a problem with it is reported already. */
export const brokenMark = "broken";
/** After so many, the rest of the text is taken as one token, so that hostile text costs linear time. */
const patience = 20;

const matched = (image: string): CustomPatternMatcherReturn => [image];

/** A token that never ends reaches to the end of its line, so that what follows can still be read. */
function unterminated(
  type: TokenType,
  text: string,
  offset: number,
  groups: Groups,
  toEnd: boolean,
): CustomPatternMatcherReturn {
  const noted = (groups[unterminatedGroup] ??= []);
  const line = text.indexOf("\n", offset);
  const end = toEnd || line === -1 || noted.length >= patience ? text.length : line;
  const image = text.slice(offset, end);
  noted.push(createTokenInstance(type, image, offset, end - 1, NaN, NaN, NaN, NaN));
  const result = matched(image);
  result.payload = brokenMark;
  return result;
}

/** Index just after the closing quote, or -1. A doubled quote stands for one. */
function endOfQuoted(text: string, from: number, quote: string): number {
  for (let i = from; ;) {
    const q = text.indexOf(quote, i);
    if (q === -1) return -1;
    if (text[q + 1] !== quote) return q + 1;
    i = q + 2;
  }
}

/** The same for E'…', where a backslash also escapes. */
function endOfEscaped(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 39) {
      if (text.charCodeAt(i + 1) !== 39) return i + 1;
      i++;
    }
  }
  return -1;
}

/** `'…'`, `E'…'`, `U&'…'`, `N'…'` (prefix: how many characters stand before the quote). */
export const string =
  (prefix: RegExp, escapes: boolean, type: () => TokenType): Matcher =>
  (text, offset, _tokens, groups) => {
    prefix.lastIndex = offset;
    if (!prefix.test(text)) return null;
    const from = prefix.lastIndex;
    const end = escapes ? endOfEscaped(text, from) : endOfQuoted(text, from, "'");
    return end === -1 ? unterminated(type(), text, offset, groups, false) : matched(text.slice(offset, end));
  };

/** `"…"` and `U&"…"` */
export const quotedName =
  (prefix: RegExp, type: () => TokenType): Matcher =>
  (text, offset, _tokens, groups) => {
    prefix.lastIndex = offset;
    if (!prefix.test(text)) return null;
    const end = endOfQuoted(text, prefix.lastIndex, '"');
    return end === -1 ? unterminated(type(), text, offset, groups, false) : matched(text.slice(offset, end));
  };

/** `$$ … $$`, `$tag$ … $tag$` */
export const dollarQuoted = (type: () => TokenType): Matcher => {
  const tag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
  return (text, offset, _tokens, groups) => {
    tag.lastIndex = offset;
    const open = tag.exec(text)?.[0];
    if (open === undefined) return null;
    const end = text.indexOf(open, offset + open.length);
    return end === -1
      ? unterminated(type(), text, offset, groups, true)
      : matched(text.slice(offset, end + open.length));
  };
};

/** Block comments nest, as in SQL. */
export const blockComment = (type: () => TokenType): Matcher => {
  const edge = /\/\*|\*\//g;
  return (text, offset, _tokens, groups) => {
    if (!text.startsWith("/*", offset)) return null;
    let depth = 1;
    edge.lastIndex = offset + 2;
    for (let m = edge.exec(text); m !== null; m = edge.exec(text)) {
      depth += m[0] === "/*" ? 1 : -1;
      if (depth === 0) return matched(text.slice(offset, edge.lastIndex));
    }
    return unterminated(type(), text, offset, groups, true);
  };
};

const operatorChars = new Set([..."+-*/<>=~!@#%^&|`?"].map((c) => c.charCodeAt(0)));
/** Beside one of these, + and - may end an operator. */
const freeing = new Set([..."~!@#%^&|`?"].map((c) => c.charCodeAt(0)));
const maxOperator = 64;

/** The longest operator, cut at a comment; + and - end one of several characters only beside ~ ! @ # % ^ & | ` ? */
export const operator: Matcher = (text, offset) => {
  let end = offset;
  let free = false;
  for (; end < offset + maxOperator; end++) {
    const c = text.charCodeAt(end);
    if (!operatorChars.has(c)) break;
    const next = text.charCodeAt(end + 1);
    if (end > offset && ((c === 45 && next === 45) || (c === 47 && next === 42))) break;
    free ||= freeing.has(c);
  }
  if (end === offset) return null;
  if (!free) while (end > offset + 1 && (text.charCodeAt(end - 1) === 43 || text.charCodeAt(end - 1) === 45)) end--;
  return matched(text.slice(offset, end));
};
