/**
 * The vocabulary. Two lexer modes: outside brackets our own symbols and comments, inside `(` and `[` PostgreSQL's lexical
 * rules and nothing else. Every word is a name first; its meaning comes from where it stands.
 */
import { createToken as newToken, Lexer, type ITokenConfig, type TokenType } from "chevrotain";
import * as pattern from "./patterns.ts";

/** Given to `createToken`, each token's categories make it count anew all that they hold; lexer and parser do that for all at once. */
function createToken({ categories, ...config }: ITokenConfig): TokenType {
  const type = newToken(config);
  if (categories) type.CATEGORIES = [categories].flat();
  return type;
}
const abstract = (name: string): TokenType => createToken({ name, pattern: Lexer.NA });

/** Any name: a word, "quoted", or ${placeholder}. */
export const Name = abstract("Name");
/** What can open a column: every name but the words that open other members. */
export const ColumnName = abstract("ColumnName");
/** What can name an index directly after `index`. */
export const IndexName = abstract("IndexName");
/** What can name an operator class after an index key. */
export const ClassName = abstract("ClassName");
/** What can stand as an enum label without quotes. */
export const LabelName = abstract("LabelName");
/** A string whose value is text, or ${placeholder}. */
export const Text = abstract("Text");
/** Anything but brackets and commas. */
export const Atom = abstract("Atom");
/** A character that operators are made of, outside of brackets. */
export const SymbolPart = abstract("SymbolPart");
/** Operators inside brackets. */
export const AnyOperator = abstract("AnyOperator");

const nameCategories = [Name, ColumnName, IndexName, ClassName, LabelName, Atom];
const identifier = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const custom = (
  name: string,
  make: (self: () => TokenType) => pattern.Matcher,
  hints: string,
  more: Partial<ITokenConfig>,
): TokenType => {
  const type: TokenType = createToken({
    name,
    pattern: { exec: make(() => type) },
    start_chars_hint: [...hints],
    line_breaks: true,
    ...more,
  });
  return type;
};

export const Identifier = createToken({ name: "Identifier", pattern: identifier, categories: nameCategories });
export const QuotedName = custom("QuotedName", (t) => pattern.quotedName(/"/y, t), '"', { categories: nameCategories });
export const UnicodeName = custom("UnicodeName", (t) => pattern.quotedName(/[uU]&"/y, t), "uU", {
  categories: nameCategories,
});
export const Placeholder = createToken({
  name: "Placeholder",
  pattern: /\$\{[A-Za-z_][A-Za-z0-9_.-]*\}/,
  categories: [...nameCategories, Text],
});
export const Str = custom("String", (t) => pattern.string(/[nN]?'/y, false, t), "'nN", { categories: [Text, Atom] });
export const EscapeString = custom("EscapeString", (t) => pattern.string(/[eE]'/y, true, t), "eE", {
  categories: [Text, Atom],
});
export const UnicodeString = custom("UnicodeString", (t) => pattern.string(/[uU]&'/y, false, t), "uU", {
  categories: [Text, Atom],
});
export const BitString = custom("BitString", (t) => pattern.string(/[bBxX]'/y, false, t), "bBxX", {
  categories: [Atom],
});
export const DollarString = custom("DollarString", (t) => pattern.dollarQuoted(t), "$", { categories: [Text, Atom] });
export const Num = createToken({
  name: "Number",
  pattern:
    /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?/,
  categories: [Atom],
});
export const LBrace = createToken({ name: "LBrace", pattern: "{" });
export const RBrace = createToken({ name: "RBrace", pattern: "}" });
export const LParen = createToken({ name: "LParen", pattern: "(", push_mode: "inner" });
export const RParen = createToken({ name: "RParen", pattern: ")", pop_mode: true });
export const LBracket = createToken({ name: "LBracket", pattern: "[", push_mode: "inner" });
export const RBracket = createToken({ name: "RBracket", pattern: "]", pop_mode: true });
/** `)` or `]` that closes nothing. */
export const StrayClose = createToken({ name: "StrayClose", pattern: /[)\]]/ });
export const Comma = createToken({ name: "Comma", pattern: "," });
export const Dot = createToken({ name: "Dot", pattern: ".", categories: [Atom] });
export const Cast = createToken({ name: "Cast", pattern: "::", categories: [Atom] });
export const Question = createToken({ name: "Question", pattern: "?", categories: [SymbolPart] });
export const Arrow = createToken({ name: "Arrow", pattern: "->", categories: [SymbolPart] });
export const Equals = createToken({ name: "Equals", pattern: "=", categories: [Atom, AnyOperator, SymbolPart] });
export const Minus = createToken({ name: "Minus", pattern: "-", categories: [Atom, AnyOperator, SymbolPart] });
export const Plus = createToken({ name: "Plus", pattern: "+", categories: [Atom, AnyOperator, SymbolPart] });
export const Operator = createToken({
  name: "Operator",
  pattern: { exec: pattern.operator },
  start_chars_hint: [..."+-*/<>=~!@#%^&|`?"],
  line_breaks: false,
  categories: [Atom, AnyOperator],
});
const Parameter = createToken({ name: "Parameter", pattern: /\$[0-9]+/, categories: [Atom] });
/** Any other character: no part of the language outside brackets, and for Postgres to judge inside. */
export const Unknown = createToken({
  name: "Unknown",
  pattern: /[^]/,
  start_chars_hint: upTo(128),
  line_breaks: true,
  categories: [Atom, SymbolPart],
});

const Space = createToken({ name: "Space", pattern: /[ \t\r\n\f\v]+/, group: Lexer.SKIPPED, line_breaks: true });
export const commentGroup = "comments";
const DashComment = createToken({ name: "DashComment", pattern: /--[^\r\n]*/, group: commentGroup });
const SlashComment = createToken({ name: "SlashComment", pattern: /\/\/[^\r\n]*/, group: commentGroup });
const BlockComment = custom("BlockComment", (t) => pattern.blockComment(t), "/", { group: commentGroup });
export const docGroup = "docs";
/** `///`, but not `////` */
const Doc = createToken({ name: "Doc", pattern: /\/\/\/(?!\/)[^\r\n]*/, group: docGroup });
/** Never matches; it makes the group in which tokens without an end are noted. */
const Unterminated = createToken({
  name: "Unterminated",
  pattern: { exec: () => null },
  start_chars_hint: [],
  line_breaks: true,
  group: pattern.unterminatedGroup,
});

/** Words that open a member of a table, so that a column of such a name needs quotes. */
export const memberWords = [
  "constraint",
  "primary",
  "unique",
  "check",
  "foreign",
  "exclude",
  "index",
  "policy",
  "trigger",
  "rule",
  "partition",
  "statistics",
  "row",
  "replica",
  "cluster",
  "inherits",
  "inherited",
] as const;
const otherWords = [
  "action always array asc backfill bigint bit by cache cascade char character collate column comment compression cycle day",
  "default deferrable deferred delete desc distinct domain enforced enum extension first for full generated hash hour identity immediate",
  "in include increment inherit initially int int2 int4 int8 integer key last level list match maxvalue minute minvalue mixin modulus month name",
  "national no not nothing null nulls of on only operator overlaps owned period precision range references remainder restrict schema second",
  "sequence set simple smallint start storage stored table tablespace time to unlogged update using valid varying version virtual was",
  "where with without year zone",
  "as materialized recursive view",
  "atomic begin cost definer immutable inout interval invoker leakproof out parallel restricted return returns safe",
  "setof stable strict support transform unsafe variadic volatile window",
  "after also before do each enabled execute from instead new of old or procedure referencing statement truncate when function",
  "all disabled for forced insert level permissive restrictive security select",
  "order",
  "canonical collation class multirange of range subtype_diff type",
  "alignment analyze base category collatable delimiter element input internallength output passedbyvalue preferred receive send shell",
  "storage subscript typmod_in typmod_out",
  "lc_collate lc_ctype locale deterministic provider rules target",
  "access assignment cast commutator conversion family function handler hashes implicit inline inout join language merges method",
  "from negator none order transform trusted validator",
  "configuration dictionary end for gettoken headline init lexize lextypes mapping parser search template text",
  "as data materialized recursive view",
  "tag handler validator options mapping user",
  "after create drop rows sql",
  "depends extension",
  "aggregate bypassrls collation configuration connection conversion createdb createrole data database dictionary event from function",
  "functions grant granted label language large limit login member noinherit objects option owner privileges procedure",
  "publication replication revoke role schemas search security sequences server subscription superuser tables text type types until wrapper",
] as const;
type Split<S extends string> = S extends `${infer Word} ${infer Rest}` ? Word | Split<Rest> : S;
/** Every word of the language that is here already. */
export type Word = (typeof memberWords)[number] | Split<(typeof otherWords)[number]>;

/** Words that end an index key, so that an operator class of such a name needs quotes. */
export const afterKeyWords: readonly string[] = ["asc", "desc", "nulls", "collate", "with", "statistics"];
/** Words that follow `index` where it has no name. */
export const afterIndexWords: readonly string[] = ["of", "on", "using", "was"];

const words: ReadonlyMap<string, TokenType> = new Map(
  [...memberWords, ...otherWords.flatMap((line) => line.split(" "))].map((word) => {
    const categories = [Name, Atom];
    if (!(memberWords as readonly string[]).includes(word)) categories.push(ColumnName);
    if (!afterIndexWords.includes(word)) categories.push(IndexName);
    if (!afterKeyWords.includes(word)) categories.push(ClassName);
    if (word !== "was") categories.push(LabelName);
    return [word, createToken({ name: "k_" + word, label: word, pattern: Lexer.NA, categories })];
  }),
);

/** The token of a word of the language. */
export function kw(word: Word): TokenType {
  const type = words.get(word);
  if (type === undefined) throw new Error(`no such word in the vocabulary: ${word}`);
  return type;
}
/** The token that a word becomes, or undefined for an ordinary name. Words fold. */
export function wordType(image: string): TokenType | undefined {
  const type = words.get(image);
  if (type !== undefined) return type;
  const folded = image.toLowerCase();
  return folded === image ? undefined : words.get(folded);
}
/** The word of a token type, or null for other tokens. */
export const wordOf = (t: TokenType): string | null => (t.name.startsWith("k_") ? t.name.slice(2) : null);

const shared = [QuotedName, UnicodeName, UnicodeString, EscapeString, BitString, Str, Identifier, Num];
const abstracts = [Name, ColumnName, IndexName, ClassName, LabelName, Text, Atom, AnyOperator, SymbolPart];
export const modes = {
  modes: {
    outer: [
      Space,
      ...shared,
      Doc,
      SlashComment,
      DashComment,
      BlockComment,
      Placeholder,
      DollarString,
      LBrace,
      RBrace,
      LParen,
      LBracket,
      StrayClose,
      Comma,
      Dot,
      Cast,
      Question,
      Arrow,
      Equals,
      Minus,
      Plus,
      Unterminated,
      Unknown,
    ],
    inner: [
      Space,
      ...shared,
      DashComment,
      BlockComment,
      Placeholder,
      DollarString,
      LParen,
      RParen,
      LBracket,
      RBracket,
      Comma,
      Dot,
      Cast,
      Operator,
      Parameter,
      Unterminated,
      Unknown,
    ],
  },
  defaultMode: "outer",
};
export const vocabulary: TokenType[] = [
  ...new Set([...abstracts, ...modes.modes.outer, ...modes.modes.inner, Equals, Minus, Plus, ...words.values()]),
];
