/** Edges that are only wanted: they are added where they close no circle. */
import { encode } from "../model/id.ts";
import type { Index } from "../model/database.ts";
import { roomOf } from "../kinds/rooms.ts";
import type { ByKey, Edges } from "./edges.ts";
import { circular } from "./graph.ts";
import type { Node } from "./nodes.ts";

type Wishes = ReadonlyMap<Node, ReadonlySet<Node>>;
/** For each part, the making of the table that it is part of. */
type Whole = (n: Node) => Node;

/** `rank` is given to those whose wishes are not fulfilled; `point`: for each absorbed drop, the one at whose moment it happens. */
export function addWishes(
  nodes: readonly Node[],
  edges: Edges,
  byKey: ByKey,
  to: Index,
  rank: Map<Node, number>,
  point: ReadonlyMap<Node, Node>,
): void {
  const whole = wholes(nodes, byKey, to);
  guard(nodes, edges, byKey, (n) => point.get(n) ?? whole(n));
  loosen(nodes, edges, mentionsOf(nodes, byKey), whole, rank);
  gather(nodes, edges, whole);
}

/**
 * What fills a column may read goes only when that is done. What others may stand on although nothing tells so goes only when they
 * have changed; where things come with it, it changes before they are made or change.
 */
function guard(nodes: readonly Node[], edges: Edges, byKey: ByKey, at: Whole): void {
  const wishes = new Map<Node, Set<Node>>();
  const wish = (n: Node, first: readonly Node[]): void => {
    const known = wishes.get(n);
    if (!known) wishes.set(n, new Set(first));
    else for (const o of first) known.add(o);
  };
  const changing = nodes.filter((n) => n.role === "alter" || n.role === "after");
  const carriers = nodes.filter((n) => n.role === "alter" && roomOf(n.id.kind).provides === "others");
  for (const n of nodes) {
    const goes = n.role === "drop" && !byKey.get(n.key)?.create;
    if (goes && roomOf(n.id.kind).provides === "itself") wish(n, changing);
    if (n.role !== "create" && n.role !== "alter" && n.role !== "after") continue;
    if (carriers.length) wish(n, carriers);
    for (const id of n.object.hints?.reads ?? []) {
      const other = byKey.get(encode(id));
      if (other?.drop && !other.create) wish(other.drop, [n]);
    }
  }
  if (!wishes.size) return;
  const circles = circlesAmong(nodes, edges, wishes, at);
  for (const [n, first] of wishes)
    for (const o of first) if (circles.get(at(o)) !== circles.get(at(n))) edges.run(n).after(o);
}

/** Work on what the bodies mention that are made or changed. */
function mentionsOf(nodes: readonly Node[], byKey: ByKey): Wishes {
  const out = new Map<Node, ReadonlySet<Node>>();
  for (const n of nodes) {
    if ((n.role !== "create" && n.role !== "alter") || !n.object.mentions?.length) continue;
    const first = n.object.mentions.flatMap((id) => {
      const other = byKey.get(encode(id));
      return [other?.create, other?.alter].flatMap((o) => (o && o !== n ? [o] : []));
    });
    if (first.length) out.set(n, new Set(first));
  }
  return out;
}

/** What is made in one go. */
function wholes(nodes: readonly Node[], byKey: ByKey, to: Index): Whole {
  const known = new Map<Node, Node>();
  for (const n of nodes) {
    let at = n;
    for (let next: Node | undefined = n; next?.role === "create";) {
      at = next;
      const owner = roomOf(next.id.kind).owner(next.object, to);
      next = owner ? byKey.get(encode(owner))?.create : undefined;
    }
    known.set(n, at);
  }
  return (n) => known.get(n) ?? n;
}

/** Adds the wishes that close no circle; whose do comes early instead, unchecked. */
function loosen(nodes: readonly Node[], edges: Edges, wishes: Wishes, whole: Whole, rank: Map<Node, number>): void {
  if (!wishes.size) return;
  const circles = circlesAmong(nodes, edges, wishes, whole);
  for (const [n, wished] of wishes) {
    const own = circles.get(whole(n));
    if ([...wished].some((o) => circles.get(whole(o)) === own)) {
      n.unchecked = true;
      rank.set(n, -0.05);
    } else edges.run(n).after(...wished);
  }
}

/** A table waits for what is made for its columns, so that they can stand in it in their order, and for functions that its lines need. */
function gather(nodes: readonly Node[], edges: Edges, whole: Whole): void {
  const parts = nodes.flatMap((n) => {
    const at = whole(n);
    if (n.actions[0]?.clause?.create == null || at === n) return [];
    // Where a column stands matters; of the other lines only that they are in.
    const isColumn = roomOf(n.id.kind).rebind !== undefined;
    const first = [...(edges.before.get(n) ?? [])].filter(
      (m) => whole(m) !== at && (isColumn ? m.role === "create" : m.actions.some((a) => a.unchecked !== undefined)),
    );
    return first.length ? [{ at, first }] : [];
  });
  if (!parts.length) return;
  const circles = circlesAmong(nodes, edges, new Map(), whole);
  for (const { at, first } of parts)
    edges.run(at).after(...first.filter((m) => circles.get(whole(m)) !== circles.get(at)));
}

/** For each whole, the number of the circle that it is in; one of its own where it is in none. */
function circlesAmong(nodes: readonly Node[], edges: Edges, wishes: Wishes, whole: Whole): ReadonlyMap<Node, number> {
  const first = new Map<Node, Node[]>();
  for (const n of nodes) {
    const at = whole(n);
    const all = first.get(at) ?? [];
    first.set(at, all);
    for (const before of [edges.before.get(n), wishes.get(n)]) for (const b of before ?? []) all.push(whole(b));
  }
  return circular([...first.keys()], (n) => first.get(n) ?? []);
}
