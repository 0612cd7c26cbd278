/** Taking a partition away from its table. */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { isDefault } from "./partitionBound.ts";
import { keptPartitions, partitionAt } from "./partitions.ts";
import { alone, alter } from "./table.ts";

export function detach(o: DbObject<"partition">, context: Context): Action {
  const parent: Id<"table"> = { kind: "table", ...o.attributes.of };
  const table: Id<"table"> = { kind: "table", schema: o.id.schema, name: o.id.name };
  return {
    ...alone(alter(parent, `detach partition ${qualified(table)}`, context)),
    lock: "access exclusive",
    on: [parent, table, ...defaultOf(parent, context)],
  };
}

/** The default partition that a table has all through the plan. */
export const defaultOf = (t: QualifiedName, context: Context): readonly Id<"table">[] =>
  keptPartitions(t, context).flatMap((p): Id<"table">[] =>
    isDefault(p.attributes.bound) ? [{ kind: "table", schema: p.id.schema, name: p.id.name }] : [],
  );

/** What is locked when a partition is dropped: its table, and the default partition, which takes more rows from then on. */
export function lockedWith(t: Id<"table">, context: Context): readonly Id<"table">[] {
  const of = partitionAt(t, context.from)?.attributes.of;
  if (!of || isReferenced(of, context.from)) return [];
  const parent: Id<"table"> = { kind: "table", ...of };
  return context.to.has(encode(parent)) ? [parent, ...defaultOf(of, context)] : [];
}

/** A table cannot be dropped as long as a foreign key references one that it is a partition of: it is detached before. */
export function detachedFirst(t: Id<"table">, context: Context): readonly Action[] {
  const partition = partitionAt(t, context.from);
  return partition && isReferenced(partition.attributes.of, context.from) ? [detach(partition, context)] : [];
}

function isReferenced(t: QualifiedName, all: Index): boolean {
  for (const o of all.values())
    if (isKind(o, "foreignKey") && qualified(o.attributes.references) === qualified(t)) return true;
  const above = partitionAt(t, all);
  return above !== null && isReferenced(above.attributes.of, all);
}
