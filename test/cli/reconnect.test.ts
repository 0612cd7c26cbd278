/** The command line when the server ends its session in the middle of a run. */
import { describe, expect, test } from "vitest";
import { ask, dies, tries } from "../run/base.ts";
import { serverUrl, testMajors, withDatabase } from "../servers/databases.ts";
import { json, revisionFile } from "./project.ts";
import { folders, schemac, write } from "./support.ts";

const folder = folders();
const major = testMajors.at(-1)!;

describe("a session that the server ends", () => {
  test("a rollback that connected again says where the database is, and ends well", () =>
    withDatabase(major, async (url) => {
      await ask(url, tries);
      const cwd = folder({ "schemac.config.ts": "export default {}" });
      write(cwd, {
        ...revisionFile(1, ["create table public.t1 ()"], ["drop table public.t1"]),
        ...revisionFile(2, ["create table public.t2 ()"], [dies(), "drop table public.t2"]),
      });
      const env = { DATABASE_URL: url };
      expect(await schemac(cwd, ["apply"], { env })).toMatchObject({ code: 0 });
      const ran = await schemac(cwd, ["rollback"], { env });
      expect(ran.err).toContain("connecting again");
      expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("now at 0001_r1") as unknown });
      expect(json(await schemac(cwd, ["rollback", "--json"], { env }))).toMatchObject({ undone: ["0001_r1"] });
    }));

  test("a database that is dropped meanwhile: said once, and not that it is safe to resume", () =>
    withDatabase(major, async (url) => {
      const cwd = folder({ "schemac.config.ts": "export default {}" });
      write(cwd, {
        ...revisionFile(1, ["create table public.t1 ()"], []),
        ...revisionFile(2, ["select pg_sleep(600)"], []),
      });
      const name = new URL(url).pathname.slice(1);
      const running = schemac(cwd, ["apply", "--json"], { env: { DATABASE_URL: url } });
      const sleeping = `select from pg_stat_activity where datname = '${name}' and query ~ 'pg_sleep' and state = 'active'`;
      while ((await ask(serverUrl(major), sleeping)).length === 0) await new Promise((r) => setTimeout(r, 50));
      await ask(serverUrl(major), `drop database "${name}" with (force)`);
      const ran = await running;
      // For withDatabase to drop.
      await ask(serverUrl(major), `create database "${name}"`);
      expect(ran.code).toBe(1);
      expect(ran.err.match(/connecting again/g)).toHaveLength(1);
      expect(ran.err).toMatch(/^error: .* the database is no longer there: .*does not exist/m);
      expect(ran.err).not.toContain("resume");
      expect(json(ran)).toMatchObject({ exit: 1 });
    }));
});
