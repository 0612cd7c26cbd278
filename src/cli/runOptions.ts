/** What apply, rollback, stamp and baseline have in common. */
import type { RevisionList } from "../revision/list.ts";
import type { RevisionName } from "../run/errors.ts";
import type { RunEvent } from "../run/events.ts";
import type { RunOptions } from "../run/options.ts";
import type { Status } from "../run/status.ts";
import type { Context, OptionSpec } from "./command.ts";
import { Failure, type JsonObject } from "./exit.ts";
import type { Output } from "./output.ts";
import { progress } from "./progress.ts";
import { title } from "./revisions.ts";
import type { Session } from "./session.ts";
import { count, inLine } from "./text.ts";

export const waitOption: OptionSpec = {
  flags: "--wait <seconds>",
  description: "how long to wait for another runner (default: 300; for the embedded Postgres 0)",
};

/** What --wait says, in milliseconds; undefined where it says nothing. */
export function waitOf({ args }: Pick<Context, "args">): number | undefined {
  const wait = args.text("wait");
  if (wait !== undefined && !/^\d+(\.\d+)?$/.test(wait)) throw new Failure(`--wait wants seconds, not ${wait}`);
  return wait === undefined ? undefined : Number(wait) * 1000;
}

/** Of a statement outside transactions it is committed that it was begun. */
const leavesSomething = (event: RunEvent): boolean =>
  ["resumed", "step-done", "revision-done"].includes(event.kind) ||
  (event.kind === "step-started" && event.place.kind === "outside");

export function runOptions(context: Context, session: Session): RunOptions {
  const { globals, out, signal, version } = context;
  const wait = waitOf(context);
  const show = progress(out);
  return {
    ledger: session.project.ledgerSchema,
    signal,
    onEvent: (event) => {
      if (leavesSomething(event)) context.committed();
      show(event);
    },
    x: globals.x,
    ...(session.target.environment?.instance === undefined ? {} : { instance: session.target.environment.instance }),
    tool: `schemac ${version}`,
    ...(wait === undefined ? {} : { wait }),
    ...(session.reconnect === undefined ? {} : { reconnect: session.reconnect }),
  };
}

/** What a dry run would do: `names` of `revisions`, which way, and what an earlier run left of one of them. */
export interface Dry {
  readonly revisions: RevisionList;
  readonly names: readonly RevisionName[];
  readonly way: "up" | "down";
  readonly interrupted: Status["interrupted"];
}

/** Shows the revisions, their dangers and, with -v, their statements. The dangers are answered for --json. */
export async function showDry(out: Output, { revisions, names, way, interrupted }: Dry): Promise<JsonObject> {
  const { statementText } = await import("../revision/checksum.ts");
  const word = way === "up" ? "apply" : "undo";
  const found = names.flatMap((n) => revisions.files.find((f) => f.revision.id === n.id)?.revision ?? []);
  for (const r of found) {
    const done = interrupted?.revision.id === r.id ? interrupted.doneSteps : 0;
    const steps = r[way].slice(done);
    const all = count(r[way].length, "step");
    out.answer(`would ${word} ${title(r)} (${done === 0 ? all : `${steps.length} of ${all} left`})`);
    for (const h of r.hazards[way]) out.answer(`  ! ${h.code}: ${inLine(h.on)}: ${inLine(h.detail)}`);
    if (!out.verbose) continue;
    for (const s of steps)
      for (const t of s.kind === "transaction" ? s.statements : s.kind === "outside" ? [s.statement] : [])
        out.answer(`  ${statementText(t).replaceAll("\n", "\n  ")};`);
  }
  if (names.length > 0) out.line("Nothing was run (--dry-run).");
  return { dryRun: true, hazards: found.flatMap((r) => r.hazards[way].map((h) => ({ revision: title(r), ...h }))) };
}
