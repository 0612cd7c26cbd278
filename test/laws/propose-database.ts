/** What belongs to no schema: publications with their members. */
import { encode } from "../../src/model/id.ts";
import { isKind } from "../../src/model/database.ts";
import type { DbObject, Id } from "../../src/model/objects.ts";
import { condition, typed } from "./expressions.ts";
import { freshName } from "./names.ts";
import { columnNeeds } from "./propose-keys.ts";
import {
  proposeForeignDataWrapper,
  proposeServer,
  proposeSubscription,
  proposeUserMapping,
} from "./propose-foreign.ts";
import { tableId } from "./propose-tables.ts";
import { schemaNeed, someSchema } from "./propose-types.ts";
import type { TypeInfo } from "./types.ts";
import type { Rng } from "./rng.ts";
import { allColumns, has, of, tableById, type World } from "./world.ts";

type Published = DbObject<"publicationTable">;

/** A few of each. */
export function proposeDatabase(r: Rng, w: World, add: (o: DbObject | null) => void): void {
  for (let n = r.int(3); n > 0; n--) add(proposePublication(r, w));
  for (let n = r.int(4); n > 0; n--) add(proposePublicationTable(r, w));
  if (r.chance(0.3)) add(proposePublicationSchema(r, w));
  if (r.chance(0.5)) add(proposeForeignDataWrapper(r, w));
  for (let n = r.int(3); n > 0; n--) add(proposeServer(r, w));
  for (let n = r.int(3); n > 0; n--) add(proposeUserMapping(r, w));
  if (r.chance(0.3)) add(proposeSubscription(r, w));
}

export function proposePublication(r: Rng, w: World, id?: Id<"publication">): DbObject<"publication"> {
  const taken = new Set(of(w, "publication").map((p) => p.id.name));
  return {
    id: id ?? { kind: "publication", name: freshName(r, taken) },
    attributes: {
      allTables: r.chance(0.2),
      publish: r.chance(0.5)
        ? ["insert", "update", "delete", "truncate"]
        : (["insert", "update", "delete", "truncate"] as const).filter(() => r.chance(0.5)),
      viaPartitionRoot: r.chance(0.3),
      generatedColumns: w.major >= 18 && r.chance(0.3) ? "stored" : "none",
    },
    needs: [],
  };
}

/** Those that take members. */
const open = (w: World): readonly DbObject<"publication">[] =>
  of(w, "publication").filter((p) => !p.attributes.allTables);

/** Types whose comparison is Postgres's own: nothing else may stand in a filter. */
const builtIn = (t: { readonly needs: readonly Id[]; readonly class: string }): boolean =>
  t.needs.length === 0 && ["int", "text", "bool", "uuid"].includes(t.class);

/** Its collation is Postgres's own: a filter takes no other. */
const isPlain = (c: DbObject<"column">): boolean => (c.attributes.collation?.schema ?? "pg_catalog") === "pg_catalog";

export function proposePublicationTable(r: Rng, w: World, id?: Id<"publicationTable">): Published | null {
  const [publications, tables] = [open(w), of(w, "table")];
  if (!id && (publications.length === 0 || tables.length === 0)) return null;
  const t = id ? { schema: id.schema, name: id.table } : r.pick(tables).id;
  const columns = allColumns(w, t).filter((c) => c.attributes.generated === null);
  const chosen =
    w.major >= 15 && r.chance(0.4)
      ? r
          .some(
            columns.map((c) => c.id.name),
            1,
            3,
          )
          .sort()
      : [];
  const said =
    w.major >= 15 && r.chance(0.4)
      ? condition(
          r,
          t,
          typed(w, columns.filter(isPlain)).filter((c) => builtIn(c.type)),
        )
      : null;
  // By way of text is no way of a filter's.
  const filter = said?.fragment.sql.includes("::text") === true ? null : said;
  return {
    id: id ?? { kind: "publicationTable", publication: r.pick(publications).id.name, schema: t.schema, table: t.name },
    attributes: { columns: chosen.length > 0 ? chosen : null, where: filter?.fragment ?? null },
    needs: [tableId(t), ...columnNeeds(t, [...chosen, ...(filter?.columns ?? [])]), ...(filter?.needs ?? [])],
  };
}

export function proposePublicationSchema(r: Rng, w: World): DbObject<"publicationSchema"> | null {
  const publications = open(w);
  if (publications.length === 0 || w.major < 15) return null;
  const schema = someSchema(r, w);
  const id = { kind: "publicationSchema", publication: r.pick(publications).id.name, schema } as const;
  return has(w, id) ? null : { id, attributes: {}, needs: schemaNeed(schema) };
}

/** A member as it may be in this world; null when it cannot be. */
export function mendMember(w: World, o: Published | DbObject<"publicationSchema">): DbObject | null {
  const publication = w.objects.get(encode({ kind: "publication", name: o.id.publication }));
  if (!publication || !isKind(publication, "publication") || publication.attributes.allTables) return null;
  if (!isKind(o, "publicationTable")) return o;
  const t = { schema: o.id.schema, name: o.id.table };
  const table = tableById(w, t);
  if (table?.attributes.persistence !== "permanent") return null;
  const whole = of(w, "publicationSchema").some((s) => s.id.publication === o.id.publication);
  if (whole && o.attributes.columns) return { ...o, attributes: { ...o.attributes, columns: null } };
  // A filter looks at nothing generated, and at built-in types only; of those, a list's values meet varchar by way of text.
  const list = o.attributes.where?.sql.includes(" in (") === true;
  const filtered = (type: TypeInfo): boolean => builtIn(type) && !(list && type.text.startsWith("character"));
  const known = typed(
    w,
    allColumns(w, t).filter((c) => c.attributes.generated === null && (!o.attributes.where || isPlain(c))),
  );
  const fits = o.needs.every(
    (n) => n.kind !== "column" || known.some((c) => c.name === n.name && (!o.attributes.where || filtered(c.type))),
  );
  return fits ? o : { ...o, attributes: { columns: null, where: null }, needs: [tableId(t)] };
}
