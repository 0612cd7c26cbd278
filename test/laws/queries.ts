/** What made-up queries give: the columns of views, and conditions over columns that stand behind a word (`new`, `old`, an alias). */
import { encode } from "../../src/model/id.ts";
import type { DbObject, Id, QualifiedName } from "../../src/model/objects.ts";
import { isKind } from "../../src/model/database.ts";
import { name } from "../../src/sql.ts";
import { condition, typed, type Expression } from "./expressions.ts";
import type { Rng } from "./rng.ts";
import { columnType, type TypeInfo } from "./types.ts";
import { allColumns, of, type World } from "./world.ts";

export type Queried = DbObject<"view"> | DbObject<"materializedView">;
/** A column of a view; `from`: the table's column that it shows as it is. */
export interface Shown {
  readonly name: string;
  readonly from: Id<"column"> | null;
}

/** As the observer keeps what a query gives: name, type, collation. The type's place says where it comes from. */
export const shownFacts = (columns: readonly Shown[]): { readonly columns: string } => ({
  columns: JSON.stringify(columns.map((c) => [c.name, c.from === null ? "" : JSON.stringify(c.from), ""])),
});
export const shownColumns = (o: DbObject): readonly Shown[] =>
  (JSON.parse(o.facts?.["columns"] ?? "[]") as [string, string, string][]).map(([n, from]) => ({
    name: n,
    from: from === "" ? null : (JSON.parse(from) as Id<"column">),
  }));
export const shownType = (w: World, c: Shown): TypeInfo | null =>
  c.from && columnType(w, { schema: c.from.schema, name: c.from.table }, c.from.name);

/** A condition over the columns of a table, each behind `word`. */
export function conditionOn(
  r: Rng,
  w: World,
  schema: string,
  columns: readonly DbObject<"column">[],
  word: string,
): Expression | null {
  const known = typed(w, columns);
  const places = known.map((c, i) => ({ ...c, name: `schemac_place_${i}x` }));
  const e = condition(r, { schema, name: "" }, places);
  if (!e) return null;
  const real = (s: string): string =>
    s.replace(/schemac_place_(\d+)x/g, (_, i: string) => `${word}.${name(known[Number(i)]!.name)}`);
  return {
    ...e,
    fragment: { ...e.fragment, sql: real(e.fragment.sql) },
    columns: places.flatMap((p, i) => (e.columns.includes(p.name) ? [known[i]!.name] : [])),
  };
}

/** Whatever can be read from: tables, and views, whose columns are theirs. */
export interface Source {
  readonly id: Id<"table" | "view" | "materializedView">;
  readonly columns: readonly Shown[];
}
export function sources(w: World, but?: Id): readonly Source[] {
  // What is stored is read at once, and a view's owner may not be allowed to.
  const views = [...(but?.kind === "materializedView" ? [] : of(w, "view")), ...of(w, "materializedView")].filter(
    (v) => !but || !reachesView(w, v, but),
  );
  return [
    ...of(w, "table").map((t) => ({
      id: t.id,
      columns: allColumns(w, t.id).map((c) => ({
        name: c.id.name,
        from: { kind: "column", schema: t.id.schema, table: t.id.name, name: c.id.name } as const,
      })),
    })),
    ...views.map((v) => ({ id: v.id, columns: shownColumns(v) })),
  ];
}
/** Whether a view is another, or stands on it, however far. */
function reachesView(w: World, v: DbObject, id: Id): boolean {
  if (encode(v.id) === encode(id)) return true;
  return v.needs.some((n) => {
    const o = ["view", "materializedView", "function"].includes(n.kind) ? w.objects.get(encode(n)) : undefined;
    return o !== undefined && reachesView(w, o, id);
  });
}
export const viewAt = (w: World, t: QualifiedName): Queried | null => {
  for (const kind of ["view", "materializedView"] as const) {
    const o = w.objects.get(encode({ kind, schema: t.schema, name: t.name }));
    if (o && (isKind(o, "view") || isKind(o, "materializedView"))) return o;
  }
  return null;
};
