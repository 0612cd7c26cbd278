/** Statements that name the database they run in: a revision runs in databases of any name. */
import type { Id, TargetKind } from "../../model/objects.ts";
import { dollar, literal } from "../../sql.ts";
import { targetWords } from "./targets.ts";

// No text of Postgres's can hold these.
const itsName = "\0name\0";
export const itsOwner = "\0owner\0";
const itsMaker = "\0maker\0";
const lookedUp: Readonly<Record<string, string>> = {
  [itsName]: "pg_catalog.current_database()",
  [itsOwner]:
    "(select pg_catalog.pg_get_userbyid(datdba) from pg_catalog.pg_database where datname = pg_catalog.current_database())",
  [itsMaker]: "pg_catalog.pg_get_userbyid(10)",
};
/** Whom the schema public belongs to as long as nobody gives it away: who owns the database, before PostgreSQL 15 who made the server. */
export const publicOwner = (version: number): string => (version >= 150000 ? "pg_database_owner" : itsMaker);

/** The statement, with what is only known where it runs looked up there. */
function run(statement: string): string {
  if (!statement.includes("\0")) return statement;
  const parts = statement
    .split(/(\0[a-z]+\0)/)
    .filter((part) => part !== "")
    .map((part) => (lookedUp[part] ? `pg_catalog.quote_ident(${lookedUp[part]})` : literal(part).trimStart()));
  return `do ${dollar(`begin execute ${parts.join(" || ")}; end`)}`;
}

/** `before` and `after` stand around the database's name. */
export const onThisDatabase = (before: string, after: string): string => run(`${before} ${itsName} ${after}`);

/** A statement that says something of a target; `write` gets the words that name it. */
export const statementOn = (
  target: Id<TargetKind>,
  write: (words: string) => string,
  named: (target: Id<TargetKind>) => string = targetWords,
): string => run(write(target.kind === "database" ? `database ${itsName}` : named(target)));
