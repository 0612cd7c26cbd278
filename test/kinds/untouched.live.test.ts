/** Whether a server says by itself that nobody wrote anything. Each test has a server of its own, where nobody else does. */
import { expect, test } from "vitest";
import { compile, emptyMemory } from "../../src/compile.ts";
import { openSnapshot } from "../../src/snapshot.ts";
import type { Connection } from "../../src/run/connection.ts";
import { connect } from "../../src/run/connect.ts";
import { testMajors } from "../servers/databases.ts";
import { startServer, type Major } from "../servers/servers.ts";

const untouched = async (connection: Connection): Promise<string | null> => {
  const snapshot = await openSnapshot(connection);
  await snapshot.close();
  return snapshot.untouched;
};
/** Whether the server ends a session, soon. */
async function ended(c: Connection): Promise<boolean> {
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    if (
      await c.query("select pg_catalog.pg_sleep(0.1)").then(
        () => false,
        () => true,
      )
    )
      return true;
  }
  return false;
}
/** A connection, once the server takes one again. */
async function reconnected(url: string): Promise<Connection> {
  for (const until = Date.now() + 60_000; ;) {
    try {
      return await connect(url);
    } catch (e) {
      if (Date.now() > until) throw e;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
}

test.each(testMajors)("PostgreSQL %i tells that nobody wrote anything", { timeout: 120_000 }, async (major) => {
  const server = await startServer(major as Major, { settings: { autovacuum: "off" } });
  try {
    const c = await connect(server.url);
    const other = await connect(server.url);
    if (major < 15) {
      expect(await untouched(c)).toBe(null);
      return;
    }
    await c.query("checkpoint");
    const before = await untouched(c);
    expect(before).not.toBe(null);
    expect(await untouched(other)).toBe(before);

    await other.query("begin; create table public.t (a int)");
    const during = await untouched(c);
    await other.query("commit");
    const after = await untouched(c);
    expect([null, before, during]).not.toContain(after);
    await other.query("begin; drop table public.t; rollback");
    expect(await untouched(c), "what was undone counts as written").not.toBe(after);

    await other.query("create database elsewhere");
    const here = await untouched(c);
    const elsewhere = await connect(server.url.replace(/\/[^/]*$/, "/elsewhere"));
    expect(await untouched(elsewhere), "another database").not.toBe(here);
    await elsewhere.close();
    await other.query("create role visitor");
    const me = await untouched(c);
    await other.query("set role visitor");
    expect(await untouched(other), "another user").not.toBe(me);

    await c.query("checkpoint");
    const standing = await untouched(c);
    process.kill(other.pid!, "SIGKILL");
    // All sessions end, and numbers of transactions that were lost come again. Until then the server takes new ones as before.
    await expect(ended(c)).resolves.toBe(true);
    const again = await reconnected(server.url);
    expect(await untouched(again), "after a crash").not.toBe(standing);
    await again.close();
    await c.close().catch(() => {});
    await other.close().catch(() => {});
  } finally {
    await server.stop();
  }
});

test.each(testMajors)(
  "PostgreSQL %i is asked for no mark while nobody wrote anything",
  { timeout: 120_000 },
  async (major) => {
    const server = await startServer(major as Major, { settings: { autovacuum: "off" } });
    try {
      const c = await connect(server.url);
      await c.query("create table public.t (a int)");
      const asked: string[] = [];
      const watched: Connection = { ...c, query: (sql) => (asked.push(sql), c.query(sql)) };
      const memory = emptyMemory();
      const files = [{ path: "a.schema", text: "schema public\n\ntable t { a int? }\n" }];
      const plan = () => compile({ connection: watched, files, memory });
      const marks = (): number => asked.splice(0).filter((sql) => sql.includes("as mark")).length;

      expect((await plan()).plan).toBe(null);
      marks();
      // What was asked may have used up numbers of transactions.
      expect((await plan()).plan).toBe(null);
      marks();
      expect((await plan()).plan).toBe(null);
      expect(marks()).toBe(major < 15 ? 1 : 0);
      await c.query("create table public.elsewhere (a int); drop table public.elsewhere");
      expect((await plan()).plan).toBe(null);
      expect(marks()).toBe(1);
      await c.query("alter table public.t add b int");
      expect((await plan()).plan).not.toBe(null);
      await c.close();
    } finally {
      await server.stop();
    }
  },
);
