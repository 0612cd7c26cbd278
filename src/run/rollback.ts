/** Undoes what was applied. */
import type { RevisionList } from "../revision/list.ts";
import type { RevisionHazard } from "../revision/format.ts";
import { afresh, nameOf, resume, withCode } from "./apply.ts";
import type { Connection } from "./connection.ts";
import { HistoryBroken, type HistoryProblem, type RevisionName } from "./errors.ts";
import { choose, leftToUndo, toUndo, type Chosen } from "./goal.ts";
import { compare, currentOf, type History } from "./history.ts";
import type { Ledger, Recorded } from "./ledger.ts";
import { settle, type RunOptions } from "./options.ts";
import { sentence, whatStays } from "./progress.ts";
import { halfRun, runUnits, underLock } from "./session.ts";
import { unitsOf, type Work } from "./work.ts";

export interface RollbackOptions extends RunOptions {
  /** `-1` (default), `-N`, `base`, or the revision that stays: a number, a name, an id, or the unique beginning of one. */
  readonly target?: string;
  readonly dryRun?: boolean;
  /** What may be lost: ids as in the questions (`table:shop.orders`, or `shop.orders` where that is one thing only), or "*". */
  readonly allowLoss?: readonly string[];
}
/** Something the way back loses, to be consented to. */
export interface LossQuestion extends RevisionHazard {
  readonly revision: RevisionName;
}
export interface RollbackResult {
  /** What was undone, in order; with `dryRun`, what would be. Empty when there are questions. */
  readonly undone: readonly RevisionName[];
  readonly resumed: RevisionName | null;
  /** When there are any, nothing was run: ask, and call again with `allowLoss`. */
  readonly questions: readonly LossQuestion[];
  /** The applied revisions that no other applied one builds on, after this run; with `dryRun`, what they would be. */
  readonly current: readonly RevisionName[];
}

export async function rollbackRevisions(
  connection: Connection,
  list: RevisionList,
  options: RollbackOptions = {},
): Promise<RollbackResult> {
  const settled = settle(options);
  let chosen: Chosen | null = null;
  const undone = new Map<string, RevisionName>();
  let resumed: RevisionName | null = null;
  return underLock(connection, settled, async ({ session, ledger }) => {
    const h = compare(list, ledger);
    if (h.interrupted?.state === "applying") throw halfRun("up", h.interrupted);
    const begins = chosen === null;
    const left = chosen === null ? toUndo(h, options.target ?? "-1") : leftToUndo(h, chosen);
    chosen ??= choose(h, left);
    refuseBroken(h, left, sentence(whatStays(session.tally)));
    const works = await withCode(session, worksOf(h, ledger, left));
    const units = works.flatMap(unitsOf);
    const questions = questionsOf(works, options.allowLoss ?? []);
    const asks = questions.length > 0 && options.dryRun !== true;
    const names = asks ? [] : works.map((w) => nameOf(w.file.revision));
    for (const n of names) undone.set(n.id, n);
    if (begins) resumed = works.filter((w) => w.resumed).map((w) => nameOf(w.file.revision))[0] ?? null;
    const stays = h.applied.filter((r) => !names.some((n) => n.id === r.id));
    const result = {
      undone: [...undone.values()],
      resumed,
      questions,
      current: currentOf({ applied: stays }).map(nameOf),
    };
    if (options.dryRun === true || asks || units.length === 0) return result;
    settled.onEvent({ kind: "plan", direction: "down", revisions: works.map((w) => w.file.revision) });
    await runUnits(session, units);
    return result;
  });
}

/**
 * What is to be undone must have its file, unedited. What is broken elsewhere is no hindrance, nor that it was applied before
 * what it builds on now, for going back may be the way out.
 */
function refuseBroken(h: History, chosen: readonly Recorded[], stays: string): void {
  const ids = new Set(chosen.map((r) => r.id));
  const problems: HistoryProblem[] = h.problems.filter(
    (p) => p.kind !== "file" && p.kind !== "out-of-order" && ids.has(p.revision.id),
  );
  for (const p of h.problems) if (p.kind === "file" && problems.length > 0) problems.push(p);
  if (problems.length > 0) throw new HistoryBroken(problems, stays);
}

function worksOf(h: History, ledger: Ledger, chosen: readonly Recorded[]): readonly Work[] {
  const half = resume(h, ledger);
  return chosen.map((r) => {
    const begun = half.find((w) => w.file.revision.id === r.id);
    return begun ?? { file: h.files.get(r.id)!, direction: "down", seq: r.seq, ...afresh(h.recorded.get(r.id)!) };
  });
}

/** What needs consent. A revision that is half undone had it already. */
function questionsOf(works: readonly Work[], allowed: readonly string[]): readonly LossQuestion[] {
  const all = works
    .filter((w) => !w.resumed)
    .flatMap((w) =>
      w.file.revision.hazards.down
        .filter((hz) => hz.code === "data-loss" || hz.code === "lossy")
        .map((hz) => ({ ...hz, revision: nameOf(w.file.revision) })),
    );
  if (allowed.includes("*")) return [];
  const short = (on: string): string => on.slice(on.indexOf(":") + 1);
  const ids = new Set(all.map((q) => q.on));
  const unique = (on: string): boolean => [...ids].filter((other) => short(other) === short(on)).length === 1;
  return all.filter((q) => !allowed.includes(q.on) && !(allowed.includes(short(q.on)) && unique(q.on)));
}
