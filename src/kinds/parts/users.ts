import type { Id } from "../../model/objects.ts";
import type { Index } from "../../model/database.ts";
import { encode } from "../../model/id.ts";

/** The tables with a column of this type, be it in an array or by way of another domain. */
export function tablesUsing(type: Id, all: Index): readonly Id<"table">[] {
  const types = new Set([encode(type)]);
  const tables = new Map<string, Id<"table">>();
  for (let before = 0; before !== types.size; ) {
    before = types.size;
    for (const o of all.values()) {
      if ((o.id.kind !== "column" && o.id.kind !== "domain") || !o.needs.some((n) => types.has(encode(n)))) continue;
      if (o.id.kind === "domain") types.add(encode(o.id));
      else tables.set(`${o.id.schema}\0${o.id.table}`, { kind: "table", schema: o.id.schema, name: o.id.table });
    }
  }
  return [...tables.values()];
}
