import type { Status } from "../../run/status.ts";
import type { CommandSpec, Context } from "../command.ts";
import { done, exits, type Exit, type JsonObject, type Outcome } from "../exit.ts";
import { statusOf } from "../ledger.ts";
import { listAll, title } from "../revisions.ts";
import { openProject } from "../project.ts";
import { withDatabase } from "../session.ts";
import { describeTarget } from "../target.ts";
import { count, inLine, list } from "../text.ts";

export const status: CommandSpec = {
  description:
    "Current revision, pending ones, those edited after they were applied or unknown to the files, and an interrupted run.",
  options: [
    { flags: "--check", description: "exit 2 unless the database is at head" },
    { flags: "--check-heads", description: "the same" },
  ],
  examples: ["schemac status", "schemac status --check --env production"],
  run,
};

async function run(context: Context): Promise<Outcome> {
  const { out, args } = context;
  const project = await openProject(context.globals.config);
  // Broken files are part of where it stands.
  const revisions = await listAll(project);
  return withDatabase(
    context,
    async (session) => {
      const s = await statusOf(session, revisions);
      for (const line of lines(s, describeTarget(session.target), out.verbose)) out.answer(line);
      const check = args.flag("check") || args.flag("checkHeads");
      return done(json(s), exitOf(s, check));
    },
    project,
  );
}

function exitOf(s: Status, check: boolean): Exit {
  if (s.problems.length > 0) return exits.history;
  return check && !s.atHead ? exits.different : exits.done;
}

function* lines(s: Status, where: string, verbose: boolean): Generator<string> {
  yield `database  ${where}${verbose ? ` (PostgreSQL ${version(s.version)}, ${inLine(s.database)})` : ""}`;
  yield `current   ${s.current.length === 0 ? `none: ${s.hasLedger ? "no revision is applied" : "nothing was ever run here"}` : list(s.current.map(title))}`;
  if (verbose && s.instance !== null) yield `instance  ${s.instance}`;
  if (s.interrupted !== null) {
    const { revision, direction, doneSteps, steps } = s.interrupted;
    const way = direction === "up" ? "applied" : "undone";
    yield `half ${way}  ${title(revision)}: ${doneSteps} of ${steps ?? "?"} steps done; \`schemac ${direction === "up" ? "apply" : "rollback"}\` finishes it`;
  }
  yield `pending   ${s.pending.length === 0 ? "none" : `${s.pending.length}: ${s.pending.map(title).join(", ")}`}`;
  if (verbose && s.applied.length > 0)
    for (const r of s.applied)
      yield `          ${title(r)}  ${r.id}  ${r.finished ?? r.started}${r.how === "run" ? "" : ` (${r.how})`}`;
  if (verbose && s.undone.length > 0) yield `undone    ${list(s.undone.map(title))}`;
  for (const p of s.problems) yield `${p.kind.padEnd(9)} ${inLine(p.message)}`;
  if (s.problems.length > 0)
    yield `${count(s.problems.length, "problem")}: nothing can be applied before it is put right`;
  else if (s.atHead) yield "The database is at head.";
}

const version = (v: number): string => `${Math.floor(v / 10000)}.${v % 10000}`;

const json = (s: Status): JsonObject => ({
  database: s.database,
  instance: s.instance,
  serverVersion: s.version,
  hasLedger: s.hasLedger,
  atHead: s.atHead,
  current: s.current.map(title),
  applied: s.applied.map((r) => ({
    id: r.id,
    revision: title(r),
    how: r.how,
    finished: r.finished,
    tool: r.tool,
    user: r.user,
  })),
  undone: s.undone.map(title),
  pending: s.pending.map(title),
  interrupted:
    s.interrupted === null
      ? null
      : {
          revision: title(s.interrupted.revision),
          direction: s.interrupted.direction,
          doneSteps: s.interrupted.doneSteps,
          steps: s.interrupted.steps,
        },
  problems: s.problems.map((p) => ({
    kind: p.kind,
    message: p.message,
    ...(p.kind === "file" ? {} : { revision: title(p.revision), id: p.revision.id }),
  })),
});
