/** Where Postgres refused the ledger: which rights to it the connection's role needs, as the statements that give them. */
import type { Connection, DatabaseError } from "../run/connection.ts";
import { literal, name } from "../sql.ts";

/** The grants, or null where it was something else that Postgres refused. Ends the transaction that this left. */
export async function missingLedgerRights(
  connection: Connection,
  ledger: string,
  error: DatabaseError,
): Promise<string | null> {
  await connection.query("rollback");
  const [answer] = await connection.query(
    `select current_user::text as me, c.relname::text as table from pg_catalog.pg_namespace n
       left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind = 'r'
     where n.nspname = ${literal(ledger)} and not coalesce(
       pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select'), false)`,
  );
  const closed = answer?.rows ?? [];
  // The words are in the server's language, the names are not.
  if (![ledger, ...closed.map((r) => r["table"])].some((n) => n != null && error.message.includes(n))) return null;
  const me = closed[0]?.["me"];
  if (me == null) return null;
  const schema = name(ledger);
  // Looking and planning needs `select` alone, but whoever plans wants to apply.
  return `grant usage on schema ${schema} to ${name(me)}; grant select, insert, update, delete on all tables in schema ${schema} to ${name(me)};`;
}
