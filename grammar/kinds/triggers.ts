/** `[constraint] trigger touch before update of a, b for each row when (…) execute touch_updated_at('x', 1)` */
import type { TriggerCstChildren, TriggerEventCstNode } from "../cst.ts";
import type { TriggerEventNode, TriggerNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { deferral, deferralText, dependsOn, dependsOnText } from "../parts/clauses.ts";
import { firing, firingText } from "../parts/firing.ts";
import { fragment } from "../parts/fragments.ts";
import { wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { line, type MemberSyntax } from "../syntax.ts";
import { kw, LParen, Name, Num, RParen, Text } from "../tokens.ts";

export const triggers: MemberSyntax<"trigger"> = {
  kind: "trigger",
  rules(p) {
    const timings = p.choice(
      () => p.take(0, kw("before")),
      () => p.take(0, kw("after")),
      () => {
        p.take(0, kw("instead"));
        p.take(0, kw("of"));
      },
    );
    const events = p.choice(
      () => p.take(0, kw("insert")),
      () => {
        p.take(0, kw("update"));
        p.opt(0, () => p.call(0, "updateOf"));
      },
      () => p.take(0, kw("delete")),
      () => p.take(0, kw("truncate")),
    );
    p.rule("triggerEvent", () => p.one(0, events), "placed");
    p.rule("updateOf", () => {
      p.take(0, kw("of"));
      p.list(() => p.take(0, Name, "column"));
    });
    const which = p.choice(
      () => p.take(0, kw("old")),
      () => p.take(0, kw("new")),
    );
    p.rule("transitionTable", () => {
      p.one(0, which);
      p.take(0, kw("table"));
      p.take(0, kw("as"));
      p.take(0, Name, "name");
    });
    const levels = p.choice(
      () => p.take(0, kw("row")),
      () => p.take(0, kw("statement")),
    );
    const calls = p.choice(
      () => p.take(0, kw("function")),
      () => p.take(0, kw("procedure")),
    );
    const values = p.ordered(
      () => p.take(0, Text, "value"),
      () => p.take(0, Num, "value"),
      () => p.take(0, Name, "word"),
    );
    p.rule("triggerArgument", () => p.one(0, values));
    p.rule("trigger", () => {
      p.opt(0, () => p.take(0, kw("constraint")));
      p.take(0, kw("trigger"));
      p.take(0, Name, "name");
      p.opt(1, () => p.call(0, "was"));
      p.one(0, timings);
      p.call(0, "triggerEvent");
      p.each(0, () => {
        p.take(0, kw("or"));
        p.call(1, "triggerEvent");
      });
      p.opt(2, () => {
        p.take(0, kw("from"));
        p.call(0, "qualified", "from");
      });
      p.opt(3, () => p.call(0, "deferral"));
      p.opt(4, () => {
        p.take(0, kw("referencing"));
        p.some(1, () => p.call(0, "transitionTable"));
      });
      p.opt(5, () => {
        p.take(0, kw("for"));
        p.opt(6, () => p.take(0, kw("each")));
        p.one(1, levels);
      });
      p.opt(7, () => {
        p.take(0, kw("when"));
        p.call(0, "fragment", "when");
      });
      p.take(0, kw("execute"));
      p.opt(
        8,
        () => p.one(2, calls),
        () => p.sees(2, Name),
      );
      p.call(1, "qualified", "function");
      p.take(0, LParen);
      p.opt(9, () => p.list(() => p.call(0, "triggerArgument")));
      p.take(0, RParen);
      p.opt(10, () => p.call(0, "firing"));
      p.each(2, () => p.call(0, "dependsClause"));
      p.opt(11, () => p.call(0, "commentClause"));
    });
  },
  print(m, p) {
    const event = (e: TriggerEventNode): string =>
      e.event + (e.columns.length > 0 ? ` of ${e.columns.map((c) => p.name(c)).join(", ")}` : "");
    let text = `${m.constraint ? "constraint " : ""}trigger ${p.name(m.name)}`;
    if (m.was !== null) text += ` was ${p.name(m.was)}`;
    text += ` ${m.timing} ${m.events.map(event).join(" or ")}`;
    if (m.from !== null) text += ` from ${p.qualified(m.from)}`;
    text += deferralText(m.deferrable);
    if (m.oldTable !== null || m.newTable !== null) text += " referencing";
    if (m.oldTable !== null) text += ` old table as ${p.name(m.oldTable)}`;
    if (m.newTable !== null) text += ` new table as ${p.name(m.newTable)}`;
    if (m.level !== null) text += ` for each ${m.level}`;
    if (m.when !== null) text += ` when ${p.brackets(m.when)}`;
    text += ` execute ${p.qualified(m.function)}(${m.arguments.map((a) => (plain.test(a) ? a : p.string(a, m.span))).join(", ")})`;
    return [line([text + firingText(m.firing) + dependsOnText(m.dependsOn, p.name) + p.comment(m.doc, m.span)], m)];
  },
};
/** A number that is its own text. */
const plain = /^(?:0|[1-9][0-9]{0,8})$/;

export function lowerTrigger(c: TriggerCstChildren, span: Span, start: number, l: Lower): TriggerNode {
  const tables = (c.transitionTable ?? []).map((n) => n.children);
  const [old, fresh] = [tables.filter((t) => t.k_old), tables.filter((t) => t.k_new)];
  for (const [list, word] of [
    [old, "old table"],
    [fresh, "new table"],
  ] as const)
    if (list.length > 1) l.twice(l.between(list[1]!.name[0]!), word);
  const level = c.k_row ? "row" : c.k_statement ? "statement" : null;
  return {
    kind: "trigger",
    name: l.name(c.name[0]!),
    was: wasClause(c.was, l),
    constraint: c.k_constraint !== undefined,
    timing: c.k_before ? "before" : c.k_after ? "after" : "instead of",
    events: c.triggerEvent.map((e) => event(e, l)),
    from: c.from === undefined ? null : qualified(c.from[0]!, l),
    deferrable: deferral(c.deferral, l),
    oldTable: old[0] ? l.name(old[0].name[0]!) : null,
    newTable: fresh[0] ? l.name(fresh[0].name[0]!) : null,
    level,
    when: c.when === undefined ? null : fragment(c.when[0]!, l),
    function: qualified(c.function[0]!, l),
    arguments: (c.triggerArgument ?? []).map(({ children: a }) =>
      a.word
        ? l.name(a.word[0]!).text
        : a.value![0]!.tokenType === Num
          ? l.verbatim(a.value![0]!)
          : l.string(a.value![0]!),
    ),
    firing: firing(c.firing),
    dependsOn: dependsOn(c.dependsClause, l),
    span,
    doc: l.docOf(
      start,
      c.commentClause?.flatMap((n) => n.children.text),
    ),
  };
}

function event(node: TriggerEventCstNode, l: Lower): TriggerEventNode {
  const c = node.children;
  return {
    event: c.k_insert ? "insert" : c.k_update ? "update" : c.k_delete ? "delete" : "truncate",
    columns: (c.updateOf?.[0]!.children.column ?? []).map((n) => l.name(n)),
    span: l.at(node),
  };
}
