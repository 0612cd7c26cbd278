/** From differences to nodes of work: what is made, dropped, changed in place, and what must be remade around it. */
import type { AttributeName, DbObject, Id, Kind } from "../model/objects.ts";
import type { Index } from "../model/database.ts";
import type { Action, Delta } from "../model/plan.ts";
import { encode } from "../model/id.ts";
import { roomOf, rooms } from "../kinds/rooms.ts";
import type { Context, InPlace, Rebound, Role } from "../kinds/room.ts";

export type { Role } from "../kinds/room.ts";

/** A piece of work on one object; what the roles mean is said in kinds/room.ts. */
export interface Node {
  readonly role: Role;
  readonly id: Id;
  readonly key: string;
  readonly object: DbObject;
  /** As it was, for "alter": what it no longer needs may go only afterwards. */
  readonly old: DbObject | null;
  readonly actions: readonly Action[];
  /** For "alter": keys of what it stands on no more, and which others must let go of before it changes. */
  readonly releases?: ReadonlySet<string>;
  /** Something that its body mentions comes only later, so that Postgres must not look for it. */
  unchecked: boolean;
  /** True when the owner's drop takes it along, so that it has no statement of its own. */
  absorbed: boolean;
}

/** How much of what depends on an object cannot stay while it changes. */
type Disturbance = Exclude<InPlace["disturbs"], "nothing">;
type Steps = Pick<Rebound, "before" | "after">;

export interface Expansion {
  readonly nodes: readonly Node[];
  /** Ids of live objects that are dropped, remade or changed so that dependents of other kinds would break. */
  readonly disturbed: ReadonlyMap<string, Id>;
}

/** Everything an object needs, by what it is and by what it mentions. Its owner is among them only where it is needed to exist. */
export const needsOf = (o: DbObject): readonly Id[] => [...roomOf(o.id.kind).needs(o), ...o.needs];

/**
 * 1. Every delta becomes a drop, a create, or, object by object, the answers of the room's rules.
 * 2. What is remade, or changed so that others cannot stay on it, disturbs its dependents: those without rows are
 *    dropped before and made again after; those with rows are bound anew. This spreads until nothing new is disturbed.
 * 3. Drops whose owner goes too are absorbed.
 */
export function expand(deltas: readonly Delta[], context: Context): Expansion {
  const nodes: Node[] = [];
  const roles = new Set<string>();
  const { from, to } = context;
  const disturbed = new Map<string, Id>();
  const queue: { readonly id: Id; readonly how: Disturbance }[] = [];
  /** What rules of changed objects want before and after others' work; it stands around theirs that is bound to what changes. */
  const around = new Map<string, { readonly from: DbObject; readonly to: DbObject } & Steps>();
  const taken = (key: string, own: Steps): Steps => {
    const rule = around.get(key);
    around.delete(key);
    return rule ? { before: [...rule.before, ...own.before], after: [...own.after, ...rule.after] } : own;
  };
  /** For what goes: what is new under the same name. */
  const successors = new Map<string, ReadonlySet<string>>();
  const ownDisturbance = new Map<string, InPlace["disturbs"]>();
  const add = (role: Role, object: DbObject, old: DbObject | null, actions: readonly Action[]): void => {
    const key = encode(object.id);
    if (roles.has(role + key)) return;
    roles.add(role + key);
    nodes.push({ role, id: object.id, key, object, old, actions, absorbed: false, unchecked: false });
  };
  const disturb = (id: Id, how: Disturbance): void => {
    disturbed.set(encode(id), id);
    queue.push({ id, how });
  };
  const drop = (o: DbObject): void => add("drop", o, null, roomOf(o.id.kind).drop(o, context));
  const greeting = Object.values(rooms).filter((room) => room.greets);
  const greetings = (o: DbObject, old: DbObject | null): readonly Action[] =>
    greeting.flatMap((room): readonly Action[] => room.greets!(o, old, context));
  const create = (o: DbObject): void => {
    add("create", o, null, [...roomOf(o.id.kind).create(o, context), ...greetings(o, null)]);
    const aside = context.aside?.get(encode(o.id));
    const old = aside && from.get(encode(aside));
    const fill = (old && roomOf(o.id.kind).fill?.(old, o, context)) ?? [];
    if (fill.length) add("after", o, null, fill);
  };
  /** Keys of what goes aside for the sake of what refers to it alone. */
  const referredTo = new Set<string>();
  const putAside = (old: DbObject, wanted: DbObject): void => {
    const parking = roomOf(old.id.kind).park?.(old, wanted, context);
    if (parking) {
      if (!parking.inRows) referredTo.add(encode(old.id));
      add("park", old, null, parking.aside);
      add("discard", old, null, parking.drop);
    } else drop(old);
  };
  const replace = (old: DbObject, wanted: DbObject): void => {
    if (roles.has("create" + encode(wanted.id))) return;
    putAside(old, wanted);
    create(wanted);
    disturb(old.id, "everything");
  };

  for (const room of Object.values(rooms))
    for (const id of room.remade?.(context) ?? []) {
      const [old, wanted] = [from.get(encode(id)), to.get(encode(id))];
      if (old && wanted) replace(old, wanted);
    }
  const overloads = newOverloads(deltas);
  for (const group of grouped(deltas)) {
    const first = group[0]!;
    const owner = first.op === "drop" ? null : (roomOf(first.kind).remakes?.(first.to, context) ?? null);
    const [old, wanted] = owner ? [from.get(encode(owner)), to.get(encode(owner))] : [];
    if (old && wanted) replace(old, wanted);
    if (first.op === "create") create(first.to);
    else if (first.op === "drop") {
      const others = overloads.get(roomOf(first.kind).overloads?.(first.from) ?? "");
      if (others) {
        putAside(first.from, first.from);
        successors.set(encode(first.from.id), others);
      } else drop(first.from);
      disturb(first.from.id, "everything");
    } else {
      const answer = inPlace(first.kind, first, group, context);
      if (answer === "replace") replace(first.from, first.to);
      else {
        add("alter", first.to, first.from, [...answer.actions, ...greetings(first.to, first.from)]);
        const { before = [], after = [] } = answer;
        if (before.length + after.length)
          around.set(encode(first.to.id), { from: first.from, to: first.to, before, after });
        ownDisturbance.set(encode(first.to.id), answer.disturbs);
        if (answer.disturbs !== "nothing") disturb(first.from.id, answer.disturbs);
      }
    }
  }

  const dependents = queue.length ? dependentsIn(from) : new Map<string, readonly DbObject[]>();
  const rebuilt = new Set<string>();
  /** Holders to be bound anew, with all that is remade under them. */
  const bound = new Map<
    string,
    { readonly o: DbObject; readonly wanted: DbObject; readonly under: Id[]; how: Disturbance | null }
  >();
  /** Others that stay, with the keys of what they let go of. */
  const loose = new Map<
    string,
    {
      readonly o: DbObject;
      readonly wanted: DbObject;
      readonly steps: Steps;
      readonly under: ReadonlySet<string>;
    }
  >();
  /** What holders stand on no more, by their keys. */
  const released = new Map<string, Set<string>>();
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const o of dependents.get(encode(next.id)) ?? []) {
      const room = roomOf(o.id.kind);
      const key = encode(o.id);
      const wanted = to.get(key);
      if (!wanted) continue;
      if (next.how === "expressions" && !room.evaluates(o)) {
        // Postgres builds it anew by itself, but not under what depends on it (a foreign key on a unique index).
        if (!room.rebind && !rebuilt.has(key)) {
          rebuilt.add(key);
          queue.push({ id: o.id, how: "expressions" });
        }
        continue;
      }
      if (!room.rebind) {
        const steps = room.letsGo?.(o, wanted, next.id, context);
        if (steps) {
          const { steps: own, under } = loose.get(key) ?? { steps: { before: [], after: [] }, under: [] };
          loose.set(key, { o, wanted, steps: together(own, steps), under: new Set([...under, encode(next.id)]) });
        } else replace(o, wanted);
        continue;
      }
      const later = successors.get(encode(next.id));
      const still = needsOf(wanted).some((n) => encode(n) === encode(next.id) || later?.has(encode(n)));
      if (!still) released.set(key, (released.get(key) ?? new Set()).add(encode(next.id)));
      if (!still || (ownDisturbance.get(key) ?? "nothing") !== "nothing") continue;
      const entry = bound.get(key) ?? { o, wanted, under: [], how: null };
      bound.set(key, entry);
      if (entry.under.some((id) => encode(id) === encode(next.id))) continue;
      entry.under.push(next.id);
      const own = room.rebind(o, wanted, entry.under, context);
      const how = own.before.length ? "everything" : (own.disturbs ?? (own.after.length ? "expressions" : null));
      if (how === null || how === entry.how || entry.how === "everything") continue;
      entry.how = how;
      disturb(o.id, how);
    }
  }
  const anew = new Set<string>();
  /** What holders let go of before it changes, by their keys. */
  const letGo = new Map<string, ReadonlySet<string>>();
  for (const [key, { o, wanted, under }] of bound) {
    const own = roomOf(o.id.kind).rebind!(o, wanted, under, context);
    if (own.anew) anew.add(key);
    if (own.before.length) letGo.set(key, new Set(under.map(encode)));
    const { before, after } = taken(key, own);
    // What is done elsewhere, in a parent, waits for what stands on this, and is waited for here all the same.
    if (before.length || own.disturbs === "everything") add("before", o, null, before);
    if (after.length || own.disturbs) add("after", wanted, null, after);
  }
  for (const [key, { o, wanted, steps, under }] of loose) {
    if (roles.has("create" + key)) continue;
    letGo.set(key, under);
    const { before, after } = taken(key, steps);
    add("before", o, null, before);
    if (after.length) add("after", wanted, null, after);
  }
  for (const { from: o, to: wanted, before, after } of around.values()) {
    if (before.length) add("before", o, null, before);
    if (after.length) add("after", wanted, null, after);
  }

  // What is made anew is made as wanted; nothing is left to change in it.
  const left = nodes.filter((n) => !(n.role === "alter" && (anew.has(n.key) || roles.has("create" + n.key))));
  const free = freed(left, referredTo, dependents, letGo, context);
  const all = left.flatMap((n): readonly Node[] => {
    const releases = n.role === "alter" ? released.get(n.key) : undefined;
    if (releases) return [{ ...n, releases }];
    if (!free.has(n.key)) return [n];
    if (n.role === "discard") return [];
    return [n.role === "park" ? { ...n, role: "drop", actions: roomOf(n.id.kind).drop(n.object, context) } : n];
  });
  absorb(all, from);
  return { nodes: all, disturbed };
}

/**
 * What goes aside although it need not: what is made anew under its own id, and everything that refers to it lets go of first.
 * Aside it would still stand on what changes.
 */
function freed(
  nodes: readonly Node[],
  referredTo: ReadonlySet<string>,
  dependents: ReadonlyMap<string, readonly DbObject[]>,
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
function grouped(deltas: readonly Delta[]): readonly (readonly Delta[])[] {
  const groups = new Map<string, Delta[]>();
  for (const d of deltas) {
    const key = encode(d.op === "drop" ? d.from.id : d.to.id);
    const group = groups.get(key);
    if (group) group.push(d);
    else groups.set(key, [d]);
  }
  return [...groups.values()];
}

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
    const answer = rule(first.from, first.to, changed, context);
    if (answer === "replace") return "replace";
    actions.push(...answer.actions);
    after.push(...(answer.after ?? []));
    before.push(...(answer.before ?? []));
    if (answer.disturbs === "everything" || disturbs === "nothing") disturbs = answer.disturbs;
  }
  return { actions, disturbs, after, before };
}

/** Both, each step once. */
const together = (a: Steps, b: Steps): Steps => {
  const more = (have: readonly Action[], other: readonly Action[]): readonly Action[] => [
    ...have,
    ...other.filter((x) => !have.some((y) => y.sql === x.sql)),
  ];
  return { before: more(a.before, b.before), after: more(a.after, b.after) };
};

/** Who needs whom, the other way round. */
function dependentsIn(all: Index): ReadonlyMap<string, readonly DbObject[]> {
  const out = new Map<string, DbObject[]>();
  for (const o of all.values())
    for (const need of needsOf(o)) {
      const key = encode(need);
      const list = out.get(key);
      if (!list) out.set(key, [o]);
      else if (list.at(-1) !== o) list.push(o);
    }
  return out;
}

function absorb(nodes: readonly Node[], from: Index): void {
  const going = new Set(nodes.filter((n) => n.role === "drop").map((n) => n.key));
  for (const n of nodes) {
    if (n.role !== "drop") continue;
    const owner = roomOf(n.id.kind).owner(n.object, from);
    n.absorbed = owner !== null && going.has(encode(owner));
  }
}
