/** What a target means: `head`, `+2`, `-1`, `base`, a number, a name, an id, or a unique beginning of one. */
import { inOrder, withAncestors } from "../revision/graph.ts";
import type { RevisionFile, RevisionList } from "../revision/list.ts";
import { BadTarget, HistoryBroken, label, StoppedPartWay, type RevisionName } from "./errors.ts";
import { lineOf, type History } from "./history.ts";
import type { Recorded } from "./ledger.ts";

/** The one revision that is meant. `also`: what else could be said there, for the advice. */
export function findRevision<R extends RevisionName>(all: readonly R[], target: string, also = ""): R {
  refuseEmpty(target);
  for (const fits of [isCalled, begins]) {
    const found = all.filter((r) => fits(r, target));
    if (found.length > 0) return theOnly(found, target);
  }
  throw unknown(target, also);
}

const isCalled = (r: RevisionName, target: string): boolean =>
  r.id === target ||
  r.name === target ||
  label(r) === target ||
  (/^[0-9]+$/.test(target) && r.number === Number(target));
const begins = (r: RevisionName, target: string): boolean => [r.id, r.name, label(r)].some((t) => t.startsWith(target));

function theOnly<R extends RevisionName>(found: readonly R[], target: string): R {
  if (found.length > 1) throw new BadTarget(`"${target}" could be ${found.map(label).join(" or ")}`);
  return found[0]!;
}
const unknown = (target: string, also: string): BadTarget =>
  new BadTarget(
    `there is no revision "${target}"`,
    `What can stand there: ${also === "" ? "" : `${also}, `}a number, a name, an id, or the beginning of one.`,
  );

/** Every name begins with nothing, so the only revision there is would be meant. */
function refuseEmpty(target: string): void {
  if (target === "")
    throw new BadTarget(
      "the target is empty",
      "Perhaps a variable is not set. Where no target is meant, leave it out.",
    );
}
function refuseRange(target: string): void {
  if (target.includes(":"))
    throw new BadTarget(`"${target}" is a range, which only --sql takes`, "Without --sql, say only how far to go.");
}

/** The pending revisions that `apply TARGET` runs, in order. */
export function toApply(list: RevisionList, h: Pick<History, "pending">, target: string): readonly RevisionFile[] {
  refuseRange(target);
  if (target === "head" || target === "heads") return h.pending;
  const count = /^\+([0-9]+)$/.exec(target)?.[1];
  if (count !== undefined) {
    if (Number(count) > h.pending.length)
      throw new BadTarget(`"${target}" is more than the ${h.pending.length} pending`);
    return h.pending.slice(0, Number(count));
  }
  if (target === "base" || target.startsWith("-")) throw new BadTarget(`"${target}" goes back: that is for rollback`);
  const id = findRevision(
    list.files.map((f) => f.revision),
    target,
    "head, +N",
  ).id;
  const pending = new Set(h.pending);
  return lineOf(list, id).filter((f) => pending.has(f));
}

/** The applied revisions that `rollback TARGET` undoes, in order. One half undone comes first, and counts. */
export function toUndo(h: History, target: string): readonly Recorded[] {
  refuseRange(target);
  const there = [...h.applied, ...(h.interrupted?.state === "undoing" ? [h.interrupted] : [])];
  // Latest first, and always children before their parents, whatever order stamps recorded them in.
  const backwards = inOrder(
    there.map((recorded) => ({ id: recorded.id, number: recorded.seq, parents: recorded.parents, recorded })),
  )
    .map((n) => n.recorded)
    .reverse();
  // Files alone make no circle, but one that is missing may close it: then nobody knows what comes first.
  if (backwards.length < there.length) throw new HistoryBroken(h.problems);
  if (target === "base") return backwards;
  const count = /^-([0-9]+)$/.exec(target)?.[1];
  if (count !== undefined) {
    if (Number(count) > backwards.length)
      throw new BadTarget(`"${target}" is more than the ${backwards.length} applied`);
    return backwards.slice(0, Number(count));
  }
  refuseForward(target);
  const stays = withAncestors(there, findApplied(there, h, target).id);
  return backwards.filter((r) => !stays.has(r.id));
}

/** What `rollback` cannot mean. */
export function refuseForward(target: string): void {
  if (target.startsWith("+") || target === "head" || target === "heads")
    throw new BadTarget(`"${target}" goes forward: that is for apply`);
}

/** The one that is meant of those that are applied; what fits a pending one better is not taken for another one. */
function findApplied(there: readonly Recorded[], h: History, target: string): Recorded {
  refuseEmpty(target);
  for (const fits of [isCalled, begins]) {
    const found = there.filter((r) => fits(r, target));
    if (found.length > 0) return theOnly(found, target);
    const pending = h.pending.find((f) => fits(f.revision, target));
    if (pending !== undefined)
      throw new BadTarget(`${label(pending.revision)} is not applied`, "A target of rollback is what stays.");
  }
  throw unknown(target, "-N, base");
}

/**
 * What a target meant when the run began: ids, in order, with the attempt that each was at. `+2` and `-1` count from where
 * the database is, so they mean another thing once something was run; a run that goes on after a lost connection does
 * what is left of this.
 */
export type Chosen = ReadonlyMap<string, number>;

export const choose = (h: History, revisions: readonly Pick<RevisionName, "id">[]): Chosen =>
  new Map(revisions.map(({ id }) => [id, h.recorded.get(id)?.attempt ?? 0]));

/** The chosen ones still to be applied. One that another run applied and took back since is not. */
export function leftToApply(h: History, chosen: Chosen): readonly RevisionFile[] {
  const left = h.pending.filter((f) => chosen.get(f.revision.id) === (h.recorded.get(f.revision.id)?.attempt ?? 0));
  const away = new Set(h.pending.filter((f) => !left.includes(f)).map((f) => f.revision.id));
  for (const { revision } of left) if (revision.parents.some((p) => away.has(p))) throw meanwhile(revision);
  return left;
}

/** The chosen ones still to be undone, in order. One that another run applied again since is not. */
export function leftToUndo(h: History, chosen: Chosen): readonly Recorded[] {
  const there = [...h.applied, ...(h.interrupted === null ? [] : [h.interrupted])];
  const isLeft = (r: Recorded): boolean => {
    const attempt = chosen.get(r.id);
    // Undoing is an attempt of its own, which may have been under way when the run began.
    return attempt !== undefined && (r.attempt === attempt || (r.state === "undoing" && r.attempt === attempt + 1));
  };
  const left = [...chosen.keys()].flatMap((id) => there.filter((r) => r.id === id && isLeft(r)));
  for (const r of left)
    if (there.some((t) => !left.includes(t) && (t.state === "undoing" || t.parents.includes(r.id)))) throw meanwhile(r);
  return left;
}

const meanwhile = (r: RevisionName): StoppedPartWay =>
  new StoppedPartWay(
    null,
    `the connection was lost before revision ${label(r)} was done, and meanwhile another run changed what it builds on, or what builds on it`,
    "What this run committed before stays. See schemac status, and say again what is wanted.",
  );
