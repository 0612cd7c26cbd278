/** Declared objects that need each other, of which Postgres can make none first. */
import { type Database, indexOf, isKind } from "./model/database.ts";
import { describeId, encode } from "./model/id.ts";
import type { DbObject, Id } from "./model/objects.ts";
import { groupedBy } from "./model/once.ts";
import type { Delta } from "./model/plan.ts";
import { circular } from "./plan/graph.ts";
import { needsOf } from "./plan/nodes.ts";
import { problem, type Problem, type Span } from "./problems.ts";
import { name } from "./sql.ts";

type Next = (o: DbObject) => readonly DbObject[];

/** A problem at each declaration of a circle, or of one that needs itself, among what is about to be made or changed. */
export function circles(
  desired: Database,
  deltas: readonly Delta[],
  places: ReadonlyMap<string, Span>,
): readonly Problem[] {
  const all = indexOf(desired);
  const touched = new Map<string, DbObject>();
  const made = new Set<DbObject>();
  for (const d of deltas) {
    const o = d.op === "drop" ? undefined : all.get(encode(d.to.id));
    if (!o) continue;
    touched.set(encode(o.id), o);
    if (d.op === "create") made.add(o);
  }
  const next: Next = (o) => needsOf(o).flatMap((id) => touched.get(encode(id)) ?? []);
  // What stays may need itself: a function that was made anew to call itself.
  return problemsOf([...touched.values()], next, (o) => made.has(o), places);
}

/** The same of roles that are members of each other. */
export function circlesOfRoles(declared: Database, places: ReadonlyMap<string, Span>): readonly Problem[] {
  const memberships = declared.objects.filter((o) => isKind(o, "membership"));
  const ofMember = groupedBy(memberships, (m) => m.id.member);
  const next: Next = (o) => (isKind(o, "membership") ? (ofMember.get(o.id.role) ?? []) : []);
  return problemsOf(memberships, next, () => true, places);
}

function problemsOf(
  objects: readonly DbObject[],
  next: Next,
  mayBeAlone: (o: DbObject) => boolean,
  places: ReadonlyMap<string, Span>,
): readonly Problem[] {
  const parts = circular(objects, next);
  return [...groupedBy(objects, (o) => String(parts.get(o))).values()].flatMap((circle): readonly Problem[] => {
    const [only] = circle;
    if (circle.length === 1 && !(mayBeAlone(only!) && next(only!).includes(only!))) return [];
    return circle.flatMap((o) => {
      const at = places.get(encode(o.id));
      const help = circle.length === 1 ? "It must do without." : "One of them must do without the other.";
      return at ? [problem("circular", at, sentenceOf(around(o, circle, next)), { help })] : [];
    });
  });
}

/** The shortest way from an object of a circle back to it, without the end. */
function around(start: DbObject, circle: readonly DbObject[], next: Next): readonly DbObject[] {
  const inside = new Set(circle);
  const came = new Map<DbObject, DbObject>();
  const queue = [start];
  for (const o of queue)
    for (const n of next(o)) {
      if (n === start) {
        const way = [o];
        while (way[0] !== start) way.unshift(came.get(way[0]!)!);
        return way;
      }
      if (!inside.has(n) || came.has(n)) continue;
      came.set(n, o);
      queue.push(n);
    }
  return [start];
}

function sentenceOf([first, ...rest]: readonly DbObject[]): string {
  const { id } = first!;
  if (id.kind === "membership")
    return `The role ${name(id.member)} is a member of ${[id, ...rest.map((o) => o.id)].flatMap(roleOf).join(", which is a member of ")} itself.`;
  const others = rest.map((o) => `the ${describeId(o.id)}, which needs `).join("");
  return `The ${describeId(id)} needs ${rest.length ? `${others}it in turn` : "itself"}.`;
}
const roleOf = (id: Id): readonly string[] => (id.kind === "membership" ? [name(id.role)] : []);
