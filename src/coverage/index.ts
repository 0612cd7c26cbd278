/** Every column of every table of pg_catalog, in PostgreSQL 13 to 18, with where it is held or why it is not. */
import type { Catalogs } from "./line.ts";
import { programs } from "./programs.ts";
import { relations } from "./relations.ts";
import { wholes } from "./wholes.ts";

export type { Line, Lines, Place } from "./line.ts";
export const coverage: Catalogs = Object.fromEntries(
  Object.entries({ ...relations, ...programs, ...wholes }).sort(([a], [b]) => (a < b ? -1 : 1)),
);
