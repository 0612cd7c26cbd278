/**
 * Tables that are partitioned by something else than before. Postgres settles that when a table is made, so the old one is put
 * aside under another name, another is made, and the rows move over.
 */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import type { Action, Hazard } from "../../model/plan.ts";
import { type Database, type Index, indexOf, isKind, same } from "../../model/database.ts";
import { describeId, encode } from "../../model/id.ts";
import { name, names, qualified } from "../../sql.ts";
import type { Apart, Context, Followed } from "../room.ts";
import { action } from "./action.ts";
import { startSerial } from "./addIdentity.ts";
import { continueIdentity } from "./columnIdentity.ts";
import { carriedOver } from "./columnTypes.ts";
import { asideName } from "./aside.ts";
import { identitySequence } from "./bearers.ts";
import { partitionAt, partitionsOf } from "./partitions.ts";
import { sequencesByTable } from "./said.ts";
import { renameSequence } from "./serials.ts";
import { alterTable } from "./table.ts";
import { typeParts, typeText } from "./types.ts";

type Table = DbObject<"table">;
type Column = DbObject<"column">;
type Renamed = readonly (readonly [id: QualifiedName, name: string])[];

/** Whether it is there before and after, and its rows must move. */
const moves = (from: Table, to: Table): boolean =>
  !same(from.attributes.partitionBy, to.attributes.partitionBy) &&
  from.attributes.server === null &&
  to.attributes.server === null;

const columnsOf = (t: QualifiedName, all: Index): readonly Column[] =>
  [...all.values()].filter((o) => isKind(o, "column")).filter((o) => o.id.schema === t.schema && o.id.table === t.name);

/** Why its rows cannot move; null: they can, or need not. What has the type of its rows would keep that of the old table. */
export function cannotMove(from: Table, to: Table, context: Context): string | null {
  if (!moves(from, to)) return null;
  for (const all of [context.from, context.to])
    for (const o of all.values())
      if (typesIn(o).some((t) => isRowOf(t, from.id)))
        return `to be partitioned otherwise it must be made anew, and ${describeId(o.id)} has the type of its rows`;
  return null;
}
const isRowOf = (type: string, t: QualifiedName): boolean => {
  const { schema, name } = typeParts(type);
  return schema === t.schema && name === t.name;
};
function typesIn(o: DbObject): readonly string[] {
  if (isKind(o, "column") || isKind(o, "domain")) return [typeText(o.attributes.type)];
  if (isKind(o, "composite")) return o.attributes.attributes.map((a) => typeText(a.type));
  return "arguments" in o.id ? o.id.arguments : [];
}

/** The database as it is when the old tables are out of the way, and how that is done; null: there are none. */
export function setTablesAside(from: Database, to: Database, version: number): Apart | null {
  const wanted = indexOf(to);
  const old = from.objects
    .filter((o) => isKind(o, "table"))
    .filter((o) => {
      const is = wanted.get(encode(o.id));
      return is && isKind(is, "table") && moves(o, is);
    });
  if (!old.length) return null;
  const context: Context = { version, from: indexOf(from), to: wanted };
  const first: Action[] = [];
  const [tables, sequences]: [[QualifiedName, string][], [QualifiedName, string][]] = [[], []];
  for (const { id } of old) {
    const locked = { lock: "access exclusive", on: [id] } as const;
    const aside = asideName(id, context);
    tables.push([id, aside.name]);
    first.push(action(`${alterTable(id)} rename to ${name(aside.name)}`, locked));
    // Policies would hide rows from whoever moves them.
    const security = context.from.get(encode({ kind: "rowSecurity", schema: id.schema, name: id.name }));
    if (security && isKind(security, "rowSecurity") && security.attributes.enabled)
      first.push(action(`${alterTable(aside)} disable row level security`, locked));
    for (const c of columnsOf(id, context.from)) {
      const sequence = identitySequence(c);
      if (!sequence) continue;
      const other = asideName(sequence, context).name;
      sequences.push([sequence, other]);
      first.push(action(`alter sequence ${qualified(sequence)} rename to ${name(other)}`, locked));
    }
    // One that goes with the old table leaves its name to an identity of the new one.
    for (const { id: tie } of sequencesByTable(context.from, id)) {
      const sequence: Id<"sequence"> = { kind: "sequence", schema: tie.schema, name: tie.name };
      if (wanted.has(encode(sequence))) continue;
      const other = asideName(sequence, context).name;
      sequences.push([sequence, other]);
      first.push(renameSequence(sequence, other));
    }
  }
  const there = renaming(tables, sequences);
  return {
    from: { objects: from.objects.map((o) => renamed(o, there)) },
    first,
    aside: new Map(old.map(({ id }) => [encode(id), there.id(id)])),
    original: renaming(backwards(tables), backwards(sequences)).id,
  };
}
const backwards = (all: Renamed): Renamed =>
  all.map(([{ schema, name: was }, is]) => [{ schema, name: is }, was] as const);

interface Renaming {
  readonly table: (t: QualifiedName) => QualifiedName;
  readonly sequence: (s: QualifiedName) => QualifiedName;
  readonly id: <T extends Id>(id: T) => T;
}
function renaming(tables: Renamed, sequences: Renamed): Renaming {
  const maps = [tables, sequences].map((all) => new Map(all.map(([id, is]) => [qualified(id), is])));
  const by =
    (map: ReadonlyMap<string, string>) =>
    <T extends QualifiedName>(n: T): T => {
      const is = map.get(qualified(n));
      return is === undefined ? n : { ...n, name: is };
    };
  const [table, sequence] = [by(maps[0]!), by(maps[1]!)];
  const id = (was: Id): Id => {
    switch (was.kind) {
      case "table":
      case "typedTable":
      case "partition":
      case "replicaIdentity":
      case "rowSecurity":
      case "cluster":
        return table(was);
      case "sequence":
      case "sequenceOwner":
        return sequence(was);
      case "constraint":
        return was.of === "table" ? { ...was, host: table({ schema: was.schema, name: was.host }).name } : was;
      case "comment":
      case "owner":
      case "grant":
      case "securityLabel":
      case "extensionDependence":
        return { ...was, target: id(was.target) } as Id;
      default:
        return "table" in was ? { ...was, table: table({ schema: was.schema, name: was.table }).name } : was;
    }
  };
  return { table, sequence, id: id as Renaming["id"] };
}

/** It with the new names of what has been put aside. Rows that a text declares are those of the table that is made. */
function renamed(o: DbObject, r: Renaming): DbObject {
  if (isKind(o, "rows")) return o;
  return {
    ...o,
    id: r.id(o.id),
    attributes: attributesOf(o, r),
    needs: o.needs.map(r.id),
    ...(o.mentions ? { mentions: o.mentions.map(r.id) } : {}),
  } as DbObject;
}
function attributesOf(o: DbObject, r: Renaming): DbObject["attributes"] {
  if (isKind(o, "column")) {
    const { identity } = o.attributes;
    const sequence = identitySequence(o);
    if (!identity || !sequence) return o.attributes;
    const is = r.sequence(sequence);
    return same(is, sequence) ? o.attributes : { ...o.attributes, identity: { ...identity, name: is } };
  }
  if (isKind(o, "table")) return { ...o.attributes, inherits: o.attributes.inherits.map(r.table) };
  if (isKind(o, "partition")) return { ...o.attributes, of: r.table(o.attributes.of) };
  if (isKind(o, "statistics")) return { ...o.attributes, table: r.table(o.attributes.table) };
  if (isKind(o, "foreignKey"))
    return { ...o.attributes, references: r.table(o.attributes.references), partOf: partOf(o.attributes.partOf, r) };
  if (isKind(o, "sequenceOwner")) return { column: r.id({ kind: "column", ...o.attributes.column }) };
  if (isKind(o, "trigger")) {
    const { constraint } = o.attributes;
    return constraint?.from
      ? { ...o.attributes, constraint: { ...constraint, from: r.table(constraint.from) } }
      : o.attributes;
  }
  if (isKind(o, "primaryKey")) return { ...o.attributes, partOf: partOf(o.attributes.partOf, r) };
  if (isKind(o, "unique")) return { ...o.attributes, partOf: partOf(o.attributes.partOf, r) };
  if (isKind(o, "exclude")) return { ...o.attributes, partOf: partOf(o.attributes.partOf, r) };
  if (isKind(o, "index")) return { ...o.attributes, partOf: partOf(o.attributes.partOf, r) };
  return o.attributes;
}
const partOf = <T extends Id>(above: T | null, r: Renaming): T | null => above && r.id(above);

/** The rows of the table that was put aside move into the one that was made. */
export function moveRows(old: Table, o: Table, context: Context): readonly Action[] {
  const above = partitionAt(old.id, context.from);
  // They come with those of the table above.
  if (above && isAside(above.attributes.of, context)) return [];
  const had = new Map(columnsOf(old.id, context.from).map((c) => [c.id.name, c]));
  const columns = columnsOf(o.id, context.to);
  const values = columns.flatMap((to) => {
    const from = had.get(to.id.name);
    return from && !to.attributes.generated ? [{ to, from, value: carriedOver(from, to, context) }] : [];
  });
  const kept = new Set(columns.map((c) => c.id.name));
  const hazards: Hazard[] = [...had.values()]
    .filter((c) => !kept.has(c.id.name))
    .map((c) => ({ code: "data-loss", on: c.id, detail: "The column and its values are dropped." }));
  if (o.attributes.partitionBy)
    hazards.push({ code: "may-fail", on: o.id, detail: "Rows for which there is no partition refuse it." });
  hazards.push(...values.flatMap((v) => v.value.hazards));
  const only = old.attributes.partitionBy ? "" : "only ";
  const move = action(
    `insert into ${qualified(o.id)}` +
      (values.length
        ? ` (${names(values.map((v) => v.to.id.name))}) overriding system value select ${values.map((v) => v.value.sql).join(", ")}`
        : " select") +
      ` from ${only}${qualified(old.id)}`,
    {
      lock: "access exclusive",
      on: [old.id],
      cost: "rewrite",
      hazards,
      path: [...new Set(values.flatMap((v) => v.value.path))],
    },
  );
  return [
    move,
    ...columns.flatMap((to) =>
      to.attributes.identity ? continueIdentity(to, had.get(to.id.name) ?? null, context) : [],
    ),
    // Sequences that are new with their columns.
    ...sequencesByTable(context.to, o.id).flatMap(({ id, attributes }) => {
      const own = columns.find((c) => c.id.name === attributes.column.name);
      return own && had.has(own.id.name) ? startSerial({ ...id, kind: "sequence" }, own, context) : [];
    }),
  ];
}

const isAside = (t: QualifiedName, { aside }: Context): boolean =>
  [...(aside?.values() ?? [])].some((id) => same(id, { kind: "table", ...t }));

/** The table that takes the rows of this one, which was put aside, or is a partition of one that was; null: none does. */
export function takesRows(t: QualifiedName, context: Context): Id | null {
  if (!context.aside?.size) return null;
  const partition = partitionAt(t, context.from);
  const above = partition && takesRows(partition.attributes.of, context);
  if (above) return above;
  for (const [key, id] of context.aside)
    if (same(id, { kind: "table", schema: t.schema, name: t.name })) return context.to.get(key)?.id ?? null;
  return null;
}

/** What the rows wait for: columns, partitions to hold them, and that tables which stay have left with theirs. */
export function moveFollows(o: Table, context: Context): readonly Followed[] {
  const aside = context.aside?.get(encode(o.id));
  if (!aside || aside.kind !== "table") return [];
  const out: Followed[] = columnsOf(o.id, context.to).map((c) => ({ id: c.id, roles: ["create"] }));
  const walk = (t: QualifiedName, all: Index, role: "create" | "drop"): void => {
    for (const p of partitionsOf(t, all)) {
      const stays = context.to.has(encode({ kind: "table", schema: p.id.schema, name: p.id.name }));
      if (role === "create" || stays) out.push({ id: p.id, roles: [role] });
      if (role === "create") out.push({ id: { kind: "table", schema: p.id.schema, name: p.id.name }, roles: [role] });
      walk(p.id, all, role);
    }
  };
  walk(o.id, context.to, "create");
  walk(aside, context.from, "drop");
  return out;
}
