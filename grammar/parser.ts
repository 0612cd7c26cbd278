/**
 * The one Chevrotain class. A room sees it as `Dsl`: a few words in which it writes its rules. Rules are run on one piece
 * (see layout.ts) at a time, so Chevrotain's own recovery, which guesses, is not needed.
 */
import {
  CstParser,
  tokenMatcher,
  type ConsumeMethodOpts,
  type CstNode,
  type CstNodeLocation,
  type IOrAlt,
  type IRecognitionException,
  type IToken,
  type ParserMethod,
  type Rule,
  type TokenType,
} from "chevrotain";
import { Lookahead } from "./lookahead.ts";
import * as t from "./tokens.ts";

/** Alternatives, made once and outside of the rule's body. */
export interface Choice {
  readonly alternatives: IOrAlt<void>[];
}
export interface Dsl {
  /** `placed`: its nodes note their place, from the first token to the end of the last. */
  rule(name: string, body: () => void, placed?: "placed"): void;
  take(at: number, token: TokenType, label?: string): void;
  call(at: number, rule: string, label?: string): void;
  /** `gate` says by looking ahead whether to enter; without it the next token decides. */
  opt(at: number, body: () => void, gate?: () => boolean): void;
  each(at: number, body: () => void, gate?: () => boolean): void;
  some(at: number, body: () => void): void;
  /** One or more, with commas between. */
  list(body: () => void): void;
  choice(...alternatives: (() => void)[]): Choice;
  /** Alternatives that overlap because every word can be a name: the first that fits wins. */
  ordered(...alternatives: (() => void)[]): Choice;
  one(at: number, choice: Choice): void;
  /** Goes on to the bracket that closes the one just taken. */
  skip(): void;
  /** For gates: whether the k-th next token is of this type. */
  sees(k: number, token: TokenType): boolean;
}
export interface Rules {
  rules(p: Dsl): void;
}

export class SchemaParser extends CstParser implements Dsl {
  readonly #rules = new Map<string, ParserMethod<unknown[], CstNode>>();
  readonly #labels = new Map<string, ConsumeMethodOpts>();

  constructor(rooms: Iterable<Rules>, checked = false) {
    const lookahead = new Lookahead();
    super(t.vocabulary, {
      maxLookahead: 2,
      skipValidations: !checked,
      ...(checked ? {} : { lookaheadStrategy: lookahead }),
    });
    lookahead.watch((k) => this.LA(k));
    for (const room of rooms) room.rules(this);
    this.performSelfAnalysis();
  }
  rule(name: string, body: () => void, placed?: "placed"): void {
    // Chevrotain makes a property of each rule, which must not hide a method of the parser.
    if (name in this) throw new Error(`a rule cannot be called ${name}`);
    const impl = (): void => {
      const first = this.LA(1);
      body();
      if (this.RECORDING_PHASE) return;
      const last = this.LA(0);
      const node: { location?: CstNodeLocation } = this.currCSTNode;
      node.location = { startOffset: first.startOffset, endOffset: last.startOffset + last.image.length };
    };
    this.#rules.set(name, this.RULE(name, placed === undefined ? body : impl));
  }
  take(at: number, token: TokenType, label?: string): void {
    this.consume(at, token, label === undefined ? undefined : this.#label(label));
  }
  call(at: number, rule: string, label?: string): void {
    this.subrule(at, this.#rule(rule), label === undefined ? undefined : this.#label(label));
  }
  opt(at: number, body: () => void, gate?: () => boolean): void {
    this.option(at, gate === undefined ? body : { GATE: gate, DEF: body });
  }
  each(at: number, body: () => void, gate?: () => boolean): void {
    this.many(at, gate === undefined ? body : { GATE: gate, DEF: body });
  }
  some(at: number, body: () => void): void {
    this.atLeastOne(at, body);
  }
  list(body: () => void): void {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: body });
  }
  choice(...alternatives: (() => void)[]): Choice {
    return { alternatives: alternatives.map((ALT) => ({ ALT })) };
  }
  ordered(...alternatives: (() => void)[]): Choice {
    return { alternatives: alternatives.map((ALT) => ({ ALT, IGNORE_AMBIGUITIES: true })) };
  }
  one(at: number, choice: Choice): void {
    this.or(at, choice.alternatives);
  }
  skip(): void {
    this.ACTION(() => {
      for (let depth = 0; ;) {
        const type = this.LA(1).tokenType;
        if (type === t.LParen || type === t.LBracket) depth++;
        else if (type === t.RParen || type === t.RBracket) {
          if (depth-- === 0) return;
        } else if (type.name === "EOF") return;
        this.SKIP_TOKEN();
      }
    });
  }
  sees(k: number, token: TokenType): boolean {
    return tokenMatcher(this.LA(k), token);
  }

  /** Runs a rule over exactly these tokens. */
  run(rule: string, tokens: IToken[]): CstNode | IRecognitionException {
    this.input = tokens;
    const node = this.#rule(rule).call(this);
    return this.errors[0] ?? node;
  }
  /** The recorded grammar of a rule. */
  recorded(rule: string): Rule {
    const found = this.getGAstProductions()[rule];
    if (found === undefined) throw new Error(`no such rule: ${rule}`);
    return found;
  }
  #rule(name: string): ParserMethod<unknown[], CstNode> {
    const rule = this.#rules.get(name);
    if (rule === undefined) throw new Error(`no such rule: ${name}`);
    return rule;
  }
  #label(label: string): ConsumeMethodOpts {
    let made = this.#labels.get(label);
    if (made === undefined) this.#labels.set(label, (made = { LABEL: label }));
    return made;
  }
}
