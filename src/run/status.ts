/** Where a database stands. Takes no lock and changes nothing. */
import type { RevisionList } from "../revision/list.ts";
import type { Connection } from "./connection.ts";
import type { HistoryProblem, RevisionName } from "./errors.ts";
import { inspect, type Server } from "./guards.ts";
import { compare, currentOf } from "./history.ts";
import { emptyLedger, readLedger, type Ledger, type Recorded } from "./ledger.ts";
import { nameOf } from "./apply.ts";

export interface Status {
  /** False: nothing was ever run here. */
  readonly hasLedger: boolean;
  readonly database: string;
  /** What its ledger is called, a UUID; null: it has none. */
  readonly instance: string | null;
  /** Server version number, e.g. 150018. */
  readonly version: number;
  /** Applied revisions that no other applied one builds on. These and the next are as their files call them now, where there are files. */
  readonly current: readonly Recorded[];
  /** In the order in which they were applied. */
  readonly applied: readonly Recorded[];
  /** Undone ones that were not applied again. */
  readonly undone: readonly Recorded[];
  readonly pending: readonly RevisionName[];
  /** A run that ended in the middle of a revision; `apply` or `rollback` goes on from there. */
  readonly interrupted: {
    readonly revision: RevisionName;
    readonly direction: "up" | "down";
    readonly doneSteps: number;
    readonly steps: number | null;
  } | null;
  /** Edited, missing and unknown revisions, broken files. */
  readonly problems: readonly HistoryProblem[];
  /** Everything is applied, nothing is half run, nothing is wrong. */
  readonly atHead: boolean;
}

export const statusOf = async (
  connection: Connection,
  list: RevisionList,
  options: { readonly ledger?: string } = {},
): Promise<Status> => statusFrom(await readStanding(connection, options), list);

/** What the database itself says of where it stands. */
export interface Standing {
  readonly server: Server;
  readonly ledger: Ledger;
}

export async function readStanding(
  connection: Connection,
  options: { readonly ledger?: string } = {},
): Promise<Standing> {
  const name = options.ledger ?? "schemac";
  const server = await inspect(connection, name, false);
  return { server, ledger: server.hasLedger ? await readLedger(connection, name) : emptyLedger };
}

/** The same, beside the revisions that there are. */
export function statusFrom({ server, ledger }: Standing, list: RevisionList): Status {
  const h = compare(list, ledger);
  const r = h.interrupted;
  const direction = r?.state === "undoing" ? "down" : "up";
  return {
    hasLedger: server.hasLedger,
    database: server.database,
    instance: ledger.instance,
    version: server.version,
    current: currentOf(h),
    applied: h.applied,
    undone: h.undone,
    pending: h.pending.map((f) => nameOf(f.revision)),
    interrupted:
      r === null
        ? null
        : {
            revision: nameOf(r),
            direction,
            doneSteps: ledger.journal.filter((j) => j.revision === r.id && j.state === "done").length,
            steps: h.files.get(r.id)?.revision[direction].length ?? null,
          },
    problems: h.problems,
    atHead: h.pending.length === 0 && r === null && h.problems.length === 0,
  };
}
