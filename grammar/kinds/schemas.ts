/** `schema shop` as a file's first declaration, or `schema shop { … }`. */
import { kw, LBrace, Name } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const schemas: Syntax<"schema"> = {
  kind: "schema",
  holds: "declarations",
  rules(p) {
    p.rule("schema", () => {
      p.take(0, kw("schema"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "commentClause"));
      p.opt(1, () => p.take(0, LBrace));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "schema",
    name: l.name(c.name[0]!),
    doc: l.docOf(place.start, c.commentClause?.[0]!.children.text),
    schema: null,
    span: place.span,
  }),
  print: (d, p) => line([`schema ${p.name(d.name)}${p.comment(d.doc, d.span)}`], d),
};
