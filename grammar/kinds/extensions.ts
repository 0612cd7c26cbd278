/** `extension citext version '1.6' in extensions` */
import { kw, Name, Text } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const extensions: Syntax<"extension"> = {
  kind: "extension",
  holds: null,
  rules(p) {
    const clauses = p.choice(
      () => {
        p.take(0, kw("version"));
        p.take(0, Text, "version");
      },
      () => {
        p.take(0, kw("in"));
        p.take(1, Name, "into");
      },
      () => p.call(0, "commentClause"),
    );
    p.rule("extension", () => {
      p.take(0, kw("extension"));
      p.take(0, Name, "name");
      p.each(0, () => p.one(0, clauses));
    });
  },
  lower(c, place, _inside, l) {
    l.once(c.k_version, "version");
    l.once(c.k_in, "in");
    return {
      kind: "extension",
      name: l.name(c.name[0]!),
      version: c.version === undefined ? null : l.string(c.version[0]!),
      into: c.into === undefined ? null : l.name(c.into[0]!),
      doc: l.docOf(
        place.start,
        c.commentClause?.flatMap((n) => n.children.text),
      ),
      schema: null,
      span: place.span,
    };
  },
  print(d, p) {
    const version = d.version === null ? "" : ` version ${p.string(d.version, d.span)}`;
    const into = d.into === null ? "" : ` in ${p.name(d.into)}`;
    return line([`extension ${p.name(d.name)}${version}${into}${p.comment(d.doc, d.span)}`], d);
  },
};
