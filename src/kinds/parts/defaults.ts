/** Defaults, which can name nothing: Postgres knows no row when it takes one. */
import type { FragmentNode } from "../../../grammar/nodes.ts";
import { problem } from "../../problems.ts";
import { literal } from "../../sql.ts";
import type { Declare } from "../room.ts";

/** Reports columns that a default names. */
export function refuseColumns(f: FragmentNode, declare: Declare): void {
  if (/^default$/i.test(f.text)) {
    declare.report(
      problem("fragment-syntax", f.span, "`default` is no value.", { help: "What has no default says none." }),
    );
    return;
  }
  for (const n of declare.uses(f, new Set()).names)
    declare.report(
      problem("unknown-column", n.span, `A default cannot name columns, as ${n.text} would be one.`, {
        help: `A text stands in single quotes: ${literal(n.text).trimStart()}. What follows from other columns is generated (…).`,
      }),
    );
}
