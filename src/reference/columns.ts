/** The columns of live tables that declared rows are written to. */
import type { DbObject, Fragment, Id } from "../model/objects.ts";
import { type Index, isKind, same } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { checksOf } from "../kinds/parts/boundTypes.ts";
import { type Rows, rowsOf } from "../kinds/parts/rowKey.ts";
import { typeIn } from "../kinds/parts/typeIds.ts";
import { typeText } from "../kinds/parts/types.ts";
import { name } from "../sql.ts";

/** A column of a live table that can be written. */
export interface Writable {
  /** Of the live column. */
  readonly type: string;
  /** Of the column as it will be, where that is another one that Postgres has now; null: it is the same, or comes with the plan. */
  readonly next: string | null;
  /** What a value becomes; null: only the plan makes its type. */
  readonly becomes: Pick<Fragment, "sql" | "path"> | null;
  /** Nothing that decides whether a value fits is changed by the plan. */
  readonly stays: () => boolean;
}
export type Columns = ReadonlyMap<string, Writable>;

/** For the rows of each live table, its columns that can be written, by name. */
export function columnsIn(live: Index, desired: Index, wanted: readonly Rows[]): ReadonlyMap<string, Columns> {
  const out = new Map(wanted.map((o) => [encode(o.id), { o, columns: new Map<string, Writable>() }]));
  for (const c of live.values()) {
    if (!isKind(c, "column") || c.attributes.generated) continue;
    const found = out.get(encode(rowsOf(c.id)));
    if (!found) continue;
    const { o, columns } = found;
    const wish = desired.get(encode(c.id));
    const keeps = !wish || !isKind(wish, "column") || same(wish.attributes.type, c.attributes.type);
    const own = keeps ? typeIn(typeText(c.attributes.type), live) : typeIn(typeText(wish.attributes.type), desired);
    columns.set(c.id.name, {
      type: typeText(c.attributes.type),
      next: keeps || own ? null : wish.attributes.type.sql,
      becomes: keeps ? { sql: name(c.id.name), path: [] } : own ? null : converted(wish),
      stays: () =>
        keeps &&
        [...(own ? [own] : []), ...o.needs.filter((n) => n.kind !== "column")].every((n) => isSame(n, live, desired)),
    });
  }
  return new Map([...out].map(([key, { columns }]) => [key, columns]));
}

const converted = ({ id, attributes: { type }, hints }: DbObject<"column">): Pick<Fragment, "sql" | "path"> => ({
  sql: `(${hints?.using?.sql ?? name(id.name)}\n)::${type.sql}`,
  path: hints?.using?.path ?? type.path,
});

/** Whether it is there and stays as it is, with all that decides what fits it. */
function isSame(id: Id, live: Index, desired: Index, seen = new Set<string>()): boolean {
  const key = encode(id);
  if (seen.has(key)) return true;
  seen.add(key);
  const [was, is] = [live.get(key), desired.get(key)];
  // The schema public is nobody's to declare; and what is in neither is Postgres's own.
  if (!was || !is) return id.kind === "schema" || was === is;
  const checks = (all: Index): unknown => checksOf(id, all).map((c) => [encode(c), all.get(encode(c))?.attributes]);
  return (
    same(was.attributes, is.attributes) &&
    same(checks(live), checks(desired)) &&
    is.needs.every((n) => isSame(n, live, desired, seen))
  );
}
