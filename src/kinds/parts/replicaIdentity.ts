/** Columns and the index by which rows are told apart for replication: Postgres lets none of its columns hold nulls. */
import type { QualifiedName } from "../../model/objects.ts";
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
