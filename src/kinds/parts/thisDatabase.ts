/** Statements that name the database they run in: a revision runs in databases of any name. */
import { dollar, literal } from "../../sql.ts";

/** `before` and `after` stand around the database's name. */
export const onThisDatabase = (before: string, after: string): string =>
  `do ${dollar(
    `begin execute ${literal(`${before} `).trimStart()} || pg_catalog.quote_ident(pg_catalog.current_database()) || ${literal(` ${after}`).trimStart()}; end`,
  )}`;
