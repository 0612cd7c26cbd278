/** The checksum of what a revision does: quotes, layout and line endings of its file make no difference. */
import { hash } from "node:crypto";
import type { OutsideStep, Revision, Statement, Step } from "./format.ts";

/** A statement's text. */
export const statementText = (s: Statement): string => (typeof s === "string" ? s : s.join("\n"));

/** sha256 (hex) of the steps, up and down. Notes on lock and cost don't count, for they change nothing. */
export const checksum = (r: Pick<Revision, "up" | "down">): string =>
  sha256(JSON.stringify({ up: r.up.map(canonical), down: r.down.map(canonical) }));

/** sha256 (hex) of one step, as the journal keeps it. */
export const stepChecksum = (step: Step): string => sha256(JSON.stringify(canonical(step)));

/** sha256 (hex) of what a step outside transactions does, whatever looks for that and cleans it up: as the journal keeps it while it is under way. */
export const effectChecksum = ({ statement, path }: OutsideStep): string =>
  sha256(JSON.stringify({ statement: statementText(statement), path: path ?? [] }));

const sha256 = (text: string): string => hash("sha256", text, "hex");

/** One spelling for each meaning: properties in a fixed order, lines joined, absent and empty the same. */
function canonical(step: Step): object {
  switch (step.kind) {
    case "transaction":
      return { kind: step.kind, statements: step.statements.map(statementText), path: step.path ?? [] };
    case "outside":
      return {
        kind: step.kind,
        statement: statementText(step.statement),
        probe: statementText(step.probe),
        undo: step.undo === undefined ? null : statementText(step.undo),
        path: step.path ?? [],
      };
    case "function":
      return { kind: step.kind, source: step.source ?? step.run.toString() };
    default:
      return step satisfies never;
  }
}
