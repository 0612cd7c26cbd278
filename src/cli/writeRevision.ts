/** Writes a plan as the next revision file. */
import { join } from "node:path";
import type { Plan } from "../model/plan.ts";
import type { RevisionList } from "../revision/list.ts";
import { writeNew } from "./files.ts";
import type { Output } from "./output.ts";
import { locking, planName } from "./planText.ts";
import type { Project } from "./project.ts";
import { nextNumber, slug } from "./revisions.ts";

export interface WrittenRevision {
  readonly path: string;
  readonly id: string;
}

/** `schema`: checksum of the declared database that the plan leads to. `command`: what wrote it, for the reader. */
export async function writeRevision(
  out: Output,
  project: Project,
  revisions: RevisionList,
  plan: Plan,
  about: { readonly message: string | undefined; readonly schema: string | null; readonly command: string },
): Promise<WrittenRevision> {
  const { composeRevision } = await import("../compose.ts");
  const { newRevisionId } = await import("../revision/id.ts");
  const { renderRevision } = await import("../revision/write.ts");
  const { revisionFileName } = await import("../revision/list.ts");
  const revision = composeRevision(plan, {
    id: newRevisionId(),
    number: nextNumber(revisions.files),
    name: slug(about.message ?? planName(plan), "change"),
    parents: revisions.heads,
    schema: about.schema,
  });
  const path = join(project.generatedFolder, revisionFileName(revision));
  const text = renderRevision(revision, {
    command: about.message === undefined ? about.command : `${about.command} -m ${JSON.stringify(about.message)}`,
    up: locking(plan.up).map((step) => ({ step })),
    down: locking(plan.down).map((step) => ({ step })),
  });
  await writeFormatted(out, path, text);
  return { path, id: revision.id };
}

/** Tells why a revision is not laid out as the project has it configured, which is no reason not to write it. */
const unformatted =
  (out: Output) =>
  (why: string): void =>
    out.warn(`the revision is not laid out by the project's Prettier config: ${why.split("\n")[0]}`);

/** Writes a new revision, laid out as the project has it configured. */
export async function writeFormatted(out: Output, path: string, text: string): Promise<void> {
  const { formatRevision } = await import("../revision/write.ts");
  writeNew({ path, text: await formatRevision(text, path, unformatted(out)) });
}
