/** From a database to another that is near to it: things made, dropped, and every attribute of every kind changed. */
import { type Database, isKind, same } from "../../src/model/database.ts";
import { encode, sameId } from "../../src/model/id.ts";
import type { DbObject, Id, Kind } from "../../src/model/objects.ts";
import { literal, qualified } from "../../src/sql.ts";
import { attributes, together } from "./attributes.ts";
import { labels } from "./names.ts";
import { proposeSequenceOwner } from "./propose-rest.ts";
import { notNullFor, proposeColumn } from "./propose-tables.ts";
import { proposeDomain, someSchema } from "./propose-types.ts";
import { leavePartition, partitionOtherwise } from "./propose-partitions.ts";
import { leaveBase } from "./propose-base.ts";
import { leaveType } from "./propose-typed.ts";
import { keepSettled } from "./keep.ts";
import { changeParents } from "./parents.ts";
import { rng, type Rng } from "./rng.ts";
import { settle } from "./settle.ts";
import { infoOf, someType, type TypeInfo } from "./types.ts";
import {
  allColumns,
  children,
  databaseOf,
  families,
  type Features,
  foreignPartitions,
  foreignTables,
  isPartitionOf,
  isTyped,
  lawRoles,
  of,
  ownTables,
  put,
  remove,
  roleNames,
  roleNeeds,
  tableById,
  tableOf,
  type World,
  worldOf,
} from "./world.ts";
import { propose } from "./propose.ts";
import { weighted } from "./weights.ts";

const kinds = Object.keys(attributes) as Kind[];
const created = weighted(kinds, (kind) => `${kind} created`);
const dropped = weighted(kinds, (kind) => `${kind} dropped`);

/** One to `most` changes. */
export function mutate(seed: string, features: Features, database: Database, most = 8): Database {
  const r = rng(seed);
  const w = worldOf(features, database);
  for (let n = 1 + r.int(most); n > 0;) {
    const before = [...w.objects.values()];
    const what = r.int(10);
    if (what < 2) create(r, w, r.pick(created));
    else if (what < 3) dropSome(r, w);
    else changeSome(r, w);
    settle(w);
    keepOwn(w, database);
    keepSettled(w, database);
    // A try that changed nothing isn't counted, unless nothing can be done at all.
    if (!unchanged(before, [...w.objects.values()]) || r.chance(0.02)) n--;
  }
  return databaseOf(w);
}

/** The same objects in the same order. Those that were left alone are the very same. */
const unchanged = (before: readonly DbObject[], now: readonly DbObject[]): boolean =>
  now.length === before.length &&
  now.every((o, i) => o === before[i] || JSON.stringify(o) === JSON.stringify(before[i]));

/** A column that was a table's own stays so even where a parent has it too: nothing in Postgres takes that back. */
function keepOwn(w: World, before: Database): void {
  for (const o of before.objects) {
    // So does an owner, of what stays.
    if (isKind(o, "owner") && !w.objects.has(encode(o.id)) && w.objects.has(encode(o.id.target))) {
      const role = roleNames(w).includes(o.attributes.role) ? o.attributes.role : lawRoles[0];
      put(w, { id: o.id, attributes: { role }, needs: [o.id.target, ...roleNeeds(w, role)] });
      settle(w);
    }
    if (!isKind(o, "column") || !o.attributes.local) continue;
    const is = w.objects.get(encode(o.id));
    if (is && isKind(is, "column") && is.attributes.local) continue;
    const inherited = allColumns(w, tableOf(o)).find((c) => c.id.name === o.id.name);
    if (!inherited) continue;
    // What is made by the parent cannot be the table's own.
    if (inherited.attributes.identity || inherited.attributes.generated) {
      remove(w, { kind: "table", ...tableOf(o) });
      settle(w);
      continue;
    }
    put(w, { ...inherited, id: o.id, attributes: { ...inherited.attributes, local: true } });
    settle(w);
  }
}

function create(r: Rng, w: World, kind: Kind): void {
  const o = propose(r, w, kind);
  if (!o || w.objects.has(encode(o.id))) return;
  put(w, o);
  if (isKind(o, "table")) for (let n = 1 + r.int(4); n > 0; n--) put(w, proposeColumn(r, w, o.id) ?? o);
}

function dropSome(r: Rng, w: World): void {
  const kind = r.pick(dropped);
  const all: readonly DbObject[] = kind === "table" ? [...ownTables(w), ...foreignTables(w)] : of(w, kind);
  // The comment that an extension brings along comes back when ours goes.
  const o = all.length > 0 ? r.pick(all) : null;
  // An owner that nobody says any more stays.
  if (
    o &&
    !(o.id.kind === "accessMethod" && w.accessMethods.includes(o.id.name)) &&
    o.id.kind !== "owner" &&
    !(o.id.kind === "comment" && o.id.target.kind === "extension")
  )
    if (isKind(o, "partition")) leavePartition(r, w, o);
    else if (isKind(o, "typedTable")) leaveType(r, w, o);
    else if (isKind(o, "baseType")) leaveBase(r, w, o);
    else remove(w, o.id);
}

const changeable = weighted(
  [...kinds, "column" as const, "column" as const].flatMap((k) => attributes[k].map((a) => [k, a] as const)),
  ([kind, attribute]) => `${kind}.${attribute}`,
);
/** Those whose attribute can change. */
function changing(w: World, kind: Kind, attribute: string): readonly DbObject[] {
  const foreign = foreignTables(w);
  if (kind === "server" && (attribute === "wrapper" || attribute === "type"))
    return of(w, kind).filter((s) => foreign.every((t) => t.attributes.server !== s.id.name));
  // Rows that are on another server cannot be moved to other partitions.
  if (kind === "table" && attribute === "partitionBy")
    return families(w).filter((t) => !foreignPartitions(w).some((p) => isPartitionOf(w, p, t)));
  if (kind === "table" && attribute !== "inherits")
    return attribute === "foreignOptions" ? [...foreign, ...foreignPartitions(w)] : ownTables(w);
  if (kind === "column" && attribute === "foreignOptions")
    return of(w, kind).filter((c) => tableById(w, tableOf(c))?.attributes.server != null);
  if (kind === "column" && attribute === "type") return of(w, kind).filter((c) => !isTyped(w, tableOf(c)));
  return of(w, kind);
}
function changeSome(r: Rng, w: World): void {
  const there = new Set([...w.objects.values()].map((o) => o.id.kind));
  // Every attribute as often as any other, those of columns, on which most things stand, and what is rare, more often.
  const [kind, attribute] = r.pick(changeable.filter(([k]) => there.has(k)));
  const all = changing(w, kind, attribute);
  if (all.length === 0) return;
  const o = r.pick(all);
  if (isKind(o, "enum")) return changeLabels(r, w, o);
  if (isKind(o, "extension")) return moveExtension(r, w, o);
  if (isKind(o, "table") && attribute === "inherits") return changeParents(r, w, o);
  if (isKind(o, "table") && attribute === "partitionBy") return partitionOtherwise(r, w, o);
  if (isKind(o, "table") && attribute === "using" && w.major < 15) return;
  if (isKind(o, "domain") && attribute === "type") return retypeDomain(r, w, o);
  if (isKind(o, "column") && attribute === "type") return retype(r, w, o);
  if (isKind(o, "sequenceOwner")) {
    remove(w, o.id);
    const p = proposeSequenceOwner(r, w);
    put(w, p ?? o);
    return;
  }
  for (let i = 0; i < 60; i++) {
    const p = propose(r, w, kind, o);
    if (!p || !sameId(p.id, o.id)) continue;
    const group = together.find(([k, list]) => k === kind && list.includes(attribute))?.[1] ?? [attribute];
    const [from, to] = [record(o), record(p)];
    if (same(from[attribute], to[attribute])) continue;
    // A sequence's numbers may fit one at a time.
    const one = { ...from, [attribute]: to[attribute] };
    const taken = group.length > 1 && kind === "sequence" && fits(one) ? [attribute] : group;
    const changed: Record<string, unknown> = { ...from };
    for (const a of taken) changed[a] = to[a];
    if (kind === "column") exclusive(attribute, changed, w, o, r);
    const whole = Object.keys(from).every((a) => taken.includes(a));
    // Of code, what is not taken over needs nothing.
    const needs =
      whole || (taken.length > 1 && code.has(kind)) ? p.needs : code.has(kind) ? o.needs : [...o.needs, ...p.needs];
    const facts = taken.includes("query") && p.facts ? { facts: p.facts } : {};
    put(w, { ...o, attributes: changed, needs, ...facts } as DbObject);
    if (isKind(o, "function") && taken.includes("returns")) for (const x of callers(w, o)) redo(r, w, x);
    return;
  }
}
/** Kinds whose one group of attributes says all that they need. */
const code = new Set<Kind>(["function", "procedure", "view", "materializedView", "policy", "rule"]);
/** What calls a function for what it gives. */
const callers = (w: World, f: DbObject<"function">): readonly DbObject[] =>
  [...w.objects.values()].filter(
    (x) =>
      x.needs.some((n) => sameId(n, f.id)) &&
      !("target" in x.id) &&
      x.id.kind !== "trigger" &&
      x.id.kind !== "eventTrigger",
  );
const record = (o: DbObject): Readonly<Record<string, unknown>> => o.attributes as Readonly<Record<string, unknown>>;

/** A column has one source of its value. */
function exclusive(attribute: string, changed: Record<string, unknown>, w: World, o: DbObject, r: Rng): void {
  const sources = ["default", "identity", "generated"];
  if (sources.includes(attribute) && changed[attribute] !== null)
    for (const s of sources) if (s !== attribute) changed[s] = null;
  if (attribute === "notNull" && changed["notNull"] !== null && isKind(o, "column"))
    changed["notNull"] = notNullFor(r, w, tableOf(o));
}

function fits(a: Readonly<Record<string, unknown>>): boolean {
  const n = (key: string): bigint => BigInt(String(a[key]));
  const limit = { smallint: 32767n, integer: 2147483647n, bigint: 9223372036854775807n }[String(a["type"])] ?? 0n;
  return (
    n("min") >= -limit - 1n &&
    n("max") <= limit &&
    n("min") < n("max") &&
    n("start") >= n("min") &&
    n("start") <= n("max")
  );
}

function changeLabels(r: Rng, w: World, o: DbObject<"enum">): void {
  const old = o.attributes.labels;
  const free = labels.filter((l) => !old.includes(l));
  const list = [...old];
  const what = r.int(5);
  if (what < 2 && free.length > 0) list.splice(r.int(list.length + 1), 0, r.pick(free));
  else if (what === 2 && list.length > 1) list.splice(r.int(list.length), 1);
  else if (what === 3 && list.length > 1) list.reverse();
  else if (free.length > 0) list[r.int(list.length)] = r.pick(free);
  const gone = old.filter((l) => !list.includes(l));
  const replacements = Object.fromEntries(gone.filter(() => r.chance(0.7)).map((l) => [l, r.pick(list)]));
  put(w, {
    id: o.id,
    attributes: { labels: list },
    needs: o.needs,
    ...(Object.keys(replacements).length > 0 ? { hints: { replacements } } : {}),
  });
  for (const label of gone) {
    const text = literal(label).trim();
    for (const x of [...w.objects.values()])
      if (x.id.kind !== "table" && x.id.kind !== "enum" && x.id.kind !== "comment") {
        const said = JSON.stringify(x.attributes).includes(JSON.stringify(text).slice(1, -1));
        if (said && usesType(w, x, o)) redo(r, w, x);
      }
  }
}

/** Whether an object stands on a type, directly or through the columns and domains it needs. */
function usesType(w: World, x: DbObject, type: DbObject): boolean {
  const seen = new Set<string>();
  const walk = (id: Id): boolean => {
    const key = encode(id);
    if (sameId(id, type.id)) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    const o =
      id.kind === "column"
        ? allColumns(w, { schema: id.schema, name: id.table }).find((c) => c.id.name === id.name)
        : w.objects.get(key);
    return (o?.needs ?? []).some((n) => n.kind !== "table" && walk(n));
  };
  return x.needs.some((n) => n.kind !== "table" && walk(n)) || walk(x.id);
}

/** Makes the object anew under its id, or takes it away. */
function redo(r: Rng, w: World, o: DbObject): void {
  if (isKind(o, "column")) {
    const generated = null;
    put(w, {
      ...o,
      attributes: { ...o.attributes, default: null, generated },
      needs: o.needs.filter((n) => n.kind !== "column" && n.kind !== "sequence"),
    });
    return;
  }
  if (isKind(o, "domain")) return put(w, { ...o, attributes: { ...o.attributes, default: null } });
  // Where a view's query is what stands in the way, it must be another one.
  const stays = (p: DbObject): boolean => "query" in o.attributes && same(record(p)["query"], o.attributes.query);
  for (let i = 0; i < 10; i++) {
    const p = propose(r, w, o.id.kind, o);
    if (p && sameId(p.id, o.id) && !stays(p)) return put(w, p);
  }
  remove(w, o.id);
}

/** Objects that evaluate or index a column: to be made anew when its type is another kind of thing. */
function standingOn(w: World, c: DbObject<"column">): readonly DbObject[] {
  const t = tableOf(c);
  const family: { schema: string; name: string }[] = [t];
  for (let i = 0; i < family.length; i++) for (const k of children(w, family[i]!)) family.push(k.id);
  return [...w.objects.values()].filter((o) =>
    o.needs.some(
      (n) =>
        n.kind === "column" && n.name === c.id.name && family.some((f) => f.schema === n.schema && f.name === n.table),
    ),
  );
}

const alike = (a: TypeInfo, b: TypeInfo): boolean =>
  a.class === b.class &&
  a.needs.length === 0 &&
  b.needs.length === 0 &&
  !a.domain &&
  !b.domain &&
  a.element?.text === b.element?.text &&
  a.class !== "range" &&
  a.class !== "other";

function retype(r: Rng, w: World, o: DbObject<"column">): void {
  const from = infoOf(w, o.attributes.type.sql);
  const near = r.chance(0.6);
  for (let i = 0; i < 60; i++) {
    const to = infoOf(w, someType(r, w));
    if (!from || !to || to.text === from.text || (near && !alike(from, to))) continue;
    const p = proposeColumn(r, w, tableOf(o), o.id, to.text);
    if (!p) continue;
    const keepDefault = alike(from, to) && o.attributes.generated === null;
    const attributes = keepDefault
      ? { ...o.attributes, type: p.attributes.type }
      : { ...p.attributes, local: o.attributes.local };
    put(w, { ...o, attributes, needs: keepDefault ? [...o.needs, ...to.needs] : p.needs });
    if (!alike(from, to)) for (const x of standingOn(w, o)) redo(r, w, x);
    return;
  }
}

function retypeDomain(r: Rng, w: World, o: DbObject<"domain">): void {
  const from = infoOf(w, o.attributes.type.sql);
  for (let i = 0; i < 20; i++) {
    const p = proposeDomain(r, w, o.id);
    const to = p && infoOf(w, p.attributes.type.sql);
    if (!p || !from || !to || to.text === from.text) continue;
    const users = [...w.objects.values()].filter((x) => x !== o && usesType(w, x, o));
    put(w, p);
    for (const x of users) {
      if (x.id.kind === "table" || "target" in x.id || x.id.kind === "sequenceOwner") continue;
      if (isKind(x, "column")) {
        const again = proposeColumn(r, w, tableOf(x), x.id, x.attributes.type.sql);
        if (again) put(w, { ...again, attributes: { ...again.attributes, local: x.attributes.local } });
        else remove(w, x.id);
      } else if (isKind(x, "domain")) put(w, { ...x, attributes: { ...x.attributes, default: null, collation: null } });
      else redo(r, w, x);
    }
    return;
  }
}

/** Moves an extension, and says its types' and operator classes' new names wherever they stand. */
function moveExtension(r: Rng, w: World, o: DbObject<"extension">): void {
  const schema = someSchema(r, w);
  const old = o.attributes.schema;
  if (schema === old) return;
  put(w, {
    ...o,
    attributes: { ...o.attributes, schema },
    needs: schema === "public" ? [] : [{ kind: "schema", name: schema }],
  });
  const from = qualified({ schema: old, name: o.id.name });
  const to = qualified({ schema, name: o.id.name });
  for (const x of [...w.objects.values()])
    if (x.id.kind !== "extension" && x.needs.some((n) => sameId(n, o.id))) {
      const moved = (v: unknown): unknown => {
        if (typeof v === "string") return v.replaceAll(from, to);
        if (Array.isArray(v)) return v.map(moved);
        if (v === null || typeof v !== "object") return v;
        const entries = Object.entries(v).map(([k, x2]) => [k, moved(x2)] as const);
        const whole = Object.fromEntries(entries);
        return /_trgm_ops$/.test(String(whole["name"])) && whole["schema"] === old ? { ...whole, schema } : whole;
      };
      put(w, { ...x, attributes: moved(x.attributes) } as DbObject);
    }
}
