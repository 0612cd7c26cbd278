/** What rooms need to turn a syntax tree into a declaration: names, texts, fragments, places, problems. */
import type { CstNode, IToken } from "chevrotain";
import { problem, type Problem, type ProblemCode, type Span } from "../src/problems.ts";
import type { DocText } from "./layout.ts";
import type { GivenNode } from "./declarations.ts";
import type { FragmentNode, Name } from "./nodes.ts";
import { nameValue, stringValue } from "./parts/literals.ts";
import { quoted } from "./parts/names.ts";
import * as t from "./tokens.ts";
import { nearest } from "../src/problems.ts";

export type Values = Readonly<Record<string, string>>;
/** A node of the syntax tree as far as its place matters. */
export interface Placed {
  readonly children: { readonly [name: string]: readonly (Placed | IToken)[] | undefined };
  readonly location?: CstNode["location"];
}
// Places are noted for the commonest rules only, and otherwise worked out where they are asked for.
function startOf(node: Placed): number {
  let start = Infinity;
  for (const name in node.children) {
    const first = node.children[name]![0]!;
    start = Math.min(start, "children" in first ? startOf(first) : first.startOffset);
  }
  return start;
}
function endOf(node: Placed): number {
  let end = 0;
  for (const name in node.children) {
    const last = node.children[name]!.at(-1)!;
    end = Math.max(end, "children" in last ? endOf(last) : last.startOffset + last.image.length);
  }
  return end;
}

export class Lower {
  readonly file: string;
  readonly text: string;
  readonly problems: Problem[] = [];
  errors = 0;
  /** Spans whose text goes through verbatim, comments included; in order. */
  readonly kept: Span[] = [];
  readonly #values: Values | null;
  readonly #docs: Map<number, DocText>;
  readonly #crlf: boolean;
  /** Where comments of ours begin that SQL does not know. */
  readonly #slashes: readonly number[];

  /** `values` null: placeholders and comments stay as they stand (for the formatter). */
  constructor(
    file: string,
    text: string,
    values: Values | null,
    docs: Map<number, DocText>,
    comments: readonly IToken[],
  ) {
    this.file = file;
    this.text = text;
    this.#values = values;
    this.#docs = docs;
    this.#slashes = comments.flatMap((c) => (c.image.startsWith("//") ? [c.startOffset] : []));
    this.#crlf = text.includes("\r\n") && !/(?:^|[^\r])\n/.test(text);
  }

  get keepsPlaceholders(): boolean {
    return this.#values === null;
  }
  report(
    code: ProblemCode,
    span: Span,
    message: string,
    more: { readonly help?: string; readonly fix?: string } = {},
  ): void {
    this.add(problem(code, span, message, more));
  }
  add(p: Problem): void {
    this.problems.push(p);
    if (p.severity === "error") this.errors++;
  }
  /** From the first token to the last. */
  between(first: IToken, last: IToken = first): Span {
    return { file: this.file, start: first.startOffset, end: last.startOffset + last.image.length };
  }
  /** From the first token of a node to its last. */
  at(node: Placed): Span {
    const known = node.location;
    if (known !== undefined) return { file: this.file, start: known.startOffset, end: known.endOffset! };
    return { file: this.file, start: startOf(node), end: endOf(node) };
  }
  /** Text of the source as a file with plain newlines would have it. */
  slice(start: number, end: number): string {
    let text = this.text.slice(start, end);
    // Between the parts of a text without brackets: as SQL would have it, so that every place stays where it is.
    for (const at of text.includes("//") ? this.#slashes : [])
      if (at >= start && at < end) text = `${text.slice(0, at - start)}--${text.slice(at - start + 2)}`;
    return this.#crlf && text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
  }

  /** No documentation is left to be asked for. */
  get undocumented(): boolean {
    return this.#docs.size === 0;
  }
  /** Documentation above the token at this place. Asked for once; what nobody asks for belongs to nothing. */
  doc(start: number): string | null {
    const doc = this.#docs.get(start);
    if (doc === undefined) return null;
    this.#docs.delete(start);
    return doc.text;
  }
  /** The one text of `///` lines and a `comment` clause. */
  docOf(start: number, comment: readonly IToken[] | undefined): string | null {
    const doc = this.doc(start);
    if (comment === undefined) return doc;
    this.once(comment, "comment");
    const token = comment[0]!;
    if (doc !== null)
      this.report("duplicate-clause", this.between(token), "documentation stands above it already, as `///` lines", {
        help: "keep one of the two",
      });
    return this.string(token);
  }

  /** A name as Postgres stores it. `silent`: capitals need no warning (types in capitals, say). */
  name(token: IToken, silent = false): Name {
    const span = this.between(token);
    const image = token.image;
    switch (token.tokenType) {
      case t.QuotedName:
      case t.UnicodeName: {
        const value = this.#crlf ? image.replaceAll("\r\n", "\n") : image;
        const text = nameValue(value);
        if (text === null || text === "")
          this.report("syntax", span, text === "" ? "a name cannot be empty" : "this name has a broken unicode escape");
        return { text: text ?? "", quoted: true, span };
      }
      case t.Placeholder:
        return this.#values === null
          ? { text: image, quoted: false, span }
          : { text: this.#placeholder(token) ?? "", quoted: true, span };
    }
    if (!/[A-Z]/.test(image)) return { text: image, quoted: false, span };
    const text = image.replace(/[A-Z]+/g, (s) => s.toLowerCase());
    if (!silent)
      this.report("unfolded-name", span, `\`${image}\` without quotes is read as \`${text}\``, {
        help: `write \`${quoted(image)}\` to keep the capitals, or \`${text}\``,
        fix: quoted(image),
      });
    return { text, quoted: false, span };
  }
  /** The text a string stands for. */
  string(token: IToken): string {
    if (token.tokenType === t.Placeholder)
      return this.#values === null ? token.image : (this.#placeholder(token) ?? "");
    const value = stringValue(this.slice(token.startOffset, token.startOffset + token.image.length));
    if (value !== null) return value;
    this.report("syntax", this.between(token), "this string has a broken escape");
    return "";
  }
  /** A string, or a placeholder for one, whose value may be missing: whether that matters is not the grammar's to say. */
  given(token: IToken): GivenNode {
    const span = this.between(token);
    if (token.tokenType !== t.Placeholder) return { value: this.string(token), placeholder: null, span };
    const placeholder = token.image.slice(2, -1);
    const values = this.#values ?? {};
    return { value: Object.hasOwn(values, placeholder) ? values[placeholder]! : null, placeholder, span };
  }
  /** A word's or number's text; a placeholder's value. */
  verbatim(token: IToken): string {
    if (token.tokenType === t.Placeholder && this.#values !== null) return this.#placeholder(token) ?? "";
    return this.slice(token.startOffset, token.startOffset + token.image.length);
  }
  #placeholder(token: IToken): string | null {
    const key = token.image.slice(2, -1);
    const values = this.#values ?? {};
    if (Object.hasOwn(values, key)) return values[key]!;
    const near = nearest(key, Object.keys(values));
    this.report("unknown-placeholder", this.between(token), `there is no value for \`${token.image}\``, {
      help: near === null ? `give it: \`-x ${key}=…\`, or in the config` : `did you mean \`\${${near}}\`?`,
      ...(near === null ? {} : { fix: `\${${near}}` }),
    });
    return null;
  }

  /** The SQL between two brackets, without the blanks at its ends. */
  fragment(open: IToken, close: IToken): FragmentNode {
    let start = open.startOffset + 1;
    let end = close.startOffset;
    while (start < end && isBlank(this.text.charCodeAt(start))) start++;
    while (end > start && isBlank(this.text.charCodeAt(end - 1))) end--;
    if (start === end)
      this.report("syntax", this.between(open, close), "expected an SQL expression between the brackets");
    return this.sliced(start, end);
  }
  /** SQL that goes through verbatim. */
  sliced(start: number, end: number): FragmentNode {
    const span = { file: this.file, start, end };
    this.kept.push(span);
    return { text: this.slice(start, end), span };
  }
  /** Where in the source a place in such a text is. */
  placeIn({ text, span }: FragmentNode, at: number): number {
    const plain = text.length === span.end - span.start;
    return span.start + at + (plain ? 0 : text.slice(0, at).split("\n").length - 1);
  }
  /** Reports a clause that is said twice; its tokens are the words that open it. */
  once(tokens: readonly IToken[] | undefined, what: string): void {
    if (tokens !== undefined && tokens.length > 1) this.twice(this.between(tokens[1]!), what);
  }
  onceNode(nodes: readonly Placed[] | undefined, what: string): void {
    if (nodes !== undefined && nodes.length > 1) this.twice(this.at(nodes[1]!), what);
  }
  twice(span: Span, what: string): void {
    this.report("duplicate-clause", span, `\`${what}\` is said already`, { help: "keep one of the two" });
  }
}
const isBlank = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);
