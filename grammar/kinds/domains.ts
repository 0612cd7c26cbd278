/** `domain email_address citext check (value ~ '@')` */
import type { DomainConstraintCstNode } from "../cst.ts";
import type { DomainCheckNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { bare, fragment } from "../parts/fragments.ts";
import { common, wasClause } from "../parts/heads.ts";
import { qualified } from "../parts/names.ts";
import { type } from "../parts/types.ts";
import { Equals, kw, Name } from "../tokens.ts";
import { line, type Print, type Printed, type Syntax } from "../syntax.ts";

export const domains: Syntax<"domain"> = {
  kind: "domain",
  holds: null,
  rules(p) {
    const values = p.choice(
      () => p.call(0, "fragment"),
      () => p.call(0, "bare"),
    );
    p.rule("defaultClause", () => {
      p.take(0, Equals);
      p.one(0, values);
    });
    p.rule("collation", () => {
      p.take(0, kw("collate"));
      p.call(0, "qualified");
    });
    const constraints = p.choice(
      () => {
        p.take(0, kw("not"), "notNull");
        p.take(0, kw("null"));
      },
      () => {
        p.take(0, kw("check"), "check");
        p.call(0, "fragment");
        p.opt(1, () => p.call(0, "notValid"));
        p.opt(2, () => p.call(0, "commentClause"));
      },
    );
    p.rule("domainConstraint", () => {
      p.opt(0, () => {
        p.take(0, kw("constraint"), "first");
        p.take(0, Name, "name");
      });
      p.one(0, constraints);
    });
    const clauses = p.choice(
      () => p.call(0, "collation"),
      () => p.call(0, "defaultClause"),
      () => p.call(0, "domainConstraint"),
      () => p.call(0, "commentClause"),
    );
    p.rule("domain", () => {
      p.take(0, kw("domain"));
      p.call(0, "qualified", "name");
      p.opt(0, () => p.call(0, "was"));
      p.opt(1, () => p.call(0, "inSchema"));
      p.call(0, "type");
      p.each(0, () => p.one(0, clauses));
    });
  },
  lower(c, place, _inside, l) {
    const constraints = c.domainConstraint ?? [];
    const notNulls = constraints.filter((n) => n.children.notNull);
    l.onceNode(notNulls, "not null");
    const named = notNulls[0]?.children.name?.[0];
    l.onceNode(c.collation, "collate");
    l.onceNode(c.defaultClause, "=");
    const value = c.defaultClause?.[0]!.children;
    return {
      kind: "domain",
      name: qualified(c.name[0]!, l),
      was: wasClause(c.was, l),
      type: type(c.type[0]!, l),
      notNull: notNulls.length > 0,
      notNullName: named === undefined ? null : l.name(named),
      default: value?.fragment ? fragment(value.fragment[0]!, l) : value?.bare ? bare(value.bare[0]!, l) : null,
      collation: c.collation === undefined ? null : qualified(c.collation[0]!.children.qualified[0]!, l),
      checks: constraints.flatMap((n) => (n.children.check ? [lowerCheck(n, l)] : [])),
      ...common(c, place, l),
    };
  },
  print(d, p) {
    let head = `domain ${p.qualified(d.name)}`;
    if (d.was !== null) head += ` was ${p.name(d.was)}`;
    head += `${p.inSchema(d)} ${p.type(d.type)}`;
    if (d.collation !== null) head += ` collate ${p.qualified(d.collation)}`;
    if (d.default !== null) head += ` = ${p.default(d.default)}`;
    if (d.notNull) head += `${d.notNullName === null ? "" : ` constraint ${p.name(d.notNullName)}`} not null`;
    head += p.comment(d.doc, d.span);
    const checks = d.checks.map((c) => printCheck(c, p));
    const [only] = checks;
    if (checks.length === 1 && only!.doc === null) return line([`${head} ${only!.cells[0]}`], d);
    return { ...line([head], d), more: checks };
  },
};

function lowerCheck(node: DomainConstraintCstNode, l: Lower): DomainCheckNode {
  const c = node.children;
  const first = (c.first ?? c.check)![0]!;
  return {
    name: c.name === undefined ? null : l.name(c.name[0]!),
    expression: fragment(c.fragment![0]!, l),
    notValid: c.notValid !== undefined,
    doc: l.docOf(first.startOffset, c.commentClause?.[0]!.children.text),
    span: l.at(node),
  };
}

function printCheck(c: DomainCheckNode, p: Print): Printed {
  const name = c.name === null ? "" : `constraint ${p.name(c.name)} `;
  return line(
    [`${name}check ${p.brackets(c.expression)}${c.notValid ? " not valid" : ""}${p.comment(c.doc, c.span)}`],
    c,
  );
}
