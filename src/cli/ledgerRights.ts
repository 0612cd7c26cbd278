/** Where Postgres refused the ledger: which rights to it the connection's role needs, as the statements that give them. */
import type { Connection, DatabaseError } from "../run/connection.ts";
import { literal, name } from "../sql.ts";

/** Those that are read before anything is done. */
const tables = ["meta", "revision", "step"];

/** The grants, or null where it was something else that Postgres refused. Ends the transaction that this left. */
export async function missingLedgerRights(
  connection: Connection,
  ledger: string,
  error: DatabaseError,
): Promise<string | null> {
  // The words are in the server's language, the names are not.
  if (![ledger, ...tables].some((n) => error.message.includes(n))) return null;
  await connection.query("rollback");
  const readable = tables.map(
    (t) => `pg_catalog.has_table_privilege(${literal(`${name(ledger)}.${name(t)}`)}, 'select')`,
  );
  const [answer] = await connection.query(
    `select current_user::text as me, case when pg_catalog.has_schema_privilege(${literal(ledger)}, 'usage')
       then ${readable.join(" and ")} else false end as readable`,
  );
  const row = answer?.rows[0];
  if (row == null || row["me"] == null || row["readable"] === "t") return null;
  const [schema, me] = [name(ledger), name(row["me"])];
  // Looking and planning needs `select` alone, but whoever plans wants to apply.
  return `grant usage on schema ${schema} to ${me}; grant select, insert, update, delete on all tables in schema ${schema} to ${me};`;
}
