/** What pg_depend knows, in terms of our objects. */
import type { DbObject, Id } from "./model/objects.ts";
import type { Index, Observation, Unmodelled } from "./model/database.ts";
import { encode } from "./model/id.ts";
import { roomOf } from "./kinds/rooms.ts";
import type { Row } from "./kinds/room.ts";

/**
 * Columns that tables have from their parents alone, by address, which may be no objects (see `implied` of the rooms): a line each,
 * with the name as JSON.
 */
const inheritedSql = `
select string_agg(concat(1259, '.', attrelid, '.', attnum, ' ', to_json(attname)), e'\\n')
from pg_attribute
where not attislocal and attnum > 0 and not attisdropped and attrelid >= 16384`;

/** Every dependency among things that initdb did not make, a line each, all in one cell: rows of their own would cost more than the query. */
export const dependencySql = `
select string_agg(concat(classid, '.', objid, '.', objsubid, ' ', refclassid, '.', refobjid, '.', refobjsubid, ' ', deptype), e'\\n') as edges,
  (${inheritedSql}) as inherited
from pg_depend
where objid >= 16384 and refobjid >= 16384 and deptype in ('n', 'a', 'i', 'P', 'S', 'e')`;

/** How a thing that is no object of its own is tied to what it is part of, the closest tie first. */
const partOf = ["e", "i", "P", "S", "a"];

/** Addresses in pg_constraint. */
const constraints = "2606.";
/** Members (pg_amop, pg_amproc) and what they are members of (pg_opclass, pg_opfamily): one that is loose goes with its operator or function, too. */
const members = /^260[23]\./;
const memberships = /^(?:2616|2753)\./;

/** An object of ours, or something unmodelled, and what it was found to need. */
interface Node {
  readonly id: Id | null;
  readonly key: string;
  readonly needs: Node[];
}
interface Edge {
  readonly dependent: string;
  readonly needed: string;
  readonly type: string;
}

/** What was observed: objects with the JSON of their addresses, and unmodelled things with their rows. */
export interface Observed {
  readonly objects: readonly (readonly [DbObject, string])[];
  readonly unmodelled: readonly (readonly [Unmodelled, Row])[];
}

/**
 * Fills in `needs`, `dependsOn` and `of`.
 *
 * 1. Every address that was observed belongs to an object of ours or to something unmodelled.
 *    So do columns that are no objects because a parent hands them down as they are.
 * 2. Any other address belongs to whatever it is part of: a row type to its table, an array type to its element, a view's
 *    rule to the view, a member to its extension, a column that is no object to its relation. A check that a parent hands down is
 *    tied to all of the columns that it reads and belongs to none of them.
 * 3. An edge between two addresses is a need between what they belong to, unless that is one and the same. A partition's copy of
 *    what its table has (a row's trigger) has no needs to tell: the original has all that matter, and goes on without the partition.
 * 4. What an object goes with anyway (its owner, the owner's owner) is no need of it.
 */
export function fillDependencies(
  o: Observation,
  seen: Observed,
  { edges, inherited }: { readonly edges: string; readonly inherited: string },
): Observation {
  const nodes = new Map<DbObject | Unmodelled, Node>();
  const known = new Map<string, Node | null>();
  const all = new Map<string, DbObject>();
  const learn = (thing: DbObject | Unmodelled, id: Id | null, addresses: string): void => {
    const node: Node = { id, key: id ? encode(id) : "", needs: [] };
    nodes.set(thing, node);
    for (const a of JSON.parse(addresses) as readonly string[]) known.set(a, node);
  };
  for (const [u, row] of seen.unmodelled) learn(u, null, row["addresses"] ?? "[]");
  for (const [object, addresses] of seen.objects) learn(object, object.id, addresses);
  for (const line of inherited === "" ? [] : inherited.split("\n")) {
    const at = line.indexOf(" ");
    const address = line.slice(0, at);
    const table = known.get(address.slice(0, address.lastIndexOf(".")) + ".0")?.id;
    if (known.has(address) || table?.kind !== "table") continue;
    const id = {
      kind: "column",
      schema: table.schema,
      table: table.name,
      name: JSON.parse(line.slice(at + 1)) as string,
    } as const;
    known.set(address, { id, key: encode(id), needs: [] });
  }
  for (const object of o.database.objects) all.set(nodes.get(object)?.key ?? encode(object.id), object);

  const list = edges === "" ? [] : edges.split("\n").map(edgeOf);
  const whole = wholesOf(list, known);
  const copies = new Set(list.flatMap((e) => (e.type === "P" && !known.has(e.dependent) ? [e.dependent] : [])));
  const nodeAt = (address: string): Node | null => {
    const found = known.get(address);
    if (found !== undefined) return found;
    known.set(address, null);
    const relation = address.slice(0, address.lastIndexOf(".")) + ".0";
    const above = relation === address ? whole.get(address) : relation;
    const node = above === undefined ? null : nodeAt(above);
    known.set(address, node);
    return node;
  };
  const need = (dependent: Node, needed: Node): void => {
    if (dependent !== needed && !dependent.needs.includes(needed)) dependent.needs.push(needed);
  };

  const of = new Map<Unmodelled, Id>();
  for (const [u, row] of seen.unmodelled) {
    const on = nodeAt(row["of"] ?? "");
    const node = nodes.get(u);
    if (!on?.id || !node) continue;
    of.set(u, on.id);
    need(node, on);
  }
  for (const { dependent, needed, type } of list) {
    if (type === "e" || copies.has(dependent)) continue;
    const [a, b] = [nodeAt(dependent), nodeAt(needed)];
    if (a && b?.id) need(a, b);
  }
  return {
    ...o,
    database: { objects: o.database.objects.map((object) => withNeeds(object, nodes.get(object)?.needs ?? [], all)) },
    unmodelled: o.unmodelled.map((u) => {
      const owner = of.get(u);
      const dependsOn = (nodes.get(u)?.needs ?? []).flatMap((n) => (n.id ? [n.id] : []));
      return { ...u, dependsOn, ...(owner ? { of: owner } : {}) };
    }),
  };
}

function edgeOf(line: string): Edge {
  const [dependent = "", needed = "", type = ""] = line.split(" ");
  return { dependent, needed, type };
}

/** For each address that nobody is known to have, the one that it is most closely part of. */
function wholesOf(edges: readonly Edge[], known: ReadonlyMap<string, Node | null>): ReadonlyMap<string, string> {
  const wholes = new Map<string, string>();
  const closeness = new Map<string, number>();
  for (const { dependent, needed, type } of edges) {
    const close = partOf.indexOf(type);
    if (type === "a" && dependent.startsWith(constraints)) continue;
    if (members.test(dependent) && !memberships.test(needed)) continue;
    if (close < 0 || known.has(dependent) || (closeness.get(dependent) ?? partOf.length) <= close) continue;
    closeness.set(dependent, close);
    wholes.set(dependent, needed);
  }
  return wholes;
}

function withNeeds<O extends DbObject>(o: O, found: readonly Node[], all: Index): O {
  if (!found.length) return o;
  const needs = new Map(o.needs.map((id) => [encode(id), id]));
  for (const { id, key } of found) if (id) needs.set(key, id);
  for (let above = roomOf(o.id.kind).owner(o, all); above;) {
    const key = encode(above);
    needs.delete(key);
    const next = all.get(key);
    above = next ? roomOf(next.id.kind).owner(next, all) : null;
  }
  return { ...o, needs: [...needs.values()] };
}
