/** New views and materialized views that fit into a world. */
import { isKind, same } from "../../src/model/database.ts";
import type { Attributes, DbObject, Fragment, Id, Options } from "../../src/model/objects.ts";
import { name, qualified } from "../../src/sql.ts";
import { defaultFor } from "./expressions.ts";
import { freshName } from "./names.ts";
import { newName, schemaNeed, someSchema } from "./propose-types.ts";
import { columnNeeds } from "./propose-keys.ts";
import { pickOptions, someTablespace } from "./propose-tables.ts";
import { callable } from "./propose-routines.ts";
import {
  conditionOn,
  shownColumns,
  shownFacts,
  shownType,
  sources,
  type Queried,
  type Shown,
  type Source,
} from "./queries.ts";
import type { Rng } from "./rng.ts";
import { infoOf } from "./types.ts";
import { allColumns, type World } from "./world.ts";

interface Query {
  readonly sql: string;
  readonly path: readonly string[];
  readonly shown: readonly Shown[];
  readonly needs: readonly Id[];
  /** What it reads of views. */
  readonly reads: readonly (readonly [Id, readonly string[]])[];
  /** Postgres can write through it. */
  readonly simple: boolean;
}

const needsOf = (s: Source, columns: readonly Shown[]): readonly Id[] =>
  s.id.kind === "table"
    ? [
        s.id,
        ...columnNeeds(
          s.id,
          columns.map((c) => c.name),
        ),
      ]
    : [s.id];

function proposeQuery(r: Rng, w: World, schema: string, own: Id): Query {
  const all = sources(w, own).filter((s) => s.columns.length > 0);
  const taken = new Set<string>();
  const fresh = (wish?: string): string => {
    const n = wish !== undefined && !taken.has(wish) && r.chance(0.6) ? wish : freshName(r, taken);
    taken.add(n);
    return n;
  };
  if (all.length === 0 || r.chance(0.05)) {
    const n = fresh();
    return {
      sql: `select 1 as ${name(n)}`,
      path: [],
      shown: [{ name: n, from: null }],
      needs: [],
      reads: [],
      simple: false,
    };
  }
  const s = r.pick(all);
  const alias = r.pick(["t", "x", "Alias", "order"]);
  const a = name(alias);
  const chosen = r.some(s.columns, 1, 4);
  const shown: Shown[] = [];
  const list = chosen.map((c) => {
    const n = fresh(c.name);
    shown.push({ name: n, from: c.from });
    return `${a}.${name(c.name)}${n === c.name && r.chance(0.5) ? "" : ` as ${name(n)}`}`;
  });
  const needs: Id[] = [...needsOf(s, chosen)];
  const reads: [Id, readonly string[]][] = [[s.id, chosen.map((c) => c.name)]];
  const path: string[] = [];
  const from = `from ${qualified(s.id)} as ${a}`;
  const where = ((): string => {
    if (!r.chance(0.5)) return "";
    if (s.id.kind !== "table") return ` where ${a}.${name(r.pick(chosen).name)} is not null`;
    const e = conditionOn(r, w, schema, allColumns(w, s.id), a);
    if (!e) return "";
    needs.push(...columnNeeds(s.id, e.columns), ...e.needs);
    path.push(...e.fragment.path);
    return ` where ${e.fragment.sql}`;
  })();
  const plain = (sql: string, simple: boolean, more: readonly Shown[] = shown): Query => ({
    sql,
    path,
    shown: more,
    needs,
    reads: reads.filter(([id]) => id.kind !== "table"),
    // What is stored takes no rows, and what shows a view takes them only where that does.
    simple: simple && s.id.kind === "table",
  });
  switch (r.pick([0, 1, 3, 4, 5, 6, 7, 8])) {
    case 0: {
      const keys = s.id.kind === "table" ? chosen.filter((c) => shownType(w, c)?.ordered === true) : [];
      const by = keys.length > 0 ? r.pick(keys) : null;
      if (by) taken.add(by.name);
      const n = fresh("n");
      const out = by ? `${a}.${name(by.name)}, ` : "";
      return plain(
        `select ${out}count(*) as ${name(n)} ${from}${where}${by ? ` group by ${a}.${name(by.name)}` : ""}`,
        false,
        [...(by ? [{ name: by.name, from: by.from }] : []), { name: n, from: null }],
      );
    }
    case 1: {
      const t = r.pick(all);
      const c = r.pick(t.columns);
      const n = fresh(c.name);
      needs.push(...needsOf(t, [c]));
      reads.push([t.id, [c.name]]);
      const [join, on] = r.pick([
        ["cross join", ""],
        ["left join", " on true"],
      ]);
      return plain(
        `select ${list.join(", ")}, y.${name(c.name)} as ${name(n)} ${from} ${join} ${qualified(t.id)} y${on}${where}`,
        false,
        [...shown, { name: n, from: c.from }],
      );
    }
    case 3: {
      const calls = own.kind === "view" ? callable(w, own) : [];
      if (calls.length === 0) return plain(`select ${list.join(", ")} ${from}${where}`, true);
      const f = r.pick(calls);
      const n = fresh(f.id.name);
      needs.push(f.id);
      return plain(`select ${list.join(", ")}, ${qualified(f.id)}() as ${name(n)} ${from}${where}`, true, [
        ...shown,
        { name: n, from: null },
      ]);
    }
    case 4:
      return plain(`select ${list.join(", ")} ${from}${where} limit ${1 + r.int(9)}`, false);
    case 5:
      return plain(
        `with w as (select ${list.join(", ")} ${from}${where}) select ${shown.map((c) => `w.${name(c.name)}`).join(", ")} from w`,
        false,
      );
    default:
      return plain(`select ${list.join(", ")} ${from}${where}`, true);
  }
}

const fragment = (q: Query): Fragment => ({ sql: q.sql, path: [...new Set(q.path)], canonical: null });

const factsOf = (q: Query) => ({
  ...shownFacts(q.shown),
  reads: JSON.stringify(q.reads),
  simple: String(q.simple),
});
/** The query that it has. */
const queryOf = (o: Queried): Query => ({
  ...o.attributes.query,
  shown: shownColumns(o),
  needs: o.needs,
  reads: JSON.parse(o.facts?.["reads"] ?? "[]") as Query["reads"],
  simple: o.facts?.["simple"] === "true",
});

/** `old`: more often than not its query stays. */
export function proposeView(r: Rng, w: World, old?: DbObject<"view">): DbObject<"view"> {
  const id = old?.id ?? { kind: "view" as const, ...newName(r, w, someSchema(r, w)) };
  const q = old && r.chance(0.6) ? queryOf(old) : proposeQuery(r, w, id.schema, id);
  const defaults: Record<string, Fragment> = {};
  const needs: Id[] = [];
  if (q.simple && r.chance(0.4))
    for (const c of r.some(q.shown, 1, 2)) {
      const type = shownType(w, c);
      const value = type && defaultFor(r, w, id.schema, type);
      if (!value) continue;
      defaults[c.name] = value.fragment;
      needs.push(...value.needs);
    }
  const options: Options = r.chance(0.5)
    ? {}
    : pickOptions(
        r,
        {
          security_barrier: r.pick(["true", "false"]),
          ...(q.simple ? { check_option: r.pick(["local", "cascaded"]) } : {}),
          ...(w.major >= 15 ? { security_invoker: r.pick(["true", "false"]) } : {}),
        },
        3,
      );
  return {
    id,
    attributes: { query: fragment(q), options, defaults },
    needs: [...schemaNeed(id.schema), ...q.needs, ...needs],
    facts: factsOf(q),
  };
}

export function proposeMaterializedView(
  r: Rng,
  w: World,
  old?: DbObject<"materializedView">,
): DbObject<"materializedView"> {
  const id = old?.id ?? { kind: "materializedView" as const, ...newName(r, w, someSchema(r, w)) };
  const q = old && r.chance(0.6) ? queryOf(old) : proposeQuery(r, w, id.schema, id);
  const storable = q.shown.filter((c) => infoOf(w, shownType(w, c)?.text ?? "")?.storage);
  const columns = Object.fromEntries(
    (r.chance(0.5) ? r.some(storable, 1, 2) : []).map((c) => {
      const usual = shownType(w, c)!.storage;
      const storage = r.pick([
        null,
        ...(["plain", "external", "extended", "main"] as const).filter((s) => s !== usual),
      ]);
      return [
        c.name,
        {
          storage,
          compression:
            w.major >= 14 && r.chance(0.3) ? (w.lz4 ? r.pick(["pglz", "lz4"] as const) : ("pglz" as const)) : null,
          statistics: storage === null || r.chance(0.4) ? r.pick([0, 100, 1000]) : null,
          options: r.chance(0.2) ? { n_distinct: "5" } : {},
        },
      ];
    }),
  );
  return {
    id,
    attributes: {
      query: fragment(q),
      options: r.chance(0.6)
        ? {}
        : pickOptions(r, { fillfactor: String(10 + r.int(91)), autovacuum_enabled: r.pick(["true", "false"]) }, 2),
      using: w.accessMethods.length > 0 && r.chance(0.2) ? r.pick(w.accessMethods) : "heap",
      tablespace: someTablespace(r, w),
      columns,
    },
    needs: [...schemaNeed(id.schema), ...q.needs],
    facts: factsOf(q),
  };
}

/** The view as it must be in this world: null when it reads a view that shows something else now. */
export function mendView(w: World, o: Queried): DbObject | null {
  const all = new Map(sources(w, o.id).map((s) => [JSON.stringify(s.id), s] as const));
  const reads = JSON.parse(o.facts?.["reads"] ?? "[]") as [Id, string[]][];
  for (const [id, columns] of reads) {
    const s = all.get(JSON.stringify(id));
    if (!s || columns.some((c) => !s.columns.some((x) => x.name === c))) return null;
  }
  if (!isKind(o, "materializedView")) return o;
  const tidy: Record<string, Stored> = {};
  for (const [c, said] of Object.entries(o.attributes.columns)) {
    const shown = shownColumns(o).find((x) => x.name === c);
    const usual = shown ? (shownType(w, shown)?.storage ?? null) : null;
    if (usual === null) continue;
    const is = { ...said, storage: said.storage === usual ? null : said.storage };
    if (is.storage !== null || is.compression !== null || is.statistics !== null || Object.keys(is.options).length > 0)
      tidy[c] = is;
  }
  return same(tidy, o.attributes.columns) ? o : { ...o, attributes: { ...o.attributes, columns: tidy } };
}
type Stored = Attributes<"materializedView">["columns"][string];
