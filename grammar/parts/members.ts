/** The lines in the braces of a table or mixin. */
import type { Member } from "../declarations.ts";
import type { Print, Printed } from "../syntax.ts";

/** Columns first read as a block: what follows them is set apart. */
export function blankBefore(members: readonly Member[], p: Print): Printed[] {
  let column = false;
  return members.flatMap((m) => {
    const lines = p.member(m);
    const apart = column && m.kind !== "column";
    column = m.kind === "column";
    return lines.map((l, i) => (i === 0 && apart ? { ...l, apart } : l));
  });
}
