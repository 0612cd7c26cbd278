/**
 * Decides where the parser goes, from tables made when a decision is first met. Chevrotain's own strategy works all of them
 * out beforehand, two tokens deep; in a language in which every word can be a name that took longer than parsing a large
 * file. Here the next token decides; where it fits several alternatives, the one after it does, and then the first of them.
 * After `not`, which opens clauses of several kinds, the one after it decides too.
 */
import type { ILookaheadStrategy, IProduction, IToken, Rule, TokenType } from "chevrotain";
import { expectedAfter, mayEndAfter, type Production } from "./follow.ts";
import { kw, vocabulary } from "./tokens.ts";

type Look = (k: number) => IToken;
const not = kw("not");

/** The alternation or repetition of this number in the rule. */
function find(rule: Rule, type: string, occurrence: number): readonly IProduction[] {
  const search = (parts: readonly IProduction[]): readonly IProduction[] | null => {
    for (const part of parts) {
      const { idx, definition = [], referencedRule } = part as Production;
      if (referencedRule !== undefined) continue;
      if (part.constructor.name === type && idx === occurrence) return definition;
      const inner = search(definition);
      if (inner !== null) return inner;
    }
    return null;
  };
  const found = search(rule.definition);
  if (found === null) throw new Error(`no ${type} ${occurrence} in ${rule.name}`);
  return found;
}

/** Numbers of the concrete tokens that these stand for. */
const numbers = (types: Iterable<TokenType>): number[] =>
  [...types].flatMap((type) => [type.tokenTypeIdx!, ...(type.categoryMatches ?? [])]);
const size = (): number => vocabulary.reduce((most, type) => Math.max(most, type.tokenTypeIdx!), 0) + 1;

export class Lookahead implements ILookaheadStrategy {
  #look: Look | null = null;
  watch(look: Look): void {
    this.#look = look;
  }
  validate(): [] {
    return [];
  }

  buildLookaheadForOptional({
    rule,
    prodType,
    prodOccurrence,
  }: {
    rule: Rule;
    prodType: string;
    prodOccurrence: number;
  }): () => boolean {
    let table: Uint8Array | null = null;
    /** null: whatever comes after `not` fits. */
    let afterNot: ReadonlySet<number> | null | undefined;
    return () => {
      const next = this.#look!(1);
      if (table === null) {
        table = new Uint8Array(size());
        for (const n of numbers(expectedAfter(find(rule, prodType, prodOccurrence), []))) table[n] = 1;
      }
      if (table[next.tokenTypeIdx] !== 1 || next.tokenType !== not) return table[next.tokenTypeIdx] === 1;
      // `unique not deferrable` goes on with the key, `unique not null` with the column.
      if (afterNot === undefined) {
        const body = find(rule, prodType, prodOccurrence);
        afterNot = mayEndAfter(body, [next]) ? null : new Set(numbers(expectedAfter(body, [next])));
      }
      return afterNot === null || afterNot.has(this.#look!(2).tokenTypeIdx);
    };
  }

  buildLookaheadForAlternation({
    rule,
    prodOccurrence,
  }: {
    rule: Rule;
    prodOccurrence: number;
  }): () => number | undefined {
    let decide: ((next: IToken) => number | undefined) | null = null;
    return () => {
      decide ??= this.#alternation(find(rule, "Alternation", prodOccurrence));
      return decide(this.#look!(1));
    };
  }

  #alternation(alternatives: readonly IProduction[]): (next: IToken) => number | undefined {
    /** By token: the alternatives that it can open. */
    const table: (readonly number[] | undefined)[] = new Array(size());
    alternatives.forEach((alternative, i) => {
      for (const n of new Set(numbers(expectedAfter([alternative], [])))) table[n] = [...(table[n] ?? []), i];
    });
    /** For tokens that can open several: what each alternative can go on with. */
    const seconds = new Map<number, readonly ReadonlySet<number>[]>();
    return (next) => {
      const fitting = table[next.tokenTypeIdx];
      if (fitting === undefined || fitting.length === 1) return fitting?.[0];
      let after = seconds.get(next.tokenTypeIdx);
      if (after === undefined) {
        after = fitting.map((i) => new Set(numbers(expectedAfter([alternatives[i]!], [next]))));
        seconds.set(next.tokenTypeIdx, after);
      }
      const second = this.#look!(2).tokenTypeIdx;
      const best = after.findIndex((set) => set.has(second));
      return fitting[best === -1 ? 0 : best];
    };
  }
}
