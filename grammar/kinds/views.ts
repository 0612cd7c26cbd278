/** `view open_orders (buyer, total = 0) with (security_invoker) as $$ select … $$` */
import type { ViewColumnCstNode } from "../cst.ts";
import type { ViewColumnNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { fragment } from "../parts/fragments.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { withOptions } from "../parts/options.ts";
import { queryText, statements } from "../parts/statements.ts";
import { Equals, kw, LBrace, LParen, Name, RParen } from "../tokens.ts";
import { line, type Print, type Syntax } from "../syntax.ts";

export const views: Syntax<"view"> = {
  kind: "view",
  holds: "members",
  rules(p) {
    p.rule("viewColumn", () => {
      p.take(0, Name, "name");
      p.opt(0, () => {
        p.take(0, Equals);
        p.call(0, "fragment");
      });
      p.opt(1, () => p.call(0, "commentClause"));
    });
    p.rule("viewColumns", () => {
      p.take(0, LParen);
      p.list(() => p.call(0, "viewColumn"));
      p.take(0, RParen);
    });
    const clauses = p.choice(
      () => p.call(0, "inSchema"),
      () => p.call(0, "withOptions"),
      () => p.call(0, "commentClause"),
    );
    p.rule("view", () => {
      p.take(0, kw("view"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "viewColumns"));
      p.each(0, () => p.one(0, clauses));
      p.take(0, kw("as"));
      p.call(0, "statements");
      p.opt(2, () => p.take(0, LBrace));
    });
  },
  lower: (c, place, inside, l) => ({
    kind: "view",
    name: qualified(c.name[0]!, l),
    was: wasClause(c.was, l),
    columns: (c.viewColumns?.[0]!.children.viewColumn ?? []).map((n) => column(n, l)),
    options: withOptions(c.withOptions, l),
    query: statements(c.statements[0]!, "query", l),
    members: inside.members,
    ...common(c, place, l),
  }),
  print(d, p) {
    let head = `view ${p.qualified(d.name)}`;
    if (d.was !== null) head += ` was ${p.name(d.was)}`;
    if (d.columns.length > 0) head += ` (${d.columns.map((c) => columnText(c, p)).join(", ")})`;
    head += p.inSchema(d);
    const options = p.options(d.options);
    if (options !== "") head += ` with ${options}`;
    head += `${p.comment(d.doc, d.span)} as ${queryText(d.query)}`;
    return { ...line([head], d), body: d.members.length ? d.members.flatMap((m) => p.member(m)) : null };
  },
};

function column(node: ViewColumnCstNode, l: Lower): ViewColumnNode {
  const c = node.children;
  return {
    name: l.name(c.name[0]!),
    default: c.fragment === undefined ? null : fragment(c.fragment[0]!, l),
    doc: c.commentClause === undefined ? null : l.string(c.commentClause[0]!.children.text[0]!),
    span: l.at(node),
  };
}
const columnText = (c: ViewColumnNode, p: Print): string =>
  p.name(c.name) +
  (c.default === null ? "" : ` = ${p.brackets(c.default)}`) +
  (c.doc === null ? "" : ` comment ${p.string(c.doc, c.span)}`);
