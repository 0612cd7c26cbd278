/** `server films type 'archive' version '9' foreign data wrapper postgres_fdw options (host 'films.example')` */
import { foreignOptions, foreignOptionsText } from "../parts/foreignOptions.ts";
import { common, wasClause } from "../parts/heads.ts";
import { kw, Name, Text } from "../tokens.ts";
import { line, type Syntax } from "../syntax.ts";

export const servers: Syntax<"server"> = {
  kind: "server",
  holds: null,
  rules(p) {
    const clauses = p.choice(
      () => p.call(0, "foreignOptions"),
      () => p.call(0, "commentClause"),
    );
    p.rule("server", () => {
      p.take(0, kw("server"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => {
        p.take(0, kw("type"));
        p.take(0, Text, "type");
      });
      p.opt(2, () => {
        p.take(0, kw("version"));
        p.take(1, Text, "version");
      });
      p.take(0, kw("foreign"));
      p.take(0, kw("data"));
      p.take(0, kw("wrapper"));
      p.take(1, Name, "wrapper");
      p.each(0, () => p.one(0, clauses));
    });
  },
  lower(c, place, _inside, l) {
    return {
      kind: "server",
      name: l.name(c.name[0]!),
      was: wasClause(c.was, l),
      type: c.type === undefined ? null : l.string(c.type[0]!),
      version: c.version === undefined ? null : l.string(c.version[0]!),
      wrapper: l.name(c.wrapper[0]!),
      options: foreignOptions(c.foreignOptions, l),
      ...common(c, place, l),
    };
  },
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const type = d.type === null ? "" : ` type ${p.string(d.type, d.span)}`;
    const version = d.version === null ? "" : ` version ${p.string(d.version, d.span)}`;
    return line(
      [
        `server ${p.name(d.name)}${was}${type}${version} foreign data wrapper ${p.name(d.wrapper)}` +
          foreignOptionsText(d.options, p) +
          p.comment(d.doc, d.span),
      ],
      d,
    );
  },
};
