import type { RevisionList } from "../../revision/list.ts";
import type { CommandSpec, Context } from "../command.ts";
import { done, type Outcome } from "../exit.ts";
import { refuseBroken, refuseHalfRun, statusOf } from "../ledger.ts";
import { openProject } from "../project.ts";
import { findRevision, readRevisions, title } from "../revisions.ts";
import { runOptions, showDry, waitOption } from "../runOptions.ts";
import { withDatabase, withDatabaseAnd } from "../session.ts";
import { count } from "../text.ts";

export const apply: CommandSpec = {
  description:
    "Resumes what an interrupted run left half done. Each step is committed together with its row in the ledger.\n" +
    "With --sql the script is written from the revision files alone, or for what is pending where --url or --env names a database.",
  arguments: [
    {
      syntax: "[target]",
      description: "head (default), +N, a number, a name, or the beginning of one; with --sql also A:B",
    },
  ],
  options: [
    { flags: "--dry-run", description: "show what would be run" },
    { flags: "--sql", description: "print a script for psql instead" },
    waitOption,
  ],
  examples: ["schemac apply", "schemac apply +1 --env staging", "schemac apply --sql 0003:0007 > upgrade.sql"],
  handlesInterrupt: true,
  run,
};

async function run(context: Context): Promise<Outcome> {
  const { out, args, globals } = context;
  const project = await openProject(globals.config);
  const target = args.positional[0] ?? "head";
  if (args.flag("sql")) return sql(context, await readRevisions(project), target, project.ledgerSchema);
  return withDatabaseAnd(
    context,
    () => readRevisions(project),
    async (session, revisions) => {
      const run = await import("../../run/index.ts");
      const dryRun = args.flag("dryRun");
      const result = await run.apply(session.connection, revisions, {
        ...runOptions(context, session),
        target,
        dryRun,
      });
      const document = {
        applied: result.applied.map(title),
        pending: result.pending.map(title),
        resumed: result.resumed === null ? null : title(result.resumed),
      };
      const nothing = result.applied.length > 0 ? null : whyNothing(revisions, target, result.pending.length > 0);
      if (dryRun) {
        const { interrupted } = await statusOf(session, revisions);
        if (nothing !== null) out.answer(nothing);
        const dry = await showDry(out, { revisions, names: result.applied, way: "up", interrupted });
        return done({ ...document, ...dry });
      }
      if (nothing !== null) out.line(nothing);
      else
        out.line(
          `${out.colors.green("applied")} ${count(result.applied.length, "revision")}, now at ${title(result.applied.at(-1)!)}`,
        );
      if (result.pending.length > 0) out.line(`${count(result.pending.length, "revision")} still pending`);
      return done(document);
    },
    project,
  );
}

/** Where something is pending all the same, the target is behind the database; or it is `+0`. */
function whyNothing(revisions: RevisionList, target: string, pending: boolean): string {
  if (!pending) return "Nothing to apply: the database is up to date.";
  if (target.startsWith("+")) return "Nothing to apply.";
  return `Nothing to apply: ${title(findRevision(revisions, target).revision)} is applied already.`;
}

/** Offline, unless the command line itself names a database: then it is asked what it has already. */
async function sql(context: Context, revisions: RevisionList, target: string, ledger: string): Promise<Outcome> {
  const { out, globals, version } = context;
  const { applyScript } = await import("../../run/index.ts");
  const asks = !target.includes(":") && (globals.url !== undefined || globals.env !== undefined);
  const applied = asks
    ? await withDatabase(context, async (session) => {
        const status = await statusOf(session, revisions);
        refuseBroken(status);
        refuseHalfRun(status);
        return status.applied.map((r) => r.id);
      })
    : undefined;
  const tool = `schemac ${version}`;
  const script = applyScript(revisions, target, { ledger, tool, ...(applied === undefined ? {} : { applied }) });
  out.script(script);
  return done({ sql: script });
}
