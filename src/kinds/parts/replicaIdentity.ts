/** Columns and the index by which rows are told apart for replication: Postgres lets none of its columns hold nulls. */
import type { PublishedChange, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { Context, Followed, Role } from "../room.ts";
import type { Column } from "./columnText.ts";
import { columnAt, columnIdsIn } from "./inheritance.ts";
import { tableName } from "./partitions.ts";

/** Whether the column may hold nulls from now on. */
const endsNotNull = (id: Column["id"], { from, to }: Context): boolean =>
  columnAt(id, to)?.attributes.notNull === null && columnAt(id, from)?.attributes.notNull != null;

/** Whether a column of the table may hold nulls from now on. */
export const anyEndsNotNull = (t: QualifiedName, context: Context): boolean =>
  columnIdsIn(t, context.to).some((id) => endsNotNull(id, context));

/** A column that may hold nulls from now on waits until the index is let go of. */
export function identityFollows({ id }: Column, role: Role, context: Context): readonly Followed[] {
  if (role !== "alter" || !endsNotNull(id, context)) return [];
  const identity = { kind: "replicaIdentity", ...tableName(id) } as const;
  return hasIndex(identity, context.from) ? [{ id: identity, roles: ["alter", "drop"] }] : [];
}
function hasIndex(identity: Followed["id"], all: Index): boolean {
  const found = all.get(encode(identity));
  return found !== undefined && isKind(found, "replicaIdentity") && found.attributes.mode === "index";
}

/** A publication of such changes in the table, whose rows nothing tells apart there: Postgres refuses them; null: there is none. */
export function publishedUntold(t: QualifiedName, change: PublishedChange, all: Index): string | null {
  const { schema, name } = t;
  const table = all.get(encode({ kind: "table", schema, name }));
  if (!table || !isKind(table, "table") || table.attributes.persistence !== "permanent" || isTold(t, all)) return null;
  for (const o of all.values()) {
    if (!isKind(o, "publication") || !o.attributes.publish.includes(change)) continue;
    const publication = o.id.name;
    if (
      o.attributes.allTables ||
      all.has(encode({ kind: "publicationTable", publication, schema, table: name })) ||
      all.has(encode({ kind: "publicationSchema", publication, schema }))
    )
      return publication;
  }
  return null;
}
/** Without a word it is the primary key that tells rows apart, unless it may be looked at late. */
function isTold(t: QualifiedName, all: Index): boolean {
  const identity = all.get(encode({ kind: "replicaIdentity", schema: t.schema, name: t.name }));
  if (identity && isKind(identity, "replicaIdentity")) return identity.attributes.mode !== "nothing";
  for (const o of all.values())
    if (isKind(o, "primaryKey") && o.id.schema === t.schema && o.id.table === t.name)
      return o.attributes.deferrable === "not deferrable";
  return false;
}
