/** Holds the files against the ledger. */
import { effectChecksum, stepChecksum } from "../revision/checksum.ts";
import type { Step } from "../revision/format.ts";
import { withAncestors } from "../revision/graph.ts";
import type { RevisionFile, RevisionList } from "../revision/list.ts";
import { BadTarget, label, type HistoryProblem } from "./errors.ts";
import type { JournalRow, Ledger, Recorded } from "./ledger.ts";

export interface History {
  readonly files: ReadonlyMap<string, RevisionFile>;
  /** To the letter. The rest is as the files say it now, where there is one: numbers, names, and what builds on what. */
  readonly recorded: ReadonlyMap<string, Recorded>;
  /** Applied, in the order in which they were. */
  readonly applied: readonly Recorded[];
  /** Neither applied nor under way, in the order in which they would be. */
  readonly pending: readonly RevisionFile[];
  /** Half applied or half undone; at most one. */
  readonly interrupted: Recorded | null;
  /** Undone, and not applied again. */
  readonly undone: readonly Recorded[];
  readonly problems: readonly HistoryProblem[];
}

/** Fails where a folder of revisions is not there: without it nobody knows what is pending. */
export function refuseAbsent(list: RevisionList): void {
  const absent = list.problems.find((p) => p.absent);
  if (absent !== undefined)
    throw new BadTarget(
      `there is no folder ${absent.file}, where the revisions should be`,
      "It belongs into version control and to every deployment. Where there are no revisions yet, an empty folder says so (`schemac init` and `schemac plan` make it).",
    );
}

export function compare(list: RevisionList, ledger: Ledger): History {
  refuseAbsent(list);
  const files = new Map(list.files.map((f) => [f.revision.id, f]));
  const recorded = new Map(ledger.revisions.map((r) => [r.id, r]));
  const there = new Set(ledger.revisions.filter((r) => r.state !== "undone").map((r) => r.id));
  const now = ledger.revisions.map((r) => asItsFileSays(r, files, there));
  const applied = now.filter((r) => r.state === "applied");
  const interrupted = now.find((r) => r.state === "applying" || r.state === "undoing") ?? null;
  const named = new Set(list.files.flatMap((f) => f.revision.parents));
  const problems: HistoryProblem[] = list.problems.map((p) => ({
    kind: "file",
    problem: p,
    message: `${p.file}${p.line === null ? "" : `:${p.line}:${p.column}`}: ${p.message}`,
  }));
  for (const r of applied) {
    const file = files.get(r.id);
    if (file === undefined) problems.push(gone(r, named.has(r.id)));
    else if (file.checksum !== r.checksum)
      problems.push({ kind: "edited", revision: r, message: `${file.path} was edited after it was applied` });
  }
  if (interrupted !== null)
    problems.push(...interruptedProblems(interrupted, files.get(interrupted.id), ledger.journal));
  for (const f of list.files) {
    if (!there.has(f.revision.id)) continue;
    const missing = f.revision.parents.find((p) => files.has(p) && !there.has(p));
    if (missing !== undefined)
      problems.push({
        kind: "out-of-order",
        revision: f.revision,
        message: `${label(f.revision)} is applied, but ${label(files.get(missing)!.revision)}, on which it builds, is not`,
      });
  }
  return {
    files,
    recorded,
    applied,
    pending: list.files.filter((f) => !there.has(f.revision.id)),
    interrupted,
    undone: now.filter((r) => r.state === "undone"),
    problems,
  };
}

type Files = History["files"];

/** A revision may have been renumbered since it was run, and be said to build on others: what is shown and undone goes by that. */
function asItsFileSays(r: Recorded, files: Files, there: ReadonlySet<string>): Recorded {
  const file = files.get(r.id)?.revision;
  if (file === undefined) return r;
  const parents = nearest(file.parents, files, there) ?? r.parents;
  return { ...r, number: file.number, name: file.name, parents };
}

/** What is there of these or, in place of those that are not, of what they build on. Null: a file on the way is missing. */
function nearest(parents: readonly string[], files: Files, there: ReadonlySet<string>): readonly string[] | null {
  const found = new Set<string>();
  const seen = new Set<string>();
  const left = [...parents];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const file = files.get(next);
    if (there.has(next)) found.add(next);
    else if (file === undefined) return null;
    else left.push(...file.revision.parents);
  }
  return [...found];
}

const gone = (r: Recorded, named: boolean): HistoryProblem =>
  named
    ? {
        kind: "missing",
        revision: r,
        message: `${label(r)} (${r.id}) is applied and others build on it, but its file is missing`,
      }
    : {
        kind: "unknown",
        revision: r,
        message: `${label(r)} (${r.id}) is applied, but the files know nothing of it: the database is ahead of them`,
      };

/**
 * Steps that were run must be as they were; those that were not may be put right. Of one that was begun outside transactions, only
 * what looks for its effect and cleans up may be: what stands on the database is its own statement's.
 */
function interruptedProblems(
  r: Recorded,
  file: RevisionFile | undefined,
  journal: readonly JournalRow[],
): readonly HistoryProblem[] {
  const way = r.state === "applying" ? "applied" : "undone";
  if (file === undefined)
    return [{ kind: "missing", revision: r, message: `${label(r)} (${r.id}) is half ${way}, and its file is missing` }];
  const steps = file.revision[r.state === "applying" ? "up" : "down"];
  return journal
    .filter((j) => j.revision === r.id && !isAsItWas(j, steps[j.n - 1]))
    .map((j) => ({
      kind: "edited",
      revision: r,
      message:
        j.state === "done"
          ? `step ${j.n} of ${file.path} was edited after it was run; the revision is half ${way}`
          : `step ${j.n} of ${file.path} is another than the one that was begun and may have left something: put its statement back and in its place, and right in the database what it stumbles on; the revision is half ${way}`,
    }));
}
const isAsItWas = (j: JournalRow, step: Step | undefined): boolean =>
  step !== undefined &&
  (stepChecksum(step) === j.checksum ||
    (j.state === "intent" && step.kind === "outside" && effectChecksum(step) === j.checksum));

/** The applied revisions that no other applied one builds on. */
export function currentOf(h: Pick<History, "applied">): readonly Recorded[] {
  const built = new Set(h.applied.flatMap((r) => r.parents));
  return h.applied.filter((r) => !built.has(r.id));
}

/** Files of the revision and all it builds on. */
export const lineOf = (list: RevisionList, id: string): readonly RevisionFile[] => {
  const ids = withAncestors(
    list.files.map((f) => f.revision),
    id,
  );
  return list.files.filter((f) => ids.has(f.revision.id));
};
