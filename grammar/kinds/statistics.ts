/** `statistics shop.s (ndistinct, mcv) on (a, lower(b)) target 500` */
import type { ExtendedStatisticsCstChildren, StatisticsKeyCstNode } from "../cst.ts";
import type { StatisticsKeyNode, StatisticsNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { brackets, expression, fragment } from "../parts/fragments.ts";
import { wasClause } from "../parts/heads.ts";
import { line, type MemberSyntax, type Print } from "../syntax.ts";
import { Dot, IndexName, kw, LParen, Name, Num, RParen } from "../tokens.ts";

export const statistics: MemberSyntax<"statistics"> = {
  kind: "statistics",
  rules(p) {
    const keys = p.ordered(
      () => p.call(0, "fragment", "expression"),
      () => {
        p.take(0, Name, "name");
        p.each(0, () => {
          p.take(0, Dot);
          p.take(1, Name, "name");
        });
        p.opt(0, () => p.call(1, "fragment", "arguments"));
      },
    );
    p.rule("statisticsKey", () => p.one(0, keys), "placed");
    p.rule("statisticsKeys", () => {
      p.take(0, LParen);
      p.list(() => p.call(0, "statisticsKey"));
      p.take(0, RParen);
    });
    const clauses = p.choice(
      () => p.call(0, "statisticsTarget"),
      () => p.call(0, "commentClause"),
    );
    p.rule("statisticsTarget", () => {
      p.take(0, kw("target"));
      p.take(0, Num, "target");
    });
    p.rule("statisticsName", () => {
      p.take(0, IndexName, "part");
      p.opt(0, () => {
        p.take(0, Dot);
        p.take(0, Name, "part");
      });
    });
    p.rule("extendedStatistics", () => {
      p.take(0, kw("statistics"));
      p.opt(0, () => p.call(0, "statisticsName"));
      p.opt(1, () => p.call(0, "was"));
      p.opt(2, () => p.call(0, "columns", "kinds"));
      p.take(0, kw("on"));
      p.call(0, "statisticsKeys");
      p.each(0, () => p.one(0, clauses));
    });
  },
  print(m, p) {
    let text = "statistics";
    if (m.name !== null) text += " " + p.qualified(m.name, "index");
    if (m.was !== null) text += ` was ${p.name(m.was)}`;
    if (m.kinds.length > 0) text += ` (${m.kinds.map((k) => p.name(k, "listed")).join(", ")})`;
    text += ` on (${m.keys.map((k) => keyText(k, p)).join(", ")})`;
    if (m.target !== null) text += ` target ${m.target}`;
    return [line([text + p.comment(m.doc, m.span)], m)];
  },
};

export function lowerStatistics(c: ExtendedStatisticsCstChildren, span: Span, start: number, l: Lower): StatisticsNode {
  l.onceNode(c.statisticsTarget, "target");
  const [first, second] = c.statisticsName?.[0]!.children.part ?? [];
  return {
    kind: "statistics",
    name:
      first === undefined
        ? null
        : {
            schema: second === undefined ? null : l.name(first),
            name: l.name(second ?? first),
            span: l.between(first, second ?? first),
          },
    was: wasClause(c.was, l),
    kinds: c.kinds?.[0]!.children.listed.map((n) => l.name(n.children.name[0]!)) ?? [],
    keys: c.statisticsKeys[0]!.children.statisticsKey.map((k) => lowerKey(k, l)),
    target: c.statisticsTarget === undefined ? null : l.verbatim(c.statisticsTarget[0]!.children.target[0]!),
    span,
    doc: l.docOf(
      start,
      c.commentClause?.flatMap((n) => n.children.text),
    ),
  };
}

function lowerKey(node: StatisticsKeyCstNode, l: Lower): StatisticsKeyNode {
  const c = node.children;
  const span = l.at(node);
  const [name, dotted] = c.name ?? [];
  const call = c.arguments?.[0]?.children;
  if (call !== undefined) l.fragment(call.open[0]!, call.close[0]!);
  else if (dotted !== undefined)
    l.report("syntax", span, "statistics are on columns, calls, and expressions in brackets");
  return {
    column: call === undefined && name !== undefined ? l.name(name) : null,
    expression:
      call !== undefined
        ? expression(l.sliced(span.start, span.end), l)
        : c.expression === undefined
          ? null
          : fragment(c.expression[0]!, l),
    span,
  };
}

function keyText(k: StatisticsKeyNode, p: Print): string {
  if (k.column !== null) return p.name(k.column);
  const text = k.expression?.text ?? "";
  return p.fits(text, "callAlone") ? text : brackets(text);
}
