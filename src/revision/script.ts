/**
 * TypeScript's lexical rules, as far as revision files need them: blanks, comments, strings, templates, and where a piece
 * of code ends. Everything here is linear in the text and runs nothing.
 */
import { normalise } from "./normalise.ts";

/** What was wrong, and where. Thrown inside src/revision only; `readRevision` turns it into a problem. */
export class Unreadable extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}
/** Why it is, where it is code. */
export const onlyInRun =
  "code may stand only as the value of `run:` of a step; put helpers into a file of their own, outside of this folder, and import it";

const blank = /[\s\uFEFF]/;
export const wordStart = /[A-Za-z_$\u0080-\uFFFF]/;

/** Position after blanks and comments. */
export function skipBlanks(text: string, from: number): number {
  let i = from;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === space || (c < 14 && c > 8)) i++;
    else if (c === slash && text.charCodeAt(i + 1) === slash) i = lineEnd(text, i);
    else if (c === slash && text[i + 1] === "*") {
      const end = text.indexOf("*/", i + 2);
      if (end < 0) throw new Unreadable(i, "a comment that is not closed");
      i = end + 2;
    } else if (c > 127 && blank.test(text[i]!)) i++;
    else break;
  }
  return i;
}
const space = 32;
const slash = 47;

/** Sticky and global expressions are set to their place before each use. */
const newline = /[\n\r\u2028\u2029]/g;
const wordRest = /[A-Za-z0-9_$\u0080-\uFFFF]*/y;
const specials = { '"': /["\\\n\r]/g, "'": /['\\\n\r]/g, "`": /[`\\$\r]/g } as const;
function lineEnd(text: string, from: number): number {
  newline.lastIndex = from;
  return newline.test(text) ? newline.lastIndex - 1 : text.length;
}
const isNewline = (c: string): boolean => c === "\n" || c === "\r" || c === "\u2028" || c === "\u2029";

export const readWord = (text: string, from: number): string => {
  if (from >= text.length || !wordStart.test(text[from]!)) return "";
  wordRest.lastIndex = from;
  wordRest.test(text);
  return text.slice(from, wordRest.lastIndex);
};

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
]);

/** Reads a string or a template without `${`, from its opening quote. */
export function readString(text: string, from: number): { readonly value: string; readonly end: number } {
  const quote = text[from]!;
  const template = quote === "`";
  const parts: string[] = [];
  const special = specials[template ? "`" : quote === '"' ? '"' : "'"];
  let i = from + 1;
  let plain = i;
  for (;;) {
    special.lastIndex = i;
    i = special.test(text) ? special.lastIndex - 1 : text.length;
    const c = text[i];
    if (c === undefined) throw new Unreadable(from, "a string that is not closed");
    if (c === quote) {
      parts.push(text.slice(plain, i));
      return { value: parts.join(""), end: i + 1 };
    }
    if (c === "\\") {
      parts.push(text.slice(plain, i));
      const escape = readEscape(text, i);
      parts.push(escape.value);
      plain = i = escape.end;
    } else if (template && c === "$" && text[i + 1] === "{") {
      throw new Unreadable(i, "a template literal with `${`, which is code");
    } else if (template && c === "\r") {
      // JavaScript reads every line ending in a template as "\n".
      parts.push(text.slice(plain, i), "\n");
      i += text[i + 1] === "\n" ? 2 : 1;
      plain = i;
    } else if (!template && (c === "\n" || c === "\r")) {
      throw new Unreadable(from, "a string that is not closed on its line");
    } else i++;
  }
}

function readEscape(text: string, at: number): { readonly value: string; readonly end: number } {
  const c = text[at + 1];
  if (c === undefined) throw new Unreadable(at, "a string that is not closed");
  const simple = simpleEscapes.get(c);
  if (simple !== undefined) return { value: simple, end: at + 2 };
  if (c === "\r") return { value: "", end: at + (text[at + 2] === "\n" ? 3 : 2) };
  if (isNewline(c)) return { value: "", end: at + 2 };
  if (c === "x") return { value: String.fromCharCode(hex(text, at + 2, 2, at)), end: at + 4 };
  if (c === "u" && text[at + 2] === "{") {
    const close = text.indexOf("}", at + 3);
    const digits = close < 0 ? "" : text.slice(at + 3, close);
    if (!/^[0-9a-fA-F]{1,8}$/.test(digits) || parseInt(digits, 16) > 0x10ffff)
      throw new Unreadable(at, "an escape that means no character");
    return { value: String.fromCodePoint(parseInt(digits, 16)), end: close + 1 };
  }
  if (c === "u") return { value: String.fromCharCode(hex(text, at + 2, 4, at)), end: at + 6 };
  if (c === "0" && !/[0-9]/.test(text[at + 2] ?? "")) return { value: "\0", end: at + 2 };
  if (/[0-9]/.test(c)) throw new Unreadable(at, "an octal escape");
  return { value: c, end: at + 2 };
}

function hex(text: string, from: number, length: number, at: number): number {
  const digits = text.slice(from, from + length);
  if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits))
    throw new Unreadable(at, "an escape that means no character");
  return parseInt(digits, 16);
}

/** A token of code, comments and blanks left out. `text` is normalised: a string's is its value as JSON. */
export interface Token {
  readonly text: string;
  readonly kind: "word" | "string" | "other";
  readonly start: number;
  readonly end: number;
  /** A line ends before it. */
  readonly newline: boolean;
}

/** Words that an operand follows, so that a slash after them opens a regular expression. */
export const beforeOperand: ReadonlySet<string> = new Set(
  "return typeof case in of delete void throw new await yield instanceof else do".split(" "),
);
const deepest = 200;

/** Reads the next token of code. `before` tells a division from a regular expression. */
export function readToken(text: string, from: number, before: Token | null, depth = 0): Token | null {
  const start = skipBlanks(text, from);
  const token = tokenAt(text, start, before, depth);
  return token && { ...token, start, newline: anyNewline.test(text.slice(from, start)) };
}
const anyNewline = /[\n\r\u2028\u2029]/;

function tokenAt(
  text: string,
  start: number,
  before: Token | null,
  depth: number,
): Pick<Token, "text" | "kind" | "end"> | null {
  const c = text[start];
  if (c === undefined) return null;
  if (c === '"' || c === "'") {
    const { value, end } = readString(text, start);
    return { text: JSON.stringify(value), kind: "string", end };
  }
  if (c === "`") return readTemplate(text, start, depth);
  if (wordStart.test(c)) {
    const word = readWord(text, start);
    return { text: word, kind: "word", end: start + word.length };
  }
  if (/[0-9]/.test(c)) {
    const number = /[0-9a-zA-Z_.]+/y;
    number.lastIndex = start;
    const found = number.exec(text)![0];
    return { text: found.toLowerCase(), kind: "other", end: start + found.length };
  }
  if (c === "/" && regexMayStand(before)) {
    const end = regexEnd(text, start);
    return { text: text.slice(start, end), kind: "other", end };
  }
  const two = text.slice(start, start + 2);
  const long = two === "=>" || two === "++" || two === "--";
  return { text: long ? two : c, kind: "other", end: start + (long ? 2 : 1) };
}

function regexMayStand(before: Token | null): boolean {
  if (before === null) return true;
  if (before.kind === "word") return beforeOperand.has(before.text);
  return before.kind === "other" && !/^([)\]}0-9/`]|\+\+|--)/.test(before.text);
}

function regexEnd(text: string, from: number): number {
  let inClass = false;
  for (let i = from + 1; i < text.length; i++) {
    const c = text[i]!;
    if (isNewline(c)) break;
    if (c === "\\") i++;
    else if (c === "[") inClass = true;
    else if (c === "]") inClass = false;
    else if (c === "/" && !inClass) return i + 1 + readWord(text, i + 1).length;
  }
  throw new Unreadable(from, "a regular expression that is not closed");
}

function readTemplate(text: string, from: number, depth: number): Pick<Token, "text" | "kind" | "end"> {
  if (depth > deepest) throw new Unreadable(from, "code nested too deep");
  const parts: string[] = [];
  let i = from + 1;
  let plain = i;
  for (;;) {
    const c = text[i];
    if (c === undefined) throw new Unreadable(from, "a template that is not closed");
    if (c === "\\") i += 2;
    else if (c === "`") {
      parts.push(text.slice(plain, i));
      return { text: "`" + parts.join("").replace(/\r\n?/g, "\n") + "`", kind: "other", end: i + 1 };
    } else if (c === "$" && text[i + 1] === "{") {
      parts.push(text.slice(plain, i), "${");
      const inner = readCode(text, i + 2, (t, open) => t.text === "}" && open === 0, depth + 1);
      parts.push(normalise(inner.tokens), "}");
      plain = i = inner.end + 1;
    } else i++;
  }
}

/**
 * Reads code until `stop` says so of a token (with the number of brackets open before it), which is not taken.
 * Throws when brackets don't match or the text ends.
 */
export function readCode(
  text: string,
  from: number,
  stop: (token: Token, open: number, before: readonly Token[]) => boolean,
  depth = 0,
): { readonly tokens: readonly Token[]; readonly end: number } {
  const tokens: Token[] = [];
  const open: string[] = [];
  let i = from;
  for (;;) {
    const token = readToken(text, i, tokens.at(-1) ?? null, depth);
    if (token === null) throw new Unreadable(from, "code that does not end");
    if (stop(token, open.length, tokens)) return { tokens, end: token.start };
    if (token.kind === "other") {
      const closing = { "(": ")", "[": "]", "{": "}" }[token.text];
      if (closing !== undefined) open.push(closing);
      else if (")]}".includes(token.text) && open.pop() !== token.text)
        throw new Unreadable(token.start, `a "${token.text}" that closes nothing`);
    }
    tokens.push(token);
    i = token.end;
  }
}
