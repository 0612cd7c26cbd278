/** The runner's bad ends for people: what happened, where, what was undone, what to do next. */
import type { DatabaseError } from "../run/connection.ts";
import { HistoryBroken, RunError, StepFailed } from "../run/errors.ts";
import { Failure, type JsonObject } from "./exit.ts";
import { excerpt, Locator } from "./problems.ts";
import { shown } from "./project.ts";
import { title } from "./revisions.ts";
import { clean, inLine, redact } from "./text.ts";

export function runFailure(error: RunError): Failure {
  const common = { exit: error.exit, cause: error, ...(error.advice === "" ? {} : { help: error.advice }) };
  if (error instanceof StepFailed)
    return new Failure(error.message, { ...common, details: stepDetails(error), document: stepJson(error) });
  if (error instanceof HistoryBroken)
    return new Failure("the revision files and the database's history don't fit each other", {
      ...common,
      details: error.problems.map((p) => `  ${inLine(p.message)}`),
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
  return [
    ...(statement === null ? [] : statementDetails(statement)),
    ...(database === null ? [] : databaseDetails(database)),
  ];
}

/** A few lines of the statement. Its passwords go before it is taken apart: a string may go over lines. */
function statementDetails({ sql, line, column }: NonNullable<StepFailed["statement"]>): readonly string[] {
  const texts = redact(sql).split("\n");
  const at = line === null ? null : line - 1;
  const from = at === null ? 0 : Math.max(0, at - 3);
  const to = at === null ? Math.min(texts.length, 12) : at + 1;
  const lines = texts.slice(from, to).map((text) => `    ${clipped(text)}`);
  if (at !== null) {
    const [source, carets] = pointedAt(texts[at] ?? "", sql, at, (column ?? 1) - 1);
    lines.splice(at - from, 1, `    ${source}`, `    ${carets}`);
  }
  return [...(from > 0 ? ["    …"] : []), ...lines, ...(to < texts.length ? ["    …"] : [])];
}

/** The line as it is shown, and a caret under what stands after so many characters of the line as it was sent. */
function pointedAt(shown: string, sql: string, line: number, characters: number): readonly [string, string] {
  const sent = sql.split("\n");
  const before = [...sent.slice(0, line), [...(sent[line] ?? "")].slice(0, characters).join("")].join("\n");
  const offset = redact(before).split("\n").at(-1)!.length;
  return excerpt(new Locator(shown), offset, offset + 1);
}

/** Postgres's DETAIL, HINT and CONTEXT. */
export const databaseDetails = (e: DatabaseError): readonly string[] => [
  `  SQLSTATE ${e.code}`,
  ...(e.detail === null ? [] : [`  detail: ${clean(e.detail)}`]),
  ...(e.hint === null ? [] : [`  hint: ${clean(e.hint)}`]),
  ...(e.where === null ? [] : [`  context: ${clean(redact(e.where)).split("\n").slice(0, 3).join(" · ")}`]),
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
        : {
            sqlstate: database.code,
            message: database.message,
            detail: database.detail,
            hint: database.hint,
            where: database.where,
          }),
      state,
    },
  };
}
