/** The session's settings while a run has the connection, put back afterwards where the connection is somebody else's. */
import { DatabaseError, type Connection } from "./connection.ts";
import { literal, name } from "../sql.ts";

/** What literals, names and locks mean must not depend on the role's or the database's defaults. */
const pinned: Readonly<Record<string, string>> = {
  search_path: "pg_catalog, pg_temp",
  timezone: "UTC",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  extra_float_digits: "3",
  bytea_output: "hex",
  standard_conforming_strings: "on",
  client_encoding: "UTF8",
  lock_timeout: "2s",
  statement_timeout: "0",
  idle_in_transaction_session_timeout: "10s",
  default_transaction_isolation: "read committed",
  default_transaction_read_only: "off",
  default_transaction_deferrable: "off",
  row_security: "off",
  synchronous_commit: "on",
  check_function_bodies: "on",
  client_min_messages: "warning",
  // A table that says nothing of it is an ordinary one.
  default_tablespace: "",
  default_table_access_method: "heap",
};
/** Who the session is, and whether its triggers fire: not ours to choose, but each step begins with what the run found. In the order in which they are put back. */
const found = ["session_replication_role", "session_authorization", "role"] as const;
const since14: Readonly<Record<string, string>> = { idle_session_timeout: "1min" };
/** An embedded Postgres does not survive a timeout of its own: its next query never ends. */
const nobodyWaits: Readonly<Record<string, string>> = {
  idle_in_transaction_session_timeout: "0",
  idle_session_timeout: "0",
};
const since17: Readonly<Record<string, string>> = { transaction_timeout: "0" };

/** Settings with the values that they are to have, as the server spells them. */
export type Held = Readonly<Record<string, string>>;

export interface Pins {
  /** What each step begins with. */
  readonly held: Held;
  /** Puts the settings back as they were. */
  restore(): Promise<void>;
  /** True when the server looks whether its client is still there, so that a dead client's statement ends soon. */
  readonly checksClient: boolean;
}

export async function pin(connection: Connection, version: number): Promise<Pins> {
  const wanted = {
    ...pinned,
    ...(version >= 140000 ? since14 : {}),
    ...(version >= 170000 ? since17 : {}),
    ...(connection.kind === "embedded" ? nobodyWaits : {}),
  };
  const names = [...Object.keys(wanted), ...(version >= 140000 ? [clientCheck] : []), ...found];
  const before = (
    await connection.query(
      `select ${names.map((n) => `pg_catalog.current_setting(${literal(n)}) as ${name(n)}`).join(", ")}`,
    )
  )[0]!.rows[0]!;
  await connection.query(set(wanted));
  const checksClient = version >= 140000 && (await canCheckClient(connection));
  const were = (list: readonly string[]): Held =>
    Object.fromEntries(list.flatMap((n) => (before[n] === null || before[n] === undefined ? [] : [[n, before[n]]])));
  return {
    held: { ...wanted, ...were(found) },
    checksClient,
    restore: async () => void (await connection.query(`select ${putBack(were(names))}`)),
  };
}

const set = (settings: Held): string =>
  `select ${Object.entries(settings)
    .map(([k, v]) => setting(k, v))
    .join(", ")}`;
const setting = (k: string, v: string): string => `pg_catalog.set_config(${literal(k)}, ${literal(v)}, false)`;

/** An expression that sets those that are otherwise; the rest may be none that the role has a right to set. Comparing costs a fraction of setting. */
export const putBack = (settings: Held): string =>
  `pg_catalog.concat(${Object.entries(settings)
    .map(
      ([k, v]) =>
        `case when pg_catalog.textne(pg_catalog.current_setting(${literal(k)}), ${literal(v)}) then ${setting(k, v)} end`,
    )
    .join(", ")})`;

/** What a guard puts back: all but how a commit waits, which the runner changes itself. */
export const heldByGuard = ({ synchronous_commit: _, ...others }: Held): Held => others;
/** Who the session was when the run began. */
export const heldByRole = ({ session_authorization, role }: Held): Held => ({
  ...(session_authorization === undefined ? {} : { session_authorization }),
  ...(role === undefined ? {} : { role }),
});
/** What every server knows, for scripts. */
export const heldInScripts: Held = pinned;

const everyPin = Object.entries({ ...pinned, ...since14, ...since17 });

/** For scripts, which meet their server when they run: those of the settings that it knows. Whether it takes changes is looked at first. */
export const pinInScript = `select pg_catalog.count(pg_catalog.set_config(name, value, false)) as pinned
from (values ${everyPin.map(([k, v]) => `(${literal(k)}, ${literal(v)})`).join(", ")}) as p (name, value)
where pg_catalog.current_setting(name, true) is not null and name <> 'default_transaction_read_only'`;
/** As the session began, for what psql is given after the script. */
export const unpinInScript = `select pg_catalog.count(pg_catalog.set_config(name, reset_val, false)) as as_before
from pg_catalog.pg_settings where pg_catalog.lower(name) in (${everyPin.map(([k]) => literal(k)).join(", ")})`;

const clientCheck = "client_connection_check_interval";

/** Not every platform's server can do it, and only trying tells. */
async function canCheckClient(connection: Connection): Promise<boolean> {
  if (connection.kind === "embedded") return false;
  try {
    await connection.query(set({ [clientCheck]: "1s" }));
    return true;
  } catch (e) {
    if (e instanceof DatabaseError) return false;
    throw e;
  }
}

/**
 * The search path for a step. With schemas of its own, pg_catalog is left unsaid: Postgres then looks there first all the
 * same, and what the step creates unqualified goes to its first schema. pg_temp is last, so that nobody's temporary
 * table hides one.
 */
export function searchPath(path: readonly string[] | undefined): string {
  const own = (path ?? []).filter((s) => s !== "pg_catalog" && s !== "pg_temp");
  return own.length === 0 ? "pg_catalog, pg_temp" : [...own.map(name), "pg_temp"].join(", ");
}

type Settings = Pick<Pins, "held" | "checksClient">;
/** Settings for a statement outside transactions: no lock timeout, which would also end its waits for old transactions half done. */
export const outsideSettings = (path: readonly string[] | undefined, { held, checksClient }: Settings): string =>
  `select ${putBack({
    ...held,
    search_path: searchPath(path),
    lock_timeout: "0",
    // An orphaned statement finishes better than it is left half done.
    ...(checksClient ? { [clientCheck]: "0" } : {}),
  })}`;
export const insideSettings = ({ held, checksClient }: Settings): string =>
  `select ${putBack({ ...held, ...(checksClient ? { [clientCheck]: "1s" } : {}) })}`;
