/** Puts nodes in an order that Postgres accepts. Knows no kind: edges come from needs, owners and occupied names. */
import type { DbObject } from "../model/objects.ts";
import type { Index } from "../model/database.ts";
import { encode, describeId } from "../model/id.ts";
import { roomOf } from "../kinds/rooms.ts";
import type { Context } from "../kinds/room.ts";
import { circular, Heap } from "./graph.ts";
import { needsOf, type Node, type Role } from "./nodes.ts";

export interface Ordered {
  readonly nodes: readonly Node[];
  /** For each node, those that must stand before it. */
  readonly predecessors: ReadonlyMap<Node, ReadonlySet<Node>>;
  /** For each absorbed drop, the drop that takes it along. */
  readonly within: ReadonlyMap<Node, Node>;
}

/** Collects sentences of the form "run(a).after(b)". */
class Edges {
  readonly before = new Map<Node, Set<Node>>();
  run(node: Node): { after: (...others: readonly (Node | undefined)[]) => void } {
    return {
      after: (...others) => {
        for (const o of others) {
          if (!o || o === node) continue;
          const set = this.before.get(node);
          if (set) set.add(o);
          else this.before.set(node, new Set([o]));
        }
      },
    };
  }
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
  const byKey = new Map<string, Partial<Record<Role, Node>>>();
  for (const n of nodes) {
    const entry = byKey.get(n.key);
    if (entry) entry[n.role] = n;
    else byKey.set(n.key, { [n.role]: n });
  }
  const edges = edgesOf(nodes, byKey, context);
  const rank = ranks(nodes, context);
  const whole = wholes(nodes, byKey, context.to);
  loosen(nodes, edges, mentionsOf(nodes, byKey), whole, rank);
  gather(nodes, edges, whole);
  let point = points(nodes, byKey, context.from);
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

function edgesOf(
  nodes: readonly Node[],
  byKey: ReadonlyMap<string, Partial<Record<Role, Node>>>,
  context: Context,
): Edges {
  const { from, to } = context;
  const followed = new Map<Node, readonly Node[]>();
  for (const n of nodes) {
    if (n.absorbed) continue;
    const first = (roomOf(n.id.kind).follows?.(n.object, n.role, context) ?? []).flatMap(({ id, roles }) => {
      const other = byKey.get(encode(id));
      return other ? roles.flatMap((r) => other[r] ?? []) : [];
    });
    if (first.length) followed.set(n, first);
  }
  /** What finishes a table waits for its parts, and what those wait for, though they need the table. */
  const unless = (n: Node, finish: Node | undefined): Node | undefined =>
    finish && (awaited(finish).has(n) || isSooner(n, finish)) ? undefined : finish;
  const known = new Map<Node, ReadonlySet<Node>>();
  const awaited = (finish: Node): ReadonlySet<Node> => {
    let all = known.get(finish);
    if (!all) known.set(finish, (all = leading(finish, followed)));
    return all;
  };
  /** A table may leave a parent, or change, before that parent is finished; only its own finish waits for that. */
  const isSooner = (n: Node, finish: Node): boolean => n.role === "alter" && n.id.kind === finish.id.kind;
  const edges = new Edges();
  const givers = new Map<string, Node[]>();
  for (const n of nodes)
    if (n.role === "drop" || n.role === "park")
      for (const name of namesOf(n)) {
        const list = givers.get(name);
        if (list) list.push(n);
        else givers.set(name, [n]);
      }
  const behindNow = behind(byKey, to);
  const behindThen = behind(byKey, from);
  /** Whether what it was stood on something that has this work to do: it lets go of that first. */
  const stoodOn = (n: Node, other: Partial<Record<Role, Node>>): boolean => {
    const was = n.old ?? from.get(n.key);
    return was !== undefined && behindThen(was).has(other);
  };
  for (const n of nodes) {
    const own = byKey.get(n.key)!;
    edges.run(n).after(...(followed.get(n) ?? []));
    switch (n.role) {
      case "create":
        edges.run(n).after(own.drop, own.park);
        for (const name of namesOf(n)) edges.run(n).after(...(givers.get(name) ?? []));
        for (const other of behindNow(n.object))
          edges.run(n).after(other.create, other.alter, unless(n, other.after), other.before);
        break;
      case "alter":
      case "after":
        if (n.role === "after") edges.run(n).after(own.create, own.alter, own.before);
        else edges.run(n).after(own.before);
        for (const other of behindNow(n.object)) edges.run(n).after(other.create, other.alter, unless(n, other.after));
        break;
      case "drop":
      case "park":
      case "before":
        break;
      case "discard":
        edges.run(n).after(own.create);
        break;
    }
    const into = n.role === "drop" && context.aside ? roomOf(n.id.kind).rowsMoveTo?.(n.object, context) : null;
    if (into) edges.run(n).after(byKey.get(encode(into))?.after);
    // What it needed as it was may change, or go, only when it has gone itself, let go, or been changed.
    if (n.role === "drop" || n.role === "before") {
      const first = followed.size ? leading(n, followed) : nobody;
      for (const other of behindThen(n.object))
        for (const o of [
          other.drop,
          into ? undefined : other.park,
          other.before,
          other.alter,
          other.after,
          other.discard,
        ])
          if (o && !first.has(o)) {
            edges.run(o).after(n);
            // A parent's change reaches its heirs, so it waits for what stood on them too, unless that is part of the same
            // change, goes with what is dropped, or stands on it in turn; nothing stands on a constraint.
            const led = followed.has(o) && !goesWith(n, o, byKey, from) ? leading(o, followed) : nobody;
            if (!led.has(n))
              for (const f of led)
                if (!first.has(f) && !isConstraintsDrop(f) && !stoodOn(f, own)) edges.run(f).after(n);
          }
    } else if (n.role === "park") {
      // Its types are part of a function's name.
      for (const other of behindThen(n.object)) if (other.park) edges.run(other.park).after(n);
    } else if (n.role === "discard") {
      for (const need of needsOf(n.object)) {
        const other = byKey.get(encode(need));
        for (const o of [other?.discard, other?.park ? undefined : other?.drop]) if (o) edges.run(o).after(n);
      }
    } else if (n.role === "alter" || n.role === "after") {
      const was = n.old ?? from.get(n.key);
      // What it still needs, made anew, it let go of before that went.
      const again = own.before ? new Set(needsOf(n.object).map(encode)) : null;
      if (was)
        for (const need of needsOf(was)) {
          const key = encode(need);
          const other = byKey.get(key);
          const gone = other?.park || (other?.create && again?.has(key)) ? undefined : other?.drop;
          for (const o of [other?.discard, gone]) if (o) edges.run(o).after(n);
        }
      for (const key of n.releases ?? []) {
        const other = byKey.get(key);
        for (const o of [other?.before, other?.alter, other?.after]) if (o) edges.run(o).after(n);
      }
    }
  }
  return edges;
}

/** Work on what the bodies mention that are made or changed. */
function mentionsOf(
  nodes: readonly Node[],
  byKey: ReadonlyMap<string, Partial<Record<Role, Node>>>,
): ReadonlyMap<Node, ReadonlySet<Node>> {
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

/** What is made in one go: for each part, the making of the table that it is part of. */
function wholes(
  nodes: readonly Node[],
  byKey: ReadonlyMap<string, Partial<Record<Role, Node>>>,
  to: Index,
): (n: Node) => Node {
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

/** Adds the wishes that close no circle to the edges; whose do comes early instead, unchecked. */
function loosen(
  nodes: readonly Node[],
  edges: Edges,
  wishes: ReadonlyMap<Node, ReadonlySet<Node>>,
  whole: (n: Node) => Node,
  rank: Map<Node, number>,
): void {
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

/** A table waits for the functions that its columns need, so that they can stand in it in their order. */
function gather(nodes: readonly Node[], edges: Edges, whole: (n: Node) => Node): void {
  const parts = nodes.flatMap((n) => {
    if (n.actions[0]?.clause?.create == null || whole(n) === n) return [];
    const first = [...(edges.before.get(n) ?? [])].filter((m) => m.actions.some((a) => a.unchecked !== undefined));
    return first.length ? [{ at: whole(n), first }] : [];
  });
  if (!parts.length) return;
  const circles = circlesAmong(nodes, edges, new Map(), whole);
  for (const { at, first } of parts)
    edges.run(at).after(...first.filter((m) => circles.get(whole(m)) !== circles.get(at)));
}

/** For each whole, the number of the circle that it is in; one of its own where it is in none. */
function circlesAmong(
  nodes: readonly Node[],
  edges: Edges,
  wishes: ReadonlyMap<Node, ReadonlySet<Node>>,
  whole: (n: Node) => Node,
): ReadonlyMap<Node, number> {
  const first = new Map<Node, Node[]>();
  for (const n of nodes) {
    const at = whole(n);
    const all = first.get(at) ?? [];
    first.set(at, all);
    for (const before of [edges.before.get(n), wishes.get(n)]) for (const b of before ?? []) all.push(whole(b));
  }
  return circular([...first.keys()], (n) => first.get(n) ?? []);
}

/** The names that it takes or shares. */
function namesOf(n: Node): readonly string[] {
  const room = roomOf(n.id.kind);
  const shared = room.overloads?.(n.object);
  return shared === undefined ? room.occupies(n.object) : [...room.occupies(n.object), shared];
}

const isConstraintsDrop = ({ role, object }: Node): boolean =>
  role === "drop" && roomOf(object.id.kind).evaluates(object) && !roomOf(object.id.kind).rebind;

const nobody: ReadonlySet<Node> = new Set();

/** All work that a node follows, and what that follows in turn. */
function leading(n: Node, followed: ReadonlyMap<Node, readonly Node[]>): ReadonlySet<Node> {
  const out = new Set<Node>();
  const walk = (x: Node): void => {
    for (const f of followed.get(x) ?? [])
      if (!out.has(f)) {
        out.add(f);
        walk(f);
      }
  };
  walk(n);
  return out;
}

/**
 * Work on what an object needs. Where something needed is left as it is, work on what that needs in turn: a foreign key on a
 * unique index waits for the index's columns.
 */
function behind(
  byKey: ReadonlyMap<string, Partial<Record<Role, Node>>>,
  all: Index,
): (o: DbObject) => ReadonlySet<Partial<Record<Role, Node>>> {
  const known = new Map<string, ReadonlySet<Partial<Record<Role, Node>>>>();
  const none: ReadonlySet<Partial<Record<Role, Node>>> = new Set();
  return function ask(o) {
    const key = encode(o.id);
    let found = known.get(key);
    if (found) return found;
    known.set(key, none);
    const work = new Set<Partial<Record<Role, Node>>>();
    for (const need of needsOf(o)) {
      const direct = byKey.get(encode(need));
      if (direct) work.add(direct);
      const object = direct ? undefined : all.get(encode(need));
      if (object) for (const w of ask(object)) work.add(w);
    }
    known.set(key, (found = work));
    return found;
  };
}

/** The drop that takes an absorbed one along. */
function taker(n: Node, byKey: ReadonlyMap<string, Partial<Record<Role, Node>>>, from: Index): Node | undefined {
  const owner = n.absorbed ? roomOf(n.id.kind).owner(n.object, from) : null;
  return owner ? byKey.get(encode(owner))?.drop : undefined;
}

/** Whether a drop takes another one along, at whatever remove. */
function goesWith(n: Node, whole: Node, byKey: ReadonlyMap<string, Partial<Record<Role, Node>>>, from: Index): boolean {
  for (let at = taker(n, byKey, from); at; at = taker(at, byKey, from)) if (at === whole) return true;
  return false;
}

/** The node at whose moment each absorbed drop happens: its outermost owner's drop that has a statement. */
function points(
  nodes: readonly Node[],
  byKey: ReadonlyMap<string, Partial<Record<Role, Node>>>,
  from: Index,
): ReadonlyMap<Node, Node> {
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
function tying(
  stuck: readonly Node[],
  before: ReadonlyMap<Node, ReadonlySet<Node>>,
  point: ReadonlyMap<Node, Node>,
): readonly Node[] {
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
function circle(
  stuck: readonly Node[],
  before: ReadonlyMap<Node, ReadonlySet<Node>>,
  point: ReadonlyMap<Node, Node>,
): string {
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
  before: ReadonlyMap<Node, ReadonlySet<Node>>,
  point: ReadonlyMap<Node, Node>,
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
