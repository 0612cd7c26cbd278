/**
 * Partitioned tables with their partitions. They stand apart from the other made-up tables (see `of` in world.ts): all have the
 * same two columns, so that a partition can go from one to another, and nothing but comments and rights is put on them.
 */
import type { DbObject, Id, QualifiedName } from "../../src/model/objects.ts";
import { isKind, observed } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import { plainColumn } from "../../src/kinds/parts/columnText.ts";
import { plainTable } from "../../src/kinds/twins.ts";
import { someOptions } from "./propose-foreign.ts";
import { noKey } from "./propose-keys.ts";
import { newName, schemaNeed, someSchema } from "./propose-types.ts";
import { columnId, plainNotNull, tableId } from "./propose-tables.ts";
import type { Rng } from "./rng.ts";
import { families, of, put, type World } from "./world.ts";

type Partition = DbObject<"partition">;
type Strategy = "range" | "list" | "hash";

/** From 18 on a not null has a name, and which one a partition's has tells how it became one: it keeps that. */
const columnsOf = (w: World, t: QualifiedName): readonly DbObject<"column">[] =>
  (
    [
      ["k", "integer", w.major < 18 ? plainNotNull : null],
      ["v", "text", null],
    ] as const
  ).map(([name, type, notNull]) => ({
    id: columnId(t, name),
    attributes: { ...plainColumn, type: observed(type), notNull },
    needs: [tableId(t)],
  }));

const table = (r: Rng, own: QualifiedName, partitionBy: Strategy | null): DbObject<"table"> => ({
  id: tableId(own),
  attributes: {
    ...plainTable,
    options: partitionBy === null && r.chance(0.3) ? { fillfactor: String(10 + r.int(91)) } : {},
    partitionBy: partitionBy && {
      strategy: partitionBy,
      keys: [{ ...noKey, column: "k" }],
    },
  },
  needs: schemaNeed(own.schema),
});

const slots = 5;
/** The n-th place of a partitioned table; of ranges and lists the last one is for all the others. */
function bound(strategy: Strategy, n: number): string {
  if (strategy === "hash") return `FOR VALUES WITH (modulus ${slots}, remainder ${n})`;
  if (n === slots - 1) return "DEFAULT";
  return strategy === "list"
    ? `FOR VALUES IN (${n * 10}, ${n * 10 + 5})`
    : `FOR VALUES FROM (${n * 10}) TO (${n * 10 + 10})`;
}

/** A place that is free in one of the partitioned tables. */
function place(r: Rng, w: World, not?: Partition): Partition["attributes"] | null {
  const free = families(w).flatMap((t) => {
    const { strategy } = t.attributes.partitionBy!;
    return Array.from({ length: slots }, (_, n) => ({ of: tableName(t), bound: observed(bound(strategy, n)) })).filter(
      (a) =>
        !of(w, "partition").some(
          (p) => p !== not && sameTable(p.attributes.of, a.of) && p.attributes.bound.sql === a.bound.sql,
        ),
    );
  });
  return free.length === 0 ? null : r.pick(free);
}
const tableName = (t: DbObject<"table">): QualifiedName => ({ schema: t.id.schema, name: t.id.name });
const sameTable = (a: QualifiedName, b: QualifiedName): boolean => a.schema === b.schema && a.name === b.name;

/** A partitioned table without partitions. */
export function proposeFamily(r: Rng, w: World): void {
  const own = newName(r, w, someSchema(r, w));
  put(w, table(r, own, r.pick(["range", "list", "hash"] as const)));
  for (const c of columnsOf(w, own)) put(w, c);
}

/** The table is partitioned in another way, and its partitions have the places of that. */
export function partitionOtherwise(r: Rng, w: World, t: DbObject<"table">): void {
  const key = t.attributes.partitionBy!;
  const strategy = r.pick((["range", "list", "hash"] as const).filter((s) => s !== key.strategy));
  put(w, { ...t, attributes: { ...t.attributes, partitionBy: { ...key, strategy } } });
  of(w, "partition")
    .filter((p) => sameTable(p.attributes.of, tableName(t)))
    .forEach((p, n) => put(w, { ...p, attributes: { ...p.attributes, bound: observed(bound(strategy, n)) } }));
}

/** Another place for the partition, or a new one, whose table comes with it. */
export function proposePartition(r: Rng, w: World, o?: Partition): Partition | null {
  if (!o && (families(w).length === 0 || (families(w).length < 2 && r.chance(0.3)))) proposeFamily(r, w);
  const attributes = place(r, w, o);
  if (!attributes) return null;
  if (o) return { ...o, attributes, needs: [tableId(o.id), tableId(attributes.of)] };
  const own = newName(r, w, someSchema(r, w));
  const servers = of(w, "server");
  const made = table(r, own, null);
  if (servers.length > 0 && r.chance(0.3)) {
    const server = r.pick(servers).id;
    const foreignOptions = someOptions(r, ["schema_name", "table_name"]);
    const foreign = { ...plainTable, server: server.name, foreignOptions };
    put(w, { ...made, attributes: foreign, needs: [...made.needs, server] });
  } else put(w, made);
  const id: Id<"partition"> = { kind: "partition", ...own };
  return { id, attributes, needs: [tableId(own), tableId(attributes.of)] };
}

/** What is left of a partition that is one no more: its table goes, or stands by itself. */
export function leavePartition(r: Rng, w: World, o: Partition): void {
  w.objects.delete(encode(o.id));
  const own = w.objects.get(encode(tableId(o.id)));
  if (!own || !isKind(own, "table")) return;
  if (r.chance(0.5)) w.objects.delete(encode(own.id));
  else for (const c of columnsOf(w, { schema: o.id.schema, name: o.id.name })) put(w, c);
}

/** A partition without its table, or of a table that is gone, is none; nor is one whose place another has. */
export function mendPartition(w: World, o: Partition): Partition | null {
  const parent = w.objects.get(encode(tableId(o.attributes.of)));
  if (!parent || !isKind(parent, "table") || parent.attributes.partitionBy === null) return null;
  const first = of(w, "partition").find(
    (p) => sameTable(p.attributes.of, o.attributes.of) && p.attributes.bound.sql === o.attributes.bound.sql,
  );
  return first === undefined || encode(first.id) === encode(o.id) ? o : null;
}
