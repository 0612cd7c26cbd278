/** What pg_depend knows, in terms of our objects. */
import type { DbObject, Id } from "./model/objects.ts";
import { type Index, indexOf, type Observation, type Unmodelled } from "./model/database.ts";
import { encode } from "./model/id.ts";
import { roomOf } from "./kinds/rooms.ts";
import type { Row } from "./kinds/room.ts";

/** Every dependency among things that initdb did not make, a line each, all in one cell: rows of their own would cost more than the query. */
export const dependencySql = `
select string_agg(concat(classid, '.', objid, '.', objsubid, ' ', refclassid, '.', refobjid, '.', refobjsubid, ' ', deptype), e'\\n') as edges
from pg_depend
where objid >= 16384 and refobjid >= 16384 and deptype in ('n', 'a', 'i', 'P', 'S', 'e')`;

/** How a thing that is no object of its own is tied to what it is part of, the closest tie first. */
const partOf = ["e", "i", "P", "S", "a"] as const;

type Holder = { readonly id: Id; readonly key: string } | { readonly unmodelled: Unmodelled };

export class Dependencies {
  readonly #edges: readonly (readonly [dependent: string, needed: string, type: string])[];
  readonly #known = new Map<string, Holder | null>();
  readonly #parents = new Map<string, Map<string, string>>();
  readonly #of: readonly (readonly [Unmodelled, string])[];

  /** `addresses`: JSON arrays of addresses, with what has them. `unmodelled`: with their rows, which say their addresses and what they are of. */
  constructor(
    answer: Row | undefined,
    addresses: readonly (readonly [string, Id])[],
    unmodelled: readonly (readonly [Unmodelled, Row])[],
  ) {
    this.#edges = (answer?.["edges"] ?? "").split("\n").map((line) => {
      const [dependent = "", needed = "", type = ""] = line.split(" ");
      return [dependent, needed, type];
    });
    this.#of = unmodelled.map(([u, row]) => [u, row["of"] ?? ""]);
    const each = (list: string | null | undefined): readonly string[] => JSON.parse(list ?? "[]") as string[];
    for (const [u, row] of unmodelled) for (const a of each(row["addresses"])) this.#known.set(a, { unmodelled: u });
    for (const [list, id] of addresses) for (const a of each(list)) this.#known.set(a, { id, key: encode(id) });
    for (const [dependent, needed, type] of this.#edges) {
      if (type === "n") continue;
      const ties = this.#parents.get(dependent);
      if (!ties) this.#parents.set(dependent, new Map([[type, needed]]));
      else if (!ties.has(type)) ties.set(type, needed);
    }
  }

  /**
   * The object or unmodelled thing that an address belongs to: itself, the relation of a column, or what it is part of
   * (a row type's table, an array's element type, a view's rule, a member's extension …).
   */
  #holder(address: string): Holder | null {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    this.#known.set(address, null);
    const whole = address.slice(0, address.lastIndexOf(".")) + ".0";
    const ties = this.#parents.get(address);
    const above = whole !== address ? whole : partOf.map((t) => ties?.get(t)).find((a) => a !== undefined);
    const found = above === undefined ? null : this.#holder(above);
    this.#known.set(address, found);
    return found;
  }

  /** The observation with `needs` and `dependsOn` filled in. */
  fill(o: Observation): Observation {
    const all = indexOf(o.database);
    const needs = new Map<string, Map<string, Id>>();
    const dependsOn = new Map<Unmodelled, Map<string, Id>>();
    const of = new Map<Unmodelled, Id>();
    for (const [u, address] of this.#of) {
      const holder = this.#holder(address);
      if (!holder || !("id" in holder)) continue;
      of.set(u, holder.id);
      dependsOn.set(u, new Map([[holder.key, holder.id]]));
    }
    const add = <K>(map: Map<K, Map<string, Id>>, key: K, holder: { readonly id: Id; readonly key: string }): void => {
      const ids = map.get(key);
      if (ids) ids.set(holder.key, holder.id);
      else map.set(key, new Map([[holder.key, holder.id]]));
    };
    for (const [dependentAddress, neededAddress, type] of this.#edges) {
      if (type === "e") continue;
      const needed = this.#holder(neededAddress);
      const dependent = this.#holder(dependentAddress);
      if (!dependent || !needed || !("id" in needed)) continue;
      if (!("id" in dependent)) add(dependsOn, dependent.unmodelled, needed);
      else if (dependent.key !== needed.key) add(needs, dependent.key, needed);
    }
    return {
      ...o,
      database: { objects: o.database.objects.map((object) => withNeeds(object, needs.get(encode(object.id)), all)) },
      unmodelled: o.unmodelled.map((u) => {
        const owner = of.get(u);
        return { ...u, dependsOn: [...(dependsOn.get(u)?.values() ?? [])], ...(owner ? { of: owner } : {}) };
      }),
    };
  }
}

/** Adds what is needed, but for what the object goes with anyway. */
function withNeeds<O extends DbObject>(o: O, found: ReadonlyMap<string, Id> | undefined, all: Index): O {
  if (!found) return o;
  const needs = new Map(o.needs.map((id) => [encode(id), id]));
  for (const [key, id] of found) needs.set(key, id);
  for (let above = roomOf(o.id.kind).owner(o, all); above; ) {
    needs.delete(encode(above));
    const next = all.get(encode(above));
    above = next ? roomOf(next.id.kind).owner(next, all) : null;
  }
  return { ...o, needs: [...needs.values()] };
}
