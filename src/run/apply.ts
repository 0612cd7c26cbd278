/** Runs what is pending. */
import { hasCode } from "../revision/read.ts";
import type { RevisionFile, RevisionList } from "../revision/list.ts";
import { loadRevision, RevisionCodeError } from "../revision/load.ts";
import { ConnectionLost, type Connection } from "./connection.ts";
import { HistoryBroken, Interrupted, type RevisionName } from "./errors.ts";
import { choose, leftToApply, toApply, type Chosen } from "./goal.ts";
import { compare, type History } from "./history.ts";
import type { Ledger, Recorded } from "./ledger.ts";
import { settle, type RunOptions } from "./options.ts";
import { sentence, whatStays, type Session } from "./progress.ts";
import { halfRun, runUnits, underLock } from "./session.ts";
import { untilEnded } from "./userCode.ts";
import { unitsOf, type Work } from "./work.ts";

export interface ApplyOptions extends RunOptions {
  /** `head` (default), `+N`, a number, a name, an id, or the unique beginning of one. */
  readonly target?: string;
  /** Look at everything, run nothing. */
  readonly dryRun?: boolean;
}
export interface ApplyResult {
  /** What this run brought to its end, in order; with `dryRun`, what it would. */
  readonly applied: readonly RevisionName[];
  /** The one of them that an earlier run had begun. */
  readonly resumed: RevisionName | null;
  /** What is pending after this run. */
  readonly pending: readonly RevisionName[];
}

/**
 * 1. Under the lock, the files are held against the ledger; what does not fit ends the run before anything is changed.
 * 2. A revision that an earlier run left half done comes first, then the pending ones up to the target.
 * 3. Their statements are looked at and their code is loaded, so that a broken file is named before the first step.
 * 4. The steps are run in order, each with its journal row in its own transaction.
 */
export async function applyRevisions(
  connection: Connection,
  list: RevisionList,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  const settled = settle(options);
  const told: Told = { chosen: null, applied: new Map(), resumed: null, pending: [] };
  await underLock(connection, settled, async ({ session, ledger, ensureLedger }) => {
    const h = compare(list, ledger);
    if (h.problems.length > 0) throw new HistoryBroken(h.problems, sentence(whatStays(session.tally)));
    if (h.interrupted?.state === "undoing") throw halfRun("down", h.interrupted);
    const begins = told.chosen === null;
    told.chosen ??= choose(
      h,
      toApply(list, h, options.target ?? "head").map((f) => f.revision),
    );
    const files = leftToApply(h, told.chosen);
    // What another run left half done while the connection was lost is not ours to finish, unless it stands in the way.
    const ours = h.interrupted !== null && told.applied.has(h.interrupted.id);
    const half = begins || ours || files.length > 0 ? resume(h, ledger) : [];
    const works = await withCode(session, [...half, ...pendingWork(h, ledger, files)]);
    const units = works.flatMap(unitsOf);
    tell(told, h, works, begins);
    if (options.dryRun === true || units.length === 0) return;
    settled.onEvent({ kind: "plan", direction: "up", revisions: works.map((w) => w.file.revision) });
    await ensureLedger();
    await runUnits(session, units);
  });
  return { applied: [...told.applied.values()], resumed: told.resumed, pending: told.pending };
}

/** What a run tells at its end, over all its passes: after a lost connection there is another one. */
interface Told {
  chosen: Chosen | null;
  readonly applied: Map<string, RevisionName>;
  resumed: RevisionName | null;
  pending: readonly RevisionName[];
}
function tell(told: Told, h: History, works: readonly Work[], begins: boolean): void {
  const run = new Map(works.map((w) => [w.file.revision.id, nameOf(w.file.revision)]));
  for (const [id, revision] of run) told.applied.set(id, revision);
  if (begins) told.resumed = works.filter((w) => w.resumed).map((w) => nameOf(w.file.revision))[0] ?? null;
  told.pending = h.pending.filter((f) => !run.has(f.revision.id)).map((f) => nameOf(f.revision));
}
export const nameOf = ({ id, number, name }: RevisionName): RevisionName => ({ id, number, name });

/** The revision that is under way, with what its journal says. */
export function resume(h: History, ledger: Ledger): readonly Work[] {
  const r = h.interrupted;
  if (r === null) return [];
  const rows = ledger.journal.filter((j) => j.revision === r.id);
  const numbers = (state: "done" | "intent"): ReadonlySet<number> =>
    new Set(rows.filter((j) => j.state === state).map((j) => j.n));
  return [
    {
      file: h.files.get(r.id)!,
      direction: r.state === "applying" ? "up" : "down",
      attempt: r.attempt,
      seq: r.seq,
      done: numbers("done"),
      intents: numbers("intent"),
      before: null,
      resumed: true,
    },
  ];
}

function pendingWork(h: History, ledger: Ledger, files: readonly RevisionFile[]): readonly Work[] {
  const last = ledger.revisions.reduce((max, r) => Math.max(max, r.seq), 0);
  return files.map((file, i) => {
    const before = h.recorded.get(file.revision.id) ?? null;
    return { file, direction: "up", ...afresh(before), seq: last + 1 + i };
  });
}

export const afresh = (before: Recorded | null): Pick<Work, "attempt" | "done" | "intents" | "before" | "resumed"> => ({
  attempt: (before?.attempt ?? 0) + 1,
  done: new Set(),
  intents: new Set(),
  before,
  resumed: false,
});

/** With their functions, where some of those are still to be run. */
export async function withCode(s: Session, works: readonly Work[]): Promise<readonly Work[]> {
  const coded = works.filter(isCoded);
  if (coded.length === 0) return works;
  const importing = new Set(coded.map((w) => w.file.path));
  const load = async (work: Work): Promise<Work> => {
    if (!coded.includes(work)) return work;
    const revision = await loadRevision(work.file);
    importing.delete(work.file.path);
    return { ...work, file: { ...work.file, revision } };
  };
  return untilEnded(s, Promise.all(works.map(load)), (why) => {
    const meanwhile = `while ${[...importing].join(", ")} was being imported`;
    if (why === "interrupted") return new Interrupted(null, `interrupted ${meanwhile}; ${whatStays(s.tally)}`);
    if (why === "stuck")
      return new RevisionCodeError([...importing][0]!, "waits for what never comes while it is imported");
    return new ConnectionLost(`${why.message}, ${meanwhile}`, { cause: why });
  });
}

function isCoded({ file: { revision }, direction, done }: Work): boolean {
  return hasCode({ ...revision, up: revision[direction].filter((_, i) => !done.has(i + 1)), down: [] });
}
