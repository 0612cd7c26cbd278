/** `event trigger audit on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE') execute audit_ddl() enabled always` */
import { firing, firingText } from "../parts/firing.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { kw, LParen, Name, RParen, Text } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const eventTriggers: Syntax<"eventTrigger"> = {
  kind: "eventTrigger",
  holds: null,
  rules(p) {
    p.rule("tags", () => {
      p.take(0, kw("when"));
      p.take(0, kw("tag"));
      p.take(0, kw("in"));
      p.take(0, LParen);
      p.list(() => p.take(0, Text, "text"));
      p.take(0, RParen);
    });
    const words = p.ordered(
      () => {
        p.take(0, kw("function"));
        p.call(0, "qualified", "executed");
      },
      () => p.call(1, "qualified", "executed"),
    );
    const clauses = p.choice(
      () => p.call(0, "firing"),
      () => p.call(0, "commentClause"),
    );
    p.rule("eventTrigger", () => {
      p.take(0, kw("event"));
      p.take(0, kw("trigger"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "was"));
      p.take(0, kw("on"));
      p.take(1, Name, "event");
      p.opt(1, () => p.call(0, "tags"));
      p.take(0, kw("execute"));
      p.one(0, words);
      p.take(0, LParen);
      p.take(0, RParen);
      p.each(0, () => p.one(1, clauses));
    });
  },
  lower(c, place, _inside, l) {
    l.onceNode(c.firing, "enabled");
    return {
      kind: "eventTrigger",
      name: l.name(c.name[0]!),
      was: wasClause(c.was, l),
      event: l.name(c.event[0]!),
      tags: (c.tags?.[0]!.children.text ?? []).map((t) => ({ tag: l.string(t), span: l.between(t) })),
      function: qualified(c.executed![0]!, l),
      firing: firing(c.firing),
      ...common(c, place, l),
    };
  },
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const tags =
      d.tags.length === 0 ? "" : ` when tag in (${d.tags.map(({ tag }) => p.string(tag, d.span)).join(", ")})`;
    return line(
      [
        `event trigger ${p.name(d.name)}${was} on ${p.name(d.event)}${tags} execute ${p.qualified(d.function, "executed")}()` +
          firingText(d.firing) +
          p.comment(d.doc, d.span),
      ],
      d,
    );
  },
};
