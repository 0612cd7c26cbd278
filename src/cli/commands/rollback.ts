import type { RevisionList } from "../../revision/list.ts";
import type { LossQuestion } from "../../run/rollback.ts";
import type { CommandSpec, Context } from "../command.ts";
import { answer, questionJson, type Question } from "../consent.ts";
import { done, exits, Failure, type Outcome } from "../exit.ts";
import { refuseHalfRun, statusOf } from "../ledger.ts";
import { openProject } from "../project.ts";
import { listAll, readRevisions, title } from "../revisions.ts";
import { runOptions, showDry, waitOption } from "../runOptions.ts";
import { withDatabase } from "../session.ts";
import { count, inLine, list, shellQuoted } from "../text.ts";

export const rollback: CommandSpec = {
  description: "Where the way back loses rows it asks first: --allow-loss consents.",
  arguments: [
    { syntax: "[target]", description: "-1 (default), -N, base, or the revision that stays; with --sql also A:B" },
  ],
  options: [
    {
      flags: "--allow-loss <id>",
      description: "consent to a loss: an id as it is asked for, or '*'; may be repeated",
      many: true,
    },
    { flags: "--dry-run", description: "show what would be undone" },
    { flags: "--sql", description: "print a script for psql instead" },
    waitOption,
  ],
  examples: [
    "schemac rollback",
    "schemac rollback base --allow-loss '*'",
    "schemac rollback --sql head:0003 > downgrade.sql",
  ],
  handlesInterrupt: true,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const { out, args, globals } = context;
  const project = await openProject(globals.config);
  const target = args.positional[0] ?? "-1";
  if (args.flag("sql")) return sql(context, await readRevisions(project), target, project.ledgerSchema);
  // What is broken may be what to go back from: the runner refuses what it cannot undo.
  const revisions = await listAll(project);
  return withDatabase(
    context,
    async (session) => {
      const runner = await import("../../run/index.ts");
      const dryRun = args.flag("dryRun");
      const given = args.texts("allowLoss");
      const attempt = (allowLoss: readonly string[]) =>
        runner.rollback(session.connection, revisions, { ...runOptions(context, session), target, dryRun, allowLoss });
      let result = await attempt(given);
      // Our short forms are shorter than the runner's.
      const { open, ambiguous } = answer(questions(result.questions), result.questions.length > 0 ? given : []);
      for (const a of ambiguous) out.warn(`--allow-loss ${a.answer} fits ${list(a.fits)}; say which`);
      // Looking loses nothing, and tells what a run will ask for.
      if (!dryRun && open.length > 0) throw asked(open);
      if (!dryRun && result.questions.length > 0) result = await attempt(result.questions.map((q) => q.on));
      const document = {
        undone: result.undone.map(title),
        resumed: result.resumed === null ? null : title(result.resumed),
      };
      if (dryRun) {
        const { interrupted } = await statusOf(session, revisions);
        if (result.undone.length === 0) out.answer("Nothing to undo.");
        const dry = await showDry(out, { revisions, names: result.undone, way: "down", interrupted });
        if (open.length > 0) out.line(`The way back loses data: ${consent(open)}`);
        return done({ ...document, ...dry, questions: open.map(questionJson("--allow-loss")) });
      }
      if (result.undone.length === 0) out.line("Nothing to undo.");
      else {
        // The run says it: its connection may be another one than ours by now.
        const now = result.current.map(title);
        out.line(
          `${out.colors.green("undone")} ${count(result.undone.length, "revision")}, now at ${now.length > 0 ? list(now) : "base: no revision is applied"}`,
        );
      }
      return done(document);
    },
    project,
  );
}

const questions = (asked: readonly LossQuestion[]): readonly Question[] =>
  asked.map((q) => ({ id: q.on, code: q.code, detail: `${q.detail} (${title(q.revision)})` }));

const idsOf = (open: readonly Question[]): readonly string[] => [...new Set(open.map((q) => q.id))];

function consent(open: readonly Question[]): string {
  const ids = idsOf(open);
  return `consent with ${ids.length > 3 ? "--allow-loss ID for each, or --allow-loss '*' for all" : ids.map((id) => `--allow-loss ${shellQuoted(id)}`).join(" ")}`;
}

function asked(open: readonly Question[]): Failure {
  return new Failure(`the way back loses data: ${count(idsOf(open).length, "answer")} needed; nothing was run`, {
    exit: exits.question,
    details: open.map((q) => `  ${inLine(q.id)}: ${inLine(q.detail)}`),
    help: consent(open),
    document: { questions: open.map(questionJson("--allow-loss")) },
  });
}

/** `A:B` from the files alone; else from the last revision, or from where the database is that the command line names. */
async function sql(context: Context, revisions: RevisionList, target: string, ledger: string): Promise<Outcome> {
  const { out, globals, version } = context;
  const { rollbackScript } = await import("../../run/index.ts");
  const range = target.includes(":") ? target : await rangeTo(context, revisions, target, globals.url ?? globals.env);
  const script = rollbackScript(revisions, range, { ledger, tool: `schemac ${version}` });
  out.script(script);
  return done({ sql: script });
}

async function rangeTo(
  context: Context,
  { files }: RevisionList,
  target: string,
  named: string | undefined,
): Promise<string> {
  if (target === "")
    throw new Failure("the target is empty", {
      help: "perhaps a variable is not set; where no target is meant, leave it out",
    });
  const current =
    named === undefined
      ? files.at(-1)?.revision.id
      : await withDatabase(context, async (session) => {
          const all = await readRevisions(session.project);
          const status = await statusOf(session, all);
          refuseHalfRun(status);
          return status.current[0]?.id;
        });
  if (current === undefined) throw new Failure("nothing is applied, so there is nothing to undo");
  const back = /^-(\d+)$/.exec(target)?.[1];
  if (back === undefined) return `${current}:${target}`;
  const at = files.findIndex((f) => f.revision.id === current) - Number(back);
  if (at < -1) throw new Failure(`"${target}" is more than the ${at + Number(back) + 1} revisions there are`);
  return `${current}:${at === -1 ? "base" : files[at]!.revision.id}`;
}
