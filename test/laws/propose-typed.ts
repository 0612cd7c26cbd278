/**
 * Typed tables. They stand apart from the other tables (see `of` in world.ts): their columns are those of the type and change with it.
 * A table whose columns happen to be those of a type may become one, and stands by itself again when it is one no more.
 */
import { isKind, same } from "../../src/model/database.ts";
import { encode, sameId } from "../../src/model/id.ts";
import type { DbObject, Id, QualifiedName } from "../../src/model/objects.ts";
import { proposeComposite } from "./propose-made.ts";
import { columnId, proposeColumn, proposeTable, tableId } from "./propose-tables.ts";
import { collationNeeds } from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { infoOf } from "./types.ts";
import { children, of, ownColumns, put, remove, type World } from "./world.ts";

type TypedTable = DbObject<"typedTable">;
type Composite = DbObject<"composite">;
type Column = DbObject<"column">;

const compositeAt = (w: World, type: QualifiedName): Composite | null => {
  const o = w.objects.get(encode({ kind: "composite", ...type }));
  return o && isKind(o, "composite") ? o : null;
};

/** The columns are those of the type, in its order. */
const fits = (w: World, t: QualifiedName, type: Composite): boolean =>
  same(
    ownColumns(w, t).map((c) => [c.id.name, c.attributes.type.sql, c.attributes.collation]),
    type.attributes.attributes.map((a) => [a.name, a.type.sql, a.collation]),
  ) && ownColumns(w, t).every((c) => c.attributes.local && !c.attributes.identity && !c.attributes.generated);

/** Another type for the table; or a new table, or one that is there and fits. */
export function proposeTyped(r: Rng, w: World, old?: TypedTable): TypedTable | null {
  if (!old && of(w, "composite").length === 0) put(w, proposeComposite(r, w));
  const type = r.pick(of(w, "composite"));
  const { schema, name } = type.id;
  const bound = (t: QualifiedName): TypedTable => ({
    id: { kind: "typedTable", schema: t.schema, name: t.name },
    attributes: { type: { schema, name } },
    needs: [tableId(t), type.id],
  });
  if (old) return bound(old.id);
  const alike = of(w, "table").filter(
    (t) => t.attributes.inherits.length === 0 && children(w, t.id).length === 0 && fits(w, t.id, type),
  );
  if (alike.length > 0 && r.chance(0.6)) return bound(r.pick(alike).id);
  const table = proposeTable(r, w);
  put(w, {
    ...table,
    attributes: { ...table.attributes, inherits: [] },
    needs: table.needs.filter((n) => n.kind !== "table"),
  });
  for (const a of type.attributes.attributes) {
    const column = proposeColumn(r, w, table.id, columnId(table.id, a.name), a.type.sql);
    if (column) put(w, column);
  }
  return bound(table.id);
}

/** What is left of a typed table that is one no more: it goes, or stands by itself. */
export function leaveType(r: Rng, w: World, o: TypedTable): void {
  remove(w, o.id);
  if (r.chance(0.4)) remove(w, tableId(o.id));
}

/** Gives the table the columns of its type; what stood on one that is another now, goes. */
export function mendTyped(w: World, o: TypedTable): TypedTable | null {
  const type = compositeAt(w, o.attributes.type);
  if (!type) return null;
  if (fits(w, o.id, type)) return o;
  const olds = new Map(ownColumns(w, o.id).map((c) => [c.id.name, c]));
  for (const c of olds.values()) remove(w, c.id);
  for (const a of type.attributes.attributes) {
    const old = olds.get(a.name);
    const is = old && same([old.attributes.type.sql, old.attributes.collation], [a.type.sql, a.collation]);
    if (is) olds.delete(a.name);
    put(w, columnOf(w, o, a, old, is === true));
  }
  for (const c of olds.values()) forget(w, c.id);
  return o;
}

/** `old`: what the column was; `is`: and it is of the type. */
function columnOf(
  w: World,
  t: TypedTable,
  a: Composite["attributes"]["attributes"][number],
  old: Column | undefined,
  is: boolean,
): Column {
  const { schema, name } = t.id;
  const type = infoOf(w, a.type.sql);
  const said = old?.attributes;
  return {
    id: columnId({ schema, name }, a.name),
    attributes: {
      type: a.type,
      notNull: said?.notNull ?? null,
      default: is && !said?.generated && !said?.identity ? (said?.default ?? null) : null,
      identity: null,
      generated: null,
      collation: a.collation,
      storage: is ? (said?.storage ?? null) : null,
      compression: is ? (said?.compression ?? null) : null,
      statistics: said?.statistics ?? null,
      options: said?.options ?? {},
      foreignOptions: {},
      local: true,
    },
    needs: is && old ? old.needs : [tableId(t.id), ...(type?.needs ?? []), ...collationNeeds(a.collation)],
  };
}
function forget(w: World, column: Id<"column">): void {
  for (const o of [...w.objects.values()]) if (o.needs.some((n) => sameId(n, column))) remove(w, o.id);
}
