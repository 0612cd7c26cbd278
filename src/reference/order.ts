/** Declared rows come after those that they refer to. */
import type { DbObject } from "../model/objects.ts";
import { type Database, type Index, isKind, ofKind } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { isNull, type Row, type Rows, rowsOf } from "../kinds/parts/rowKey.ts";
import { columnOf } from "../kinds/parts/table.ts";

/** Adds to what rows need the rows that they refer to; where those refer back, the later ones do not wait. */
export function inOrder(desired: Database, wanted: Index, all: readonly Rows[]): (o: Rows) => Rows {
  const said = new Map<string, Row[]>();
  for (const o of all) said.set(encode(o.id), [...(said.get(encode(o.id)) ?? []), ...Object.values(o.attributes.rows)]);
  const refersNowhere = (r: Row, { id }: DbObject<"foreignKey">, column: string): boolean => {
    const value = r[column];
    if (value !== undefined) return isNull(value);
    const c = wanted.get(encode(columnOf(id, column)));
    return !(c && isKind(c, "column") && (c.attributes.default || c.attributes.identity || c.attributes.generated));
  };
  const refers = new Map<string, Rows["id"][]>();
  const declared = new Set(ofKind(desired, "rows").map((o) => encode(o.id)));
  for (const f of ofKind(desired, "foreignKey")) {
    const own = rowsOf(f.id);
    const other = { kind: "rows", schema: f.attributes.references.schema, name: f.attributes.references.name } as const;
    const [key, target] = [encode(own), encode(other)];
    if (key === target || !declared.has(key) || !declared.has(target)) continue;
    if (
      !said.get(key)?.some((r) => !f.attributes.columns.some((c) => refersNowhere(r, f, c))) ||
      reaches(refers, target, key)
    )
      continue;
    refers.set(key, [...(refers.get(key) ?? []), other]);
  }
  return (o) => ({ ...o, needs: [...o.needs, ...(refers.get(encode(o.id)) ?? [])] });
}
function reaches(refers: ReadonlyMap<string, readonly Rows["id"][]>, from: string, to: string): boolean {
  const seen = new Set([from]);
  const queue = [from];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (key === to) return true;
    for (const next of refers.get(key) ?? []) {
      const k = encode(next);
      if (!seen.has(k)) {
        seen.add(k);
        queue.push(k);
      }
    }
  }
  return false;
}
