/** `(a, b)`, with `without overlaps` or `period` where a key has them. */
import type { ColumnsCstNode } from "../cst.ts";
import type { Lower } from "../lower.ts";
import type { Name } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import * as t from "../tokens.ts";
import type { WriteName } from "./names.ts";

const { kw } = t;

export const columnListRules: Rules = {
  rules(p) {
    p.rule("columns", () => {
      p.take(0, t.LParen);
      p.list(() => p.call(0, "listed"));
      p.take(0, t.RParen);
    });
    p.rule("listed", () => {
      p.opt(
        0,
        () => p.take(0, kw("period")),
        () => p.sees(2, t.Name) && !(p.sees(2, kw("without")) && p.sees(3, kw("overlaps"))),
      );
      p.take(0, t.Name, "name");
      p.opt(1, () => {
        p.take(0, kw("without"));
        p.take(0, kw("overlaps"));
      });
    });
  },
};

export interface Columns {
  readonly columns: readonly Name[];
  readonly withoutOverlaps: boolean;
  readonly period: boolean;
}
export function columns(node: ColumnsCstNode, l: Lower, allowed: "plain" | "overlaps" | "period" = "plain"): Columns {
  let withoutOverlaps = false;
  let period = false;
  const listed = node.children.listed;
  const names = listed.map((item, i) => {
    const c = item.children;
    const last = i === listed.length - 1;
    const word = c.k_period?.[0] ?? c.k_without?.[0];
    const fits =
      allowed === "overlaps"
        ? c.k_period === undefined
        : allowed === "period"
          ? c.k_without === undefined
          : word === undefined;
    if (word !== undefined && !(fits && last))
      l.report(
        "syntax",
        l.between(word),
        `\`${word.image}\` stands only at the last column of a ${c.k_period ? "foreign key" : "primary key or unique constraint"}`,
      );
    withoutOverlaps ||= c.k_without !== undefined;
    period ||= c.k_period !== undefined;
    return l.name(c.name[0]!);
  });
  return { columns: names, withoutOverlaps, period };
}

export const columnsText = (
  list: readonly Name[],
  write: WriteName,
  more: { overlaps?: boolean; period?: boolean } = {},
): string =>
  "(" +
  list
    .map((n, i) => {
      const last = i === list.length - 1;
      return (
        (last && more.period ? "period " : "") + write(n, "listed") + (last && more.overlaps ? " without overlaps" : "")
      );
    })
    .join(", ") +
  ")";
