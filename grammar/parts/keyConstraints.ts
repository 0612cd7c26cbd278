/** What follows the columns of a primary key or unique constraint, and an exclusion constraint's elements. */
import type { DeferralCstNode, InTablespaceCstNode, IncludeCstNode, WithOptionsCstNode } from "../cst.ts";
import type { DeferrableNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Name, OptionNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import { deferral, deferralText } from "./clauses.ts";
import { columns, columnsText } from "./columns.ts";
import { options } from "./options.ts";

export const keyConstraintRules: Rules = {
  rules(p) {
    const inline = [() => p.call(0, "include"), () => p.call(0, "deferral"), () => p.call(0, "inTablespace")];
    const clauses = p.choice(...inline, () => p.call(0, "withOptions"));
    const inlineClauses = p.choice(...inline);
    p.rule("keyClause", () => p.one(0, clauses));
    // On a column's line `with (…)` are the column's own options.
    p.rule("keyClauseInline", () => p.one(0, inlineClauses));
  },
};

export interface ClauseTree {
  readonly children: {
    readonly include?: IncludeCstNode[];
    readonly deferral?: DeferralCstNode[];
    readonly inTablespace?: InTablespaceCstNode[];
    readonly withOptions?: WithOptionsCstNode[];
  };
}
export interface KeyClauses {
  readonly include: readonly Name[];
  readonly deferrable: DeferrableNode;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
}
export function keyClauses(nodes: readonly ClauseTree[] | undefined, l: Lower): KeyClauses {
  if (nodes === undefined) return { include: [], deferrable: null, options: [], tablespace: null };
  const include = nodes.flatMap((n) => n.children.include ?? []);
  const tablespace = nodes.flatMap((n) => n.children.inTablespace ?? []);
  const withs = nodes.flatMap((n) => n.children.withOptions ?? []);
  const deferrals = nodes.flatMap((n) => n.children.deferral ?? []);
  l.onceNode(include, "include");
  l.onceNode(tablespace, "tablespace");
  return {
    include: include.length === 0 ? [] : columns(include[0]!.children.columns[0]!, l).columns,
    deferrable: deferral(deferrals.length === 0 ? undefined : deferrals, l),
    options: options(withs.length === 0 ? undefined : withs.map((n) => n.children.options[0]!), l),
    tablespace: tablespace.length === 0 ? null : l.name(tablespace[0]!.children.name[0]!),
  };
}
export const includeText = (list: readonly Name[], p: Print): string =>
  list.length === 0 ? "" : ` include ${columnsText(list, p.name)}`;
export function storageText(c: Pick<KeyClauses, "options" | "tablespace">, p: Print): string {
  const options = p.options(c.options);
  return (options && ` with ${options}`) + (c.tablespace === null ? "" : ` tablespace ${p.name(c.tablespace)}`);
}
export const keyClausesText = (c: KeyClauses, p: Print): string =>
  includeText(c.include, p) + deferralText(c.deferrable) + storageText(c, p);
