/**
 * The one canonical form of a file.
 *
 * 1. The text is read, placeholders as they stand. With an error in it, it is left alone.
 * 2. Every declaration is printed anew by its room.
 * 3. Each comment goes to what it stands beside: at the end of its line, else above it. Comments inside SQL are part of the SQL.
 * 4. At most one blank line between two lines is kept.
 */
import type { IToken } from "chevrotain";
import type { Problem, Span } from "../src/problems.ts";
import type { Declaration } from "./declarations.ts";
import { read, type ReadFile } from "./read.ts";
import type { Print, Printed } from "./syntax.ts";
import { docLines, printer, printOne, render, text as joined, type Entry, type Line, type Source } from "./write.ts";

export function format(file: string, text: string): { text: string; problems: Problem[] } {
  const found = read(file, text, null);
  const problems = [...found.problems];
  if (problems.some((p) => p.severity === "error")) return { text, problems };
  const plain = text.startsWith("\ufeff") ? " " + text.slice(1) : text;
  const source: Source = { text: plain, placeholders: found.placeholders };
  const printed = tree(found, source);
  const placer = new Placer(plain, found, printer(source, null));
  const { entries, below } = placer.block(printed, 0, plain.length);
  const lines = render(entries, "", true);
  below.forEach((l, i) => {
    if (l.blank && (i > 0 || entries.length > 0)) lines.push("");
    lines.push(l.text);
  });
  return { text: joined(lines), problems };
}

/** Declarations in the braces of the schema that holds them. */
function tree(found: ReadFile, source: Source): Printed[] {
  const all = found.declarations;
  let next = 0;
  const upTo = (end: number, around: string | null): Printed[] => {
    const out: Printed[] = [];
    let schema = around;
    for (let d: Declaration | undefined; (d = all[next]) !== undefined && d.span.start < end;) {
      next++;
      const printed = printOne(d, printer(source, schema));
      if (d.kind === "schema" && found.blocks.has(d.span.start))
        out.push({ ...printed, body: upTo(d.span.end, d.name.text) });
      else {
        if (d.kind === "schema") schema = d.name.text;
        out.push(printed);
      }
    }
    return out;
  };
  return upTo(Infinity, null);
}

interface Trivia {
  readonly start: number;
  readonly end: number;
  /** null: documentation, which its declaration prints */
  readonly text: string | null;
}

class Placer {
  readonly #text: string;
  readonly #found: ReadFile;
  readonly #p: Print;
  readonly #trivia: readonly Trivia[];
  readonly #kept: readonly Span[];
  #next = 0;

  constructor(text: string, found: ReadFile, p: Print) {
    this.#text = text;
    this.#found = found;
    this.#p = p;
    const comment = (c: IToken): Trivia => ({
      start: c.startOffset,
      end: c.startOffset + c.image.length,
      text: c.image.replaceAll("\r\n", "\n").trimEnd(),
    });
    this.#trivia = [
      ...found.comments.map(comment),
      ...found.docs.map((d) => ({ start: d.start, end: d.end, text: null })),
    ].sort((a, b) => a.start - b.start);
    this.#kept = merged(found.kept);
  }

  /** Places the comments of a block between `from` and `to` around what is printed in it. */
  block(list: readonly Printed[], from: number, to: number): { entries: Entry[]; below: Line[] } {
    const entries: Entry[] = [];
    let end = from;
    for (const printed of list) {
      const e = this.#entry(printed, entries.at(-1) ?? null, end, entries.length === 0 && from > 0);
      entries.push(e);
      end = Math.max(end, printed.span.end);
    }
    const below: Line[] = [];
    const last = entries.at(-1);
    this.#each(to, (c) => {
      if (c.text === null) return;
      if (last !== undefined && below.length === 0 && !this.#newline(end, c.start)) last.trailing.push(c.text);
      else below.push({ text: c.text, blank: this.#blank(end, c.start) });
      end = c.end;
    });
    return { entries, below };
  }

  #entry(printed: Printed, before: Entry | null, from: number, opens: boolean): Entry {
    const { start, end } = printed.span;
    const above: Line[] = [];
    let at = from;
    let blank: boolean | null = null;
    this.#each(start, (c) => {
      if (c.text === null) blank ??= this.#blank(at, c.start);
      else if (before !== null && above.length === 0 && blank === null && !this.#newline(at, c.start))
        before.trailing.push(c.text);
      else above.push({ text: c.text, blank: this.#blank(at, c.start) });
      at = c.end;
    });
    blank ??= start > at && (before !== null || above.length > 0 || opens) && this.#blank(at, start);
    const e = { printed, doc: docLines(printed, this.#p), above, blank, trailing: [], opening: [] as string[] };
    /** Comments between the words of a declaration go above it, below the blank line. */
    const inside = (to: number): void =>
      this.#each(to, (c) => {
        if (c.text === null) return;
        above.push({ text: c.text, blank: e.blank });
        e.blank = false;
      });

    const braces = this.#found.blocks.get(start);
    if (printed.body !== null && braces?.open != null && end > start) {
      inside(braces.open.startOffset);
      let inner = braces.open.startOffset + 1;
      while (
        this.#peek() !== undefined &&
        this.#peek()!.text !== null &&
        !this.#newline(inner, this.#peek()!.start) &&
        this.#peek()!.end < end
      ) {
        const first = printed.body.find((b) => b.span.end > b.span.start);
        if (first !== undefined && this.#peek()!.start > first.span.start) break;
        const c = this.#trivia[this.#next++]!;
        e.opening.push(c.text!);
        inner = c.end;
      }
      const { entries, below } = this.block(printed.body, inner, braces.close?.startOffset ?? end);
      return { ...e, body: entries, below, more: [] };
    }
    if (printed.more.length > 0) {
      const { entries, below } = this.block(printed.more, start, end);
      for (const l of below) above.push(l);
      return { ...e, body: null, below: [], more: entries };
    }
    inside(end);
    return { ...e, body: printed.body === null ? null : [], below: [], more: [] };
  }

  /** Visits what stands before a place, but for comments inside SQL, which stay where they are. */
  #each(to: number, visit: (c: Trivia) => void): void {
    for (let c = this.#peek(); c !== undefined && c.start < to; c = this.#peek()) {
      this.#next++;
      if (!this.#keeps(c.start)) visit(c);
    }
  }
  #peek(): Trivia | undefined {
    return this.#trivia[this.#next];
  }
  #keeps(offset: number): boolean {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#kept[middle]!.end <= offset) low = middle + 1;
      else high = middle;
    }
    const span = this.#kept[low];
    return span !== undefined && span.start <= offset;
  }
  #newline(from: number, to: number): boolean {
    return this.#text.slice(from, to).includes("\n");
  }
  #blank(from: number, to: number): boolean {
    return /\n[ \t\r\f\v]*\n/.test(this.#text.slice(from, to));
  }
}

/** Overlapping spans as one, in order. */
function merged(spans: readonly Span[]): Span[] {
  const out: { file: string; start: number; end: number }[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else out.push({ ...span });
  }
  return out;
}
