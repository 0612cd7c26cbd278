/** Brings a world back into a state that Postgres can hold: takes out what has lost its ground, and mends what must agree. */
import { handedDown } from "../../src/kinds/parts/inheritance.ts";
import type { Attributes, DbObject, Id, Kind, QualifiedName } from "../../src/model/objects.ts";
import { differing, isKind, same } from "../../src/model/database.ts";
import { encode, sameId } from "../../src/model/id.ts";
import { mendMember } from "./propose-database.ts";
import { mendDefaultPrivilege, mendEventTrigger, mendGrant, mendOwner } from "./propose-access.ts";
import { mendCluster, mendTrigger } from "./propose-members.ts";
import { mendRows } from "./propose-kept.ts";
import { isOfBase } from "./propose-base.ts";
import { mendPartition } from "./propose-partitions.ts";
import { mendTyped } from "./propose-typed.ts";
import { mendView } from "./propose-views.ts";
import { identityIndexes, mendForeignKey } from "./propose-rest.ts";
import { plainNotNull } from "./propose-tables.ts";
import { columnType, infoOf, type TypeInfo } from "./types.ts";
import {
  allColumns,
  children,
  has,
  implicitName,
  isSupport,
  ownColumns,
  put,
  remove,
  tableById,
  tableOf,
  type World,
} from "./world.ts";

export function settle(w: World): void {
  for (let changed = true, rounds = 0; changed; rounds++) {
    changed = false;
    if (rounds > 100) throw new Error("a made-up database does not come to rest");
    for (const o of [...w.objects.values()]) {
      const columns = (): readonly unknown[] =>
        isKind(o, "primaryKey")
          ? o.attributes.columns.map((name) => w.objects.get(encode({ ...o.id, kind: "column", name })))
          : isKind(o, "typedTable")
            ? ownColumns(w, o.id)
            : [];
      const before = columns();
      const kept = grounded(w, o) ? mend(w, o) : null;
      // A primary key mends its columns, which others may come from; a typed table has those of its type.
      const after = columns();
      if (after.length !== before.length || after.some((c, i) => c !== before[i])) changed = true;
      if (kept === null) {
        remove(w, o.id);
        changed = true;
      } else if (kept !== o) {
        put(w, kept);
        if (!same(kept.attributes, o.attributes)) changed = true;
      }
    }
    changed = clashes(w) || changed;
  }
}

/** Everything that it stands on is there. */
function grounded(w: World, o: DbObject): boolean {
  if (o.id.kind === "table" && inherits(w, o.id, o.id)) return false;
  if (types.has(o.id.kind) && standsOn(w, o, encode(o.id), new Set())) return false;
  return o.needs.every((id) => there(w, id));
}
const types: ReadonlySet<string> = new Set(["domain", "composite", "range"]);
/** Whether a type is made of another, however far. */
const standsOn = (w: World, o: DbObject, other: string, seen: Set<string>): boolean =>
  o.needs.some((id) => {
    const key = encode(id);
    const next = types.has(id.kind) && !seen.has(key) ? w.objects.get(key) : undefined;
    seen.add(key);
    return key === other || (next !== undefined && standsOn(w, next, other, seen));
  });
const there = (w: World, id: Id): boolean =>
  id.kind === "column"
    ? allColumns(w, { schema: id.schema, name: id.table }).some((c) => c.id.name === id.name)
    : has(w, id);

/** Whether a table comes down from another, however far. */
function inherits(w: World, t: Id<"table">, from: Id<"table">): boolean {
  return (tableById(w, t)?.attributes.inherits ?? []).some(
    (p) => (p.schema === from.schema && p.name === from.name) || inherits(w, { kind: "table", ...p }, from),
  );
}

/** What a type's values are collated by without a word: its domain says it, or one beneath that. */
function collationOf(w: World, type: TypeInfo): QualifiedName | null {
  const { domain } = type.element ?? type;
  if (!domain) return null;
  const base = infoOf(w, domain.attributes.type.sql);
  return domain.attributes.collation ?? (base ? collationOf(w, base) : null);
}
const lost = (w: World, c: QualifiedName): boolean => c.schema !== "pg_catalog" && !has(w, { kind: "collation", ...c });

/** The object as it must be in this world; itself when nothing is amiss, null when it cannot be. */
function mend(w: World, o: DbObject): DbObject | null {
  if (isKind(o, "column")) return mendColumn(w, o);
  if ("collation" in o.attributes && o.attributes.collation && lost(w, o.attributes.collation))
    return { ...o, attributes: { ...o.attributes, collation: null } } as DbObject;
  if (isKind(o, "domain")) {
    const type = infoOf(w, o.attributes.type.sql);
    if (!type) return null;
    return o.attributes.collation && (!type.collatable || same(collationOf(w, type), o.attributes.collation))
      ? { ...o, attributes: { ...o.attributes, collation: null } }
      : o;
  }
  if (isKind(o, "composite")) {
    const { schema, name } = o.id;
    for (const a of o.attributes.attributes) {
      const id = { kind: "typeAttribute", schema, type: name, name: a.name } as const;
      if (!has(w, id)) put(w, { id, attributes: {}, needs: [o.id] });
    }
    const whole = o.attributes.attributes.map((a) => {
      const type = infoOf(w, a.type.sql);
      const idle = a.collation && (!type?.collatable || same(collationOf(w, type), a.collation));
      return idle ? { ...a, collation: null } : a;
    });
    return same(whole, o.attributes.attributes) ? o : { ...o, attributes: { attributes: whole } };
  }
  if (isKind(o, "typeAttribute")) {
    const type = w.objects.get(encode({ kind: "composite", schema: o.id.schema, name: o.id.type }));
    return type && isKind(type, "composite") && type.attributes.attributes.some((a) => a.name === o.id.name) ? o : null;
  }
  if (isKind(o, "partition")) return mendPartition(w, o);
  if (isKind(o, "typedTable")) return mendTyped(w, o);
  if (isKind(o, "table")) {
    const parents = o.attributes.inherits;
    const names = parents.flatMap((p) => allColumns(w, p).map((c) => c.id.name));
    return new Set(names).size < names.length
      ? { ...o, attributes: { ...o.attributes, inherits: parents.slice(0, 1) } }
      : o;
  }
  if (isKind(o, "primaryKey") || isKind(o, "unique")) {
    const t = tableOf(o);
    const columns = allColumns(w, t);
    const fit = o.attributes.columns.every((c, i) => {
      const type = columnType(w, t, c);
      const column = columns.find((x) => x.id.name === c);
      if (!type || !column || column.attributes.generated?.storage === "virtual") return false;
      if (o.attributes.withoutOverlaps && i === o.attributes.columns.length - 1)
        return type.class === "range" && !type.domain;
      return type.ordered;
    });
    if (!fit || !keepsColumns(w, o, o.attributes.include)) return null;
    if (isKind(o, "primaryKey"))
      for (const c of o.attributes.columns) {
        const column = columns.find((x) => x.id.name === c);
        if (!column || !column.attributes.local || column.id.table !== t.name || column.id.schema !== t.schema)
          return null;
        const n = column.attributes.notNull;
        if (!n || n.noInherit || !n.validated)
          put(w, { ...column, attributes: { ...column.attributes, notNull: plainNotNull } });
      }
    return o;
  }
  if (isKind(o, "foreignKey")) return mendForeignKey(w, o);
  if (isKind(o, "check")) {
    const { enforced, validated } = o.attributes;
    return !enforced && validated ? { ...o, attributes: { ...o.attributes, validated: false } } : o;
  }
  if (isKind(o, "index")) {
    const a = o.attributes;
    const t = tableOf(o);
    const columns = a.keys.flatMap((k) => (k.column === null ? [] : [k.column]));
    if (!keepsColumns(w, o, [...columns, ...a.include])) return null;
    if (
      a.keys.some(
        (k) =>
          k.operatorClass?.name.name === "int4_minmax_multi_ops" &&
          columnType(w, t, k.column ?? "")?.text !== "integer",
      )
    )
      return null;
    const btree = a.method === "btree";
    const canInclude = btree || a.method === "gist" || (a.method === "spgist" && w.major >= 14);
    const tidy: Attributes<"index"> = {
      ...a,
      unique: btree && a.unique,
      nullsNotDistinct: btree && a.unique && a.nullsNotDistinct,
      include: canInclude ? a.include.filter((c) => !columns.includes(c)) : [],
      keys: a.keys.map((k) => mendCollation(w, o, k)),
    };
    return same(tidy, a) ? o : { ...o, attributes: tidy };
  }
  if (isKind(o, "exclude")) {
    const columns = o.attributes.elements.flatMap((e) => (e.key.column === null ? [] : [e.key.column]));
    if (!keepsColumns(w, o, [...columns, ...o.attributes.include])) return null;
    const include = o.attributes.include.filter(
      (c) => !columns.includes(c) && ["gist", "btree"].includes(o.attributes.method),
    );
    return include.length < o.attributes.include.length ? { ...o, attributes: { ...o.attributes, include } } : o;
  }
  if (isKind(o, "textSearchDictionary")) {
    const template = w.objects.get(encode({ kind: "textSearchTemplate", ...o.attributes.template }));
    const takesNone = template && isKind(template, "textSearchTemplate") && template.attributes.init === null;
    return takesNone && Object.keys(o.attributes.options).length
      ? { ...o, attributes: { ...o.attributes, options: {} } }
      : o;
  }
  if (isKind(o, "publicationTable") || isKind(o, "publicationSchema")) return mendMember(w, o);
  if (isKind(o, "replicaIdentity"))
    return o.attributes.mode !== "index" || identityIndexes(w, o.id).includes(o.attributes.index ?? "") ? o : null;
  if (isKind(o, "statistics")) {
    const { table, columns } = o.attributes;
    const all = allColumns(w, table);
    const fit = columns.every(
      (c) =>
        columnType(w, table, c)?.ordered === true &&
        all.some((x) => x.id.name === c && x.attributes.generated?.storage !== "virtual"),
    );
    return fit ? o : null;
  }
  if (isKind(o, "view") || isKind(o, "materializedView")) return mendView(w, o);
  if (isKind(o, "trigger")) return mendTrigger(w, o);
  if (isKind(o, "cluster")) return mendCluster(w, o);
  // Members of a class's family that no class has would be the class's when it is made.
  if (isKind(o, "operatorFamily") && o.attributes.operators.length + o.attributes.functions.length > 0) {
    const { schema, name } = o.id;
    const taken = [...w.objects.values()].some(
      (c) => isKind(c, "operatorClass") && same(c.attributes.family, { schema, name }),
    );
    return taken ? { ...o, attributes: { operators: [], functions: [] } } : o;
  }
  if (isKind(o, "rows")) return mendRows(w, o);
  if (isKind(o, "owner")) return mendOwner(w, o);
  if (isKind(o, "grant")) return mendGrant(w, o);
  if (isKind(o, "defaultPrivilege")) return mendDefaultPrivilege(w, o);
  if (isKind(o, "eventTrigger")) return mendEventTrigger(w, o);
  if (isKind(o, "function") && isSupport(o)) return isOfBase(w, o) ? o : null;
  // Once there is a type behind the name, what is said is said of the type.
  if (isKind(o, "comment") && o.id.target.kind === "shellType")
    return has(w, { ...o.id.target, kind: "baseType" }) ? null : o;
  // What calls a function may not be allowed what its owner is not.
  if (isKind(o, "function") && o.attributes.security === "definer" && isCalled(w, o))
    return { ...o, attributes: { ...o.attributes, security: "invoker" } };
  if (isKind(o, "sequenceOwner")) {
    const { schema, table, name } = o.attributes.column;
    const column = w.objects.get(encode({ kind: "column", schema, table, name }));
    return column && isKind(column, "column") && column.attributes.local ? o : null;
  }
  return o;
}

const isCalled = (w: World, f: DbObject<"function">): boolean =>
  [...w.objects.values()].some(
    (x) =>
      ["column", "view", "materializedView", "function", "procedure"].includes(x.id.kind) &&
      x.needs.some((n) => sameId(n, f.id)),
  );

const mendCollation = (w: World, o: DbObject<"index">, k: Attributes<"index">["keys"][number]): typeof k => {
  if (!k.collation || k.column === null) return k;
  const t = tableOf(o);
  const column = allColumns(w, t).find((c) => c.id.name === k.column);
  const type = columnType(w, t, k.column);
  const own = column?.attributes.collation ?? (type ? collationOf(w, type) : null);
  return !type?.collatable || same(own, k.collation) ? { ...k, collation: null } : k;
};

/** These columns are there and stand on disk. */
const keepsColumns = (
  w: World,
  o: DbObject<"index" | "exclude" | "primaryKey" | "unique">,
  columns: readonly string[],
): boolean =>
  columns.every((c) =>
    allColumns(w, tableOf(o)).some((x) => x.id.name === c && x.attributes.generated?.storage !== "virtual"),
  );

function mendColumn(w: World, o: DbObject<"column">): DbObject<"column"> | null {
  const t = tableOf(o);
  const table = tableById(w, t);
  if (!table) return null;
  const inherited = table.attributes.inherits.flatMap((p) => allColumns(w, p)).find((c) => c.id.name === o.id.name);
  if (
    inherited &&
    (inherited.attributes.generated || inherited.attributes.identity || o.attributes.generated || o.attributes.identity)
  )
    return null;
  if (!inherited && !o.attributes.local) return null;
  const type = infoOf(w, inherited?.attributes.type.sql ?? o.attributes.type.sql);
  if (!type) return null;
  const a = { ...o.attributes };
  if (inherited) {
    // Not null where any of the parents is.
    const n = handedDown(o.id, w.objects)?.attributes.notNull ?? inherited.attributes.notNull;
    Object.assign(a, {
      type: inherited.attributes.type,
      collation: inherited.attributes.collation,
      storage: inherited.attributes.storage,
      compression: inherited.attributes.compression,
      notNull:
        n && !n.noInherit
          ? { ...plainNotNull, validated: n.validated }
          : o.attributes.local
            ? o.attributes.notNull
            : null,
    });
    if (!same(inherited.attributes.type, o.attributes.type))
      Object.assign(a, { default: null, statistics: a.statistics ?? 10 });
  }
  const family = children(w, t).length > 0 || table.attributes.inherits.length > 0;
  const n = a.notNull;
  if (family && n && (n.name !== null || n.noInherit || !n.validated)) Object.assign(a, { notNull: plainNotNull });
  if (a.identity && (!n || n.noInherit || !n.validated)) Object.assign(a, { notNull: plainNotNull });
  if (a.identity && !["smallint", "integer", "bigint"].includes(type.text)) Object.assign(a, { identity: null });
  if (a.generated) {
    const uses = o.needs.filter((id): id is Id<"column"> => id.kind === "column");
    const broken = uses.some((id) =>
      allColumns(w, t).some((c) => c.id.name === id.name && c.attributes.generated !== null),
    );
    if (broken) Object.assign(a, { generated: null });
    else if (a.generated.storage === "virtual") {
      if (type.needs.length > 0 || uses.some((id) => (columnType(w, t, id.name)?.needs.length ?? 1) > 0))
        Object.assign(a, { generated: null });
      else Object.assign(a, { notNull: null, compression: null, statistics: null });
    }
  }
  if (a.identity || a.generated) Object.assign(a, { default: null });
  if (a.generated) Object.assign(a, { identity: null });
  if (a.collation && (!type.collatable || same(type.usual, a.collation))) Object.assign(a, { collation: null });
  if (a.storage && (!type.storage || a.storage === type.storage)) Object.assign(a, { storage: null });
  if (a.compression && !type.storage) Object.assign(a, { compression: null });
  // One that says nothing of its own is no object.
  if (inherited && !a.local && !w.objects.has(encode({ kind: "comment", target: o.id }))) {
    const down = handedDown(o.id, w.objects);
    const own = down ? differing(down, { ...o, attributes: a }) : ["type"];
    if (own.length === 0) return null;
    // Another text may be the parent's default all the same.
    if (same(own, ["default"]) && a.default && down?.attributes.default) Object.assign(a, { statistics: 10 });
  }
  if (same(a, o.attributes)) return o;
  // What stood behind a generated expression that is gone is needed no more.
  const needs = a.generated || !o.attributes.generated ? o.needs : o.needs.filter((id) => id.kind !== "column");
  return { ...o, attributes: a, needs: [...needs, ...type.needs] };
}

/** Kinds that have no name of their own, or one that only matters in what they belong to. */
const nameless = new Set<Kind>([
  "rows",
  "sequenceOwner",
  "replicaIdentity",
  "domainCheck",
  "typeAttribute",
  "rowSecurity",
  "cluster",
  "partition",
  "typedTable",
  "baseType",
  "cast",
  "transform",
  "operator",
  "operatorFamily",
  "operatorClass",
]);

/** Takes out objects whose name another has already, the names that Postgres would give to sequences of identities counted. */
function clashes(w: World): boolean {
  const taken = new Map<string, Id>();
  let found = false;
  for (const o of [...w.objects.values()]) {
    const names: string[] = [];
    if (isKind(o, "column")) {
      const s = o.attributes.identity;
      if (s) names.push(s.name?.name ?? implicitName(o.id.table, o.id.name, "seq"));
    } else if ("schema" in o.id && "name" in o.id && !nameless.has(o.id.kind))
      names.push("arguments" in o.id ? JSON.stringify(["routine", o.id.name, o.id.arguments]) : o.id.name);
    if (isKind(o, "range") && o.attributes.multirange) names.push(o.attributes.multirange.name);
    for (const name of names) {
      const key = JSON.stringify(["schema" in o.id ? o.id.schema : "", name]);
      if (taken.has(key)) {
        if (isKind(o, "column")) put(w, { ...o, attributes: { ...o.attributes, identity: null } });
        else remove(w, o.id);
        found = true;
      } else taken.set(key, o.id);
    }
  }
  return found;
}
