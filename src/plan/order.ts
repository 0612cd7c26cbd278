/** Puts nodes in an order that Postgres accepts. Knows no kind. */
import type { Index } from "../model/database.ts";
import { encode, describeId } from "../model/id.ts";
import { roomOf } from "../kinds/rooms.ts";
import type { Context } from "../kinds/room.ts";
import { byKeyOf, edgesOf, taker, type Before, type ByKey } from "./edges.ts";
import { circular, Heap } from "./graph.ts";
import { needsOf, type Node } from "./nodes.ts";
import { addWishes } from "./wishes.ts";

/** For each absorbed drop, the one at whose moment it happens. */
type Points = ReadonlyMap<Node, Node>;

export interface Ordered {
  readonly nodes: readonly Node[];
  /** For each node, those that must stand before it. */
  readonly predecessors: Before;
  /** For each absorbed drop, the drop that takes it along. */
  readonly within: Points;
}

/**
 * 1. Edges: nothing is made before what it needs, nothing goes before what needs it, a name is free before it is taken.
 * 2. What a function's body mentions comes before the function, unless the two wait for each other: then the function comes first,
 *    and its body is not looked at.
 * 3. An absorbed drop happens when its owner's does, so both are one point of the order; where that would close a circle
 *    (two tables that reference each other), the absorbed ones in it get statements of their own.
 * 4. A stable topological sort; among the ready, drops first, then the order of the databases.
 */
export function order(nodes: readonly Node[], context: Context): Ordered {
  const byKey = byKeyOf(nodes);
  const edges = edgesOf(nodes, byKey, context);
  const rank = ranks(nodes, context);
  let point = points(nodes, byKey, context.from);
  addWishes(nodes, edges, byKey, context.to, rank, point);
  let sorted = sort(nodes, edges.before, point, rank);
  // One that gets a statement of its own may need others to get theirs (a column's primary key): until nothing changes.
  for (let freed = true; sorted.stuck.length && freed;) {
    const all = tying(sorted.stuck, edges.before, point);
    // What holds no rows goes by itself before what does: a foreign key before a column; what somebody said before what came with it.
    const without = all.filter((n) => !roomOf(n.id.kind).rebind);
    const crossing = [without.filter((n) => !n.object.implied), without, all].find((some) => some.length) ?? [];
    freed = crossing.length > 0;
    for (const n of crossing) n.absorbed = false;
    point = points(nodes, byKey, context.from);
    sorted = sort(nodes, edges.before, point, rank);
  }
  if (sorted.stuck.length)
    throw new Error(
      `These changes wait for each other (a bug of schemac's rooms, please report it): ${circle(sorted.stuck, edges.before, point)}`,
    );
  return { nodes: sorted.nodes, predecessors: edges.before, within: point };
}

/** The node at whose moment each absorbed drop happens: its outermost owner's drop that has a statement. */
function points(nodes: readonly Node[], byKey: ByKey, from: Index): Points {
  const out = new Map<Node, Node>();
  for (const n of nodes) {
    let at = n;
    for (let above = taker(n, byKey, from); above; above = taker(above, byKey, from)) at = above;
    if (at !== n) out.set(n, at);
  }
  return out;
}

/**
 * Absorbed drops that tie their owners into a circle: others of it wait for them, or else they wait for others. What only waits for a
 * circle to open is left as it is.
 */
function tying(stuck: readonly Node[], before: Before, point: Points): readonly Node[] {
  const at = (n: Node): Node => point.get(n) ?? n;
  const waiting = new Set(stuck);
  const first = new Map<Node, Node[]>(stuck.map((n) => [at(n), []]));
  const ties: (readonly [n: Node, b: Node])[] = [];
  for (const n of stuck)
    for (const b of before.get(n) ?? [])
      if (waiting.has(b) && at(b) !== at(n)) {
        first.get(at(n))!.push(at(b));
        ties.push([n, b]);
      }
  const circles = circular([...first.keys()], (n) => first.get(n) ?? []);
  const inside = ties.filter(([n, b]) => circles.get(at(n)) === circles.get(at(b)));
  const awaited = new Set(inside.flatMap(([, b]) => (b.absorbed ? [b] : [])));
  const some = awaited.size ? awaited : new Set(inside.flatMap(([n]) => (n.absorbed ? [n] : [])));
  return stuck.filter((n) => some.has(n));
}

/** One circle among nodes that wait for each other, in words. */
function circle(stuck: readonly Node[], before: Before, point: Points): string {
  const at = (n: Node): Node => point.get(n) ?? n;
  const waiting = new Set(stuck.map(at));
  const members = new Map<Node, Node[]>();
  for (const n of stuck) members.set(at(n), [...(members.get(at(n)) ?? []), n]);
  const text = (n: Node): string => `${n.role} ${describeId(n.id)}`;
  const seen = new Map<Node, number>();
  const path: string[] = [];
  let p = [...waiting][0]!;
  while (!seen.has(p)) {
    seen.set(p, path.length);
    const here = p;
    const next = members
      .get(here)!
      .flatMap((n) => [...(before.get(n) ?? [])].map((b) => ({ n, b })))
      .find(({ b }) => at(b) !== here && waiting.has(at(b)))!;
    const via = [
      next.n === here ? "" : ` (its ${text(next.n)})`,
      next.b === at(next.b) ? "" : ` (its ${text(next.b)})`,
    ];
    path.push(`${text(here)}${via[0]} after ${text(at(next.b))}${via[1]}`);
    p = at(next.b);
  }
  return path.slice(seen.get(p)).join(", ");
}

/**
 * Drops and makings-free first, dropping from the end of the old database, making from the start of the new one. In between
 * stands what others may need although nothing tells so.
 */
function ranks(nodes: readonly Node[], { from, to }: Context): Map<Node, number> {
  const positions = (all: Index): ReadonlyMap<string, number> => new Map([...all.keys()].map((k, i) => [k, i]));
  const was = positions(from);
  const is = positions(to);
  const out = new Map<Node, number>();
  for (const n of nodes) {
    const early = n.role === "drop" || n.role === "before" || n.role === "park";
    // Places in the two databases cannot be compared: what only the old one has goes last, were it to wait that long.
    out.set(n, early ? -1 - (was.get(n.key) ?? 0) : (is.get(n.key) ?? is.size + (was.get(n.key) ?? 0)));
  }
  for (const n of nodes) {
    const acts = roomOf(n.id.kind).watches?.(n.object);
    if (acts === undefined) continue;
    const early = n.role === "drop" || n.role === "before" || n.role === "park" || (n.role === "alter" && !acts);
    out.set(n, (out.get(n) ?? 0) + (early ? -1e9 : 1e9));
  }
  for (const n of nodes) {
    if (!roomOf(n.id.kind).surrounds) continue;
    if (n.role === "create") out.set(n, -2e9);
    if (n.role === "drop") out.set(n, 2e9);
  }
  const creates = new Map(nodes.flatMap((n) => (n.role === "create" ? [[n.key, n] as const] : [])));
  for (const n of nodes) {
    if (!roomOf(n.id.kind).provides) continue;
    if (n.role === "drop") out.set(n, -0.9);
    if (n.role !== "create") continue;
    out.set(n, -0.1);
    for (const need of needsOf(n.object)) {
      const first = creates.get(encode(need));
      if (first && !roomOf(first.id.kind).provides) out.set(first, -0.2);
    }
  }
  return out;
}

function sort(
  nodes: readonly Node[],
  before: Before,
  point: Points,
  rank: ReadonlyMap<Node, number>,
): { readonly nodes: readonly Node[]; readonly stuck: readonly Node[] } {
  const at = (n: Node): Node => point.get(n) ?? n;
  const members = new Map<Node, Node[]>();
  for (const n of nodes) {
    const list = members.get(at(n));
    if (list) list.push(n);
    else members.set(at(n), [n]);
  }
  const waits = new Map<Node, number>();
  const releases = new Map<Node, Node[]>();
  for (const [p, own] of members) {
    const needed = new Set<Node>();
    for (const n of own) for (const b of before.get(n) ?? []) if (at(b) !== p) needed.add(at(b));
    waits.set(p, needed.size);
    for (const b of needed) {
      const list = releases.get(b);
      if (list) list.push(p);
      else releases.set(b, [p]);
    }
  }
  const ready = new Heap(rank);
  for (const [p, w] of waits) if (w === 0) ready.push(p);
  const out: Node[] = [];
  const done = new Set<Node>();
  for (let p = ready.pop(); p; p = ready.pop()) {
    done.add(p);
    // Absorbed ones leave no statement; they go first so that their owner is the last of them.
    out.push(...members.get(p)!.filter((n) => n !== p), p);
    for (const r of releases.get(p) ?? []) {
      const w = waits.get(r)! - 1;
      waits.set(r, w);
      if (w === 0) ready.push(r);
    }
  }
  return { nodes: out, stuck: nodes.filter((n) => !done.has(at(n))) };
}
