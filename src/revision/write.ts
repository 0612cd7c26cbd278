/** Revision → TypeScript. Foreign text goes only into ASCII string literals and, escaped, into line comments. */
import type { Revision, RevisionHazard, Statement, Step } from "./format.ts";
import { isRevisionProblem, readRevision } from "./read.ts";
import { checksum, statementText } from "./checksum.ts";

/** What only people read. */
export interface RevisionNotes {
  /** Command that wrote the file, e.g. `schemac plan -m "add invoices"`. */
  readonly command: string;
  /** More sentences for the top of the file. */
  readonly remarks?: readonly string[];
  readonly up?: readonly StepNotes[];
  readonly down?: readonly StepNotes[];
}
export interface StepNotes {
  /** Above the step. */
  readonly step?: string;
  /** Above each statement; null: none. */
  readonly statements?: readonly (string | null)[];
}

/** An ASCII string literal that reads back as exactly this text, whatever it holds. */
const quote = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

/** A line comment; what could end it or mislead a reader is escaped. */
const comment = (text: string): string => "// " + quote(text).slice(1, -1).replaceAll('\\"', '"') + "\n";

/** Writes the file's text, not yet laid out: see `formatRevision`. Function steps cannot be written, for they are code. */
export function renderRevision(revision: Revision, notes: RevisionNotes): string {
  const dangers = (way: string, list: readonly RevisionHazard[]): string =>
    list.map((h) => comment(`${way}: ${h.code} on ${h.on}: ${h.detail}`)).join("");
  const head = [
    comment(`Written by: ${notes.command}`),
    comment(`Revision ${String(revision.number).padStart(4, "0")} ${revision.name}, ${revision.proof}.`),
    ...(notes.remarks ?? []).map(comment),
    dangers("up", revision.hazards.up),
    dangers("down", revision.hazards.down),
    `import type { Revision } from ${quote("schemac/runner")};\n\n`,
  ];
  const properties = [
    `format: 1`,
    `id: ${quote(revision.id)}`,
    `number: ${revision.number}`,
    `name: ${quote(revision.name)}`,
    `parents: ${strings(revision.parents)}`,
    `schema: ${revision.schema === null ? "null" : quote(revision.schema)}`,
    `proof: ${quote(revision.proof)}`,
    `hazards: { up: ${hazards(revision.hazards.up)}, down: ${hazards(revision.hazards.down)} }`,
    `up: ${steps(revision.up, notes.up ?? [])}`,
    `down: ${steps(revision.down, notes.down ?? [])}`,
  ];
  return `${head.join("")}export default {\n${properties.join(",\n")},\n} satisfies Revision;\n`;
}

const strings = (list: readonly string[]): string => `[${list.map(quote).join(", ")}]`;
const hazards = (list: readonly RevisionHazard[]): string =>
  `[${list.map((h) => `{ code: ${quote(h.code)}, on: ${quote(h.on)}, detail: ${quote(h.detail)} }`).join(", ")}]`;

const steps = (list: readonly Step[], notes: readonly StepNotes[]): string =>
  list.length === 0 ? "[]" : `[\n${list.map((s, n) => step(s, notes[n] ?? {})).join("")}]`;

function step(s: Step, notes: StepNotes): string {
  const above = notes.step === undefined ? "" : comment(notes.step);
  return `${above}{\n${stepProperties(s, notes).join(",\n")},\n},\n`;
}

function stepProperties(s: Step, notes: StepNotes): readonly string[] {
  switch (s.kind) {
    case "transaction": {
      const each = s.statements.map((t, n) => {
        const note = notes.statements?.[n] ?? null;
        return (note === null ? "" : comment(note)) + statement(t) + ",\n";
      });
      return [`kind: "transaction"`, ...about(s), `statements: [\n${each.join("")}]`];
    }
    case "outside": {
      const undo = s.undo === undefined ? [] : [`undo: ${statement(s.undo)}`];
      const run = `statement: ${statement(s.statement)}`;
      return [`kind: "outside"`, ...about(s), run, `probe: ${statement(s.probe)}`, ...undo];
    }
    case "function":
      throw new Error("a function step cannot be written from data");
    default:
      return s satisfies never;
  }
}

const about = (s: Exclude<Step, { kind: "function" }>): readonly string[] => [
  ...(s.path === undefined ? [] : [`path: ${strings(s.path)}`]),
  ...(s.lock === undefined ? [] : [`lock: ${quote(s.lock)}`]),
  ...(s.cost === undefined ? [] : [`cost: ${quote(s.cost)}`]),
];

/** One string a line, so that a reviewer can read it. */
function statement(s: Statement): string {
  const lines = statementText(s).split("\n");
  return lines.length === 1 ? quote(lines[0]!) : `[\n${lines.map((l) => quote(l) + ",\n").join("")}]`;
}

/**
 * Lays the file out with Prettier as the project at `path` has it configured. Should that fail, or change what the file says
 * (a plugin of the project's gone wrong), the file is laid out as without a config, and `complain` is told why.
 */
export async function formatRevision(text: string, path: string, complain: (why: string) => void): Promise<string> {
  const prettier = await import("prettier");
  const defaults = { printWidth: 120 };
  try {
    const options = (await prettier.resolveConfig(path, { editorconfig: true })) ?? defaults;
    const formatted = await prettier.format(text, { ...options, parser: "typescript", filepath: path });
    if (sameSteps(text, formatted, path)) return formatted;
    complain("what it made of the revision says something else");
  } catch (e) {
    complain(e instanceof Error ? e.message : String(e));
  }
  return prettier.format(text, { ...defaults, parser: "typescript" });
}

function sameSteps(before: string, after: string, path: string): boolean {
  const [a, b] = [readRevision(path, before), readRevision(path, after)];
  return isRevisionProblem(a) || (!isRevisionProblem(b) && checksum(a) === checksum(b));
}
