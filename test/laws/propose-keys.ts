/** New primary keys, unique and exclusion constraints and indexes. */
import type {
  Attributes,
  DbObject,
  Deferrable,
  Fragment,
  Id,
  IndexKey,
  Options,
  QualifiedName,
} from "../../src/model/objects.ts";
import { condition, keyExpression, typed, type Expression, type Typed } from "./expressions.ts";
import { freshName } from "./names.ts";
import { collations } from "./propose-types.ts";
import { columnId, pickOptions, someTablespace, tableId } from "./propose-tables.ts";
import type { Rng } from "./rng.ts";
import { allColumns, has, isOfTable, of, ownColumns, takenNames, type OfTableKind, type World } from "./world.ts";

/** Columns of a table that can be indexed: virtual generated ones can't. */
export const keyable = (w: World, t: QualifiedName): readonly Typed[] =>
  typed(
    w,
    allColumns(w, t).filter((c) => c.attributes.generated?.storage !== "virtual"),
  );

/** Its own id, or a new one of this kind with a name that nothing in the schema and no constraint of the name's table has. */
export function idOn<K extends OfTableKind>(
  rng: Rng,
  w: World,
  kind: K,
  t: QualifiedName,
  id: Id<OfTableKind> | undefined,
): string {
  if (id) return id.name;
  const taken = takenNames(w, t.schema);
  // Constraints of parents and children meet under one name, wherever the tables live.
  for (const o of w.objects.values()) if (isOfTable(o) && o.id.kind !== "column") taken.add(o.id.name);
  return freshName(rng, taken);
}

export const columnNeeds = (t: QualifiedName, columns: Iterable<string>): readonly Id[] =>
  [...new Set(columns)].map((c) => columnId(t, c));
export const someDeferrable = (rng: Rng): Deferrable =>
  rng.chance(0.8) ? "not deferrable" : rng.pick(["deferrable", "initially deferred"] as const);

const scalar = new Set(["integer", "bigint", "text", "uuid", "date"]);
const btreeOptions = (rng: Rng): Options =>
  rng.chance(0.85)
    ? {}
    : pickOptions(rng, { fillfactor: String(10 + rng.int(91)), deduplicate_items: rng.pick(["true", "false"]) }, 2);

function keyColumns(
  rng: Rng,
  w: World,
  t: QualifiedName,
  least: number,
): { columns: string[]; include: string[]; withoutOverlaps: boolean } | null {
  const all = keyable(w, t);
  const ordered = all.filter((c) => c.type.ordered);
  if (ordered.length === 0) return null;
  const ranges = all.filter((c) => c.type.class === "range" && !c.type.domain);
  const scalars = all.filter((c) => scalar.has(c.type.text));
  if (
    w.major >= 18 &&
    ranges.length > 0 &&
    scalars.length > 0 &&
    has(w, { kind: "extension", name: "btree_gist" }) &&
    rng.chance(0.5)
  ) {
    const columns = [...rng.some(scalars, 1, 2).map((c) => c.name), rng.pick(ranges).name];
    return { columns, include: [], withoutOverlaps: true };
  }
  const columns = rng.shuffle(rng.some(ordered, least, 2)).map((c) => c.name);
  const rest = all.filter((c) => !columns.includes(c.name));
  return {
    columns,
    include: rest.length > 0 && rng.chance(0.15) ? rng.some(rest, 1, 2).map((c) => c.name) : [],
    withoutOverlaps: false,
  };
}

export function proposePrimaryKey(
  rng: Rng,
  w: World,
  t: QualifiedName,
  id?: Id<"primaryKey">,
): DbObject<"primaryKey"> | null {
  if (!id && of(w, "primaryKey").some((k) => k.id.schema === t.schema && k.id.table === t.name)) return null;
  const key = keyColumns(rng, w, t, 1);
  // Columns that only a parent declares would have to be set NOT NULL here.
  if (!key || !key.columns.every((c) => ownColumns(w, t).some((o) => o.id.name === c && o.attributes.local)))
    return null;
  return {
    id: { kind: "primaryKey", schema: t.schema, table: t.name, name: idOn(rng, w, "primaryKey", t, id) },
    attributes: {
      ...key,
      deferrable: someDeferrable(rng),
      options: key.withoutOverlaps ? {} : btreeOptions(rng),
      tablespace: someTablespace(rng, w),
      partOf: null,
      only: false,
    },
    needs: [tableId(t), ...columnNeeds(t, [...key.columns, ...key.include]), ...overlapNeeds(key)],
  };
}
const overlapNeeds = (k: { readonly withoutOverlaps: boolean }): readonly Id[] =>
  k.withoutOverlaps ? [{ kind: "extension", name: "btree_gist" }] : [];

export function proposeUnique(rng: Rng, w: World, t: QualifiedName, id?: Id<"unique">): DbObject<"unique"> | null {
  const key = keyColumns(rng, w, t, 1);
  if (!key) return null;
  return {
    id: { kind: "unique", schema: t.schema, table: t.name, name: idOn(rng, w, "unique", t, id) },
    attributes: {
      ...key,
      nullsNotDistinct: w.major >= 15 && !key.withoutOverlaps && rng.chance(0.2),
      deferrable: someDeferrable(rng),
      options: key.withoutOverlaps ? {} : btreeOptions(rng),
      tablespace: someTablespace(rng, w),
      partOf: null,
      only: false,
    },
    needs: [tableId(t), ...columnNeeds(t, [...key.columns, ...key.include]), ...overlapNeeds(key)],
  };
}

const pgCatalog = (name: string): QualifiedName => ({ schema: "pg_catalog", name });
export const noKey: IndexKey = {
  column: null,
  expression: null,
  collation: null,
  operatorClass: null,
  order: "asc",
  nulls: "last",
  statistics: null,
};
interface Keys {
  readonly method: string;
  readonly keys: readonly IndexKey[];
  readonly needs: readonly Id[];
  readonly options: Options;
}

/** Keys of an index of some method that fits the columns. */
function indexKeys(rng: Rng, w: World, t: QualifiedName): Keys | null {
  const all = keyable(w, t);
  const collation = (c: Typed, p: number): QualifiedName | null => {
    if (!c.type.collatable || !rng.chance(p)) return null;
    const column = allColumns(w, t).find((x) => x.id.name === c.name);
    const own = column?.attributes.collation?.name ?? c.type.usual?.name;
    return pgCatalog(rng.pick(collations.filter((x) => x !== own)));
  };
  const extension = (name: string): string | null =>
    of(w, "extension").find((e) => e.id.name === name)?.attributes.schema ?? null;
  const single = (
    method: string,
    c: Typed,
    operatorClass: IndexKey["operatorClass"],
    options: Options,
    more: readonly Id[] = [],
  ): Keys => ({
    method,
    keys: [{ ...noKey, column: c.name, operatorClass }],
    needs: [...columnNeeds(t, [c.name]), ...c.type.needs, ...more],
    options,
  });
  const ofClass = (...classes: string[]): readonly Typed[] => all.filter((c) => classes.includes(c.type.class));
  const method = rng.pick(["btree", "btree", "btree", "btree", "hash", "gin", "gist", "spgist", "brin"]);
  switch (method) {
    case "btree": {
      const ordered = all.filter((c) => c.type.ordered);
      const needs: Id[] = [];
      const keys: IndexKey[] = [];
      for (const c of rng.shuffle(rng.some(ordered, 1, 3))) {
        const order = rng.chance(0.7) ? "asc" : "desc";
        const nulls = rng.chance(0.75) ? (order === "asc" ? "last" : "first") : rng.pick(["first", "last"] as const);
        const e = rng.chance(0.25) ? keyExpression(rng, all) : null;
        if (e) {
          const statistics = rng.chance(0.3) ? rng.pick([0, 100, 500]) : null;
          keys.push({ ...noKey, expression: e.fragment, order, nulls, statistics });
          needs.push(...columnNeeds(t, e.columns), ...e.needs);
          continue;
        }
        const pattern =
          c.type.text === "text"
            ? "text_pattern_ops"
            : c.type.text.startsWith("character varying") && !c.type.element
              ? "varchar_pattern_ops"
              : null;
        keys.push({
          ...noKey,
          column: c.name,
          collation: collation(c, 0.15),
          operatorClass:
            pattern && !c.type.domain && rng.chance(0.2) ? { name: pgCatalog(pattern), options: {} } : null,
          order,
          nulls,
        });
        needs.push(...columnNeeds(t, [c.name]), ...c.type.needs);
      }
      return keys.length === 0 ? null : { method, keys, needs, options: btreeOptions(rng) };
    }
    case "hash": {
      const fit = ofClass("int", "text", "uuid", "date", "timestamptz", "enum", "numeric", "jsonb").filter(
        (c) => !c.type.text.includes("citext"),
      );
      return fit.length === 0 ? null : single("hash", rng.pick(fit), null, rng.chance(0.8) ? {} : { fillfactor: "70" });
    }
    case "gin": {
      const trgm = extension("pg_trgm");
      const fit = [
        ...ofClass("jsonb", "tsvector", "hstore"),
        ...ofClass("array").filter((c) => c.type.ordered && c.type.element?.class !== "hstore"),
        ...(trgm === null ? [] : all.filter((c) => c.type.text === "text")),
      ];
      if (fit.length === 0) return null;
      const c = rng.pick(fit);
      const options = rng.chance(0.8)
        ? {}
        : pickOptions(rng, { fastupdate: rng.pick(["true", "false"]), gin_pending_list_limit: "128" }, 2);
      if (c.type.class === "text")
        return single("gin", c, { name: { schema: trgm ?? "", name: "gin_trgm_ops" }, options: {} }, options, [
          { kind: "extension", name: "pg_trgm" },
        ]);
      const path = c.type.class === "jsonb" && rng.chance(0.4);
      return single("gin", c, path ? { name: pgCatalog("jsonb_path_ops"), options: {} } : null, options);
    }
    case "gist": {
      const trgm = extension("pg_trgm");
      const scalars = extension("btree_gist") === null ? [] : all.filter((c) => scalar.has(c.type.text));
      const fit = [
        ...ofClass("range", "point", "tsvector", "hstore"),
        ...(trgm === null ? [] : all.filter((c) => c.type.text === "text")),
        ...scalars,
      ];
      if (fit.length === 0) return null;
      const c = rng.pick(fit);
      const options = rng.chance(0.8)
        ? {}
        : pickOptions(rng, { fillfactor: "80", buffering: rng.pick(["on", "off"]) }, 2);
      if (c.type.text === "text" && trgm !== null && (scalars.length === 0 || rng.chance(0.7)))
        return single(
          "gist",
          c,
          { name: { schema: trgm, name: "gist_trgm_ops" }, options: rng.chance(0.5) ? { siglen: "32" } : {} },
          options,
          [{ kind: "extension", name: "pg_trgm" }],
        );
      if (c.type.class === "tsvector" && rng.chance(0.4))
        return single("gist", c, { name: pgCatalog("tsvector_ops"), options: { siglen: "64" } }, options);
      return single("gist", c, null, options, scalars.includes(c) ? [{ kind: "extension", name: "btree_gist" }] : []);
    }
    case "spgist": {
      const fit = [...ofClass("range", "point"), ...all.filter((c) => c.type.text === "text"), ...ofClass("inet")];
      return fit.length === 0
        ? null
        : single("spgist", rng.pick(fit), null, rng.chance(0.8) ? {} : { fillfactor: "60" });
    }
    default: {
      const fit = ofClass("int", "date", "timestamp", "timestamptz", "numeric", "uuid").filter((c) => !c.type.domain);
      if (fit.length === 0) return null;
      const c = rng.pick(fit);
      const options = rng.chance(0.7)
        ? {}
        : pickOptions(
            rng,
            { pages_per_range: String(1 + rng.int(256)), autosummarize: rng.pick(["true", "false"]) },
            2,
          );
      const multi = w.major >= 14 && c.type.text === "integer" && rng.chance(0.5);
      const own = {
        name: pgCatalog("int4_minmax_multi_ops"),
        options: rng.chance(0.5) ? { values_per_range: "16" } : {},
      };
      return single("brin", c, multi ? own : null, options);
    }
  }
}

export function proposeIndex(rng: Rng, w: World, t: QualifiedName, id?: Id<"index">): DbObject<"index"> | null {
  const k = indexKeys(rng, w, t);
  if (!k) return null;
  const unique = k.method === "btree" && rng.chance(0.25);
  const used = new Set(k.keys.map((x) => x.column));
  const rest = keyable(w, t).filter((c) => !used.has(c.name));
  const canInclude = k.method === "btree" || k.method === "gist" || (k.method === "spgist" && w.major >= 14);
  const include = canInclude && rest.length > 0 && rng.chance(0.15) ? rng.some(rest, 1, 2).map((c) => c.name) : [];
  const where: Expression | null = rng.chance(0.25) ? condition(rng, t, keyable(w, t)) : null;
  const attributes: Attributes<"index"> = {
    unique,
    nullsNotDistinct: unique && w.major >= 15 && rng.chance(0.3),
    method: k.method,
    keys: k.keys,
    include,
    where: where?.fragment ?? null,
    options: k.options,
    tablespace: someTablespace(rng, w),
    partOf: null,
    only: false,
  };
  return {
    id: { kind: "index", schema: t.schema, table: t.name, name: idOn(rng, w, "index", t, id) },
    attributes,
    needs: [
      tableId(t),
      ...k.needs,
      ...columnNeeds(t, [...include, ...(where?.columns ?? [])]),
      ...(where?.needs ?? []),
    ],
  };
}

export function proposeExclude(rng: Rng, w: World, t: QualifiedName, id?: Id<"exclude">): DbObject<"exclude"> | null {
  const all = keyable(w, t).filter((c) => !c.type.domain);
  const ranges = all.filter((c) => c.type.class === "range");
  const scalars = all.filter((c) => scalar.has(c.type.text));
  const gist = has(w, { kind: "extension", name: "btree_gist" });
  const elements: { key: IndexKey; operator: QualifiedName }[] = [];
  const needs: Id[] = [];
  const method = rng.pick(ranges.length > 0 ? ["gist", "gist", "gist", "spgist", "btree"] : ["btree", "hash"]);
  const add = (c: Typed, operator: string): void => {
    elements.push({ key: { ...noKey, column: c.name }, operator: pgCatalog(operator) });
    needs.push(...columnNeeds(t, [c.name]));
  };
  if (method === "gist" || method === "spgist") {
    if (method === "gist" && gist && scalars.length > 0 && rng.chance(0.6)) {
      add(rng.pick(scalars), "=");
      needs.push({ kind: "extension", name: "btree_gist" });
    }
    add(rng.pick(ranges), rng.pick(["&&", "&&", "-|-"]));
  } else {
    if (scalars.length === 0) return null;
    const c = rng.pick(scalars);
    const e = c.type.text === "text" && method === "btree" && rng.chance(0.3) ? keyExpression(rng, [c]) : null;
    if (e) {
      elements.push({ key: { ...noKey, expression: e.fragment }, operator: pgCatalog("=") });
      needs.push(...columnNeeds(t, e.columns));
    } else add(c, "=");
  }
  const where = rng.chance(0.25) ? condition(rng, t, keyable(w, t)) : null;
  const used = new Set(elements.map((e) => e.key.column));
  const rest = keyable(w, t).filter((c) => !used.has(c.name));
  const include =
    method !== "hash" && method !== "spgist" && rest.length > 0 && rng.chance(0.15)
      ? rng.some(rest, 1, 1).map((c) => c.name)
      : [];
  const fragment: Fragment | null = where?.fragment ?? null;
  return {
    id: { kind: "exclude", schema: t.schema, table: t.name, name: idOn(rng, w, "exclude", t, id) },
    attributes: {
      method,
      elements,
      include,
      where: fragment,
      deferrable: someDeferrable(rng),
      options: rng.chance(0.85) ? {} : { fillfactor: String(50 + rng.int(50)) },
      tablespace: someTablespace(rng, w),
      partOf: null,
    },
    needs: [tableId(t), ...needs, ...columnNeeds(t, [...include, ...(where?.columns ?? [])]), ...(where?.needs ?? [])],
  };
}

/** An index of a materialized view, on those of its columns that are some table's. */
export function indexOfView(rng: Rng, w: World, id?: Id<"index">): DbObject<"index"> | null {
  const views = of(w, "materializedView").filter((v) => allColumns(w, v.id).length > 0);
  const t = id ? { schema: id.schema, name: id.table } : views.length > 0 ? rng.pick(views).id : null;
  const o = t && proposeIndex(rng, w, t, id);
  if (!o) return null;
  const needs = o.needs.map((n): Id => (n.kind === "table" ? { ...n, kind: "materializedView" } : n));
  return { ...o, attributes: { ...o.attributes, only: false, partOf: null }, needs };
}
