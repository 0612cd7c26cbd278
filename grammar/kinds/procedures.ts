/** `procedure close_month(year int, inout lines int) language plpgsql as $$ … $$` */
import { inClause, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import {
  argumentsOf,
  argumentsText,
  bodyOf,
  configurationOf,
  endText,
  headOf,
  transformsOf,
} from "../parts/routines.ts";
import { kw } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const procedures: Syntax<"procedure"> = {
  kind: "procedure",
  holds: null,
  rules(p) {
    const clauses = p.choice(
      () => p.call(0, "inSchema"),
      () => p.call(0, "languageClause"),
      () => p.call(0, "securityClause"),
      () => p.call(0, "transform"),
      () => p.call(0, "configuration"),
      () => p.call(0, "commentClause"),
    );
    p.rule("procedure", () => {
      p.take(0, kw("procedure"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.call(0, "argumentList");
      p.each(0, () => p.one(0, clauses));
      p.call(0, "routineBody");
    });
  },
  lower(c, place, _inside, l) {
    l.onceNode(c.languageClause, "language");
    l.onceNode(c.securityClause, "security");
    const name = qualified(c.name[0]!, l);
    const language = c.languageClause === undefined ? null : l.name(c.languageClause[0]!.children.name[0]!);
    const args = argumentsOf(c.argumentList[0]!, l);
    const body = c.routineBody[0]!;
    if (language === null && body.children.text !== undefined)
      l.report("syntax", name.span, "a procedure with a body `as …` says its language", {
        help: "add `language plpgsql`, or `language sql`",
      });
    return {
      kind: "procedure",
      name,
      was: wasClause(c.was, l),
      arguments: args,
      language,
      security:
        c.securityClause === undefined
          ? null
          : c.securityClause[0]!.children.whose![0]!.tokenType === kw("definer")
            ? "definer"
            : "invoker",
      transforms: transformsOf(c.transform, l),
      configuration: configurationOf(c.configuration, l),
      body: bodyOf(
        body,
        language?.text ?? null,
        name.name.text,
        headOf(args, args.some((a) => a.mode !== "in" && a.mode !== "variadic") ? "" : " returns void"),
        l,
      ),
      doc: l.docOf(
        place.start,
        c.commentClause?.flatMap((n) => n.children.text),
      ),
      schema: inClause(c.inSchema, place, l),
      span: place.span,
    };
  },
  print(d, p) {
    let text = `procedure ${p.qualified(d.name)}`;
    if (d.was !== null) text += ` was ${p.name(d.was)}`;
    text += argumentsText(d.arguments, p) + p.inSchema(d);
    if (d.language !== null) text += ` language ${p.name(d.language)}`;
    return line([text + endText(d, p)], d);
  },
};
