/** Attributes of composite types by name. They come, change and go with the type; here they are what a comment stands on. */
import type { Id } from "../model/objects.ts";
import { ofExtension, text } from "./parts/catalog.ts";
import type { Room } from "./room.ts";

const typeOf = (id: Id<"typeAttribute">): Id<"composite"> => ({ kind: "composite", schema: id.schema, name: id.type });

export const typeAttributes: Room<"typeAttribute"> = {
  kind: "typeAttribute",
  owner: (o) => typeOf(o.id),
  needs: (o) => [typeOf(o.id)],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: "pg_class where relkind = 'c' and oid >= 16384",
    // Dependencies are the type's own, so no address is given.
    sql: (schemas) => `
select n.nspname as schema, c.relname as type, a.attname as name, '[]' as addresses
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind = 'c' and (${schemas}) and not ${ofExtension("pg_type", "c.reltype")}
order by 1, 2, a.attnum`,
    read: (row) => ({
      id: { kind: "typeAttribute", schema: text(row, "schema"), type: text(row, "type"), name: text(row, "name") },
      attributes: {},
      needs: [],
    }),
  },
  create: () => [],
  drop: () => [],
  change: {},
  describe: () => ({ at: "owner" }),
};
