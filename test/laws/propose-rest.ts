/** New checks, foreign keys, owners, replica identities and comments. */
import type { Attributes, DbObject, Id, Kind, ReferentialAction } from "../../src/model/objects.ts";
import type { QualifiedName } from "../../src/model/objects.ts";
import { isKind, same } from "../../src/model/database.ts";
import { condition, typed } from "./expressions.ts";
import { texts } from "./names.ts";
import { columnNeeds, idOn, someDeferrable } from "./propose-keys.ts";
import { tableId } from "./propose-tables.ts";
import type { Rng } from "./rng.ts";
import { columnType, type TypeInfo } from "./types.ts";
import { allColumns, has, isOfTable, of, ownColumns, tableById, tableOf, type World } from "./world.ts";

export function proposeCheck(rng: Rng, w: World, t: QualifiedName, id?: Id<"check">): DbObject<"check"> | null {
  // A check on a virtual column may hold nothing of a user's own type.
  const columns = typed(w, allColumns(w, t)).filter((c) => ownColumns(w, t).some((o) => o.id.name === c.name) || !id);
  const e = condition(rng, t, columns);
  if (!e) return null;
  const enforced = w.major < 18 || !rng.chance(0.15);
  return {
    id: { kind: "check", schema: t.schema, table: t.name, name: idOn(rng, w, "check", t, id) },
    attributes: {
      expression: e.fragment,
      noInherit: rng.chance(0.15),
      validated: enforced && !rng.chance(0.15),
      enforced,
    },
    needs: [tableId(t), ...columnNeeds(t, e.columns), ...e.needs],
  };
}

/** Two types that a foreign key can compare without further operators. */
export const comparable = (a: TypeInfo | null, b: TypeInfo | null): boolean =>
  a !== null &&
  b !== null &&
  // Postgres finds no equality for domains over arrays, ranges and enums, nor for arrays of domains and of some others, those with collations among them.
  !(a.element && (a.element.domain || !["int", "uuid"].includes(a.element.class))) &&
  !(a.domain && a.class === "other") &&
  (a.text === b.text || (a.class === "int" && b.class === "int" && !a.domain && !b.domain));

export type Target = DbObject<"primaryKey"> | DbObject<"unique">;
/** Keys that a foreign key may point at. */
export const targets = (w: World): readonly Target[] =>
  [...of(w, "primaryKey"), ...of(w, "unique")].filter((k) => k.attributes.deferrable === "not deferrable");

export function proposeForeignKey(
  rng: Rng,
  w: World,
  t: QualifiedName,
  id?: Id<"foreignKey">,
): DbObject<"foreignKey"> | null {
  const own = tableById(w, t);
  const permanent = own?.attributes.persistence === "permanent";
  const columns = allColumns(w, t).filter((c) => c.attributes.generated === null);
  for (const k of rng.shuffle(targets(w))) {
    const target = tableOf(k);
    if (permanent && tableById(w, target)?.attributes.persistence !== "permanent") continue;
    const used = new Set<string>();
    const pairs = k.attributes.columns.map((r) => {
      const type = columnType(w, target, r);
      const fit = columns.filter((c) => !used.has(c.id.name) && comparable(columnType(w, t, c.id.name), type));
      const c = fit.length > 0 ? rng.pick(fit).id.name : null;
      if (c !== null) used.add(c);
      return { own: c, target: r };
    });
    const from = pairs.flatMap((p) => (p.own === null ? [] : [p.own]));
    if (from.length < pairs.length) continue;
    const period = k.attributes.withoutOverlaps;
    const order = period ? pairs.map((_, i) => i) : rng.shuffle(pairs.map((_, i) => i));
    const columnsInOrder = order.map((i) => from[i]!);
    const action = (p: number): ReferentialAction =>
      period || !rng.chance(p) ? "no action" : rng.pick(["restrict", "cascade", "set null", "set default"] as const);
    const onDelete = action(0.5);
    const enforced = w.major < 18 || period || !rng.chance(0.15);
    return {
      id: { kind: "foreignKey", schema: t.schema, table: t.name, name: idOn(rng, w, "foreignKey", t, id) },
      attributes: {
        columns: columnsInOrder,
        references: target,
        referencedColumns: order.map((i) => pairs[i]!.target),
        match: rng.chance(0.85) ? "simple" : "full",
        onUpdate: action(0.3),
        onDelete,
        onDeleteColumns:
          w.major >= 15 && (onDelete === "set null" || onDelete === "set default") && rng.chance(0.35)
            ? rng.some(columnsInOrder, 1, 1)
            : [],
        deferrable: someDeferrable(rng),
        validated: enforced && !rng.chance(0.15),
        enforced,
        period,
        partOf: null,
      },
      needs: [
        tableId(t),
        tableId(target),
        ...columnNeeds(t, columnsInOrder),
        ...columnNeeds(target, k.attributes.columns),
        k.id,
      ],
    };
  }
  return null;
}
export function mendForeignKey(w: World, o: DbObject<"foreignKey">): DbObject<"foreignKey"> | null {
  const a = o.attributes;
  const t = tableOf(o);
  const key = targets(w).find(
    (k) =>
      same(tableOf(k), { schema: a.references.schema, name: a.references.name }) &&
      k.attributes.columns.length === a.referencedColumns.length &&
      k.attributes.columns.every((c) => a.referencedColumns.includes(c)) &&
      k.attributes.withoutOverlaps === a.period,
  );
  // Two keys on the same columns, one of them of periods: which is meant is Postgres's choice.
  const other = targets(w).some(
    (k) =>
      key !== undefined &&
      same(tableOf(k), tableOf(key)) &&
      k.attributes.withoutOverlaps !== a.period &&
      k.attributes.columns.length === a.referencedColumns.length &&
      k.attributes.columns.every((c) => a.referencedColumns.includes(c)),
  );
  if (!key || other) return null;
  const pairs = a.columns.every((c, i) =>
    comparable(columnType(w, t, c), columnType(w, a.references, a.referencedColumns[i]!)),
  );
  const generated = allColumns(w, t).some((c) => a.columns.includes(c.id.name) && c.attributes.generated);
  if (!pairs || generated) return null;
  if (
    tableById(w, t)?.attributes.persistence === "permanent" &&
    tableById(w, a.references)?.attributes.persistence !== "permanent"
  )
    return null;
  const sets = a.onDelete === "set null" || a.onDelete === "set default";
  const tidy: Attributes<"foreignKey"> = {
    ...a,
    onDeleteColumns: sets ? a.onDeleteColumns.filter((c) => a.columns.includes(c)) : [],
    validated: a.validated && a.enforced,
    ...(a.period ? { onDelete: "no action", onUpdate: "no action", onDeleteColumns: [], enforced: true } : {}),
  };
  return same(tidy, a) ? o : { ...o, attributes: tidy };
}

export function proposeSequenceOwner(rng: Rng, w: World): DbObject<"sequenceOwner"> | null {
  const free = of(w, "sequence").filter(
    (s) => !has(w, { kind: "sequenceOwner", schema: s.id.schema, name: s.id.name }),
  );
  if (free.length === 0) return null;
  const s = rng.pick(free);
  const columns = of(w, "column").filter((c) => c.id.schema === s.id.schema && c.attributes.local);
  if (columns.length === 0) return null;
  const { schema, table, name } = rng.pick(columns).id;
  return {
    id: { kind: "sequenceOwner", schema: s.id.schema, name: s.id.name },
    attributes: { column: { schema, table, name } },
    needs: [s.id, { kind: "column", schema, table, name }],
  };
}

/** Indexes, keys' own included, that a replica identity may use. */
export function identityIndexes(w: World, t: QualifiedName): readonly string[] {
  const notNull = (c: string | null): boolean =>
    c !== null &&
    allColumns(w, t).some((x) => {
      const n = x.attributes.notNull;
      return x.id.name === c && n !== null && n.validated && x.attributes.generated?.storage !== "virtual";
    });
  const here = (o: DbObject): boolean => isOfTable(o) && o.id.schema === t.schema && o.id.table === t.name;
  return [...w.objects.values()].filter(here).flatMap((o) => {
    if ((isKind(o, "primaryKey") || isKind(o, "unique")) && o.attributes.deferrable === "not deferrable")
      return !o.attributes.withoutOverlaps && o.attributes.columns.every(notNull) ? [o.id.name] : [];
    if (isKind(o, "index") && o.attributes.unique && o.attributes.where === null)
      return o.attributes.keys.every((k) => notNull(k.column)) ? [o.id.name] : [];
    return [];
  });
}

export function proposeReplicaIdentity(
  rng: Rng,
  w: World,
  id?: Id<"replicaIdentity">,
): DbObject<"replicaIdentity"> | null {
  const tables = of(w, "table");
  if (tables.length === 0) return null;
  const table = id ?? rng.pick(tables).id;
  const t = { schema: table.schema, name: table.name };
  const indexes = identityIndexes(w, t);
  const index = indexes.length > 0 && rng.chance(0.7) ? rng.pick(indexes) : null;
  return {
    id: { kind: "replicaIdentity", ...t },
    attributes:
      index === null ? { mode: rng.pick(["full", "nothing"] as const), index: null } : { mode: "index", index },
    needs: [
      tableId(t),
      ...[...w.objects.values()].flatMap((o) =>
        index !== null && isOfTable(o) && o.id.schema === t.schema && o.id.name === index ? [o.id] : [],
      ),
    ],
  };
}

const commentable = new Set<Kind>([
  "schema",
  "extension",
  "enum",
  "domain",
  "domainCheck",
  "composite",
  "typeAttribute",
  "range",
  "shellType",
  "baseType",
  "collation",
  "statistics",
  "textSearchParser",
  "textSearchTemplate",
  "textSearchDictionary",
  "textSearchConfiguration",
  "sequence",
  "table",
  "column",
  "primaryKey",
  "unique",
  "foreignKey",
  "check",
  "exclude",
  "index",
  "view",
  "materializedView",
  "function",
  "procedure",
  "aggregate",
  "trigger",
  "rule",
  "policy",
  "publication",
  "eventTrigger",
  "foreignDataWrapper",
  "server",
  "subscription",
]);
export function proposeComment(rng: Rng, w: World, id?: Id<"comment">): DbObject<"comment"> | null {
  const free = [...w.objects.values()].filter(
    (o) =>
      commentable.has(o.id.kind) &&
      !("target" in o.id) &&
      !has(w, { kind: "comment", target: o.id }) &&
      !(isKind(o, "shellType") && has(w, { ...o.id, kind: "baseType" })),
  );
  const target = id?.target ?? (free.length > 0 ? rng.pick(free).id : null);
  if (!target || "target" in target) return null;
  return { id: { kind: "comment", target }, attributes: { text: rng.pick(texts) }, needs: [target] };
}
