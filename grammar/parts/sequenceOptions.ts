/** `start 1000 increment 5 minvalue 1 no maxvalue cache 20 cycle`: of sequences and identities. */
import type { IToken } from "chevrotain";
import type { SequenceOptionCstNode } from "../cst.ts";
import type { SequenceOptionsNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Rules } from "../parser.ts";
import * as t from "../tokens.ts";

const { kw } = t;

export const sequenceOptionRules: Rules = {
  rules(p) {
    const signs = p.choice(
      () => p.take(0, t.Minus, "sign"),
      () => p.take(0, t.Plus, "sign"),
    );
    p.rule("whole", () => {
      p.opt(0, () => p.one(0, signs));
      p.take(0, t.Num, "number");
    });
    const none = p.choice(
      () => p.take(0, kw("minvalue"), "noMin"),
      () => p.take(0, kw("maxvalue"), "noMax"),
      () => p.take(0, kw("cycle"), "noCycle"),
    );
    const forms = p.choice(
      () => {
        p.take(0, kw("start"), "start");
        p.opt(0, () => p.take(0, kw("with")));
        p.call(0, "whole");
      },
      () => {
        p.take(0, kw("increment"), "increment");
        p.opt(1, () => p.take(0, kw("by")));
        p.call(1, "whole");
      },
      () => {
        p.take(1, kw("minvalue"), "min");
        p.call(2, "whole");
      },
      () => {
        p.take(1, kw("maxvalue"), "max");
        p.call(3, "whole");
      },
      () => {
        p.take(0, kw("cache"), "cache");
        p.call(4, "whole");
      },
      () => p.take(1, kw("cycle"), "cycle"),
      () => {
        p.take(0, kw("no"));
        p.one(1, none);
      },
    );
    p.rule("sequenceOption", () => p.one(0, forms));
  },
};

type Option = "start" | "increment" | "min" | "max" | "cache" | "cycle";
export function sequenceOptions(nodes: readonly SequenceOptionCstNode[] | undefined, l: Lower): SequenceOptionsNode {
  const said: Partial<Record<Option, string>> = {};
  const say = (option: Option, token: IToken | undefined, value: string): void => {
    if (token === undefined) return;
    if (said[option] !== undefined) l.twice(l.between(token), token.image);
    said[option] = value;
  };
  for (const { children: c } of nodes ?? []) {
    const whole = c.whole?.[0];
    let value = "";
    if (whole !== undefined) {
      const number = whole.children.number[0]!.image;
      if (!/^[0-9][0-9_]*$/.test(number))
        l.report("syntax", l.at(whole), `expected a whole number, found \`${number}\``);
      value = (whole.children.sign?.[0]!.image === "-" ? "-" : "") + number.replaceAll("_", "");
    }
    say("start", c.start?.[0], value);
    say("increment", c.increment?.[0], value);
    say("min", c.min?.[0], value);
    say("max", c.max?.[0], value);
    say("cache", c.cache?.[0], value);
    say("min", c.noMin?.[0], "none");
    say("max", c.noMax?.[0], "none");
    say("cycle", c.cycle?.[0], "yes");
    say("cycle", c.noCycle?.[0], "no");
  }
  return {
    start: said.start ?? null,
    increment: said.increment ?? null,
    min: said.min ?? null,
    max: said.max ?? null,
    cache: said.cache ?? null,
    cycle: said.cycle === undefined ? null : said.cycle === "yes",
  };
}

export function sequenceOptionsText(o: SequenceOptionsNode): string {
  const limit = (word: string, value: string | null): string | null =>
    value === null ? null : value === "none" ? `no ${word}` : `${word} ${value}`;
  return [
    o.start === null ? null : `start ${o.start}`,
    o.increment === null ? null : `increment ${o.increment}`,
    limit("minvalue", o.min),
    limit("maxvalue", o.max),
    o.cache === null ? null : `cache ${o.cache}`,
    o.cycle === null ? null : o.cycle ? "cycle" : "no cycle",
  ]
    .filter((s) => s !== null)
    .join(" ");
}
