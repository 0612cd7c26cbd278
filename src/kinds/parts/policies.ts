import type { DbObject, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { oncePer } from "../../model/once.ts";
import { qualified } from "../../sql.ts";

type Policy = DbObject<"policy">;

/** The policies of a table; found once for each database. */
export const policiesOn = (t: QualifiedName, all: Index): readonly Policy[] => policies(all).get(qualified(t)) ?? [];
const policies = oncePer((all: Index): ReadonlyMap<string, readonly Policy[]> => {
  const made = new Map<string, Policy[]>();
  for (const o of all.values()) {
    if (!isKind(o, "policy")) continue;
    const table = qualified({ schema: o.id.schema, name: o.id.table });
    const list = made.get(table);
    if (list) list.push(o);
    else made.set(table, [o]);
  }
  return made;
});
