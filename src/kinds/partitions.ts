/** That a table is a partition of another. Making one attaches the table, dropping it detaches the table with its rows. */
import type { DbObject, Id, QualifiedName } from "../model/objects.ts";
import type { Hazard } from "../model/plan.ts";
import { type Index, isKind, observed } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { oncePer } from "../model/once.ts";
import { qualified } from "../sql.ts";
import { modelledTable, text } from "./parts/catalog.ts";
import { partsIn, reach } from "./parts/inheritance.ts";
import { boundSql } from "./parts/partitionBound.ts";
import { dropsBeforeDetaching } from "./parts/partChanges.ts";
import { isLinkedLate, lacks } from "./parts/partLinks.ts";
import { isPartOf, type Part, partsOf } from "./parts/partOf.ts";
import { defaultOf, detach } from "./parts/detach.ts";
import { keptPartitions, partitionsByTable, tableName, tornPartitions } from "./parts/partitions.ts";
import { alone, alter, isNew, schemaColumn } from "./parts/table.ts";
import type { Context, Followed, Room } from "./room.ts";

type Partition = DbObject<"partition">;
const tableId = (o: Partition): Id<"table"> => ({ kind: "table", schema: o.id.schema, name: o.id.name });
const parentId = (o: Partition): Id<"table"> => ({ kind: "table", ...o.attributes.of });

/** Both tables are as wanted before one becomes the other's partition, and no other partition stands in its way. */
function attachFollows(o: Partition, context: Context): readonly Followed[] {
  const { from, to } = context;
  const out: Followed[] = [];
  const parent = parentId(o);
  const tables = [tableId(o), parent];
  for (const t of tables) {
    for (const all of [from, to])
      for (const part of partsIn(all).get(qualified(t)) ?? [])
        out.push({ id: part.id, roles: ["create", "alter", "after", "drop"] });
    for (const x of partsOf(t, from))
      if (!isKind(x, "foreignKey"))
        out.push({ id: x.id, roles: isLinkedLate(x, context) ? ["drop"] : ["alter", "drop"] });
    for (const x of partsOf(t, to)) {
      if (isKind(x, "foreignKey")) continue;
      if (t === parent ? !lacks(o.id, x, context) : x.attributes.partOf && !isLinkedLate(x, context))
        out.push({ id: x.id, roles: ["create"] });
    }
  }
  // Postgres makes anew what it does not find in the partitions that the table has already.
  for (const x of partsOf(o.id, to))
    if (!isKind(x, "foreignKey") && x.attributes.partOf)
      for (const id of partsBelow(x.id, context)) out.push({ id, roles: ["create"] });
  out.push(...leavingFrom(o.attributes.of, from));
  return out;
}

/** Whatever else was attached to a table leaves it: said once for each database, for all that is attached to it anew waits for that. */
const leavingFrom = (t: QualifiedName, from: Index): readonly Followed[] => leaving(from).get(qualified(t)) ?? [];
const leaving = oncePer(
  (from: Index): ReadonlyMap<string, readonly Followed[]> =>
    new Map(
      [...partitionsByTable(from)].map(([t, all]) => [t, all.map((p) => ({ id: p.id, roles: ["drop"] as const }))]),
    ),
);

const partsBelow = (above: Part["id"], context: Context): readonly Part["id"][] =>
  keptPartitions(tableName(above), context).flatMap((p) =>
    partsOf(p.id, context.to).flatMap((x) => (isPartOf(x, above) ? [x.id, ...partsBelow(x.id, context)] : [])),
  );

/** The default partition that stays beside it, with those below: Postgres looks through its rows for those of the new one. */
const defaultBeside = (o: Partition, context: Context): readonly Id<"table">[] =>
  defaultOf(o.attributes.of, context).flatMap((t) => reach(t, context.from));

export const partitions: Room<"partition"> = {
  kind: "partition",
  owner: tableId,
  needs: (o) => [tableId(o), parentId(o)],
  follows: (o, role, context) =>
    role === "create" ? attachFollows(o, context) : role === "drop" ? dropsBeforeDetaching(o.id, context) : [],
  remade: tornPartitions,
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_class where relispartition",
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as name, ${schemaColumn("pn")} as parent_schema, p.relname::text as parent,
  pg_get_expr(c.relpartbound, c.oid) as bound, '[]' as addresses
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_inherits h on h.inhrelid = c.oid
join pg_class p on p.oid = h.inhparent
join pg_namespace pn on pn.oid = p.relnamespace
where c.relispartition and ${modelledTable("c")} and (${schemas})
order by 1, 2`,
    read: (row) => ({
      id: { kind: "partition", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {
        of: { schema: text(row, "parent_schema"), name: text(row, "parent") },
        bound: observed(text(row, "bound")),
      },
      needs: [],
    }),
  },
  create: (o, context) => {
    const [table, parent] = [tableId(o), parentId(o)];
    const fresh = isNew(table, context);
    const { bound } = o.attributes;
    const others = defaultBeside(o, context);
    const hazards: Hazard[] = [];
    if (!fresh)
      hazards.push({ code: "may-fail", on: o.id, detail: "Rows outside of its bound, or with equal keys, refuse it." });
    if (others[0])
      hazards.push({
        code: "may-fail",
        on: others[0],
        detail: `Rows of it within the bound of ${qualified(table)} refuse that.`,
      });
    return [
      {
        ...alone(
          alter(parent, `attach partition ${qualified(table)} ${boundSql(bound.sql)}`, context, {
            cost: hazards.length ? "scan" : "instant",
            path: bound.path,
            hazards,
          }),
        ),
        lock: hazards.length ? "access exclusive" : isNew(parent, context) ? "none" : "share update exclusive",
        on: [parent, table, ...others].filter((t) => !isNew(t, context)),
      },
    ];
  },
  // A table that is dropped goes as it is, see there.
  drop: (o, context) => (context.to.has(encode(tableId(o))) ? [detach(o, context)] : []),
  change: { of: () => "replace", bound: () => "replace" },
  describe: () => ({ at: "owner" }),
};
