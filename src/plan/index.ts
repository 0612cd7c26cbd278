/** Differences → an ordered, folded, segmented plan, up and down. */
import type { DbObject, Id, Kind } from "../model/objects.ts";
import { type Database, type Index, indexOf, type Unmodelled } from "../model/database.ts";
import type { Action, Delta, Direction, Hazard, Plan } from "../model/plan.ts";
import { describeId, encode } from "../model/id.ts";
import { diff } from "../diff.ts";
import type { Apart, Context } from "../kinds/room.ts";
import { roomOf, rooms } from "../kinds/rooms.ts";
import { expand, type Expansion } from "./expand.ts";
import { order } from "./order.ts";
import { fold } from "./fold.ts";
import { arranged, complete } from "../kinds/complete.ts";
import { segment } from "./segment.ts";

/** A change that would break something schemac does not model yet. It is named and not planned; nothing is ever dropped by CASCADE. */
export interface Refusal {
  readonly change: Id;
  /** null: Postgres has no way to do it. */
  readonly breaks: Unmodelled | null;
  readonly message: string;
}

export interface Planned {
  /** null: no difference, or refused */
  readonly plan: Plan | null;
  readonly refusals: readonly Refusal[];
}

/**
 * Plans the way from `from` to `to` and back. `from` must carry its dependencies (`needs`), `unmodelled` theirs.
 *
 * 1. Both directions are the same work with the databases swapped.
 * 2. What the way up disturbs must not be needed by something that is not modelled.
 */
export function plan(
  from: Database,
  to: Database,
  options: { readonly version: number; readonly unmodelled?: readonly Unmodelled[] },
): Planned {
  const [was, is] = [complete(from), arranged(complete(to))];
  const deltas = diff(was, is);
  if (!deltas.length) return { plan: null, refusals: [] };
  const impossible = [
    ...refusedBy(deltas, { version: options.version, from: indexOf(was), to: indexOf(is) }),
    ...nameTaken(deltas, was, options.unmodelled ?? []),
  ];
  if (impossible.length) return { plan: null, refusals: impossible };
  const up = direction(was, is, options.version, deltas);
  const { refusals, hazards } = refuse(up.disturbed, options.unmodelled ?? [], indexOf(is));
  if (refusals.length) return { plan: null, refusals };
  return {
    plan: {
      up: { ...up.direction, hazards: [...up.direction.hazards, ...hazards] },
      down: direction(is, comingBack(was, is, options.version), options.version).direction,
      deltas,
    },
    refusals,
  };
}

/** What was, as it can come back out of what is. */
function comingBack(was: Database, is: Database, version: number): Database {
  const context: Context = { version, from: indexOf(is), to: indexOf(was) };
  const objects = was.objects.map((o) => {
    const became = context.from.get(encode(o.id));
    return (became && roomOf(o.id.kind).comesBack?.(o, became, context)) ?? o;
  });
  return arranged({ objects });
}

interface Way {
  readonly direction: Direction;
  readonly disturbed: Expansion["disturbed"];
}

/**
 * 1. What cannot become what is wanted is put aside first. From then on it is something else, that goes, and the wanted one is new.
 * 2. What people read of it calls it as it was called.
 */
function direction(from: Database, to: Database, version: number, deltas: readonly Delta[] | null = null): Way {
  const all = Object.values(rooms).flatMap((room) => room.setAside?.(from, to, version) ?? []);
  const [apart] = all;
  if (!apart) return walked(deltas ?? diff(from, to), { version, from: indexOf(from), to: indexOf(to) });
  if (all.length > 1) throw new Error("several rooms put something aside, each of a database without the others'");
  const context = { version, from: indexOf(apart.from), to: indexOf(to), aside: apart.aside };
  const way = walked(diff(apart.from, to), context, apart.first);
  return {
    direction: {
      steps: way.direction.steps.map((s) => ({ ...s, actions: s.actions.map((a) => calledAsBefore(a, apart)) })),
      hazards: way.direction.hazards.map((h) => ({ ...h, on: apart.original(h.on) })),
    },
    disturbed: new Map([...way.disturbed.values()].map(apart.original).map((id) => [encode(id), id])),
  };
}
const calledAsBefore = (a: Action, { original }: Apart): Action => ({
  ...a,
  on: [...new Map(a.on.map(original).map((id) => [encode(id), id])).values()],
  hazards: a.hazards.map((h) => ({ ...h, on: original(h.on) })),
});

function walked(deltas: readonly Delta[], context: Context, first: readonly Action[] = []): Way {
  const { nodes, disturbed } = expand(deltas, context);
  const made = new Set(nodes.flatMap((n) => (n.role === "create" ? [n.key] : [])));
  const statements = [
    ...first.map((action) => ({ action, nodes: [] })),
    ...fold(order(nodes, context)).map((f) => ({ ...f, action: unlocked(f.action, made) })),
  ];
  const steps = segment(statements, context);
  if (deltas.length && !steps.length)
    throw new Error(
      `Nothing is known to do about these differences (a bug of schemac's rooms, please report it): ${deltas.map(words).join(", ")}`,
    );
  const hazards = steps.flatMap((s) => s.actions.flatMap((a) => a.hazards));
  return {
    direction: { steps, hazards: [...new Map(hazards.map((h) => [h.code + encode(h.on) + h.detail, h])).values()] },
    disturbed,
  };
}

const words = (d: Delta): string =>
  `${d.op} ${describeId(d.op === "drop" ? d.from.id : d.to.id)}${d.op === "alter" ? ` (${d.attribute})` : ""}`;

/** Nobody waits for a lock on what did not exist before. */
function unlocked(action: Action, made: ReadonlySet<string>): Action {
  const on = action.on.filter((id) => !made.has(encode(id)));
  return on.length === action.on.length ? action : { ...action, on, lock: on.length ? action.lock : "none" };
}

/** Changes that rooms know no way for. */
function refusedBy(deltas: readonly Delta[], context: Context): readonly Refusal[] {
  const out = new Map<string, Refusal>();
  for (const d of deltas) {
    if (d.op === "create") continue;
    const why = refusal(d.kind, d, context);
    if (why === null) continue;
    const change = d.from.id;
    out.set(encode(change), {
      change,
      breaks: null,
      message: `${describeId(change)} cannot change so: ${why}.`,
    });
  }
  return [...out.values()];
}
const refusal = <K extends Kind>(
  kind: K,
  d: { readonly op: "drop" | "alter"; readonly from: DbObject<K>; readonly to?: DbObject<K> },
  context: Context,
): string | null => roomOf(kind).refuses?.(d.from, d.to ?? null, context) ?? null;

/** What would be made under the name of something that is not modelled, and stays. */
function nameTaken(deltas: readonly Delta[], was: Database, unmodelled: readonly Unmodelled[]): readonly Refusal[] {
  const taken = new Map(unmodelled.flatMap((u) => (u.occupies === undefined ? [] : [[u.occupies, u] as const])));
  if (!taken.size) return [];
  const named = (o: DbObject): readonly string[] => roomOf(o.id.kind).occupies(o);
  // Some of it is an object all the same.
  for (const o of was.objects) for (const name of named(o)) taken.delete(name);
  return deltas.flatMap((d): readonly Refusal[] => {
    const breaks = d.op === "create" ? named(d.to).flatMap((name) => taken.get(name) ?? [])[0] : undefined;
    if (d.op !== "create" || !breaks) return [];
    const change = d.to.id;
    const message = `${describeId(change)} cannot be made: ${breaks.what} ${breaks.name} has its name, and schemac does not model that. Drop it first.`;
    return [{ change, breaks, message }];
  });
}

/** What is on something that goes away goes with it, by name; anything else that would break is refused. */
function refuse(
  disturbed: Way["disturbed"],
  unmodelled: readonly Unmodelled[],
  to: Index,
): { readonly refusals: readonly Refusal[]; readonly hazards: readonly Hazard[] } {
  const refusals: Refusal[] = [];
  const hazards: Hazard[] = [];
  for (const u of unmodelled) {
    const on = u.of && disturbed.get(encode(u.of));
    if (on && !to.has(encode(on))) {
      hazards.push({
        code: "irreversible",
        on,
        detail: `Its ${u.what} (${u.name}) goes with it; the way back does not bring that back.`,
      });
      continue;
    }
    const change = u.dependsOn.map((id) => disturbed.get(encode(id))).find((id) => id !== undefined);
    if (change)
      refusals.push({
        change,
        breaks: u,
        message: `${describeId(change)} cannot change: ${u.what} ${u.name} depends on it, and schemac does not model that yet.`,
      });
  }
  return { refusals, hazards };
}

/** Statements that make all of a database out of nothing, in order. */
export function creation(database: Database, version: number): readonly Action[] {
  return direction({ objects: [] }, complete(database), version).direction.steps.flatMap((s) => s.actions);
}
