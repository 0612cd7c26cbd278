/** What to make in pg_temp to learn how Postgres spells an object's fragments. */
import type { DbObject, Kind, QualifiedName } from "../model/objects.ts";
import { isKind } from "../model/database.ts";
import { encode } from "../model/id.ts";

/** null: the kind holds no fragments, or they are asked as parts of another. Everything that fragments do not depend on is left out. */
export type Twin<K extends Kind> = ((o: DbObject<K>) => DbObject<K>) | null;

const temporary = "pg_temp";

/** Tables of different schemas may meet around a partition's bound, beside those that other fragments are tried on. */
const apart = (t: QualifiedName): string => `schemac_${digest(JSON.stringify([t.schema, t.name]))}`;
/** Enough of a text to tell a few thousand names apart. */
function digest(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b + text.charCodeAt(i), 0x5bd1e995) ^ (b >>> 15);
  }
  return [a, b].map((n) => (n >>> 0).toString(36)).join("_");
}

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
    attributes: {
      persistence: "permanent",
      options: {},
      tablespace: null,
      using: "heap",
      inherits: [],
      partitionBy: o.attributes.partitionBy,
    },
    needs: [],
  }),
  partition: (o) => ({
    id: { kind: "partition", schema: temporary, name: apart(o.id) },
    attributes: { of: { schema: temporary, name: apart(o.attributes.of) }, bound: o.attributes.bound },
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
  const [first] = objectsOf(host);
  if (!first || !isKind(first, "table")) return first ? [first] : [];
  // Fragments are spelled alike whether the table is partitioned or not.
  const plain = { ...first, attributes: { ...first.attributes, partitionBy: null } };
  return [plain, ...columnsFor(host, first.id, objectsOf)];
}

/** The table's columns, those of its parents included, as columns of `t`. */
function columnsFor(
  host: string,
  t: QualifiedName,
  objectsOf: (host: string) => readonly DbObject[],
): readonly DbObject<"column">[] {
  const out = new Map<string, DbObject<"column">>();
  const seen = new Set<string>();
  const collect = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const o of objectsOf(key)) {
      if (isKind(o, "column") && !out.has(o.id.name))
        out.set(o.id.name, bare({ ...o, id: { ...o.id, schema: t.schema, table: t.name } }));
      if (isKind(o, "table")) for (const parent of o.attributes.inherits) collect(encode({ kind: "table", ...parent }));
      if (isKind(o, "partition")) collect(encode({ kind: "table", ...o.attributes.of }));
    }
  };
  collect(host);
  return [...out.values()];
}

/** Twins that an object needs besides those of its host: for a partition's bound, the partitioned table and the partition. */
export function companions(o: DbObject, objectsOf: (host: string) => readonly DbObject[]): readonly DbObject[] {
  if (!isKind(o, "partition")) return [];
  const above = encode({ kind: "table", ...o.attributes.of });
  const [parent] = objectsOf(above);
  if (!parent || !isKind(parent, "table")) return [];
  const id = { kind: "table", schema: temporary, name: apart(o.attributes.of) } as const;
  const key = parent.attributes.partitionBy;
  // Other columns than those of the key matter to no bound.
  const columns = columnsFor(above, id, objectsOf).filter(
    (c) => !key || key.keys.some((k) => k.expression !== null || k.column === c.id.name),
  );
  const twin = twinOf("table", parent);
  return [
    ...(twin
      ? [
          { ...twin, id },
          { ...twin, id: { ...id, name: apart(o.id) }, attributes: { ...twin.attributes, partitionBy: null } },
        ]
      : []),
    ...columns.flatMap((c) => twinOf("column", c) ?? []),
  ];
}

/** The object as the ground holds it, to see whether it could be made there. */
export const grounded = (o: DbObject): DbObject => (isKind(o, "column") ? bare(o) : o);
