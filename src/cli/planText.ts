/** A plan for people, and as JSON. Knows identities, no kind by name. */
import { describeId, encode, kindWords, parts } from "../model/id.ts";
import type { Delta, Direction, Hazard, HazardCode, Plan } from "../model/plan.ts";
import type { Id } from "../model/objects.ts";
import type { Json, JsonObject } from "./exit.ts";
import type { Colors } from "./output.ts";
import { clean, count } from "./text.ts";

/** Hazards that a plan may hold only with consent. */
const needConsent: { readonly [C in HazardCode]: boolean } = {
  "data-loss": true,
  lossy: true,
  "may-fail": false,
  irreversible: false,
};
export const asksConsent = (h: Hazard): boolean => needConsent[h.code];

const idOf = (d: Delta): Id => (d.op === "drop" ? d.from.id : d.to.id);
/** What a thing hangs on: a comment on its target, a column on its table (both have the first two names in common). */
function groupOf(id: Id): string {
  return id.kind === "comment"
    ? groupOf(id.target)
    : parts(id).length > 2
      ? parts(id).slice(0, 2).join("\0")
      : encode(id);
}
const isPart = (id: Id): boolean => id.kind === "comment" || parts(id).length > 2;
const title = (id: Id): string => clean(describeId(id));
const partTitle = (id: Id): string =>
  id.kind === "comment"
    ? `comment${isPart(id.target) ? ` on ${partTitle(id.target)}` : ""}`
    : `${kindWords[id.kind]} ${clean(parts(id).at(-1) ?? "")}`;

interface Group {
  /** The thing itself, when the plan makes or drops it. */
  own: Delta | null;
  readonly deltas: Delta[];
  readonly name: string;
}

/** What is created, changed and dropped, one line a thing; parts of a thing that stays stand below it. */
export function changes(plan: Plan, colors: Colors): readonly string[] {
  const { green, yellow, red, dim } = colors;
  const signs = { create: green("+"), alter: yellow("~"), drop: red("-") };
  const lines: string[] = [];
  for (const g of groups(plan.deltas).values()) {
    if (g.own !== null && g.own.op !== "alter") {
      const inside = tally(g.deltas.filter((d) => d !== g.own && d.op === g.own?.op));
      lines.push(`${signs[g.own.op]} ${title(idOf(g.own))}${inside === "" ? "" : dim(` (${inside})`)}`);
      for (const d of g.deltas) if (d !== g.own && d.op !== g.own.op) lines.push(`    ${line(d, signs)}`);
      continue;
    }
    if (g.deltas.length === 1 && !isPart(idOf(g.deltas[0]!)))
      lines.push(`${signs[g.deltas[0]!.op]} ${alone(g.deltas[0]!)}`);
    else {
      lines.push(`${signs.alter} ${g.name}`);
      for (const d of g.deltas) lines.push(`    ${line(d, signs)}`);
    }
  }
  return lines;
}

function groups(deltas: readonly Delta[]): ReadonlyMap<string, Group> {
  const all = new Map<string, Group>();
  // Parts know the two names that they share with what they hang on, not its kind: things by name, then parts under them.
  const things = new Map<string, string>();
  for (const d of deltas) {
    const id = idOf(d);
    if (isPart(id)) continue;
    const key = encode(id);
    const group = all.get(key) ?? { own: null, deltas: [], name: title(id) };
    all.set(key, group);
    group.deltas.push(d);
    if (d.op !== "alter") group.own = d;
    if (parts(id).length === 2 && !things.has(parts(id).join("\0"))) things.set(parts(id).join("\0"), key);
  }
  for (const d of deltas) {
    const id = idOf(d);
    if (!isPart(id)) continue;
    const g = groupOf(id);
    const key = things.get(g) ?? g;
    const group = all.get(key) ?? { own: null, deltas: [], name: clean(holderOf(id)) };
    all.set(key, group);
    group.deltas.push(d);
  }
  return all;
}

const holderOf = (id: Id): string =>
  id.kind === "comment"
    ? isPart(id.target)
      ? holderOf(id.target)
      : describeId(id.target)
    : parts(id).slice(0, 2).join(".");

function tally(deltas: readonly Delta[]): string {
  const counts = new Map<string, number>();
  for (const d of deltas) counts.set(kindWords[d.kind], (counts.get(kindWords[d.kind]) ?? 0) + 1);
  return [...counts].map(([word, n]) => count(n, word)).join(", ");
}

const line = (d: Delta, signs: { readonly [O in Delta["op"]]: string }): string =>
  `${signs[d.op]} ${partTitle(idOf(d))}${changed(d)}`;
const alone = (d: Delta): string => `${title(idOf(d))}${changed(d)}`;
const words = (attribute: string): string => attribute.replace(/[A-Z]/g, (c) => " " + c.toLowerCase());
const changed = (d: Delta): string =>
  d.op === "alter"
    ? `: ${words(d.attribute)} ${value(attribute(d.from.attributes, d.attribute))} → ${value(attribute(d.to.attributes, d.attribute))}`
    : "";
const attribute = (attributes: object, name: string): unknown =>
  Object.entries(attributes).find(([k]) => k === name)?.[1];

/** An attribute's value in a few words. */
function value(v: unknown): string {
  if (v === null || v === undefined) return "none";
  if (typeof v === "string") return short(v);
  if (typeof v !== "object") return String(v);
  if (Array.isArray(v)) return short(`[${v.map(value).join(", ")}]`);
  if ("sql" in v && "canonical" in v) return short(String(v.canonical ?? v.sql));
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

/** The dangers of a direction, without repetition. */
export function hazards(direction: Direction, colors: Colors): readonly string[] {
  const seen = new Set<string>();
  return direction.hazards.flatMap((h) => {
    const text = `${asksConsent(h) ? colors.red("!") : colors.yellow("!")} ${h.code}: ${title(h.on)}: ${clean(h.detail)}`;
    if (seen.has(text)) return [];
    seen.add(text);
    return [text];
  });
}

/** One line a step: what it locks how strongly, and what its time grows with. */
export function locking(direction: Direction): readonly string[] {
  return direction.steps.flatMap((step, i) => {
    const strong = step.actions.filter((a) => a.lock !== "none" && a.on.length > 0);
    const byLock = new Map<string, Set<string>>();
    for (const a of strong)
      for (const on of a.on) byLock.set(a.lock, (byLock.get(a.lock) ?? new Set()).add(clean(describeId(on))));
    const costs = [...new Set(step.actions.map((a) => a.cost).filter((c) => c !== "instant"))];
    const held = [...byLock].map(([lock, on]) => `${lock} on ${some([...on])}`);
    const about = [
      step.kind === "transaction"
        ? `${count(step.actions.length, "statement")} in a transaction`
        : "outside transactions",
      ...(held.length > 0 ? [`locks ${held.join("; ")}`] : []),
      ...(costs.length > 0 ? [`cost: ${costs.join(", ")}`] : []),
    ];
    return [`step ${i + 1}: ${about.join(" · ")}`];
  });
}
const some = (names: readonly string[]): string =>
  names.length <= 4 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;

/** The SQL of a direction as a script. */
export const script = (direction: Direction): string =>
  direction.steps
    .map((s) =>
      s.kind === "transaction"
        ? ["begin;", ...s.actions.map((a) => a.sql + ";"), "commit;", ""].join("\n")
        : [...s.actions.map((a) => a.sql + ";"), ""].join("\n"),
    )
    .join("\n");

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
