/** Tables of publications, with the columns and rows that are published of them. Another choice takes the table out and puts it in again. */
import type { DbObject, QualifiedName } from "../model/objects.ts";
import { isKind } from "../model/database.ts";
import { names, qualified } from "../sql.ts";
import { address, json, text, made } from "./parts/catalog.ts";
import { pathOf } from "./parts/fragments.ts";
import { managedPublication, member, tableNeeds } from "./parts/publications.ts";
import { tableOf } from "./parts/table.ts";
import { bracketed, deparsed } from "./parts/text.ts";
import type { Context, Room } from "./room.ts";

type PublicationTable = DbObject<"publicationTable">;

/** Only the table itself: Postgres would take those that inherit from it along, which are members of their own. */
function only(o: PublicationTable, { from, to }: Context): string {
  const table: QualifiedName = { schema: o.id.schema, name: o.id.table };
  const isParent = [from, to].some((all) =>
    [...all.values()].some(
      (t) =>
        isKind(t, "table") && t.attributes.inherits.some((p) => p.schema === table.schema && p.name === table.name),
    ),
  );
  return `table ${isParent ? "only " : ""}${qualified(table)}`;
}

export const publicationTables: Room<"publicationTable"> = {
  kind: "publicationTable",
  owner: (o) => ({ kind: "publication", name: o.id.publication }),
  needs: (o) => [{ kind: "publication", name: o.id.publication }, ...tableNeeds(o)],
  // Whole schemas and chosen columns cannot be in one publication at once.
  follows: (o, role, context) =>
    role === "create" && o.attributes.columns
      ? [...context.from.values()].flatMap((s) =>
          isKind(s, "publicationSchema") && s.id.publication === o.id.publication
            ? [{ id: s.id, roles: ["drop"] as const }]
            : [],
        )
      : [],
  occupies: () => [],
  // Postgres lets no column that is chosen, or that a filter looks at, change its type.
  evaluates: (o) => o.attributes.columns !== null || o.attributes.where !== null,
  observe: {
    there: made("pg_publication_rel"),
    sql: (schemas, version) => `
select p.pubname as publication, n.nspname as schema, c.relname as table,
  ${
    version >= 150000
      ? `(select json_agg(a.attname order by a.attname collate "C")::text from pg_attribute a
    where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) as columns, pg_get_expr(r.prqual, r.prrelid) as filter`
      : "null as columns, null as filter"
  },
  ${address("pg_publication_rel", "r.oid")} as addresses
from pg_publication_rel r
join pg_publication p on p.oid = r.prpubid
join pg_class c on c.oid = r.prrelid
join pg_namespace n on n.oid = c.relnamespace
where ${managedPublication("p.oid", schemas)}
order by 1, 2, 3`,
    read: (row) => {
      const filter = row["filter"] ?? null;
      return {
        id: {
          kind: "publicationTable",
          publication: text(row, "publication"),
          schema: text(row, "schema"),
          table: text(row, "table"),
        },
        attributes: {
          columns: row["columns"] == null ? null : [...json<string[]>(row, "columns")].sort(),
          where: filter === null ? null : deparsed(filter),
        },
        needs: [],
      };
    },
  },
  create: (o, context) => {
    const { columns, where } = o.attributes;
    const clause =
      only(o, context) + (columns ? ` (${names(columns)})` : "") + (where ? ` where ${bracketed(where.sql)}` : "");
    return [
      member(o.id.publication, "add", clause, context, {
        lock: "share update exclusive",
        on: [tableOf(o.id)],
        path: pathOf(where),
      }),
    ];
  },
  drop: (o, context) => [
    member(o.id.publication, "drop", only(o, context), context, {
      lock: "share update exclusive",
      on: [tableOf(o.id)],
    }),
  ],
  change: { columns: () => "replace", where: () => "replace" },
  describe: () => ({ at: "owner" }),
};
