/** From one database to another and back, by the plan, judged by what is observed. */
import type { Database, Observation } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import { type Action, costs, type Direction, locks } from "../../src/model/plan.ts";
import { plan } from "../../src/plan/index.ts";
import { diff } from "../../src/diff.ts";
import { names, qualified } from "../../src/sql.ts";
import type { Connection } from "../../src/run/connection.ts";
import { observe } from "./live.ts";

const withSettings = (a: Action): string =>
  [
    `set local search_path = ${names(["pg_catalog", ...a.path, "pg_temp"])}`,
    ...(a.unchecked === undefined ? [] : [`set local check_function_bodies = ${a.unchecked ? "off" : "on"}`]),
    a.sql,
  ].join(";\n");

/** Every statement of a direction, a transaction per step. */
export async function walk(connection: Connection, direction: Direction): Promise<void> {
  for (const step of direction.steps)
    await attempt(connection, direction, () =>
      connection.query(["begin", ...step.actions.map(withSettings), "commit"].join(";\n")),
    );
}

async function attempt(connection: Connection, direction: Direction, fn: () => Promise<unknown>): Promise<void> {
  try {
    await fn();
  } catch (error) {
    await connection.query("rollback");
    const text = direction.steps.flatMap((s) => s.actions.map((a) => a.sql)).join(";\n");
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${text}`, { cause: error });
  }
}

const tablesNow = `select c.oid::text, n.nspname::text as schema, c.relname::text as name, pg_relation_filenode(c.oid)::text as file
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema)'`;
const locksNow = `select l.relation::text as oid, l.mode from pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted`;

/** "AccessExclusiveLock" → "access exclusive" */
const modeName = (mode: string): string =>
  mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])[A-Z]/g, (c) => ` ${c}`)
    .toLowerCase();

/**
 * Like `walk`, but statement by statement, and each must tell the truth about its locks on the tables that were there
 * before, and must not call a rewrite anything less.
 */
export async function walkWatched(connection: Connection, direction: Direction): Promise<readonly string[]> {
  const lies: string[] = [];
  const rowsOf = async (sql: string) => (await connection.query(sql)).at(-1)!.rows;
  const before = new Map((await rowsOf(tablesNow)).map((r) => [r["oid"]!, r]));
  for (const a of direction.steps.flatMap((s) => s.actions))
    await attempt(connection, direction, async () => {
      const files = new Map((await rowsOf(tablesNow)).map((r) => [r["oid"]!, r["file"]!]));
      await connection.query(`begin;\n${withSettings(a)}`);
      let strongest = "none";
      const holders = new Set<string>();
      for (const { oid, mode } of await rowsOf(locksNow)) {
        const table = before.get(oid!);
        if (!table) continue;
        const m = modeName(mode!);
        const [x, y] = [locks.findIndex((l) => l === m), locks.findIndex((l) => l === strongest)];
        if (x < y) continue;
        if (x > y) holders.clear();
        strongest = m;
        holders.add(encode({ kind: "table", schema: table["schema"]!, name: table["name"]! }));
      }
      const claimed = new Set(a.on.map((id) => encode(id)));
      // Some statements lock only an index or a sequence; those are not tables.
      const ofTables = (a.on.length === 0 && a.lock === "none") || a.on.some((id) => id.kind === "table");
      if (ofTables && a.lock !== strongest && !(strongest === "access share" && a.lock === "none"))
        lies.push(`${a.sql}: claims ${a.lock}, takes ${strongest} on ${[...holders].join(" ")}`);
      else if (ofTables && strongest !== "access share" && [...holders].some((h) => !claimed.has(h)))
        lies.push(`${a.sql}: ${strongest} on ${[...holders].join(" ")}, claims ${[...claimed].join(" ")}`);
      for (const r of await rowsOf(tablesNow))
        if (
          before.has(r["oid"]!) &&
          files.get(r["oid"]!) !== r["file"] &&
          costs.indexOf(a.cost) < costs.indexOf("rewrite")
        )
          lies.push(`${a.sql}: rewrites ${qualified({ schema: r["schema"]!, name: r["name"]! })}, claims ${a.cost}`);
      await connection.query("commit");
    });
  return lies;
}

/** What still differs, in words. */
export const differences = (actual: Database, wanted: Database): readonly string[] =>
  diff(actual, wanted).map((d) => {
    if (d.op !== "alter") return `${d.op} ${encode(d.op === "create" ? d.to.id : d.from.id)}`;
    const [a, b] = [d.from.attributes, d.to.attributes] as readonly Readonly<Record<string, unknown>>[];
    return `${encode(d.to.id)} ${d.attribute}: ${JSON.stringify(a![d.attribute])} -> ${JSON.stringify(b![d.attribute])}`;
  });

export interface Outcome {
  readonly forward: readonly string[];
  readonly back: readonly string[];
  /** Statements that take other locks than they say, or cost more. */
  readonly lies: readonly string[];
  readonly sql: readonly string[];
}

/** `here` holds the first database, `there` the second; `here` goes to the second and back, by steps and by statements. */
export async function thereAndBack(
  here: Connection,
  there: Connection,
  between: () => Promise<void> = async () => {},
): Promise<Outcome> {
  const from: Observation = await observe(here, {}, true);
  const to: Observation = await observe(there, {}, true);
  const { plan: planned } = plan(from.database, to.database, { version: from.version });
  if (!planned) return { forward: [], back: [], lies: [], sql: [] };
  await walk(here, planned.up);
  const forward = differences((await observe(here)).database, to.database);
  await between();
  const lies = [...(await walkWatched(here, planned.down))];
  const back = differences((await observe(here)).database, from.database);
  await between();
  lies.push(...(await walkWatched(here, planned.up)));
  return { forward, back, lies, sql: planned.up.steps.flatMap((s) => s.actions.map((a) => a.sql)) };
}
