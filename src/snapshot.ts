/**
 * A database held still: a transaction in which nothing is seen that others do. What reads the catalog is loaded when somebody
 * reads it, for a project that did not change needs no more than the catalog's mark.
 */
import type { Observation, Owners } from "./model/database.ts";
import type { Kind } from "./model/objects.ts";
import { catalogMarkSql, untouchedSql } from "./catalogMark.ts";
import { type Connection, DatabaseError } from "./run/connection.ts";
import { literal } from "./sql.ts";

/** Which part of a database to look at. */
export interface Scope {
  /** Only these schemas. */
  readonly schemas?: readonly string[];
  /** All but these. */
  readonly exclude?: readonly string[];
  /** Roles whose attributes, memberships and settings are looked at. Absent: none's. */
  readonly roles?: true | readonly string[];
  /**
   * Look at this session's temporary schema instead, which is called pg_temp, in the transaction that is open already: only
   * for these kinds, for what is temporary is our own.
   */
  readonly temporary?: readonly Kind[];
}

/** A database held still. */
export interface Snapshot {
  /** e.g. 150018 */
  readonly version: number;
  observe(): Promise<Observation>;
  /** What is the same only while nobody wrote anything on this server, as it says itself; null where it cannot say. */
  readonly untouched: string | null;
  /** What is the same while nothing is different that `observe` reads, for a fraction of its work. */
  mark(): Promise<string>;
  /** Sends the queries of `observe`, or of `mark`. After it the server works by itself, and the caller may keep this thread busy. */
  start(what?: "mark"): Promise<void>;
  /** Fills in what objects need and what unmodelled things depend on. Takes what this snapshot's last `observe` gave, as it is. */
  withDependencies(o: Observation): Promise<Observation>;
  /** Whether temporary objects can be made here, to have this server spell fragments: a primary, with the right to, and no event trigger fires. */
  canAsk(): Promise<boolean>;
  /** Runs statements and undoes them; the error Postgres answered with, or null. */
  attempt(...statements: readonly string[]): Promise<DatabaseError | null>;
  /** What these extensions require, as the server's control files say it. */
  requirements(
    extensions: readonly string[],
  ): Promise<readonly { readonly extension: string; readonly requires: string }[]>;
  /** Functions and types of these names, in whatever schema. */
  named(
    names: readonly string[],
  ): Promise<readonly { readonly what: "function" | "type"; readonly schema: string; readonly name: string }[]>;
  /** Whether the server's scripts lead an extension from one version to another, for each that is asked. */
  updates(
    asked: readonly { readonly extension: string; readonly from: string; readonly to: string }[],
  ): Promise<readonly boolean[]>;
  close(): Promise<void>;
}

/** What reads a snapshot. */
export interface Reader {
  /** `sent` is called as soon as the server has all it needs to work by itself. */
  observe(sent?: () => void): Promise<Observation>;
  withDependencies(o: Observation): Promise<Observation>;
}

export const beginSnapshot = "begin isolation level repeatable read";

/** A snapshot as it was opened: what reading it needs to know. */
export interface Opened {
  readonly version: number;
  readonly me: string;
  readonly owners: Owners;
  /** What this user may see. */
  readonly rights: { readonly connections: boolean };
  /** Whether this user may give a snapshot a name that another session sees it by. */
  readonly mayExport: boolean;
  /** Statements that put another session into the same state, in a transaction. */
  readonly pinned: readonly string[];
}

/** Everything that the texts Postgres gives depend on; and no compiling of queries that run once. */
const settings = {
  search_path: "pg_catalog, pg_temp",
  timezone: "'UTC'",
  datestyle: "'ISO, YMD'",
  intervalstyle: "'postgres'",
  extra_float_digits: "3",
  bytea_output: "'hex'",
  quote_all_identifiers: "off",
  standard_conforming_strings: "on",
  jit: "off",
  // Rows come as they stand.
  synchronize_seqscans: "off",
  max_parallel_workers_per_gather: "0",
};

const superuser = "(select rolsuper from pg_catalog.pg_roles where rolname = current_user)";
const firing = (states: string): string =>
  `exists (select from pg_catalog.pg_event_trigger where evtevent <> 'login' and evtenabled in (${states}))`;
/**
 * True when no event trigger fires here: there is none, or they are kept quiet for this transaction, which a superuser may. Until
 * PostgreSQL 17 that is done by working as a replica does, where only those fire that are meant to.
 */
const quiet = `case
        when not ${firing("'O', 'A', 'R'")} then true
        when not ${superuser} then false
        when pg_catalog.current_setting('event_triggers', true) is not null
          then pg_catalog.set_config('event_triggers', 'off', true) = 'off'
        when not ${firing("'A', 'R'")} then pg_catalog.set_config('session_replication_role', 'replica', true) = 'replica'
        else false end`;

/**
 * Opens a snapshot: a transaction in which nothing that others do is seen. `close` ends it and undoes whatever was tried in it.
 *
 * 1. One message opens the transaction, pins the settings that texts depend on, and asks for little: it may be all that is needed.
 * 2. `mark` asks whether anything changed since the last time; `observe` reads it all (see observe.ts).
 * 3. `withDependencies` asks pg_depend, in the same snapshot, when somebody needs to know.
 */
export async function openSnapshot(connection: Connection, scope: Scope = {}): Promise<Snapshot> {
  const temporary = scope.temporary !== undefined;
  const pinned = Object.entries(settings).map(([name, value]) => `set local ${name} = ${value}`);
  const open = (untouched: string) =>
    connection.query(
      [
        ...(temporary ? [] : [beginSnapshot]),
        ...pinned,
        `select pg_catalog.current_setting('server_version_num') as version, current_user::text as me,
        pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select')::text as connections,
        pg_catalog.has_function_privilege('pg_catalog.pg_export_snapshot()', 'execute')::text as may_export,
        (select pg_catalog.pg_get_userbyid(datdba) from pg_catalog.pg_database where datname = pg_catalog.current_database())::text as database_owner,
        (select pg_catalog.pg_get_userbyid(nspowner) from pg_catalog.pg_namespace where nspname = 'public')::text as public_owner,
        ${untouched} as untouched`,
      ].join(";\n"),
    );
  const asked = !temporary && connection.kind === "server";
  const opened = await open(asked ? untouchedSql : "null").catch(async (error: unknown) => {
    // Who may not ask when the server started does without.
    if (!asked || !(error instanceof DatabaseError) || error.code !== "42501") throw error;
    await connection.query("rollback");
    return open("null");
  });
  const row = opened.at(-1)?.rows[0];
  const version = Number(row?.["version"]);
  const rights = { connections: row?.["connections"] === "true" };
  const state: Opened = {
    version,
    me: row?.["me"] ?? "",
    owners: { database: row?.["database_owner"] ?? "", publicSchema: row?.["public_owner"] ?? null },
    rights,
    mayExport: row?.["may_export"] === "true",
    pinned,
  };

  let reader: Promise<Reader> | null = null;
  const reading = (): Promise<Reader> =>
    (reader ??= import("./observe.ts").then(({ readerOf }) => readerOf(connection, scope, state)));
  let marking: Promise<string> | null = null;
  const mark = (): Promise<string> =>
    (marking ??= connection
      .query(catalogMarkSql(version, rights))
      .then((answers) => answers.at(-1)?.rows[0]?.["mark"] ?? ""));

  let asking: Promise<boolean> | null = null;
  const canAsk = (): Promise<boolean> =>
    (asking ??= connection
      .query(
        `select (not pg_catalog.pg_is_in_recovery() and pg_catalog.current_setting('transaction_read_only') = 'off'
        and pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMP') and ${quiet})::text as can_ask`,
      )
      .then((answers) => answers.at(-1)?.rows[0]?.["can_ask"] === "true"));

  return {
    version,
    untouched: row?.["untouched"] ?? null,
    mark,
    observe: async () => (await reading()).observe(),
    // Whoever asks for the answer hears of an error.
    start: async (what) => {
      if (what === "mark") {
        mark().catch(() => {});
        // One small message: it is on its way.
        return new Promise((sent) => setImmediate(sent));
      }
      const { observe } = await reading();
      return new Promise(
        (sent) =>
          void observe(sent).then(
            () => sent(),
            () => sent(),
          ),
      );
    },
    withDependencies: async (o) => (await reading()).withDependencies(o),
    canAsk,
    attempt: async (...statements) => {
      // Keeps event triggers quiet, where that can be.
      await canAsk();
      // A message of its own: a syntax error later in a message is found before anything of it runs.
      await connection.query("savepoint schemac_attempt");
      try {
        await connection.query(statements.join(";\n"));
        return null;
      } catch (error) {
        if (error instanceof DatabaseError) return error;
        throw error;
      } finally {
        await connection.query("rollback to savepoint schemac_attempt; release savepoint schemac_attempt");
      }
    },
    requirements: async (extensions) => {
      const [answer] = await connection.query(
        `select distinct v.name::text as name, r::text as requires from pg_available_extension_versions v, unnest(v.requires) r
where v.name in (${extensions.map(literal).join(", ")})`,
      );
      return (answer?.rows ?? []).map((row) => ({
        extension: row["name"] ?? "",
        requires: row["requires"] ?? "",
      }));
    },
    named: async (names) => {
      const list = names.map(literal).join(", ");
      const [answer] = await connection.query(
        `select 'function' as what, n.nspname::text as schema, p.proname::text as name
from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.proname in (${list})
union select 'type', n.nspname, t.typname from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typname in (${list})`,
      );
      return (answer?.rows ?? []).map((row) => ({
        what: row["what"] === "type" ? "type" : "function",
        schema: row["schema"] ?? "",
        name: row["name"] ?? "",
      }));
    },
    updates: async (asked) => {
      const paths = asked.map(
        ({ extension, from, to }) =>
          `exists (select from pg_available_extensions e, pg_extension_update_paths(e.name) p
where p.path is not null and (e.name, p.source, p.target) = (${literal(extension)}, ${literal(from)}, ${literal(to)}))`,
      );
      const [answer] = await connection.query(`select array_to_json(array[${paths.join(", ")}])::text as there`);
      return JSON.parse(answer?.rows[0]?.["there"] ?? "[]") as boolean[];
    },
    close: async () => {
      if (!temporary) await connection.query("rollback");
    },
  };
}
