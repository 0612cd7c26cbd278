import type { DbObject, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { qualified } from "../../sql.ts";

type Policy = DbObject<"policy">;

/** The policies of a table; found once for each database. */
export function policiesOn(t: QualifiedName, all: Index): readonly Policy[] {
  let found = policies.get(all);
  if (!found) {
    const made = new Map<string, Policy[]>();
    for (const o of all.values()) {
      if (!isKind(o, "policy")) continue;
      const table = qualified({ schema: o.id.schema, name: o.id.table });
      const list = made.get(table);
      if (list) list.push(o);
      else made.set(table, [o]);
    }
    policies.set(all, (found = made));
  }
  return found.get(qualified(t)) ?? [];
}
const policies = new WeakMap<Index, ReadonlyMap<string, readonly Policy[]>>();
