/** From one database to another and back, by the plan, judged by what is observed. */
import type { Database, Observation } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import type { Direction } from "../../src/model/plan.ts";
import { plan } from "../../src/plan/index.ts";
import { diff } from "../../src/diff.ts";
import { names } from "../../src/sql.ts";
import type { Connection } from "../../src/run/connection.ts";
import { observe } from "./live.ts";

/** Every statement of a direction, a transaction per step. */
export async function walk(connection: Connection, direction: Direction): Promise<void> {
  for (const step of direction.steps) {
    const statements = step.actions.flatMap((a) => [`set local search_path = ${names(["pg_catalog", ...a.path, "pg_temp"])}`, a.sql]);
    try {
      await connection.query(["begin", ...statements, "commit"].join(";\n"));
    } catch (error) {
      await connection.query("rollback");
      const text = direction.steps.flatMap((s) => s.actions.map((a) => a.sql)).join(";\n");
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${text}`, { cause: error });
    }
  }
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
  readonly sql: readonly string[];
}

/** `here` holds the first database, `there` the second; `here` goes to the second and back. */
export async function thereAndBack(
  here: Connection,
  there: Connection,
  between: () => Promise<void> = async () => {},
): Promise<Outcome> {
  const from: Observation = await observe(here, {}, true);
  const to: Observation = await observe(there, {}, true);
  const { plan: planned } = plan(from.database, to.database, { version: from.version });
  if (!planned) return { forward: [], back: [], sql: [] };
  await walk(here, planned.up);
  const forward = differences((await observe(here)).database, to.database);
  await between();
  await walk(here, planned.down);
  const back = differences((await observe(here)).database, from.database);
  return { forward, back, sql: planned.up.steps.flatMap((s) => s.actions.map((a) => a.sql)) };
}

