import type { CommandSpec, Context } from "../command.ts";
import { done, type Outcome } from "../exit.ts";
import { openProject } from "../project.ts";
import { readRevisions, revisionJson, title } from "../revisions.ts";

export const branches: CommandSpec = {
  examples: ["schemac branches"],
  run,
};

async function run({ out, globals }: Context): Promise<Outcome> {
  const project = await openProject(globals.config);
  const { files } = await readRevisions(project, "forked is fine");
  const { childrenOf } = await import("../../revision/graph.ts");
  const children = childrenOf(files.map((f) => f.revision));
  const forks = files.flatMap((f) => {
    const next = children.get(f.revision.id) ?? [];
    return next.length > 1 ? [{ from: f, to: files.filter((g) => next.includes(g.revision.id)) }] : [];
  });
  for (const { from, to } of forks) {
    out.answer(`${title(from.revision)} (fork)`);
    for (const t of to) out.answer(`  -> ${title(t.revision)}`);
  }
  if (forks.length === 0) out.line("One line of revisions: nothing forks.");
  return done({ branches: forks.map(({ from, to }) => ({ from: revisionJson(from), to: to.map(revisionJson) })) });
}
