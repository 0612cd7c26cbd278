/** Problems for people: place, sentence, the line of the source with a caret under the span, help. */
import type { Problem, Span } from "../problems.ts";
import type { Json } from "./exit.ts";
import type { Colors } from "./output.ts";
import { clean, inLine, width } from "./text.ts";

/** The texts of files, by the path that spans name. */
export type Sources = ReadonlyMap<string, string>;

/** 1-based; columns count characters (code points), as editors show them. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds lines and columns in a text; the line starts are looked up once. */
export class Locator {
  readonly text: string;
  readonly #starts: number[] = [0];
  constructor(text: string) {
    this.text = text;
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) this.#starts.push(i + 1);
  }
  /** Number of the line that holds the offset, from 0. */
  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
  place(offset: number): Place {
    const at = Math.max(0, Math.min(offset, this.text.length));
    const line = this.#lineAt(at);
    let column = 1;
    for (let i = this.#starts[line]!; i < at; i++) {
      const pair = (this.text.charCodeAt(i) & 0xfc00) === 0xd800 && (this.text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
      if (pair) i++;
      if (i < at) column++;
    }
    return { line: line + 1, column };
  }
  /** Offsets of the line that holds this offset, without its line ending. */
  bounds(offset: number): { readonly start: number; readonly end: number } {
    const line = this.#lineAt(Math.max(0, Math.min(offset, this.text.length)));
    const start = this.#starts[line]!;
    let end = this.#starts[line + 1] === undefined ? this.text.length : this.#starts[line + 1]! - 1;
    if (end > start && this.text[end - 1] === "\r") end--;
    return { start, end };
  }
}

/** Columns of source shown before a long line is trimmed, and how many stand before the span then. */
const room = 100;
const before = 40;
/** Source looked at around a span: a line may be megabytes long. */
const reach = 400;

/** The source line and the caret line beneath it, both without a margin. */
export function excerpt(locator: Locator, start: number, end: number): readonly [source: string, carets: string] {
  const line = locator.bounds(start);
  const from = Math.max(line.start, Math.min(start, line.end) - reach);
  const to = Math.min(line.end, start + reach);
  const cells: { readonly text: string; readonly width: number; readonly at: number }[] = [];
  let column = 0;
  let offset = from;
  for (const c of locator.text.slice(from, to)) {
    const text = c === "\t" ? " ".repeat(4 - (column % 4)) : clean(c);
    const w = c === "\t" ? text.length : text === "" ? 0 : width(c);
    cells.push({ text, width: w, at: offset });
    column += w;
    offset += c.length;
  }
  const startColumn = cells.reduce((sum, cell) => (cell.at < start ? sum + cell.width : sum), 0);
  const cutLeft = from > line.start || (column > room && startColumn > before);
  const left = cutLeft ? Math.max(0, startColumn - before) : 0;
  const cutRight = to < line.end || column > left + room;
  let shown = cutLeft ? "…" : "";
  let caretStart = 0;
  let carets = 0;
  let shownWidth = shown.length;
  let at = 0;
  for (const cell of cells) {
    if (at >= left && at + cell.width <= left + room) {
      if (cell.at < start) caretStart = shownWidth + cell.width;
      else if (cell.at < end) carets += cell.width;
      shown += cell.text;
      shownWidth += cell.width;
    }
    at += cell.width;
  }
  if (caretStart === 0 && cutLeft) caretStart = 1;
  return [shown + (cutRight ? "…" : ""), " ".repeat(caretStart) + "^".repeat(Math.max(1, carets))];
}

/** Renders problems of many files, remembering where their lines begin. */
export class ProblemRenderer {
  readonly #sources: Sources;
  readonly #colors: Colors;
  readonly #locators = new Map<string, Locator>();
  constructor(sources: Sources, colors: Colors) {
    this.#sources = sources;
    this.#colors = colors;
  }
  #locator(span: Span): Locator {
    let locator = this.#locators.get(span.file);
    if (locator === undefined)
      this.#locators.set(span.file, (locator = new Locator(this.#sources.get(span.file) ?? "")));
    return locator;
  }
  /** `file:line:column: error[code]: sentence`, the excerpt, help and fix. */
  render(problem: Problem): string {
    const { bold, red, yellow, dim, cyan } = this.#colors;
    const locator = this.#locator(problem.span);
    const { line, column } = locator.place(problem.span.start);
    const paint = problem.severity === "error" ? red : yellow;
    const lines = [
      `${bold(`${inLine(problem.span.file)}:${line}:${column}`)}: ${paint(`${problem.severity}[${problem.code}]`)}: ${inLine(problem.message)}`,
    ];
    if (locator.text !== "") {
      const margin = String(line).padStart(5);
      const [source, carets] = excerpt(locator, problem.span.start, problem.span.end);
      lines.push(`${dim(`${margin} |`)} ${source}`, `${dim(`${" ".repeat(margin.length)} |`)} ${paint(carets)}`);
    }
    if (problem.help !== undefined) lines.push(`      ${cyan("help:")} ${inLine(problem.help)}`);
    if (problem.fix !== undefined)
      lines.push(`      ${cyan("fix:")} ${problem.fix === "" ? "remove it" : `write \`${clean(problem.fix)}\``}`);
    return lines.join("\n");
  }
  json(problem: Problem): Json {
    const locator = this.#locator(problem.span);
    const start = locator.place(problem.span.start);
    const end = locator.place(problem.span.end);
    return {
      code: problem.code,
      severity: problem.severity,
      file: problem.span.file,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      message: problem.message,
      help: problem.help,
      fix: problem.fix,
    };
  }
}

/** Errors before warnings are not wanted: people read a file from top to bottom. */
export const inOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted(
    (a, b) =>
      (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : 0) ||
      a.span.start - b.span.start ||
      a.span.end - b.span.end,
  );
