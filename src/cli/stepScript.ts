/** Steps as SQL for people to read. `apply --sql` writes the script that also keeps the ledger. */
import { statementText } from "../revision/checksum.ts";
import type { Revision, Step } from "../revision/format.ts";
import { searchPath } from "../sql.ts";

export const stepScript = (steps: Revision["up"]): string => steps.map((s) => oneStep(s) + "\n").join("\n");

function oneStep(s: Step): string {
  switch (s.kind) {
    case "transaction": {
      const path = s.path === undefined ? [] : [`set local search_path = ${searchPath(s.path)};`];
      return ["begin;", ...path, ...s.statements.map((t) => statementText(t) + ";"), "commit;"].join("\n");
    }
    case "outside": {
      const path = s.path === undefined ? [] : [`set search_path = ${searchPath(s.path)};`];
      return [...path, statementText(s.statement) + ";"].join("\n");
    }
    case "function":
      return "-- a function step: TypeScript, see the file";
    default:
      return s satisfies never;
  }
}
