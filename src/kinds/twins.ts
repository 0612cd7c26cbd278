/** What to make in pg_temp to learn how Postgres spells an object's fragments. */
import type { DbObject, Kind } from "../model/objects.ts";
import { isKind } from "../model/database.ts";
import { encode } from "../model/id.ts";

/** null: the kind holds no fragments, or they are asked as parts of another. Everything that fragments do not depend on is left out. */
export type Twin<K extends Kind> = ((o: DbObject<K>) => DbObject<K>) | null;

const temporary = "pg_temp";

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
  composite: null,
  typeAttribute: null,
  range: null,
  collation: (o) => ({ ...o, id: { ...o.id, schema: temporary }, needs: [] }),
  statistics: (o) => ({
    id: { ...o.id, schema: temporary },
    attributes: { ...o.attributes, table: { schema: temporary, name: o.attributes.table.name }, target: null },
    needs: [],
  }),
  textSearchParser: null,
  textSearchTemplate: null,
  textSearchDictionary: null,
  textSearchConfiguration: null,
  cast: null,
  operator: null,
  operatorFamily: null,
  operatorClass: null,
  conversion: null,
  language: null,
  accessMethod: null,
  transform: null,
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
  comment: null,
};

/** The object's twin, or null for kinds without one. */
export const twinOf = <K extends Kind>(kind: K, o: DbObject<K>): DbObject<K> | null => {
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
