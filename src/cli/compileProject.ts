/** The pipeline for a project: its files, its database, what earlier runs learnt. */
import type { Compiled } from "../compile.ts";
import type { KeptMemory } from "../memory.ts";
import { isUntouched, recall, settledKey } from "../settled.ts";
import { openSnapshot, type Snapshot } from "../snapshot.ts";
import type { Context } from "./command.ts";
import { Failure } from "./exit.ts";
import { type Project, shown } from "./project.ts";
import { problemsFailure } from "./report.ts";
import type { SchemaFiles } from "./schemaFiles.ts";
import { openScratch } from "./scratch.ts";
import type { Session } from "./session.ts";

/** What earlier runs learnt; null: this folder keeps nothing. */
export interface ProjectMemory {
  readonly kept: KeptMemory | null;
}

/** Without a config a folder is no project of ours, and gets no folder of ours. */
export async function openMemory(context: Context, { configFile, cacheFile }: Project): Promise<ProjectMemory> {
  if (configFile === null) return { kept: null };
  const { KeptMemory } = await import("../memory.ts");
  return { kept: new KeptMemory(cacheFile, context.version) };
}

/** Sends off what will be asked first, so that the server works while something else is done here. */
export async function startSnapshot(
  snapshot: Snapshot,
  files: SchemaFiles,
  session: Session,
  memory: ProjectMemory,
): Promise<void> {
  const before = memory.kept?.settled.get(settledKey(meant(files, session)));
  if (before && isUntouched(before, snapshot)) return;
  await snapshot.start(before && "mark");
}
const meant = ({ files }: SchemaFiles, { values, scope }: Session) => ({ files, values, scope });

/** Compiles, and ends here when the text is broken or nobody has said anything about a full database. */
export async function compileProject(
  context: Context,
  session: Session,
  files: SchemaFiles,
  opened?: Snapshot,
  memory?: ProjectMemory,
): Promise<Compiled> {
  const { out } = context;
  const { kept } = (memory ??= await openMemory(context, session.project));
  const snapshot = opened ?? (await openSnapshot(session.connection, session.scope));
  // Asked before anything that knows a kind is loaded. A file that cannot be read is none of those that were settled.
  const again =
    kept && files.problems.length === 0 ? await recall(kept.settled, meant(files, session), snapshot) : null;
  if (again) {
    kept?.save();
    await snapshot.close();
    return again;
  }
  const { compile, emptyMemory } = await import("../compile.ts");
  const compiled = await compile({
    connection: session.connection,
    files: files.files,
    values: session.values,
    scope: session.scope,
    snapshot,
    memory: kept ?? emptyMemory(),
    borrow: openScratch,
  });
  const problems = [...files.problems, ...compiled.problems];
  if (problems.some((p) => p.severity === "error")) throw problemsFailure(problems, files.files, out);
  kept?.save();
  if (compiled.plan !== null && compiled.observation !== null && compiled.observation.database.objects.length > 0) {
    const { staysUnsaid } = await import("../kinds/silence.ts");
    // Owners and roles stay without being said.
    if (compiled.desired?.objects.every(staysUnsaid)) await saysSomething(files, session);
  }
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
