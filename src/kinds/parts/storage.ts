/** How a column's values are stored and sorted unless it says otherwise. */
import type { Attributes, DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind, same } from "../../model/database.ts";
import { encode, sameId } from "../../model/id.ts";
import type { Context, Followed, Role } from "../room.ts";
import { baseOf, beneathDomains } from "./casts.ts";
import { columnsOfQuery } from "./queries.ts";
import { typeText } from "./types.ts";

/** Types without TOAST or with a storage of their own, by format_type's name; every other has "extended". */
const stored: Readonly<Record<string, "plain" | "main">> = Object.fromEntries([
  ...(
    `bigint|smallint|integer|real|double precision|boolean|"char"|name|oid|tid|xid|cid|xid8|pg_lsn|money|uuid|date|time without time zone|time with time zone|` +
    `timestamp without time zone|timestamp with time zone|interval|point|lseg|box|circle|line|macaddr|macaddr8|aclitem|int2vector|oidvector|gtsvector|tsquery|` +
    `regclass|regtype|regproc|regprocedure|regoper|regoperator|regconfig|regdictionary|regnamespace|regrole|regcollation`
  )
    .split("|")
    .map((t) => [t, "plain"] as const),
  ["numeric", "main"] as const,
  ["inet", "main"] as const,
  ["cidr", "main"] as const,
]);

/** What a type brings along for its columns, as far as it is known without asking: extensions' types may differ. */
export function usualOf(
  type: string,
  find: (id: Id) => DbObject | null,
): { readonly storage: Attributes<"baseType">["storage"]; readonly collation: QualifiedName | null } {
  const { parts, domains, enum: isEnum } = beneathDomains(type, find);
  const made = parts.schema === null ? null : find({ kind: "baseType", schema: parts.schema, name: parts.name });
  const own = made && isKind(made, "baseType") ? made.attributes.storage : null;
  const storage = parts.array ? "extended" : (own ?? (isEnum ? "plain" : (stored[baseOf(parts)] ?? "extended")));
  return { storage, collation: domains.find((d) => d.attributes.collation)?.attributes.collation ?? null };
}

/** The word that sets the storage of the column's type: from PostgreSQL 16 on Postgres knows it by itself. */
export const usual = (o: DbObject<"column">, { version, to }: Context): string =>
  version >= 160000 ? "default" : usualOf(typeText(o.attributes.type), (id) => to.get(encode(id)) ?? null).storage;

/** The base type whose values the type's are stored as: it is that one, or a domain over it. */
function storedAs(type: string, all: Index): Id<"baseType"> | null {
  const { parts } = beneathDomains(type, (id) => all.get(encode(id)) ?? null);
  return parts.array || parts.schema === null ? null : { kind: "baseType", schema: parts.schema, name: parts.name };
}
const isStoredAs = (type: string, base: Id<"baseType">, all: Index): boolean => {
  const found = storedAs(type, all);
  return found !== null && sameId(found, base);
};

/** What is made of a type, or gets it, is stored as the type's values are at that moment: the type comes first. */
export function storageFollows(type: string, role: Role, { to }: Context): readonly Followed[] {
  const found = role === "create" || role === "alter" || role === "after" ? storedAs(type, to) : null;
  return found ? [{ id: found, roles: ["alter"] }] : [];
}

/** Columns that have the storage of a base type: as it was when they were made, whatever becomes of the type. */
export function columnsStoredAs(type: Id<"baseType">, from: Index, to: Index): readonly DbObject<"column">[] {
  const out: DbObject<"column">[] = [];
  for (const o of from.values()) {
    const is = isKind(o, "column") ? to.get(encode(o.id)) : undefined;
    if (!isKind(o, "column") || !is || !isKind(is, "column")) continue;
    const stays =
      o.attributes.storage === null &&
      is.attributes.storage === null &&
      same([o.attributes.type, o.attributes.generated], [is.attributes.type, is.attributes.generated]);
    if (stays && isStoredAs(typeText(o.attributes.type), type, from)) out.push(is);
  }
  return out;
}

/** Base types that are to have another storage. */
export function typesStoredOtherwise({ from, to }: Pick<Context, "from" | "to">): readonly Id<"baseType">[] {
  const changed: Id<"baseType">[] = [];
  for (const o of from.values()) {
    const is = isKind(o, "baseType") ? to.get(encode(o.id)) : undefined;
    if (!isKind(o, "baseType") || !is || !isKind(is, "baseType")) continue;
    if (is.attributes.storage !== o.attributes.storage) changed.push(o.id);
  }
  return changed;
}

/** Materialized views with columns that have the storage of a base type which is to have another: they keep it as well. */
export function viewsStoredOtherwise({ from, to }: Context): readonly Id<"materializedView">[] {
  const changed = typesStoredOtherwise({ from, to });
  if (!changed.length) return [];
  const keepsIt = (o: DbObject<"materializedView">): boolean =>
    (columnsOfQuery(o) ?? []).some(
      ([column, type]) => !o.attributes.columns[column]?.storage && changed.some((t) => isStoredAs(type, t, from)),
    );
  return [...from.values()].flatMap((o) => (isKind(o, "materializedView") && keepsIt(o) ? [o.id] : []));
}

const words = { p: "plain", e: "external", x: "extended", m: "main" } as const;
/** The word for pg_attribute's attstorage. */
export const storageWord = (code: string): (typeof words)[keyof typeof words] => {
  if (code === "p" || code === "e" || code === "x" || code === "m") return words[code];
  throw new Error(`pg_attribute holds an unknown storage ${code}`);
};
