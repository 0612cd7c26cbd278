/** What a database's ledger says, for the commands that only need to know. */
import type { RevisionList } from "../revision/list.ts";
import { HistoryBroken, RunError } from "../run/errors.ts";
import type { Standing, Status } from "../run/status.ts";
import type { Context } from "./command.ts";
import { exits, Failure } from "./exit.ts";
import type { Project } from "./project.ts";
import { runFailure } from "./runFailure.ts";
import { title } from "./revisions.ts";
import { withDatabase, type Session } from "./session.ts";
import { count, list } from "./text.ts";

export async function statusOf(session: Session, revisions: RevisionList): Promise<Status> {
  const { status } = await import("../run/index.ts");
  return expected(session, await status(session.connection, revisions, { ledger: session.project.ledgerSchema }));
}

/** Fails where the environment is for another database. */
async function expected(session: Session, status: Status): Promise<Status> {
  const { expectInstance } = await import("../run/guards.ts");
  try {
    expectInstance(session.target.environment?.instance ?? null, status.instance, status);
  } catch (e) {
    throw e instanceof RunError ? runFailure(e) : e;
  }
  return status;
}

/** Ids of what is applied in the database that is named. */
export const appliedIds = (context: Context, project: Project, revisions: RevisionList): Promise<ReadonlySet<string>> =>
  withDatabase(
    context,
    async (session) => new Set((await statusOf(session, revisions)).applied.map((r) => r.id)),
    project,
  );

/**
 * Fails unless the database is at the head of the files: only then does a plan lead from there to schema/. `standing`: what
 * the database said of it already.
 */
export async function nothingPending(session: Session, revisions: RevisionList, standing?: Standing): Promise<void> {
  const status = standing
    ? await expected(session, (await import("../run/status.ts")).statusFrom(standing, revisions))
    : await statusOf(session, revisions);
  refuseBroken(status);
  refuseHalfRun(status);
  if (status.pending.length === 0) return;
  const names = status.pending.map(title);
  const said = names.length > 5 ? `${names.slice(0, 4).join(", ")} and ${names.length - 4} more` : list(names);
  throw new Failure(`${count(names.length, "revision")} not applied yet: ${said}; nothing was planned`, {
    help: "run `schemac apply` first (planning on top of pending revisions comes later)",
    document: { pending: names },
  });
}

/** Fails where files and history don't fit each other. */
export function refuseBroken({ problems }: Status): void {
  if (problems.length > 0) throw runFailure(new HistoryBroken(problems));
}

/** Fails where a run was interrupted in the middle of a revision. */
export function refuseHalfRun({ interrupted }: Status): void {
  if (interrupted === null) return;
  const { revision, direction } = interrupted;
  throw new Failure(`revision ${title(revision)} is half ${direction === "up" ? "applied" : "undone"}`, {
    exit: exits.partWay,
    help: `\`schemac ${direction === "up" ? "apply" : "rollback"}\` finishes it; it is safe to resume`,
  });
}
