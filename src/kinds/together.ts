/** What is certain of declarations together, without a database: each alone is right, and all of them cannot be. */
import type { Declaration } from "../../grammar/declarations.ts";
import type { Database } from "../model/database.ts";
import type { Id } from "../model/objects.ts";
import type { Problem, Span } from "../problems.ts";
import { checkPartitions } from "./parts/partitionChecks.ts";
import { checkForeignKeys } from "./parts/references.ts";
import { checkRows } from "./parts/rowsSaid.ts";
import { checkTriggers } from "./parts/triggerFunctions.ts";

/** `at`: where an object was written, `declarations`: in what. */
export const checkTogether = (
  database: Database,
  at: (id: Id) => Span | undefined,
  declarations: readonly Declaration[],
): readonly Problem[] => [
  ...checkForeignKeys(database, at, declarations),
  ...checkPartitions(database, at),
  ...checkTriggers(database, at),
  ...checkRows(database, at),
];
