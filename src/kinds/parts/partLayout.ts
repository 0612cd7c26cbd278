/** Parts that are there without saying, under the names that Postgres makes up, and what a text that says one leaves out. */
import type { DbObject, PartOf, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import { qualified } from "../../sql.ts";
import { isForeign } from "./foreignOptions.ts";
import { tablesBelow } from "./inheritance.ts";
import { chooseName, impliedNames, indexColumnNames, nameAddition } from "./names.ts";
import { partitionAt, tableName } from "./partitions.ts";
import {
  aboveOf,
  hasPartitions,
  type IndexPart,
  isBlank,
  isOnly,
  isPart,
  needsAbove,
  type Part,
  type PartKind,
  partsByTable,
} from "./partOf.ts";
import { columnOf } from "./table.ts";

/** The object of this kind that partitions have because the tables above have it, and that nobody says. */
export function unsaidParts<K extends PartKind>(kind: K, all: Index): readonly DbObject<K>[] {
  return unsaid(all).flatMap((o) => (isKind(o, kind) ? [o] : []));
}
const unsaid = oncePer((all: Index): readonly Part[] => (hasPartitions(all) ? layOut(all).unsaid : []));

/**
 * Goes from the partitioned tables down: what the text says of a part (`index x of y`, marked by `isBlank`) is filled in from
 * the one above, and what nobody says is made up, under the name that Postgres would choose.
 */
export function layOut(all: Index): {
  readonly unsaid: readonly Part[];
  readonly filled: ReadonlyMap<string, Part>;
  /** Said of something that the table above does not have. */
  readonly unknown: readonly IndexPart[];
} {
  const parts = new Map([...partsByTable(all)].map(([t, list]) => [t, [...list]]));
  const taken = takenNames(all);
  const constraints = constraintNames(all);
  const out: Part[] = [];
  const filled = new Map<string, Part>();
  const unknown: IndexPart[] = [];
  for (const t of tablesBelow(all)) {
    const partition = partitionAt(t.id, all);
    if (!partition) continue;
    const above = parts.get(qualified(partition.attributes.of)) ?? [];
    const own = parts.get(qualified(t.id)) ?? [];
    own.forEach((o, i) => {
      if (!isBlank(o) || isKind(o, "foreignKey")) return;
      const name = o.attributes.partOf?.name;
      const from = above.find((p): p is IndexPart => !isKind(p, "foreignKey") && p.id.name === name);
      if (!from) return void unknown.push(o);
      own[i] = isKind(o, "index") ? fill(o, from) : linked(o, from);
      filled.set(encode(o.id), own[i]);
    });
    // Postgres leaves out foreign partitions, and refuses what is unique.
    const isLeftOut = isForeign(t.id, all);
    const has = new Set(own.flatMap((o) => needsAbove(o).map(encode)));
    for (const p of above) {
      if (has.has(encode(p.id)) || isOnly(p) || (isLeftOut && !isKind(p, "foreignKey"))) continue;
      const made = isKind(p, "foreignKey") ? copyForeignKey(p, t.id, taken, constraints) : copyTo(p, t.id, taken);
      own.push(made);
      out.push(made);
    }
    parts.set(qualified(t.id), own);
  }
  return { unsaid: out, filled, unknown };
}

const linked = (o: IndexPart, from: IndexPart): Part =>
  ({ ...o, attributes: { ...o.attributes, partOf: partOfId(from) } }) as Part;
const partOfId = ({ id }: Part): NonNullable<PartOf> => ({
  kind: id.kind,
  schema: id.schema,
  table: id.table,
  name: id.name,
});

function fill(o: DbObject<"index">, from: IndexPart): Part {
  const { options, tablespace } = o.attributes;
  const made = copied(from, tableName(o.id), o.id.name);
  const only = "only" in made.attributes ? { only: isOnly(o) } : {};
  return { ...made, attributes: { ...made.attributes, options, tablespace, ...only } } as Part;
}

/** It has the name of the one above, unless its own table has a constraint of that name: other tables' don't matter to it. */
function copyForeignKey(
  p: DbObject<"foreignKey">,
  t: QualifiedName,
  taken: ReadonlyMap<string, ReadonlySet<string>>,
  constraints: Map<string, Set<string>>,
): Part {
  const own = constraints.get(qualified(t)) ?? new Set();
  constraints.set(qualified(t), own);
  const isTaken = (n: string): boolean => own.has(n) || taken.get(t.schema)?.has(n) === true;
  const name = own.has(p.id.name) ? chooseName(t.name, nameAddition(p.attributes.columns), "fkey", isTaken) : p.id.name;
  own.add(name);
  return { ...copied(p, t, name), implicitName: true, implied: true };
}

function copyTo(p: IndexPart, t: QualifiedName, taken: Map<string, Set<string>>): Part {
  const names = taken.get(t.schema) ?? new Set();
  taken.set(t.schema, names);
  const name = freeName(p, t.name, (n) => names.has(n));
  names.add(name);
  return { ...copied(p, t, name), implicitName: true, implied: true };
}

function copied(p: Part, t: QualifiedName, name: string): Part {
  const above = tableName(p.id);
  const needs = p.needs.map((n) =>
    n.kind === "column" && n.schema === above.schema && n.table === above.name
      ? columnOf({ schema: t.schema, table: t.name }, n.name)
      : n,
  );
  const partOf = partOfId(p);
  return {
    id: { kind: p.id.kind, schema: t.schema, table: t.name, name },
    attributes: { ...p.attributes, partOf },
    needs,
  } as Part;
}

/** What Postgres calls it. Of an expression it takes the name that it has in the index above, which is not known here. */
function freeName(p: IndexPart, table: string, taken: (name: string) => boolean): string {
  if (isKind(p, "primaryKey")) return chooseName(table, null, "pkey", taken);
  // A copy without overlaps counts as an exclusion.
  const isExclusion = isKind(p, "exclude") || (isKind(p, "unique") && p.attributes.withoutOverlaps);
  const label = isExclusion ? "excl" : isKind(p, "unique") ? "key" : "idx";
  return chooseName(table, nameAddition(indexColumnNames(columnNames(p))), label, taken);
}
function columnNames(p: Exclude<IndexPart, DbObject<"primaryKey">>): readonly (string | null)[] {
  if (isKind(p, "unique")) return [...p.attributes.columns, ...p.attributes.include];
  const keys = isKind(p, "index") ? p.attributes.keys : p.attributes.elements.map((e) => e.key);
  return [...keys.map((k) => k.column), ...p.attributes.include];
}

/** By schema: names of relations, and of constraints, which Postgres keeps apart from each other where it makes names up. */
function takenNames(all: Index): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>();
  for (const o of all.values()) {
    // A foreign key's name is its table's own matter.
    if (!isPart(o) && !isKind(o, "table") && !isKind(o, "sequence")) continue;
    if (isKind(o, "foreignKey")) continue;
    const names = out.get(o.id.schema) ?? new Set();
    out.set(o.id.schema, names);
    names.add(o.id.name);
  }
  return out;
}

/** Names of constraints by their table. */
function constraintNames(all: Index): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>();
  for (const o of all.values()) {
    if (isKind(o, "check") || (isPart(o) && !isKind(o, "index"))) {
      const table = qualified(tableName(o.id));
      out.set(table, (out.get(table) ?? new Set()).add(o.id.name));
    }
  }
  return out;
}

/** Whether it is what its partition would have without saying, name included. */
export function goesUnsaid(o: IndexPart, all: Index): boolean {
  const above = aboveOf(o);
  const from = above && all.get(encode(above));
  if (!from || !isPart(from) || isKind(from, "foreignKey") || from.id.kind !== o.id.kind || isOnly(from)) return false;
  const usual = isKind(from, "primaryKey")
    ? impliedNames.primaryKey(o.id.table)
    : columnNames(from).includes(null)
      ? null
      : freeName(from, o.id.table, () => false);
  const [a, b] = [o.attributes, from.attributes];
  return (
    o.id.name === usual &&
    JSON.stringify(sorted(a.options)) === JSON.stringify(sorted(b.options)) &&
    a.tablespace === b.tablespace
  );
}
const sorted = (o: Readonly<Record<string, string>>) => Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1));
