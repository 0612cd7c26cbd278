/** New tables and columns that fit into a world. */
import type { Attributes, DbObject, Id, Identity, NotNull, Options, QualifiedName } from "../../src/model/objects.ts";
import { qualified } from "../../src/sql.ts";
import { defaultFor, generatedFor, typed, type Expression } from "./expressions.ts";
import { freshName } from "./names.ts";
import { someOptions } from "./propose-foreign.ts";
import { callable } from "./propose-routines.ts";
import {
  collationNeeds,
  newName,
  schemaNeed,
  sequenceOptions,
  someCollation,
  someSchema,
  type SequenceType,
} from "./propose-types.ts";
import type { Rng } from "./rng.ts";
import { infoOf, someType, type TypeInfo } from "./types.ts";
import { allColumns, children, of, ownColumns, plainNotNulls, tableById, takenNames, type World } from "./world.ts";

export const plainNotNull: NotNull = { name: null, noInherit: false, validated: true };
export const columnId = (t: QualifiedName, name: string): Id<"column"> => ({
  kind: "column",
  schema: t.schema,
  table: t.name,
  name,
});
export const tableId = (t: QualifiedName): Id<"table"> => ({ kind: "table", schema: t.schema, name: t.name });

function tableOptions(rng: Rng): Options {
  const all: Options = {
    fillfactor: String(10 + rng.int(91)),
    autovacuum_enabled: rng.pick(["true", "false"]),
    autovacuum_vacuum_scale_factor: rng.pick(["0.1", "0.25", "0"]),
    autovacuum_vacuum_threshold: String(rng.int(1000)),
    parallel_workers: String(rng.int(9)),
    toast_tuple_target: String(128 + rng.int(3000)),
    log_autovacuum_min_duration: String(rng.int(1000)),
  };
  return rng.chance(0.75) ? {} : pickOptions(rng, all, 3);
}
export function pickOptions(rng: Rng, all: Options, most: number): Options {
  const keys = rng.some(Object.keys(all), 1, most);
  return Object.fromEntries(keys.map((k) => [k, all[k]!]));
}
export const someTablespace = (rng: Rng, w: World): string | null =>
  w.tablespaces.length > 0 && rng.chance(0.1) ? rng.pick(w.tablespaces) : null;

export function proposeTable(rng: Rng, w: World, id?: Id<"table">): DbObject<"table"> {
  const own = id ?? tableId(newName(rng, w, someSchema(rng, w)));
  const tables = of(w, "table").filter(
    (t) => !t.attributes.inherits.some((p) => p.schema === own.schema && p.name === own.name) && plainNotNulls(w, t.id),
  );
  const parents = !id && tables.length > 0 && rng.chance(0.15) ? rng.some(tables, 1, 2) : [];
  const inherits = compatible(w, parents);
  return {
    id: own,
    attributes: {
      persistence: rng.chance(0.12) ? "unlogged" : "permanent",
      options: tableOptions(rng),
      tablespace: someTablespace(rng, w),
      using: w.accessMethods.length > 0 && rng.chance(0.12) ? rng.pick(w.accessMethods) : "heap",
      inherits: inherits.map((p) => ({ schema: p.id.schema, name: p.id.name })),
      partitionBy: null,
      server: null,
      foreignOptions: {},
    },
    needs: [...schemaNeed(own.schema), ...inherits.map((p) => p.id)],
  };
}

/** Parents whose columns don't meet: a second one only if it shares no column name with the first. */
function compatible(w: World, parents: readonly DbObject<"table">[]): readonly DbObject<"table">[] {
  const [a, b] = parents;
  if (!a || !b) return parents;
  const names = new Set(allColumns(w, a.id).map((c) => c.id.name));
  return allColumns(w, b.id).some((c) => names.has(c.id.name)) ? [a] : parents;
}

/** Names that a new column of this table must not have: its own, its parents' and its descendants'. */
export function columnNames(w: World, t: QualifiedName): Set<string> {
  const names = new Set(allColumns(w, t).map((c) => c.id.name));
  for (const c of children(w, t)) for (const n of columnNames(w, c.id)) names.add(n);
  return names;
}

export function notNullFor(rng: Rng, w: World, t: QualifiedName): NotNull {
  if (w.major < 18) return plainNotNull;
  const family = children(w, t).length > 0 || (tableById(w, t)?.attributes.inherits.length ?? 0) > 0;
  return {
    name: !family && rng.chance(0.15) ? freshName(rng, takenNames(w, t.schema)) : null,
    noInherit: !family && rng.chance(0.06),
    validated: family || !rng.chance(0.1),
  };
}

const identityType = (type: TypeInfo): SequenceType | null =>
  type.domain === null && (type.text === "smallint" || type.text === "integer" || type.text === "bigint")
    ? type.text
    : null;

export function proposeColumn(
  rng: Rng,
  w: World,
  t: QualifiedName,
  id?: Id<"column">,
  typeText?: string,
): DbObject<"column"> | null {
  const own = id ?? columnId(t, freshName(rng, columnNames(w, t)));
  const type = infoOf(w, typeText ?? someType(rng, w));
  if (!type) return null;
  const siblings = typed(
    w,
    allColumns(w, t).filter((c) => c.id.name !== own.name && c.attributes.generated === null),
  );
  const foreign = tableById(w, t)?.attributes.server != null;
  const whole = identityType(type);
  const identity: Identity | null =
    whole && rng.chance(0.25)
      ? {
          generation: rng.pick(["always", "by default"] as const),
          options: sequenceOptions(rng, whole),
          name: rng.chance(0.2) ? newName(rng, w, t.schema) : null,
        }
      : null;
  const virtual = w.major >= 18 && type.needs.length === 0 && rng.chance(0.4);
  const expression =
    !identity && rng.chance(0.15)
      ? generatedFor(rng, type, virtual ? siblings.filter((s) => s.type.needs.length === 0) : siblings)
      : null;
  const value =
    !identity && !expression && rng.chance(0.35) ? (called(rng, w, type) ?? defaultFor(rng, w, t.schema, type)) : null;
  const notNull = identity ? plainNotNull : rng.chance(0.5) ? notNullFor(rng, w, t) : null;
  const attributes: Attributes<"column"> = {
    type: { sql: type.text, path: [], canonical: type.text },
    notNull: virtual && expression ? null : notNull,
    default: value?.fragment ?? null,
    identity,
    generated: expression ? { expression: expression.fragment, storage: virtual ? "virtual" : "stored" } : null,
    collation: type.collatable && rng.chance(0.15) ? someCollation(rng, w, type) : null,
    storage:
      type.storage && rng.chance(0.15)
        ? rng.pick((["plain", "external", "extended", "main"] as const).filter((s) => s !== type.storage))
        : null,
    compression:
      w.major >= 14 && !foreign && type.storage && !(virtual && expression) && rng.chance(0.1)
        ? w.lz4
          ? rng.pick(["pglz", "lz4"] as const)
          : "pglz"
        : null,
    statistics: !(virtual && expression) && rng.chance(0.1) ? rng.pick([0, 1, 100, 500, 10000]) : null,
    options: rng.chance(0.92)
      ? {}
      : pickOptions(
          rng,
          { n_distinct: rng.pick(["-0.5", "100", "5"]), n_distinct_inherited: rng.pick(["-1", "20"]) },
          2,
        ),
    foreignOptions: foreign && rng.chance(0.5) ? someOptions(rng, ["column_name", "key", "Odd Name"]) : {},
    local: true,
  };
  return {
    id: own,
    attributes,
    needs: [
      tableId(t),
      ...collationNeeds(attributes.collation),
      ...type.needs,
      ...(value?.needs ?? []),
      ...(expression ? [...expression.needs, ...expression.columns.map((c) => columnId(t, c))] : []),
    ],
  };
}

/** A call of some function that gives this type. */
function called(rng: Rng, w: World, type: TypeInfo): Expression | null {
  const all = rng.chance(0.4) ? callable(w).filter((f) => f.attributes.returns.type.sql === type.text) : [];
  if (all.length === 0) return null;
  const f = rng.pick(all);
  const fragment = { sql: `${qualified(f.id)}()`, path: [], canonical: null };
  return { fragment, columns: [], needs: [...type.needs, f.id] };
}

/** A statement of a child about a column of its parent: `local` (declared there too), or only something else about it. */
export function proposeOverride(rng: Rng, w: World, t: QualifiedName): DbObject<"column"> | null {
  const parents = (tableById(w, t)?.attributes.inherits ?? []).flatMap((p) => allColumns(w, p));
  const own = new Set(ownColumns(w, t).map((c) => c.id.name));
  const free = parents.filter((c) => !own.has(c.id.name) && !c.attributes.generated && !c.attributes.identity);
  if (free.length === 0) return null;
  const from = rng.pick(free);
  const type = infoOf(w, from.attributes.type.sql);
  if (!type) return null;
  const local = rng.chance(0.5);
  const value = rng.chance(0.6) ? defaultFor(rng, w, t.schema, type) : null;
  const statistics = value && !local && rng.chance(0.5) ? null : rng.pick([10, 200]);
  if (!local && !value && statistics === null) return null;
  return {
    id: columnId(t, from.id.name),
    attributes: { ...from.attributes, default: value?.fragment ?? null, statistics, local, options: {} },
    needs: [tableId(t), ...type.needs, ...(value?.needs ?? [])],
  };
}
