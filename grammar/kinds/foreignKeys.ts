/** `foreign key (a, b) -> t (x, y) match full on delete set null (a)`, or `-> t` on a column's line. */
import type { ActionCstNode, ForeignKeyCstChildren, ReferencesCstNode } from "../cst.ts";
import type { ActionNode, ForeignKeyNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { deferral, deferralText } from "../parts/clauses.ts";
import { columns, columnsText } from "../parts/columns.ts";
import { constraintLine } from "../parts/constraints.ts";
import { qualified } from "../parts/names.ts";
import type { MemberPlace, MemberSyntax, Print } from "../syntax.ts";
import { Arrow, kw } from "../tokens.ts";

export const foreignKeys: MemberSyntax<"foreignKey"> = {
  kind: "foreignKey",
  rules(p) {
    const setTo = p.choice(
      () => p.take(0, kw("null")),
      () => p.take(0, kw("default")),
    );
    const actions = p.choice(
      () => {
        p.take(0, kw("no"));
        p.take(0, kw("action"));
      },
      () => p.take(0, kw("restrict")),
      () => p.take(0, kw("cascade")),
      () => {
        p.take(0, kw("set"));
        p.one(1, setTo);
        p.opt(0, () => p.call(0, "columns"));
      },
    );
    p.rule("action", () => p.one(0, actions));
    const events = p.choice(
      () => {
        p.take(0, kw("delete"), "event");
        p.call(0, "action");
      },
      () => {
        p.take(0, kw("update"), "event");
        p.call(1, "action");
      },
    );
    p.rule("onEvent", () => {
      p.take(0, kw("on"));
      p.one(0, events);
    });
    const matches = p.choice(
      () => p.take(0, kw("full"), "mode"),
      () => p.take(0, kw("simple"), "mode"),
    );
    p.rule("match", () => {
      p.take(0, kw("match"));
      p.one(0, matches);
    });
    const clauses = p.choice(
      () => p.call(0, "match"),
      () => p.call(0, "onEvent"),
      () => p.call(0, "deferral"),
      () => p.call(0, "notValid"),
      () => p.call(0, "notEnforced"),
    );
    p.rule("references", () => {
      p.take(0, Arrow);
      p.call(0, "qualified");
      p.opt(0, () => p.call(0, "columns"));
      p.each(0, () => p.one(0, clauses));
    });
    p.rule("foreignKey", () => {
      p.take(0, kw("foreign"));
      p.take(0, kw("key"));
      p.call(0, "columns");
      p.call(0, "references");
    });
  },
  print: (m, p) => [
    constraintLine(m, `foreign key ${columnsText(m.columns, p.name, { period: m.period })} ${referencesText(m, p)}`, p),
  ],
};

export function lowerForeignKey(c: ForeignKeyCstChildren, place: MemberPlace, l: Lower): ForeignKeyNode {
  const own = columns(c.columns[0]!, l, "period");
  return lowerReferences(c.references[0]!, place, l, own);
}

export function lowerReferences(
  node: ReferencesCstNode,
  { span, doc, name, column }: MemberPlace,
  l: Lower,
  own: { readonly columns: ForeignKeyNode["columns"]; readonly period: boolean } = {
    columns: column === null ? [] : [column],
    period: false,
  },
): ForeignKeyNode {
  const c = node.children;
  const there = c.columns === undefined ? null : columns(c.columns[0]!, l, "period");
  if (there !== null && there.period !== own.period)
    l.report("syntax", l.at(c.columns![0]!), "`period` stands on both sides of a foreign key or on neither");
  l.onceNode(c.match, "match");
  l.onceNode(c.notValid, "not valid");
  l.onceNode(c.notEnforced, "not enforced");
  const on = (event: "delete" | "update"): ActionNode | null => {
    const nodes = (c.onEvent ?? []).filter((n) => n.children.event![0]!.image.toLowerCase() === event);
    l.onceNode(nodes, `on ${event}`);
    return nodes.length === 0 ? null : action(nodes[0]!.children.action![0]!, l);
  };
  const mode = c.match?.[0]!.children.mode![0]!;
  return {
    kind: "foreignKey",
    name,
    columns: own.columns,
    references: qualified(c.qualified[0]!, l),
    referencedColumns: there?.columns ?? [],
    period: own.period,
    match: mode === undefined ? null : mode.tokenType === kw("full") ? "full" : "simple",
    onDelete: on("delete"),
    onUpdate: on("update"),
    deferrable: deferral(c.deferral, l),
    notValid: c.notValid !== undefined,
    notEnforced: c.notEnforced !== undefined,
    span,
    doc,
  };
}

function action(node: ActionCstNode, l: Lower): ActionNode {
  const c = node.children;
  const list = c.columns === undefined ? [] : columns(c.columns[0]!, l).columns;
  if (c.k_restrict) return { action: "restrict", columns: list };
  if (c.k_cascade) return { action: "cascade", columns: list };
  if (c.k_null) return { action: "set null", columns: list };
  if (c.k_default) return { action: "set default", columns: list };
  return { action: "no action", columns: list };
}

export function referencesText(m: ForeignKeyNode, p: Print): string {
  let text = `-> ${p.qualified(m.references)}`;
  if (m.referencedColumns.length > 0) text += ` ${columnsText(m.referencedColumns, p.name, { period: m.period })}`;
  if (m.match !== null) text += ` match ${m.match}`;
  const act = (event: string, a: ActionNode | null): string =>
    a === null ? "" : ` on ${event} ${a.action}${a.columns.length === 0 ? "" : " " + columnsText(a.columns, p.name)}`;
  text += act("delete", m.onDelete) + act("update", m.onUpdate) + deferralText(m.deferrable);
  return text + (m.notValid ? " not valid" : "") + (m.notEnforced ? " not enforced" : "");
}
