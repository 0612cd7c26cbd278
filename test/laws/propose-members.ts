/** New triggers, rules, policies, row level security and cluster marks, on tables and views. */
import { isKind, same } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import type { DbObject, Firing, Id, QualifiedName, TriggerEvent } from "../../src/model/objects.ts";
import { qualified } from "../../src/sql.ts";
import { freshName, texts } from "./names.ts";
import { columnNeeds, someDeferrable } from "./propose-keys.ts";
import { triggerFunctions } from "./propose-routines.ts";
import { condition, typed } from "./expressions.ts";
import { conditionOn, viewAt } from "./queries.ts";
import type { Rng } from "./rng.ts";
import {
  allColumns,
  children,
  foreignTables,
  has,
  isOfTable,
  of,
  roleNames,
  roleNeeds,
  tableById,
  takenNames,
  type World,
} from "./world.ts";

type Host = Id<"table" | "view" | "materializedView">;
/** Of what stands on a view, no statement says it. */
const firing = (r: Rng, host: Host): Firing =>
  host.kind !== "table" || r.chance(0.7) ? "enabled" : r.pick(["disabled", "replica", "always"] as const);
const hosts = (w: World): readonly Host[] => [...of(w, "table"), ...of(w, "view")].map((o) => o.id);
const isForeign = (w: World, t: QualifiedName): boolean => tableById(w, t)?.attributes.server != null;
const hostOf = (w: World, id: { schema: string; table: string }): Host | null => {
  const at = { schema: id.schema, name: id.table };
  return tableById(w, at)?.id ?? viewAt(w, at)?.id ?? null;
};
const ownName = (r: Rng, w: World, t: QualifiedName): string => {
  const taken = takenNames(w, t.schema);
  // Constraints of parents and children meet under one name, and triggers of constraints are some.
  for (const o of w.objects.values()) if (isOfTable(o) && o.id.kind !== "column") taken.add(o.id.name);
  return freshName(r, taken);
};
const events = ["insert", "update", "delete", "truncate"] as const satisfies readonly TriggerEvent[];

/** Whether a table has parents or children, or is a partition. */
const inFamily = (w: World, t: QualifiedName): boolean =>
  children(w, t).length > 0 ||
  (tableById(w, t)?.attributes.inherits.length ?? 0) > 0 ||
  tableById(w, t)?.attributes.partitionBy !== null ||
  has(w, { kind: "partition", schema: t.schema, name: t.name });

export function proposeTrigger(r: Rng, w: World, old?: DbObject<"trigger">, on?: Host): DbObject<"trigger"> | null {
  const functions = triggerFunctions(w);
  const host = old
    ? hostOf(w, old.id)
    : (on ??
      r.pick([...hosts(w), ...foreignTables(w).map((x) => x.id), { kind: "table", schema: "", name: "" } as const]));
  if (!host || host.kind === "materializedView" || host.name === "") return null;
  const t = { schema: host.schema, name: host.name };
  const table = host.kind === "table";
  const columns = table ? allColumns(w, t) : [];
  const foreign = isForeign(w, t);
  const constraint =
    table && !foreign && tableById(w, t)?.attributes.partitionBy === null && r.chance(0.2)
      ? {
          deferrable: someDeferrable(r),
          from: ((): QualifiedName | null => {
            const others = of(w, "table").filter((x) => x.attributes.partitionBy === null);
            if (others.length === 0 || r.chance(0.5)) return null;
            const { schema, name } = r.pick(others).id;
            return { schema, name };
          })(),
        }
      : null;
  const timing = constraint
    ? "after"
    : table
      ? r.pick(["before", "after"] as const)
      : r.pick(["before", "after", "instead of"] as const);
  const level =
    constraint || timing === "instead of" ? "row" : table ? r.pick(["row", "statement"] as const) : "statement";
  const possible = events.filter((e) => e !== "truncate" || (level === "statement" && table && !foreign));
  const chosen = r.some(possible, 1, 3);
  const transitions =
    table &&
    !foreign &&
    timing === "after" &&
    !constraint &&
    chosen.length === 1 &&
    chosen[0] !== "truncate" &&
    r.chance(0.4);
  const may = transitions && (level === "statement" || !inFamily(w, t));
  const oldTable = may && chosen[0] !== "insert" && r.chance(0.7) ? "old rows" : null;
  const newTable = may && chosen[0] !== "delete" && r.chance(0.7) ? "new_rows" : null;
  const updated =
    chosen.includes("update") && oldTable === null && newTable === null && table && r.chance(0.3)
      ? r.some(columns, 1, 2).map((c) => c.id.name)
      : [];
  const word =
    level === "row" && timing !== "instead of"
      ? chosen.every((e) => e !== "insert")
        ? r.chance(0.5)
          ? "old"
          : null
        : chosen.every((e) => e !== "delete")
          ? "new"
          : null
      : null;
  // Postgres's own, which acts on nothing else.
  const suppress = timing === "before" && level === "row" && same(chosen, ["update"]);
  if (!suppress && functions.length === 0) return null;
  const called =
    functions.length > 0 && !(suppress && r.chance(0.5))
      ? r.pick(functions).id
      : ({ schema: "pg_catalog", name: "suppress_redundant_updates_trigger" } as const);
  const plain = columns.filter((c) => c.attributes.generated === null);
  const when = word !== null && table && r.chance(0.5) ? conditionOn(r, w, t.schema, plain, word) : null;
  const from = constraint?.from;
  return {
    id: old?.id ?? { kind: "trigger", schema: t.schema, table: t.name, name: ownName(r, w, t) },
    attributes: {
      constraint,
      timing,
      events: chosen,
      columns: updated,
      level,
      oldTable,
      newTable,
      when: when?.fragment ?? null,
      function: { schema: called.schema, name: called.name },
      arguments: r.chance(0.6) ? [] : r.some(["a", "it's", "", "x,y", "back\\slash", ...texts.slice(4, 8)], 1, 3),
      firing: firing(r, host),
    },
    needs: [
      host,
      ...("kind" in called ? [called] : []),
      ...columnNeeds(t, [...updated, ...(when?.columns ?? [])]),
      ...(when?.needs ?? []),
      ...(from ? [{ kind: "table", ...from } as const] : []),
    ],
  };
}

/** A trigger as it may be in this world; null when it cannot be. */
export function mendTrigger(w: World, o: DbObject<"trigger">): DbObject<"trigger"> | null {
  const a = o.attributes;
  const t = { schema: o.id.schema, name: o.id.table };
  const host = hostOf(w, o.id);
  if (!host || host.kind === "materializedView") return null;
  const f = w.objects.get(encode({ kind: "function", ...a.function, arguments: [] }));
  if (
    a.function.schema !== "pg_catalog" &&
    !(f && isKind(f, "function") && f.attributes.returns.type.sql === "trigger")
  )
    return null;
  if (host.kind === "view" && (a.timing === "instead of") !== (a.level === "row")) return null;
  if (host.kind === "table" && a.timing === "instead of") return null;
  if (a.function.schema === "pg_catalog" && !(a.timing === "before" && a.level === "row" && same(a.events, ["update"])))
    return null;
  if (a.level === "row" && (a.oldTable !== null || a.newTable !== null) && inFamily(w, t)) return null;
  const used = o.needs.filter((n) => n.kind === "column");
  if (a.when && used.some((n) => allColumns(w, t).some((c) => c.id.name === n.name && c.attributes.generated)))
    return { ...o, attributes: { ...a, when: null } };
  return o;
}

export function proposeRule(r: Rng, w: World, old?: DbObject<"rule">): DbObject<"rule"> | null {
  const all = hosts(w).filter((h) => h.kind === "view" || tableById(w, h)?.attributes.partitionBy === null);
  const host = old ? hostOf(w, old.id) : all.length > 0 ? r.pick(all) : null;
  if (!host || host.kind === "materializedView") return null;
  const t = { schema: host.schema, name: host.name };
  const table = host.kind === "table";
  const event = r.pick(["insert", "update", "delete"] as const);
  const word = event === "insert" ? "new" : "old";
  const where =
    table && r.chance(0.5)
      ? conditionOn(
          r,
          w,
          t.schema,
          allColumns(w, t).filter((c) => c.attributes.generated === null),
          word,
        )
      : null;
  const others = of(w, "table");
  const needs: Id[] = [];
  const path: string[] = [...(where?.fragment.path ?? [])];
  const statement = (): string => {
    const other = others.length > 0 ? r.pick(others).id : null;
    if (!other || r.chance(0.25)) return r.pick(["select 1", "select 'a' as x, 2 as y"]);
    const e = condition(r, { schema: t.schema, name: "" }, typed(w, allColumns(w, other)));
    if (!e || r.chance(0.3)) return "notify laws";
    needs.push(other, ...columnNeeds(other, e.columns), ...e.needs);
    path.push(...e.fragment.path);
    return `delete from ${qualified(other)} where ${e.fragment.sql}`;
  };
  const count = r.pick([0, 1, 1, 2]);
  // A rule with a condition cannot give statements that only say something.
  const list = Array.from({ length: count }, statement).map((s) => (where && s.startsWith("notify") ? "select 1" : s));
  const sql = list.join("; ");
  return {
    id: old?.id ?? { kind: "rule", schema: t.schema, table: t.name, name: ownName(r, w, t) },
    attributes: {
      event,
      where: where?.fragment ?? null,
      instead: r.chance(0.4),
      actions: count === 0 ? null : { sql, path: [...new Set(path)], canonical: null },
      firing: firing(r, host),
    },
    needs: [host, ...columnNeeds(t, where?.columns ?? []), ...(where?.needs ?? []), ...needs],
  };
}

export function proposePolicy(r: Rng, w: World, old?: DbObject<"policy">): DbObject<"policy"> | null {
  const tables = of(w, "table");
  if (tables.length === 0) return null;
  const t = old ? { schema: old.id.schema, name: old.id.table } : r.pick(tables).id;
  const columns = typed(w, allColumns(w, t));
  const command = r.pick(["all", "select", "insert", "update", "delete"] as const);
  const some = () => (r.chance(0.75) ? condition(r, { schema: t.schema, name: "" }, columns) : null);
  const using = command === "insert" ? null : some();
  const check = command === "select" || command === "delete" ? null : some();
  const roles = r.chance(0.5) ? ["public"] : r.some([...roleNames(w)].sort(), 1, 2);
  return {
    id: old?.id ?? { kind: "policy", schema: t.schema, table: t.name, name: ownName(r, w, t) },
    attributes: {
      permissive: r.chance(0.7),
      command,
      roles,
      using: using?.fragment ?? null,
      check: check?.fragment ?? null,
    },
    needs: [
      { kind: "table", schema: t.schema, name: t.name },
      ...roleNeeds(w, ...roles),
      ...columnNeeds(t, [...(using?.columns ?? []), ...(check?.columns ?? [])]),
      ...(using?.needs ?? []),
      ...(check?.needs ?? []),
    ],
  };
}

export function proposeRowSecurity(r: Rng, w: World, id?: Id<"rowSecurity">): DbObject<"rowSecurity"> | null {
  const tables = of(w, "table");
  const t = id ?? (tables.length > 0 ? r.pick(tables).id : null);
  const forced = r.chance(0.4);
  return (
    t && {
      id: { kind: "rowSecurity", schema: t.schema, name: t.name },
      attributes: { enabled: !forced || r.chance(0.6), forced },
      needs: [{ kind: "table", schema: t.schema, name: t.name }],
    }
  );
}

/** Indexes that CLUSTER can go by. */
export function clusterIndexes(w: World, t: QualifiedName): readonly DbObject[] {
  if (tableById(w, t)?.attributes.partitionBy) return [];
  return [...w.objects.values()].filter((o) => {
    if (!isOfTable(o) || o.id.schema !== t.schema || o.id.table !== t.name) return false;
    if (isKind(o, "primaryKey") || isKind(o, "unique")) return true;
    if (isKind(o, "index") || isKind(o, "exclude"))
      return ["btree", "gist"].includes(o.attributes.method) && o.attributes.where === null;
    return false;
  });
}
export function proposeCluster(r: Rng, w: World, id?: Id<"cluster">): DbObject<"cluster"> | null {
  const all = [...of(w, "table"), ...of(w, "materializedView")].filter((o) => clusterIndexes(w, o.id).length > 0);
  const t = id ?? (all.length > 0 ? r.pick(all).id : null);
  const index = t && clusterIndexes(w, t);
  if (!t || !index || index.length === 0) return null;
  const o = r.pick(index).id as Id<"index">;
  return {
    id: { kind: "cluster", schema: t.schema, name: t.name },
    attributes: { index: o.name },
    needs: [o],
  };
}
export const mendCluster = (w: World, o: DbObject<"cluster">): DbObject | null =>
  clusterIndexes(w, o.id).some((i) => "name" in i.id && i.id.name === o.attributes.index) ? o : null;
