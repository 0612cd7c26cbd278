/** Names of base types, and of ranges whose values a function makes usual: they are there before what the types are, because functions take and give them. */
import { qualified } from "../sql.ts";
import { action, inSchema } from "./parts/action.ts";
import { wholeOf } from "./parts/baseTypes.ts";
import { address, ofExtension, text } from "./parts/catalog.ts";
import { nameNode, nowhere, ownNode } from "./parts/nodes.ts";
import type { Room } from "./room.ts";

export const shellTypes: Room<"shellType"> = {
  kind: "shellType",
  // What a type is goes together with its name.
  owner: (o, all) => wholeOf(o.id, all),
  needs: (o) => inSchema(o.id.schema),
  occupies: (o) => [`type ${qualified(o.id)}`],
  evaluates: () => false,
  observe: {
    there:
      "pg_type where (typtype in ('b', 'p') and typinput <> 'array_in'::regproc or typtype = 'r') and oid >= 16384",
    sql: (schemas) => `
select n.nspname as schema, t.typname as name, case when t.typisdefined then '[]' else ${address("pg_type", "t.oid")} end as addresses
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
where (t.typtype in ('b', 'p') and t.typinput <> 'array_in'::regproc
    or t.oid in (select r.rngtypid from pg_range r where r.rngcanonical::oid >= 16384)) and (${schemas}) and not ${ofExtension("pg_type", "t.oid")}
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
    wholeOf(o.id, describe.all)
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
