/** `set work_mem = '64MB' in database`: what sessions start with. */
import type { SettingClauseCstNode } from "../cst.ts";
import type { SettingNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import * as t from "../tokens.ts";

const { kw } = t;

export const settingRules: Rules = {
  rules(p) {
    const signs = p.choice(
      () => p.take(0, t.Minus, "sign"),
      () => p.take(0, t.Plus, "sign"),
    );
    const values = p.ordered(
      () => p.take(0, t.Text, "text"),
      () => {
        p.opt(1, () => p.one(1, signs));
        p.take(0, t.Num, "value");
      },
      () => p.take(1, t.Name, "value"),
    );
    p.rule("settingClause", () => {
      p.take(0, kw("set"));
      p.take(0, t.Name, "name");
      p.each(0, () => {
        p.take(0, t.Dot);
        p.take(2, t.Name, "name");
      });
      p.take(0, t.Equals);
      p.one(0, values);
      p.opt(2, () => {
        p.take(0, kw("in"));
        p.take(0, kw("database"), "database");
      });
    });
  },
};

export function settings(nodes: readonly SettingClauseCstNode[] | undefined, l: Lower): SettingNode[] {
  return (nodes ?? []).map((node) => {
    const c = node.children;
    const value = c.value?.[0];
    return {
      name: c.name.map((n) => l.name(n, true).text).join("."),
      value:
        c.text !== undefined
          ? l.string(c.text[0]!)
          : value!.tokenType === t.QuotedName || value!.tokenType === t.UnicodeName
            ? l.name(value!).text
            : (c.sign?.[0]!.image ?? "") + l.verbatim(value!),
      inDatabase: c.database !== undefined,
      span: l.at(node),
    };
  });
}

const plainValue = /^(?:[A-Za-z_][A-Za-z0-9_$]*|[-+]?[0-9]+(?:\.[0-9]+)?)$/;

export function settingText(s: SettingNode, p: Print): string {
  const name = s.name
    .split(".")
    .map((n) => p.name({ text: n, quoted: false, span: s.span }))
    .join(".");
  const value = plainValue.test(s.value) ? s.value : p.string(s.value, s.span);
  return `set ${name} = ${value}${s.inDatabase ? " in database" : ""}`;
}
