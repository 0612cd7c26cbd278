/** What to make in pg_temp to learn how Postgres spells an object's fragments. */
import type { DbObject, Id, Kind, QualifiedName } from "../model/objects.ts";
import { fragment, fragmentsOf, type Index, isKind, observed } from "../model/database.ts";
import { encode } from "../model/id.ts";
import { plainColumn } from "./parts/columnText.ts";
import { digest } from "./parts/names.ts";
import { columnsOfQuery } from "./parts/queries.ts";
import { typeText } from "./parts/types.ts";
import { qualified } from "../sql.ts";

/**
 * null: the kind holds no fragments, or they are asked as parts of another. Everything that fragments do not depend on is left
 * out. A twin of another kind has its fragments in attributes of the same names.
 */
export type Twin<K extends Kind> = ((o: DbObject<K>) => DbObject) | null;

const temporary = "pg_temp";
/** The table that an object's fragments speak of, where that is not what owns it. */
export const standsOn = (o: DbObject): Id | null =>
  isKind(o, "publicationTable") ? { kind: "table", schema: o.id.schema, name: o.id.table } : null;

/** Tables of different schemas may meet around a partition's bound, beside those that other fragments are tried on. */
const apart = (t: QualifiedName): string => `schemac_${digest(JSON.stringify([t.schema, t.name]))}`;
/** A table, and a column, of which nothing is said but its name and type. */
export const plainTable: DbObject<"table">["attributes"] = {
  persistence: "permanent",
  options: {},
  tablespace: null,
  using: "heap",
  inherits: [],
  partitionBy: null,
  server: null,
  foreignOptions: {},
};

const twins: { readonly [K in Kind]: Twin<K> } = {
  role: null,
  membership: null,
  setting: null,
  database: null,
  extensionDependence: null,
  constraint: null,
  owner: null,
  grant: null,
  defaultPrivilege: null,
  securityLabel: null,
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
    attributes: { ...plainTable, partitionBy: o.attributes.partitionBy },
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
      ...plainColumn,
      type: o.attributes.type,
      default: o.attributes.default,
      generated: o.attributes.generated,
      collation: o.attributes.collation,
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
    attributes: { ...o.attributes, options: {}, tablespace: null, partOf: null },
    needs: [],
  }),
  index: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: { ...o.attributes, options: {}, tablespace: null, partOf: null, only: false },
    needs: [],
  }),
  shellType: null,
  baseType: null,
  typedTable: null,
  replicaIdentity: null,
  rowSecurity: null,
  policy: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: { ...o.attributes, roles: ["public"] },
    needs: [],
  }),
  // Any function will do, and this one is everywhere.
  trigger: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: {
      ...o.attributes,
      constraint: null,
      oldTable: null,
      newTable: null,
      function: { schema: "pg_catalog", name: "suppress_redundant_updates_trigger" },
      arguments: [],
      firing: "enabled",
    },
    needs: [],
  }),
  rule: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: { ...o.attributes, firing: "enabled" },
    needs: [],
  }),
  cluster: null,
  function: (o) => ({
    ...o,
    id: { ...o.id, schema: temporary },
    attributes: { ...o.attributes, leakproof: false, support: null },
    needs: [],
  }),
  procedure: (o) => ({ ...o, id: { ...o.id, schema: temporary }, needs: [] }),
  aggregate: null,
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
          statistics: null,
        },
      ],
      include: [],
      where: o.attributes.where,
      options: {},
      tablespace: null,
      partOf: null,
      only: false,
    },
    needs: [],
  }),
  publicationSchema: null,
  eventTrigger: null,
  foreignDataWrapper: null,
  server: null,
  userMapping: null,
  subscription: null,
  view: (o) => ({ ...o, id: { ...o.id, schema: temporary }, attributes: { ...o.attributes, options: {} }, needs: [] }),
  // A materialized view cannot be temporary; its query is spelled as a view's.
  materializedView: (o) => ({
    id: { kind: "view", schema: temporary, name: `query_${digest(encode(o.id))}` },
    attributes: { query: o.attributes.query, options: {}, defaults: {} },
    needs: [],
    ...(o.hints ? { hints: o.hints } : {}),
  }),
  // Spelled by src/reference, as values of their columns.
  rows: null,
  sqlBlock: null,
  comment: null,
};

/** The object's twin, or null for kinds without one. */
export const twinOf = <K extends Kind>(kind: K, o: DbObject<K>): DbObject | null => {
  const twin: Twin<K> = twins[kind];
  return twin ? twin(o) : null;
};
/** Kinds whose twins need no twin of anything else. */
const alone: ReadonlySet<Kind> = new Set(["domain", "view", "materializedView", "function", "procedure"]);
export const isTriedAlone = (kind: Kind): boolean => alone.has(kind);
/** Whether Postgres could find something wrong with what is said of a new object: a text, or what only its catalogs know. */
export function isWorthTrying(o: DbObject): boolean {
  if (!hasTwin(o.id.kind)) return false;
  if (fragmentsOf(o.attributes).some((f) => f.canonical === null)) return true;
  if (isKind(o, "column")) return o.attributes.collation !== null;
  if (!isKind(o, "index")) return isKind(o, "exclude");
  return o.attributes.method !== "btree" || o.attributes.keys.some((k) => k.operatorClass ?? k.collation);
}
/** Whether what stands on it can be tried before it is there: a new table is all that is said of it; of a view only Postgres knows the columns. */
export const isTriedWith = (host: DbObject): boolean => isKind(host, "table");
/** What Postgres says of an object's twin, said of the object. */
export function saidOfTwin(o: DbObject, message: string): string {
  const twin = twinOf(o.id.kind, o);
  return twin && "name" in twin.id && "name" in o.id ? message.replaceAll(twin.id.name, o.id.name) : message;
}
/** Whether objects of the kind can be asked about. */
export const hasTwin = (kind: Kind): boolean => twins[kind] !== null;

/**
 * Kinds that texts of other hosts stand on, beside those that have no twin: with them, and no table, a database spells texts as one
 * with everything does.
 */
const stoodOn: ReadonlySet<Kind> = new Set(["domain", "domainCheck", "collation", "function", "procedure"]);
export const isStoodOn = (kind: Kind): boolean => twins[kind] === null || stoodOn.has(kind);

/**
 * A column without its default and expression, for others to be asked against. Its type as Postgres spells it, where that is
 * known: columns of a parent are looked up by another path, and one statement has only one.
 */
const bare = (o: DbObject<"column">): DbObject<"column"> => {
  const { type } = o.attributes;
  const spelled = type.canonical === null ? type : { sql: type.canonical, path: [], canonical: type.canonical };
  return { ...o, attributes: { ...o.attributes, type: spelled, default: null, generated: null, foreignOptions: {} } };
};

/**
 * What fragments on a host can mention: the table with its columns, those of its parents included, or the domain itself.
 * `objectsOf` gives a host's objects by its id's text, the host first; `live` what Postgres told of it.
 */
export function ground(
  host: string,
  objectsOf: (host: string) => readonly DbObject[],
  live: Index,
): readonly DbObject[] {
  const [first] = objectsOf(host);
  if (first && isKind(first, "materializedView")) return materialized(first, live.get(host) ?? first);
  if (!first || !isKind(first, "table")) return first ? [first] : [];
  // Fragments are spelled alike whether the table is partitioned or not, and wherever its rows are.
  const plain = { ...first, attributes: { ...first.attributes, partitionBy: null, server: null, foreignOptions: {} } };
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

/** The columns that fragments on a table can mention, its parents' included. */
export function columnsOfHost(
  host: string,
  objectsOf: (host: string) => readonly DbObject[],
): readonly DbObject<"column">[] {
  const [first] = objectsOf(host);
  return first && isKind(first, "table") ? columnsFor(host, first.id, objectsOf) : [];
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
  const table = (name: string, partitionBy: typeof key): DbObject<"table"> => ({
    id: { kind: "table", schema: temporary, name },
    attributes: { ...plainTable, partitionBy },
    needs: [],
  });
  return [table(id.name, key), table(apart(o.id), null), ...columns.flatMap((c) => twinOf("column", c) ?? [])];
}

/**
 * What an object's texts call with whole rows of the table or view that they stand on: the twin's rows are of another type, so each of these
 * functions needs a namesake that takes those. `objectsOf` as above.
 */
export function namesakes(
  o: DbObject,
  host: string,
  objectsOf: (host: string) => readonly DbObject[],
): readonly DbObject<"function">[] {
  const own = objectsOf(host)[0]?.id;
  if (own?.kind !== "table" && own?.kind !== "view") return [];
  const needs = [{ ...own, schema: temporary }];
  const [real, twin] = [qualified(own), qualified(needs[0]!)];
  return o.needs.flatMap((need): readonly DbObject<"function">[] => {
    const [f] = need.kind === "function" ? objectsOf(encode(need)) : [];
    if (!f || !isKind(f, "function") || f.attributes.window || !f.id.arguments.includes(real)) return [];
    const taken = f.attributes.arguments.map((a) => {
      const isRow = (a.mode === "in" || a.mode === "inout") && typeText(a.type) === real;
      return isRow ? { ...a, type: observed(twin), default: null } : a;
    });
    // Nobody looks into its body.
    const blank = {
      language: "sql",
      body: { text: "" },
      settings: {},
      transforms: [],
      support: null,
      leakproof: false,
    };
    return [
      {
        ...f,
        id: { ...f.id, arguments: f.id.arguments.map((a) => (a === real ? twin : a)) },
        attributes: { ...f.attributes, ...blank, arguments: taken },
        needs,
      },
    ];
  });
}

/** Indexes of a materialized view are asked about on a table with the columns that Postgres told of it. */
function materialized(o: DbObject<"materializedView">, told: DbObject): readonly DbObject[] {
  const table: DbObject<"table"> = {
    id: { kind: "table", ...qualifiedOf(o.id) },
    attributes: plainTable,
    needs: [],
  };
  return [
    table,
    ...(columnsOfQuery(told) ?? []).map(([name, type]): DbObject<"column"> => ({
      id: { kind: "column", schema: o.id.schema, table: o.id.name, name },
      attributes: { ...plainColumn, type: observed(type) },
      needs: [],
    })),
  ];
}
const qualifiedOf = ({ schema, name }: QualifiedName): QualifiedName => ({ schema, name });

/** The object as the ground holds it, to see whether it could be made there. */
export const grounded = (o: DbObject): DbObject => (isKind(o, "column") ? bare(o) : o);
