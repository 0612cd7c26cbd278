/** From differences to nodes of work. */
import type { AttributeName, DbObject, Kind } from "../model/objects.ts";
import type { Index } from "../model/database.ts";
import type { Action, Delta } from "../model/plan.ts";
import { encode } from "../model/id.ts";
import { groupedBy } from "../model/once.ts";
import { roomOf, rooms } from "../kinds/rooms.ts";
import type { Context, InPlace } from "../kinds/room.ts";
import { Work, type Node, type Staying, type Steps } from "./nodes.ts";
import { dependentsIn, spread, type Answers, type Dependents, type Spread } from "./spread.ts";

export type Expansion = Pick<Work, "disturbed"> & { readonly nodes: readonly Node[] };

/**
 * 1. Every delta becomes a drop, a create, or, object by object, the answers of the room's rules.
 * 2. What is remade, or changed so that others cannot stay on it, disturbs its dependents: those without rows are
 *    dropped before and made again after; those with rows are bound anew. This spreads until nothing new is disturbed.
 * 3. Drops whose owner goes too are absorbed.
 */
export function expand(deltas: readonly Delta[], context: Context): Expansion {
  const work = new Work(context);
  const answers = answer(deltas, work, context);
  const dependents = work.queue.length ? dependentsIn(context.from) : new Map<string, readonly DbObject[]>();
  const around = spread(work, answers, dependents, context);
  const nodes = settled(work, around, dependents, context);
  absorb(nodes, context.from);
  return { nodes, disturbed: work.disturbed };
}

function answer(deltas: readonly Delta[], work: Work, context: Context): Answers {
  const around = new Map<string, Staying & Steps>();
  const disturbs = new Map<string, InPlace["disturbs"]>();
  const successors = new Map<string, ReadonlySet<string>>();
  for (const room of Object.values(rooms)) for (const id of room.remade?.(context) ?? []) work.replaceById(id);
  const overloads = newOverloads(deltas);
  for (const group of grouped(deltas)) {
    const first = group[0]!;
    const room = roomOf(first.kind);
    if (first.op === "drop") {
      const others = overloads.get(room.overloads?.(first.from) ?? "");
      if (others) {
        work.putAside(first.from, first.from);
        successors.set(encode(first.from.id), others);
      } else work.drop(first.from);
      work.disturb(first.from.id, "everything");
      continue;
    }
    work.replaceById(room.remakes?.(first.to, context) ?? null);
    if (first.op === "create") {
      work.create(first.to);
      continue;
    }
    const { from, to } = first;
    const own = inPlace(first.kind, first, group, context);
    if (own === "replace") {
      work.replace(from, to);
      continue;
    }
    work.alter(from, to, own.actions);
    const { before = [], after = [] } = own;
    if (before.length + after.length) around.set(encode(to.id), { from, to, before, after });
    disturbs.set(encode(to.id), own.disturbs);
    if (own.disturbs !== "nothing") work.disturb(from.id, own.disturbs);
  }
  return { around, disturbs, successors };
}

/** What is made new, by the name that it shares with others. */
function newOverloads(deltas: readonly Delta[]): ReadonlyMap<string, ReadonlySet<string>> {
  const out = new Map<string, Set<string>>();
  for (const d of deltas) {
    const shared = d.op === "create" ? roomOf(d.kind).overloads?.(d.to) : undefined;
    if (shared === undefined || d.op !== "create") continue;
    const list = out.get(shared) ?? new Set();
    out.set(shared, list.add(encode(d.to.id)));
  }
  return out;
}

/** Deltas of one object together, in their order. */
const grouped = (deltas: readonly Delta[]): readonly (readonly Delta[])[] => [
  ...groupedBy(deltas, (d) => encode(d.op === "drop" ? d.from.id : d.to.id)).values(),
];

/** Asks each distinct rule once, with all the attributes that it shares. */
function inPlace<K extends Kind>(
  kind: K,
  first: { readonly from: DbObject<K>; readonly to: DbObject<K> },
  group: readonly Delta[],
  context: Context,
): InPlace | "replace" {
  const rules = roomOf(kind).change;
  const changed = new Set(group.flatMap((d) => (d.op === "alter" ? [d.attribute as AttributeName<K>] : [])));
  const actions: Action[] = [];
  const after: Action[] = [];
  const before: Action[] = [];
  let disturbs: InPlace["disturbs"] = "nothing";
  for (const rule of new Set([...changed].map((a) => rules[a]))) {
    const own = rule(first.from, first.to, changed, context);
    if (own === "replace") return "replace";
    actions.push(...own.actions);
    after.push(...(own.after ?? []));
    before.push(...(own.before ?? []));
    if (own.disturbs === "everything" || disturbs === "nothing") disturbs = own.disturbs;
  }
  return { actions, disturbs, after, before };
}

/** The nodes as they are when all is known: each with what its object lets go of, none aside that need not be. */
function settled(
  work: Work,
  { anew, letGo, released }: Spread,
  dependents: Dependents,
  context: Context,
): readonly Node[] {
  // What is made anew is made as wanted; nothing is left to change in it.
  const left = work.nodes.filter((n) => n.role !== "alter" || !(anew.has(n.key) || work.makes(n.key)));
  const free = freed(left, work.referredTo, dependents, letGo, context);
  return left.flatMap((n): readonly Node[] => {
    const releases = n.role === "alter" ? released.get(n.key) : undefined;
    if (releases) return [{ ...n, releases }];
    if (!free.has(n.key)) return [n];
    if (n.role === "discard") return [];
    return [n.role === "park" ? { ...n, role: "drop", actions: roomOf(n.id.kind).drop(n.object, context) } : n];
  });
}

/**
 * What goes aside although it need not: what is made anew under its own id, and everything that refers to it lets go of first.
 * Aside it would still stand on what changes.
 */
function freed(
  nodes: readonly Node[],
  referredTo: ReadonlySet<string>,
  dependents: Dependents,
  letGo: ReadonlyMap<string, ReadonlySet<string>>,
  context: Context,
): ReadonlySet<string> {
  // What goes only when its rows have moved goes after what comes.
  const waits = (n: Node): boolean => Boolean(context.aside && roomOf(n.id.kind).rowsMoveTo?.(n.object, context));
  const dropped = new Set(nodes.flatMap((n) => (n.role === "drop" && !waits(n) ? [n.key] : [])));
  const made = new Set(nodes.flatMap((n) => (n.role === "create" ? [n.key] : [])));
  const free = new Set([...referredTo].filter((key) => made.has(key)));
  const holds = (o: DbObject, key: string): boolean => {
    const own = encode(o.id);
    // What is said of it goes with it.
    return !("target" in o.id) && !dropped.has(own) && !free.has(own) && letGo.get(own)?.has(key) !== true;
  };
  for (let before = -1; before !== free.size;) {
    before = free.size;
    for (const key of free) if (dependents.get(key)?.some((o) => holds(o, key))) free.delete(key);
  }
  return free;
}

function absorb(nodes: readonly Node[], from: Index): void {
  const going = new Set(nodes.filter((n) => n.role === "drop").map((n) => n.key));
  for (const n of nodes) {
    if (n.role !== "drop") continue;
    const owner = roomOf(n.id.kind).owner(n.object, from);
    n.absorbed = owner !== null && going.has(encode(owner));
  }
}
