/** Which work stands before which: edges come from needs, owners, occupied names, and what rooms say themselves. */
import type { DbObject, Id } from "../model/objects.ts";
import { type Index, same } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { oncePer } from "../model/once.ts";
import { roomOf } from "../kinds/rooms.ts";
import type { Context, Followed } from "../kinds/room.ts";
import { needsOf, type Node, type Role } from "./nodes.ts";

/** For each node, those that must stand before it. */
export type Before = ReadonlyMap<Node, ReadonlySet<Node>>;

/** All work on one object, by its role. */
type OnOne = Partial<Record<Role, Node>>;
/** All work, by the key of the object that it is on. */
export type ByKey = ReadonlyMap<string, OnOne>;

export function byKeyOf(nodes: readonly Node[]): ByKey {
  const out = new Map<string, OnOne>();
  for (const n of nodes) {
    const entry = out.get(n.key);
    if (entry) entry[n.role] = n;
    else out.set(n.key, { [n.role]: n });
  }
  return out;
}

/** Collects sentences of the form "run(a).after(b)". */
export class Edges {
  readonly before = new Map<Node, Set<Node>>();
  run(node: Node): { after: (...others: readonly (Node | undefined)[]) => void } {
    return {
      after: (...others) => {
        let set = this.before.get(node);
        for (const o of others) {
          if (!o || o === node) continue;
          if (!set) this.before.set(node, (set = new Set()));
          set.add(o);
        }
      },
    };
  }
}

/** Nothing is made before what it needs, nothing goes before what needs it, a name is free before it is taken. */
export function edgesOf(nodes: readonly Node[], byKey: ByKey, context: Context): Edges {
  const needs = new Needs(nodes, byKey, context);
  for (const n of nodes) needs.add(n);
  return needs.edges;
}

class Needs {
  readonly edges = new Edges();
  readonly #byKey: ByKey;
  readonly #context: Context;
  readonly #followed: ReadonlyMap<Node, readonly Node[]>;
  /** What gives up each name. */
  readonly #givers = new Map<string, Node[]>();
  readonly #behindNow: (o: DbObject) => ReadonlySet<OnOne>;
  readonly #behindThen: (o: DbObject) => ReadonlySet<OnOne>;
  readonly #awaited = new Map<Node, ReadonlySet<Node>>();

  constructor(nodes: readonly Node[], byKey: ByKey, context: Context) {
    this.#byKey = byKey;
    this.#context = context;
    this.#followed = followedBy(nodes, byKey, context);
    this.#behindNow = behind(byKey, context.to);
    this.#behindThen = behind(byKey, context.from);
    for (const n of nodes)
      if (n.role === "drop" || n.role === "park")
        for (const name of namesOf(n)) {
          const list = this.#givers.get(name);
          if (list) list.push(n);
          else this.#givers.set(name, [n]);
        }
  }

  add(n: Node): void {
    this.edges.run(n).after(...(this.#followed.get(n) ?? []));
    switch (n.role) {
      case "create":
        return this.#make(n);
      case "alter":
      case "after":
        this.#change(n);
        return this.#letGo(n);
      case "drop":
        return this.#leave(n, this.#rowsMoveTo(n));
      case "before":
        return this.#leave(n, null);
      case "park":
        return this.#park(n);
      case "discard":
        return this.#discard(n);
    }
  }

  #on(id: Id): OnOne | undefined {
    return this.#byKey.get(encode(id));
  }

  #make(n: Node): void {
    const own = this.#byKey.get(n.key)!;
    this.edges.run(n).after(own.drop, own.park);
    for (const name of namesOf(n)) this.edges.run(n).after(...(this.#givers.get(name) ?? []));
    for (const other of this.#behindNow(n.object))
      this.edges.run(n).after(other.create, other.alter, this.#unlessAwaited(n, other.after), other.before);
  }

  #change(n: Node): void {
    const own = this.#byKey.get(n.key)!;
    this.edges.run(n).after(own.before);
    if (n.role === "after") this.edges.run(n).after(own.create, own.alter);
    for (const other of this.#behindNow(n.object))
      this.edges.run(n).after(other.create, other.alter, this.#unlessAwaited(n, other.after));
  }

  /** What finishes a table waits for its parts, and what those wait for, though they need the table. */
  #unlessAwaited(n: Node, finish: Node | undefined): Node | undefined {
    if (!finish) return undefined;
    let awaited = this.#awaited.get(finish);
    if (!awaited) this.#awaited.set(finish, (awaited = leading(finish, this.#followed)));
    // A table may leave a parent, or change, before that parent is finished; only its own finish waits for that.
    const isSooner = n.role === "alter" && n.id.kind === finish.id.kind;
    return isSooner || awaited.has(n) ? undefined : finish;
  }

  /** What a change stops to need goes only afterwards. */
  #letGo(n: Node): void {
    const own = this.#byKey.get(n.key)!;
    const was = n.old ?? this.#context.from.get(n.key);
    // What it still needs, made anew, it let go of before that went.
    const again = own.before ? new Set(needsOf(n.object).map(encode)) : null;
    for (const need of was ? needsOf(was) : []) {
      const other = this.#on(need);
      const gone = other?.park || (other?.create && again?.has(encode(need))) ? undefined : other?.drop;
      this.#hold(n, other?.discard, gone);
    }
    const first = n.releases ? this.#first(n) : nobody;
    for (const key of n.releases ?? []) {
      const { before, alter, after } = this.#byKey.get(key) ?? {};
      for (const o of [before, alter, after])
        if (o) {
          this.#hold(n, o);
          this.#holdLed(n, o, first);
        }
    }
  }

  /** What it needed as it was may change, or go, only when it has gone itself, let go, or been changed. */
  #leave(n: Node, into: OnOne | null): void {
    if (into) this.edges.run(n).after(into.after);
    const first = this.#first(n);
    for (const { drop, park, before, alter, after, discard } of this.#behindThen(n.object))
      // Where its rows move into what needs the same, changed, it stays until then.
      for (const o of [drop, into ? undefined : park, before, into ? undefined : alter, after, discard])
        if (o && !first.has(o) && !isUnnoticed(o)) {
          this.#hold(n, o);
          this.#holdLed(n, o, first);
        }
  }

  /** What a node follows, at whatever remove. */
  #first(n: Node): ReadonlySet<Node> {
    return this.#followed.size ? leading(n, this.#followed) : nobody;
  }

  /**
   * A parent's change reaches its heirs, so it waits for what stood on them too, unless that is part of the same change, goes with
   * what is dropped, or stands on it in turn; nothing stands on a constraint.
   */
  #holdLed(n: Node, o: Node, first: ReadonlySet<Node>): void {
    if (!this.#followed.has(o) || goesWith(n, o, this.#byKey, this.#context.from)) return;
    const own = this.#byKey.get(n.key)!;
    const led = leading(o, this.#followed);
    if (led.has(n)) return;
    for (const f of led) if (!first.has(f) && !isConstraintsDrop(f) && !this.#stoodOn(f, own)) this.#hold(n, f);
  }

  /** Whether what it was stood on something that has this work to do: it lets go of that first. */
  #stoodOn(n: Node, other: OnOne): boolean {
    const was = n.old ?? this.#context.from.get(n.key);
    return was !== undefined && this.#behindThen(was).has(other);
  }

  #park(n: Node): void {
    // Its types are part of a function's name.
    for (const { park } of this.#behindThen(n.object)) this.#hold(n, park);
  }

  #discard(n: Node): void {
    this.edges.run(n).after(this.#byKey.get(n.key)!.create);
    for (const need of needsOf(n.object)) {
      const other = this.#on(need);
      this.#hold(n, other?.discard, other?.park ? undefined : other?.drop);
    }
  }

  /** What takes its rows, where they move before it goes. */
  #rowsMoveTo(n: Node): OnOne | null {
    const into = this.#context.aside ? roomOf(n.id.kind).rowsMoveTo?.(n.object, this.#context) : null;
    return into ? (this.#on(into) ?? {}) : null;
  }

  /** Others wait for it. */
  #hold(n: Node, ...others: readonly (Node | undefined)[]): void {
    for (const o of others) if (o) this.edges.run(o).after(n);
  }
}

/** What rooms say that a node comes after, although its object does not need it. */
function followedBy(nodes: readonly Node[], byKey: ByKey, context: Context): ReadonlyMap<Node, readonly Node[]> {
  const out = new Map<Node, readonly Node[]>();
  // A room may say the same thing of many.
  const nodesOf = oncePer(({ id, roles }: Followed): readonly Node[] => {
    const other = byKey.get(encode(id));
    return other ? roles.flatMap((r) => other[r] ?? []) : [];
  });
  for (const n of nodes) {
    if (n.absorbed) continue;
    const first: Node[] = [];
    for (const f of roomOf(n.id.kind).follows?.(n.object, n.role, context) ?? []) first.push(...nodesOf(f));
    if (first.length) out.set(n, first);
  }
  return out;
}

/** The names that it takes or shares. */
function namesOf(n: Node): readonly string[] {
  const room = roomOf(n.id.kind);
  const shared = room.overloads?.(n.object);
  return shared === undefined ? room.occupies(n.object) : [...room.occupies(n.object), shared];
}

const isConstraintsDrop = ({ role, object }: Node): boolean =>
  role === "drop" && roomOf(object.id.kind).evaluates(object) && !roomOf(object.id.kind).rebind;

/** Whether it changes nothing that what stands on its object could notice. */
function isUnnoticed({ role, id, object, old }: Node): boolean {
  const room = role === "alter" && old ? roomOf(id.kind) : undefined;
  return (
    room?.unnoticed !== undefined &&
    (Object.keys(object.attributes) as (typeof room.unnoticed)[number][]).every(
      (a) => room.unnoticed!.includes(a) || same(old!.attributes[a], object.attributes[a]),
    )
  );
}

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
function behind(byKey: ByKey, all: Index): (o: DbObject) => ReadonlySet<OnOne> {
  const known = new Map<string, ReadonlySet<OnOne>>();
  const none: ReadonlySet<OnOne> = new Set();
  return function ask(o) {
    const key = encode(o.id);
    let found = known.get(key);
    if (found) return found;
    known.set(key, none);
    const work = new Set<OnOne>();
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
export function taker(n: Node, byKey: ByKey, from: Index): Node | undefined {
  const owner = n.absorbed ? roomOf(n.id.kind).owner(n.object, from) : null;
  return owner ? byKey.get(encode(owner))?.drop : undefined;
}

/** Whether a drop takes another one along, at whatever remove. */
function goesWith(n: Node, whole: Node, byKey: ByKey, from: Index): boolean {
  for (let at = taker(n, byKey, from); at; at = taker(at, byKey, from)) if (at === whole) return true;
  return false;
}
