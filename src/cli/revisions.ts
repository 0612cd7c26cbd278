/** The revision files of a project for the commands: read once, broken ones named. */
import type { RevisionFile, RevisionList } from "../revision/list.ts";
import type { RevisionProblem } from "../revision/read.ts";
import { findRevision as find } from "../run/goal.ts";
import { exits, Failure, type Json, type JsonObject } from "./exit.ts";
import { shown, type Project } from "./project.ts";
import { count, inLine } from "./text.ts";

/** All revisions, broken ones among the problems. */
export async function listAll(project: Project): Promise<RevisionList> {
  const { listRevisionsMeanwhile } = await import("../revision/list.ts");
  return listRevisionsMeanwhile(shown(project.generatedFolder));
}

/**
 * All revisions; fails when their folder is not there, a file is broken or they make no one history. Runs none of them.
 * `fine`: what may be amiss all the same; there is no folder before the first is written.
 */
export async function readRevisions(
  project: Project,
  fine?: "forked is fine" | "no folder is fine",
): Promise<RevisionList> {
  const found = await listAll(project);
  if (fine !== "no folder is fine" && found.problems.some((p) => p.absent))
    (await import("../run/history.ts")).refuseAbsent(found);
  const key = fine === "forked is fine" ? "forked" : "absent";
  const problems = found.problems.filter((p) => !p[key]);
  if (problems.length > 0) throw revisionsFailure(problems);
  return fine === "no folder is fine" ? { ...found, problems } : found;
}

export function revisionsFailure(problems: readonly RevisionProblem[]): Failure {
  return new Failure(`${count(problems.length, "problem")} in the revision files; nothing was run`, {
    exit: exits.history,
    details: problems.map((p) => `  ${placeOf(p)}: ${inLine(p.message)}`),
    document: {
      revisionProblems: problems.map((p): Json => ({
        file: shown(p.file),
        line: p.line,
        column: p.column,
        message: p.message,
      })),
    },
  });
}
const placeOf = (p: RevisionProblem): string =>
  p.line === null ? shown(p.file) : `${shown(p.file)}:${p.line}:${p.column ?? 1}`;

/** `0007_add_invoices` */
export const title = (r: { readonly number: number; readonly name: string }): string =>
  inLine(`${String(r.number).padStart(4, "0")}_${r.name}`);

/** The number that the next revision gets. */
export const nextNumber = (files: readonly RevisionFile[]): number =>
  files.reduce((most, f) => Math.max(most, f.revision.number), 0) + 1;

/** A message as a part of a file name: lower-case ASCII words. `fallback` where nothing of it is left. */
export function slug(message: string, fallback: string): string {
  const words = message
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return words.slice(0, 60).replace(/_+$/, "") || fallback;
}

/**
 * The revision that a text names: `head`, a number, a name, an id, or the beginning of one that fits no other. Fails when
 * there is none, or more than one, which `head` is where the history forks. `also`: what else could be said there.
 */
export function findRevision({ files, heads }: RevisionList, text: string, also = "head"): RevisionFile {
  if (files.length === 0)
    throw new Failure("there are no revisions yet", {
      help: "`schemac plan` writes one where there is a difference, `schemac revision` an empty one",
    });
  const last = files.filter(({ revision }) => heads.includes(revision.id));
  if (text === "head" && last.length > 1)
    throw new Failure(`"head" could be ${last.map(({ revision }) => title(revision)).join(" or ")}`);
  if (text === "head" && last[0]) return last[0];
  const revisions = files.map((f) => f.revision);
  return files[revisions.indexOf(find(revisions, text.replace(/\.ts$/, ""), also))]!;
}

export const revisionJson = ({ path, revision: r, checksum }: RevisionFile): JsonObject => ({
  id: r.id,
  number: r.number,
  name: r.name,
  parents: r.parents,
  file: shown(path),
  checksum,
  proof: r.proof,
  hazards: r.hazards.up.map((h) => ({ ...h })),
  hazardsDown: r.hazards.down.map((h) => ({ ...h })),
});
