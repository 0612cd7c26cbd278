/** Options of sequences, also of those beneath identity columns: what Postgres fills in (init_params in sequence.c), and their SQL. */
import type { SequenceOptionsNode } from "../../../grammar/declarations.ts";
import type { SequenceOptions } from "../../model/objects.ts";
import type { Row } from "../room.ts";
import { text, truth } from "./catalog.ts";

export type SequenceType = "smallint" | "integer" | "bigint";

export const bounds: { readonly [T in SequenceType]: { readonly min: string; readonly max: string } } = {
  smallint: { min: "-32768", max: "32767" },
  integer: { min: "-2147483648", max: "2147483647" },
  bigint: { min: "-9223372036854775808", max: "9223372036854775807" },
};

/** What Postgres takes for the options that are not said. */
export function defaultOptions(
  type: SequenceType,
  said: { increment?: string; min?: string; max?: string } = {},
): SequenceOptions {
  const increment = said.increment ?? "1";
  const up = !increment.startsWith("-");
  const min = said.min ?? (up ? "1" : bounds[type].min);
  const max = said.max ?? (up ? bounds[type].max : "-1");
  return { start: up ? min : max, increment, min, max, cache: "1", cycle: false };
}

/** Numbers as Postgres shows them: no sign plus, no leading zeros. */
const number = (n: string): string => (/^[+-]?\d+$/.test(n) ? String(BigInt(n.replace("+", ""))) : n);

/** Options as written → all of them. */
export function declareOptions(node: SequenceOptionsNode, type: SequenceType): SequenceOptions {
  const said = (n: string | null): string | null => (n === null || n === "none" ? null : number(n));
  const [increment, min, max] = [said(node.increment), said(node.min), said(node.max)];
  const filled = defaultOptions(type, {
    ...(increment === null ? {} : { increment }),
    ...(min === null ? {} : { min }),
    ...(max === null ? {} : { max }),
  });
  return {
    ...filled,
    start: said(node.start) ?? filled.start,
    cache: said(node.cache) ?? filled.cache,
    cycle: node.cycle ?? false,
  };
}

/** All options → those that need saying. */
export function describeOptions(o: SequenceOptions, type: SequenceType): SequenceOptionsNode {
  const range = defaultOptions(type, { increment: o.increment });
  const filled = defaultOptions(type, o);
  const unless = (value: string, usual: string): string | null => (value === usual ? null : value);
  return {
    start: unless(o.start, filled.start),
    increment: unless(o.increment, "1"),
    min: unless(o.min, range.min),
    max: unless(o.max, range.max),
    cache: unless(o.cache, "1"),
    cycle: o.cycle ? true : null,
  };
}

/** ` increment by 2 start with 5`: the clauses for the options that need saying, each with a blank before it; "" for none. */
export function optionClauses(o: SequenceOptions, type: SequenceType): string {
  const said = describeOptions(o, type);
  return (
    (said.increment === null ? "" : ` increment by ${said.increment}`) +
    (said.min === null ? "" : ` minvalue ${said.min}`) +
    (said.max === null ? "" : ` maxvalue ${said.max}`) +
    (said.start === null ? "" : ` start with ${said.start}`) +
    (said.cache === null ? "" : ` cache ${said.cache}`) +
    (said.cycle ? " cycle" : "")
  );
}

/** The columns of pg_sequence (alias s) that `readOptions` reads. */
export const optionColumns =
  "s.seqstart::text as start, s.seqincrement::text as increment, s.seqmin::text as min, s.seqmax::text as max, " +
  "s.seqcache::text as cache, s.seqcycle::text as cycle";

export const readOptions = (row: Row): SequenceOptions => ({
  start: text(row, "start"),
  increment: text(row, "increment"),
  min: text(row, "min"),
  max: text(row, "max"),
  cache: text(row, "cache"),
  cycle: truth(row, "cycle"),
});
