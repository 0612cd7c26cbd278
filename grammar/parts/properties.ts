/**
 * Lines such as `subtype_diff float8mi` in the braces of what SQL defines by `(subtype_diff = float8mi, …)`. Each kind says in a
 * table which properties it has and what stands behind them; rule, lowering and printing follow from the table.
 */
import type { CstNode, IToken } from "chevrotain";
import type { QualifiedCstNode, SymbolCstNode, TypeCstNode } from "../cst.ts";
import type { Lower } from "../lower.ts";
import type { QualifiedNode, Span, SymbolNode, TypeNode } from "../nodes.ts";
import type { Choice, Dsl } from "../parser.ts";
import { line, type Part, type Print, type Printed } from "../syntax.ts";
import { kw, Name, Num, Text, type Word } from "../tokens.ts";
import { qualified } from "./names.ts";
import { symbol, symbolText } from "./references.ts";
import { type } from "./types.ts";

/** What stands behind a property, by sort; a flag stands alone. */
export interface PropertyValues {
  readonly name: QualifiedNode;
  readonly type: TypeNode;
  readonly text: string;
  readonly word: string;
  readonly number: string;
  readonly symbol: SymbolNode;
  readonly flag: true;
}
export type Sort = keyof PropertyValues;
/** Property → its sort. A key of several words has blanks between them. */
export type Properties = Readonly<Record<string, Sort>>;
/** null: not said. */
export type Said<P extends Properties> = {
  readonly [K in keyof P]: { readonly value: PropertyValues[P[K]]; readonly span: Span } | null;
};

const sorts: { readonly [S in Sort]: (p: Dsl) => void } = {
  name: (p) => p.call(0, "qualified"),
  type: (p) => p.call(0, "type"),
  text: (p) => p.take(0, Text),
  word: (p) => p.take(0, Name),
  number: (p) => p.take(0, Num),
  symbol: (p) => p.call(0, "symbol"),
  flag: () => {},
};
const wordsOf = (key: string): Word[] => key.split(" ") as Word[];

/** The rule for one line. */
export function propertyRule(p: Dsl, rule: string, properties: Properties): void {
  const used = new Map<string, number>();
  const keyed = (key: string) => {
    const taken = wordsOf(key).map((word) => {
      const at = used.get(word) ?? 0;
      used.set(word, at + 1);
      return [word, at] as const;
    });
    return (): void => {
      for (const [word, at] of taken) p.take(at, kw(word));
    };
  };
  const bySort = (Object.keys(sorts) as Sort[]).flatMap((sort): [Sort, Choice][] => {
    const keys = Object.keys(properties).filter((key) => properties[key] === sort);
    return keys.length === 0 ? [] : [[sort, p.choice(...keys.map(keyed))]];
  });
  const all = p.choice(
    ...bySort.map(([sort, keys], i) => () => {
      p.one(i + 1, keys);
      sorts[sort](p);
    }),
  );
  p.rule(rule, () => p.one(0, all));
}

type Children = Readonly<Record<string, readonly (CstNode | IToken)[] | undefined>>;

/** All that is said in the braces; what is said twice is reported. */
export function lowerProperties<P extends Properties>(parts: readonly Part[], properties: P, l: Lower): Said<P> {
  const said = new Map<string, unknown>();
  for (const part of parts) {
    const c: Children = part.node.children;
    // Of keys that begin alike the longer one is meant.
    const key = Object.keys(properties)
      .filter((k) => wordsOf(k).every((word) => c[`k_${word}`] !== undefined))
      .sort((a, b) => b.length - a.length)[0]!;
    if (said.has(key)) l.twice(part.span, key);
    else said.set(key, { value: lowerValue(properties[key]!, c, l), span: part.span });
  }
  return Object.fromEntries(Object.keys(properties).map((k) => [k, said.get(k) ?? null])) as Said<P>;
}

function lowerValue(sort: Sort, c: Children, l: Lower): PropertyValues[Sort] {
  switch (sort) {
    case "name":
      return qualified(c["qualified"]![0] as QualifiedCstNode, l);
    case "type":
      return type(c["type"]![0] as TypeCstNode, l);
    case "text":
      return l.string(c["Text"]![0] as IToken);
    case "word":
      return l.name(c["Name"]![0] as IToken).text;
    case "number":
      return l.verbatim(c["Number"]![0] as IToken);
    case "symbol":
      return symbol(c["symbol"]![0] as SymbolCstNode, l);
    case "flag":
      return true;
  }
}

/** One line for each property that is said: in the order of the text, and of the table where there was none. */
export const printProperties = <P extends Properties>(said: Said<P>, properties: P, p: Print): Printed[] =>
  Object.keys(properties)
    .flatMap((key) => {
      const found = said[key] ?? null;
      if (found === null) return [];
      const text = printValue(properties[key]!, found.value, found.span, p);
      return [line([text === "" ? key : `${key} ${text}`], { span: found.span })];
    })
    .sort((a, b) => a.span.start - b.span.start);

function printValue(sort: Sort, value: PropertyValues[Sort], span: Span, p: Print): string {
  switch (sort) {
    case "name":
      return p.qualified(value as QualifiedNode);
    case "type":
      return p.type(value as TypeNode);
    case "text":
      return p.string(value as string, span);
    case "word":
      return p.name({ text: value as string, quoted: false, span });
    case "number":
      return value as string;
    case "symbol":
      return symbolText(value as SymbolNode, p);
    case "flag":
      return "";
  }
}
