/** The runner's bad ends for people: what happened, where, what was undone, what to do next. */
import type { DatabaseError } from "../run/connection.ts";
import { HistoryBroken, RunError, StepFailed } from "../run/errors.ts";
import { Failure, type JsonObject } from "./exit.ts";
import { excerpt, Locator } from "./problems.ts";
import { shown } from "./project.ts";
import { title } from "./revisions.ts";
import { clean } from "./text.ts";

export function runFailure(error: RunError): Failure {
  const common = { exit: error.exit, cause: error, ...(error.advice === "" ? {} : { help: error.advice }) };
  if (error instanceof StepFailed)
    return new Failure(error.message, { ...common, details: stepDetails(error), document: stepJson(error) });
  if (error instanceof HistoryBroken)
    return new Failure("the revision files and the database's history don't fit each other", {
      ...common,
      details: error.problems.map((p) => `  ${clean(p.message)}`),
      document: {
        history: error.problems.map((p) => ({
          kind: p.kind,
          message: p.message,
          ...(p.kind === "file" ? { file: shown(p.problem.file) } : { revision: title(p.revision), id: p.revision.id }),
        })),
      },
    });
  return new Failure(error.message, common);
}

/** The failing statement with a caret where Postgres pointed, and Postgres's own words. */
function stepDetails({ statement, database }: StepFailed): readonly string[] {
  const lines: string[] = [];
  if (statement !== null) {
    const texts = statement.sql.split("\n");
    const at = statement.line === null ? null : statement.line - 1;
    const from = at === null ? 0 : Math.max(0, at - 3);
    const to = at === null ? Math.min(texts.length, 12) : at + 1;
    if (from > 0) lines.push("    …");
    for (let i = from; i < to; i++) {
      if (i !== at) {
        lines.push(`    ${clipped(texts[i] ?? "")}`);
        continue;
      }
      const locator = new Locator(texts[i] ?? "");
      const offset = [...(texts[i] ?? "")].slice(0, (statement.column ?? 1) - 1).join("").length;
      const [source, carets] = excerpt(locator, offset, offset + 1);
      lines.push(`    ${source}`, `    ${carets}`);
    }
    if (to < texts.length) lines.push("    …");
  }
  if (database !== null) lines.push(...databaseDetails(database));
  return lines;
}

/** Postgres's DETAIL, HINT and CONTEXT. */
export const databaseDetails = (e: DatabaseError): readonly string[] => [
  `  SQLSTATE ${e.code}`,
  ...(e.detail === null ? [] : [`  detail: ${clean(e.detail)}`]),
  ...(e.hint === null ? [] : [`  hint: ${clean(e.hint)}`]),
  ...(e.where === null ? [] : [`  context: ${clean(e.where).split("\n").slice(0, 3).join(" · ")}`]),
];

const clipped = (line: string): string => (line.length > 110 ? clean(line.slice(0, 109)) + "…" : clean(line));

function stepJson({ place, statement, database, state }: StepFailed): JsonObject {
  return {
    failed: {
      revision: title(place.revision),
      id: place.revision.id,
      direction: place.direction,
      step: place.step,
      steps: place.steps,
      ...(statement === null
        ? {}
        : { statement: statement.n, sql: statement.sql, line: statement.line, column: statement.column }),
      ...(database === null
        ? {}
        : { sqlstate: database.code, message: database.message, detail: database.detail, hint: database.hint }),
      state,
    },
  };
}
