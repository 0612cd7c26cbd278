import { readFileSync } from "node:fs";
import type { Compiled } from "../../compile.ts";
import { encode } from "../../model/id.ts";
import { openSnapshot, type Snapshot } from "../../snapshot.ts";
import type { RevisionList } from "../../revision/list.ts";
import type { CommandSpec, Context } from "../command.ts";
import { compileProject, openMemory, type ProjectMemory, startSnapshot } from "../compileProject.ts";
import { done, exits, Failure, type JsonObject, type Outcome } from "../exit.ts";
import { nothingPending } from "../ledger.ts";
import { openProject, pathOf, shown } from "../project.ts";
import { showWarnings } from "../report.ts";
import { readRevisions } from "../revisions.ts";
import { readSchemaFolder, type SchemaFiles } from "../schemaFiles.ts";
import { withDatabaseAnd, type Session } from "../session.ts";
import { nearest } from "../../problems.ts";
import { besideSql, clean, inLine, list } from "../text.ts";
import { unmodelledJson, unmodelledLines } from "../unmodelled.ts";

export const plan: CommandSpec = {
  description:
    "Prints what is created, changed and dropped, and what is dangerous about it, then writes generated/NNNN_message.ts.\n" +
    "Without a difference nothing is written. What would lose rows is asked for and needs --allow-drop.",
  options: [
    { flags: "-m, --message <text>", description: "what the revision is called" },
    { flags: "--dry-run", description: "print only" },
    { flags: "--check", description: "print only, and exit 2 when there is a difference" },
    { flags: "--sql", description: "print the SQL too" },
    {
      flags: "--allow-drop <id>",
      description: "consent to a loss: an id as it is asked for, or '*'; may be repeated",
      many: true,
    },
    {
      flags: "--rename <old=new>",
      description: "answer a rename (comes later: a rename is a drop and an add)",
      many: true,
    },
    { flags: "--no-renames", description: "nothing is a rename" },
    { flags: "--answers <file>", description: 'answers from a JSON file: { "allowDrop": ["table:shop.orders"] }' },
  ],
  examples: [
    'schemac plan -m "add invoices"',
    "schemac plan --check",
    "schemac plan --allow-drop column:shop.orders.note",
  ],
  run,
};

async function run(context: Context): Promise<Outcome> {
  const allowed = consents(context);
  const project = await openProject(context.globals.config);
  // What is wrong with the files of either kind comes before what is wrong with the database.
  let revisionsUnread = false;
  try {
    return await withDatabaseAnd(
      context,
      async () => {
        const files = readSchemaFolder(project.schemaFolder);
        if (files.files.length + files.problems.length === 0)
          throw new Failure(`${shown(project.schemaFolder)} holds no .schema files`, {
            help: "write one, or import first: `schemac import` writes them from a database",
          });
        revisionsUnread = true;
        const memory = await openMemory(context, project);
        const [{ readStanding }] = await Promise.all([
          import("../../run/status.ts"),
          // Where nothing was settled before, all that reads a catalog will be needed.
          memory.kept !== null && memory.kept.settled.size > 0 ? null : import("../../observe.ts"),
        ]);
        return { files, memory, readStanding };
      },
      async (session, { files, memory, readStanding }) => {
        const standing = await readStanding(session.connection, { ledger: project.ledgerSchema });
        const snapshot = await openSnapshot(session.connection, session.scope);
        // The server reads its catalog while the revisions are read here.
        await startSnapshot(snapshot, files, session, memory);
        const revisions = await readRevisions(project, "no folder is fine");
        revisionsUnread = false;
        await nothingPending(session, revisions, standing);
        return planWith(context, session, files, { snapshot, memory }, revisions, allowed);
      },
      project,
    );
  } catch (error) {
    if (revisionsUnread) await readRevisions(project, "no folder is fine");
    throw error;
  }
}

async function planWith(
  context: Context,
  session: Session,
  files: SchemaFiles,
  { snapshot, memory }: { readonly snapshot: Snapshot; readonly memory: ProjectMemory },
  revisions: RevisionList,
  allowed: readonly string[],
): Promise<Outcome> {
  const { out, args } = context;
  const compiled = await compileProject(context, session, files, snapshot, memory);
  showWarnings(compiled.problems, files.files, out);
  const { unmodelled } = compiled;
  for (const line of unmodelledLines(unmodelled, out.verbose)) out.note(line);
  if (compiled.refusals.length > 0) throw refused(compiled, args.flag("check"));
  const base: JsonObject = {
    unmodelled: unmodelledJson(unmodelled),
    ...(out.json ? { schema: compiled.checksum() } : {}),
  };
  if (compiled.plan === null) {
    const none = besideSql(args.flag("sql"), "No difference: the database is as schema/ says.");
    if (args.flag("dryRun")) out.answer(none);
    else out.line(none);
    return done({ ...base, difference: false });
  }

  // What describes a difference is loaded where there is one.
  const { planned } = await import("../planned.ts");
  return planned(context, session.project, compiled, { plan: compiled.plan, base, allowed, revisions });
}

/** Consents of the command line and of a file. */
function consents({ args }: Context): readonly string[] {
  const renames = args.texts("rename");
  const file = args.text("answers");
  const answers = file === undefined ? { allowDrop: [], renames: [] } : readAnswers(file);
  if (renames.length + answers.renames.length > 0)
    throw new Failure("renames come later: for now a rename is a drop and an add", {
      help: "leave --rename out; --allow-drop consents to the drop",
    });
  return [...args.texts("allowDrop"), ...answers.allowDrop];
}

function readAnswers(file: string): { readonly allowDrop: readonly string[]; readonly renames: readonly string[] } {
  const path = pathOf(file, "--answers");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Failure(
      `--answers ${file} is no JSON file that can be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Failure(`${file} must hold an object`);
  const said = new Map<string, unknown>(Object.entries(value));
  const keys = ["allowDrop", "renames"] as const;
  for (const key of said.keys())
    if (!keys.some((k) => k === key)) {
      const near = nearest(key, keys);
      throw new Failure(`${file} holds ${JSON.stringify(clean(key))}, which means nothing`, {
        help: near === null ? `it may hold ${list(keys.map((k) => JSON.stringify(k)))}` : `did you mean "${near}"?`,
      });
    }
  const texts = (key: (typeof keys)[number]): readonly string[] => {
    const v = said.get(key) ?? [];
    if (Array.isArray(v) && v.every((t): t is string => typeof t === "string")) return v;
    throw new Failure(`${key} in ${file} must be a list of texts`);
  };
  return { allowDrop: texts("allowDrop"), renames: texts("renames") };
}

/** A change that would break something not modelled, or for which there is no way. To `--check` it is a difference like any other. */
function refused(compiled: Compiled, check: boolean): Failure {
  const [why, what] = compiled.refusals.some((r) => r.breaks)
    ? ["the plan would break what schemac does not model yet", "drop or change these by hand"]
    : ["there is no way to make these changes", "leave them out, or make them by hand"];
  return new Failure(`${why}; nothing was written`, {
    exit: check ? exits.different : exits.failed,
    details: compiled.refusals.map((r) => `  ${inLine(r.message)}`),
    help: `${what} (\`schemac revision\` writes an empty revision), then plan again`,
    document: {
      refusals: compiled.refusals.map((r) => ({
        change: encode(r.change),
        breaks: r.breaks && { what: r.breaks.what, name: r.breaks.name },
        message: r.message,
      })),
    },
  });
}
