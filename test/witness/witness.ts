/**
 * The second observer: a database as Postgres itself describes it, a line a fact, by the functions that give definitions and by
 * plain listings. It shares no code with schemac's own observer and knows every kind of thing that PostgreSQL 13 to 18 has,
 * whether schemac models it or not. Two databases are the same when these lines are.
 */
import type { Connection } from "../../src/run/connection.ts";
import { facts } from "./facts.ts";
import { said } from "./said.ts";

/** Nothing that an extension made, and nothing in Postgres's own schemas or schemac's. */
const sql = (major: number): string => `
with extended as materialized (
  select classid, objid from pg_depend where deptype = 'e' and refclassid = 'pg_extension'::regclass
),
mine as materialized (
  select n.* from pg_namespace n where n.nspname !~ '^(pg_|information_schema$|schemac(_|$))'
    and not exists (select from extended e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid)
),
relation as materialized (
  select c.*, c.oid::regclass::text as named from pg_class c join mine n on n.oid = c.relnamespace
  where not exists (select from extended e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
)
${[...facts(major), ...said].map(([what, line, from]) => `select '${what} ' || ${line} as line from ${from}`).join("\nunion all\n")}`;

const prepared = new WeakSet<Connection>();

/** Every line, sorted. A transaction must be open; nothing of it is changed. */
export async function witness(c: Connection): Promise<readonly string[]> {
  const open = ["savepoint witness", "set local search_path = ''"];
  const close = ["rollback to savepoint witness", "release savepoint witness"];
  // Planned once a connection: that costs more than the question itself.
  if (!prepared.has(c)) {
    const answers = await c.query("select current_setting('server_version_num') as version");
    const major = Math.floor(Number(answers[0]?.rows[0]?.["version"]) / 10_000);
    await c.query([...open, `prepare witness as ${sql(major)}`, ...close].join(";\n"));
    prepared.add(c);
  }
  const answers = await c.query([...open, "execute witness", ...close].join(";\n"));
  return (answers[2]?.rows ?? []).map((row) => row["line"] ?? "(no line)").sort();
}
/** The same in a transaction of its own. */
export async function witnessAlone(c: Connection): Promise<readonly string[]> {
  await c.query("begin isolation level repeatable read");
  try {
    return await witness(c);
  } finally {
    await c.query("rollback");
  }
}

/** What one has and the other lacks, the first few lines of it; null: nothing. */
export function witnessed(have: readonly string[], want: readonly string[]): string | null {
  const count = new Map<string, number>();
  for (const l of have) count.set(l, (count.get(l) ?? 0) + 1);
  for (const l of want) count.set(l, (count.get(l) ?? 0) - 1);
  const off = [...count].filter(([, n]) => n !== 0).map(([l, n]) => (n > 0 ? "has   " : "wants ") + l);
  return off.length === 0 ? null : off.slice(0, 8).join("\n");
}
