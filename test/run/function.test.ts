import { describe, expect, it } from "vitest";
import type { FunctionContext, FunctionStep } from "../../src/revision/format.ts";
import { apply } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { askText, failure, list, revision, states, tables, tx } from "./base.ts";

const fn = (run: (c: FunctionContext) => Promise<void>): FunctionStep => ({ kind: "function", source: "x", run });

describe.each(testMajors)("function steps on PostgreSQL %i", (major) => {
  const on = (test: (url: string) => Promise<void>) => () => withDatabase(major, test);

  it(
    "run their queries in the step's transaction, with values as text and x",
    on(async (url) => {
      const step = fn(async ({ query, x }) => {
        const rows = await query(
          "select 1 as one, null as nothing, true as yes, 12345678901234567890::numeric as big; select 2::int8 as two, now()::date - now()::date as zero",
        );
        expect(rows).toEqual([{ two: "2", zero: "0" }]);
        await query(`insert into public.t1 values (${x["n"]})`);
      });
      await apply({
        url,
        revisions: list(
          revision(1),
          revision(2, { up: [tx("create table public.a ()"), step, tx("create table public.b ()")] }),
        ),
        x: { n: "42" },
      });
      expect(await askText(url, "select id from public.t1")).toBe("42");
      expect(await tables(url)).toBe("a b t1");
      expect(await askText(url, "select kind from schemac.step where revision = 'a00000000002' order by n")).toBe(
        "transaction function transaction",
      );
    }),
  );

  it.each<[string, (c: FunctionContext) => Promise<void>, RegExp]>([
    [
      "throws",
      async ({ query }) => void (await query("create table public.x ()"), await Promise.reject(new Error("no luck"))),
      /no luck/,
    ],
    [
      "sends bad SQL",
      async ({ query }) => void (await query("create table public.x ()"), await query("select 1/0")),
      /division by zero/,
    ],
    [
      "swallows an error",
      async ({ query }) => void (await query("create table public.x ()"), await query("select 1/0").catch(() => {})),
      /division by zero/,
    ],
    [
      "commits",
      async ({ query }) => void (await query("create table public.x ()"), await query("commit")),
      /says COMMIT/,
    ],
    [
      "ends the transaction in disguise",
      async ({ query }) => void (await query("create table public.x (); select 1; rollback")),
      /says ROLLBACK/,
    ],
    [
      "forgets to wait for a failing query",
      ({ query }) => (query("select pg_sleep(0.1), 1/0").catch(() => {}), Promise.resolve()),
      /division by zero/,
    ],
  ])("undo everything when the function %s", async (_, run, message) => {
    await withDatabase(major, async (url) => {
      const e = await failure(apply({ url, revisions: list(revision(1), revision(2, { up: [fn(run)] })) }));
      expect(e.message).toMatch(message);
      expect(e.exit).toBe(7);
      expect(await tables(url)).toBe("t1");
      expect(await states(url)).toBe("1:applied");
    });
  });

  it(
    "refuse queries after their end",
    on(async (url) => {
      const late: { query: FunctionContext["query"] | null } = { query: null };
      const keep = fn((c) => {
        late.query = c.query;
        return Promise.resolve();
      });
      await apply({ url, revisions: list(revision(1, { up: [keep] })) });
      await expect(late.query!("select 1")).rejects.toThrow(/the step is over/);
    }),
  );

  it(
    "stop at a signal and leave nothing",
    on(async (url) => {
      const stop = new AbortController();
      const step = fn(async ({ query }) => {
        await query("create table public.x ()");
        setTimeout(() => stop.abort(), 100);
        await query("select pg_sleep(20)");
      });
      const e = await failure(apply({ url, revisions: list(revision(1, { up: [step] })), signal: stop.signal }));
      expect(e.exit).toBe(130);
      expect(await tables(url)).toBe("");
    }),
  );
});
