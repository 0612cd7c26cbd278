/** Reads the literal that a revision file exports: objects, arrays, strings, numbers, true, false, null, and code only where it may stand. */
import { normalise } from "./normalise.ts";
import { onlyInRun, readCode, readString, readWord, skipBlanks, Unreadable, type Token } from "./script.ts";

interface At {
  /** Offset into the file's text. */
  readonly at: number;
}
export interface Entry extends At {
  readonly key: string;
  readonly value: Literal;
}
export type Literal = At &
  (
    | { readonly kind: "string"; readonly value: string }
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "boolean"; readonly value: boolean }
    | { readonly kind: "null" }
    | { readonly kind: "array"; readonly items: readonly Literal[] }
    | { readonly kind: "object"; readonly entries: readonly Entry[] }
    | { readonly kind: "code"; readonly source: string }
  );

const deepest = 32;
export interface Read {
  readonly value: Literal;
  readonly end: number;
}

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9A-Za-z_$.])/y;

/** Reads one literal from `from` (blanks before it are skipped). */
export function readLiteral(text: string, from: number, depth = 0): Read {
  const at = skipBlanks(text, from);
  const c = text[at];
  if (depth > deepest) throw new Unreadable(at, `values nested more than ${deepest} deep`);
  if (c === undefined) throw new Unreadable(at, "the file's end where a value should stand");
  if (c === '"' || c === "'" || c === "`") {
    const { value, end } = readString(text, at);
    return { value: { kind: "string", value, at }, end };
  }
  if (c === "{") return readObject(text, at, depth);
  if (c === "[") return readArray(text, at, depth);
  if (c === "-" || (c >= "0" && c <= "9")) {
    number.lastIndex = at;
    if (number.test(text)) {
      const end = number.lastIndex;
      return { value: { kind: "number", value: Number(text.slice(at, end)), at }, end };
    }
  }
  const word = readWord(text, at);
  const end = at + word.length;
  if (word === "true" || word === "false") return { value: { kind: "boolean", value: word === "true", at }, end };
  if (word === "null") return { value: { kind: "null", at }, end };
  const isCode = c === "(" || /^(async|function|class|new)$/.test(word) || text[skipBlanks(text, end)] === "(";
  throw new Unreadable(at, `${found(text, at)} where a plain value should stand${isCode ? `: ${onlyInRun}` : ""}`);
}

/** What stands here, for a message. */
export function found(text: string, at: number): string {
  const word = readWord(text, at);
  if (word !== "") return `"${word.slice(0, 40)}"`;
  const c = text[at];
  if (c === undefined) return "the file's end";
  return /[!-~]/.test(c)
    ? `"${c}"`
    : `the character U+${text.codePointAt(at)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

function readArray(text: string, at: number, depth: number): Read {
  const items: Literal[] = [];
  let i = skipBlanks(text, at + 1);
  while (text[i] !== "]") {
    if (text.startsWith("...", i)) throw new Unreadable(i, '"..." where a plain value should stand');
    const item = readLiteral(text, i, depth + 1);
    items.push(item.value);
    i = skipBlanks(text, item.end);
    if (text[i] === ",") i = skipBlanks(text, i + 1);
    else if (text[i] !== "]") throw new Unreadable(i, `${found(text, i)} where "," or "]" should stand`);
  }
  return { value: { kind: "array", items, at }, end: i + 1 };
}

function readObject(text: string, at: number, depth: number): Read {
  const entries: Entry[] = [];
  const seen = new Set<string>();
  let i = skipBlanks(text, at + 1);
  while (text[i] !== "}") {
    const entry = readEntry(text, i, depth);
    if (seen.has(entry.entry.key)) throw new Unreadable(i, `"${entry.entry.key}" for the second time`);
    seen.add(entry.entry.key);
    entries.push(entry.entry);
    i = skipBlanks(text, entry.end);
    if (text[i] === ",") i = skipBlanks(text, i + 1);
    else if (text[i] !== "}") throw new Unreadable(i, `${found(text, i)} where "," or "}" should stand`);
  }
  return { value: { kind: "object", entries, at }, end: i + 1 };
}

function readEntry(text: string, at: number, depth: number): { readonly entry: Entry; readonly end: number } {
  const quoted = text[at] === '"' || text[at] === "'" ? readString(text, at) : null;
  const key = quoted?.value ?? readWord(text, at);
  if (key === "") throw new Unreadable(at, `${found(text, at)} where a property's name should stand`);
  const after = skipBlanks(text, quoted?.end ?? at + key.length);
  // Code may stand as the value of `run` only; what it means is for the file's importer, not for this reader.
  const method = key === "run" ? text[after] === "(" : key === "async" && readWord(text, after) === "run";
  if (method) return readMethod(text, at);
  if (text[after] !== ":") throw new Unreadable(after, `${found(text, after)} where ":" should stand`);
  if (key === "run") return readFunction(text, at, skipBlanks(text, after + 1));
  const { value, end } = readLiteral(text, after + 1, depth + 1);
  return { entry: { key, value, at }, end };
}

const opens = (t: Token): boolean => t.text === "{" && t.kind === "other";

/** `run(context) { … }` or `async run(context): Promise<void> { … }` */
function readMethod(text: string, at: number): { readonly entry: Entry; readonly end: number } {
  const head = readCode(text, at, (t, open, before) => open === 0 && opens(t) && before.some((b) => b.text === ")"));
  const body = readCode(text, head.end, (_, open, before) => open === 0 && before.length > 0);
  const source = normalise([...head.tokens, ...body.tokens]);
  return { entry: { key: "run", value: { kind: "code", source, at }, at }, end: body.tokens.at(-1)!.end };
}

/** The value of `run:`. A comma ends it, but not one in the head of an arrow function (its type may hold some). */
function readFunction(text: string, at: number, from: number): { readonly entry: Entry; readonly end: number } {
  const code = readCode(text, from, (t, open, before) => {
    if (open > 0 || t.kind !== "other") return false;
    if (t.text === "}") return true;
    return (
      t.text === "," &&
      (!/^(\(|async|<)$/.test(before[0]?.text ?? "") || before.length > longestHead || headIsOver(before))
    );
  });
  if (code.tokens.length === 0) throw new Unreadable(from, "nothing where a function should stand");
  const source = normalise(code.tokens);
  return { entry: { key: "run", value: { kind: "code", source, at: from }, at }, end: code.tokens.at(-1)!.end };
}
/** More tokens than the head of any function written by a person; keeps reading linear. */
const longestHead = 1000;
const headIsOver = (tokens: readonly Token[]): boolean =>
  tokens.some((t) => t.text === "=>") || (tokens[1]?.text === "function" && tokens.at(-1)?.text === "}");
