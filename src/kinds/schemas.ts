/** Schemas. `public` is there without saying; only its comment is an object. */
import { name } from "../sql.ts";
import { action } from "./parts/action.ts";
import { address, ofExtension, text } from "./parts/catalog.ts";
import { nameNode, nowhere } from "./parts/nodes.ts";
import type { DeclareFile, Room } from "./room.ts";

export const schemas: Room<"schema"> = {
  kind: "schema",
  owner: () => null,
  needs: () => [],
  occupies: (o) => [`schema ${o.id.name}`],
  evaluates: () => false,
  observe: {
    sql: (schemas) => `
select n.nspname as name, ${address("pg_namespace", "n.oid")} as addresses
from pg_namespace n
where (${schemas}) and n.nspname <> 'public' and n.oid <> pg_my_temp_schema() and not ${ofExtension("pg_namespace", "n.oid")}
order by n.nspname`,
    read: (row) => ({ id: { kind: "schema", name: text(row, "name") }, attributes: {}, needs: [] }),
  },
  create: (o) => [action(`create schema ${name(o.id.name)}`)],
  drop: (o) => [action(`drop schema ${name(o.id.name)}`, { lock: "access exclusive" })],
  change: {},
  describe: (o, describe) => ({
    at: "file",
    declaration: {
      kind: "schema",
      name: nameNode(o.id.name),
      doc: describe.comment(o.id),
      schema: null,
      span: nowhere,
    },
  }),
};

export const declareSchema: DeclareFile<"schema"> = (d, declare) => {
  const id = { kind: "schema", name: declare.name(d.name) } as const;
  if (id.name !== "public") declare.add({ id, attributes: {}, needs: [] }, d.name.span);
  declare.comment(id, d.doc, d.span);
};
