/** `cast (bigint as shop.money) with function shop.money(bigint) as implicit` */
import { common } from "../parts/heads.ts";
import { functionName, functionText } from "../parts/references.ts";
import { type } from "../parts/types.ts";
import { line, type Syntax } from "../syntax.ts";
import { kw, LParen, RParen } from "../tokens.ts";

export const casts: Syntax<"cast"> = {
  kind: "cast",
  holds: null,
  rules(p) {
    const ways = p.choice(
      () => {
        p.take(0, kw("function"));
        p.call(0, "functionName");
      },
      () => p.take(0, kw("inout")),
    );
    const methods = p.choice(
      () => {
        p.take(0, kw("with"));
        p.one(0, ways);
      },
      () => {
        p.take(0, kw("without"));
        p.take(1, kw("function"));
      },
    );
    const contexts = p.choice(
      () => p.take(0, kw("assignment")),
      () => p.take(0, kw("implicit")),
    );
    p.rule("cast", () => {
      p.take(0, kw("cast"));
      p.take(0, LParen);
      p.call(0, "type", "source");
      p.take(0, kw("as"));
      p.call(1, "type", "target");
      p.take(0, RParen);
      p.one(1, methods);
      p.opt(0, () => {
        p.take(1, kw("as"));
        p.one(2, contexts);
      });
      p.opt(1, () => p.call(0, "commentClause"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "cast",
    source: type(c.source[0]!, l),
    target: type(c.target[0]!, l),
    method: c.functionName ? "function" : c.k_inout ? "inout" : "binary",
    function: c.functionName === undefined ? null : functionName(c.functionName[0]!, l),
    context: c.k_implicit ? "implicit" : c.k_assignment ? "assignment" : null,
    ...common(c, place, l),
  }),
  print(d, p) {
    const method =
      d.method === "function" && d.function
        ? `with function ${functionText(d.function, p)}`
        : d.method === "inout"
          ? "with inout"
          : "without function";
    const context = d.context === null ? "" : ` as ${d.context}`;
    return line(
      [`cast (${p.type(d.source)} as ${p.type(d.target)}) ${method}${context}${p.comment(d.doc, d.span)}`],
      d,
    );
  },
};
