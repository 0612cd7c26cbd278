/** Where Postgres refused the ledger: which rights to it the connection's role needs, as the statements that give them. */
import type { Connection, DatabaseError } from "../run/connection.ts";
import { literal, name } from "../sql.ts";

const all = ["select", "insert", "update", "delete"];
/** What is asked of each table: by everybody, before anything is done, and by who writes. */
const needed: Readonly<Record<string, { readonly reading: readonly string[]; readonly writing: readonly string[] }>> = {
  meta: { reading: ["select"], writing: ["select"] },
  revision: { reading: ["select"], writing: all },
  step: { reading: ["select"], writing: all },
  event: { reading: [], writing: ["insert"] },
};

/** The grants, or null where it was something else that Postgres refused. Ends the transaction that this left. */
export async function missingLedgerRights(
  connection: Connection,
  ledger: string,
  error: DatabaseError,
  use: "reading" | "writing",
): Promise<string | null> {
  // The words are in the server's language, the names are not.
  if (![ledger, ...Object.keys(needed)].some((n) => error.message.includes(n))) return null;
  await connection.query("rollback");
  const has = Object.entries(needed).flatMap(([t, { [use]: rights }]) =>
    rights.map((r) => `pg_catalog.has_table_privilege(${literal(`${name(ledger)}.${name(t)}`)}, ${literal(r)})`),
  );
  const [answer] = await connection.query(
    `select current_user::text as me, case when pg_catalog.has_schema_privilege(${literal(ledger)}, 'usage')
       then ${has.join(" and ")} else false end as enough`,
  );
  const row = answer?.rows[0];
  if (row == null || row["me"] == null || row["enough"] === "t") return null;
  const [schema, me] = [name(ledger), name(row["me"])];
  // Looking and planning needs `select` alone, but whoever plans wants to apply.
  return `grant usage on schema ${schema} to ${me}; grant select, insert, update, delete on all tables in schema ${schema} to ${me};`;
}
