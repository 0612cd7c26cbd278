/** `function touch(at timestamptz = now()) returns trigger language plpgsql stable as $$ … $$` */
import type { ReturnsClauseCstNode } from "../cst.ts";
import type { ReturnsNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { qualified } from "../parts/names.ts";
import { argumentsOf, argumentsText, asSql, beginText, endText, routineOf } from "../parts/routines.ts";
import { type } from "../parts/types.ts";
import { kw, Name, Num } from "../tokens.ts";
import { line, type Print, type Syntax } from "../syntax.ts";

export const functions: Syntax<"function"> = {
  kind: "function",
  holds: null,
  rules(p) {
    const forms = p.ordered(
      () => {
        p.take(0, kw("table"), "table");
        p.call(0, "argumentList");
      },
      () => {
        p.opt(
          0,
          () => p.take(0, kw("setof"), "setof"),
          () => p.sees(1, kw("setof")) && p.sees(2, Name),
        );
        p.call(0, "type");
      },
    );
    p.rule("returnsClause", () => {
      p.take(0, kw("returns"));
      p.one(0, forms);
    });
    const safety = p.choice(
      () => p.take(0, kw("safe"), "safety"),
      () => p.take(0, kw("restricted"), "safety"),
      () => p.take(0, kw("unsafe"), "safety"),
    );
    p.rule("parallelClause", () => {
      p.take(0, kw("parallel"));
      p.one(0, safety);
    });
    p.rule("costClause", () => {
      p.take(0, kw("cost"));
      p.take(0, Num, "number");
    });
    p.rule("rowsClause", () => {
      p.take(0, kw("rows"));
      p.take(0, Num, "number");
    });
    p.rule("supportClause", () => {
      p.take(0, kw("support"));
      p.call(0, "qualified");
    });
    const clauses = p.choice(
      () => p.call(0, "inSchema"),
      () => p.call(0, "languageClause"),
      () => p.take(0, kw("immutable"), "volatility"),
      () => p.take(0, kw("stable"), "volatility"),
      () => p.take(0, kw("volatile"), "volatility"),
      () => p.take(0, kw("strict"), "strict"),
      () => p.call(0, "securityClause"),
      () => p.take(0, kw("leakproof"), "leakproof"),
      () => p.take(0, kw("window"), "window"),
      () => p.call(0, "parallelClause"),
      () => p.call(0, "costClause"),
      () => p.call(0, "rowsClause"),
      () => p.call(0, "supportClause"),
      () => p.call(0, "transformClause"),
      () => p.call(0, "configuration"),
      () => p.call(0, "dependsClause"),
      () => p.call(0, "commentClause"),
    );
    p.rule("function", () => {
      p.take(0, kw("function"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.call(0, "argumentList");
      p.opt(1, () => p.call(0, "returnsClause"));
      p.each(0, () => p.one(0, clauses));
      p.call(0, "routineBody");
    });
  },
  lower(c, place, _inside, l) {
    l.once(c.volatility, "volatility");
    l.once(c.strict, "strict");
    l.once(c.leakproof, "leakproof");
    l.once(c.window, "window");
    l.onceNode(c.parallelClause, "parallel");
    l.onceNode(c.costClause, "cost");
    l.onceNode(c.rowsClause, "rows");
    l.onceNode(c.supportClause, "support");
    const returns = c.returnsClause === undefined ? null : returnsOf(c.returnsClause[0]!, l);
    // As SQL has it: a name that is none of our words may be one of SQL's.
    const said = returns === null ? "" : ` returns ${returnsText(returns, asSql)}`;
    return {
      kind: "function",
      ...routineOf(c, "function", () => said, place, l),
      returns,
      volatility: volatilities.find((v) => v === c.volatility?.[0]!.image.toLowerCase()) ?? null,
      strict: c.strict !== undefined,
      leakproof: c.leakproof !== undefined,
      window: c.window !== undefined,
      parallel: safeties.find((s) => s === c.parallelClause?.[0]!.children.safety![0]!.image.toLowerCase()) ?? null,
      cost: c.costClause?.[0]!.children.number[0]!.image ?? null,
      rows: c.rowsClause?.[0]!.children.number[0]!.image ?? null,
      support: c.supportClause === undefined ? null : qualified(c.supportClause[0]!.children.qualified[0]!, l),
    };
  },
  print(d, p) {
    let text = beginText("function", d, d.returns === null ? "" : ` returns ${returnsText(d.returns, p)}`, p);
    for (const word of [d.volatility, d.strict && "strict", d.leakproof && "leakproof", d.window && "window"])
      if (word) text += ` ${word}`;
    if (d.parallel !== null) text += ` parallel ${d.parallel}`;
    if (d.cost !== null) text += ` cost ${d.cost}`;
    if (d.rows !== null) text += ` rows ${d.rows}`;
    if (d.support !== null) text += ` support ${p.qualified(d.support)}`;
    return line([text + endText(d, p)], d);
  },
};

const volatilities = ["volatile", "stable", "immutable"] as const;
const safeties = ["unsafe", "restricted", "safe"] as const;

function returnsOf(node: ReturnsClauseCstNode, l: Lower): ReturnsNode {
  const c = node.children;
  if (c.argumentList !== undefined) return { kind: "table", columns: argumentsOf(c.argumentList[0]!, l, true) };
  return { kind: "type", set: c.setof !== undefined, type: type(c.type![0]!, l) };
}
const returnsText = (r: ReturnsNode, p: Pick<Print, "name" | "type" | "default">): string =>
  r.kind === "table" ? `table ${argumentsText(r.columns, p)}` : `${r.set ? "setof " : ""}${p.type(r.type)}`;
