/** How a column's values are stored and sorted unless it says otherwise. */
import type { DbObject, Id, QualifiedName } from "../../model/objects.ts";
import { encode } from "../../model/id.ts";
import type { Context } from "../room.ts";
import { baseOf, beneathDomains } from "./casts.ts";
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
): { readonly storage: "plain" | "main" | "extended"; readonly collation: QualifiedName | null } {
  const { parts, domains, enum: isEnum } = beneathDomains(type, find);
  const storage = parts.array ? "extended" : isEnum ? "plain" : (stored[baseOf(parts)] ?? "extended");
  return { storage, collation: domains.find((d) => d.attributes.collation)?.attributes.collation ?? null };
}

/** The word that sets the storage of the column's type: from PostgreSQL 16 on Postgres knows it by itself. */
export const usual = (o: DbObject<"column">, { version, to }: Context): string =>
  version >= 160000 ? "default" : usualOf(typeText(o.attributes.type), (id) => to.get(encode(id)) ?? null).storage;

const words = { p: "plain", e: "external", x: "extended", m: "main" } as const;
/** The word for pg_attribute's attstorage. */
export const storageWord = (code: string): (typeof words)[keyof typeof words] => {
  if (code === "p" || code === "e" || code === "x" || code === "m") return words[code];
  throw new Error(`pg_attribute holds an unknown storage ${code}`);
};
