/** Lines of one declaration or member that stand in one column, so that each was taken for one of its own. */
import { tokenMatcher, type IToken } from "chevrotain";
import { explore } from "./follow.ts";
import { habitOf } from "./habits.ts";
import type { Piece } from "./layout.ts";
import type { SchemaParser } from "./parser.ts";
import * as t from "./tokens.ts";

export interface Torn {
  /** null: what is wrong with the piece says enough. */
  readonly help: string | null;
  /** What follows and belongs to the piece, so that nothing is to be said of it. */
  readonly rest: readonly Piece[];
}

/** Whether the piece at `i`, which cannot be understood, goes on in those after it, or is itself how the one before it goes on; null: neither. */
export function torn(
  parser: SchemaParser,
  rule: string,
  tokens: readonly IToken[],
  pieces: readonly Piece[],
  i: number,
): Torn | null {
  const { definition } = parser.recorded(rule);
  const of = ({ start, end }: Piece): readonly IToken[] => tokens.slice(start, end);
  const fits = (line: readonly IToken[]): number => explore(definition, line, new Map())?.index ?? -1;
  const follows = (before: Piece, piece: Piece): boolean =>
    !before.broken && before.block === null && before.end === piece.start;
  /** Whether a line opens with what was still to come, and goes on so, or could not stand alone. */
  const continues = (line: readonly IToken[], own: readonly IToken[]): boolean => {
    const found = explore(definition, line, new Map());
    const [first] = own;
    const isExpected = found?.expected.some(
      ({ token }) =>
        token === first!.tokenType || (token !== null && !tokenMatcher(first!, t.Name) && tokenMatcher(first!, token)),
    );
    if (found?.index !== line.length || !isExpected) return false;
    return fits([...line, ...own]) === line.length + own.length || fits(own) === 0;
  };

  const piece = pieces[i]!;
  const before = pieces[i - 1];
  let line = of(piece);
  const isRest = before !== undefined && follows(before, piece) && continues(of(before), line);
  if (isRest) line = [...of(before), ...line];
  const rest: Piece[] = [];
  let last = piece;
  for (const next of pieces.slice(i + 1)) {
    if (!follows(last, next) || !continues(line, of(next))) break;
    line = [...line, ...of(next)];
    rest.push((last = next));
  }
  if (isRest || rest.length > 0) return { help: "a line that goes on is indented deeper", rest };

  const next = pieces[i + 1];
  if (next === undefined) return null;
  const [own, [first]] = [of(next), of(next)];
  if (follows(piece, next) && fits(line) === line.length && !tokenMatcher(first!, t.Name) && fits(own) === 0) {
    const habit = first!.tokenType === t.Unknown ? null : habitOf(rule, [...line, ...own], line.length);
    if (habit?.help !== undefined) return { help: habit.help, rest: [next] };
  }
  // Names that lack the brackets around their list.
  const listed: Piece[] = [];
  for (const name of rule === "member" && !tokenMatcher(line[0]!, t.ColumnName) ? pieces.slice(i + 1) : []) {
    const comma = tokens[name.start - 1]!;
    if (comma.tokenType !== t.Comma || name.start - 1 !== (listed.at(-1) ?? piece).end) break;
    if (name.end !== name.start + 1 || !tokenMatcher(tokens[name.start]!, t.Name)) break;
    listed.push(name);
  }
  return listed.length > 0 ? { help: null, rest: listed } : null;
}
