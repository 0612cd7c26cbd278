/** The index that CLUSTER goes by when none is said. */
import { encode } from "../model/id.ts";
import type { Index } from "../model/database.ts";
import type { DbObject, Id } from "../model/objects.ts";
import type { Action } from "../model/plan.ts";
import { name, qualified } from "../sql.ts";
import { action, quietly } from "./parts/action.ts";
import { indexedRelation, text } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import { checkIndex, indexNameAgain } from "./parts/tableColumns.ts";
import { alter, indexedOf, schemaColumn } from "./parts/table.ts";
import type { Context, DeclareMember, Room } from "./room.ts";

type Cluster = DbObject<"cluster">;
const on = (o: Cluster) => ({ schema: o.id.schema, table: o.id.name });
const ownerOf = (o: Cluster, all: Index): Id<"table" | "materializedView"> => indexedOf(on(o), all);

function say(o: Cluster, clause: string, context: Context): Action {
  const owner = ownerOf(o, context.to.has(encode(o.id)) ? context.to : context.from);
  return owner.kind === "table"
    ? alter(owner, clause, context, { lock: "share update exclusive" })
    : action(`alter materialized view ${qualified(owner)} ${clause}`, { lock: "share update exclusive", on: [owner] });
}
const set = (o: Cluster, context: Context): Action => say(o, `cluster on ${name(o.attributes.index)}`, context);

export const clusters: Room<"cluster"> = {
  kind: "cluster",
  owner: ownerOf,
  // Whichever kind the index is of; ids that nothing has are needed by nobody.
  needs: (o) => {
    const at = { ...on(o), name: o.attributes.index };
    return [
      { kind: "table", ...{ schema: o.id.schema, name: o.id.name } },
      { kind: "materializedView", ...{ schema: o.id.schema, name: o.id.name } },
      { kind: "index", ...at },
      { kind: "unique", ...at },
      { kind: "primaryKey", ...at },
      { kind: "exclude", ...at },
    ];
  },
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_index where indisclustered",
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as name, ic.relname::text as index, '[]' as addresses
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_class ic on ic.oid = i.indexrelid
where i.indisclustered and i.indisvalid and ${indexedRelation("c")} and (${schemas})
order by 1, 2`,
    read: (row) => ({
      id: { kind: "cluster", schema: text(row, "schema"), name: text(row, "name") },
      attributes: { index: text(row, "index") },
      needs: [],
    }),
  },
  create: (o, context) => [set(o, context)],
  drop: (o, context) => [say(o, "set without cluster", context)],
  repoint: (o, become) => ({
    ...o,
    attributes: { index: indexNameAgain({ ...on(o), name: o.attributes.index }, become) },
  }),
  change: { index: (_, to, __, context) => quietly(set(to, context)) },
  describe: (o) => ({
    at: "member",
    member: { kind: "cluster", index: nameNode(o.attributes.index), doc: null, span: nowhere },
  }),
};

export const declareCluster: DeclareMember<"cluster"> = (m, table, declare) => {
  checkIndex(m.index, table.table, ["index", "unique", "primaryKey", "exclude"], declare);
  declare.add(
    {
      id: { kind: "cluster", ...table.table },
      attributes: { index: declare.name(m.index) },
      needs: [],
    },
    m.span,
  );
};
