/** Clauses that several kinds of constraint and index have. */
import type { DeferralCstNode, DependsClauseCstNode } from "../cst.ts";
import type { DeferrableNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Name } from "../nodes.ts";
import type { WriteName } from "./names.ts";
import type { Rules } from "../parser.ts";
import * as t from "../tokens.ts";

const { kw } = t;

export const clauseRules: Rules = {
  rules(p) {
    p.rule("include", () => {
      p.take(0, kw("include"));
      p.call(0, "columns");
    });
    p.rule("nullsNotDistinct", () => {
      p.take(0, kw("nulls"));
      p.opt(0, () => p.take(0, kw("not"), "not"));
      p.take(0, kw("distinct"));
    });
    p.rule("withOptions", () => {
      p.take(0, kw("with"));
      p.call(0, "options");
    });
    p.rule("inTablespace", () => {
      p.take(0, kw("tablespace"));
      p.take(0, t.Name, "name");
    });
    p.rule("where", () => {
      p.take(0, kw("where"));
      p.call(0, "fragment");
    });
    p.rule("commentClause", () => {
      p.take(0, kw("comment"));
      p.take(0, t.Text, "text");
    });
    p.rule("dependsClause", () => {
      p.take(0, kw("depends"));
      p.take(0, kw("on"));
      p.take(0, kw("extension"));
      p.take(0, t.Name, "extension");
    });
    const when = p.choice(
      () => p.take(0, kw("deferred"), "deferred"),
      () => p.take(0, kw("immediate"), "immediate"),
    );
    const forms = p.choice(
      () => {
        p.take(0, kw("not"), "not");
        p.take(0, kw("deferrable"));
      },
      () => {
        p.take(1, kw("deferrable"), "deferrable");
        p.opt(0, () => p.call(0, "initially"));
      },
      () => {
        p.call(1, "initially");
        p.opt(1, () => p.take(2, kw("deferrable"), "deferrable"));
      },
    );
    p.rule("initially", () => {
      p.take(0, kw("initially"));
      p.one(0, when);
    });
    p.rule("deferral", () => p.one(0, forms));
    p.rule("notValid", () => {
      p.take(0, kw("not"));
      p.take(0, kw("valid"));
    });
    p.rule("notEnforced", () => {
      p.take(0, kw("not"));
      p.take(0, kw("enforced"));
    });
    p.rule("noInherit", () => {
      p.take(0, kw("no"));
      p.take(0, kw("inherit"));
    });
  },
};

export function deferral(nodes: readonly DeferralCstNode[] | undefined, l: Lower): DeferrableNode {
  l.onceNode(nodes, "deferrable");
  const c = nodes?.[0]?.children;
  if (c === undefined) return null;
  if (c.not !== undefined) return "not deferrable";
  if (c.initially?.[0]?.children.deferred !== undefined) return "initially deferred";
  return c.deferrable === undefined ? "not deferrable" : "deferrable";
}
export const deferralText = (d: DeferrableNode): string => (d === null ? "" : " " + d);

/** `depends on extension x`, once or more. */
export const dependsOn = (nodes: readonly DependsClauseCstNode[] | undefined, l: Lower): readonly Name[] =>
  (nodes ?? []).map((n) => l.name(n.children.extension[0]!));
export const dependsOnText = (extensions: readonly Name[], name: WriteName): string =>
  extensions.map((x) => ` depends on extension ${name(x)}`).join("");
