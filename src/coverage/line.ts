/** How a column of pg_catalog is accounted for. */
import type { AttributeName, Kind } from "../model/objects.ts";

/** A kind (what it is, what it is called, what it is on), or an attribute of one. The compiler knows whether it exists. */
export type Place = { readonly [K in Kind]: K | `${K}.${AttributeName<K>}` }[Kind];

/**
 * `in`: these attributes hold it. `why`: nothing holds it, because it "follows" from what is held, is the server's own "state", or
 * belongs to the whole "server" and not to a database. "named": no kind has it; `import` and `plan -v` name where it is set.
 */
export type Line =
  | { readonly is: "held"; readonly in: readonly Place[]; readonly note?: string }
  | { readonly is: "follows" | "state" | "server" | "named"; readonly why: string };
export type Lines = Readonly<Record<string, Line>>;
/** Catalog → column → line. */
export type Catalogs = Readonly<Record<string, Lines>>;

export const held = (...places: readonly Place[]): Line => ({ is: "held", in: places });
export const follows = (why: string): Line => ({ is: "follows", why });
export const state = (why: string): Line => ({ is: "state", why });
export const server = (why: string): Line => ({ is: "server", why });
export const named = (why: string): Line => ({ is: "named", why });

/** Every row has one; names mean the same in every database, numbers do not. */
export const oid = follows("numbers differ from database to database; names say the same");
/** The same line for several columns. */
export const each = (columns: string, line: Line): Lines =>
  Object.fromEntries(columns.split(" ").map((column) => [column, line]));
