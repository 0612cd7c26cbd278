/** What the rows of a table have to meet, and where their work stands among the rest: before it, after it. */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind, same } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import type { Context, Followed, Role } from "../room.ts";
import { checksOf } from "./boundTypes.ts";
import { childrenOf, columnAt, columnIdsIn } from "./inheritance.ts";
import { partitionAt, partitionId } from "./partitions.ts";
import { holderOf, type Rows, rowsOf } from "./rowKey.ts";
import { typeIn } from "./typeIds.ts";
import { typeText } from "./types.ts";

/** `nulls`: two of them are one too many. */
export interface Unique {
  readonly id: Id<"unique" | "index">;
  readonly columns: readonly string[];
  readonly nulls: boolean;
}
interface Constraints {
  /** All of the table's own, by which its rows can be refused. */
  readonly own: readonly Id[];
  /** Unique constraints and indexes of columns alone. */
  readonly uniques: readonly Unique[];
  /** Foreign keys of other tables to this one. */
  readonly referring: readonly DbObject<"foreignKey">[];
  readonly refersToItself: boolean;
}
const nothing: Constraints = { own: [], uniques: [], referring: [], refersToItself: false };

/** What the rows of a table have to meet, or other tables' rows because of them. */
export const constraintsOf = (o: { readonly id: QualifiedName }, all: Index): Constraints =>
  constraintsByTable(all).get(encode(holderOf(o))) ?? nothing;
/** Each database is looked through once, whatever the number of tables with rows. */
const constraintsByTable = oncePer(constraintsIn);
/** The partitions of a table and theirs, which rows are put into. */
const partitionsBelow = (t: QualifiedName, all: Index): readonly Id<"partition">[] =>
  childrenOf(t, all).flatMap(({ id }) => (partitionAt(id, all) ? [partitionId(id), ...partitionsBelow(id, all)] : []));
function constraintsIn(all: Index): ReadonlyMap<string, Constraints> {
  interface Growing {
    own: Id[];
    uniques: Unique[];
    referring: DbObject<"foreignKey">[];
    refersToItself: boolean;
  }
  const out = new Map<string, Growing>();
  const at = (schema: string, table: string): Growing => {
    const key = encode({ kind: "table", schema, name: table });
    let found = out.get(key);
    if (!found) out.set(key, (found = { own: [], uniques: [], referring: [], refersToItself: false }));
    return found;
  };
  for (const o of all.values()) {
    if (isKind(o, "foreignKey")) {
      const { references } = o.attributes;
      const own = at(o.id.schema, o.id.table);
      own.own.push(o.id);
      if (references.schema === o.id.schema && references.name === o.id.table) own.refersToItself = true;
      else at(references.schema, references.name).referring.push(o);
    } else if (isKind(o, "unique")) {
      at(o.id.schema, o.id.table).own.push(o.id);
      const { columns, nullsNotDistinct } = o.attributes;
      at(o.id.schema, o.id.table).uniques.push({ id: o.id, columns, nulls: nullsNotDistinct });
    } else if (isKind(o, "index") && o.attributes.unique) {
      at(o.id.schema, o.id.table).own.push(o.id);
      const columns = o.attributes.keys.flatMap((k) => (k.column === null ? [] : [k.column]));
      if (columns.length === o.attributes.keys.length && !o.attributes.where)
        at(o.id.schema, o.id.table).uniques.push({ id: o.id, columns, nulls: o.attributes.nullsNotDistinct });
    } else if (isKind(o, "check") || isKind(o, "exclude") || isKind(o, "primaryKey"))
      at(o.id.schema, o.id.table).own.push(o.id);
  }
  return out;
}
/** Rows that come before what tables that are there are to have from now on: a key, a check or a reference may be met by them alone. */
export const rowsBefore = (
  ...tables: readonly { readonly schema: string; readonly table: string }[]
): readonly Followed[] => tables.map((t) => ({ id: rowsOf(t), roles: ["create", "alter", "after"] }));

/** The same of what a table's partitions have to have before they are its: rows wait for those that come. */
export const ownRowsBefore = (
  t: { readonly schema: string; readonly table: string },
  { from, to }: Context,
): readonly Followed[] =>
  partitionsBelow({ schema: t.schema, name: t.table }, to).every((p) =>
    same(from.get(encode(p))?.attributes, to.get(encode(p))?.attributes),
  )
    ? rowsBefore(t)
    : [];

/**
 * What rows wait for: the partitions that take them; what they no longer have to meet goes first; and rows that others refer to
 * go after those, unless they themselves need those.
 */
export function rowsFollow(o: Rows, role: Role, { from, to }: Context): readonly Followed[] {
  const { own: constraints, referring } = constraintsOf(o, from);
  const own = [...constraints, ...domainChecksOf(o, from, to)];
  const dropped = (ids: readonly Id[]): readonly Followed[] => ids.map((id) => ({ id, roles: ["drop"] }));
  if (role === "create" || role === "alter")
    return [...dropped(own), ...partitionsBelow(o.id, to).map((id): Followed => ({ id, roles: ["create", "alter"] }))];
  if (role === "before") return [...dropped(own), ...dropped(referring.map((f) => f.id))];
  if (role !== "after" && role !== "drop") return [];
  const needed = rowsNeeded(o, from, to);
  return [
    ...dropped(own),
    ...dropped(referring.map((f) => f.id)),
    ...referring.flatMap((f): readonly Followed[] => {
      const id = rowsOf(f.id);
      return needed.has(encode(id)) ? [] : [{ id, roles: ["create", "alter", "after", "drop"] }];
    }),
  ];
}
/** The checks of the domains that the table's columns are of. Those of a domain that goes go with it, after the columns. */
function domainChecksOf(o: Rows, from: Index, to: Index): readonly Id[] {
  const ofType = (type: string): readonly Id[] => {
    const id = typeIn(type, from);
    const domain = id && to.has(encode(id)) ? from.get(encode(id)) : undefined;
    return domain && isKind(domain, "domain")
      ? [...checksOf(domain.id, from), ...ofType(typeText(domain.attributes.type))]
      : [];
  };
  return columnIdsIn(o.id, from).flatMap((id) => {
    const column = columnAt(id, from);
    return column ? ofType(typeText(column.attributes.type)) : [];
  });
}
/** The rows that these need, and what those need in turn, by encoded ids. */
export function rowsNeeded(o: Rows, from: Index, to: Index): ReadonlySet<string> {
  const out = new Set<string>();
  const queue: DbObject[] = [o];
  for (let at = queue.pop(); at; at = queue.pop())
    for (const need of at.needs) {
      const key = encode(need);
      if (need.kind !== "rows" || out.has(key)) continue;
      out.add(key);
      const next = to.get(key) ?? from.get(key);
      if (next) queue.push(next);
    }
  return out;
}
