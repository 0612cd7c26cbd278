/** What all constraints share in text: `constraint NAME …`, and a comment that `///` lines cannot carry. */
import type { ConstraintNode } from "../declarations.ts";
import { line, type Print, type Printed } from "../syntax.ts";

export const constraintName = (m: ConstraintNode, p: Print): string =>
  m.name === null ? "" : `constraint ${p.name(m.name, "constraint")} `;
/** A constraint on a line of its own. */
export const constraintLine = (m: ConstraintNode, text: string, p: Print): Printed =>
  line([constraintName(m, p) + text + p.comment(m.doc, m.span)], m);
