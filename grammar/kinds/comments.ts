/** `comment 'text'` on a line of its own: the table's. */
import type { CommentCstChildren } from "../cst.ts";
import type { CommentNode } from "../declarations.ts";
import type { Lower } from "../lower.ts";
import type { Span } from "../nodes.ts";
import { line, type MemberSyntax } from "../syntax.ts";

export const comments: MemberSyntax<"comment"> = {
  kind: "comment",
  rules(p) {
    p.rule("comment", () => p.call(0, "commentClause"));
  },
  print: (m, p) => [line([`comment ${p.string(m.text, m.span)}`], { span: m.span })],
};

export const lowerComment = (c: CommentCstChildren, span: Span, l: Lower): CommentNode => ({
  kind: "comment",
  text: l.string(c.commentClause[0]!.children.text[0]!),
  span,
  doc: null,
});
