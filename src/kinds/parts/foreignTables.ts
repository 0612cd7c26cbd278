/** What a foreign table can hold. */
import type { Member, PartitionDeclaration, TableDeclaration } from "../../../grammar/declarations.ts";
import { kindWords } from "../../model/id.ts";
import { problem } from "../../problems.ts";
import type { Declare } from "../room.ts";

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
