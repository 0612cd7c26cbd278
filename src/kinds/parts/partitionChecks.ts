/** What is certain of partitioned tables without a database: bounds that overlap, and keys that no partition could keep. */
import type { DbObject, Id } from "../../model/objects.ts";
import { type Database, type Index, indexOf, isKind, ofKind } from "../../model/database.ts";
import { describeId } from "../../model/id.ts";
import { groupedBy } from "../../model/once.ts";
import { problem, type Problem, type Span } from "../../problems.ts";
import { names, qualified } from "../../sql.ts";
import { boundNode, expressionsIn } from "./partitionBound.ts";
import { keyOf } from "./partitionKeys.ts";
import { tableName } from "./partitions.ts";

type Partition = DbObject<"partition">;

/** `at`: where an object was written. */
export function checkPartitions(database: Database, at: (id: Id) => Span | undefined): readonly Problem[] {
  if (!ofKind(database, "table").some((o) => o.attributes.partitionBy)) return [];
  const tell = (id: Id, message: string, help?: string): readonly Problem[] => {
    const span = at(id);
    return span ? [problem("invalid-partition", span, message, help === undefined ? {} : { help })] : [];
  };
  const byTable = groupedBy(ofKind(database, "partition"), (o) => qualified(o.attributes.of));
  const overlaps = [...byTable.values()].flatMap((all) =>
    overlapping(all).flatMap(([o, other]) =>
      tell(o.id, `The bounds of ${qualified(o.id)} and ${qualified(other.id)} overlap.`),
    ),
  );
  const index = indexOf(database);
  return [...overlaps, ...database.objects.flatMap((o) => lacking(o, index, tell))];
}

/** Each with one before it whose bound it overlaps, as far as the values can be compared as they are written. */
function overlapping(partitions: readonly Partition[]): readonly (readonly [Partition, Partition])[] {
  const out: (readonly [Partition, Partition])[] = [];
  const taken = new Map<string, Partition>();
  const ranges: { readonly o: Partition; readonly from: Value; readonly to: Value }[] = [];
  for (const o of partitions) {
    const bound = boundNode(o.attributes.bound.sql);
    const listed =
      bound.kind === "list"
        ? expressionsIn(bound.values.text)
        : bound.kind === "hash"
          ? [`${bound.modulus} ${bound.remainder}`]
          : [];
    const other = listed.map((value) => taken.get(value)).find((p) => p !== undefined && p !== o);
    if (other) out.push([o, other]);
    for (const value of listed) if (!taken.has(value)) taken.set(value, o);
    if (bound.kind !== "range") continue;
    const [from, to] = [valueIn(bound.from.text), valueIn(bound.to.text)];
    if (from && to) ranges.push({ o, from, to });
  }
  // Values of several sorts among each other are Postgres's to compare.
  if (new Set(ranges.flatMap(({ from, to }) => [from.sort, to.sort]).filter((s) => s !== null)).size > 1) return out;
  const place = new Map(partitions.map((o, i) => [o, i]));
  let widest: (typeof ranges)[number] | null = null;
  for (const r of ranges.sort((a, b) => compare(a.from, b.from))) {
    if (widest && compare(r.from, widest.to) < 0) {
      const [first, second] = place.get(r.o)! < place.get(widest.o)! ? [r.o, widest.o] : [widest.o, r.o];
      out.push([second, first]);
    }
    if (!widest || compare(r.to, widest.to) > 0) widest = r;
  }
  return out;
}

/** A whole number, or a day; sort null: whatever is below or above all others. */
interface Value {
  readonly sort: "number" | "day" | null;
  readonly value: bigint | string | -1 | 1;
}
/** null: more than one value, or one that only Postgres understands. */
function valueIn(text: string): Value | null {
  const t = text.trim();
  if (/^-?\d+$/.test(t)) return { sort: "number", value: BigInt(t) };
  const day = /^'(\d{4}-\d\d-\d\d)'$/.exec(t)?.[1];
  if (day !== undefined) return { sort: "day", value: day };
  if (/^(?:min|max)value$/i.test(t)) return { sort: null, value: /^min/i.test(t) ? -1 : 1 };
  return null;
}
function compare(a: Value, b: Value): number {
  const end = (v: Value): number => (v.sort === null ? Number(v.value) : 0);
  if (a.sort === null || b.sort === null) return end(a) - end(b);
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/** A unique key of a table whose partitions could hold doubles without knowing: it lacks what these tell rows apart by. */
function lacking(
  o: DbObject,
  all: Index,
  tell: (id: Id, message: string, help?: string) => readonly Problem[],
): readonly Problem[] {
  if (!(isKind(o, "primaryKey") || isKind(o, "unique") || (isKind(o, "index") && o.attributes.unique))) return [];
  const columns = isKind(o, "index") ? o.attributes.keys.flatMap((k) => k.column ?? []) : o.attributes.columns;
  const t = tableName(o.id);
  const by = keyOf(t, all);
  if (!by) return [];
  const shown = qualified(t);
  if (by.keys.some((k) => k.column === null))
    return tell(
      o.id,
      `${shown} is partitioned by an expression, so it has no unique key: ${describeId(o.id)} cannot be.`,
      "Postgres looks for doubles one partition at a time.",
    );
  const missing = by.keys.flatMap((k) => (k.column !== null && !columns.includes(k.column) ? [k.column] : []));
  return missing.length
    ? tell(
        o.id,
        `A unique key of ${shown} must have ${names(missing)} in it, by which the table is partitioned.`,
        `Postgres looks for doubles one partition at a time: write (${names([...columns, ...missing])}).`,
      )
    : [];
}
