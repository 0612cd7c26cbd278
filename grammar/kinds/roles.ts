/** `role app login connection limit 10`, with a line each for `member of readers` and `set work_mem = '64MB'`. */
import type { RoleMembershipCstNode, SettingClauseCstNode } from "../cst.ts";
import type { MembershipNode, SettingNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import { options } from "../parts/options.ts";
import { settings, settingText } from "../parts/settings.ts";
import { kw, Name, Text } from "../tokens.ts";
import { line, type Print, type Printed, type Syntax } from "../syntax.ts";

const flags = ["login", "superuser", "createdb", "createrole", "noinherit", "replication", "bypassrls"] as const;

export const roles: Syntax<"role"> = {
  kind: "role",
  holds: null,
  rules(p) {
    const flag = p.choice(...flags.map((w) => () => p.take(0, kw(w), "flag")));
    p.rule("roleFlag", () => p.one(0, flag));
    p.rule("connectionLimit", () => {
      p.take(0, kw("connection"));
      p.take(0, kw("limit"));
      p.call(0, "whole");
    });
    p.rule("validUntil", () => {
      p.take(0, kw("valid"));
      p.take(0, kw("until"));
      p.take(0, Text, "until");
    });
    p.rule("roleMembership", () => {
      p.take(0, kw("member"));
      p.take(0, kw("of"));
      p.take(0, Name, "role");
      p.opt(0, () => p.call(0, "withOptions"));
    });
    const clauses = p.choice(
      () => p.call(0, "roleFlag"),
      () => p.call(0, "connectionLimit"),
      () => p.call(0, "validUntil"),
      () => p.call(0, "roleMembership"),
      () => p.call(0, "settingClause"),
    );
    p.rule("role", () => {
      p.take(0, kw("role"));
      p.take(0, Name, "name");
      p.each(0, () => p.one(0, clauses));
    });
  },
  lower(c, place, _inside, l) {
    l.onceNode(c.connectionLimit, "connection limit");
    l.onceNode(c.validUntil, "valid until");
    const said = (c.roleFlag ?? []).map((n) => n.children.flag![0]!);
    said.forEach((token, i) => {
      if (said.findIndex((s) => s.tokenType === token.tokenType) < i) l.twice(l.between(token), token.image);
    });
    const limit = c.connectionLimit?.[0]!.children.whole[0]!;
    return {
      kind: "role",
      name: l.name(c.name[0]!),
      flags: flags.filter((f) => said.some((token) => token.tokenType === kw(f))),
      connectionLimit: limit === undefined ? null : l.slice(l.at(limit).start, l.at(limit).end),
      validUntil: c.validUntil === undefined ? null : l.string(c.validUntil[0]!.children.until[0]!),
      memberships: (c.roleMembership ?? []).map((n) => membership(n, l)),
      settings: settings(c.settingClause as readonly SettingClauseCstNode[] | undefined, l),
      doc: null,
      schema: null,
      span: place.span,
    };
  },
  print(d, p) {
    let head = `role ${p.name(d.name)}`;
    for (const f of d.flags) head += ` ${f}`;
    if (d.connectionLimit !== null) head += ` connection limit ${d.connectionLimit}`;
    if (d.validUntil !== null) head += ` valid until ${p.string(d.validUntil, d.span)}`;
    return {
      ...line([head], d),
      more: [...d.memberships.map((m) => printMembership(m, p)), ...d.settings.map((s) => printSetting(s, p))],
    };
  },
};

function membership(node: RoleMembershipCstNode, l: Lower): MembershipNode {
  const c = node.children;
  const list = options(
    c.withOptions?.flatMap((n) => n.children.options),
    l,
  );
  for (const o of list)
    if (!["admin", "inherit", "set"].includes(o.name) || !["true", "false", null].includes(o.value))
      l.report(
        "invalid-option",
        o.span,
        `a membership has no option \`${o.name}${o.value === null ? "" : ` = ${o.value}`}\``,
        {
          help: "there are `admin`, `inherit` and `set`, each true or false",
        },
      );
  return { role: l.name(c.role[0]!), options: list, span: l.at(node) };
}
function printMembership(m: MembershipNode, p: Print): Printed {
  const list = p.options(m.options);
  return line([`member of ${p.name(m.role)}${list === "" ? "" : ` with ${list}`}`], m);
}
const printSetting = (s: SettingNode, p: Print): Printed => line([settingText(s, p)], s);
