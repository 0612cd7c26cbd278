import { describe, expect, it } from "vitest";
import { apply, rollback, status } from "../../src/run/index.ts";
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

  it("of a newer format is told as such, whatever became of its tables", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: all });
      await ask(url, "update schemac.meta set format = 2; alter table schemac.revision rename column how to manner");
      expect(told(await failure(apply({ url, revisions: all })))).toMatch(/is of format 2.*newer version/);
      await ask(url, "update schemac.meta set format = 1");
      expect((await failure(status({ url, revisions: all }))).message).toMatch(/column "how" does not exist/);
      expect(await askText(url, "select count(*) from schemac.step")).toBe("1");
    }));
});
