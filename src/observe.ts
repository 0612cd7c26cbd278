/** Reads a live database as data: every kind's own query, all in one message and one snapshot. Names no kind. */
import { createHash } from "node:crypto";
import type { DbObject, Kind } from "./model/objects.ts";
import type { Database, Observation, Unmodelled } from "./model/database.ts";
import { type Connection, DatabaseError } from "./run/connection.ts";
import { dependencySql, fillDependencies, type Observed } from "./dependencies.ts";
import { foreignNamesSql, readForeignNames, withOperatorPaths } from "./foreignNames.ts";
import { catalogNamesSql, readCatalogNames } from "./kinds/parts/catalogNames.ts";
import { rooms } from "./kinds/rooms.ts";
import { sayingsSql } from "./kinds/parts/sayings.ts";
import type { CatalogNames, ObserveSayings, Row } from "./kinds/room.ts";
import { literal } from "./sql.ts";
import { readTable, tableOf } from "./rows.ts";
import { readUnmodelled, unmodelledSql } from "./unmodelled.ts";

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
  /** Sends the queries of `observe`. After it the server works by itself, and the caller may keep this thread busy. */
  start(): Promise<void>;
  /** Fills in what objects need and what unmodelled things depend on. Takes what this snapshot's last `observe` gave, as it is. */
  withDependencies(o: Observation): Promise<Observation>;
  /** Whether temporary objects can be made here, to have this server spell fragments: a primary, with the right to, and no event trigger fires. */
  readonly canAsk: boolean;
  /** Runs statements and undoes them; the error Postgres answered with, or null. */
  attempt(...statements: readonly string[]): Promise<DatabaseError | null>;
  /** What these extensions require, as the server's control files say it. */
  requirements(
    extensions: readonly string[],
  ): Promise<readonly { readonly extension: string; readonly requires: string }[]>;
  close(): Promise<void>;
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

/** A name for this snapshot that another session can see it by; null where the catalog is small and one session soon done. */
const exportedSnapshot = `case when pg_catalog.pg_relation_size('pg_catalog.pg_attribute') > 2000000 and not pg_catalog.pg_is_in_recovery()
          and pg_catalog.has_function_privilege('pg_catalog.pg_export_snapshot()', 'execute') then pg_catalog.pg_export_snapshot() end`;

/** A condition on `n.nspname`: Postgres's own schemas and schemac's are never managed. */
export function managedSchemas({ schemas, exclude, temporary }: Scope): string {
  if (temporary) return "n.oid = pg_my_temp_schema()";
  const list = (names: readonly string[]): string => names.map(literal).join(", ");
  const own = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname !~ '^schemac(_|$)'";
  return (
    own +
    (schemas ? (schemas.length ? ` and n.nspname in (${list(schemas)})` : " and false") : "") +
    (exclude?.length ? ` and n.nspname not in (${list(exclude)})` : "")
  );
}

/** A condition on `r.rolname`. */
export function managedRoles({ roles = [] }: Scope): string {
  if (roles === true) return "true";
  return roles.length ? `r.rolname in (${roles.map(literal).join(", ")})` : "false";
}

/**
 * Opens a snapshot: a transaction in which nothing that others do is seen. `close` ends it and undoes whatever was tried in it.
 *
 * 1. One message opens the transaction, pins the settings that texts depend on, and asks for the version.
 * 2. `observe` sends the queries of all rooms in one message and lets each room read its rows. A large catalog is read on two
 *    connections at once, the second in the first one's snapshot; where a second one cannot be had, on the one.
 * 3. `withDependencies` asks pg_depend, in the same snapshot, when somebody needs to know.
 */
export async function openSnapshot(connection: Connection, scope: Scope = {}): Promise<Snapshot> {
  const schemas = managedSchemas(scope);
  const roles = managedRoles(scope);
  const temporary = scope.temporary !== undefined;
  const begin = "begin isolation level repeatable read";
  const pinned = Object.entries(settings).map(([name, value]) => `set local ${name} = ${value}`);
  const shared = !temporary && connection.twin !== undefined;
  const opened = await connection.query(
    [
      ...(temporary ? [] : [begin]),
      ...pinned,
      `select pg_catalog.current_setting('server_version_num') as version, (not pg_catalog.pg_is_in_recovery()
        and pg_catalog.current_setting('transaction_read_only') = 'off'
        and pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMP')
        and ${quiet})::text as can_ask, current_user::text as me,
        pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'select')::text as connections,
        ${shared ? exportedSnapshot : "null"} as exported`,
    ].join(";\n"),
  );
  const exported = opened.at(-1)?.rows[0]?.["exported"] ?? null;
  const rights = { connections: opened.at(-1)?.rows[0]?.["connections"] === "true" };
  const version = Number(opened.at(-1)?.rows[0]?.["version"]);
  const me = opened.at(-1)?.rows[0]?.["me"] ?? "";
  const seeing = Object.values(rooms).filter((room) => scope.temporary?.includes(room.kind) ?? true);
  interface Reader {
    readonly read: (row: Row, version: number, names: CatalogNames) => DbObject;
  }
  /** Queries with the one who reads a row of the answer. */
  const looks: { readonly sql: string; readonly readerOf: (row: Row) => Reader }[] = [];
  const sayings = new Map<string, Reader & Pick<ObserveSayings<Kind>, "said">>();
  for (const { kind, observe } of seeing)
    if ("said" in observe) sayings.set(kind, observe);
    else looks.push({ sql: observe.sql(schemas, version, roles, rights), readerOf: () => observe });
  if (sayings.size > 0)
    looks.push({
      sql: sayingsSql(
        [...sayings].map(([kind, { said }]) => [kind, said]),
        schemas,
        version,
        rights,
      ),
      readerOf: (row) => sayings.get(row["saying"] ?? "")!,
    });
  let seen: Observed = { objects: [], unmodelled: [] };

  /** Answers of queries on a second connection; null where there is none, or none by the time the first one has answered. */
  const askBeside = async (
    queries: readonly string[],
    first: Promise<unknown>,
    sent: () => void,
  ): Promise<readonly Buffer[] | null> => {
    if (exported === null || !connection.twin) return null;
    const opening = connection.twin();
    const answered = first.then(
      () => null,
      () => null,
    );
    const second = await Promise.race([opening, answered]).catch(() => null);
    if (second === null) {
      opening.then((late) => late.close()).catch(() => {});
      return null;
    }
    try {
      const answer = second.copyOut(
        [begin, `set transaction snapshot ${literal(exported)}`, ...pinned, ...queries].join(";\n"),
      );
      sent();
      return await answer;
    } catch {
      return null;
    } finally {
      second.close().catch(() => {});
    }
  };

  const ask = async (sent: () => void): Promise<readonly Buffer[]> => {
    const half = Math.ceil(looks.length / 2);
    const queries = looks.map(({ sql }) => tableOf(sql));
    const others = [
      tableOf(catalogNamesSql),
      ...(temporary
        ? [tableOf("select nspname as name from pg_namespace where oid = pg_my_temp_schema()")]
        : [
            tableOf(foreignNamesSql(schemas)),
            // Without statistics (a database just made) this one would be planned as loops in loops.
            "set local enable_nestloop = off",
            tableOf(unmodelledSql(schemas)),
            "set local enable_nestloop to default",
          ]),
    ];
    if (exported === null) {
      const answer = connection.copyOut([...queries, ...others].join(";\n"));
      sent();
      return answer;
    }
    const first = connection.copyOut([...queries.slice(0, half), ...others].join(";\n"));
    const beside = askBeside(queries.slice(half), first, sent);
    const answers = await first;
    const more = (await beside) ?? (await connection.copyOut(queries.slice(half).join(";\n")));
    return [...answers.slice(0, half), ...more, ...answers.slice(half)];
  };

  const read = async (sent: () => void): Promise<Observation> => {
    const answers = await ask(sent).finally(sent);
    const rows = (n: number): readonly Row[] => (answers[n] ? readTable(answers[n]) : []);
    const temporaryName = temporary ? rows(looks.length + 1)[0]?.["name"] : undefined;
    const unmodelled: (readonly [Unmodelled, Row])[] = temporary
      ? []
      : rows(looks.length + 2).map((row) => [readUnmodelled(row), row]);
    const foreignNames = temporary ? [] : readForeignNames(rows(looks.length + 1));
    const objectsRead = (): Database => {
      const say = withOperatorPaths(foreignNames);
      const names = readCatalogNames(rows(looks.length));
      const objects: [DbObject, string][] = [];
      for (const [i, { readerOf }] of looks.entries())
        for (const row of rows(i)) {
          const o = say(readerOf(row).read(temporaryName ? renamed(row, temporaryName) : row, version, names));
          objects.push([o, row["addresses"] ?? "[]"]);
        }
      seen = { objects, unmodelled };
      return { objects: objects.map(([o]) => o) };
    };
    let database: Database | null = null;
    let digest: string | null = null;
    return {
      // Read when somebody looks: an unchanged project needs the digest alone.
      get database() {
        return (database ??= objectsRead());
      },
      get digest() {
        return (digest ??= digestOf(answers));
      },
      unmodelled: unmodelled.map(([u]) => u),
      version,
      me,
      foreignNames,
    };
  };

  let reading: Promise<Observation> | null = null;
  // Nothing moves in a snapshot, so it is read once. What is temporary is our own, and does move.
  const observe = (sent: () => void = () => {}): Promise<Observation> =>
    temporary ? read(sent) : (reading ??= read(sent));

  const withDependencies = async (o: Observation): Promise<Observation> => {
    const [answer] = await connection.query(dependencySql);
    // Reading fills `seen`.
    void o.database;
    const row = answer?.rows[0];
    return fillDependencies(o, seen, { edges: row?.["edges"] ?? "", inherited: row?.["inherited"] ?? "" });
  };

  return {
    version,
    observe: () => observe(),
    // Whoever asks for the answer hears of an error.
    start: () =>
      new Promise(
        (sent) =>
          void observe(sent).then(
            () => sent(),
            () => sent(),
          ),
      ),
    withDependencies,
    canAsk: opened.at(-1)?.rows[0]?.["can_ask"] === "true",
    attempt: async (...statements) => {
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
    close: async () => {
      if (!temporary) await connection.query("rollback");
    },
  };
}

function digestOf(answers: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const bytes of answers) hash.update(`${bytes.length}\n`).update(bytes);
  return hash.digest("hex");
}

/** A row with the temporary schema under the name that every session knows it by. */
function renamed(row: Row, temporaryName: string): Row {
  const inside = (v: unknown): unknown => {
    if (v === temporaryName) return "pg_temp";
    if (Array.isArray(v)) return v.map(inside);
    if (typeof v === "object" && v !== null)
      return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, inside(x)]));
    return v;
  };
  const cell = (v: string | null): string | null => {
    if (v === temporaryName) return "pg_temp";
    if (v === null || !/^[[{]/.test(v) || !v.includes(temporaryName)) return v;
    try {
      return JSON.stringify(inside(JSON.parse(v)));
    } catch {
      return v;
    }
  };
  return Object.fromEntries(Object.entries(row).map(([k, v]) => [k, cell(v)]));
}
