/** Nodes of work: what is made, dropped, changed in place, or put aside. */
import type { DbObject, Id } from "../model/objects.ts";
import type { Action } from "../model/plan.ts";
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
export type Disturbance = Exclude<InPlace["disturbs"], "nothing">;
export interface Disturbed {
  readonly id: Id;
  readonly how: Disturbance;
}
/** What stands around the change of something else. */
export type Steps = Pick<Rebound, "before" | "after">;
/** One that stays: as it was, and as it is to be. */
export interface Staying {
  readonly from: DbObject;
  readonly to: DbObject;
}

/** Everything an object needs, by what it is and by what it mentions. Its owner is among them only where it is needed to exist. */
export const needsOf = (o: DbObject): readonly Id[] => [...roomOf(o.id.kind).needs(o), ...o.needs];

/** The nodes of a plan as they come together, each role of an object once, and what they disturb. */
export class Work {
  readonly nodes: Node[] = [];
  /** Ids of live objects that are dropped, remade or changed so that dependents would break, by their keys. */
  readonly disturbed = new Map<string, Id>();
  readonly #queue: Disturbed[] = [];
  /** Keys of what goes aside for the sake of what refers to it alone. */
  readonly referredTo = new Set<string>();
  readonly #context: Context;
  readonly #there = new Set<string>();
  readonly #greeting = Object.values(rooms).filter((room) => room.greets);

  constructor(context: Context) {
    this.#context = context;
  }

  add(role: Role, object: DbObject, old: DbObject | null, actions: readonly Action[]): void {
    const key = encode(object.id);
    if (this.#there.has(role + key)) return;
    this.#there.add(role + key);
    this.nodes.push({ role, id: object.id, key, object, old, actions, absorbed: false, unchecked: false });
  }

  makes(key: string): boolean {
    return this.#there.has("create" + key);
  }

  disturb(id: Id, how: Disturbance): void {
    this.disturbed.set(encode(id), id);
    this.lookBehind(id, how);
  }
  lookBehind(id: Id, how: Disturbance): void {
    this.#queue.push({ id, how });
  }
  /** Whose dependents are to be looked at: what is disturbed, and what Postgres builds anew by itself. It grows while it is gone through. */
  get queue(): readonly Disturbed[] {
    return this.#queue;
  }

  create(o: DbObject): void {
    const { aside, from } = this.#context;
    const room = roomOf(o.id.kind);
    this.add("create", o, null, [...room.create(o, this.#context), ...this.#greetings(o, null)]);
    const other = aside?.get(encode(o.id));
    const old = other && from.get(encode(other));
    const fill = (old && room.fill?.(old, o, this.#context)) ?? [];
    if (fill.length) this.add("after", o, null, fill);
  }

  alter(from: DbObject, to: DbObject, actions: readonly Action[]): void {
    this.add("alter", to, from, [...actions, ...this.#greetings(to, from)]);
  }

  drop(o: DbObject): void {
    this.add("drop", o, null, roomOf(o.id.kind).drop(o, this.#context));
  }

  /** Drops it, or puts it aside as long as others hold it. */
  putAside(old: DbObject, wanted: DbObject): void {
    const parking = roomOf(old.id.kind).park?.(old, wanted, this.#context);
    if (!parking) return this.drop(old);
    if (!parking.inRows) this.referredTo.add(encode(old.id));
    this.add("park", old, null, parking.aside);
    this.add("discard", old, null, parking.drop);
  }

  /** Makes one anew that cannot become what is wanted. */
  replace(old: DbObject, wanted: DbObject): void {
    if (this.makes(encode(wanted.id))) return;
    this.putAside(old, wanted);
    this.create(wanted);
    this.disturb(old.id, "everything");
  }

  /** One that others ask for by its id; what is not in both databases is not made anew. */
  replaceById(id: Id | null): void {
    if (id === null) return;
    const [old, wanted] = [this.#context.from.get(encode(id)), this.#context.to.get(encode(id))];
    if (old && wanted) this.replace(old, wanted);
  }

  /** What is to be done about what comes with it. */
  #greetings(o: DbObject, old: DbObject | null): readonly Action[] {
    return this.#greeting.flatMap((room): readonly Action[] => room.greets!(o, old, this.#context));
  }
}
