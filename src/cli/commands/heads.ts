import type { CommandSpec, Context } from "../command.ts";
import { done, type Outcome } from "../exit.ts";
import { openProject } from "../project.ts";
import { readRevisions, revisionJson, title } from "../revisions.ts";

export const heads: CommandSpec = {
  examples: ["schemac heads"],
  run,
};

async function run({ out, globals }: Context): Promise<Outcome> {
  const project = await openProject(globals.config);
  const list = await readRevisions(project, "forked is fine");
  const found = list.files.filter((f) => list.heads.includes(f.revision.id));
  for (const f of found) out.answer(`${title(f.revision)}  ${out.colors.dim(f.revision.id)}`);
  if (found.length === 0) out.line("There are no revisions yet.");
  return done({ heads: found.map(revisionJson) });
}
