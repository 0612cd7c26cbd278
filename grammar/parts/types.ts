/** Types: `text`, `numeric(12,2)`, `timestamp(3) with time zone`, `interval day to second(3)`, `shop.status[]`, `int[3][]`. */
import type { IToken } from "chevrotain";
import type { TypeCstNode, TypeModifiersCstNode } from "../cst.ts";
import type { Lower } from "../lower.ts";
import type { Name, TypeNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import * as t from "../tokens.ts";
import { string } from "./literals.ts";
import { quoted, type WriteName } from "./names.ts";

const { kw } = t;

export const typeRules: Rules = {
  rules(p) {
    const second = p.choice(
      () => p.take(0, kw("varying"), "word"),
      () => p.take(0, kw("precision"), "word"),
    );
    const characters = p.choice(
      () => p.take(1, kw("character"), "word"),
      () => p.take(1, kw("char"), "word"),
    );
    const name = p.ordered(
      () => {
        p.take(0, kw("national"), "word");
        p.one(1, characters);
        p.opt(0, () => p.take(2, kw("varying"), "word"));
      },
      () => {
        p.take(0, t.Name, "part");
        p.opt(1, () => {
          p.take(0, t.Dot);
          p.take(1, t.Name, "part");
        });
        p.opt(2, () => p.one(2, second));
      },
    );
    const zones = p.choice(
      () => p.take(0, kw("with"), "zone"),
      () => p.take(0, kw("without"), "zone"),
    );
    const unit = p.choice(
      ...(["year", "month", "day", "hour", "minute", "second"] as const).map((w) => () => p.take(0, kw(w), "field")),
    );
    p.rule("intervalUnit", () => p.one(0, unit));
    // Made once: this rule runs for every column.
    const modifiers = (): void => p.call(0, "typeModifiers");
    const zone = (): void => {
      p.one(3, zones);
      p.take(0, kw("time"));
      p.take(3, kw("zone"));
    };
    const zoneFollows = (): boolean => p.sees(2, kw("time"));
    const fields = (): void => {
      p.call(0, "intervalUnit", "from");
      p.opt(6, () => {
        p.take(0, kw("to"));
        p.call(1, "intervalUnit", "to");
      });
      p.opt(7, () => p.call(1, "typeModifiers"));
    };
    const dimension = (): void => p.call(0, "dimension");
    p.rule(
      "type",
      () => {
        p.one(0, name);
        p.opt(3, modifiers);
        p.opt(4, zone, zoneFollows);
        p.opt(5, fields);
        p.each(0, dimension);
      },
      "placed",
    );
    p.rule("typeModifiers", () => {
      p.take(0, t.LParen);
      p.list(() => p.call(0, "typeModifier"));
      p.take(0, t.RParen);
    });
    p.rule("typeModifier", () => p.some(0, () => p.take(0, t.Atom, "atom")));
    const dimensions = p.choice(
      () => {
        p.take(0, t.LBracket);
        p.opt(0, () => p.take(0, t.Num, "size"));
        p.take(0, t.RBracket);
      },
      () => {
        p.take(0, kw("array"));
        p.opt(1, () => {
          p.take(1, t.LBracket);
          p.take(1, t.Num, "size");
          p.take(1, t.RBracket);
        });
      },
    );
    p.rule("dimension", () => p.one(0, dimensions));
  },
};

const longNames: ReadonlySet<string> = new Set(
  (
    "double precision,character varying,char varying,bit varying,nchar varying,national character,national char,national character varying," +
    "national char varying"
  ).split(","),
);
const zoned: ReadonlySet<string> = new Set(["timestamp", "time"]);

function modifiers(nodes: readonly TypeModifiersCstNode[] | undefined, l: Lower): string[] {
  return (nodes ?? []).flatMap((n) =>
    n.children.typeModifier.map(({ children: { atom } }) => {
      const end = atom.find((x) => x.image === ";");
      if (end !== undefined) l.report("syntax", l.between(end), "expected a number or a word, found `;`");
      if (atom.length > 1) return l.sliced(atom[0]!.startOffset, endOf(atom.at(-1)!)).text;
      const text = l.verbatim(atom[0]!);
      // A placeholder's value may be any text.
      return atom[0]!.tokenType !== t.Placeholder || l.keepsPlaceholders || plain.test(text) ? text : string(text);
    }),
  );
}
const plain = /^(?:[A-Za-z_][A-Za-z0-9_]*|-?[0-9]+)$/;
const endOf = (token: IToken): number => token.startOffset + token.image.length;

export function type(node: TypeCstNode, l: Lower): TypeNode {
  const c = node.children;
  const span = l.at(node);
  const [first, second] = c.part ?? [];
  const last = second ?? first;
  const mixedCase = (token: IToken): boolean => token.image !== token.image.toUpperCase();
  const schema = first !== undefined && second !== undefined ? l.name(first) : null;
  let name: Name = last === undefined ? { text: "", quoted: false, span } : l.name(last, !mixedCase(last));
  const words = c.word?.map((w) => w.image.toLowerCase()) ?? [];
  if (words.length > 0) {
    const text = [...(last === undefined ? [] : [name.text]), ...words].join(" ");
    if (!longNames.has(text) || name.quoted || schema !== null)
      l.report("syntax", span, `there is no type \`${l.slice(span.start, span.end)}\``);
    name = { text, quoted: false, span };
  }
  const zone = c.zone?.[0];
  if (zone !== undefined) {
    if (!zoned.has(name.text) || name.quoted)
      l.report("syntax", l.between(zone), "only `timestamp` and `time` can be with or without time zone");
    name = { ...name, text: `${name.text} ${zone.image.toLowerCase()} time zone` };
  }
  let fields: string | null = null;
  if (c.from !== undefined) {
    const units = [...c.from, ...(c.to ?? [])].map((n) => n.children.field![0]!.image.toLowerCase());
    if (name.text !== "interval" || name.quoted)
      l.report("syntax", l.at(c.from[0]!), `only \`interval\` takes fields such as \`${units[0]}\``);
    fields = units.join(" to ");
  }
  const dimensions = (c.dimension ?? []).map((d) => {
    const size = d.children.size?.[0];
    return size === undefined ? null : Number(size.image);
  });
  return { schema, name, fields, modifiers: modifiers(c.typeModifiers, l), dimensions, span };
}

/** Names that mean another type, or nothing, without quotes. */
export const ofTheGrammar: ReadonlySet<string> = new Set(
  (
    "bigint bit boolean char character dec decimal double float int integer interval national nchar numeric real smallint time timestamp " +
    "varchar setof any json_table"
  ).split(" "),
);

export function typeText(n: TypeNode, write: WriteName): string {
  const args = n.modifiers.length > 0 ? `(${n.modifiers.join(",")})` : "";
  const dims = n.dimensions.map((d) => (d === null ? "[]" : `[${d}]`)).join("");
  const zone = n.name.quoted ? null : /^(timestamp|time)( with(?:out)? time zone)$/.exec(n.name.text);
  if (zone !== null) return zone[1] + args + zone[2] + dims;
  const word = n.name.quoted
    ? ofTheGrammar.has(n.name.text)
      ? quoted(n.name.text)
      : write(n.name, n.schema === null ? "type" : "any")
    : longNames.has(n.name.text)
      ? n.name.text
      : write(n.name, n.schema === null ? "type" : "any");
  const prefix = n.schema === null ? "" : write(n.schema, "type") + ".";
  return prefix + word + (n.fields === null ? "" : ` ${n.fields}`) + args + dims;
}
