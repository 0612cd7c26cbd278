/**
 * Indexes and constraints that partitions have because the table above has them. Each is an object of its own, said or not. A
 * partition gets them before it is attached, and then Postgres links what is equal; afterwards it makes and drops them with the
 * one above, unless they have names or options of their own.
 */
import type { DbObject, Id, PartOf, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { sameId } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import { qualified } from "../../sql.ts";
import { tableName } from "./partitions.ts";

const partKinds = ["primaryKey", "unique", "exclude", "index", "foreignKey"] as const;
export type PartKind = (typeof partKinds)[number];
export type Part = { readonly [K in PartKind]: DbObject<K> }[PartKind];
/** Those that are indexes, or have one beneath. */
export type IndexPart = Exclude<Part, DbObject<"foreignKey">>;

export const isPart = (o: DbObject): o is Part => (partKinds as readonly string[]).includes(o.id.kind);

/** The one above, in the id's terms. */
export const needsAbove = (o: Part): readonly Id[] => {
  const above = aboveOf(o);
  return above ? [above] : [];
};
export const aboveOf = (o: Part): Part["id"] | null => o.attributes.partOf;
export const isPartOf = (o: Part, id: Part["id"]): boolean =>
  o.attributes.partOf !== null && sameId(o.attributes.partOf, id);
/** A part of what has another name now. */
export function repointPart<O extends Part>(o: O, become: (id: Id) => Id): O {
  const above = aboveOf(o);
  const is = above && become(above);
  return is === above ? o : { ...o, attributes: { ...o.attributes, partOf: is } };
}

/** All parts by table, where the database has partitions; found once for each. */
export const partsByTable = oncePer((all: Index): ReadonlyMap<string, readonly Part[]> => {
  const made = new Map<string, Part[]>();
  for (const o of all.values()) if (isPart(o)) push(made, qualified(tableName(o.id)), o);
  return made;
});
function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
/** Those of one table. */
export const partsOf = (t: QualifiedName, all: Index): readonly Part[] => partsByTable(all).get(qualified(t)) ?? [];
export const hasPartitions = (all: Index): boolean => {
  for (const o of all.values()) if (isKind(o, "partition")) return true;
  return false;
};

/** An index that not all partitions have a part of. */
export const isOnly = (o: Part | undefined): boolean => o !== undefined && "only" in o.attributes && o.attributes.only;
/** What `of y` is until everything is declared: the name of the one above, in a table without a name. */
export const blank = (name: string): PartOf => ({ kind: "index", schema: "", table: "", name });
export const isBlank = (o: Part): boolean => o.attributes.partOf?.table === "";
