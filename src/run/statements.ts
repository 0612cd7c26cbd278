/** Takes SQL text apart into statements, as psql does, so that the runner knows what it sends and which answer is whose. Linear in the text. */

export interface Piece {
  /** UTF-16 offsets into the text; the semicolon is not part of it. */
  readonly start: number;
  readonly end: number;
  /** Its first three words, lower case, "" where there is none. */
  readonly words: readonly [string, string, string];
}
export interface Pieces {
  readonly pieces: readonly Piece[];
  /** What was opened and not closed; null: nothing. */
  readonly open: "string" | "quoted name" | "dollar quote" | "comment" | null;
}

const wordStart = /[A-Za-z_\u0080-\uFFFF]/;
const word = /[A-Za-z_\u0080-\uFFFF][A-Za-z0-9_$\u0080-\uFFFF]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uFFFF][A-Za-z0-9_\u0080-\uFFFF]*)?\$/y;

/** The statements of a text that are more than blanks and comments. */
export function splitStatements(text: string): Pieces {
  const pieces: Piece[] = [];
  let open: Pieces["open"] = null;
  let start = -1;
  let words: string[] = [];
  let brackets = 0;
  let bodies = 0;
  let i = 0;
  const finish = (end: number): void => {
    if (start >= 0) pieces.push({ start, end, words: [words[0] ?? "", words[1] ?? "", words[2] ?? ""] });
    start = -1;
    words = [];
    brackets = bodies = 0;
  };
  /** Goes to where something opened here is closed. */
  const close = (end: number, what: NonNullable<Pieces["open"]>): void => {
    if (end < 0) open = what;
    i = end < 0 ? text.length : end;
  };
  while (i < text.length) {
    const c = text[i]!;
    if (c === "-" && text[i + 1] === "-") {
      i = lineEnd(text, i);
      continue;
    }
    if (c === "/" && text[i + 1] === "*") {
      close(commentEnd(text, i), "comment");
      continue;
    }
    if (c === ";" && brackets <= 0 && bodies === 0) {
      finish(i);
      i++;
      continue;
    }
    if (/\s/.test(c)) {
      i++;
      continue;
    }
    if (start < 0) start = i;
    if (c === "'") close(quoteEnd(text, i, false), "string");
    else if (c === '"') close(quoteEnd(text, i, false), "quoted name");
    else if (c === "$") {
      dollarTag.lastIndex = i;
      const tag = dollarTag.exec(text)?.[0];
      if (tag === undefined) i++;
      else {
        const end = text.indexOf(tag, i + tag.length);
        close(end < 0 ? -1 : end + tag.length, "dollar quote");
      }
    } else if (wordStart.test(c)) {
      word.lastIndex = i;
      const found = word.exec(text)![0];
      i += found.length;
      const lower = found.toLowerCase();
      if (lower === "e" && text[i] === "'") close(quoteEnd(text, i, true), "string");
      else {
        if (brackets === 0) bodies += bodyStep(lower, words, bodies);
        if (words.length < 5) words.push(lower);
      }
    } else {
      if (c === "(") brackets++;
      if (c === ")") brackets--;
      // Digits are taken with what is glued to them, so that 1e'… opens no escape string.
      i++;
      if (/[0-9]/.test(c)) while (i < text.length && /[A-Za-z0-9_$]/.test(text[i]!)) i++;
    }
  }
  finish(text.length);
  return { pieces, open };
}

/** `create function … begin atomic …; end`: its semicolons are the body's. The rule is psql's own. */
function bodyStep(now: string, words: readonly string[], bodies: number): number {
  const routine = words[0] === "create" && words.slice(1, 4).some((w) => w === "function" || w === "procedure");
  if (now === "begin") return routine ? 1 : 0;
  if (now === "case") return bodies > 0 ? 1 : 0;
  if (now === "end") return bodies > 0 ? -1 : 0;
  return 0;
}

function lineEnd(text: string, from: number): number {
  const newline = /[\n\r]/g;
  newline.lastIndex = from;
  return newline.exec(text)?.index ?? text.length;
}

function commentEnd(text: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return -1;
}

function quoteEnd(text: string, from: number, escapes: boolean): number {
  const quote = text[from]!;
  for (let i = from + 1; i < text.length; i++) {
    if (escapes && text[i] === "\\") i++;
    else if (text[i] === quote) {
      if (text[i + 1] === quote) {
        i++;
        continue;
      }
      // A string goes on behind a line break, and stays what it began as.
      goesOn.lastIndex = i + 1;
      if (!escapes || !goesOn.test(text)) return i + 1;
      i = goesOn.lastIndex - 1;
    }
  }
  return -1;
}
const goesOn = /(?:[ \t\f\v]|--[^\n\r]*(?=[\n\r]))*[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*[\n\r])*'/y;

/** A statement that begins or ends a transaction, which is the runner's to do. */
export const controlsTransaction = ({ words: [first, second, third] }: Piece): boolean => {
  switch (first) {
    case "begin":
    case "commit":
    case "end":
    case "abort":
      return true;
    case "start":
    case "prepare":
      return second === "transaction";
    case "rollback":
      return (second === "work" || second === "transaction" ? third : second) !== "to";
    default:
      return false;
  }
};
