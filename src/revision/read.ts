/** Reads a revision file without running it. */
import type { Revision } from "./format.ts";
import { found, readLiteral, type Literal } from "./literal.ts";
import { readShape } from "./shape.ts";
import { normalise } from "./normalise.ts";
import { onlyInRun, readCode, readString, readWord, skipBlanks, Unreadable } from "./script.ts";

/** Why a file, or the set of them, is no good. */
export interface RevisionProblem {
  readonly kind: "problem";
  readonly file: string;
  /** 1-based; null when it is about the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  /** One sentence in the user's words, without the place. */
  readonly message: string;
  /** Of two lines of revisions that are not one yet. Each of them can be read all the same. */
  readonly forked?: true;
  /** The folder is not there. A project that never planned anything may have none yet. */
  readonly absent?: true;
}
export const isRevisionProblem = (x: Revision | RevisionProblem): x is RevisionProblem => "kind" in x;

/** Bigger files are refused unread. */
export const largestRevision = 32 * 1024 * 1024;

/**
 * Reads a revision from its file's text. Only a restricted literal is accepted, so nothing in the file runs; a function
 * step is recognised and marked by its `source`, and `loadRevision` imports it when it is applied.
 */
export function readRevision(path: string, text: string): Revision | RevisionProblem {
  const complain = (at: number | null, message: string): RevisionProblem => {
    if (at === null) return { kind: "problem", file: path, line: null, column: null, message };
    const before = text.slice(0, at).split(/\r\n|[\n\r\u2028\u2029]/);
    return { kind: "problem", file: path, line: before.length, column: before.at(-1)!.length + 1, message };
  };
  if (text.length > largestRevision) return complain(null, "the file is larger than 32 MB");
  try {
    const { value, imports } = readModule(text);
    const revision = readShape(value);
    const runsCode = hasCode(revision);
    const first = imports[0];
    if (first !== undefined && !runsCode)
      throw new Unreadable(first.at, "an import of code, though no step of this revision runs any");
    return first === undefined ? revision : withImports(revision, imports.map((i) => i.source).join("\n"));
  } catch (e) {
    if (e instanceof Unreadable) return complain(e.at, e.message);
    throw e;
  }
}

/** True when applying the revision imports its file. */
export const hasCode = (r: Revision): boolean => [...r.up, ...r.down].some((s) => s.kind === "function");

/** What a file imports belongs to what its functions do, so it counts in their source. */
function withImports(r: Revision, imports: string): Revision {
  const steps = (list: Revision["up"]): Revision["up"] =>
    list.map((s) => (s.kind === "function" ? { ...s, source: `${imports}\n${s.source ?? ""}` } : s));
  return { ...r, up: steps(r.up), down: steps(r.down) };
}

interface Import {
  readonly at: number;
  readonly source: string;
}

/** `import type …;* (export default LITERAL | const NAME: Revision = LITERAL; export default NAME)` and nothing else. */
function readModule(text: string): { readonly value: Literal; readonly imports: readonly Import[] } {
  const imports: Import[] = [];
  let i = skipBlanks(text, 0);
  const usual = usualImport.exec(text.slice(i, i + usualLength));
  if (usual !== null) i = skipBlanks(text, i + usual[0].length);
  while (readWord(text, i) === "import") {
    const read = readImport(text, i);
    if (!read.typeOnly) imports.push({ at: i, source: read.source });
    i = skipBlanks(text, read.end);
  }
  const constant = readWord(text, i) === "const" ? readConstantHead(text, i) : null;
  if (constant === null) refuseDeclaration(text, i);
  const start = constant?.end ?? expectWords(text, i, ["export", "default"]);
  const { value, end } = readLiteral(text, start);
  i = skipSemicolon(text, readTypeTail(text, end));
  refuseDeclaration(text, i);
  if (constant !== null) i = skipSemicolon(text, expectWords(text, i, ["export", "default", constant.name]));
  refuseDeclaration(text, i);
  if (i < text.length) throw new Unreadable(i, `${found(text, i)} after the revision, where the file should end`);
  return { value, imports };
}

/** As every file begins that was written for one; it is read through without taking it apart. */
const usualImport = /^import type \{ Revision \} from ["']schemac\/runner["'];(?=\s)/;
const usualLength = 60;

const skipSemicolon = (text: string, from: number): number => {
  const i = skipBlanks(text, from);
  return text[i] === ";" ? skipBlanks(text, i + 1) : i;
};

function expectWords(text: string, from: number, words: readonly string[]): number {
  let i = from;
  for (const word of words) {
    i = skipBlanks(text, i);
    if (readWord(text, i) !== word)
      throw new Unreadable(i, `${found(text, i)} where "${words.join(" ")}" should stand`);
    i += word.length;
  }
  return i;
}

function readImport(
  text: string,
  at: number,
): { readonly end: number; readonly typeOnly: boolean; readonly source: string } {
  const head = readCode(text, at, (t) => t.kind === "string");
  const odd = head.tokens.find((t) => t.kind === "other" && !"{},*".includes(t.text));
  if (odd !== undefined) throw new Unreadable(odd.start, `"${odd.text}" in an import`);
  const end = skipSemicolon(text, readString(text, head.end).end);
  // `import type from "x"` imports a value called type.
  const typeOnly = head.tokens[1]?.text === "type" && head.tokens[2]?.text !== "from";
  const source = typeOnly ? "" : `${normalise(head.tokens)} ${JSON.stringify(readString(text, head.end).value)}`;
  return { end, typeOnly, source };
}

const declares: ReadonlySet<string> = new Set(
  "async function class const let var enum type interface namespace export".split(" "),
);
/** Helpers and the like beside the revision, which nobody would run. */
function refuseDeclaration(text: string, at: number): void {
  const word = readWord(text, at);
  if (!declares.has(word) || (word === "export" && readWord(text, skipBlanks(text, at + word.length)) === "default"))
    return;
  throw new Unreadable(at, `"${word}" beside the revision: ${onlyInRun}`);
}

/** `const NAME: Revision =`, and a `{` behind it; any other constant is a helper. */
function readConstantHead(text: string, at: number): { readonly name: string; readonly end: number } {
  const name = readWord(text, skipBlanks(text, at + "const".length));
  let i = skipBlanks(text, skipBlanks(text, at + "const".length) + name.length);
  if (text[i] === ":") {
    const type = skipBlanks(text, i + 1);
    if (readWord(text, type) === "Revision") i = skipBlanks(text, type + "Revision".length);
  }
  if (name === "" || text[i] !== "=" || text[skipBlanks(text, i + 1)] !== "{") refuseDeclaration(text, at);
  return { name, end: i + 1 };
}

/** `as const`, `satisfies Revision`, `as Revision`, in any number. */
function readTypeTail(text: string, from: number): number {
  let i = skipBlanks(text, from);
  for (;;) {
    const word = readWord(text, i);
    if (word !== "as" && word !== "satisfies") return i;
    const after = skipBlanks(text, i + word.length);
    const type = readWord(text, after);
    if (type !== "Revision" && !(word === "as" && type === "const"))
      throw new Unreadable(after, `${found(text, after)} where "Revision" should stand`);
    i = skipBlanks(text, after + type.length);
  }
}
