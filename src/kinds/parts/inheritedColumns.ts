/** Columns that a table has from a parent anyway: they are never added or dropped, only made equal or unequal to the parent's. */
import type { AttributeName, Attributes, DbObject, QualifiedName } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { alterColumn } from "./alterColumn.ts";
import type { Column } from "./columnText.ts";
import { inheritedColumn } from "./inheritance.ts";
import { isNew, tableOf } from "./table.ts";

/** What a new heir gets: the parent's type, default and storage, but neither identity nor options of its own. */
const handedDown = (parent: Column): Column => ({
  ...parent,
  attributes: { ...parent.attributes, identity: null, options: {}, statistics: null, local: false },
});

const attributes: readonly AttributeName<"column">[] = [
  "type",
  "notNull",
  "default",
  "identity",
  "generated",
  "collation",
  "storage",
  "compression",
  "statistics",
  "options",
];
const differing = (a: Attributes<"column">, b: Attributes<"column">): ReadonlySet<AttributeName<"column">> =>
  new Set(attributes.filter((n) => !same(a[n], b[n])));

/**
 * Columns that a table must have before it can get a new parent: Postgres refuses to link a table without them. They are
 * added together with the link, by the table's own change.
 */
export function addedForParents(from: DbObject<"table">, to: DbObject<"table">, context: Context): readonly Column[] {
  const had = new Set(from.attributes.inherits.map(qualified));
  const out = new Map<string, Column>();
  const collect = (parent: QualifiedName, depth: number): void => {
    for (const o of context.to.values()) {
      if (!isKind(o, "column") || o.id.schema !== parent.schema || o.id.table !== parent.name || out.has(o.id.name))
        continue;
      const id = { ...o.id, schema: to.id.schema, table: to.id.name };
      if (context.from.has(encode(id)) || inheritedColumn(id, context.from)) continue;
      const own = context.to.get(encode(id));
      out.set(o.id.name, own && isKind(own, "column") ? own : { ...handedDown(o), id });
    }
    const above = context.to.get(encode({ kind: "table", schema: parent.schema, name: parent.name }));
    if (depth < 100 && above && isKind(above, "table"))
      for (const p of above.attributes.inherits) collect(p, depth + 1);
  };
  for (const p of to.attributes.inherits) if (!had.has(qualified(p))) collect(p, 0);
  return [...out.values()];
}

/** The actions that make an inherited column what it should be, instead of adding it; null for one that must be added. */
export function restoreInherited(o: Column, context: Context): readonly Action[] | null {
  const there = o.attributes.local
    ? isNew(tableOf(o.id), context)
      ? null
      : inheritedColumn(o.id, context.from)
    : inheritedColumn(o.id, context.to);
  if (!there) return addedWithTable(o, context) ? [] : null;
  const was = handedDown(there);
  return alterColumn(was, o, differing(was.attributes, o.attributes), context).actions;
}

/** The actions that make a column of its own what its table's parent hands down, instead of dropping it; null for one that must go. */
export function heirsOf(o: Column, context: Context): readonly Action[] | null {
  if (!context.to.has(encode(tableOf(o.id)))) return null;
  const parent = inheritedColumn(o.id, context.to);
  if (!parent) return null;
  // Where the parent gets the column in this plan, it brings a new one; where the table gets the parent, the old one stays.
  const table = encode(tableOf(o.id));
  const sameParents = same(inheritsOf(context.from.get(table)), inheritsOf(context.to.get(table)));
  if (sameParents && o.attributes.local && inheritedColumn(o.id, context.from) === null) return null;
  const is = handedDown(parent);
  return alterColumn(o, is, differing(o.attributes, is.attributes), context).actions;
}

const inheritsOf = (t: DbObject | undefined): unknown => (t && isKind(t, "table") ? t.attributes.inherits : []);

function addedWithTable(o: Column, context: Context): boolean {
  const key = encode(tableOf(o.id));
  const [from, to] = [context.from.get(key), context.to.get(key)];
  if (!from || !to || !isKind(from, "table") || !isKind(to, "table") || !to.attributes.inherits.length) return false;
  return addedForParents(from, to, context).some((c) => c.id.name === o.id.name);
}
