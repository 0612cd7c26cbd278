/** What a foreign table can hold. */
import type { Member, PartitionDeclaration, TableDeclaration } from "../../../grammar/declarations.ts";
import type { DbObject } from "../../model/objects.ts";
import { describeId, kindWords } from "../../model/id.ts";
import { problem } from "../../problems.ts";
import type { Context, Declare } from "../room.ts";
import { isForeign } from "./foreignOptions.ts";
import { keepers, keptHeirs } from "./inheritance.ts";
import { tableOf } from "./table.ts";

/** What stands on a table's own rows is nothing for a foreign one. */
export function judgeForeign(d: TableDeclaration | PartitionDeclaration, declare: Declare): void {
  if (!d.server) {
    for (const m of d.members)
      if (m.kind === "column" && m.foreignOptions.length)
        declare.report(problem("invalid-option", m.span, "Only a foreign table's column has `options (…)`."));
    return;
  }
  const wrong = (at: Member["span"], what: string): void =>
    declare.report(problem("invalid-option", at, `A foreign table's rows are elsewhere, so it has no ${what}.`));
  for (const m of d.members)
    switch (m.kind) {
      case "column":
        for (const c of m.constraints) if (c.kind !== "notNull" && c.kind !== "check") wrong(c.span, kindWords[c.kind]);
        if (m.compression !== null) wrong(m.span, "compression");
        break;
      case "primaryKey":
      case "unique":
      case "foreignKey":
      case "exclude":
      case "index":
      case "replicaIdentity":
      case "rowSecurity":
      case "policy":
      case "rule":
      case "cluster":
        wrong(m.span, kindWords[m.kind]);
        break;
      case "trigger":
        if (m.constraint) wrong(m.span, "constraint triggers");
        break;
      case "inherits":
      case "comment":
      case "notNull":
      case "check":
      case "statistics":
        break;
    }
}

/**
 * Why the values of a column cannot become of another type by an expression: a foreign table that stays has the column from this
 * one, and Postgres refuses USING for all then. null: none has.
 */
export function heldByForeign({ id }: DbObject<"column">, context: Context): string | null {
  // The statement is the parent's, and a foreign table's own has no expression.
  if (keepers(id, context).length || isForeign(tableOf(id), context.from)) return null;
  const below = (at: typeof id): readonly (typeof id)[] => keptHeirs(at, context).flatMap((h) => [h, ...below(h)]);
  const found = below(id).find((heir) => isForeign(tableOf(heir), context.from));
  return found
    ? `${describeId(tableOf(found))} has the column from it, and where a foreign table does, Postgres converts no values (USING)`
    : null;
}
