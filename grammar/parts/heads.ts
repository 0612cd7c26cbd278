/** Clauses in the heads of declarations: `was old_name`, `in schema`. */
import type { CommentClauseCstNode, InSchemaCstNode, WasCstNode } from "../cst.ts";
import type { Common } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Name } from "../nodes.ts";
import type { Rules } from "../parser.ts";
import type { Place } from "../syntax.ts";
import { kw, Name as NameToken } from "../tokens.ts";

export const headRules: Rules = {
  rules(p) {
    p.rule("was", () => {
      p.take(0, kw("was"));
      p.take(0, NameToken, "old");
    });
    p.rule("inSchema", () => {
      p.take(0, kw("in"));
      p.take(0, NameToken, "schema");
    });
  },
};

export const wasClause = (nodes: readonly WasCstNode[] | undefined, l: Lower): Name | null =>
  nodes === undefined ? null : l.name(nodes[0]!.children.old[0]!);

/** The schema that a declaration lives in: what `in x` says, else that of the header or block. */
export function inClause(nodes: readonly InSchemaCstNode[] | undefined, place: Place, l: Lower): Name | null {
  l.onceNode(nodes, "in");
  return nodes === undefined ? place.schema : l.name(nodes[0]!.children.schema[0]!);
}

/** What every declaration says of itself: its documentation, its schema, its place. */
export const common = (
  c: {
    readonly commentClause?: readonly CommentClauseCstNode[] | undefined;
    readonly inSchema?: readonly InSchemaCstNode[] | undefined;
  },
  place: Place,
  l: Lower,
): Common => ({
  doc: l.docOf(
    place.start,
    c.commentClause?.flatMap((n) => n.children.text),
  ),
  schema: inClause(c.inSchema, place, l),
  span: place.span,
});
