/** Declarations → text: the canonical form, for files that are written (`print`) and files that are tidied (format.ts). */
import type { IToken } from "chevrotain";
import type { Span } from "../src/problems.ts";
import type { Declaration, DeclarationKind } from "./declarations.ts";
import { brackets, defaultText, type Fits, surelyFits } from "./parts/fragments.ts";
import { fitsDoc, string } from "./parts/literals.ts";
import { nameText, qualifiedText } from "./parts/names.ts";
import { optionsText } from "./parts/options.ts";
import { typeText } from "./parts/types.ts";
import { parser } from "./read.ts";
import { scan } from "./scan.ts";
import { line, type Print, type Printed } from "./syntax.ts";
import { printDeclaration, printMember } from "./syntaxes.ts";

/** The text that declarations were read from, so that placeholders stay as they stand. */
export interface Source {
  readonly text: string;
  readonly placeholders: readonly IToken[];
}

/** Whether a text is just what a rule says, on one line and without comments. */
const fits: Fits = (text, rule) => surelyFits(text, rule) ?? fitsGrammar(text, rule);
export const fitsGrammar: Fits = (text, rule) => {
  const scanned = scan("", text);
  if (scanned.problems.length > 0 || scanned.comments.length > 0 || text !== text.trim()) return false;
  for (let i = 1, end = 0; i < scanned.tokens.length; i++) {
    const before = scanned.tokens[i - 1]!;
    end = before.startOffset + before.image.length;
    if (text.slice(end, scanned.tokens[i]!.startOffset).includes("\n")) return false;
  }
  return scanned.tokens.length > 0 && "children" in parser().run(rule, scanned.tokens);
};

/** `schema`: that of the header or block around. */
export function printer(source: Source | null, schema: string | null): Print {
  const isPlaceholder = (text: string): boolean => source !== null && text.startsWith("${");
  const placeholderWithin = (text: string, span: Span): boolean => {
    if (!isPlaceholder(text)) return false;
    const all = source!.placeholders;
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle]!.startOffset < span.start) low = middle + 1;
      else high = middle;
    }
    for (; low < all.length && all[low]!.startOffset < span.end; low++) if (all[low]!.image === text) return true;
    return false;
  };
  const write: Print["name"] = (n, place) =>
    isPlaceholder(n.text) && source!.text.slice(n.span.start, n.span.end) === n.text ? n.text : nameText(n.text, place);
  const p: Print = {
    name: write,
    qualified: (n, place) => qualifiedText(n, write, place),
    type: (n) => typeText(n, write),
    default: (f) => defaultText(f, fits),
    brackets: (f) => brackets(f.text),
    options: (list) =>
      optionsText(list, (o) => (o.value !== null && placeholderWithin(o.value, o.span) ? o.value : null)),
    string: (text, within) => (placeholderWithin(text, within) ? text : string(text)),
    fits,
    inSchema: (d) =>
      (d.schema?.text ?? null) === schema ? "" : d.schema === null ? " in public" : ` in ${write(d.schema)}`,
    comment: (doc, within) =>
      doc === null || (fitsDoc(doc) && !placeholderWithin(doc, within)) ? "" : ` comment ${p.string(doc, within)}`,
    member: (m) => printMember(m.kind, m, p),
  };
  return p;
}
export const printOne = (d: Declaration, p: Print): Printed => printDeclaration(d.kind, d, p);

/** A line of its own: a comment. */
export interface Line {
  readonly text: string;
  /** A blank line stands before it. */
  readonly blank: boolean;
}
/** What is printed, with the comments around it. */
export interface Entry {
  readonly printed: Printed;
  readonly doc: readonly string[];
  readonly above: Line[];
  blank: boolean;
  /** Comments at the end of its last line, and after its opening brace. */
  readonly trailing: string[];
  readonly opening: string[];
  readonly body: Entry[] | null;
  readonly below: Line[];
  readonly more: Entry[];
}
export const docLines = (printed: Printed, p: Print): readonly string[] =>
  printed.doc === null || p.comment(printed.doc, printed.span) !== ""
    ? []
    : printed.doc.split("\n").map((text) => (text === "" ? "///" : `/// ${text}`));

/** An entry without comments. */
export const entry = (printed: Printed, p: Print): Entry => ({
  printed,
  doc: docLines(printed, p),
  above: [],
  blank: printed.apart,
  trailing: [],
  opening: [],
  body: printed.body?.map((b) => entry(b, p)) ?? null,
  below: [],
  more: printed.more.map((m) => entry(m, p)),
});

const width = 100;
const comments = (list: readonly string[]): string => (list.length === 0 ? "" : "  " + list.join(" "));

/** The lines of entries of one block, columns aligned. `spaced`: entries of several lines are set apart by blank lines. */
export function render(entries: readonly Entry[], indent: string, spaced: boolean): string[] {
  const rows = entries.filter((e) => e.printed.cells.length > 1);
  const widths = [0, 1].map((i) => rows.reduce((most, e) => Math.max(most, lengthOf(e.printed.cells[i]!)), 0));
  const out: string[] = [];
  let before: readonly string[] | null = null;
  for (const e of entries) {
    const lines = renderEntry(e, indent, widths);
    const blank: boolean =
      (e.above[0]?.blank ?? e.blank) || (spaced && before !== null && (before.length > 1 || lines.length > 1));
    if (blank && before !== null) out.push("");
    for (const l of lines) out.push(l);
    before = lines;
  }
  return out;
}
/** What the eye sees of a text of several lines: the last of them. */
const lengthOf = (text: string): number => {
  const last = text.slice(text.lastIndexOf("\n") + 1);
  return /[\ud800-\udfff]/.test(last) ? [...last].length : last.length;
};

function renderEntry(e: Entry, indent: string, widths: readonly number[]): string[] {
  const lines: string[] = [];
  e.above.forEach((l, i) => {
    if (l.blank && i > 0) lines.push("");
    lines.push(indent + l.text);
  });
  if (e.above.length > 0 && e.blank) lines.push("");
  for (const text of e.doc) lines.push(indent + text);

  const cells = e.printed.cells;
  const text = cells
    .map((cell, i) =>
      i + 1 < cells.length && cells.slice(i + 1).some((c) => c !== "")
        ? cell + " ".repeat(Math.max(0, widths[i]! - lengthOf(cell)) + 2)
        : cell,
    )
    .join("");
  if (e.body === null) lines.push(indent + text);
  else {
    const oneLine = inlined(e, indent + text);
    if (oneLine !== null) lines.push(oneLine);
    else {
      lines.push(`${indent}${text} {${comments(e.opening)}`);
      for (const l of render(e.body, indent + "  ", isBlock(e))) lines.push(l);
      e.below.forEach((l, i) => {
        if (l.blank && (i > 0 || e.body!.length > 0)) lines.push("");
        lines.push(indent + "  " + l.text);
      });
      lines.push(indent + "}");
    }
  }
  for (const l of render(e.more, indent + "  ", false)) lines.push(l);
  lines[lines.length - 1] += comments(e.trailing);
  return lines;
}
/** A `schema x { … }` holds declarations, which are spaced as in a file. */
const isBlock = (e: Entry): boolean => e.printed.cells[0]!.startsWith("schema ");

function inlined(e: Entry, head: string): string | null {
  const body = e.body!;
  const quiet = e.opening.length === 0 && e.below.length === 0;
  if (body.length === 0 && quiet) return `${head} {}`;
  if (
    e.printed.inline === null ||
    !quiet ||
    body.some((b) => b.above.length > 0 || b.trailing.length > 0 || b.doc.length > 0)
  )
    return null;
  const text = `${head} { ${body.map((b) => b.printed.cells.filter((c) => c !== "").join(" ")).join(e.printed.inline)} }`;
  return lengthOf(text) <= width && !text.includes("\n") ? text : null;
}

/** Kinds that live in no schema. */
const unplaced: ReadonlySet<DeclarationKind> = new Set<DeclarationKind>([
  "schema",
  "extension",
  "role",
  "database",
  "defaultPrivileges",
]);

/** The canonical text of one file's declarations. When all of them live in one schema, its header stands first. */
export function print(declarations: readonly Declaration[]): string {
  const placed = declarations.filter((d) => !unplaced.has(d.kind));
  const first = placed[0]?.schema ?? null;
  const shared =
    first !== null && first.text !== "public" && placed.every((d) => d.schema?.text === first.text) ? first : null;
  const opening = declarations[0]?.kind === "schema" && placed.length === 0 ? declarations[0].name : null;
  const header = shared ?? opening;
  const p = printer(null, header?.text ?? null);
  const own = declarations.find((d) => d.kind === "schema" && d.name.text === header?.text);
  const entries: Entry[] = [];
  if (header !== null)
    entries.push(
      entry(own === undefined ? line([`schema ${p.name(header)}`], { span: header.span }) : printOne(own, p), p),
    );
  let kind = header === null ? null : "schema";
  for (const d of declarations) {
    if (d === own) continue;
    const printed = printOne(d, p);
    const e = entry(d.kind === "schema" ? { ...printed, body: [] } : printed, p);
    e.blank = kind !== null && kind !== d.kind;
    kind = d.kind;
    entries.push(e);
  }
  return text(render(entries, "", true));
}
export const text = (lines: readonly string[]): string => (lines.length === 0 ? "" : lines.join("\n") + "\n");
