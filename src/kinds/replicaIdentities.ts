/** Which columns of a changed row are logged for replication. Absent: those of the primary key. */
import type { DbObject, Id } from "../model/objects.ts";
import { name } from "../sql.ts";
import { quietly } from "./parts/action.ts";
import { modelledTable, text } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import { anyEndsNotNull } from "./parts/replicaIdentity.ts";
import { checkIndex, indexNameAgain } from "./parts/tableColumns.ts";
import { alone, alter, schemaColumn } from "./parts/table.ts";
import type { Change, Context, DeclareMember, Room } from "./room.ts";
import type { Action } from "../model/plan.ts";

type ReplicaIdentity = DbObject<"replicaIdentity">;
const tableId = (o: ReplicaIdentity) => ({ kind: "table", schema: o.id.schema, name: o.id.name }) as const;

const set = (o: ReplicaIdentity, context: Context): Action => {
  const { mode, index } = o.attributes;
  const words = mode === "index" ? `using index ${name(index ?? "")}` : mode;
  return alter(tableId(o), `replica identity ${words}`, context);
};
/** In one statement Postgres drops a not null before it lets go of the index that needs it. */
const lettingGo = (from: ReplicaIdentity, a: Action): Action => (from.attributes.mode === "index" ? alone(a) : a);
/** A column that is to hold nulls waits until the old index is let go of, and the next one may be made after that column's change. */
const change: Change<"replicaIdentity"> = (from, to, __, context) =>
  from.attributes.mode === "index" && to.attributes.mode === "index" && anyEndsNotNull(to.id, context)
    ? "replace"
    : quietly(lettingGo(from, set(to, context)));

/** Whichever kind the index is of; ids that nothing has are needed by nobody. */
function indexes(o: ReplicaIdentity): readonly Id<"index" | "unique" | "primaryKey">[] {
  const { index } = o.attributes;
  const at = { schema: o.id.schema, table: o.id.name };
  return index === null
    ? []
    : (["index", "unique", "primaryKey"] as const).map((kind) => ({ kind, ...at, name: index }));
}

export const replicaIdentities: Room<"replicaIdentity"> = {
  kind: "replicaIdentity",
  owner: tableId,
  needs: (o) => [tableId(o), ...indexes(o)],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_class where relkind in ('r', 'p') and relreplident <> 'd' and oid >= 16384",
    // An index that was dropped leaves the mode behind, which then means nothing.
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as name, c.relreplident::text as mode, ic.relname::text as index,
  '[]' as addresses
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_index i on i.indrelid = c.oid and i.indisreplident and c.relreplident = 'i'
left join pg_class ic on ic.oid = i.indexrelid
where (c.relreplident in ('f', 'n') or c.relreplident = 'i' and ic.oid is not null) and c.relkind <> 'f' and ${modelledTable("c")} and (${schemas})
order by 1, 2`,
    read: (row) => ({
      id: { kind: "replicaIdentity", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        mode: row["mode"] === "f" ? "full" : row["mode"] === "n" ? "nothing" : "index",
        index: row["index"] ?? null,
      },
      needs: [],
    }),
  },
  create: (o, context) => [set(o, context)],
  drop: (o, context) => [lettingGo(o, alter(tableId(o), "replica identity default", context))],
  repoint: (o, become) => {
    const { index } = o.attributes;
    if (index === null) return o;
    const at = { schema: o.id.schema, table: o.id.name, name: index };
    return { ...o, attributes: { ...o.attributes, index: indexNameAgain(at, become) } };
  },
  change: { mode: change, index: change },
  describe: (o) => ({
    at: "member",
    member: {
      kind: "replicaIdentity",
      mode: o.attributes.mode,
      index: o.attributes.index === null ? null : nameNode(o.attributes.index),
      doc: null,
      span: nowhere,
    },
  }),
};

export const declareReplicaIdentity: DeclareMember<"replicaIdentity"> = (m, table, declare) => {
  if (m.mode === "default") return;
  if (m.index) checkIndex(m.index, table.table, ["index", "unique", "primaryKey"], declare);
  declare.add(
    {
      id: { kind: "replicaIdentity", ...table.table },
      attributes: { mode: m.mode, index: m.index ? declare.name(m.index) : null },
      needs: [],
    },
    m.span,
  );
};
