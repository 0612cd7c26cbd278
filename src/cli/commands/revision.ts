import { join } from "node:path";
import type { CommandSpec, Context } from "../command.ts";
import { done, Failure, type Outcome } from "../exit.ts";
import { openProject, shown } from "../project.ts";
import { nextNumber, readRevisions, slug } from "../revisions.ts";
import { writeFormatted } from "../writeRevision.ts";
import { plan } from "./plan.ts";

export const revision: CommandSpec = {
  description:
    "For data migrations and for what schemac does not model. With --autogenerate it is `schemac plan`, whose options it takes too.",
  options: [
    { flags: "--autogenerate", description: "compare with the database instead: the same as plan" },
    ...(plan.options ?? []),
  ],
  examples: ['schemac revision -m "fill in totals"', 'schemac revision --autogenerate -m "add invoices"'],
  run,
};

/** The long flags of plan's options. */
const planOptions = (plan.options ?? []).flatMap((o) => /--[a-z-]+/.exec(o.flags)?.[0] ?? []);

async function run(context: Context): Promise<Outcome> {
  const { out, args, globals } = context;
  if (args.flag("autogenerate")) return plan.run(context);
  const foreign = planOptions.find((flag) => flag !== "--message" && args.isGiven(flag));
  if (foreign !== undefined)
    throw new Failure(`${foreign} is for plan, and needs --autogenerate; nothing was written`, {
      help: "without --autogenerate an empty revision is written, and no database is asked",
    });
  const message = args.message();
  if (message === undefined)
    throw new Failure("what is the revision called?", { help: 'schemac revision -m "fill in totals"' });
  const project = await openProject(globals.config);
  const list = await readRevisions(project, "no folder is fine");
  const { newRevisionId } = await import("../../revision/id.ts");
  const { renderRevision } = await import("../../revision/write.ts");
  const { revisionFileName } = await import("../../revision/list.ts");
  const empty = { kind: "transaction", statements: [] } as const;
  const written = {
    format: 1,
    id: newRevisionId(),
    number: nextNumber(list.files),
    name: slug(message, "by_hand"),
    parents: list.heads,
    schema: null,
    proof: "not proven",
    hazards: { up: [], down: [] },
    up: [empty],
    down: [empty],
  } as const;
  const path = join(project.generatedFolder, revisionFileName(written));
  const text = renderRevision(written, {
    command: `schemac revision -m ${JSON.stringify(message)}`,
    remarks: [
      "To be filled in: statements are plain SQL, one string each. A step is one transaction.",
      'For work in TypeScript: { kind: "function", run: async ({ query, x }) => { await query("update ..."); } }',
    ],
  });
  await writeFormatted(out, path, text);
  out.answer(`${out.colors.green("wrote")} ${shown(path)}`);
  out.line("Next: fill in up and down, then `schemac apply` runs it.");
  return done({ file: shown(path), id: written.id, number: written.number, name: written.name });
}
