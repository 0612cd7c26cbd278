/** `publication orders_only for table orders (id, total) where (total > 0), tables in schema billing with (publish = 'insert')` */
import type { PublicationMemberCstNode } from "../cst.ts";
import type { PublicationMemberNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { columns, columnsText } from "../parts/columns.ts";
import { fragment } from "../parts/fragments.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { withOptions } from "../parts/options.ts";
import { Comma, kw, Name } from "../tokens.ts";
import { line, type Print, type Syntax } from "../syntax.ts";

export const publications: Syntax<"publication"> = {
  kind: "publication",
  holds: null,
  rules(p) {
    const published = (): void => {
      p.call(0, "qualified", "table");
      p.opt(1, () => p.call(0, "columns"));
      p.opt(2, () => p.call(0, "where"));
    };
    const members = p.ordered(
      () => {
        p.take(0, kw("table"));
        p.call(1, "published");
      },
      () => {
        p.take(0, kw("tables"));
        p.take(0, kw("in"));
        p.take(0, kw("schema"));
        p.take(0, Name, "schema");
      },
      // Goes on with what the member before it is.
      () => p.call(2, "published"),
    );
    p.rule("published", published);
    p.rule("publicationMember", () => p.one(0, members), "placed");
    const wholes = p.ordered(
      () => {
        p.take(0, kw("all"));
        p.take(1, kw("tables"));
      },
      () => {
        p.call(0, "publicationMember");
        p.each(0, () => {
          p.take(0, Comma);
          p.call(1, "publicationMember");
        });
      },
    );
    const clauses = p.choice(
      () => p.call(0, "withOptions"),
      () => p.call(0, "commentClause"),
    );
    p.rule("publication", () => {
      p.take(0, kw("publication"));
      p.take(0, Name, "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => {
        p.take(0, kw("for"));
        p.one(1, wholes);
      });
      p.each(1, () => p.one(2, clauses));
    });
  },
  lower(c, place, _inside, l) {
    let before: PublicationMemberNode["kind"] = "table";
    const members = (c.publicationMember ?? []).flatMap((node) => {
      const m = lowerMember(node, before, l);
      before = m?.kind ?? before;
      return m ?? [];
    });
    return {
      kind: "publication",
      name: l.name(c.name[0]!),
      was: wasClause(c.was, l),
      allTables: c.k_all !== undefined,
      members,
      options: withOptions(c.withOptions, l),
      ...common(c, place, l),
    };
  },
  print(d, p) {
    const head = `publication ${p.name(d.name)}${d.was === null ? "" : ` was ${p.name(d.was)}`}`;
    const given = p.options(d.options);
    const end = (given && `with ${given}`) + p.comment(d.doc, d.span);
    const tail = end && ` ${end.trimStart()}`;
    if (d.allTables || d.members.length === 0)
      return line([`${head}${d.allTables ? " for all tables" : ""}${tail}`], d);
    const members = d.members.map((m, i) => memberText(m, d.members[i - 1]?.kind ?? null, p));
    const whole = `${head} for ${members.join(", ")}${tail}`;
    if (whole.length <= width && !whole.includes("\n")) return line([whole], d);
    return {
      ...line([`${head} for`], d),
      more: [
        ...d.members.map((m, i) =>
          line([memberText(m, null, p) + (i + 1 < d.members.length ? "," : "")], { span: m.span }),
        ),
        ...(end ? [line([end.trimStart()], { span: { ...d.span, start: d.span.end } })] : []),
      ],
    };
  },
};
const width = 100;

function lowerMember(
  node: PublicationMemberCstNode,
  before: PublicationMemberNode["kind"],
  l: Lower,
): PublicationMemberNode | null {
  const c = node.children;
  const span = l.at(node);
  if (c.schema !== undefined) return { kind: "schema", schema: l.name(c.schema[0]!), span };
  const t = c.published![0]!.children;
  const table = qualified(t.table[0]!, l);
  if (before === "schema" && c.k_table === undefined) {
    if (table.schema !== null || t.columns !== undefined || t.where !== undefined) {
      l.report("syntax", span, "a schema's name stands alone; a table after it is written `table name`");
      return null;
    }
    return { kind: "schema", schema: table.name, span };
  }
  return {
    kind: "table",
    table,
    columns: t.columns === undefined ? [] : columns(t.columns[0]!, l).columns,
    where: t.where === undefined ? null : fragment(t.where[0]!.children.fragment[0]!, l),
    span,
  };
}

function memberText(m: PublicationMemberNode, before: PublicationMemberNode["kind"] | null, p: Print): string {
  const goesOn = before === m.kind;
  if (m.kind === "schema") return `${goesOn ? "" : "tables in schema "}${p.name(m.schema, "published")}`;
  const rows = m.where === null ? "" : ` where ${p.brackets(m.where)}`;
  const chosen = m.columns.length === 0 ? "" : ` ${columnsText(m.columns, p.name)}`;
  return `${goesOn ? "" : "table "}${p.qualified(m.table, "published")}${chosen}${rows}`;
}
