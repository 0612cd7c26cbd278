import type { DbObject, Id } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";

/** The columns of this type, be it in an array or by way of another domain. */
function columnsUsing(type: Id, all: Index): readonly DbObject<"column">[] {
  const types = new Set([encode(type)]);
  const columns = new Set<DbObject<"column">>();
  for (let before = 0; before !== types.size;) {
    before = types.size;
    for (const o of all.values()) {
      if (!o.needs.some((n) => types.has(encode(n)))) continue;
      if (isKind(o, "domain")) types.add(encode(o.id));
      else if (isKind(o, "column")) columns.add(o);
    }
  }
  return [...columns];
}

export const tablesUsing = (type: Id, all: Index): readonly Id<"table">[] => [
  ...new Map(
    columnsUsing(type, all).map(({ id }) => [
      encode({ kind: "table", schema: id.schema, name: id.table }),
      { kind: "table", schema: id.schema, name: id.table } as const,
    ]),
  ).values(),
];

/** Whether a column holds it in an array, where Postgres does not look for values that a new rule of the domain refuses, and so refuses the rule. */
export const isInArrays = (type: Id, all: Index): boolean =>
  columnsUsing(type, all).some((c) => (c.attributes.type.canonical ?? c.attributes.type.sql).endsWith("]"));
