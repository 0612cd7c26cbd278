/**
 * One text for code that means the same, however a formatter lays it out. Nothing is parsed: where a semicolon or the end
 * of a line makes a difference is seen from the tokens around it.
 */
import { beforeOperand, type Token } from "./script.ts";

/**
 * Text of code in which blanks, comments, quotes, trailing commas and the brackets around a lone arrow parameter make no
 * difference, so that a formatter's work makes none either. Nor do semicolons, but for those without which the code after them
 * would belong to the code before.
 */
export function normalise(tokens: readonly Token[]): string {
  const out: string[] = [];
  const open = new Brackets();
  for (let i = 0; i < tokens.length; i++) {
    const [token, next, third, fourth] = [tokens[i]!, tokens[i + 1], tokens[i + 2], tokens[i + 3]];
    const before = tokens[i - 1];
    if (token.text === ";") {
      if (open.inside === "(" ? leavesPartOut(tokens, i) : before !== undefined && open.awaitsStatement(before))
        out.push(";");
      continue;
    }
    if (divides(tokens, i, open)) out.push(";");
    else if (before !== undefined && (apart(before, token) || isNameOfCase(token, before, next))) out.push(separately);
    open.take(tokens, i);
    // A comma without anything before it is a hole, which counts.
    const holes = before?.text === "[" || before?.text === ",";
    if (token.text === "," && next !== undefined && /^[)\]}]$/.test(next.text) && !holes) continue;
    if (token.text === "(" && next?.kind === "word" && third?.text === ")" && fourth?.text === "=>") {
      out.push(next.text);
      open.take(tokens, i + 2);
      i += 2;
    } else if (isPlainKey(token, before, next)) out.push(token.text.slice(1, -1));
    // Signs that are one operator are written as two: it is those that are two which are told apart.
    else out.push(isStep(token) ? [...token.text].join(" ") : token.text);
  }
  return out.join(" ");
}

/** Two blanks, where one stands between any others. */
const separately = "";
const isStep = (t: Token): boolean => t.text === "++" || t.text === "--";
const isSign = (t: Token): boolean => t.kind === "other" && /^(\+\+?|--?)$/.test(t.text);

/** Signs that would be one operator without a blank: `a + +b`, `+ +a`, `a! = b`. */
function apart(a: Token, b: Token): boolean {
  if (a.text === "!" && b.text === "=") return a.end < b.start;
  return isSign(a) && isSign(b) && a.text[0] === b.text[0];
}

/** The `a` of `case a:`. In `case "a":`, which is the usual one, the string has no quotes, as a property's name. */
const isNameOfCase = (token: Token, before: Token, next: Token | undefined): boolean =>
  token.kind === "word" && before.text === "case" && next?.text === ":";

/** `"a": 1`, which may stand as `a: 1`. Not the `"a" :` of `x ? "a" : b`. */
function isPlainKey(token: Token, before: Token | undefined, next: Token | undefined): boolean {
  if (token.kind !== "string" || next?.text !== ":" || !/^"[A-Za-z_$][A-Za-z0-9_$]*"$/.test(token.text)) return false;
  if (before === undefined || before.kind === "string") return true;
  if (before.kind === "word") return before.text === "case" || !beforeOperand.has(before.text);
  return /^[{,;)\]}0-9`]/.test(before.text);
}

/** Words with which a statement begins, and no expression. */
const statements = new Set(
  "break case class const continue debugger default do else export finally for function if import let return switch throw try var while with".split(
    " ",
  ),
);

/** Whether a statement ends before this token that could go on with it: by a semicolon, or by the end of a line. */
function divides(tokens: readonly Token[], i: number, open: Brackets): boolean {
  const token = tokens[i]!;
  let last = i - 1;
  while (tokens[last]?.text === ";") last--;
  const before = tokens[last];
  const semicolon = last < i - 1;
  if (before === undefined || !(semicolon || token.newline)) return false;
  const property = tokens[last - 1]?.text === ".";
  if (before.kind === "word" && !property) {
    if (before.text === "return" || before.text === "yield") return beginsOperand(token);
    if (before.text === "break" || before.text === "continue") return isAlone(tokens, i);
  }
  if (!property && !open.endsOperand(before)) return false;
  // In the head of a `for`, `++i` is usual at the end and `i++` in the middle is not.
  if (open.inside === "(" && (isStep(token) || isStep(before)))
    return semicolon && isStep(before) && beginsOperand(token);
  if (isStep(token)) return before.text !== "}";
  if (token.text === "!") {
    const next = tokens[i + 1];
    return before.text !== "}" && !(next?.text === "=" && next.start === token.end);
  }
  return semicolon && token.kind === "other" && /^[([`+\-*/<]/.test(token.text) && !isIndexSignature(tokens, i);
}

/** A word that is a statement by itself, and after `break` would be a label. */
function isAlone(tokens: readonly Token[], i: number): boolean {
  const [token, after] = [tokens[i]!, tokens[i + 1]];
  if (token.kind !== "word" || statements.has(token.text)) return false;
  if (after === undefined || /^[;}]$/.test(after.text)) return true;
  const goesOn = after.kind === "word" ? /^(in|instanceof|as|satisfies)$/.test(after.text) : after.kind === "other";
  return after.newline && (!goesOn || isStep(after));
}

const beginsOperand = (t: Token): boolean =>
  t.kind === "word" ? !statements.has(t.text) : t.kind === "string" || /^[([{`+\-!~/<0-9.]/.test(t.text);
/** `[key: string]: x` among a type's members, which may stand without semicolons. */
const isIndexSignature = (tokens: readonly Token[], i: number): boolean =>
  tokens[i]!.text === "[" && tokens[i + 1]?.kind === "word" && tokens[i + 2]?.text === ":";

/** A semicolon of `for (…)` beside a part that is left out, but for the last part alone, or all of them: that leaves one way to read it. */
function leavesPartOut(tokens: readonly Token[], i: number): boolean {
  const at = (n: number): string | undefined => tokens[i + n]?.text;
  const none =
    (at(-1) === "(" && at(1) === ";" && at(2) === ")") || (at(-2) === "(" && at(-1) === ";" && at(1) === ")");
  return !none && (at(-1) === "(" || at(-1) === ";" || at(1) === ";");
}

interface Bracket {
  readonly text: string;
  /** `(` after `if`, `for`, `while`, `with`: what follows is a statement. */
  readonly head: boolean;
  /** `{` of an object, or of a function or class that is a value. */
  readonly value: boolean;
}

/** The brackets that are open, and what the one that was closed last was. */
class Brackets {
  readonly #open: Bracket[] = [];
  #closed: Bracket | null = null;
  /** Depths at which a `do` waits for its `while`. */
  readonly #dos: number[] = [];
  /** Depths at which a `function` or `class` that is a value waits for its body. */
  readonly #values: number[] = [];
  #endsDo = false;

  get inside(): string | undefined {
    return this.#open.at(-1)?.text;
  }

  /** Whether a statement is to follow, so that a semicolon would be an empty one. `before`: the token taken last. */
  awaitsStatement(before: Token): boolean {
    if (before.text === ")") return this.#closed?.head === true;
    return before.kind === "word" && (before.text === "else" || before.text === "do");
  }

  /** Whether the token, the last that was taken, can end an operand, which `(` or a sign would go on with. */
  endsOperand(before: Token): boolean {
    if (before.kind === "word") return !beforeOperand.has(before.text) && !statements.has(before.text);
    if (before.kind === "string") return true;
    if (before.text === ")") return this.#closed?.head !== true;
    if (before.text === "}") return this.#closed?.value === true;
    return isStep(before) || before.text === "!" || /^([\]0-9`]|\/.)/.test(before.text);
  }

  take(tokens: readonly Token[], i: number): void {
    const token = tokens[i]!;
    const before = tokens[i - 1];
    const depth = this.#open.length;
    if (token.kind === "word") this.#takeWord(token.text, before?.text === "async" ? tokens[i - 2] : before, depth);
    else if (token.kind === "other" && /^[([{]$/.test(token.text)) {
      const value = token.text === "{" && (this.#values.at(-1) === depth || (before !== undefined && isValue(before)));
      if (token.text === "{" && this.#values.at(-1) === depth) this.#values.pop();
      this.#open.push({ text: token.text, head: token.text === "(" && this.#isHead(tokens, i), value });
    } else if (token.kind === "other" && /^[)\]}]$/.test(token.text)) {
      this.#closed = this.#open.pop() ?? null;
      while ((this.#dos.at(-1) ?? -1) >= depth) this.#dos.pop();
      while ((this.#values.at(-1) ?? -1) >= depth) this.#values.pop();
    }
  }

  #takeWord(word: string, before: Token | undefined, depth: number): void {
    if (before?.text === ".") return;
    this.#endsDo = false;
    if (word === "do") this.#dos.push(depth);
    else if (word === "while" && this.#dos.at(-1) === depth && before?.text !== "do") {
      this.#dos.pop();
      this.#endsDo = true;
    } else if ((word === "function" || word === "class") && before !== undefined && isValue(before))
      this.#values.push(depth);
  }

  #isHead(tokens: readonly Token[], i: number): boolean {
    const at = tokens[i - 1]?.text === "await" && tokens[i - 2]?.text === "for" ? i - 2 : i - 1;
    const word = tokens[at];
    if (word?.kind !== "word" || tokens[at - 1]?.text === ".") return false;
    return /^(if|for|with)$/.test(word.text) || (word.text === "while" && !this.#endsDo);
  }
}

/** Whether a value is to follow, and no block. */
const isValue = (before: Token): boolean =>
  before.kind === "word"
    ? beforeOperand.has(before.text) && !/^(do|else)$/.test(before.text)
    : before.kind === "other" && /^[([,=?:&|+\-*/%^!~]$/.test(before.text);
