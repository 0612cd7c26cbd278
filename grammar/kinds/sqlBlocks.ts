/** `sql 'name' { create $$ … $$ drop $$ … $$ after orders }`: what has no declaration of its own. */
import type { SqlPartCstNode } from "../cst.ts";
import type { SqlPartNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { qualified } from "../parts/names.ts";
import { queryText, statements } from "../parts/statements.ts";
import { kw, LBrace, Text } from "../tokens.ts";
import { line, type Print, type Printed, type Syntax } from "../syntax.ts";

export const sqlBlocks: Syntax<"sql"> = {
  kind: "sql",
  holds: "sqlParts",
  rules(p) {
    p.rule("sql", () => {
      p.take(0, kw("sql"));
      p.take(0, Text, "name");
      p.take(0, LBrace);
    });
    const parts = p.choice(
      () => {
        p.take(0, kw("create"));
        p.call(0, "statements", "create");
      },
      () => {
        p.take(0, kw("drop"));
        p.call(1, "statements", "drop");
      },
      () => {
        p.take(0, kw("after"));
        p.list(() => p.call(0, "qualified", "after"));
      },
    );
    p.rule("sqlPart", () => p.some(0, () => p.one(0, parts)));
  },
  lower(c, place, inside, l) {
    const one = (what: "create" | "drop") => {
      const all = inside.sqlParts.filter((x) => x.what === what);
      if (all.length > 1) l.twice(all[1]!.span, what);
      return all[0]?.what === what ? all[0].text : null;
    };
    const name = l.string(c.name[0]!);
    const create = one("create");
    if (create === null)
      l.report("syntax", place.span, "expected `create $$ … $$` in the braces", {
        help: "`drop $$ … $$` beside it says how it is undone",
      });
    return {
      kind: "sql",
      name: { text: name, quoted: true, span: l.between(c.name[0]!) },
      create: create ?? { text: "", form: "statements", span: place.span },
      drop: one("drop"),
      after: inside.sqlParts.flatMap((x) => (x.what === "after" ? x.names : [])),
      doc: null,
      schema: place.schema,
      span: place.span,
    };
  },
  print: (d, p) => ({
    ...line([`sql ${p.string(d.name.text, d.span)}`], d),
    body: [
      ...(d.create.text === "" ? [] : [part("create", queryText(d.create), d.create.span)]),
      ...(d.drop === null ? [] : [part("drop", queryText(d.drop), d.drop.span)]),
      ...(d.after.length ? [after(d.after, p)] : []),
    ],
  }),
};
const part = (word: string, text: string, span: Printed["span"]): Printed => line([`${word} ${text}`], { span });
const after = (names: readonly Parameters<Print["qualified"]>[0][], p: Print): Printed =>
  line([`after ${names.map((n) => p.qualified(n)).join(", ")}`], { span: names[0]!.span });

export function lowerSqlPart(node: SqlPartCstNode, l: Lower): readonly SqlPartNode[] {
  const c = node.children;
  return [
    ...(c.create ?? []).map((n) => ({ what: "create", text: statements(n, "script", l), span: l.at(n) }) as const),
    ...(c.drop ?? []).map((n) => ({ what: "drop", text: statements(n, "script", l), span: l.at(n) }) as const),
    ...(c.after
      ? [{ what: "after", names: c.after.map((n) => qualified(n, l)), span: l.at(c.after[0]!) } as const]
      : []),
  ];
}
