import { existsSync, rmSync } from "node:fs";
import type { RevisionList } from "../../revision/list.ts";
import type { CommandSpec, Context } from "../command.ts";
import { done, exits, Failure, type Outcome } from "../exit.ts";
import { nothingPending, statusOf } from "../ledger.ts";
import { observe } from "../observed.ts";
import { openProject, shown, type Project } from "../project.ts";
import { readRevisions } from "../revisions.ts";
import { runOptions, waitOption } from "../runOptions.ts";
import { readSchemaFolder } from "../schemaFiles.ts";
import { withDatabase, type Session } from "../session.ts";
import { compileProject } from "../compileProject.ts";
import { unmodelledJson, unmodelledLines } from "../unmodelled.ts";
import { writeRevision } from "../writeRevision.ts";

export const baseline: CommandSpec = {
  description:
    "For a database that was there before its revisions: others can then be built from nothing by `schemac apply`.",
  options: [
    { flags: "-m, --message <text>", description: "what the revision is called (default: baseline)" },
    waitOption,
  ],
  handlesInterrupt: true,
  examples: [
    "schemac import --url postgres://me@localhost/shop && schemac baseline --url postgres://me@localhost/shop",
  ],
  run,
};

async function run(context: Context): Promise<Outcome> {
  const { out, args, globals } = context;
  const project = await openProject(globals.config);
  const revisions = await readRevisions(project, "no folder is fine");
  if (revisions.files.length > 0)
    throw new Failure("there are revisions already, so this would not be the first", {
      help: "`schemac stamp` records them as applied",
    });
  return withDatabase(
    context,
    async (session) => {
      // A ledger that knows revisions which the files don't is somebody else's history.
      await nothingPending(session, revisions);
      const schema = await checksumOfSchema(context, session, project);
      const observation = await observe(session, { dependencies: true });
      const { plan } = await import("../../plan/index.ts");
      const { ownPart } = await import("../../kinds/silence.ts");
      // Roles are of the whole server: most of them have nothing to do with this database.
      const found = plan({ objects: [] }, ownPart(observation.database), { version: observation.version }).plan;
      if (found === null) throw new Failure("the database holds nothing that could be a baseline");
      if (context.signal.aborted) throw new Failure("interrupted; nothing was changed", { exit: exits.interrupted });
      const message = args.message() ?? "baseline";
      const { path, id } = await writeRevision(out, project, revisions, found, {
        message,
        schema,
        command: "schemac baseline",
      });
      const run = await import("../../run/index.ts");
      const list = await readRevisions(project);
      try {
        await run.stamp(session.connection, list, id, { ...runOptions(context, session), how: "baseline" });
      } catch (error) {
        // Left behind it would be in the way of doing this again.
        if (await isUnrecorded(session, list, id)) rmSync(path, { force: true });
        throw error;
      }
      out.answer(`${out.colors.green("wrote")} ${shown(path)} and recorded it as applied`);
      for (const line of unmodelledLines(observation.unmodelled, out.verbose)) out.note(line);
      if (schema === null) out.note("schema/ does not say yet what the database holds: `schemac import` writes it");
      return done({ file: shown(path), id, schema, unmodelled: unmodelledJson(observation.unmodelled) });
    },
    project,
  );
}

/** Whether the database says that it knows nothing of the revision. Where it cannot be asked, it may. */
async function isUnrecorded(session: Session, list: RevisionList, id: string): Promise<boolean> {
  try {
    return !(await statusOf(session, list)).applied.some((r) => r.id === id);
  } catch {
    return false;
  }
}

/** Checksum of schema/ where it says just what the database holds; null where it does not, or says nothing. */
async function checksumOfSchema(context: Context, session: Session, project: Project): Promise<string | null> {
  if (!existsSync(project.schemaFolder)) return null;
  const files = readSchemaFolder(project.schemaFolder);
  if (files.files.length === 0) return null;
  const compiled = await compileProject(context, session, files);
  return compiled.plan === null && compiled.refusals.length === 0 ? compiled.checksum() : null;
}
