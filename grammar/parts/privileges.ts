/** `select, insert (a, b)` and `app, public`: what is granted, and to whom. */
import type { GranteesCstNode, PrivilegesCstNode } from "../cst.ts";
import type { GranteeNode, PrivilegeNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import * as t from "../tokens.ts";
import { columns } from "./columns.ts";

const { kw } = t;

export const privilegeRules: Rules = {
  rules(p) {
    p.rule("privilege", () => {
      p.take(0, t.Name, "name");
      p.opt(0, () => p.call(0, "columns"));
    });
    p.rule("privileges", () => p.list(() => p.call(0, "privilege")));
    p.rule("grantees", () => p.list(() => p.take(0, t.Name, "role")));
    p.rule("grantOption", () => {
      p.take(0, kw("with"));
      p.take(0, kw("grant"));
      p.take(0, kw("option"));
    });
    p.rule("grantedBy", () => {
      p.take(0, kw("granted"));
      p.take(0, kw("by"));
      p.take(0, t.Name, "role");
    });
  },
};

export const privileges = (node: PrivilegesCstNode, l: Lower): PrivilegeNode[] =>
  node.children.privilege.map((n) => ({
    name: l.name(n.children.name[0]!, true).text,
    columns: n.children.columns === undefined ? [] : columns(n.children.columns[0]!, l).columns,
    span: l.at(n),
  }));

/** `owner` without quotes is whoever owns the thing. */
export const grantees = (node: GranteesCstNode, l: Lower): GranteeNode[] =>
  node.children.role.map((token) => {
    const name = l.name(token);
    return { role: name.text === "owner" && !name.quoted ? null : name, span: name.span };
  });

export const privilegesText = (list: readonly PrivilegeNode[], p: Print): string =>
  list
    .map((n) => {
      const columns = n.columns.map((c) => p.name(c, "listed")).join(", ");
      return p.name({ text: n.name, quoted: false, span: n.span }) + (columns === "" ? "" : ` (${columns})`);
    })
    .join(", ");
export const granteesText = (list: readonly GranteeNode[], p: Print): string =>
  list.map((g) => (g.role === null ? "owner" : p.name(g.role, "grantee"))).join(", ");
