import type { DbObject, Id } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { typeIds } from "./typeIds.ts";
import { typeText } from "./types.ts";

/**
 * The columns of this type, be it in an array or by way of other types. `wrapped`: those in which it stands within an array, a
 * composite type or a range, into which Postgres does not look.
 */
export function columnsUsing(
  type: Id,
  all: Index,
): { readonly columns: readonly DbObject<"column">[]; readonly wrapped: boolean } {
  const types = new Set([encode(type)]);
  const columns = new Set<DbObject<"column">>();
  let wrapped = false;
  const isArray = (text: string): boolean => text.endsWith("]");
  for (let before = 0; before !== types.size;) {
    before = types.size;
    for (const o of all.values()) {
      const isOne = (n: Id): boolean => types.has(encode(n));
      if (!o.needs.some(isOne) && !typesOf(o).some(isOne)) continue;
      if (isKind(o, "domain") || isKind(o, "composite") || isKind(o, "range")) {
        types.add(encode(o.id));
        wrapped ||= !isKind(o, "domain") || isArray(typeText(o.attributes.type));
      } else if (isKind(o, "column")) columns.add(o);
    }
  }
  return { columns: [...columns], wrapped: wrapped || [...columns].some((c) => isArray(typeText(c.attributes.type))) };
}

/** The types that stand in it as they are written: what it needs may not have been looked up yet. */
function typesOf(o: DbObject): readonly Id[] {
  if (isKind(o, "column") || isKind(o, "domain")) return typeIds(typeText(o.attributes.type));
  if (isKind(o, "range")) return typeIds(typeText(o.attributes.subtype));
  return isKind(o, "composite") ? o.attributes.attributes.flatMap((a) => typeIds(typeText(a.type))) : [];
}

export const tablesUsing = (type: Id, all: Index): readonly Id<"table">[] => [
  ...new Map(
    columnsUsing(type, all).columns.map(({ id }) => [
      encode({ kind: "table", schema: id.schema, name: id.table }),
      { kind: "table", schema: id.schema, name: id.table } as const,
    ]),
  ).values(),
];

export const isUsed = (type: Id, all: Index): boolean => columnsUsing(type, all).columns.length > 0;

/** Whether a column holds it within something else, where Postgres does not look for values that a new rule of the domain refuses, and so refuses the rule. */
export function isInArrays(type: Id, all: Index): boolean {
  const { columns, wrapped } = columnsUsing(type, all);
  return wrapped && columns.length > 0;
}
