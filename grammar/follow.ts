/**
 * Which words may come next, by walking the recorded grammar along the tokens already written. There is no second grammar to
 * keep in step: completion and the "expected …" of problems both come from here.
 */
import { tokenMatcher, type IProduction, type IToken, type Rule, type TokenType } from "chevrotain";
import * as t from "./tokens.ts";

/** Something that would have fitted. */
export interface Expected {
  /** null: the end of the piece */
  readonly token: TokenType | null;
  /** The outermost rule that would have begun here and has a word of its own ("a type"). */
  readonly noun: string | null;
  /** The sentence could also go on without it. */
  readonly optional: boolean;
}
export interface Explored {
  /** How many tokens fit. */
  readonly index: number;
  readonly expected: readonly Expected[];
}

/** The parts of Chevrotain's productions, whichever sort they are. */
export interface Production {
  readonly idx?: number;
  readonly definition?: IProduction[];
  readonly terminalType?: TokenType;
  readonly referencedRule?: Rule;
  readonly separator?: TokenType;
}
/** What surrounds the position at which a rule or an optional part was entered. */
interface Around {
  readonly noun: string | null;
  readonly nounAt: number;
  readonly optionalAt: number;
}
type Done = (at: number) => void;

/** Rules whose brackets hold SQL, which the grammar does not look into. */
const opaque: ReadonlySet<string> = new Set(["fragment", "subscript"]);
/** Walking stops after so many steps; by then the answer would help nobody. */
const patience = 100_000;
const maxTokens = 400;

/** Walks as far as the tokens fit, and says what would have fitted there; null: too much to walk. */
export function explore(
  start: readonly IProduction[],
  tokens: readonly IToken[],
  nouns: ReadonlyMap<string, string>,
): Explored | null {
  if (tokens.length > maxTokens) return null;
  let furthest = 0;
  let expected: Expected[] = [];
  let steps = 0;

  const miss = (token: TokenType | null, at: number, around: Around): void => {
    if (at < furthest) return;
    if (at > furthest) {
      furthest = at;
      expected = [];
    }
    const noun = around.nounAt === at ? around.noun : null;
    const optional = around.optionalAt === at;
    if (!expected.some((e) => e.token === token && e.noun === noun && e.optional === optional))
      expected.push({ token, noun, optional });
  };
  const word = (token: TokenType, at: number, around: Around, done: Done): void => {
    const next = tokens[at];
    if (next !== undefined && tokenMatcher(next, token)) done(at + 1);
    else miss(token, at, around);
  };
  const sequence = (parts: readonly IProduction[], i: number, at: number, around: Around, done: Done): void => {
    const part = parts[i];
    if (part === undefined) done(at);
    else step(part, at, around, (next) => sequence(parts, i + 1, next, around, done));
  };
  const repeat = (p: Production, at: number, around: Around, done: Done, seen: Set<number>): void => {
    if (seen.has(at)) return;
    seen.add(at);
    sequence(p.definition!, 0, at, around, (next) => {
      if (next === at) return;
      done(next);
      const again = { ...around, optionalAt: next };
      if (p.separator) word(p.separator, next, again, (n) => repeat(p, n, around, done, seen));
      else repeat(p, next, again, done, seen);
    });
  };
  const step = (production: IProduction, at: number, around: Around, done: Done): void => {
    if (++steps > patience) return;
    const p = production as Production;
    switch (production.constructor.name) {
      case "Terminal":
        return word(p.terminalType!, at, around, done);
      case "NonTerminal": {
        const rule = p.referencedRule!;
        const noun = nouns.get(rule.name);
        const inside = noun === undefined || around.nounAt === at ? around : { ...around, noun, nounAt: at };
        if (opaque.has(rule.name)) return brackets(rule, at, inside, done);
        return sequence(rule.definition, 0, at, inside, done);
      }
      case "Alternation":
        for (const alternative of p.definition!) step(alternative, at, around, done);
        return;
      case "Option":
        done(at);
        return sequence(p.definition!, 0, at, { ...around, optionalAt: at }, done);
      case "Repetition":
      case "RepetitionWithSeparator":
        done(at);
        return repeat(p, at, { ...around, optionalAt: at }, done, new Set());
      case "RepetitionMandatory":
      case "RepetitionMandatoryWithSeparator":
        return repeat(p, at, around, done, new Set());
      default:
        return sequence(p.definition!, 0, at, around, done);
    }
  };
  const brackets = (rule: Rule, at: number, around: Around, done: Done): void => {
    const open = tokens[at];
    const first = rule.definition[0] as Production;
    if (open === undefined || open.tokenType !== first.terminalType) return miss(first.terminalType!, at, around);
    let depth = 0;
    for (let i = at; i < tokens.length; i++) {
      const type = tokens[i]!.tokenType;
      if (type === t.LParen || type === t.LBracket) depth++;
      else if ((type === t.RParen || type === t.RBracket) && --depth === 0) return done(i + 1);
    }
  };

  const nowhere: Around = { noun: null, nounAt: -1, optionalAt: -1 };
  sequence(start, 0, 0, nowhere, (at) => miss(null, at, nowhere));
  return steps > patience ? null : { index: furthest, expected };
}

/** The tokens that may come after these; empty where what is written already is wrong. */
export function expectedAfter(start: readonly IProduction[], tokens: readonly IToken[]): Set<TokenType> {
  const explored = explore(start, tokens, noNouns);
  if (explored === null || explored.index < tokens.length) return new Set();
  return new Set(explored.expected.flatMap((e) => (e.token === null ? [] : [e.token])));
}
/** Whether nothing more has to come after these tokens. */
export function mayEndAfter(start: readonly IProduction[], tokens: readonly IToken[]): boolean {
  const explored = explore(start, tokens, noNouns);
  return explored !== null && explored.index === tokens.length && explored.expected.some((e) => e.token === null);
}
const noNouns: ReadonlyMap<string, string> = new Map();
/** The same for a rule: what an editor offers. */
export const follow = (start: Rule, tokens: readonly IToken[]): Set<TokenType> =>
  expectedAfter(start.definition, tokens);
