/** What to make in pg_temp to learn how Postgres spells an object's fragments. */
import type { DbObject, Id, Kind } from "../model/objects.ts";
import { fragment, isKind } from "../model/database.ts";
import { encode } from "../model/id.ts";

/**
 * null: the kind holds no fragments, or they are asked as parts of another. Everything that fragments do not depend on is left
 * out. A twin of another kind has its fragments in attributes of the same names.
 */
export type Twin<K extends Kind> = ((o: DbObject<K>) => DbObject) | null;

const temporary = "pg_temp";
/** A short text that stands for another, so that names stay within 63 bytes. */
function digest(text: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(i), 0x5bd1e995) ^ (a >>> 15);
  }
  return [a, b].map((n) => (n >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The table that an object's fragments speak of, where that is not what owns it. */
export const standsOn = (o: DbObject): Id | null =>
  isKind(o, "publicationTable") ? { kind: "table", schema: o.id.schema, name: o.id.table } : null;

const twins: { readonly [K in Kind]: Twin<K> } = {
  schema: null,
  extension: null,
  enum: null,
  domain: (o) => ({ ...o, id: { ...o.id, schema: temporary }, needs: [] }),
  domainCheck: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: { ...o.attributes, validated: true },
    needs: [],
  }),
  sequence: null,
  sequenceOwner: null,
  table: (o) => ({
    id: { ...o.id, schema: temporary },
    attributes: { persistence: "permanent", options: {}, tablespace: null, using: "heap", inherits: [] },
    needs: [],
  }),
  column: (o) => ({
    id: { ...o.id, schema: temporary },
    attributes: {
      ...o.attributes,
      notNull: null,
      identity: null,
      storage: null,
      compression: null,
      statistics: null,
      options: {},
      local: true,
    },
    needs: [],
  }),
  primaryKey: null,
  unique: null,
  foreignKey: null,
  check: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: { expression: o.attributes.expression, noInherit: false, validated: true, enforced: true },
    needs: [],
  }),
  exclude: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: { ...o.attributes, options: {}, tablespace: null },
    needs: [],
  }),
  index: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: { ...o.attributes, options: {}, tablespace: null },
    needs: [],
  }),
  replicaIdentity: null,
  publication: null,
  // Temporary tables cannot be published; the predicate of an index is read and spelled alike.
  publicationTable: (o) => ({
    id: { kind: "index", schema: temporary, table: o.id.table, name: `filter_${digest(encode(o.id))}` },
    attributes: {
      unique: false,
      nullsNotDistinct: false,
      method: "btree",
      keys: [
        {
          column: null,
          expression: fragment("1"),
          collation: null,
          operatorClass: null,
          order: "asc",
          nulls: "last",
        },
      ],
      include: [],
      where: o.attributes.where,
      options: {},
      tablespace: null,
    },
    needs: [],
  }),
  publicationSchema: null,
  eventTrigger: null,
  foreignDataWrapper: null,
  server: null,
  userMapping: null,
  subscription: null,
  comment: null,
};

/** The object's twin, or null for kinds without one. */
export const twinOf = <K extends Kind>(kind: K, o: DbObject<K>): DbObject | null => {
  const twin: Twin<K> = twins[kind];
  return twin ? twin(o) : null;
};
/** Whether objects of the kind can be asked about. */
export const hasTwin = (kind: Kind): boolean => twins[kind] !== null;

/** A column without its default and expression, for others to be asked against. */
const bare = (o: DbObject<"column">): DbObject<"column"> => ({
  ...o,
  attributes: { ...o.attributes, default: null, generated: null },
});

/**
 * What fragments on a host can mention: the table with its columns, those of its parents included, or the domain itself.
 * `objectsOf` gives a host's objects by its id's text, the host first.
 */
export function ground(host: string, objectsOf: (host: string) => readonly DbObject[]): readonly DbObject[] {
  const objects = objectsOf(host);
  const [first] = objects;
  if (!first || !isKind(first, "table")) return first ? [first] : [];
  const { schema, name } = first.id;
  const out = new Map<string, DbObject>();
  const collect = (key: string): void => {
    for (const o of objectsOf(key)) {
      if (isKind(o, "column") && !out.has(o.id.name))
        out.set(o.id.name, bare({ ...o, id: { ...o.id, schema, table: name } }));
      if (isKind(o, "table")) for (const parent of o.attributes.inherits) collect(encode({ kind: "table", ...parent }));
    }
  };
  collect(host);
  return [first, ...out.values()];
}

/** The object as the ground holds it, to see whether it could be made there. */
export const grounded = (o: DbObject): DbObject => (isKind(o, "column") ? bare(o) : o);
