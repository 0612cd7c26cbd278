/** A plan for people, and as JSON. Knows identities, no kind by name. */
import { roomOf } from "../kinds/rooms.ts";
import { type Index, indexOf, same } from "../model/database.ts";
import { describeId, encode, kindWords, parts, sameId, sayingWords } from "../model/id.ts";
import type { DbObject, Id } from "../model/objects.ts";
import { type Action, type Delta, type Direction, type Hazard, type Lock, locks, type Plan } from "../model/plan.ts";
import { asksConsent } from "./consent.ts";
import type { Json, JsonObject } from "./exit.ts";
import type { Colors } from "./output.ts";
import { clean, count, inLine } from "./text.ts";

const objectOf = (d: Delta): DbObject => (d.op === "drop" ? d.from : d.to);
const idOf = (d: Delta): Id => objectOf(d).id;

/** True for what belongs to something: a column, a constraint, a comment. Rooms know; none is named here. */
const isPart = (d: Delta, all: Index): boolean => ownerOf(objectOf(d), all) !== null;
const ownerOf = (o: DbObject, all: Index): Id | null => roomOf(o.id.kind).owner(o, all);

/** What a part hangs on in the end: the comment of a column on the column's table. */
function holderOf(d: Delta, all: Index): Id {
  let id = idOf(d);
  for (let o: DbObject | undefined = objectOf(d); o !== undefined; o = all.get(encode(id))) {
    const owner = ownerOf(o, all);
    if (owner === null) break;
    id = owner;
  }
  return id;
}
const title = (id: Id): string => inLine(describeId(id));
const partTitle = (id: Id, holder: Id): string =>
  "target" in id
    ? sameId(id.target, holder)
      ? inLine(sayingWords(id)).replace(/ (on|of)$/, "")
      : `${inLine(sayingWords(id))} ${partTitle(id.target, holder)}`
    : `${kindWords[id.kind]} ${inLine(parts(id).at(-1) ?? "")}`;

interface Group {
  readonly id: Id;
  /** The thing itself, when the plan makes or drops it. */
  own: Delta | null;
  readonly deltas: Delta[];
}

/** What is created, changed and dropped, one line a thing; parts of a thing that stays stand below it. */
export function changes(plan: Plan, colors: Colors): readonly string[] {
  const { green, yellow, red, dim } = colors;
  const signs = { create: green("+"), alter: yellow("~"), drop: red("-") };
  return groups(plan.deltas).flatMap(({ id, own, deltas }) => {
    const below = (list: readonly Delta[]): readonly string[] => list.map((d) => `    ${line(d, id, signs)}`);
    if (own === null || own.op === "alter") {
      const [first] = deltas;
      if (deltas.length === 1 && first !== undefined && sameId(idOf(first), id))
        return [`${signs[first.op]} ${title(id)}${changed(first)}`];
      return [`${signs.alter} ${title(id)}`, ...below(deltas)];
    }
    const inside = tally(deltas.filter((d) => d !== own && d.op === own.op));
    return [
      `${signs[own.op]} ${title(id)}${inside === "" ? "" : dim(` (${inside})`)}`,
      ...below(deltas.filter((d) => d !== own && d.op !== own.op)),
    ];
  });
}

function groups(deltas: readonly Delta[]): readonly Group[] {
  const all = indexOf({ objects: deltas.map(objectOf) });
  const found = new Map<string, Group>();
  for (const d of deltas) {
    const id = holderOf(d, all);
    const key = encode(id);
    let group = found.get(key);
    if (group === undefined) found.set(key, (group = { id, own: null, deltas: [] }));
    group.deltas.push(d);
    if (d.op !== "alter" && !isPart(d, all)) group.own = d;
  }
  return [...found.values()];
}

function tally(deltas: readonly Delta[]): string {
  const counts = new Map<string, number>();
  for (const d of deltas) counts.set(kindWords[d.kind], (counts.get(kindWords[d.kind]) ?? 0) + 1);
  return [...counts].map(([word, n]) => count(n, word)).join(", ");
}

const line = (d: Delta, holder: Id, signs: { readonly [O in Delta["op"]]: string }): string =>
  `${signs[d.op]} ${partTitle(idOf(d), holder)}${changed(d)}`;
const words = (attribute: string): string => attribute.replace(/[A-Z]/g, (c) => " " + c.toLowerCase());
const changed = (d: Delta): string => {
  if (d.op !== "alter") return "";
  const from = attribute(d.from.attributes, d.attribute);
  const to = attribute(d.to.attributes, d.attribute);
  return `: ${inLine(differences(words(d.attribute), from, to).slice(0, 3).join(", "))}`;
};
const attribute = (attributes: object, name: string): unknown =>
  Object.entries(attributes).find(([k]) => k === name)?.[1];

/** `type integer → bigint`; of what has parts, only the parts that differ. */
function differences(name: string, from: unknown, to: unknown): readonly string[] {
  const a = entries(from);
  const b = entries(to);
  if (a === null || b === null || a.length !== b.length || a.some(([k], i) => b[i]?.[0] !== k))
    return [collection(name, from, to) ?? `${name} ${value(from)} → ${value(to)}`];
  return a.flatMap(([k, x], i) => {
    const y = b[i]?.[1];
    return same(x, y) ? [] : differences(/^\d+$/.test(k) ? `${name} ${Number(k) + 1}` : `${name} ${words(k)}`, x, y);
  });
}
/** `rows: 2 added, 1 changed`, of things by key that have parts themselves; null for anything else. */
function collection(name: string, from: unknown, to: unknown): string | null {
  const [was, is] = [things(from), things(to)];
  if (was === null || is === null || was.size + is.size === 0) return null;
  const tally = {
    added: [...is.keys()].filter((k) => !was.has(k)).length,
    changed: [...is].filter(([k, x]) => was.has(k) && !same(was.get(k), x)).length,
    gone: [...was.keys()].filter((k) => !is.has(k)).length,
  };
  const said = Object.entries(tally).flatMap(([word, n]) => (n > 0 ? [`${n} ${word}`] : []));
  return `${name}: ${said.join(", ")}`;
}
const things = (v: unknown): ReadonlyMap<string, object> | null => {
  if (typeof v !== "object" || v === null || Array.isArray(v) || isFragment(v)) return null;
  const all = Object.entries(v).filter((e): e is [string, object] => typeof e[1] === "object" && e[1] !== null);
  return all.length === Object.keys(v).length && all.every(([, x]) => !isFragment(x)) ? new Map(all) : null;
};
const entries = (v: unknown): readonly (readonly [string, unknown])[] | null =>
  typeof v !== "object" ||
  v === null ||
  isFragment(v) ||
  isSecret(v) ||
  (Array.isArray(v) && v.every((x) => typeof x !== "object"))
    ? null
    : Object.entries(v).toSorted(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0));
const isFragment = (v: object): v is { readonly sql: unknown; readonly canonical: unknown } =>
  "sql" in v && "canonical" in v;

const isSecret = (v: unknown): boolean => typeof v === "object" && v !== null && "secret" in v;
/** An attribute's value in a few words. */
function value(v: unknown): string {
  if (isSecret(v)) return "(secret)";
  if (v === null || v === undefined) return "none";
  if (typeof v === "string") return short(v);
  if (typeof v !== "object") return String(v);
  if (Array.isArray(v)) return short(`[${v.map(value).join(", ")}]`);
  if (isFragment(v)) return short(String(v.canonical ?? v.sql));
  const entries = Object.entries(v).filter(([, x]) => x !== null && x !== false);
  return short(
    entries.length === 0
      ? "yes"
      : entries.map(([k, x]) => (x === true ? words(k) : `${words(k)} ${value(x)}`)).join(", "),
  );
}
const short = (text: string): string => {
  const one = clean(text).replace(/\s+/g, " ");
  return one.length > 70 ? one.slice(0, 69) + "…" : one;
};

/** A name for a revision that nobody named: after the thing with the most changes, one that is made before one that is changed. */
export function planName(plan: Plan): string {
  const all = groups(plan.deltas);
  const weight = (g: Group): number => g.deltas.length + (g.own?.op === "create" ? 1_000_000 : 0);
  const main = all.reduce<Group | undefined>(
    (best, g) => (best === undefined || weight(g) > weight(best) ? g : best),
    undefined,
  );
  if (main === undefined) return "change";
  const verbs = { create: "create", alter: "change", drop: "drop" };
  const name = `${verbs[main.own?.op ?? "alter"]} ${parts(main.id).at(-1)}`;
  return all.length > 1 ? `${name} and more` : name;
}

/** The dangers of a direction; things in the same danger share a line. */
export function hazards(direction: Direction, colors: Colors): readonly string[] {
  const groups = new Map<string, { readonly hazard: Hazard; readonly on: Set<string> }>();
  for (const hazard of direction.hazards) {
    const key = `${hazard.code} ${hazard.detail}`;
    const group = groups.get(key) ?? { hazard, on: new Set<string>() };
    groups.set(key, group);
    group.on.add(title(hazard.on));
  }
  return [...groups.values()].map(({ hazard: h, on }) => {
    const mark = asksConsent(h.code) ? colors.red("!") : colors.yellow("!");
    return `${mark} ${h.code}: ${[...on].join(", ")}: ${inLine(h.detail)}`;
  });
}

/** One line a step: what it locks how strongly, and what its time grows with. */
export const locking = (direction: Direction): readonly string[] =>
  direction.steps.map((step, i) => {
    const held = [...strongest(step.actions)].map(([lock, on]) => `${lock}: ${some(on)}`);
    const slow = [...new Set(step.actions.map((a) => a.cost).filter((c) => c !== "instant"))];
    const about = [
      step.kind === "transaction"
        ? `${count(step.actions.length, "statement")} in a transaction`
        : "outside transactions",
      ...(held.length > 0 ? [`locks ${held.join(", ")}`] : []),
      ...(slow.length > 0 ? [`time grows with: ${slow.join(", ")}`] : []),
    ];
    return `step ${i + 1}: ${about.join("; ")}`;
  });

/** The strongest lock on each thing, the strongest first. */
function strongest(actions: readonly Action[]): ReadonlyMap<Lock, readonly string[]> {
  const byName = new Map<string, Lock>();
  for (const a of actions)
    for (const id of a.on) {
      const name = title(id);
      if (locks.indexOf(a.lock) > locks.indexOf(byName.get(name) ?? "none")) byName.set(name, a.lock);
    }
  return new Map(
    locks
      .toReversed()
      .map((lock) => [lock, [...byName].flatMap(([name, l]) => (l === lock ? [name] : []))] as const)
      .filter(([, names]) => names.length > 0),
  );
}
const some = (names: readonly string[]): string =>
  names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;

export function planJson(plan: Plan): JsonObject {
  const direction = (d: Direction): Json => ({
    steps: d.steps.map((s) => ({
      kind: s.kind,
      statements: s.actions.map((a) => ({ sql: a.sql, lock: a.lock, cost: a.cost, on: a.on.map(encode) })),
    })),
    hazards: d.hazards.map(hazardJson),
  });
  return {
    changes: plan.deltas.map((d) => ({
      op: d.op,
      id: encode(idOf(d)),
      ...(d.op === "alter" ? { attribute: d.attribute } : {}),
    })),
    up: direction(plan.up),
    down: direction(plan.down),
  };
}
export const hazardJson = (h: Hazard): Json => ({ code: h.code, on: encode(h.on), detail: h.detail });
