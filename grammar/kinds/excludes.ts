/** `exclude using gist (room with =, during with &&) where (not cancelled)` */
import type { ExcludeCstChildren, OperatorCstNode } from "../cst.ts";
import type { ExcludeNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { deferralText } from "../parts/clauses.ts";
import { constraintLine } from "../parts/constraints.ts";
import { fragment } from "../parts/fragments.ts";
import { includeText, keyClauses, storageText } from "../parts/keyConstraints.ts";
import { key, keyText } from "../parts/keys.ts";
import { nameText } from "../parts/names.ts";
import type { MemberPlace, MemberSyntax } from "../syntax.ts";
import { AnyOperator, Dot, kw, LParen, Name, RParen } from "../tokens.ts";

export const excludes: MemberSyntax<"exclude"> = {
  kind: "exclude",
  rules(p) {
    const operators = p.choice(
      () => p.take(0, AnyOperator, "symbol"),
      () => {
        p.take(0, kw("operator"));
        p.take(0, LParen);
        p.opt(0, () => {
          p.take(0, Name, "schema");
          p.take(0, Dot);
        });
        p.take(1, AnyOperator, "symbol");
        p.take(0, RParen);
      },
    );
    p.rule("operator", () => p.one(0, operators));
    p.rule("element", () => {
      p.call(0, "key");
      p.take(0, kw("with"));
      p.call(0, "operator");
    });
    p.rule("elements", () => {
      p.take(0, LParen);
      p.list(() => p.call(0, "element"));
      p.take(0, RParen);
    });
    const clauses = p.choice(
      () => p.call(0, "keyClause"),
      () => p.call(0, "where"),
    );
    p.rule("exclude", () => {
      p.take(0, kw("exclude"));
      p.opt(0, () => {
        p.take(0, kw("using"));
        p.take(0, Name, "method");
      });
      p.call(0, "elements");
      p.each(0, () => p.one(0, clauses));
    });
  },
  print(m, p) {
    const method = m.method === null ? "" : ` using ${p.name(m.method)}`;
    const elements = m.elements.map((e) => `${keyText(e.key, p)} with ${e.operator.text}`).join(", ");
    const where = m.where === null ? "" : ` where ${p.brackets(m.where)}`;
    return [
      constraintLine(
        m,
        `exclude${method} (${elements})${includeText(m.include, p)}${where}${deferralText(m.deferrable)}${storageText(m, p)}`,
        p,
      ),
    ];
  },
};

export function lowerExclude(c: ExcludeCstChildren, { span, doc, name }: MemberPlace, l: Lower): ExcludeNode {
  l.onceNode(c.where, "where");
  const { of, only, ...clauses } = keyClauses(c.keyClause, l);
  if (of !== null || only)
    l.report("syntax", of?.span ?? span, `\`${of ? "of" : "only"}\` is not said of an exclusion constraint`);
  return {
    kind: "exclude",
    name,
    method: c.method === undefined ? null : l.name(c.method[0]!),
    elements: c.elements[0]!.children.element.map(({ children: e }) => ({
      key: key(e.key[0]!, l),
      operator: operator(e.operator[0]!, l),
    })),
    where: c.where === undefined ? null : fragment(c.where[0]!.children.fragment[0]!, l),
    ...clauses,
    span,
    doc,
  };
}

/** `=`, or `operator(schema.=)` in one spelling. */
function operator(node: OperatorCstNode, l: Lower): { text: string; span: Span } {
  const c = node.children;
  const symbol = c.symbol![0]!.image;
  const schema = c.schema === undefined ? "" : nameText(l.name(c.schema[0]!).text) + ".";
  return { text: c.k_operator === undefined ? symbol : `operator(${schema}${symbol})`, span: l.at(node) };
}
