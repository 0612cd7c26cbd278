/** What `plan` does about a difference: shows it, asks, writes the revision. */
import type { Compiled } from "../compile.ts";
import { composeRevision } from "../compose.ts";
import { staysUnsaid } from "../kinds/silence.ts";
import { encode } from "../model/id.ts";
import type { Plan } from "../model/plan.ts";
import type { RevisionList } from "../revision/list.ts";
import type { Context } from "./command.ts";
import { answer, questionJson, questionsOf, type Question } from "./consent.ts";
import { done, exits, Failure, type JsonObject, type Outcome } from "./exit.ts";
import { changes, hazards, locking, planJson } from "./planText.ts";
import { type Project, shown } from "./project.ts";
import { stepScript } from "./stepScript.ts";
import { besideSql, count, inLine, list, shellQuoted } from "./text.ts";
import { writeRevision } from "./writeRevision.ts";

interface Found {
  readonly plan: Plan;
  /** What the answer says whatever comes of it. */
  readonly base: JsonObject;
  /** Consents as they were given. */
  readonly allowed: readonly string[];
  readonly revisions: RevisionList;
}

export async function planned(
  context: Context,
  project: Project,
  compiled: Compiled,
  { plan: found, base, allowed, revisions }: Found,
): Promise<Outcome> {
  const { out, args } = context;
  const check = args.flag("check");
  const say = (line: string): string => besideSql(args.flag("sql"), line);
  show(context, found);
  const document: JsonObject = { ...base, difference: true, proof: "not proven", plan: planJson(found) };
  if (check) {
    out.line();
    out.line(say("There is a difference."));
    return done(document, exits.different);
  }
  const questions = questionsOf(found.up.hazards.map((h) => ({ code: h.code, on: encode(h.on), detail: h.detail })));
  const { open, ambiguous, unused } = answer(questions, allowed);
  for (const a of ambiguous) out.warn(`--allow-drop ${a.answer} fits ${list(a.fits)}; say which`);
  for (const a of unused) out.note(`--allow-drop ${a} fits nothing that this plan would lose`);
  if (open.length > 0) throw asked(open, document, dropsEverything(found, compiled));
  if (args.flag("dryRun")) {
    out.line();
    out.line(say("Nothing was written (--dry-run)."));
    return done(document);
  }
  const { path: file } = await writeRevision(out, project, revisions, found, {
    message: args.message(),
    schema: compiled.checksum(),
    command: "schemac plan",
  });
  out.line();
  const proof = "not proven: it was not tried on a scratch database";
  out.answer(say(`${out.colors.green("wrote")} ${shown(file)} (${proof})`));
  out.line(say("Next: read it, then `schemac apply` runs it."));
  return done({ ...document, file: shown(file) });
}

function show({ out, args }: Context, found: Plan): void {
  const sql = args.flag("sql");
  // What a dry run is asked for is the plan, or its SQL.
  const asked = args.flag("dryRun") && !sql;
  const say = (line: string): void => (asked ? out.answer(line) : out.line(besideSql(sql, line)));
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

/** True when nothing that the database holds would stay. */
const dropsEverything = (found: Plan, compiled: Compiled): boolean =>
  found.deltas.filter((d) => d.op === "drop").length ===
  compiled.observation?.database.objects.filter((o) => !staysUnsaid(o)).length;

function asked(open: readonly Question[], document: JsonObject, everything: boolean): Failure {
  const ids = [...new Set(open.map((q) => q.id))];
  return new Failure(`${count(ids.length, "answer")} needed before this is written`, {
    exit: exits.question,
    details: open.map((q) => `  ${inLine(q.id)}: ${inLine(q.detail)}`),
    help: [
      `consent with ${ids.length > 3 ? "--allow-drop ID for each, or --allow-drop '*' for all" : ids.map((id) => `--allow-drop ${shellQuoted(id)}`).join(" ")}`,
      ...(everything ? ["is this the right database? To begin with what it holds, run `schemac import` first"] : []),
    ],
    document: { ...document, questions: open.map(questionJson("--allow-drop")) },
  });
}
