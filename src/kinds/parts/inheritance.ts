/** Tables that inherit: what a parent's column means for its heirs, and the other way round. */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import type { Index } from "../../model/database.ts";
import { isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { columnOf, tableOf } from "./table.ts";

type Column = DbObject<"column">;

const tableAt = (t: QualifiedName, all: Index): DbObject<"table"> | null => {
  const found = all.get(encode({ kind: "table", schema: t.schema, name: t.name }));
  return found && isKind(found, "table") ? found : null;
};

/** The column as its table gets it from a parent, nearest first; null when no parent has it. Takes the child's id. */
export function inheritedColumn(column: Column["id"], all: Index): Column | null {
  const seen = new Set<string>();
  const search = (t: QualifiedName): Column | null => {
    for (const parent of tableAt(t, all)?.attributes.inherits ?? []) {
      const at = columnOf({ schema: parent.schema, table: parent.name }, column.name);
      const key = encode(at);
      if (seen.has(key)) continue;
      seen.add(key);
      const found = all.get(key);
      if (found && isKind(found, "column")) return { ...found, id: column };
      const above = search(parent);
      if (above) return above;
    }
    return null;
  };
  return search({ schema: column.schema, name: column.table });
}

/** The parents' columns that a column is handed down by, nearest first on each way; empty when it is the table's own alone. */
export function parentColumns(column: Column["id"], all: Index): readonly Column["id"][] {
  const seen = new Set<string>();
  const search = (t: QualifiedName): readonly Column["id"][] =>
    (tableAt(t, all)?.attributes.inherits ?? []).flatMap((parent) => {
      const at = columnOf({ schema: parent.schema, table: parent.name }, column.name);
      const key = encode(at);
      if (seen.has(key)) return [];
      seen.add(key);
      return all.has(key) ? [at] : search(parent);
    });
  return search({ schema: column.schema, name: column.table });
}

/** A table and those below it, which its columns and checks reach as well. */
export function reach(table: Id<"table">, all: Index): readonly Id<"table">[] {
  const below = new Map([[encode(table), table]]);
  const tables = [...all.values()].filter((o) => isKind(o, "table")).filter((t) => t.attributes.inherits.length > 0);
  for (let before = 0; before !== below.size;) {
    before = below.size;
    for (const t of tables)
      if (t.attributes.inherits.some((p) => below.has(encode({ kind: "table", schema: p.schema, name: p.name }))))
        below.set(encode(t.id), t.id);
  }
  return [...below.values()];
}

/** Columns of the same name that stand in tables below this one. */
export function heirs(column: Column["id"], all: Index): readonly Column[] {
  return reach(tableOf(column), all)
    .slice(1)
    .flatMap((t) => {
      const own = all.get(encode(columnOf({ schema: t.schema, table: t.name }, column.name)));
      return own && isKind(own, "column") ? [own] : [];
    });
}
