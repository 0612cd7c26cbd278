/** Schemas of which a publication has all tables (PostgreSQL 15). */
import { isKind } from "../model/database.ts";
import { name } from "../sql.ts";
import { inSchema } from "./parts/action.ts";
import { address, text, made } from "./parts/catalog.ts";
import { managedPublication, member } from "./parts/publications.ts";
import type { Room } from "./room.ts";

export const publicationSchemas: Room<"publicationSchema"> = {
  kind: "publicationSchema",
  owner: (o) => ({ kind: "publication", name: o.id.publication }),
  needs: (o) => [{ kind: "publication", name: o.id.publication }, ...inSchema(o.id.schema)],
  // Whole schemas and chosen columns cannot be in one publication at once.
  follows: (o, role, context) =>
    role === "create"
      ? [...context.from.values()].flatMap((t) =>
          isKind(t, "publicationTable") && t.id.publication === o.id.publication
            ? [{ id: t.id, roles: ["drop"] as const }]
            : [],
        )
      : [],
  occupies: () => [],
  evaluates: () => false,
  observe: {
    there: made("pg_publication"),
    sql: (schemas, version) =>
      version < 150000
        ? "select null as publication, null as schema, null as addresses where false"
        : `
select p.pubname as publication, n.nspname as schema, ${address("pg_publication_namespace", "r.oid")} as addresses
from pg_publication_namespace r
join pg_publication p on p.oid = r.pnpubid
join pg_namespace n on n.oid = r.pnnspid
where ${managedPublication("p.oid", schemas)}
order by 1, 2`,
    read: (row) => ({
      id: { kind: "publicationSchema", publication: text(row, "publication"), schema: text(row, "schema") },
      attributes: {},
      needs: [],
    }),
  },
  create: (o, context) => [member(o.id.publication, "add", `tables in schema ${name(o.id.schema)}`, context, {})],
  drop: (o, context) => [member(o.id.publication, "drop", `tables in schema ${name(o.id.schema)}`, context, {})],
  change: {},
  describe: () => ({ at: "owner" }),
};
