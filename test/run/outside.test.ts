import pg from "pg";
import { describe, expect, it } from "vitest";
import type { OutsideStep, Revision } from "../../src/revision/format.ts";
import { apply, connect, rollback, status } from "../../src/run/index.ts";
import { StepFailed } from "../../src/run/errors.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { ask, askText, failure, list, listen, revision, states, tables, tx } from "./base.ts";

const index = (name: string, on: string, unique = ""): OutsideStep => ({
  kind: "outside",
  statement: `create ${unique} index concurrently ${name} on ${on}`,
  probe: `select exists (select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid where c.relname = '${name}' and i.indisvalid)`,
  undo: `drop index concurrently if exists public.${name}`,
});
const indexes = (url: string): Promise<string> =>
  askText(
    url,
    "select c.relname || ':' || i.indisvalid from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = 'public'::regnamespace order by 1",
  );
const withIndex = (unique = "", more: Partial<Revision> = {}): Revision =>
  revision(1, {
    up: [
      tx("create table public.a (id integer)", "insert into public.a values (1), (1)"),
      index("a_id", "public.a (id)", unique),
      tx("create table public.last ()"),
    ],
    down: [
      {
        kind: "outside",
        statement: "drop index concurrently public.a_id",
        probe: "select pg_catalog.to_regclass('public.a_id') is null",
      },
      tx("drop table public.a, public.last"),
    ],
    ...more,
  });

describe.each(testMajors)("steps outside transactions on PostgreSQL %i", (major) => {
  const on = (fn: (url: string) => Promise<void>) => () => withDatabase(major, fn);

  it(
    "are run, journalled and undone",
    on(async (url) => {
      const all = list(withIndex());
      await apply({ url, revisions: all });
      expect(await indexes(url)).toBe("a_id:true");
      expect(await askText(url, "select kind || state from schemac.step order by n")).toBe(
        "transactiondone outsidedone transactiondone",
      );
      await rollback({ url, revisions: all });
      expect(await tables(url)).toBe("");
      await apply({ url, revisions: all });
      expect(await indexes(url)).toBe("a_id:true");
    }),
  );

  it(
    "leave no broken index behind when they fail",
    on(async (url) => {
      const e = await failure(apply({ url, revisions: list(withIndex("unique")) }));
      expect(e).toBeInstanceOf(StepFailed);
      expect([e.exit, (e as StepFailed).database?.code]).toEqual([7, "23505"]);
      expect(await indexes(url)).toBe("");
      expect(await states(url)).toBe("1:applying");
      await ask(url, "delete from public.a");
      await apply({ url, revisions: list(withIndex("unique")) });
      expect(await indexes(url)).toBe("a_id:true");
      // As the first step of a revision it leaves nothing at all.
      const second = revision(2, { up: [index("b_id", "public.a (nope)")], down: [] });
      const alone = await failure(apply({ url, revisions: list(withIndex("unique"), second) }));
      expect([alone.exit, await states(url)]).toEqual([1, "1:applied"]);
      expect(await askText(url, "select count(*) from schemac.step where revision = 'a00000000002'")).toBe("0");
    }),
  );

  it(
    "that were begun by a run that died are found by their intent and the probe",
    on(async (url) => {
      const all = list(withIndex());
      // An old transaction keeps CREATE INDEX CONCURRENTLY waiting, so that it can be interrupted.
      const old = new pg.Client({ connectionString: url });
      await old.connect();
      const dying = await connect(url, { applicationName: "dying" });
      await apply(dying, list({ ...withIndex(), up: [withIndex().up[0]!, tx("select 1/0"), tx("select 1")] })).catch(
        () => {},
      );
      await old.query(
        "begin isolation level repeatable read; select count(*) from public.a; lock table public.a in access share mode",
      );
      const run = failure(apply(dying, all));
      await until(async () => (await indexes(url)).startsWith("a_id"));
      await ask(url, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dying'");
      const e = await run;
      expect([e.exit, e.message]).toEqual([7, expect.stringMatching(/connection to the database was lost/)]);
      await old.query("rollback");
      await old.end();
      expect(await indexes(url)).toBe("a_id:false");
      expect((await status({ url, revisions: all })).interrupted).toMatchObject({ doneSteps: 1, steps: 3 });
      const heard = listen();
      await apply({ url, revisions: all, onEvent: heard.onEvent });
      expect(heard.kinds()).toContain("repaired");
      expect(await indexes(url)).toBe("a_id:true");
      expect(await askText(url, "select tries from schemac.step where kind = 'outside'")).toBe("2");
    }),
  );

  it(
    "leave alone what has their name already",
    on(async (url) => {
      await ask(url, "create table public.a (id int); create index a_id on public.a ((id + 1))");
      const made = revision(1, { up: [index("a_id", "public.a (id)")], down: [] });
      expect((await failure(apply({ url, revisions: list(made) }))).message).toMatch(
        /its effect is there already, though the step was never begun/,
      );
      const strict = revision(1, { up: [{ ...index("a_id", "public.a (id)"), probe: "select false" }], down: [] });
      expect((await failure(apply({ url, revisions: list(strict) }))).message).toMatch(
        /relation "a_id" already exists/,
      );
      expect(await askText(url, "select pg_get_indexdef('public.a_id'::regclass) like '%+ 1%'")).toBe("true");
      expect((await status({ url, revisions: list(strict) })).interrupted).toBe(null);
    }),
  );

  it(
    "are not run again when their effect is there",
    on(async (url) => {
      const all = list(
        withIndex("", {
          up: [
            withIndex().up[0]!,
            {
              ...index("a_id", "public.a (id)"),
              statement: "create index concurrently a_id on public.a (id)",
              path: ["public"],
            },
            tx("insert into public.a select 2"),
          ],
        }),
      );
      await apply({ url, revisions: all });
      await ask(
        url,
        "update schemac.step set state = 'intent', finished = null where n = 2; delete from schemac.step where n = 3; update schemac.revision set state = 'applying', finished = null; delete from public.a where id = 2",
      );
      await apply({ url, revisions: all });
      expect(await askText(url, "select count(*) from public.a where id = 2")).toBe("1");
    }),
  );

  it(
    "must be seen by their probe; one without an answer takes the statement's word",
    on(async (url) => {
      const vacuum = (probe: string): Revision =>
        revision(1, { up: [{ kind: "outside", statement: "vacuum (analyze)", probe }], down: [] });
      const e = await failure(apply({ url, revisions: list(vacuum("select false")) }));
      expect(e.message).toMatch(/does not see its effect/);
      const broken = await failure(apply({ url, revisions: list(vacuum("select nothing")) }));
      expect(broken.message).toMatch(/column "nothing" does not exist/);
      expect((await apply({ url, revisions: list(vacuum("select null::boolean")) })).applied).toHaveLength(1);
    }),
  );

  it(
    "are waited for when the run is to stop",
    on(async (url) => {
      await ask(url, "create table public.a (id int)");
      const old = new pg.Client({ connectionString: url });
      await old.connect();
      await old.query("begin; lock table public.a in row exclusive mode");
      const stop = new AbortController();
      const all = list(
        revision(1, { up: [index("a_id", "public.a (id)"), tx("create table public.last ()")], down: [] }),
      );
      const run = failure(apply({ url, revisions: all, signal: stop.signal }));
      await until(
        async () =>
          (await askText(
            url,
            "select count(*) from pg_stat_activity where query like 'create%index%concurrently%' and wait_event_type = 'Lock'",
          )) === "1",
      );
      stop.abort();
      await new Promise((r) => setTimeout(r, 200));
      await old.query("rollback");
      await old.end();
      expect((await run).exit).toBe(130);
      expect(await indexes(url)).toBe("a_id:true");
      await apply({ url, revisions: all });
      expect(await tables(url)).toBe("a last");
    }),
  );
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("it never came to that");
    await new Promise((r) => setTimeout(r, 20));
  }
}
