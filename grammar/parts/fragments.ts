/** SQL in brackets, and the forms of a default that need none. */
import type { BareCstNode, FragmentCstNode } from "../cst.ts";
import type { Lower } from "../lower.ts";
import type { FragmentNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import { scan } from "../scan.ts";
import * as t from "../tokens.ts";
import { string } from "./literals.ts";

const { kw } = t;

export const fragmentRules: Rules = {
  rules(p) {
    p.rule("fragment", () => {
      p.take(0, t.LParen, "open");
      p.skip();
      p.take(0, t.RParen, "close");
    });
    p.rule("subscript", () => {
      p.take(0, t.LBracket, "open");
      p.skip();
      p.take(0, t.RBracket, "close");
    });
    // A literal with its sign, a typed literal, a name, a call, array[…]; then any number of ::type.
    const signs = p.choice(
      () => p.take(0, t.Minus),
      () => p.take(0, t.Plus),
    );
    const zones = p.choice(
      () => p.take(0, kw("with")),
      () => p.take(0, kw("without")),
    );
    const second = p.choice(
      () => p.take(0, kw("varying")),
      () => p.take(0, kw("precision")),
    );
    const forms = p.ordered(
      () => {
        p.opt(0, () => p.one(1, signs));
        p.take(0, t.Num);
      },
      () => p.take(0, t.BitString),
      () => p.take(0, t.Text),
      () => {
        p.take(0, kw("array"));
        p.call(0, "subscript");
      },
      () => {
        p.take(0, t.Name);
        p.each(0, () => {
          p.take(0, t.Dot);
          p.take(1, t.Name);
        });
        p.opt(1, () => p.one(2, second));
        p.opt(2, () => p.call(0, "fragment", "arguments"));
        p.opt(
          3,
          () => {
            p.one(3, zones);
            p.take(0, kw("time"));
            p.take(0, kw("zone"));
          },
          () => p.sees(2, kw("time")),
        );
        p.opt(4, () => p.take(1, t.Text));
      },
    );
    p.rule("bare", () => {
      p.one(0, forms);
      p.each(1, () => {
        p.take(0, t.Cast);
        p.call(0, "type");
      });
    });
    // A call as it may stand among the keys of an index.
    p.rule("callAlone", () => {
      p.take(0, t.Name);
      p.each(0, () => {
        p.take(0, t.Dot);
        p.take(1, t.Name);
      });
      p.call(0, "fragment");
    });
  },
};

/** A token of SQL, and in how many brackets it stands. */
export interface Inner {
  readonly image: string;
  readonly start: number;
  readonly depth: number;
}
/** The tokens of a text as they are in brackets, where PostgreSQL's lexical rules hold; up to one that would close those. */
export function* inner(text: string): Generator<Inner> {
  let depth = 0;
  for (const { tokenType: type, image, startOffset } of scan("", `(${text}\n)`).tokens) {
    const closes = type === t.RParen || type === t.RBracket || type === t.StrayClose;
    if (closes) depth--;
    if (startOffset > 0 && startOffset <= text.length) yield { image, start: startOffset - 1, depth: depth - 1 };
    if (depth === 0 && closes) return;
    if (type === t.LParen || type === t.LBracket) depth++;
  }
}
/** Reports one character of a text that stands from `start` on. */
export function reportAt(text: FragmentNode, at: number, message: string, help: string, l: Lower): void {
  const start = l.placeIn(text, at);
  l.report("syntax", { file: l.file, start, end: start + 1 }, message, { help });
}

/** An expression goes into a statement of ours, so nothing in it may end that one. */
export function expression<F extends FragmentNode>(text: F, l: Lower): F {
  const end = text.text.includes(";") ? [...inner(text.text)].find((x) => x.image === ";") : undefined;
  if (end !== undefined)
    reportAt(text, end.start, "expected one expression, found `;`", "a `;` ends a statement; here is none", l);
  return text;
}
export const fragment = (node: FragmentCstNode, l: Lower): FragmentNode =>
  expression(l.fragment(node.children.open[0]!, node.children.close[0]!), l);
export function bare(node: BareCstNode, l: Lower): FragmentNode {
  const { start, end } = l.at(node);
  const value = node.children.Text?.[0];
  if (value?.tokenType !== t.Placeholder || value.startOffset !== start || l.keepsPlaceholders)
    return expression(l.sliced(start, end), l);
  const rest = start + value.image.length;
  // A number in quotes is that number to Postgres where one is wanted; bare, a text that looks like one would become one.
  return {
    text: string(l.string(value)) + (rest === end ? "" : expression(l.sliced(rest, end), l).text),
    span: { file: l.file, start, end },
  };
}

/** Ends in a `--` comment, which would swallow a bracket written after it. */
function endsInComment(text: string): boolean {
  if (!text.slice(text.lastIndexOf("\n") + 1).includes("--")) return false;
  const last = scan("", "(" + text).comments.at(-1);
  return last !== undefined && last.image.startsWith("--") && last.startOffset + last.image.length === text.length + 1;
}
export const brackets = (text: string): string => (endsInComment(text) ? `(${text}\n)` : `(${text})`);

/** Whether a text is of a rule. */
export type Fits = (text: string, rule: "bare" | "callAlone") => boolean;

const constant = "'(?:[^'\\n\\\\]|'')*'";
const word = "[A-Za-z_][A-Za-z0-9_]*";
const call = `${word}(?:\\.${word})*\\((?:[A-Za-z0-9_ ,.:]|${constant})*\\)`;
const cast = `::(?!(?:national|NATIONAL)\\b)(?:${word}(?:\\.${word})?|character varying|double precision|timestamp with(?:out)? time zone)(?:\\[\\])?`;
const surely = {
  bare: new RegExp(`^(?:-?[0-9]+(?:\\.[0-9]+)?|${constant}|${call}|(?!(?:array|ARRAY)\\b)[A-Za-z_]+)(?:${cast})*$`),
  callAlone: new RegExp(`^${call}$`),
};
/** What most defaults and keys look like is known without the grammar, which takes a while to load; null: that has to be asked. */
export function surelyFits(text: string, rule: keyof typeof surely): boolean | null {
  if (text.startsWith("(")) return false;
  return text.length < 1000 && surely[rule].test(text) ? true : null;
}
export const defaultText = (f: FragmentNode, fits: Fits): string => (fits(f.text, "bare") ? f.text : brackets(f.text));
