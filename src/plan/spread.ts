/** What changes reach: dependents that are made anew, let go for a while, or are bound anew. */
import type { DbObject, Id } from "../model/objects.ts";
import type { Index } from "../model/database.ts";
import type { Action } from "../model/plan.ts";
import { encode } from "../model/id.ts";
import { roomOf } from "../kinds/rooms.ts";
import type { Context, InPlace } from "../kinds/room.ts";
import { needsOf, type Disturbance, type Disturbed, type Staying, type Steps, type Work } from "./nodes.ts";

/** Who needs whom, the other way round: by the key of what is needed. */
export type Dependents = ReadonlyMap<string, readonly DbObject[]>;

export function dependentsIn(all: Index): Dependents {
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

/** What the rooms answered to the differences, besides work. */
export interface Answers {
  /** What rules of changed objects want before and after others' work; it stands around theirs that is bound to what changes. */
  readonly around: ReadonlyMap<string, Staying & Steps>;
  /** How much changed objects disturb by themselves. */
  readonly disturbs: ReadonlyMap<string, InPlace["disturbs"]>;
  /** For what goes: what is new under the same name. */
  readonly successors: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is known of those that stay, by their keys. */
export interface Spread {
  /** Holders that are made anew as wanted. */
  readonly anew: ReadonlySet<string>;
  /** Keys of what each lets go of before it changes. */
  readonly letGo: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of what each stands on no more. */
  readonly released: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Looks at the dependents of what is disturbed, and at theirs, until nothing new is; adds the work on them. */
export function spread(work: Work, answers: Answers, dependents: Dependents, context: Context): Spread {
  const reach = new Reach(work, answers, context);
  for (const next of work.queue) for (const o of dependents.get(encode(next.id)) ?? []) reach.add(o, next);
  return reach.settle();
}

class Reach {
  readonly #work: Work;
  readonly #answers: Answers;
  readonly #context: Context;
  /** What Postgres builds anew by itself. */
  readonly #rebuilt = new Set<string>();
  /** Holders to be bound anew, with all that is remade under them. */
  readonly #bound = new Map<string, Staying & { readonly under: Id[]; how: Disturbance | null }>();
  /** Others that stay, with the keys of what they let go of. */
  readonly #loose = new Map<string, Staying & { readonly steps: Steps; readonly under: ReadonlySet<string> }>();
  readonly #released = new Map<string, Set<string>>();

  constructor(work: Work, answers: Answers, context: Context) {
    this.#work = work;
    this.#answers = answers;
    this.#context = context;
  }

  /** One that depends on what is disturbed. */
  add(from: DbObject, { id, how }: Disturbed): void {
    const room = roomOf(from.id.kind);
    const to = this.#context.to.get(encode(from.id));
    if (!to) return;
    if (how === "expressions" && !room.evaluates(from)) this.#rebuild(from);
    else if (room.rebind) this.#bind({ from, to }, id);
    else this.#letGo({ from, to }, id);
  }

  /** Postgres builds it anew by itself, but not under what depends on it (a foreign key on a unique index). */
  #rebuild({ id }: DbObject): void {
    if (roomOf(id.kind).rebind || this.#rebuilt.has(encode(id))) return;
    this.#rebuilt.add(encode(id));
    this.#work.lookBehind(id, "expressions");
  }

  /** One without rows: it is made anew, unless a part of it can let go of what changes. */
  #letGo({ from, to }: Staying, id: Id): void {
    const steps = roomOf(from.id.kind).letsGo?.(from, to, id, this.#context);
    if (!steps) return this.#work.replace(from, to);
    const key = encode(from.id);
    const { steps: own, under } = this.#loose.get(key) ?? { steps: { before: [], after: [] }, under: [] };
    this.#loose.set(key, { from, to, steps: together(own, steps), under: new Set([...under, encode(id)]) });
  }

  /** One with rows. */
  #bind({ from, to }: Staying, id: Id): void {
    const { disturbs, successors } = this.#answers;
    const key = encode(from.id);
    const later = successors.get(encode(id));
    const still = needsOf(to).some((n) => encode(n) === encode(id) || later?.has(encode(n)));
    if (!still) this.#released.set(key, (this.#released.get(key) ?? new Set()).add(encode(id)));
    if (!still || (disturbs.get(key) ?? "nothing") !== "nothing") return;
    const entry = this.#bound.get(key) ?? { from, to, under: [], how: null };
    this.#bound.set(key, entry);
    if (entry.under.some((other) => encode(other) === encode(id))) return;
    entry.under.push(id);
    const own = roomOf(from.id.kind).rebind!(from, to, entry.under, this.#context);
    const how = own.before.length ? "everything" : (own.disturbs ?? (own.after.length ? "expressions" : null));
    if (how === null || how === entry.how || entry.how === "everything") return;
    entry.how = how;
    this.#work.disturb(from.id, how);
  }

  /** Adds the work around what changes, for each that stays: what its own rule wants stands around what others' changes ask for. */
  settle(): Spread {
    const anew = new Set<string>();
    const letGo = new Map<string, ReadonlySet<string>>();
    const around = new Map(this.#answers.around);
    const enclosed = (key: string, own: Steps): Steps => {
      const rule = around.get(key);
      around.delete(key);
      return rule ? { before: [...rule.before, ...own.before], after: [...own.after, ...rule.after] } : own;
    };
    for (const [key, { from, to, under }] of this.#bound) {
      const own = roomOf(from.id.kind).rebind!(from, to, under, this.#context);
      if (own.anew) anew.add(key);
      if (own.before.length) letGo.set(key, new Set(under.map(encode)));
      const { before, after } = enclosed(key, own);
      // What is done elsewhere, in a parent, waits for what stands on this, and is waited for here all the same.
      if (before.length || own.disturbs === "everything") this.#work.add("before", from, null, before);
      if (after.length || own.disturbs) this.#work.add("after", to, null, after);
    }
    for (const [key, { from, to, steps, under }] of this.#loose) {
      if (this.#work.makes(key)) continue;
      letGo.set(key, under);
      const { before, after } = enclosed(key, steps);
      this.#work.add("before", from, null, before);
      if (after.length) this.#work.add("after", to, null, after);
    }
    for (const { from, to, before, after } of around.values()) {
      if (before.length) this.#work.add("before", from, null, before);
      if (after.length) this.#work.add("after", to, null, after);
    }
    return { anew, letGo, released: this.#released };
  }
}

/** Both, each step once. */
const together = (a: Steps, b: Steps): Steps => {
  const more = (have: readonly Action[], other: readonly Action[]): readonly Action[] => [
    ...have,
    ...other.filter((x) => !have.some((y) => y.sql === x.sql)),
  ];
  return { before: more(a.before, b.before), after: more(a.after, b.after) };
};
