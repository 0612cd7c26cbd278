/** Pieces that declarations are made of. Every piece knows its place; a hole left by error recovery is null. */
import type { Span } from "../src/problems.ts";
export type { Span } from "../src/problems.ts";

/** A name as Postgres would store it: folded unless quoted. */
export interface Name {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}
export interface QualifiedNode {
  readonly schema: Name | null;
  readonly name: Name;
  readonly span: Span;
}
/** SQL sliced verbatim from the source, without the brackets or dollar quotes around it; `span` is of exactly this text. */
export interface FragmentNode {
  readonly text: string;
  readonly span: Span;
}
/** SQL that is one or more whole statements: a view's query, a function's body. The blanks at its ends belong to it or not, as its kind has it. */
export interface StatementsNode extends FragmentNode {
  /** "atomic": a body between `begin atomic` and `end` */
  readonly form: "statements" | "atomic";
  /** A body in quotes: Postgres keeps the text, and looks names up when it is run. */
  readonly late?: true;
}
/**
 * A body in plpgsql; `head` opens a statement of which it could be the body, for a parser that knows arguments by their
 * names alone: each is there a second time, as `"$1"`.
 */
export interface PlpgsqlNode extends FragmentNode {
  readonly form: "plpgsql";
  readonly head: string;
}
/**
 * A type as written. `name`: words joined by one blank ("double precision", "timestamp with time zone", "interval");
 * `fields`: of intervals ("day to second"); `modifiers`: verbatim texts between brackets, split at commas, trimmed;
 * `dimensions`: one entry per `[]` or `array`, its number or null.
 */
export interface TypeNode {
  readonly schema: Name | null;
  readonly name: Name;
  readonly fields: string | null;
  readonly modifiers: readonly string[];
  readonly dimensions: readonly (number | null)[];
  readonly span: Span;
}
/** name = value options; value null stands for the name alone (`with (security_invoker)`). Values verbatim, strings unquoted. */
export interface OptionNode {
  readonly name: string;
  readonly value: string | null;
  readonly span: Span;
}
/** An operator as it is referred to: `===`, `shop.===`, `(shop.//)`. */
export interface SymbolNode {
  readonly schema: Name | null;
  readonly text: string;
  readonly span: Span;
}
/** A function as it is referred to; `arguments` null: they follow from the place. */
export interface FunctionNode {
  readonly name: QualifiedNode;
  readonly arguments: readonly TypeNode[] | null;
  readonly span: Span;
}
