/** The command line when the server ends its session in the middle of a run. */
import pg from "pg";
import { describe, expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { json, revisionFile } from "./project.ts";
import { folders, schemac, write } from "./support.ts";

const folder = folders();
const major = testMajors.at(-1)!;

/** Ends its own session the first time; a sequence counts on, whatever becomes of the transaction. */
const dies =
  "select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()) from (select pg_catalog.nextval('public.tries') as n offset 0) x where n = 1";
const run = async (url: string, sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
};

describe("a session that the server ends", () => {
  test("a rollback that connected again says where the database is, and ends well", () =>
    withDatabase(major, async (url) => {
      await run(url, "create sequence public.tries");
      const cwd = folder({ "schemac.config.ts": "export default {}" });
      write(cwd, {
        ...revisionFile(1, ["create table public.t1 ()"], ["drop table public.t1"]),
        ...revisionFile(2, ["create table public.t2 ()"], [dies, "drop table public.t2"]),
      });
      const env = { DATABASE_URL: url };
      expect(await schemac(cwd, ["apply"], { env })).toMatchObject({ code: 0 });
      const ran = await schemac(cwd, ["rollback"], { env });
      expect(ran.err).toContain("connecting again");
      expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("now at 0001_r1") as unknown });
      expect(json(await schemac(cwd, ["rollback", "--json"], { env }))).toMatchObject({ undone: ["0001_r1"] });
    }));
});
