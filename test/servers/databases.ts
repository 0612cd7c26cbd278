/** What tests use: the majors that run, and fresh databases on them. */
import pg from "pg";
import { inject } from "vitest";

/** Majors of the servers that were started for this run, e.g. [15, 18]. */
export const testMajors: readonly number[] = Object.keys(inject("servers")).map(Number);

/** Url of a major's database postgres. */
export function serverUrl(major: number): string {
  const url = inject("servers")[major];
  if (url === undefined)
    throw new Error(`no PostgreSQL ${major} was started; SCHEMAC_TEST_MAJORS names those that are`);
  return url;
}

/** Gives `fn` the url of a new, empty database (from template0) and drops the database afterwards. */
export async function withDatabase<T>(major: number, fn: (url: string) => Promise<T>): Promise<T> {
  const server = serverUrl(major);
  const database = `t_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
  await run(server, `create database ${database} template template0`);
  const url = new URL(server);
  url.pathname = "/" + database;
  try {
    return await fn(url.href);
  } finally {
    const drop = `drop database ${database} with (force)`;
    // A database with subscriptions is not dropped.
    await run(server, drop).catch(async (e: unknown) => {
      if (!(e instanceof pg.DatabaseError) || e.code !== "55006") throw e;
      for (const name of await subscriptions(url.href))
        await run(
          url.href,
          `alter subscription ${name} disable; alter subscription ${name} set (slot_name = none)`,
        ).then(() => run(url.href, `drop subscription ${name}`));
      await run(server, drop);
    });
  }
}

/** Tests share a server, and roles belong to all of it: nobody makes or drops one while `fn` runs, for who compares what is seen. */
export async function whileRolesStay<T>(url: string, fn: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  // The database may be dropped under it.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("begin; lock table pg_catalog.pg_authid, pg_catalog.pg_auth_members in share mode");
    return await fn();
  } finally {
    await client.end();
  }
}

async function subscriptions(url: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const sql =
      "select quote_ident(subname) as name from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())";
    return (await client.query<{ name: string }>(sql)).rows.map((row) => row.name);
  } finally {
    await client.end();
  }
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
