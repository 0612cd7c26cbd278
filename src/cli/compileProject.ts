/** The pipeline for a project: its files, its database, what earlier runs learnt. */
import { staysUnsaid } from "../kinds/silence.ts";
import type { Compiled } from "../compile.ts";
import type { Snapshot } from "../observe.ts";
import type { Context } from "./command.ts";
import { Failure } from "./exit.ts";
import { shown } from "./project.ts";
import { problemsFailure } from "./report.ts";
import type { SchemaFiles } from "./schemaFiles.ts";
import { openScratch } from "./scratch.ts";
import type { Session } from "./session.ts";

/** Compiles, and ends here when the text is broken or nobody has said anything about a full database. */
export async function compileProject(
  context: Context,
  session: Session,
  files: SchemaFiles,
  snapshot?: Snapshot,
): Promise<Compiled> {
  const { out } = context;
  const { cacheFile, configFile } = session.project;
  const { compile, emptyMemory } = await import("../compile.ts");
  const { KeptMemory } = await import("../memory.ts");
  // Without a config this folder is no project of ours, and gets no folder of ours.
  const kept = configFile === null ? null : new KeptMemory(cacheFile, context.version);
  const compiled = await compile({
    connection: session.connection,
    files: files.files,
    values: session.values,
    scope: session.scope,
    ...(snapshot ? { snapshot } : {}),
    memory: kept ?? emptyMemory(),
    borrow: openScratch,
  });
  const problems = [...files.problems, ...compiled.problems];
  if (problems.some((p) => p.severity === "error")) throw problemsFailure(problems, files.files, out);
  kept?.save();
  if (
    compiled.plan !== null &&
    // Owners and roles stay without being said.
    compiled.desired.objects.every(staysUnsaid) &&
    compiled.observation.database.objects.length > 0
  )
    await saysSomething(files, session);
  return compiled;
}

/** An empty schema folder beside a full database is a beginning, not a wish to drop everything. */
async function saysSomething(files: SchemaFiles, session: Session): Promise<void> {
  const { parse } = await import("../../grammar/index.ts");
  if (files.files.some((f) => parse(f.path, f.text, session.values).declarations.length > 0)) return;
  throw new Failure(
    `${shown(session.project.schemaFolder)} says nothing yet, and the database is not empty; import first`,
    { help: "`schemac import` writes the .schema files of the database as it is" },
  );
}
