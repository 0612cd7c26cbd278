import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { apply, applyScript, connect, listRevisions, rollback, stamp, status } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { ask, askText, failure, list, revision, tables } from "./base.ts";

const all = list(revision(1));
const told = (e: { readonly message: string; readonly advice?: string }): string => `${e.message} ${e.advice}`;

describe.each(testMajors)("the ledger on PostgreSQL %i", (major) => {
  it("takes no table of somebody else's for its own, and says whose name is in the way", () =>
    withDatabase(major, async (url) => {
      for (const name of ["meta", "revision", "step", "event"]) {
        await ask(url, `create table public.${name} (id int)`);
        const e = await failure(apply({ url, revisions: all, ledger: "public" }));
        expect(told(e)).toMatch(new RegExp(`"${name}" already exists.*another schema`));
        expect(await tables(url)).toBe(name);
        await ask(url, `drop table public.${name}`);
      }
      await apply({ url, revisions: all, ledger: "public" });
      expect((await status({ url, revisions: all, ledger: "public" })).atHead).toBe(true);
    }));

  it("says what else keeps it from being made, with all that Postgres says", () =>
    withDatabase(major, async (url) => {
      await ask(
        url,
        "create function public.no() returns event_trigger language plpgsql as $$ begin raise 'not today' using detail = 'it is Friday', hint = 'come back'; end $$; create event trigger no on ddl_command_start execute function public.no()",
      );
      const e = await failure(apply({ url, revisions: all }));
      expect(told(e)).toMatch(/not today.* it is Friday\. come back\. /);
      expect(told(e)).not.toMatch(/may create/);
    }));

  it("tells one database from another where a run is meant for one", () =>
    withDatabase(major, async (url) => {
      const meant = "00000000-0000-4000-8000-000000000000";
      const none = await failure(apply({ url, revisions: all, instance: meant }));
      expect([none.exit, none.message, await tables(url)]).toEqual([5, expect.stringMatching(/not there yet/), ""]);
      await apply({ url, revisions: all });
      const { instance } = await status({ url, revisions: all });
      for (const run of [apply, rollback])
        expect((await failure(run({ url, revisions: all, instance: meant }))).message).toContain(
          `instance ${instance}`,
        );
      await rollback({ url, revisions: all, instance: instance ?? "" });
      expect(await tables(url)).toBe("");
    }));

  it("says of no database that it is up to date where the folder of revisions is not there", () =>
    withDatabase(major, async (url) => {
      const dir = join(import.meta.dirname, "nowhere");
      for (const run of [apply, status, rollback]) {
        const e = await failure(run({ url, dir: [import.meta.dirname, dir] }));
        expect([e.exit, e.message]).toEqual([1, `there is no folder ${dir}, where the revisions should be`]);
        expect(e.advice).toMatch(/belongs into version control and to every deployment/);
      }
      expect(() => applyScript(listRevisions(dir))).toThrow(/there is no folder .*nowhere/);
      expect(await askText(url, "select count(*) from pg_namespace where nspname = 'schemac'")).toBe("0");
    }));

  it("that lost some of its tables is damaged, not absent", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: all });
      for (const [drop, said] of [
        ["drop table schemac.event", "its table event is not there"],
        ["drop table schemac.meta", "its tables meta and event are not there"],
        ["drop table schemac.revision", "its tables meta, revision and event are not there"],
      ] as const) {
        await ask(url, drop);
        for (const run of [status, apply, rollback]) {
          const e = await failure(run({ url, revisions: all }));
          expect([e.exit, e.message]).toEqual([6, `the ledger in the schema "schemac" is damaged: ${said}`]);
          expect(e.advice).toMatch(/backup.*stamp the revision/);
        }
      }
      expect(await tables(url)).toBe("t1");
      // As the advice says.
      await ask(url, "alter schema schemac rename to schemac_old");
      const c = await connect(url);
      await stamp(c, all, "head");
      await c.close();
      expect((await status({ url, revisions: all })).atHead).toBe(true);
    }));

  it("without a column is damaged too, and told before anything is run", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: all });
      const more = list(revision(1), revision(2));
      for (const [table, column] of [
        ["step", "tries"],
        ["meta", "format"],
      ] as const) {
        await ask(url, `alter table schemac.${table} drop column ${column} cascade`);
        const e = await failure(apply({ url, revisions: more }));
        expect([e.exit, e.message]).toEqual([6, expect.stringMatching(/damaged: column .* does not exist/)]);
      }
      expect(await tables(url)).toBe("t1");
    }));

  it("that lost rows is damaged too: no run takes what it did for not done", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: list(revision(1), revision(2)) });
      const more = list(revision(1), revision(2), revision(3));
      const stamping = async (o: { url: string }): Promise<void> => {
        const c = await connect(o.url);
        await stamp(c, more, "head", { purge: true }).finally(() => c.close());
      };
      for (const [sql, back, said] of [
        [
          "create table public.kept as select * from schemac.meta; delete from schemac.meta",
          "insert into schemac.meta select * from public.kept; drop table public.kept",
          "its table meta has lost its row",
        ],
        [
          "create table public.kept as select * from schemac.revision where number = 2; delete from schemac.revision where number = 2",
          "insert into schemac.revision select * from public.kept; drop table public.kept",
          "its table step has steps of revisions that its table revision has lost: a00000000002",
        ],
      ] as const) {
        await ask(url, sql);
        const place = { url, revisions: more };
        for (const run of [() => status(place), () => apply(place), () => rollback(place), () => stamping(place)]) {
          const e = await failure(run());
          expect([e.exit, e.message]).toEqual([6, `the ledger in the schema "schemac" is damaged: ${said}`]);
        }
        await ask(url, back);
      }
      expect(await tables(url)).toBe("t1 t2");
      await apply({ url, revisions: more });
      await rollback({ url, revisions: more, target: "base" });
      await stamping({ url });
      expect((await status({ url, revisions: more })).atHead).toBe(true);
    }));

  it("of a newer format is told as such, whatever became of its tables", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: all });
      await ask(url, "update schemac.meta set format = 2; alter table schemac.revision rename column how to manner");
      expect(told(await failure(apply({ url, revisions: all })))).toMatch(/is of format 2.*newer version/);
      await ask(url, "update schemac.meta set format = 1");
      const damaged = await failure(status({ url, revisions: all }));
      expect([damaged.exit, damaged.message]).toEqual([
        6,
        expect.stringMatching(/"schemac" is damaged: .*"how" does not exist/),
      ]);
      expect(await askText(url, "select count(*) from schemac.step")).toBe("1");
    }));
});
