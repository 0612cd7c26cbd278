import { staysUnsaid } from "../../kinds/silence.ts";
import { readFileSync } from "node:fs";
import type { Compiled } from "../../compile.ts";
import { composeRevision } from "../../compose.ts";
import { encode } from "../../model/id.ts";
import type { Plan } from "../../model/plan.ts";
import type { Snapshot } from "../../observe.ts";
import type { RevisionList } from "../../revision/list.ts";
import type { CommandSpec, Context } from "../command.ts";
import { compileProject } from "../compileProject.ts";
import { answer, questionJson, questionsOf, type Question } from "../consent.ts";
import { done, exits, Failure, type JsonObject, type Outcome } from "../exit.ts";
import { nothingPending } from "../ledger.ts";
import { changes, hazards, locking, planJson } from "../planText.ts";
import { openProject, shown } from "../project.ts";
import { showWarnings } from "../report.ts";
import { readRevisions } from "../revisions.ts";
import { readSchemaFolder, type SchemaFiles } from "../schemaFiles.ts";
import { withDatabase, type Session } from "../session.ts";
import { stepScript } from "../stepScript.ts";
import { clean, count, list, shellQuoted } from "../text.ts";
import { unmodelledJson, unmodelledLines } from "../unmodelled.ts";
import { writeRevision } from "../writeRevision.ts";

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
  const files = readSchemaFolder(project.schemaFolder);
  if (files.files.length + files.problems.length === 0)
    throw new Failure(`${shown(project.schemaFolder)} holds no .schema files`, {
      help: "write one, or import first: `schemac import` writes them from a database",
    });
  // Loaded while the connection is made.
  const parts = Promise.all([import("../../observe.ts"), import("../../run/status.ts")]);
  let revisions: RevisionList | null = null;
  try {
    return await withDatabase(
      context,
      async (session) => {
        const [{ openSnapshot }, { readStanding }] = await parts;
        const standing = await readStanding(session.connection, { ledger: project.ledgerSchema });
        const snapshot = await openSnapshot(session.connection, session.scope);
        // The server reads its catalog while the revisions are read here.
        await snapshot.start();
        revisions = await readRevisions(project);
        await nothingPending(session, revisions, standing);
        return planWith(context, session, files, snapshot, revisions, allowed);
      },
      project,
    );
  } catch (error) {
    // What is wrong with the files comes before what is wrong with the database.
    if (revisions === null) await readRevisions(project);
    throw error;
  }
}

async function planWith(
  context: Context,
  session: Session,
  files: SchemaFiles,
  snapshot: Snapshot,
  revisions: RevisionList,
  allowed: readonly string[],
): Promise<Outcome> {
  const { out, args } = context;
  const compiled = await compileProject(context, session, files, snapshot);
  showWarnings(compiled.problems, files.files, out);
  const unmodelled = compiled.observation.unmodelled;
  for (const line of unmodelledLines(unmodelled, out.verbose)) out.note(line);
  if (compiled.refusals.length > 0) throw refused(compiled, args.flag("check"));
  const base: JsonObject = {
    unmodelled: unmodelledJson(unmodelled),
    ...(out.json ? { schema: compiled.checksum() } : {}),
  };
  if (compiled.plan === null) {
    out.line("No difference: the database is as schema/ says.");
    return done({ ...base, difference: false });
  }

  const found = compiled.plan;
  const check = args.flag("check");
  show(context, found);
  const document: JsonObject = { ...base, difference: true, proof: "not proven", plan: planJson(found) };
  if (check) {
    out.line();
    out.line("There is a difference.");
    return done(document, exits.different);
  }
  const questions = questionsOf(found.up.hazards.map((h) => ({ code: h.code, on: encode(h.on), detail: h.detail })));
  const { open, ambiguous, unused } = answer(questions, allowed);
  for (const a of ambiguous) out.warn(`--allow-drop ${a.answer} fits ${list(a.fits)}; say which`);
  for (const a of unused) out.note(`--allow-drop ${a} fits nothing that this plan would lose`);
  if (open.length > 0) throw asked(open, document, dropsEverything(found, compiled));
  if (args.flag("dryRun")) {
    out.line();
    out.line("Nothing was written (--dry-run).");
    return done(document);
  }
  const { path: file } = await writeRevision(session.project, revisions, found, {
    message: args.text("message"),
    schema: compiled.checksum(),
    command: "schemac plan",
  });
  out.line();
  out.answer(`${out.colors.green("wrote")} ${shown(file)} (not proven: it was not tried on a scratch database)`);
  out.line("Next: read it, then `schemac apply` runs it.");
  return done({ ...document, file: shown(file) });
}

function show({ out, args }: Context, found: Plan): void {
  // Beside SQL everything else is a comment, so that the whole can be piped on.
  const sql = args.flag("sql");
  const say = (line: string): void => out.line(sql ? (line === "" ? "" : `-- ${line}`) : line);
  for (const line of changes(found, out.colors)) say(line);
  const dangers = hazards(found.up, out.colors);
  if (dangers.length > 0) say("");
  for (const line of dangers) say(line);
  const back = hazards(found.down, out.colors);
  if (back.length > 0) say("");
  for (const line of back) say(`on the way back: ${line}`);
  say("");
  for (const line of locking(found.up)) say(line);
  if (!sql) return;
  out.line();
  out.script(stepScript(composeRevision(found, { id: "", number: 1, name: "", parents: [], schema: null }).up));
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
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Failure(
      `--answers ${file} is no JSON file that can be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  const texts = (key: string): readonly string[] => {
    const v =
      typeof value === "object" && value !== null ? Object.entries(value).find(([k]) => k === key)?.[1] : undefined;
    if (v === undefined) return [];
    if (Array.isArray(v) && v.every((t): t is string => typeof t === "string")) return v;
    throw new Failure(`${key} in ${file} must be a list of texts`);
  };
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Failure(`${file} must hold an object`);
  return { allowDrop: texts("allowDrop"), renames: texts("renames") };
}

/** A change that would break something not modelled. To `--check` it is a difference like any other. */
function refused(compiled: Compiled, check: boolean): Failure {
  return new Failure("the plan would break what schemac does not model yet; nothing was written", {
    exit: check ? exits.different : exits.failed,
    details: compiled.refusals.map((r) => `  ${clean(r.message)}`),
    help: "drop or change these by hand (`schemac revision` writes an empty revision), then plan again",
    document: {
      refusals: compiled.refusals.map((r) => ({
        change: encode(r.change),
        breaks: r.breaks && { what: r.breaks.what, name: r.breaks.name },
        message: r.message,
      })),
    },
  });
}

/** True when nothing that the database holds would stay. */
const dropsEverything = (found: Plan, compiled: Compiled): boolean =>
  found.deltas.filter((d) => d.op === "drop").length ===
  compiled.observation.database.objects.filter((o) => !staysUnsaid(o)).length;

function asked(open: readonly Question[], document: JsonObject, everything: boolean): Failure {
  const ids = [...new Set(open.map((q) => q.id))];
  return new Failure(`${count(ids.length, "answer")} needed before this is written`, {
    exit: exits.question,
    details: open.map((q) => `  ${clean(q.id)}: ${clean(q.detail)}`),
    help: [
      `consent with ${ids.length > 3 ? "--allow-drop ID for each, or --allow-drop '*' for all" : ids.map((id) => `--allow-drop ${shellQuoted(clean(id))}`).join(" ")}`,
      ...(everything ? ["is this the right database? To begin with what it holds, run `schemac import` first"] : []),
    ],
    document: { ...document, questions: open.map(questionJson("--allow-drop")) },
  });
}
