/** What follows the columns of a primary key or unique constraint, and an exclusion constraint's elements. */
import type {
  DeferralCstNode,
  InTablespaceCstNode,
  IncludeCstNode,
  PartOfCstNode,
  WithOptionsCstNode,
} from "../cst.ts";
import type { IToken } from "chevrotain";
import type { DeferrableNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Name, OptionNode } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import type { Print } from "../syntax.ts";
import { kw, Name as NameToken } from "../tokens.ts";
import { deferral, deferralText } from "./clauses.ts";
import { columns, columnsText } from "./columns.ts";
import { options } from "./options.ts";

export const keyConstraintRules: Rules = {
  rules(p) {
    const inline = [() => p.call(0, "include"), () => p.call(0, "deferral"), () => p.call(0, "inTablespace")];
    const clauses = p.choice(
      ...inline,
      () => p.call(0, "withOptions"),
      () => p.call(0, "partOf"),
      () => p.take(0, kw("only")),
    );
    p.rule("partOf", () => {
      p.take(0, kw("of"));
      p.take(0, NameToken, "above");
    });
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
    readonly partOf?: PartOfCstNode[];
    readonly k_only?: IToken[];
  };
}
export interface KeyClauses {
  readonly include: readonly Name[];
  readonly deferrable: DeferrableNode;
  readonly options: readonly OptionNode[];
  readonly tablespace: Name | null;
  /** `of y`: the index of the partitioned table that a partition's key is a part of. */
  readonly of: Name | null;
  /** Partitions have it only where they say so. */
  readonly only: boolean;
}
export function keyClauses(nodes: readonly ClauseTree[] | undefined, l: Lower): KeyClauses {
  if (nodes === undefined)
    return { include: [], deferrable: null, options: [], tablespace: null, of: null, only: false };
  const include = nodes.flatMap((n) => n.children.include ?? []);
  const tablespace = nodes.flatMap((n) => n.children.inTablespace ?? []);
  const withs = nodes.flatMap((n) => n.children.withOptions ?? []);
  const deferrals = nodes.flatMap((n) => n.children.deferral ?? []);
  const of = nodes.flatMap((n) => n.children.partOf ?? []);
  l.onceNode(of, "of");
  l.onceNode(include, "include");
  l.onceNode(tablespace, "tablespace");
  return {
    include: include.length === 0 ? [] : columns(include[0]!.children.columns[0]!, l).columns,
    deferrable: deferral(deferrals.length === 0 ? undefined : deferrals, l),
    options: options(withs.length === 0 ? undefined : withs.map((n) => n.children.options[0]!), l),
    tablespace: tablespace.length === 0 ? null : l.name(tablespace[0]!.children.name[0]!),
    of: of.length === 0 ? null : l.name(of[0]!.children.above[0]!),
    only: nodes.some((n) => n.children.k_only !== undefined),
  };
}
export const includeText = (list: readonly Name[], p: Print): string =>
  list.length === 0 ? "" : ` include ${columnsText(list, p.name)}`;
export function storageText(c: Pick<KeyClauses, "options" | "tablespace">, p: Print): string {
  const options = p.options(c.options);
  return (options && ` with ${options}`) + (c.tablespace === null ? "" : ` tablespace ${p.name(c.tablespace)}`);
}
export const keyClausesText = (c: KeyClauses, p: Print): string =>
  includeText(c.include, p) +
  (c.of === null ? "" : ` of ${p.name(c.of)}`) +
  (c.only ? " only" : "") +
  deferralText(c.deferrable) +
  storageText(c, p);
