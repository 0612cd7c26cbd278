/** `materialized view totals (buyer statistics 500) using heap with (…) tablespace fast as $$ select … $$ with no data { index on (buyer) }` */
import type { MaterializedColumnCstNode } from "../cst.ts";
import type { MaterializedColumnNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { dependsOn, dependsOnText } from "../parts/clauses.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { withOptions } from "../parts/options.ts";
import { queryText, statements } from "../parts/statements.ts";
import { kw, LBrace, LParen, Name, RParen } from "../tokens.ts";
import { line, type Print, type Syntax } from "../syntax.ts";

export const materializedViews: Syntax<"materializedView"> = {
  kind: "materializedView",
  holds: "members",
  rules(p) {
    const parts = p.choice(
      () => p.call(0, "storage"),
      () => p.call(0, "compression"),
      () => p.call(0, "statistics"),
      () => p.call(0, "withOptions"),
      () => p.call(0, "commentClause"),
    );
    p.rule("materializedColumn", () => {
      p.take(0, Name, "name");
      p.each(0, () => p.one(0, parts));
    });
    p.rule("materializedColumns", () => {
      p.take(0, LParen);
      p.list(() => p.call(0, "materializedColumn"));
      p.take(0, RParen);
    });
    const clauses = p.choice(
      () => p.call(0, "inSchema"),
      () => p.call(0, "withOptions"),
      () => {
        p.take(0, kw("using"));
        p.take(0, Name, "using");
      },
      () => p.call(0, "inTablespace"),
      () => p.call(0, "dependsClause"),
      () => p.call(0, "commentClause"),
    );
    p.rule("materializedView", () => {
      p.take(0, kw("materialized"));
      p.take(0, kw("view"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "materializedColumns"));
      p.each(0, () => p.one(0, clauses));
      p.take(0, kw("as"));
      p.call(0, "statements");
      p.opt(2, () => {
        p.take(0, kw("with"));
        p.take(0, kw("no"), "noData");
        p.take(0, kw("data"));
      });
      p.opt(3, () => p.take(0, LBrace));
    });
  },
  lower: (c, place, inside, l) => ({
    kind: "materializedView",
    name: qualified(c.name[0]!, l),
    was: wasClause(c.was, l),
    columns: (c.materializedColumns?.[0]!.children.materializedColumn ?? []).map((n) => column(n, l)),
    using: c.using === undefined ? null : l.name(c.using[0]!),
    options: withOptions(c.withOptions, l),
    tablespace: c.inTablespace === undefined ? null : l.name(c.inTablespace[0]!.children.name[0]!),
    dependsOn: dependsOn(c.dependsClause, l),
    query: statements(c.statements[0]!, "query", l),
    noData: c.noData !== undefined,
    members: inside.members,
    ...common(c, place, l),
  }),
  print(d, p) {
    let head = `materialized view ${p.qualified(d.name)}`;
    if (d.was !== null) head += ` was ${p.name(d.was)}`;
    if (d.columns.length > 0) head += ` (${d.columns.map((c) => columnText(c, p)).join(", ")})`;
    head += p.inSchema(d);
    if (d.using !== null) head += ` using ${p.name(d.using)}`;
    const options = p.options(d.options);
    if (options !== "") head += ` with ${options}`;
    if (d.tablespace !== null) head += ` tablespace ${p.name(d.tablespace)}`;
    head += `${dependsOnText(d.dependsOn, p.name)}${p.comment(d.doc, d.span)} as ${queryText(d.query)}${d.noData ? " with no data" : ""}`;
    return { ...line([head], d), body: d.members.length ? d.members.flatMap((m) => p.member(m)) : null };
  },
};

function column(node: MaterializedColumnCstNode, l: Lower): MaterializedColumnNode {
  const c = node.children;
  l.onceNode(c.storage, "storage");
  l.onceNode(c.compression, "compression");
  l.onceNode(c.statistics, "statistics");
  return {
    name: l.name(c.name[0]!),
    storage: c.storage ? l.name(c.storage[0]!.children.name[0]!, true).text : null,
    compression: c.compression ? l.name(c.compression[0]!.children.name[0]!, true).text : null,
    statistics: c.statistics ? c.statistics[0]!.children.target[0]!.image : null,
    options: withOptions(c.withOptions, l),
    doc: c.commentClause === undefined ? null : l.string(c.commentClause[0]!.children.text[0]!),
    span: l.at(node),
  };
}
function columnText(c: MaterializedColumnNode, p: Print): string {
  let text = p.name(c.name);
  if (c.storage !== null) text += ` storage ${c.storage}`;
  if (c.compression !== null) text += ` compression ${c.compression}`;
  if (c.statistics !== null) text += ` statistics ${c.statistics}`;
  const options = p.options(c.options);
  if (options !== "") text += ` with ${options}`;
  return text + (c.doc === null ? "" : ` comment ${p.string(c.doc, c.span)}`);
}
