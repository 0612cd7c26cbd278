/** How a column's values are stored unless it says otherwise. */
import type { DbObject } from "../../model/objects.ts";
import type { Context } from "../room.ts";
import { usualStorage } from "./casts.ts";
import { typeText } from "./types.ts";

/** The word that sets the storage of the column's type: from PostgreSQL 16 on Postgres knows it by itself. */
export const usual = (o: DbObject<"column">, { version, to }: Context): string =>
  version >= 160000 ? "default" : usualStorage(typeText(o.attributes.type), to);

const words = { p: "plain", e: "external", x: "extended", m: "main" } as const;
/** The word for pg_attribute's attstorage. */
export const storageWord = (code: string): (typeof words)[keyof typeof words] => {
  if (code === "p" || code === "e" || code === "x" || code === "m") return words[code];
  throw new Error(`pg_attribute holds an unknown storage ${code}`);
};
