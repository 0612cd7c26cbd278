/** Problems of syntax, in the user's words: what was expected, what stands there instead, and what was probably meant. */
import { tokenMatcher, type IRecognitionException, type IToken, type TokenType } from "chevrotain";
import { nearest, problem, type Problem, type Span } from "../src/problems.ts";
import { explore, type Expected } from "./follow.ts";
import type { SchemaParser } from "./parser.ts";
import { habitOf, type Advice } from "./habits.ts";
import * as t from "./tokens.ts";

const ruleNouns: ReadonlyMap<string, string> = new Map([
  ["type", "a type"],
  ["fragment", "an SQL expression in brackets"],
  ["columns", "column names in brackets"],
  ["options", "options in brackets"],
  ["qualified", "a name"],
  ["whole", "a whole number"],
  ["bare", "a value"],
  ["indexKeys", "keys in brackets"],
  ["elements", "elements in brackets"],
  ["labelText", "a label"],
  ["label", "a label"],
  ["mixinNames", "the names of mixins"],
  ["operator", "an operator"],
  ["action", "`cascade`, `restrict`, `set null`, `set default` or `no action`"],
  ["qualified", "a name"],
  ["typeModifier", "a value"],
]);
const tokenNouns: ReadonlyMap<TokenType, string> = new Map([
  [t.Name, "a name"],
  [t.ColumnName, "a column"],
  [t.IndexName, "a name"],
  [t.ClassName, "an operator class"],
  [t.LabelName, "a label"],
  [t.Text, "a string in single quotes"],
  [t.DollarString, "SQL in dollar quotes"],
  [t.Atom, "a value"],
  [t.AnyOperator, "an operator"],
  [t.SymbolPart, "an operator"],
  [t.Num, "a number"],
  [t.BitString, "a bit string"],
  [t.LBrace, "`{`"],
  [t.RBrace, "`}`"],
  [t.LParen, "`(`"],
  [t.RParen, "`)`"],
  [t.LBracket, "`[`"],
  [t.RBracket, "`]`"],
  [t.Comma, "`,`"],
  [t.Dot, "`.`"],
  [t.Cast, "`::`"],
  [t.Question, "`?`"],
  [t.Arrow, "`->`"],
  [t.Equals, "`=`"],
  [t.Minus, "`-`"],
  [t.Plus, "`+`"],
]);
const tokenNoun = (type: TokenType): string => tokenNouns.get(type) ?? `\`${t.wordOf(type) ?? type.name}\``;

/** Words that open a member, and that what follows tells to be meant as a column's name. */
const manyWords: ReadonlySet<string> = new Set(["row", "cluster"]);
/** Types that nobody takes for the name of a constraint, an index, a policy … */
const commonTypes: ReadonlySet<string> = new Set(
  (
    "bigint bigserial bit bool boolean bytea char character cidr citext date decimal double float float4 float8 inet int int2 int4 int8 integer " +
    "interval json jsonb money numeric real serial smallint smallserial text time timestamp timestamptz timetz uuid varchar xml"
  ).split(" "),
);
const routines: ReadonlySet<string> = new Set(["function", "procedure"]);

const quote = (text: string): string => {
  const line = text.split(/\r?\n/, 1)[0]!;
  return line.length === text.length && line.length <= 40 ? `\`${line}\`` : `\`${line.slice(0, 40)}…\``;
};
function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
}

export interface Place {
  readonly file: string;
  readonly text: string;
}

/** `not null` on a column's line, which goes without saying. */
export const needless = (span: Span): Problem =>
  problem("syntax", span, "a column is not null unless its type ends in `?`", {
    help: "leave `not null` out",
    fix: "",
  });

/** Why these tokens are not what the rule says, and what else is wrong before the place where they stop to fit. */
export function explain(
  parser: SchemaParser,
  rule: string,
  tokens: readonly IToken[],
  error: IRecognitionException,
  at: Place,
): readonly Problem[] {
  const found = explainOne(parser, rule, tokens, error, at);
  return [...needlessBefore(rule, tokens, found.span.start, at), found];
}

/** What would be told as soon as the rest of the line is right. */
function needlessBefore(rule: string, tokens: readonly IToken[], end: number, { file }: Place): Problem[] {
  if (rule !== "member" || !tokenMatcher(tokens[0]!, t.ColumnName)) return [];
  return tokens.flatMap((token, i) => {
    const [last, next] = [tokens[i + 1], tokens[i + 2]];
    const bare = token.tokenType === t.kw("not") && last?.tokenType === t.kw("null") && last.startOffset < end;
    const more = next?.tokenType === t.kw("no") || next?.tokenType === t.kw("not");
    if (!bare || more || tokens[i - 2]?.tokenType === t.kw("constraint") || within(tokens, i)) return [];
    return [needless({ file, start: token.startOffset, end: last.startOffset + last.image.length })];
  });
}

function explainOne(
  parser: SchemaParser,
  rule: string,
  tokens: readonly IToken[],
  error: IRecognitionException,
  at: Place,
): Problem {
  const explored = explore(parser.recorded(rule).definition, tokens, ruleNouns);
  const index = explored?.index ?? tokens.indexOf(error.token);
  const found = index === -1 ? undefined : tokens[index];
  const span = spanOf(found, tokens, at);
  const expected =
    explored !== null && (explored.index < tokens.length || !explored.expected.some((e) => e.token === null))
      ? explored.expected
      : [];

  const last = tokens[index - 1];
  // Of an argument without a name, the type is read as one.
  const isRoutine = rule === "declaration" && routines.has(tokens[0]!.image.toLowerCase());
  if (isRoutine && found && last?.tokenType === t.kw("default") && within(tokens, index))
    return problem("syntax", spanOf(last, tokens, at), "expected `=` before a default, found `default`", {
      help: "a default is written `= value`",
      fix: "=",
    });

  const here = index === -1 ? tokens.length : index;
  const habit = habitOf(rule, tokens, here);
  const word = found?.image ?? "";
  const near =
    habit === null && found !== undefined && /^[A-Za-z_]{3,}$/.test(word) ? nearest(word, wordsOf(expected)) : null;
  if (near !== null && near !== word.toLowerCase() && !isOpposite(near, word.toLowerCase()))
    return problem("unknown-keyword", span, `\`${word}\` is no word known here; did you mean \`${near}\`?`, {
      fix: near,
    });

  const where = after(tokens, here, rule, at);
  const what = list(choose(expected));
  const there = found === undefined ? "the end of the line" : quote(found.image);
  const message = what === "" ? `${there} does not fit here${where}` : `expected ${what}${where}, found ${there}`;
  const column = rule === "member" && isColumn(parser, tokens, here);
  const more = column ? { help: `a column of this name is written \`"${tokens[0]!.image.toLowerCase()}"\`` } : null;
  return problem("syntax", span, message, more ?? surer(rule, tokens, here) ?? habit ?? advice(rule, tokens, here, at));
}

/** Whether a line that opens with the word of a member would be a column, were it in quotes. `index`: how much of it is that member. */
function isColumn(parser: SchemaParser, tokens: readonly IToken[], index: number): boolean {
  const [word, type, next] = tokens;
  if (!t.memberWords.some((w) => w === word!.image.toLowerCase()) || type === undefined) return false;
  const certain = commonTypes.has(type.image.toLowerCase()) || next?.tokenType === t.Question;
  if (!certain && !manyWords.has(word!.image.toLowerCase())) return false;
  const name = { ...word!, tokenType: t.QuotedName, tokenTypeIdx: t.QuotedName.tokenTypeIdx! };
  const read = explore(parser.recorded("column").definition, [name, ...tokens.slice(1)], ruleNouns);
  return read !== null && (read.index > index || read.index === tokens.length);
}

const aModifier = "a modifier such as `= default`, `primary key` or `check (…)`";
const columnModifiers: ReadonlySet<TokenType> = new Set([
  t.Equals,
  t.Arrow,
  ...(
    [
      "identity",
      "generated",
      "options",
      "constraint",
      "primary",
      "unique",
      "check",
      "not",
      "collate",
      "storage",
      "compression",
      "statistics",
    ] as const
  ).map(t.kw),
  ...(["with", "using", "backfill", "comment"] as const).map(t.kw),
]);

/** Ways to go on with a type or a value that are not worth naming beside others. */
const quiet: ReadonlySet<TokenType> = new Set([
  t.LBracket,
  t.Dot,
  t.Cast,
  ...(
    [
      "array",
      "year",
      "month",
      "day",
      "hour",
      "minute",
      "second",
      "varying",
      "precision",
      "without",
      "was",
      "of",
    ] as const
  ).map(t.kw),
]);

/** The words and nouns worth naming: where something must come, what may come besides is left out. */
function choose(expected: readonly Expected[]): string[] {
  const needed = expected.filter((e) => !e.optional && e.token !== null);
  const shown =
    needed.length > 0 && !expected.some((e) => e.token === null) ? needed : expected.filter((e) => e.token !== null);
  const loud = shown.filter((e) => !quiet.has(e.token!));
  const modifiers = shown.some((e) => e.token === t.kw("identity")) && shown.some((e) => e.token === t.kw("backfill"));
  const names = new Set(
    (loud.length > 0 ? loud : shown).map((e) =>
      modifiers && e.token !== null && columnModifiers.has(e.token) ? aModifier : (e.noun ?? tokenNoun(e.token!)),
    ),
  );
  const all = [...names];
  const some = all.length > 8 ? [...all.slice(0, 7), "…"] : all;
  return expected.some((e) => e.token === null) ? [...some, "the end of the line"] : some;
}
/** `login` and `nologin` are near in letters alone. */
const isOpposite = (a: string, b: string): boolean => a === `no${b}` || b === `no${a}`;
const wordsOf = (expected: readonly Expected[]): string[] =>
  expected.flatMap((e) => (e.token === null ? [] : (t.wordOf(e.token) ?? [])));

function spanOf(found: IToken | undefined, tokens: readonly IToken[], { file, text }: Place): Span {
  if (found !== undefined) return { file, start: found.startOffset, end: found.startOffset + found.image.length };
  const last = tokens.at(-1);
  const end = last === undefined ? text.length : last.startOffset + last.image.length;
  return { file, start: end, end };
}

/** Words directly behind which the name of what they declare stands. */
const namedAfter: ReadonlySet<string> = new Set(
  (
    "schema extension enum domain type collation sequence mixin table partition view function procedure aggregate publication server subscription " +
    "rows role language conversion"
  ).split(" "),
);
/** Words that stand before the word of a kind. */
const twoWords: ReadonlySet<TokenType> = new Set([t.kw("unlogged"), t.kw("foreign"), t.kw("materialized")]);

/** Rows are of a table, whose name theirs is. */
const kindWord = ({ image }: IToken): string => (image.toLowerCase() === "rows" ? "table" : image.toLowerCase());

/** ` after the column name \`note\`` */
function after(tokens: readonly IToken[], index: number, rule: string, { text }: Place): string {
  const last = tokens[index - 1];
  if (last === undefined) return "";
  if (rule === "member" && index === 1 && tokenMatcher(last, t.ColumnName))
    return ` after the column name ${quote(last.image)}`;
  const kind = tokens[index - 2];
  const isKind = kind !== undefined && (index === 2 || (index === 3 && twoWords.has(tokens[0]!.tokenType)));
  if (rule === "declaration" && isKind)
    return namedAfter.has(kind.image.toLowerCase())
      ? ` after the ${kindWord(kind)}'s name ${quote(last.image)}`
      : ` after ${quote(text.slice(tokens[0]!.startOffset, last.startOffset + last.image.length))}`;
  if (last.tokenType !== t.RParen && last.tokenType !== t.RBracket) return ` after ${quote(last.image)}`;
  let depth = 0;
  let i = index - 1;
  for (; i > 0; i--) {
    const type = tokens[i]!.tokenType;
    if (type === t.RParen || type === t.RBracket) depth++;
    else if ((type === t.LParen || type === t.LBracket) && --depth === 0) break;
  }
  const from = tokens[Math.max(0, i - 1)]!;
  return ` after ${quote(text.slice(from.startOffset, last.startOffset + 1))}`;
}

/** What goes before a habit, because more than words tells it. */
function surer(rule: string, tokens: readonly IToken[], index: number): Advice | null {
  const found = tokens[index];
  if (found === undefined) return null;
  if (rule === "labels" && (found.tokenType === t.Num || found.tokenType === t.Unknown))
    return { help: "a label that is not a plain name stands in single quotes" };
  if (tokens.slice(0, index + 1).some(({ image }) => /^[‘’‚‛“”„‟]/u.test(image)))
    return { help: "a text stands in straight single quotes: `'…'`" };
  const constraint = constraintBefore(tokens, index);
  if (constraint !== null)
    return { help: `a constraint's name stands before it: \`constraint ${found.image} ${constraint} …\`` };
  return null;
}
function advice(rule: string, tokens: readonly IToken[], index: number, { text }: Place): Advice {
  const found = tokens[index];
  if (found === undefined) return {};
  const inDefault = rule === "member" && tokens.slice(0, index).some((token) => token.tokenType === t.Equals);
  const operator =
    [t.Unknown, t.Minus, t.Plus, t.Cast, t.Question, t.Arrow, t.Num].includes(found.tokenType) || found.image === "[";
  if (inDefault && operator)
    return { help: "a default that is more than a literal, a name or a call stands in brackets: `= (…)`" };
  if (rule === "member" && index === 0 && found.tokenType !== t.Identifier)
    return { help: "a column whose name is not plain stands in double quotes" };
  if (opensLine(tokens, index, text) > 0)
    return {
      help: `this line goes on with ${quote(tokens[0]!.image)}, for it is indented deeper; what stands alone is indented as that is`,
    };
  return {};
}
/**
 * The words of a constraint whose name stands behind them: `check` in `check positive (a > 0)`. In `check length(a) > 0`
 * brackets are missing, not a name.
 */
function constraintBefore(tokens: readonly IToken[], index: number): string | null {
  const [found, next] = [tokens[index]!, tokens[index + 1]];
  const opens = next?.tokenType === t.LParen && next.startOffset > found.startOffset + found.image.length;
  if (!opens && next?.tokenType !== t.kw("using")) return null;
  const words = tokens.slice(Math.max(0, index - 2), index).map((token) => token.image.toLowerCase());
  return /(?:^| )(check|unique|exclude|primary key|foreign key)$/.exec(words.join(" "))?.[1] ?? null;
}
/** The token that the line begins with; 0: a line that goes on in brackets, too. */
function opensLine(tokens: readonly IToken[], index: number, text: string): number {
  let i = index;
  const newLine = (b: IToken): boolean => text.slice(tokens[i - 1]!.startOffset, b.startOffset).includes("\n");
  while (i > 0 && !newLine(tokens[i]!)) i--;
  return within(tokens, i) ? 0 : i;
}
/** Whether brackets are open there: in them lines are not told apart. */
function within(tokens: readonly IToken[], index: number): boolean {
  let depth = 0;
  for (const { tokenType: type } of tokens.slice(0, index))
    if (type === t.LParen || type === t.LBracket) depth++;
    else if (type === t.RParen || type === t.RBracket) depth--;
  return depth > 0;
}
