/** Names of base types: they are there before what the types are, because functions take and give them. */
import { qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { baseId } from "./parts/baseTypes.ts";
import { address, ofExtension, text } from "./parts/catalog.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import type { Room } from "./room.ts";
import { encode } from "../model/id.ts";

export const shellTypes: Room<"shellType"> = {
  kind: "shellType",
  // What a base type is goes together with its name.
  owner: (o, all) => (all.has(encode(baseId(o.id))) ? baseId(o.id) : null),
  needs: (o) => inSchema(o.id.schema),
  occupies: (o) => [`type ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there: "pg_type where typtype in ('b', 'p') and typinput <> 'array_in'::regproc and oid >= 16384",
    sql: (schemas) => `
select n.nspname as schema, t.typname as name, case when t.typisdefined then '[]' else ${address("pg_type", "t.oid")} end as addresses
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where t.typtype in ('b', 'p') and t.typinput <> 'array_in'::regproc and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "shellType", schema: text(row, "schema"), name: text(row, "name") },
      attributes: {},
      needs: [],
    }),
  },
  create: (o) => [action(`create type ${qualified(o.id)}`)],
  drop: (o) => [action(`drop type ${qualified(o.id)}`)],
  change: {},
  describe: (o, describe) =>
    describe.all.has(encode(baseId(o.id)))
      ? { at: "owner" }
      : {
          at: "file",
          declaration: {
            kind: "typeDefinition",
            form: "base",
            name: ownNode(o.id.name),
            was: null,
            properties: null,
            doc: describe.comment(o.id),
            schema: nameNode(o.id.schema),
            span: nowhere,
          },
        },
};
