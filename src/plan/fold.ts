/** Makes statements out of ordered actions: columns inside their CREATE TABLE, neighbouring clauses in one ALTER TABLE. */
import type { Id } from "../model/objects.ts";
import type { Action, Cost, Hazard, Lock } from "../model/plan.ts";
import { costs, locks } from "../model/plan.ts";
import { encode } from "../model/id.ts";
import type { Node } from "./nodes.ts";
import type { Ordered } from "./order.ts";

/** A statement with the nodes that it does the work of. */
export interface Folded {
  readonly action: Action;
  readonly nodes: readonly Node[];
}

interface Open {
  readonly parts: Action[];
  readonly nodes: Node[];
  /** "create": a head with the lines between its brackets; "alter": clauses of one ALTER; "alone": as it is. */
  readonly form: "create" | "alter" | "alone";
}

/**
 * 1. A head (CREATE TABLE) opens a statement that stays open.
 * 2. A clause whose owner's head is open goes between its brackets, if all that must stand before it stands before the head
 *    or is in it already.
 * 3. A clause directly after another of the same ALTER joins it.
 * 4. Everything else is a statement alone.
 */
export function fold({ nodes, predecessors, within }: Ordered): readonly Folded[] {
  const out: Open[] = [];
  const heads = new Map<string, { readonly open: Open; readonly at: number }>();
  /** What a drop takes along is locked as if it were dropped by itself. */
  const taken = new Map<Node, Action[]>();
  /** Position in `out` at which a node's work is complete. */
  const placed = new Map<Node, number>();
  for (const node of nodes) {
    if (node.absorbed) {
      placed.set(node, out.length - 1);
      const owner = within.get(node);
      if (owner) taken.set(owner, [...(taken.get(owner) ?? []), ...node.actions]);
      continue;
    }
    // Without work of its own it is complete when what it waits for is.
    let last = node.actions.length ? -1 : latest(node);
    for (const [i, own] of node.actions.entries()) {
      const checked = i === 0 ? withLocks(own, taken.get(node) ?? []) : own;
      const action: Action = node.unchecked && checked.unchecked === false ? { ...checked, unchecked: true } : checked;
      const clause = action.clause;
      const head = clause?.create != null && i === 0 ? heads.get(encode(clause.of)) : undefined;
      if (
        head &&
        action.transaction === "any" &&
        samePath(head.open.parts, action) &&
        (clause?.once === undefined || !head.open.parts.some((p) => p.clause?.once === clause.once)) &&
        ready(node, head.at, head.open)
      ) {
        head.open.parts.push(action);
        head.open.nodes.push(node);
        last = Math.max(last, head.at);
        continue;
      }
      const neighbour = out.at(-1);
      if (clause?.alter != null && neighbour?.form === "alter" && sameAlter(neighbour.parts, action)) {
        neighbour.parts.push(action);
        neighbour.nodes.push(node);
      } else {
        const form = action.head ? "create" : clause?.alter != null ? "alter" : "alone";
        const open: Open = { parts: [action], nodes: [node], form };
        out.push(open);
        if (action.head) heads.set(encode(action.head.of), { open, at: out.length - 1 });
      }
      last = out.length - 1;
    }
    placed.set(node, last);
  }
  return out.map((o) => ({ action: close(o), nodes: o.nodes }));

  function latest(node: Node): number {
    let at = -1;
    for (const p of predecessors.get(node) ?? []) at = Math.max(at, placed.get(p) ?? -1);
    return at;
  }
  function ready(node: Node, at: number, open: Open): boolean {
    for (const p of predecessors.get(node) ?? []) {
      // What else its node does with a new thing, giving privileges say, may come after its parts.
      if (p === open.nodes[0]) continue;
      const where = placed.get(p);
      if (where === undefined || where > at || (where === at && !open.nodes.includes(p))) return false;
    }
    return true;
  }
}

function withLocks(action: Action, along: readonly Action[]): Action {
  if (!along.length) return action;
  const { lock, on } = merged([action, ...along], action.sql);
  return { ...action, lock, on };
}

/** Fragments resolve names by one path per statement: that of the first part that needs one. */
const pathOf = (parts: readonly Action[]): readonly string[] => parts.find((p) => p.path.length)?.path ?? [];
function samePath(parts: readonly Action[], { path }: Action): boolean {
  const own = path.length ? pathOf(parts) : [];
  return !own.length || (own.length === path.length && own.every((p, i) => p === path[i]));
}

const sameAlter = (parts: readonly Action[], action: Action): boolean =>
  parts[0]!.clause!.head === action.clause!.head &&
  parts[0]!.transaction === "any" &&
  action.transaction === "any" &&
  samePath(parts, action);

function close({ parts, form }: Open): Action {
  const first = parts[0]!;
  if (form === "create" && first.head) {
    const lines = parts.slice(1).map((p) => p.clause!.create!);
    const body = lines.length
      ? `${first.head.open}\n  ${lines.join(",\n  ")}${first.head.close && "\n" + first.head.close}`
      : first.sql;
    return merged(parts, body);
  }
  if (parts.length === 1) return first;
  return merged(parts, `${first.clause!.head}\n  ${parts.map((p) => p.clause!.alter!).join(",\n  ")}`);
}

function merged(parts: readonly Action[], sql: string): Action {
  const first = parts[0]!;
  const on = new Map<string, Id>(parts.flatMap((p) => p.on.map((id) => [encode(id), id] as const)));
  const hazards: Hazard[] = parts.flatMap((p) => p.hazards);
  return {
    sql,
    lock: strongest(
      locks,
      parts.map((p) => p.lock),
    ),
    on: [...on.values()],
    cost: strongest(
      costs,
      parts.map((p) => p.cost),
    ),
    hazards,
    path: pathOf(parts),
    transaction: first.transaction,
  };
}

const strongest = <T extends Lock | Cost>(scale: readonly T[], values: readonly T[]): T =>
  values.reduce((a, b) => (scale.indexOf(b) > scale.indexOf(a) ? b : a));
