/** What becomes of other tables' rows that refer to rows which go, or which get other values where they are referred to. */
import type { DbObject, Id, QualifiedName, ReferentialAction } from "../../model/objects.ts";
import type { Hazard } from "../../model/plan.ts";
import { isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { partitionAt } from "./partitions.ts";
import { isMadeAnew } from "./references.ts";
import { heldIn, type Row, type Rows, rowsOf } from "./rowKey.ts";
import { constraintsOf } from "./rowOrder.ts";
import { getsType } from "./rowPairs.ts";
import { closesRing } from "./rowRings.ts";
import { columnsOf, columnsOfTable, tableOf } from "./table.ts";

type ForeignKey = DbObject<"foreignKey">;

export interface Consequences {
  /** Tables whose rows Postgres writes or deletes by itself. */
  readonly on: readonly Id<"table">[];
  readonly hazards: readonly Hazard[];
}

/**
 * Of rows of `o` that are deleted, or whose `columns` get other values. What the declared rows of a table refer to is known; it is
 * locked all the same.
 */
export function consequences(
  o: Rows,
  rows: readonly Row[],
  columns: readonly string[] | "deleted",
  context: Context,
): Consequences {
  const found = new Consequence(context);
  found.follow(o.id, columns, (f) => !refersToNone(f, rows, context));
  return { on: [...found.on.values()], hazards: found.hazards };
}

/** Walks from foreign key to foreign key, as Postgres would. */
class Consequence {
  readonly on = new Map<string, Id<"table">>();
  readonly hazards: Hazard[] = [];
  readonly #context: Context;
  readonly #seen = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
  }

  follow(table: QualifiedName, columns: readonly string[] | "deleted", counts: (f: ForeignKey) => boolean): void {
    for (const f of referringTo(table, this.#context)) {
      const deleted = columns === "deleted";
      if (!deleted && !f.attributes.referencedColumns.some((c) => columns.includes(c))) continue;
      const key = `${deleted} ${encode(f.id)}`;
      if (this.#seen.has(key) || !stands(f, this.#context)) continue;
      this.#seen.add(key);
      const own = tableOf(f.id);
      const act = deleted ? f.attributes.onDelete : f.attributes.onUpdate;
      if (act !== "no action" && act !== "restrict") this.on.set(encode(own), own);
      if (counts(f)) this.#tell(f, act, deleted);
    }
  }

  #tell(f: ForeignKey, act: ReferentialAction, deleted: boolean): void {
    const { attributes: a } = f;
    const own = tableOf(f.id);
    const which = deleted ? "that are deleted" : "that get another value there";
    const referring = `Rows that refer to rows of ${qualified(a.references)} ${which}`;
    switch (act) {
      case "cascade":
        if (deleted) this.hazards.push({ code: "data-loss", on: own, detail: `${referring} are deleted with them.` });
        return this.follow(own, deleted ? "deleted" : a.columns, () => true);
      case "set null":
      case "set default": {
        const columns = deleted && a.onDeleteColumns.length ? a.onDeleteColumns : a.columns;
        const instead = act === "set null" ? "null" : "the default";
        for (const on of columnsOf(f.id, columns))
          this.hazards.push({ code: "lossy", on, detail: `${referring} get ${instead} instead.` });
        return this.follow(own, columns, () => true);
      }
      case "no action":
      case "restrict":
        this.hazards.push({ code: "may-fail", on: f.id, detail: `${referring} refuse it.` });
    }
  }
}

/** Foreign keys of other tables to this one, or to one that it is a partition of; parts of others are those. */
function referringTo(table: QualifiedName, context: Context): readonly ForeignKey[] {
  const { referring } = constraintsOf({ id: table }, context.from);
  const above = partitionAt(table, context.from)?.attributes.of;
  return [...referring.filter((f) => !f.attributes.partOf), ...(above ? referringTo(above, context) : [])];
}

/** Whether it is there when rows change: one that is made anew goes before, and says itself that rows may refuse it. */
function stands(f: ForeignKey, context: Context): boolean {
  const is = context.to.get(encode(f.id));
  if (!is || !isKind(is, "foreignKey") || !f.attributes.enforced || isMadeAnew(f, is)) return false;
  const under = f.needs.filter(({ kind }) => kind === "primaryKey" || kind === "unique" || kind === "index");
  if (under.some((n) => !same(context.from.get(encode(n))?.attributes, context.to.get(encode(n))?.attributes)))
    return false;
  const { columns, references, referencedColumns } = f.attributes;
  const ends = [...columnsOf(f.id, columns), ...columnsOfTable(references, referencedColumns)];
  return !ends.some((c) => getsType(c, context)) && !closesRing(is, context);
}

/** Whether the table's rows are declared, and none of them refers to one of these when all is done: those that did changed before. */
function refersToNone({ id, attributes: a }: ForeignKey, rows: readonly Row[], { from, to }: Context): boolean {
  const key = encode(rowsOf(id));
  const has = to.get(key);
  if (!from.has(key) || !has || !isKind(has, "rows")) return false;
  const held = new Set(rows.map((r) => heldIn(r, a.referencedColumns)));
  return Object.values(has.attributes.rows).every(
    (r) => a.columns.every((c) => r[c]) && !held.has(heldIn(r, a.columns) ?? ""),
  );
}
