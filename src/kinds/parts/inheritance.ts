/** Tables that inherit, partitions among them: who is whose parent, what a parent's column means for its heirs, and the other way round. */
import type { Attributes, DbObject, Id, QualifiedName } from "../../model/objects.ts";
import type { Index } from "../../model/database.ts";
import { isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import { qualified } from "../../sql.ts";
import type { Context, Followed } from "../room.ts";
import { impliedNames } from "./names.ts";
import { keepsPlace, partitionAt, partitionId } from "./partitions.ts";
import { columnOf, tableOf } from "./table.ts";

type Column = DbObject<"column">;
type Table = DbObject<"table">;

/** The tables that inherit directly, by their parent's qualified name; found once for each database. */
const childrenIn = oncePer((all: Index): ReadonlyMap<string, readonly Table[]> => {
  const made = new Map<string, Table[]>();
  for (const o of all.values())
    if (isKind(o, "table"))
      for (const p of parentsOfTable(o, all)) {
        const list = made.get(qualified(p));
        if (list) list.push(o);
        else made.set(qualified(p), [o]);
      }
  return made;
});

/** What stands in tables that inherit, and in their parents, by the table's qualified name; found once for each database. */
export const partsIn = oncePer((all: Index): ReadonlyMap<string, readonly DbObject<"column" | "check">[]> => {
  const family = new Set<string>();
  for (const [parent, heirs] of childrenIn(all)) {
    family.add(parent);
    for (const h of heirs) family.add(qualified(h.id));
  }
  const made = new Map<string, DbObject<"column" | "check">[]>([...family].map((t) => [t, []]));
  if (family.size)
    for (const o of all.values())
      if (isKind(o, "column") || isKind(o, "check"))
        made.get(qualified({ schema: o.id.schema, name: o.id.table }))?.push(o);
  return made;
});

/** Ids of the columns of a table; found once for each database. */
export const columnIdsIn = (t: QualifiedName, all: Index): readonly Column["id"][] =>
  columns(all).get(qualified(t)) ?? [];
const columns = oncePer((all: Index): ReadonlyMap<string, readonly Column["id"][]> => {
  const made = new Map<string, Column["id"][]>();
  for (const o of all.values()) {
    if (!isKind(o, "column")) continue;
    const table = qualified({ schema: o.id.schema, name: o.id.table });
    const list = made.get(table);
    if (list) list.push(o.id);
    else made.set(table, [o.id]);
  }
  return made;
});

/** Its parents, or the table that it is a partition of. */
export function parentsOfTable(t: Table, all: Index): readonly QualifiedName[] {
  const partition = partitionAt(t.id, all);
  return partition ? [partition.attributes.of] : t.attributes.inherits;
}

export const childrenOf = (t: QualifiedName, all: Index): readonly Table[] => childrenIn(all).get(qualified(t)) ?? [];

const tableAt = (t: QualifiedName, all: Index): Table | null => {
  const found = all.get(encode({ kind: "table", schema: t.schema, name: t.name }));
  return found && isKind(found, "table") ? found : null;
};
export const columnAt = (id: Column["id"], all: Index): Column | null => {
  const found = all.get(encode(id));
  return found && isKind(found, "column") ? found : null;
};
export const parentsOf = (
  t: { readonly schema: string; readonly table: string },
  all: Index,
): readonly QualifiedName[] => {
  const found = tableAt({ schema: t.schema, name: t.table }, all);
  return found ? parentsOfTable(found, all) : [];
};

/** The columns of its table's direct parents that a column comes from. */
export const parentColumns = (id: Column["id"], all: Index): readonly Column[] =>
  parentsOf(id, all).flatMap((p) => columnAt(columnOf({ schema: p.schema, table: p.name }, id.name), all) ?? []);

/**
 * The column as a new table gets it from its parents: the type and storage of the first that has it, the first default
 * there is, not null when one of them is; neither identity, nor options of any sort, nor statistics target. Null when no parent has it.
 */
export function handedDown(id: Column["id"], all: Index, seen: ReadonlySet<string> = new Set()): Column | null {
  const key = encode(id);
  if (seen.has(key)) return null;
  const found = parentsOf(id, all).flatMap((p) => {
    const at = columnOf({ schema: p.schema, table: p.name }, id.name);
    return columnAt(at, all) ?? handedDown(at, all, new Set([...seen, key])) ?? [];
  });
  const [first] = found;
  if (!first) return null;
  const notNulls = found.flatMap(({ attributes: { notNull: n } }) => (n && !n.noInherit ? [n] : []));
  return {
    id,
    attributes: {
      ...first.attributes,
      notNull: notNulls[0] ? { ...notNulls[0], name: null } : null,
      default: found.find((c) => c.attributes.default)?.attributes.default ?? null,
      identity: null,
      options: {},
      foreignOptions: {},
      statistics: null,
      local: false,
    },
    needs: [...new Map(found.flatMap((c) => c.needs.map((n) => hereAs(n, c, id))).map((n) => [encode(n), n])).values()],
  };
}

/** What a parent's column needs, as its heir's does: a column of the parent's table is one of the heir's. */
const hereAs = (need: Id, parent: Column, id: Column["id"]): Id =>
  need.kind === "column" && need.schema === parent.id.schema && need.table === parent.id.table
    ? columnOf(id, need.name)
    : need;

/** The name of the not-null constraint, said or not (PostgreSQL 18): one that parents hand down has theirs. */
export function notNullName(o: Column, all: Index, seen: ReadonlySet<string> = new Set()): string {
  const { notNull, local } = o.attributes;
  if (notNull?.name != null) return notNull.name;
  const key = encode(o.id);
  const giver =
    local || seen.has(key) ? undefined : parentColumns(o.id, all).find((p) => inheritable(p.attributes.notNull));
  return giver ? notNullName(giver, all, new Set([...seen, key])) : impliedNames.notNull(o.id.table, o.id.name);
}
/** The same, its not null's name left to what goes without saying. */
export const withoutName = (o: Column): Column => ({
  ...o,
  attributes: { ...o.attributes, notNull: o.attributes.notNull && { ...o.attributes.notNull, name: null } },
});
export const inheritable = (n: Attributes<"column">["notNull"]): boolean => n !== null && !n.noInherit;

/** The tables that inherit, each after its parents. */
export function tablesBelow(all: Index): readonly Table[] {
  const out = new Map<string, Table>();
  const open = new Set<string>();
  const visit = (t: Table): void => {
    const key = encode(t.id);
    // A circle is an error of the text, which Postgres tells.
    if (out.has(key) || open.has(key)) return;
    open.add(key);
    for (const p of parentsOfTable(t, all)) {
      const parent = tableAt(p, all);
      if (parent && parentsOfTable(parent, all).length) visit(parent);
    }
    out.set(key, t);
  };
  for (const heirs of childrenIn(all).values()) for (const t of heirs) visit(t);
  return [...out.values()];
}

/** Columns that tables have from their parents and that are no objects of the database, because nothing in them is their own. */
export function unsaidColumns(all: Index): readonly Column[] {
  const out = new Map<string, Column>();
  const names = new Map<string, Set<string>>();
  const namesOf = (t: QualifiedName): Set<string> => {
    const key = qualified(t);
    let found = names.get(key);
    if (!found) {
      found = new Set();
      for (const c of partsIn(all).get(key) ?? []) if (isKind(c, "column")) found.add(c.id.name);
      names.set(key, found);
    }
    return found;
  };
  for (const t of tablesBelow(all))
    for (const p of parentsOfTable(t, all))
      for (const n of namesOf(p)) {
        namesOf(t.id).add(n);
        const id = columnOf({ schema: t.id.schema, table: t.id.name }, n);
        const key = encode(id);
        if (all.has(key) || out.has(key)) continue;
        const made = handedDown(id, all);
        if (made) out.set(key, { ...made, implied: true });
      }
  return [...out.values()];
}

/** A table and those below it, which its columns and checks reach as well. */
export function reach(table: Id<"table">, all: Index): readonly Id<"table">[] {
  const below = new Map([[encode(table), table]]);
  const walk = (t: Id<"table">): void => {
    for (const child of childrenOf(t, all)) {
      const key = encode(child.id);
      if (below.has(key)) continue;
      below.set(key, child.id);
      walk(child.id);
    }
  };
  walk(table);
  return [...below.values()];
}

/**
 * The parents that a table keeps from one state to the next. Parents stand in the order in which they came: what is
 * wanted must be some that were there, in their order, and then new ones.
 */
export function keptParents(
  was: Attributes<"table">["inherits"],
  is: Attributes<"table">["inherits"],
): readonly QualifiedName[] {
  const kept: QualifiedName[] = [];
  let at = 0;
  for (const p of is) {
    const found = was.findIndex((w, i) => i >= at && w.schema === p.schema && w.name === p.name);
    if (found < 0) break;
    kept.push(p);
    at = found + 1;
  }
  return kept;
}

/** Whether a table stays another's child all through the plan. */
export function keepsParent(
  child: { readonly schema: string; readonly table: string },
  parent: QualifiedName,
  context: Context,
): boolean {
  const { from, to } = context;
  const table = { schema: child.schema, name: child.table };
  if (partitionAt(table, from) || partitionAt(table, to))
    return keepsPlace(table, context) && qualified(partitionAt(table, to)!.attributes.of) === qualified(parent);
  return keptParents(parentsOf(child, from), parentsOf(child, to)).some(
    (p) => p.schema === parent.schema && p.name === parent.name,
  );
}

/** The work by which a table leaves a parent. */
export const leavingOf = (t: Id<"table">, context: Context): Followed =>
  partitionAt(t, context.from) ? { id: partitionId(t), roles: ["drop"] } : { id: t, roles: ["alter"] };

/** The work by which the table itself leaves a parent; none where it leaves none. */
export const leavingHere = (
  t: { readonly schema: string; readonly table: string },
  context: Context,
): readonly Followed[] => {
  const table = tableOf(t);
  return context.to.has(encode(table)) && parentsOf(t, context.from).some((p) => !keepsParent(t, p, context))
    ? [leavingOf(table, context)]
    : [];
};

/** The work by which tables below this one, however far, leave it or one between: before that, what changes here reaches them. */
export const leavingBelow = (t: QualifiedName, context: Context): readonly Followed[] =>
  childrenOf(t, context.from).flatMap((c) =>
    context.to.has(encode(c.id)) && !keepsParent({ schema: c.id.schema, table: c.id.name }, t, context)
      ? [leavingOf(c.id, context)]
      : leavingBelow(c.id, context),
  );

/** Parents' columns, there before and after, that hand this one down all through the plan. */
export const keepers = (id: Column["id"], context: Context): readonly Column["id"][] =>
  parentColumns(id, context.to).flatMap((p) =>
    context.from.has(encode(p.id)) && keepsParent(id, { schema: p.id.schema, name: p.id.table }, context) ? [p.id] : [],
  );

/** The columns, there before and after, that this one hands itself down to all through the plan; direct children's only. */
export const keptHeirs = (id: Column["id"], context: Context): readonly Column["id"][] =>
  childrenOf({ schema: id.schema, name: id.table }, context.to).flatMap((t) => {
    const at = columnOf({ schema: t.id.schema, table: t.id.name }, id.name);
    return context.from.has(encode(at)) &&
      context.to.has(encode(at)) &&
      keepsParent(at, { schema: id.schema, name: id.table }, context)
      ? [at]
      : [];
  });
