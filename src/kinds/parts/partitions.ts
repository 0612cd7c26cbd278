/** Who is a partition of whom, and who stays one all through a plan. */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { groupedBy, oncePer } from "../../model/once.ts";
import { qualified } from "../../sql.ts";
import type { Context, Followed } from "../room.ts";

type Partition = DbObject<"partition">;
type OfTable = { readonly schema: string; readonly table: string };

export const partitionId = (t: QualifiedName): Id<"partition"> => ({
  kind: "partition",
  schema: t.schema,
  name: t.name,
});
export const tableName = (o: OfTable): QualifiedName => ({ schema: o.schema, name: o.table });

/** What says that a table is a partition; null: it is none. */
export function partitionAt(t: QualifiedName, all: Index): Partition | null {
  const found = all.get(encode(partitionId(t)));
  return found && isKind(found, "partition") ? found : null;
}

/** Whether a table has a partition key. */
export function isPartitioned(t: QualifiedName, all: Index): boolean {
  const found = all.get(encode({ kind: "table", schema: t.schema, name: t.name }));
  return found !== undefined && isKind(found, "table") && found.attributes.partitionBy !== null;
}

/** The partitions, by the table's qualified name; found once for each database. */
export const partitionsByTable = oncePer((all: Index) =>
  groupedBy(
    [...all.values()].filter((o) => isKind(o, "partition")),
    (o) => qualified(o.attributes.of),
  ),
);
export const partitionsOf = (t: QualifiedName, all: Index): readonly Partition[] =>
  partitionsByTable(all).get(qualified(t)) ?? [];

/** Whether it stays attached, with the same bound, all through the plan. */
export function keepsPlace(t: QualifiedName, context: Context): boolean {
  const [was, is] = [partitionAt(t, context.from), partitionAt(t, context.to)];
  return was !== null && is !== null && same(was.attributes, is.attributes) && !torn(context).has(qualified(t));
}

/**
 * Partitions that are detached and attached again, because a part of an index could not outlive that index otherwise, or a key
 * that is a part of an index that is no key could not go, and neither could that index.
 */
const torn = oncePer((context: Context): ReadonlyMap<string, Id<"partition">> => {
  const made = new Map<string, Id<"partition">>();
  // Attaching to these would add what partitions are to lack.
  const lacking = new Set<string>();
  for (const o of context.to.values())
    if ("only" in o.attributes && o.attributes.only && "table" in o.id) lacking.add(qualified(tableName(o.id)));
  for (const o of context.from.values()) {
    if (!("partOf" in o.attributes) || !o.attributes.partOf || isKind(o, "foreignKey") || !("table" in o.id)) continue;
    const t = tableName(o.id);
    const partition = partitionAt(t, context.to);
    if (!partition || !partitionAt(t, context.from)) continue;
    const { partOf } = o.attributes;
    const [is, above] = [context.to.get(encode(o.id)), context.to.get(encode(partOf))];
    const stays = is !== undefined && "partOf" in is.attributes && same(is.attributes.partOf, partOf);
    const mixed = partOf.kind !== o.id.kind;
    const was = context.from.get(encode(partOf));
    const changes =
      !is || !same(is.attributes, o.attributes) || !above || !was || !same(was.attributes, above.attributes);
    if (mixed ? changes : is !== undefined && !stays && !lacking.has(qualified(partition.attributes.of)))
      made.set(qualified(t), partition.id);
  }
  return made;
});
export const tornPartitions = (context: Context): readonly Id<"partition">[] => [...torn(context).values()];
/** Whether the plan detaches it, and it stays. */
export const leaves = (t: QualifiedName, context: Context): boolean =>
  partitionAt(t, context.from) !== null &&
  !keepsPlace(t, context) &&
  context.to.has(encode({ kind: "table", schema: t.schema, name: t.name }));
/** Whether the plan attaches it. */
export const joins = (t: QualifiedName, context: Context): boolean =>
  partitionAt(t, context.to) !== null && !keepsPlace(t, context);

/** The partitions that stay those of a table all through the plan. */
export const keptPartitions = (t: QualifiedName, context: Context): readonly Partition[] =>
  partitionsOf(t, context.to).filter((p) => keepsPlace(p.id, context));

/** What a change of a partitioned table waits for, so that it does not reach those that leave. */
export const detaching = (t: QualifiedName, context: Context): readonly Followed[] =>
  partitionsOf(t, context.from).flatMap((p) => (leaves(p.id, context) ? [{ id: p.id, roles: ["drop"] as const }] : []));
