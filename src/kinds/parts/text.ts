/** Reading SQL text just far enough to put brackets around it, or to take needless ones away. Nothing here decides meaning. */
import type { Fragment } from "../../model/objects.ts";

const isWordStart = (c: string | undefined): boolean => c !== undefined && /[\p{L}_]/u.test(c);
const isWord = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{N}_$]/u.test(c);

/** Where the quoted text, dollar-quoted text or comment that starts at `i` ends; `i` itself when none starts there. */
export function afterQuoted(sql: string, i: number): number {
  const c = sql[i];
  if (c === "'" || c === '"') {
    const escapes = c === "'" && /[eE]/.test(sql[i - 1] ?? "") && !isWord(sql[i - 2]);
    for (let j = i + 1; j < sql.length; j++) {
      if (escapes && sql[j] === "\\") j++;
      else if (sql[j] === c) {
        if (sql[j + 1] !== c) return j + 1;
        j++;
      }
    }
    return sql.length;
  }
  if (c === "$" && !isWord(sql[i - 1])) {
    let j = i + 1;
    while (isWord(sql[j]) && sql[j] !== "$") j++;
    if (sql[j] !== "$" || /\d/.test(sql[i + 1] ?? "")) return i;
    const tag = sql.slice(i, j + 1);
    const end = sql.indexOf(tag, j + 1);
    return end < 0 ? sql.length : end + tag.length;
  }
  if (c === "-" && sql[i + 1] === "-") {
    const end = sql.indexOf("\n", i);
    return end < 0 ? sql.length : end;
  }
  if (c === "/" && sql[i + 1] === "*") {
    let depth = 0;
    for (let j = i; j < sql.length; j++) {
      if (sql[j] === "/" && sql[j + 1] === "*") {
        depth++;
        j++;
      } else if (sql[j] === "*" && sql[j + 1] === "/") {
        j++;
        if (--depth === 0) return j + 1;
      }
    }
    return sql.length;
  }
  return i;
}

/** Where the bracket that opens at `i` is closed (the index after it); -1 when it never is. */
function afterBracket(sql: string, i: number): number {
  let depth = 0;
  while (i < sql.length) {
    const quoted = afterQuoted(sql, i);
    if (quoted > i) {
      i = quoted;
      continue;
    }
    if (sql[i] === "(" || sql[i] === "[") depth++;
    else if ((sql[i] === ")" || sql[i] === "]") && --depth === 0) return i + 1;
    i++;
  }
  return -1;
}

/** Takes away the brackets that enclose the whole text: `(price >= 0)` is `price >= 0`. */
export function unwrap(sql: string): string {
  let text = sql.trim();
  while (text.startsWith("(") && afterBracket(text, 0) === text.length) text = text.slice(1, -1).trim();
  return text;
}

/**
 * The text of an expression that Postgres deparsed, as what it is and as what to write. They differ where the deparsed
 * text, read again, comes out otherwise: `a = any ((array[…])::text[])` was `a = any (array[…])`, and a cast that is said
 * goes into the array's elements.
 */
export function deparsed(sql: string): Fragment {
  const canonical = unwrap(sql);
  return { sql: readable(canonical), path: [], canonical };
}

/** Takes the casts of whole array literals away that `any` and `all` bring about by themselves. */
export function readable(sql: string): string {
  if (!sql.includes(" ((ARRAY[")) return sql;
  let out = "";
  let done = 0;
  for (let i = 0; i < sql.length;) {
    const quoted = afterQuoted(sql, i);
    if (quoted > i) {
      i = quoted;
      continue;
    }
    if (sql.startsWith(" ((ARRAY[", i) && /(?:^|\W)(?:ANY|ALL)$/.test(sql.slice(Math.max(0, i - 4), i))) {
      const end = afterBracket(sql, i + 1);
      const arrayEnd = afterBracket(sql, i + 2);
      if (end > 0 && arrayEnd > 0 && sql.startsWith("::", arrayEnd) && afterBracket(sql, i + 8) === arrayEnd - 1) {
        out += `${sql.slice(done, i)} (${sql.slice(i + 3, arrayEnd - 1)})`;
        done = end;
        i = end;
        continue;
      }
    }
    i++;
  }
  return out + sql.slice(done);
}

type Token = "word" | "number" | "string" | "round" | "square" | "cast" | "dot" | "sign" | "other";

function tokens(sql: string): { readonly kind: Token; readonly text: string }[] {
  const out: { kind: Token; text: string }[] = [];
  let i = 0;
  const take = (kind: Token, end: number): void => {
    out.push({ kind, text: sql.slice(i, end) });
    i = end;
  };
  while (i < sql.length) {
    const c = sql[i]!;
    const quoted = afterQuoted(sql, i);
    if (/\s/.test(c)) i++;
    else if (c === "'" || c === "$") take("string", Math.max(quoted, i + 1));
    else if (c === '"') take("word", quoted);
    else if (quoted > i) take("other", quoted);
    else if (c === "(" || c === "[") {
      const end = afterBracket(sql, i);
      take(end < 0 ? "other" : c === "(" ? "round" : "square", end < 0 ? sql.length : end);
    } else if (isWordStart(c)) {
      let j = i;
      while (isWord(sql[j])) j++;
      // E'…', B'…' and the like are strings with a prefix.
      if (sql[j] === "'" && j === i + 1 && /[eEbBxXnN]/.test(c)) take("string", afterQuoted(sql, j));
      else take("word", j);
    } else if (/[\d.]/.test(c) && (c !== "." || /\d/.test(sql[i + 1] ?? ""))) {
      let j = i;
      while (/[\d.]/.test(sql[j] ?? "")) j++;
      if (/[eE]/.test(sql[j] ?? "") && /[-+\d]/.test(sql[j + 1] ?? "")) for (j += 2; /\d/.test(sql[j] ?? "");) j++;
      take("number", j);
    } else if (sql.startsWith("::", i)) take("cast", i + 2);
    else if (c === ".") take("dot", i + 1);
    else if (c === "+" || c === "-") take("sign", i + 1);
    else take("other", i + 1);
  }
  return out;
}

/** Words that a type's name may go on with. */
const typeWords = new Set("varying precision with without time zone year month day hour minute second to".split(" "));

/**
 * True when the text is a literal with its sign, a typed literal, a name, a call or `array[…]`, followed by any number of
 * casts: what may stand after `default` without brackets, here and in Postgres.
 */
export function isSimple(sql: string): boolean {
  const all = tokens(sql);
  let i = 0;
  const at = (kind: Token): boolean => all[i]?.kind === kind;
  if (at("sign")) i++;
  if (at("number") || at("string")) i++;
  else if (at("word")) {
    const words: string[] = [all[i++]!.text.toLowerCase()];
    while (at("dot") && all[i + 1]?.kind === "word") {
      words.push(all[i + 1]!.text);
      i += 2;
    }
    if (["not", "case", "select", "row", "exists"].includes(words[0]!) && words.length === 1) return false;
    if (words[0] === "array" && at("square")) i++;
    else if (at("round")) i++;
    else if (at("string")) i++;
  } else return false;
  while (at("cast")) {
    i++;
    if (!at("word")) return false;
    for (i++; i < all.length; i++) {
      const t = all[i]!;
      if (t.kind === "dot" && all[i + 1]?.kind === "word") i++;
      else if (t.kind !== "round" && t.kind !== "square" && !(t.kind === "word" && typeWords.has(t.text))) break;
    }
  }
  return i === all.length;
}

/** The expression as it may stand after `default`: in brackets unless it is simple. */
export const defaultText = (sql: string): string => (isSimple(sql) ? sql : bracketed(sql));

/** For the inside of brackets: a comment up to the end of the line cannot swallow the closing one. */
export const enclosed = (sql: string): string => (sql.includes("--") ? `${sql}\n` : sql);

/** In brackets of its own; a query is an expression only with another pair. */
export const bracketed = (sql: string): string =>
  /^\s*(?:select|with|values|table)\b/i.test(sql) ? `((${enclosed(sql)}))` : `(${enclosed(sql)})`;

/**
 * Cuts a statement at the first place outside of quotes and brackets where each of these words stands, one after the other;
 * undefined for a part whose word never comes. The words are sticky patterns.
 */
export function shownParts(sql: string, ...words: readonly RegExp[]): readonly (string | undefined)[] {
  const out: (string | undefined)[] = [undefined];
  let start = 0;
  /** Where the part of the word before this one is kept. */
  let open = 0;
  let from = 0;
  for (const [n, word] of words.entries()) {
    out.push(undefined);
    for (let i = from; i < sql.length;) {
      word.lastIndex = i;
      const found = word.exec(sql);
      if (found) {
        out[open] = sql.slice(start, i);
        start = from = i + found[0].length;
        open = n + 1;
        break;
      }
      const quoted = afterQuoted(sql, i);
      const bracket = quoted === i && sql[i] === "(" ? afterBracket(sql, i) : -1;
      i = quoted > i ? quoted : bracket > i ? bracket : i + 1;
    }
  }
  out[open] = sql.slice(start);
  return out;
}
