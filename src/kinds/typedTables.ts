/** Tables that are bound to a composite type, which their columns follow. */
import type { DbObject } from "../model/objects.ts";
import type { Action } from "../model/plan.ts";
import { qualified } from "../sql.ts";
import { quietly } from "./parts/action.ts";
import { json, modelledTable, text } from "./parts/catalog.ts";
import { alone, alter, schemaColumn } from "./parts/table.ts";
import { asTyped, partedTables } from "./parts/typedTables.ts";
import type { Context, Room } from "./room.ts";

type TypedTable = DbObject<"typedTable">;
const tableId = (o: TypedTable) => ({ kind: "table", schema: o.id.schema, name: o.id.name }) as const;
// Postgres looks whether a table is typed before it does anything of a statement.
const bind = (o: TypedTable, context: Context): Action =>
  alone(alter(tableId(o), `of ${qualified(o.attributes.type)}`, context));

export const typedTables: Room<"typedTable"> = {
  kind: "typedTable",
  owner: tableId,
  needs: (o) => [tableId(o), { kind: "composite", ...o.attributes.type }],
  occupies: () => [],
  evaluates: () => true,
  remade: partedTables,
  arrange: asTyped,
  observe: {
    there: "pg_class where reloftype <> 0",
    sql: (schemas) => `
select ${schemaColumn()} as schema, c.relname::text as name, tn.nspname::text as type_schema, t.typname::text as type,
  coalesce((select json_agg(a.attname order by a.attnum) from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]')::text as columns, '[]' as addresses
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = c.reloftype
join pg_namespace tn on tn.oid = t.typnamespace
where ${modelledTable("c")} and (${schemas})
order by 1, 2`,
    read: (row) => {
      const id = { kind: "typedTable", schema: text(row, "schema"), name: text(row, "name") } as const;
      return {
        id,
        attributes: { type: { schema: text(row, "type_schema"), name: text(row, "type") } },
        needs: json<readonly string[]>(row, "columns").map((column) => ({
          kind: "column",
          schema: id.schema,
          table: id.name,
          name: column,
        })),
      };
    },
  },
  create: (o, context) => [bind(o, context)],
  drop: (o, context) => [alone(alter(tableId(o), "not of", context))],
  change: { type: (_, to, __, context) => quietly(bind(to, context)) },
  // Said in the head of its table.
  describe: () => ({ at: "owner" }),
};
