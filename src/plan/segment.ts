/** Cuts ordered statements into steps: as few transactions as Postgres allows. */
import type { Context } from "../kinds/room.ts";
import type { Action, PlannedStep } from "../model/plan.ts";
import type { Index } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { needsOf, type Node } from "./nodes.ts";
import type { Folded } from "./fold.ts";

/** A new step begins before a statement that uses what must be committed first, and around one that can't be in a transaction. */
export function segment(statements: readonly Folded[], { from, to }: Context): readonly PlannedStep[] {
  const steps: PlannedStep[] = [];
  let actions: Action[] = [];
  let uncommitted = new Set<string>();
  const flush = (): void => {
    if (actions.length) steps.push({ kind: "transaction", actions });
    actions = [];
    uncommitted = new Set();
  };
  for (const { action, nodes } of statements) {
    if (action.transaction === "outside") {
      flush();
      steps.push({ kind: "outside", actions: [action] });
      continue;
    }
    if (uncommitted.size && nodes.some((n) => reaches(n, uncommitted, from, to))) flush();
    actions.push(action);
    if (action.transaction === "committed first") for (const n of nodes) uncommitted.add(n.key);
  }
  flush();
  return steps;
}

/** Whether a node's object needs one of these, directly or through what it needs. The object itself does not count. */
function reaches(node: Node, keys: ReadonlySet<string>, from: Index, to: Index): boolean {
  const seen = new Set([node.key]);
  const queue = [node.object];
  for (let o = queue.pop(); o; o = queue.pop())
    for (const need of needsOf(o)) {
      const key = encode(need);
      if (keys.has(key)) return true;
      if (seen.has(key)) continue;
      seen.add(key);
      const next = to.get(key) ?? from.get(key);
      if (next) queue.push(next);
    }
  return false;
}
