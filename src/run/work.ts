/** What a run has to do: revisions, steps, and the statements in them, looked at before anything is sent. */
import { effectChecksum, statementText, stepChecksum } from "../revision/checksum.ts";
import type { FunctionStep, Step } from "../revision/format.ts";
import type { RevisionFile } from "../revision/list.ts";
import { literal } from "../sql.ts";
import { UnsafeRevision, type Place } from "./errors.ts";
import { idArray, type Recorded, type RowSql, type StepSql } from "./ledger.ts";
import { controlsTransaction, splitStatements, type Piece, type Pieces } from "./statements.ts";

/** A revision to be run one way, with what the journal says of an interrupted run of it. */
export interface Work {
  readonly file: RevisionFile;
  readonly direction: "up" | "down";
  readonly attempt: number;
  readonly seq: number;
  /** Steps that are done, and those that were begun outside a transaction; counted from 1. */
  readonly done: ReadonlySet<number>;
  readonly intents: ReadonlySet<number>;
  /** The ledger's row before this attempt. */
  readonly before: Recorded | null;
  readonly resumed: boolean;
}

/** Whether the ledger can be made to say again what it said before the attempt: not what an earlier run of it replaced. */
export const canForget = (w: Work): boolean => !w.resumed || (w.direction === "up" && w.attempt === 1);

/** A statement's text and the statements in it, for a text may hold several. */
export interface Text {
  readonly text: string;
  readonly pieces: readonly Piece[];
}
/** What is done in one go: a step, or only the end of a revision that has none left. */
export interface Unit {
  readonly work: Work;
  readonly n: number;
  readonly last: boolean;
  readonly first: boolean;
  readonly job:
    | { readonly kind: "transaction"; readonly texts: readonly Text[]; readonly path: readonly string[] | undefined }
    | {
        readonly kind: "outside";
        readonly statement: Text;
        readonly probe: Text;
        readonly undo: Text | null;
        readonly effect: string;
        readonly path: readonly string[] | undefined;
      }
    | { readonly kind: "function"; readonly step: FunctionStep }
    | { readonly kind: "end" };
  readonly checksum: string;
}

export const stepsOf = (w: Pick<Work, "file" | "direction">): readonly Step[] => w.file.revision[w.direction];

/** The units that are left of a revision. Throws UnsafeRevision. */
export function unitsOf(work: Work): readonly Unit[] {
  const steps = stepsOf(work);
  const left = steps.map((step, i) => ({ step, n: i + 1 })).filter(({ n }) => !work.done.has(n));
  if (left.length === 0) {
    const first = work.done.size === 0;
    return [{ work, n: steps.length, last: true, first, job: { kind: "end" }, checksum: "" }];
  }
  return left.map(({ step, n }, i) => ({
    work,
    n,
    first: i === 0,
    last: i === left.length - 1,
    job: jobOf(work, step, n),
    checksum: stepChecksum(step),
  }));
}

function jobOf(work: Work, step: Step, n: number): Unit["job"] {
  const look = (s: string | readonly string[]): Text => lookAt(work, n, statementText(s));
  switch (step.kind) {
    case "transaction":
      return { kind: "transaction", texts: step.statements.map(look), path: step.path };
    case "outside": {
      const one = (s: string | readonly string[], what: string): Text => {
        const text = look(s);
        if (text.pieces.length !== 1)
          throw new UnsafeRevision(
            work.file.revision,
            `(${work.direction}), step ${n}: its ${what} should be one statement, not ${text.pieces.length}`,
          );
        return text;
      };
      return {
        kind: "outside",
        statement: one(step.statement, "statement"),
        probe: one(step.probe, "probe"),
        undo: step.undo === undefined ? null : one(step.undo, "undo"),
        effect: effectChecksum(step),
        path: step.path,
      };
    }
    case "function":
      return { kind: "function", step };
    default:
      return step satisfies never;
  }
}

function lookAt(work: Work, n: number, text: string): Text {
  const split = splitStatements(text);
  const fault = faultIn(text, split);
  if (fault !== null)
    throw new UnsafeRevision(work.file.revision, `(${work.direction}), step ${n}: ${fault.message}`, fault.advice);
  return { text, pieces: split.pieces };
}

/** Why a text cannot be sent as part of a transaction of ours; null: it can. */
export function faultIn(
  text: string,
  { pieces, open }: Pieces = splitStatements(text),
): { readonly message: string; readonly advice: string } | null {
  if (text.includes("\0"))
    return { message: "a statement holds a NUL character, which Postgres cannot read", advice: "" };
  if (/\p{Surrogate}/u.test(text))
    return { message: "a statement holds half of a Unicode character, which Postgres cannot read", advice: "" };
  if (open !== null) return { message: `a statement holds a ${open} that is not closed`, advice: "" };
  const control = pieces.find(controlsTransaction);
  if (control === undefined) return null;
  return {
    message: `a statement says ${control.words[0].toUpperCase()}, but transactions are begun and ended by the runner`,
    advice: "Make what should be committed apart a step of its own.",
  };
}

/** The unit's place for messages and events. */
export const placeOf = (u: Unit): Place => ({
  revision: u.work.file.revision,
  direction: u.work.direction,
  step: u.n,
  steps: stepsOf(u.work).length,
  kind: u.job.kind === "end" ? "transaction" : u.job.kind,
});

/** The ledger's row once this unit is committed. */
export function rowAfter(u: Unit, tool: string): RowSql {
  const { file, direction, seq, attempt } = u.work;
  const state = direction === "up" ? (u.last ? "applied" : "applying") : u.last ? "undone" : "undoing";
  return {
    id: literal(file.revision.id),
    number: String(file.revision.number),
    name: literal(file.revision.name),
    parents: idArray(file.revision.parents),
    checksum: literal(file.checksum),
    state: literal(state),
    how: literal("run"),
    seq: String(seq),
    attempt: String(attempt),
    tool: literal(tool),
  };
}
export const stepRow = (u: Unit): StepSql => ({
  n: String(u.n),
  direction: literal(u.work.direction),
  kind: literal(u.job.kind),
  checksum: literal(u.checksum),
});

/** A row as it stands in the ledger, to be written back. */
export const rowOf = (r: Recorded): RowSql => ({
  id: literal(r.id),
  number: String(r.number),
  name: literal(r.name),
  parents: idArray(r.parents),
  checksum: literal(r.checksum),
  state: literal(r.state),
  how: literal(r.how),
  seq: String(r.seq),
  attempt: String(r.attempt),
  tool: literal(r.tool),
});
