/** `conversion mine for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8 default` */
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { line, type Syntax } from "../syntax.ts";
import { kw, Text } from "../tokens.ts";

export const conversions: Syntax<"conversion"> = {
  kind: "conversion",
  holds: null,
  rules(p) {
    p.rule("conversion", () => {
      p.take(0, kw("conversion"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "inSchema"));
      p.take(0, kw("for"));
      p.take(0, Text, "source");
      p.take(0, kw("to"));
      p.take(1, Text, "target");
      p.take(0, kw("from"));
      p.call(1, "qualified", "function");
      p.opt(2, () => p.take(0, kw("default")));
      p.opt(3, () => p.call(0, "commentClause"));
    });
  },
  lower: (c, place, _inside, l) => ({
    kind: "conversion",
    name: qualified(c.name[0]!, l),
    was: wasClause(c.was, l),
    source: l.string(c.source[0]!),
    target: l.string(c.target[0]!),
    function: qualified(c.function[0]!, l),
    default: c.k_default !== undefined,
    ...common(c, place, l),
  }),
  print(d, p) {
    const was = d.was === null ? "" : ` was ${p.name(d.was)}`;
    const encodings = `for ${p.string(d.source, d.span)} to ${p.string(d.target, d.span)}`;
    return line(
      [
        `conversion ${p.qualified(d.name)}${was}${p.inSchema(d)} ${encodings} from ${p.qualified(d.function)}` +
          `${d.default ? " default" : ""}${p.comment(d.doc, d.span)}`,
      ],
      d,
    );
  },
};
