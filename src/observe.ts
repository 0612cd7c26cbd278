/** Reads a live database as data: every kind's own query, all in one message and one snapshot. Names no kind. */
import { createHash } from "node:crypto";
import { type DbObject, isOfPostgres, type Kind } from "./model/objects.ts";
import type { Database, Observation, Unmodelled } from "./model/database.ts";
import type { Connection } from "./run/connection.ts";
import { beginSnapshot, type Opened, type Reader, type Scope } from "./snapshot.ts";
import { dependencySql, fillDependencies, type Observed } from "./dependencies.ts";
import { foreignNamesSql, readForeignNames, withOperatorPaths } from "./foreignNames.ts";
import { catalogNamesSql, readCatalogNames } from "./kinds/parts/catalogNames.ts";
import { neverManaged } from "./kinds/managed.ts";
import { rooms } from "./kinds/rooms.ts";
import { sayingsSql, sayingsThere } from "./kinds/parts/sayings.ts";
import type { CatalogNames, ObserveSayings, Row } from "./kinds/room.ts";
import { literal } from "./sql.ts";
import { readTable, tableOf } from "./rows.ts";
import { readUnmodelled, unmodelledSql } from "./unmodelled.ts";

/** A condition on `n.nspname`: Postgres's own schemas and schemac's are never managed. */
export function managedSchemas({ schemas, exclude, temporary }: Scope): string {
  if (temporary) return "n.oid = pg_my_temp_schema()";
  const list = (names: readonly string[]): string => names.map(literal).join(", ");
  return (
    `n.nspname !~ ${literal(neverManaged)}` +
    (schemas ? (schemas.length ? ` and n.nspname in (${list(schemas)})` : " and false") : "") +
    (exclude?.length ? ` and n.nspname not in (${list(exclude)})` : "")
  );
}

/** A condition on `r.rolname`. */
export function managedRoles({ roles = [] }: Scope): string {
  if (roles === true) return "true";
  return roles.length ? `r.rolname in (${roles.map(literal).join(", ")})` : "false";
}

/** A name for this snapshot that another session can see it by; null where the catalog is small and one session soon done. */
const exportedSnapshot = `case when pg_catalog.pg_relation_size('pg_catalog.pg_attribute') > 2000000 and not pg_catalog.pg_is_in_recovery()
          then pg_catalog.pg_export_snapshot() end`;

/** What is worth looking at, and how another session sees the same. */
interface There {
  readonly there: ReadonlySet<string>;
  /** null: read on one connection. */
  readonly exported: string | null;
}

/**
 * What reads an opened snapshot. `observe` sends the queries of all rooms in one message and lets each room read its rows. A
 * large catalog is read on two connections at once, the second in the first one's snapshot; where a second one cannot be had,
 * on the one.
 */
export function readerOf(
  connection: Connection,
  scope: Scope,
  { version, me, owners, rights, mayExport, pinned }: Opened,
): Reader {
  const schemas = managedSchemas(scope);
  const roles = managedRoles(scope);
  const temporary = scope.temporary !== undefined;
  const seeing = Object.values(rooms).filter((room) => scope.temporary?.includes(room.kind) ?? true);
  interface RowReader {
    readonly read: (row: Row, version: number, names: CatalogNames) => DbObject;
  }
  /** A query with the one who reads a row of the answer. */
  interface Look {
    readonly sql: string;
    readonly readerOf: (row: Row) => RowReader;
  }
  const sayings = new Map<string, RowReader & Pick<ObserveSayings<Kind>, "said">>();
  for (const { kind, observe } of seeing) if ("said" in observe) sayings.set(kind, observe);
  /** What is worth asking for: most databases have nothing of most kinds, and a query for nothing takes as long as one for a little. */
  const looksFor = (there: ReadonlySet<string>): readonly Look[] => {
    const looks: Look[] = [];
    for (const { observe } of seeing)
      if (!("said" in observe) && (observe.there === undefined || there.has(observe.there)))
        looks.push({ sql: observe.sql(schemas, version, roles, rights), readerOf: () => observe });
    if (sayings.size > 0)
      looks.push({
        sql: sayingsSql(
          [...sayings].map(([kind, { said }]) => [kind, said]),
          schemas,
          version,
          rights,
          there,
        ),
        readerOf: (row) => sayings.get(row["saying"] ?? "")!,
      });
    return looks;
  };
  const askThere = async (): Promise<There> => {
    const all = new Set(seeing.flatMap(({ observe }) => ("said" in observe ? [] : (observe.there ?? []))));
    if (sayings.size > 0) for (const t of sayingsThere) all.add(t);
    const list = [...all];
    if (temporary) return { there: all, exported: null };
    const [answer] = await connection.query(
      `select ${connection.twin && mayExport ? exportedSnapshot : "null"} as exported${list.map((t, i) => `,\n  exists (select from ${t})::text as t${i}`).join("")}`,
    );
    const row = answer?.rows[0];
    return { there: new Set(list.filter((_, i) => row?.[`t${i}`] === "true")), exported: row?.["exported"] ?? null };
  };
  let seen: Observed = { objects: [], unmodelled: [] };

  /** Answers of queries on a second connection; null where there is none, or none by the time the first one has answered. */
  const askBeside = async (
    exported: string,
    queries: readonly string[],
    first: Promise<unknown>,
    sent: () => void,
  ): Promise<readonly Buffer[] | null> => {
    if (!connection.twin) return null;
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
        [beginSnapshot, `set transaction snapshot ${literal(exported)}`, ...pinned, ...queries].join(";\n"),
      );
      sent();
      return await answer;
    } catch {
      return null;
    } finally {
      second.close().catch(() => {});
    }
  };

  const ask = async (looks: readonly Look[], exported: string | null, sent: () => void): Promise<readonly Buffer[]> => {
    const half = Math.ceil(looks.length / 2);
    const queries = looks.map(({ sql }) => tableOf(sql));
    const others = [
      tableOf(catalogNamesSql),
      ...(temporary
        ? [tableOf("select nspname as name from pg_namespace where oid = pg_my_temp_schema()")]
        : [
            // Without statistics (a database just made) these two would be planned as loops in loops.
            "set local enable_nestloop = off",
            tableOf(foreignNamesSql),
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
    const beside = askBeside(exported, queries.slice(half), first, sent);
    const answers = await first;
    const more = (await beside) ?? (await connection.copyOut(queries.slice(half).join(";\n")));
    return [...answers.slice(0, half), ...more, ...answers.slice(half)];
  };

  const read = async (sent: () => void): Promise<Observation> => {
    const { there, exported } = await askThere();
    const looks = looksFor(there);
    const answers = await ask(looks, exported, sent).finally(sent);
    const rows = (n: number): readonly Row[] => (answers[n] ? readTable(answers[n]) : []);
    const temporaryName = temporary ? rows(looks.length + 1)[0]?.["name"] : undefined;
    const unmodelled: (readonly [Unmodelled, Row])[] = temporary
      ? []
      : rows(looks.length + 2).map((row) => [readUnmodelled(row), row]);
    const foreignNames = temporary ? [] : readForeignNames(rows(looks.length + 1));
    const objectsRead = (): { readonly database: Database; readonly unsaid: readonly DbObject[] } => {
      const say = withOperatorPaths(foreignNames);
      const names = readCatalogNames(rows(looks.length));
      const objects: [DbObject, string][] = [];
      const unsaid: DbObject[] = [];
      for (const [i, { readerOf }] of looks.entries())
        for (const row of rows(i)) {
          const o = say(readerOf(row).read(temporaryName ? renamed(row, temporaryName) : row, version, names));
          if (isOfPostgres(o)) unsaid.push(o);
          else objects.push([o, row["addresses"] ?? "[]"]);
        }
      seen = { objects, unmodelled };
      return { database: { objects: objects.map(([o]) => o) }, unsaid };
    };
    let found: ReturnType<typeof objectsRead> | null = null;
    // Read when somebody looks: an unchanged project needs the digest alone.
    const looked = () => (found ??= objectsRead());
    let digest: string | null = null;
    return {
      get database() {
        return looked().database;
      },
      get digest() {
        return (digest ??= digestOf(answers, `${version} ${JSON.stringify(owners)}`));
      },
      unmodelled: unmodelled.map(([u]) => u),
      version,
      me,
      owners,
      get unsaid() {
        return looked().unsaid;
      },
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

  return { observe, withDependencies };
}

/** What it means depends on the major, and on what was known before anything was asked. */
function digestOf(answers: readonly Buffer[], known: string): string {
  const hash = createHash("sha256").update(`${known}\n`);
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
