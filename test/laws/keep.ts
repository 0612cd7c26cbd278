/** What is settled when a thing is made: no change of it is another thing in its place. */
import { type Database, isKind, same } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import type { DbObject, QualifiedName } from "../../src/model/objects.ts";
import { attributes } from "./attributes.ts";
import { hasChecks, saysAllOf } from "./parents.ts";
import { tableId } from "./propose-tables.ts";
import { settle } from "./settle.ts";
import { infoOf } from "./types.ts";
import {
  foreignPartitions,
  isPartitionOf,
  isTyped,
  of,
  ownColumns,
  ownTables,
  put,
  remove,
  tableById,
  tableOf,
  type World,
} from "./world.ts";

/** Takes out what cannot become what it is now from what it was. */
export function keepSettled(w: World, before: Database): void {
  const then: World = { ...w, objects: new Map(before.objects.map((o) => [encode(o.id), o])) };
  for (const keep of [keepMade, keepTypes, keepColumns, keepCasts, keepRows]) {
    const was = [...w.objects.values()];
    keep(w, then);
    const is = [...w.objects.values()];
    if (was.length !== is.length || was.some((o, i) => o !== is[i])) settle(w);
  }
}

function keepMade(w: World, then: World): void {
  for (const o of then.objects.values()) {
    const is = w.objects.get(encode(o.id));
    if (!is) continue;
    if (isKind(o, "table") && isKind(is, "table") && moved(w, then, o, is)) remove(w, is.id);
    // What came through a parent alone would be its own when it comes back, and what comes through a new one alone is made its own.
    const own = (x: World, t: QualifiedName, p: QualifiedName): boolean => saysAllOf(x, t, p) && !hasChecks(x, p);
    if (isKind(o, "table") && isKind(is, "table"))
      if (!hasLeft(o, is).every((p) => own(then, o.id, p)) || !hasLeft(is, o).every((p) => own(w, is.id, p)))
        remove(w, is.id);
    if (isKind(o, "baseType") && isKind(is, "baseType") && !becomes(o, is)) remove(w, is.id);
    // Rows that are on another server cannot be moved to other partitions.
    if (isKind(o, "table") && isKind(is, "table") && !same(o.attributes.partitionBy, is.attributes.partitionBy))
      if ([then, w].some((x) => foreignPartitions(x).some((p) => isPartitionOf(x, p, o)))) remove(w, is.id);
    // A name that nobody says any more stays.
    if (isKind(o, "column") && isKind(is, "column")) {
      const { notNull, identity } = is.attributes;
      const [check, sequence] = [o.attributes.notNull?.name ?? null, o.attributes.identity?.name ?? null];
      // A domain may have got the collation that the column said: that goes without saying then.
      const { collation } = is.attributes;
      const usual = infoOf(w, is.attributes.type.sql)?.usual ?? null;
      const kept = {
        ...(collation && same(collation, usual) ? { collation: null } : {}),
        ...(notNull?.name === null && check ? { notNull: { ...notNull, name: check } } : {}),
        ...(identity?.name === null && sequence ? { identity: { ...identity, name: sequence } } : {}),
      };
      if (Object.keys(kept).length) put(w, { ...is, attributes: { ...is.attributes, ...kept } });
    }
    const named = isKind(o, "domain") && o.attributes.notNullName;
    if (named && isKind(is, "domain") && is.attributes.notNull && is.attributes.notNullName === null)
      put(w, { ...is, attributes: { ...is.attributes, notNullName: named } });
  }
}

/** Of hstore's casts schemac knows nothing, and there are none but to json and by way of text: such a column goes. */
function keepCasts(w: World, then: World): void {
  const sort = (x: World, c: DbObject<"column">): string => {
    const type = infoOf(x, c.attributes.type.sql);
    return type?.element?.class === "hstore" ? "array of hstore" : (type?.class ?? "");
  };
  for (const o of of(w, "column")) {
    const was = then.objects.get(encode(o.id));
    if (!was || !isKind(was, "column")) continue;
    const sorts = [sort(then, was), sort(w, o)];
    if (sorts[0] === sorts[1] || !sorts.some((s) => s.includes("hstore")) || sorts.includes("text")) continue;
    remove(w, isTyped(w, tableOf(o)) ? tableId(tableOf(o)) : o.id);
  }
}

/** Nobody empties a table whose rows are declared: what these refuse doesn't happen to it. */
function keepRows(w: World, then: World): void {
  for (const o of of(then, "rows")) {
    const t = { schema: o.id.schema, name: o.id.name };
    const table = tableById(w, t);
    if (!table) continue;
    const is = w.objects.get(encode(o.id));
    const refused =
      is && isKind(is, "rows")
        ? fillsNothing(then, w, is) || fillsNothing(w, then, o) || anyOtherSort(then, w, t)
        : // Those that nobody declares any more stay.
          !same(partsOf(w, t), partsOf(then, t));
    if (refused) remove(w, table.id);
  }
}
/** Whether a column is not null from now on that no row says. */
function fillsNothing(from: World, to: World, rows: DbObject<"rows">): boolean {
  const said = new Set(Object.values(rows.attributes.rows).flatMap((row) => Object.keys(row)));
  return of(to, "column").some((c) => {
    if (c.id.schema !== rows.id.schema || c.id.table !== rows.id.name || !c.attributes.notNull || said.has(c.id.name))
      return false;
    const was = from.objects.get(encode(c.id));
    return was !== undefined && isKind(was, "column") && !was.attributes.notNull;
  });
}
/** Whether a column gets another sort of type, which the values that stand there may not be of. */
const anyOtherSort = (then: World, w: World, t: QualifiedName): boolean =>
  ownColumns(w, t).some((c) => {
    const was = then.objects.get(encode(c.id));
    if (!was || !isKind(was, "column") || same(was.attributes.type, c.attributes.type)) return false;
    const [a, b] = [infoOf(then, was.attributes.type.sql), infoOf(w, c.attributes.type.sql)];
    return a?.class !== b?.class || a?.needs.length !== 0 || b?.needs.length !== 0;
  });
const partsOf = (w: World, t: QualifiedName): readonly unknown[] =>
  [...w.objects.values()].flatMap(({ id, attributes }) =>
    "table" in id && "schema" in id && id.schema === t.schema && id.table === t.name ? [[id, attributes]] : [],
  );

/** In what order names stand after a change: those that stay, then the new ones. */
const orderOf = (was: readonly string[], is: readonly string[]): readonly string[] => [
  ...was.filter((n) => is.includes(n)),
  ...is.filter((n) => !was.includes(n)),
];
/** A typed table has its columns in the order of its type, and Postgres puts new ones of either last. */
function keepTypes(w: World, then: World): void {
  for (const o of of(then, "composite")) {
    const is = w.objects.get(encode(o.id));
    if (!is || !isKind(is, "composite")) continue;
    const list = is.attributes.attributes;
    const names = [o, is].map((x) => x.attributes.attributes.map((a) => a.name)) as [string[], string[]];
    const up = orderOf(...names);
    if (!same(up, names[1]))
      put(w, { ...is, attributes: { attributes: up.map((n) => list.find((a) => a.name === n)!) } });
    const comesBack = of(then, "typedTable").some(
      (t) => same(t.attributes.type, { schema: o.id.schema, name: o.id.name }) && !tableById(w, nameOf(t)),
    );
    if (comesBack && !same(orderOf(names[1], names[0]), names[0])) put(w, o);
  }
}
function keepColumns(w: World, then: World): void {
  for (const t of ownTables(then)) {
    const at = nameOf(t);
    const types = [then, w].map((x) => x.objects.get(encode({ kind: "typedTable", ...at }))?.attributes);
    if (!tableById(w, at) || same(types[0], types[1])) continue;
    const [was, is] = [then, w].map((x) => ownColumns(x, at).map((c) => c.id.name)) as [string[], string[]];
    if ((types[1] && !same(orderOf(was, is), is)) || (types[0] && !same(orderOf(is, was), was))) remove(w, t.id);
  }
}
const hasLeft = (was: DbObject<"table">, is: DbObject<"table">): readonly QualifiedName[] =>
  was.attributes.inherits.filter((p) => !is.attributes.inherits.some((x) => same(p, x)));
const nameOf = (o: DbObject<"table" | "typedTable">): QualifiedName => ({ schema: o.id.schema, name: o.id.name });

const becomes = (from: DbObject<"baseType">, to: DbObject<"baseType">): boolean => {
  const fixed = (o: DbObject<"baseType">): unknown =>
    Object.entries(o.attributes).filter(([a]) => !attributes.baseType.includes(a));
  return same(fixed(from), fixed(to));
};

/** Whether its rows are elsewhere now: on another server, or one of the same name that is made anew. */
function moved(w: World, then: World, from: DbObject<"table">, to: DbObject<"table">): boolean {
  const { server } = from.attributes;
  if (server !== to.attributes.server) return true;
  if (server === null) return false;
  const was = then.objects.get(encode({ kind: "server", name: server }));
  const is = w.objects.get(encode({ kind: "server", name: server }));
  if (!was || !isKind(was, "server") || !is || !isKind(is, "server")) return true;
  return was.attributes.wrapper !== is.attributes.wrapper || was.attributes.type !== is.attributes.type;
}
