/** What must be true of a server and a connection before anything is run or locked. */
import type { Connection } from "./connection.ts";
import { LedgerDamaged, PoolerRefused, Unsupported, WrongDatabase } from "./errors.ts";
import { ledgerTables } from "./ledger.ts";
import { pause } from "./pause.ts";
import { literal, name } from "../sql.ts";

export interface Server {
  /** e.g. 150018 */
  readonly version: number;
  readonly database: string;
  readonly user: string;
  readonly hasLedger: boolean;
  readonly hasLedgerSchema: boolean;
}

const oldest = 13;
export const newest = 18;

const tables = Object.keys(ledgerTables);
const regclass = (ledger: string, table: string): string =>
  `pg_catalog.to_regclass(${literal(`${name(ledger)}.${table}`)})`;

/** Looks at the server in one query. `writing`: also that it takes writes, and that the session is ours alone. */
export async function inspect(connection: Connection, ledger: string, writing: boolean): Promise<Server> {
  const answer = await connection.query(
    `select pg_catalog.pg_is_in_recovery() as standby, pg_catalog.current_setting('transaction_read_only') as read_only,
       pg_catalog.current_setting('server_version_num') as version, pg_catalog.current_setting('server_encoding') as encoding,
       pg_catalog.pg_backend_pid() as pid, pg_catalog.current_database() as database, session_user as "user",
       pg_catalog.now() = pg_catalog.statement_timestamp() as alone,
       ${tables.map((t) => `case when ${regclass(ledger, t)} is null then ${literal(`${t} `)} else '' end`).join(" || ")} as missing,
       pg_catalog.to_regnamespace(${literal(name(ledger))}) is not null as ledger_schema`,
  );
  const row = answer[0]!.rows[0]!;
  const version = Number(row["version"]);
  const major = Math.floor(version / 10000);
  if (major < oldest)
    throw new Unsupported(`the server is PostgreSQL ${major}; schemac works with ${oldest} to ${newest}`);
  expectUtf8(row["encoding"]);
  if (writing) {
    if (row["alone"] !== "t")
      throw new Unsupported(
        "the connection is in a transaction already",
        "End it first: the runner begins and ends transactions of its own. Nothing was run.",
      );
    if (row["standby"] === "t")
      throw new WrongDatabase("the server is a standby, which takes no changes", "Connect to the primary.");
    if (row["read_only"] === "on")
      throw new WrongDatabase(
        "the database is set to read-only (transaction_read_only)",
        "Somebody set default_transaction_read_only on the server, the database or the role.",
      );
    if (connection.pid !== null && connection.pid !== Number(row["pid"])) await refuseTransactionPooler(connection);
  }
  const missing = (row["missing"] ?? "").split(" ").filter((t) => t !== "");
  if (missing.length > 0 && missing.length < tables.length) await refuseDamaged(connection, ledger, missing);
  return {
    version,
    database: row["database"] ?? "",
    user: row["user"] ?? "",
    hasLedger: missing.length === 0,
    hasLedgerSchema: row["ledger_schema"] === "t",
  };
}

/** What is read elsewhere could not be written as it is, and what is planned there not be run. */
export function expectUtf8(encoding: string | null | undefined): void {
  if (encoding !== "UTF8")
    throw new Unsupported(`the database's encoding is ${encoding}; schemac works with UTF8 only`);
}

/** Of a ledger that has lost tables nobody knows what was run. Tables of others under its names are no such thing. */
async function refuseDamaged(connection: Connection, ledger: string, missing: readonly string[]): Promise<void> {
  const ours = Object.entries(ledgerTables).map(
    ([table, columns]) =>
      `array[${columns.map(literal).join(", ")}] <@ array(select attname::text from pg_catalog.pg_attribute where attrelid = ${regclass(ledger, table)} and not attisdropped)`,
  );
  const answer = await connection.query(`select ${ours.join(" or ")} as ours`);
  if (answer[0]!.rows[0]!["ours"] !== "t") return;
  const [first, ...more] = missing;
  throw new LedgerDamaged(
    ledger,
    more.length === 0
      ? `its table ${first} is not there`
      : `its tables ${missing.slice(0, -1).join(", ")} and ${more.at(-1)} are not there`,
  );
}

/** The database must be the one that was meant. `instance`: what its ledger is called; null: it has none. */
export function expectInstance(
  meant: string | null,
  instance: string | null,
  { database }: Pick<Server, "database">,
): void {
  if (meant === null || meant.toLowerCase() === instance) return;
  throw new WrongDatabase(
    `database "${database}" is not the one that was meant: its ledger is ${instance === null ? "not there yet" : `instance ${instance}`}, not instance ${meant}`,
    "Correct the URL; or, if this is the one, the `instance` of the environment in the config (`schemac status -v` shows it). Nothing was run.",
  );
}

/**
 * The server process that answers is not the one that said hello, so a pooler stands between. One that gives each session
 * a server process of its own will do; one that gives it away between transactions will not. The process staying the same
 * proves little while nobody else is there, so a second session takes a transaction in between where one can be opened.
 */
async function refuseTransactionPooler(connection: Connection): Promise<void> {
  const first = await pidOf(connection);
  const twin = await openTwin(connection);
  try {
    for (let n = 0; n < 30; n++) {
      const open = twin !== null && n % 10 === 0;
      if (open && (await pidOf(twin, "begin; ")) === first) throw transactionPooler();
      const now = await pidOf(connection);
      if (open) await twin.query("rollback");
      if (now !== first) throw transactionPooler();
    }
  } finally {
    await twin?.close().catch(() => {});
  }
}

/** Null where none can be had. A pooler without a free place lets a second session wait: then there is none. */
export async function openTwin(connection: Connection): Promise<Connection | null> {
  if (connection.twin === undefined) return null;
  let late = false;
  const opening = connection.twin().then(
    async (twin) => (late ? (await twin.close(), null) : twin),
    () => null,
  );
  const first = await Promise.race([opening, pause(3000).then(() => "late" as const)]);
  late = first === "late";
  return first === "late" ? null : first;
}

async function pidOf(connection: Connection, before = ""): Promise<string> {
  const answer = await connection.query(`${before}select pg_catalog.pg_backend_pid() as pid`);
  return answer.at(-1)!.rows[0]!["pid"] ?? "";
}

const transactionPooler = (): PoolerRefused =>
  new PoolerRefused(
    "the connection goes through a pooler that shares server sessions between clients (transaction pooling), so no lock would hold",
    "Connect to the server directly, or to the pooler's session mode. Nothing was run.",
  );
