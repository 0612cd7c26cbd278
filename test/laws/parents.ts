/** A table leaves its parents or takes new ones. */
import { sameId } from "../../src/model/id.ts";
import type { DbObject, QualifiedName } from "../../src/model/objects.ts";
import type { Rng } from "./rng.ts";
import { allColumns, of, ownColumns, plainNotNulls, put, type World } from "./world.ts";

/** Checks that a table hands down, its parents' included. */
export const hasChecks = (w: World, t: QualifiedName): boolean =>
  of(w, "check").some((c) => c.id.schema === t.schema && c.id.table === t.name && !c.attributes.noInherit) ||
  of(w, "table").some(
    (p) => p.id.schema === t.schema && p.id.name === t.name && p.attributes.inherits.some((x) => hasChecks(w, x)),
  );

/** Whether a table says each column of a parent itself. */
export const saysAllOf = (w: World, t: QualifiedName, p: QualifiedName): boolean =>
  allColumns(w, p).every((c) => ownColumns(w, t).some((x) => x.id.name === c.id.name && x.attributes.local));

/**
 * A table leaves its parents, or takes some whose columns it has: only so can Postgres go both ways, because a column or
 * check that came through a parent alone cannot be made so again.
 */
export function changeParents(r: Rng, w: World, o: DbObject<"table">): void {
  if (o.attributes.inherits.length > 0) {
    if (!o.attributes.inherits.every((p) => saysAllOf(w, o.id, p) && !hasChecks(w, p))) return;
    const inherits = o.attributes.inherits.slice(1);
    // It could become a parent of the one it leaves.
    const needs = o.needs.filter((n) => n.kind !== "table" || inherits.some((p) => sameId(n, { kind: "table", ...p })));
    put(w, { ...o, attributes: { ...o.attributes, inherits }, needs });
    return;
  }
  if (!plainNotNulls(w, o.id)) return;
  const bare = of(w, "table").filter(
    (p) =>
      p.id !== o.id &&
      !hasChecks(w, p.id) &&
      plainNotNulls(w, p.id) &&
      allColumns(w, p.id).every((c) => !c.attributes.generated) &&
      allColumns(w, p.id).length > 0 &&
      !allColumns(w, p.id).some((c) => c.attributes.identity),
  );
  if (bare.length === 0) return;
  const parent = r.pick(bare);
  const own = ownColumns(w, o.id);
  for (const c of allColumns(w, parent.id)) {
    if (own.some((x) => x.id.name === c.id.name)) return;
  }
  // The columns come first; the next change of this attribute can then take the parent away again.
  for (const c of allColumns(w, parent.id))
    put(w, {
      ...c,
      id: { ...c.id, schema: o.id.schema, table: o.id.name },
      attributes: { ...c.attributes, local: true },
      needs: [o.id, ...c.needs.filter((n) => n.kind !== "table")],
    });
  put(w, {
    ...o,
    attributes: { ...o.attributes, inherits: [{ schema: parent.id.schema, name: parent.id.name }] },
    needs: [...o.needs, parent.id],
  });
}
