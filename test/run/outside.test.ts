import pg from "pg";
import { describe, expect, it } from "vitest";
import type { OutsideStep, Revision } from "../../src/revision/format.ts";
import { apply, connect, rollback, stamp, status } from "../../src/run/index.ts";
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
    "that were begun may not become others, nor may others be put before them",
    on(async (url) => {
      const create = "create unique index concurrently a_id on public.a (id)";
      const { undo: _, ...unique } = { ...index("a_id", "public.a (id)", "unique"), statement: create };
      const first = tx("create table public.a (id integer, b integer)", "insert into public.a values (1, 1), (1, 2)");
      const steps = (...more: Revision["up"]) => list(revision(1, { up: [first, ...more] }));
      await failure(apply({ url, revisions: steps(unique) }));
      expect(await askText(url, "select n || state from schemac.step order by n")).toBe("1done 2intent");
      const other = { ...unique, statement: create.replace("(id)", "(b)") };
      for (const edited of [steps(other), steps(tx("delete from public.a"), unique), steps(tx(create))]) {
        const e = await failure(apply({ url, revisions: edited }));
        expect([e.exit, e.message]).toEqual([
          6,
          expect.stringMatching(/step 2 of .* is another than the one that was begun/),
        ]);
      }
      await ask(url, "delete from public.a; drop index public.a_id");
      await apply({ url, revisions: steps(unique) });
      expect(await indexes(url)).toBe("a_id:true");
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
    "that failed before they did anything are forgotten, so that nobody else's object is taken for theirs",
    on(async (url) => {
      // The broken index of somebody else has the name.
      await ask(url, "create table public.a (id int); insert into public.a values (1), (1)");
      await ask(url, "create unique index concurrently a_id on public.a (id)").catch(() => {});
      expect(await indexes(url)).toBe("a_id:false");
      const all = list(
        revision(1),
        revision(2, { up: [index("a_id", "public.a (id)")], down: [] }),
        revision(3, { up: [tx("create table public.b ()"), index("a_id", "public.a (id)")], down: [] }),
      );
      const first = await failure(apply({ url, revisions: all }));
      expect([first.exit, first.message]).toEqual([7, expect.stringMatching(/relation "a_id" already exists/)]);
      expect((first as StepFailed).state).toBe(
        "The revision was undone whole; the revisions run before it are committed and stay.",
      );
      expect((await status({ url, revisions: all })).interrupted).toBe(null);
      const heard = listen();
      expect((await failure(apply({ url, revisions: all, onEvent: heard.onEvent }))).exit).toBe(1);

      // After other steps of its own revision too.
      const c = await connect(url);
      await stamp(c, all, "2");
      await c.close();
      for (const n of [1, 2]) {
        const e = await failure(apply({ url, revisions: all, onEvent: heard.onEvent }));
        expect([n, e.exit, (e as StepFailed).state]).toEqual([
          n,
          7,
          "Step 2 was undone whole; step 1 of the revision is committed and stays.",
        ]);
        expect(await askText(url, "select n || state from schemac.step where revision = 'a00000000003'")).toBe("1done");
      }
      expect(heard.kinds()).not.toContain("repaired");
      expect(await indexes(url)).toBe("a_id:false");
    }),
  );

  it(
    "are cleaned up by what they left, whatever their error says",
    on(async (url) => {
      await ask(
        url,
        `create table public.a (id int); insert into public.a values (1);
         create function public.f(int) returns int language plpgsql immutable as $$ begin return public.nowhere($1); end $$`,
      );
      const all = list(revision(1, { up: [index("a_f", "public.a (public.f(id))")], down: [] }));
      const e = await failure(apply({ url, revisions: all }));
      expect([e.exit, (e as StepFailed).database?.code]).toEqual([1, "42883"]);
      expect(e.advice).toMatch(/nothing was changed/);
      expect(await indexes(url)).toBe("");

      // Cancelled before it began, it left nothing, and what has its name stays.
      await ask(url, "insert into public.a values (1)");
      await ask(url, "create unique index concurrently a_id on public.a (id)").catch(() => {});
      const blocker = new pg.Client({ connectionString: url });
      await blocker.connect();
      await blocker.query("begin; lock table public.a in share row exclusive mode");
      const run = failure(
        apply({ url, revisions: list(revision(1, { up: [index("a_id", "public.a (id)")], down: [] })) }),
      );
      const waiting = "query like 'create%index%concurrently%' and wait_event_type = 'Lock'";
      await until(async () => (await askText(url, `select count(*) from pg_stat_activity where ${waiting}`)) === "1");
      await ask(url, `select pg_cancel_backend(pid) from pg_stat_activity where ${waiting}`);
      expect([(await run).exit, ((await run) as StepFailed).database?.code]).toEqual([1, "57014"]);
      await blocker.query("rollback");
      await blocker.end();
      expect(await indexes(url)).toBe("a_id:false");
    }),
  );

  it(
    "without an undo, or with one that fails, are not said to be undone",
    on(async (url) => {
      await ask(url, "create table public.a (id int); insert into public.a values (1), (1)");
      const { undo: _, ...bare } = index("a_id", "public.a (id)", "unique");
      const all = list(revision(1, { up: [bare], down: [] }));
      const e = await failure(apply({ url, revisions: all }));
      expect([e.exit, (e as StepFailed).state]).toEqual([
        7,
        "Step 1 may be done in part, and the next run looks with its probe whether it came to its end.",
      ]);
      expect((await status({ url, revisions: all })).interrupted).toMatchObject({ doneSteps: 0, steps: 1 });
      const failing = list(
        revision(1, { up: [{ ...bare, undo: "drop index concurrently public.nowhere" }], down: [] }),
      );
      await ask(url, "drop index public.a_id; delete from schemac.step; delete from schemac.revision");
      const f = await failure(apply({ url, revisions: failing }));
      expect([f.exit, (f as StepFailed).database?.code, (f as StepFailed).state]).toEqual([
        7,
        "23505",
        'What step 1 left could not be cleaned up (index "nowhere" does not exist); the next run tries that again.',
      ]);
      const again = await failure(apply({ url, revisions: failing }));
      expect([again.exit, again.message]).toEqual([7, expect.stringMatching(/index "nowhere" does not exist/)]);
      // With the rest put right it goes on from there.
      await ask(url, "delete from public.a");
      await apply({ url, revisions: list(revision(1, { up: [index("a_id", "public.a (id)", "unique")], down: [] })) });
      expect(await indexes(url)).toBe("a_id:true");
    }),
  );

  it(
    "whose time for trying again is up say that something is left",
    on(async (url) => {
      await ask(url, "create table public.a (id int); insert into public.a values (1)");
      const body = "begin raise exception using errcode = '40P01'; end";
      await ask(
        url,
        `create function public.f(int) returns int language plpgsql immutable as '${body.replaceAll("'", "''")}'`,
      );
      const deadlock = list(revision(1, { up: [index("a_f", "public.a (public.f(id))")], down: [] }));
      const late = await failure(apply({ url, revisions: deadlock, lockBudget: 0 }));
      expect([late.exit, late.message]).toEqual([
        7,
        expect.stringMatching(/; what it left is cleaned up when it is run/),
      ]);
      expect(await indexes(url)).toBe("a_f:false");
      expect((await failure(apply({ url, revisions: deadlock, lockBudget: 0 }))).exit).toBe(7);
      await ask(url, "create or replace function public.f(int) returns int language sql immutable as 'select 1'");
      const heard = listen();
      await apply({ url, revisions: deadlock, onEvent: heard.onEvent });
      expect([heard.kinds().includes("repaired"), await indexes(url)]).toEqual([true, "a_f:true"]);
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
      const broken = (await failure(apply({ url, revisions: list(vacuum("select\n nothing")) }))) as StepFailed;
      expect(broken.message).toMatch(/probe fails: column "nothing" does not exist/);
      expect(broken.statement).toMatchObject({ sql: "select\n nothing", line: 2, column: 2 });
      expect((await apply({ url, revisions: list(vacuum("select null::boolean")) })).applied).toHaveLength(1);
    }),
  );

  it(
    "do not wait for ever: not when the run is to stop, nor when their time is up, and it is told for whom they wait",
    on(async (url) => {
      await ask(url, "create table public.a (id int)");
      const old = new pg.Client({ connectionString: url });
      await old.connect();
      const pid = Number((await old.query("select pg_backend_pid() as pid")).rows[0].pid);
      const all = list(
        revision(1, { up: [index("a_id", "public.a (id)"), tx("create table public.last ()")], down: [] }),
      );
      await old.query("begin; lock table public.a in row exclusive mode");
      const stop = new AbortController();
      const heard = listen();
      const onEvent: typeof heard.onEvent = (e) => {
        heard.onEvent(e);
        if (e.kind === "blocked") stop.abort();
      };
      const stopped = await failure(apply({ url, revisions: all, signal: stop.signal, onEvent }));
      expect([stopped.exit, stopped.message]).toEqual([130, expect.stringMatching(/what it left is cleaned up/)]);
      expect(heard.events.flatMap((e) => (e.kind === "blocked" ? e.blockers : []))).toEqual([pid]);
      expect(await indexes(url)).toBe("a_id:false");
      await old.query("rollback; begin isolation level repeatable read; select count(*) from public.a");
      const late = await failure(apply({ url, revisions: all, lockBudget: 1 }));
      expect([late.exit, late.message]).toEqual([7, expect.stringMatching(`server process ${pid}`)]);
      await old.query("rollback");
      await old.end();
      await apply({ url, revisions: all });
      expect([await indexes(url), await tables(url)]).toEqual(["a_id:true", "a last"]);
    }),
  );

  it(
    "are not watched where no second session can be had, and end all the same",
    on(async (url) => {
      const c = { ...(await connect(url)), twin: () => Promise.reject(new Error("too many clients")) };
      const slow = {
        kind: "outside" as const,
        statement: "select pg_catalog.pg_sleep(2.3)",
        probe: "select null::boolean",
      };
      expect((await apply(c, list(revision(1, { up: [slow], down: [] })))).applied).toHaveLength(1);
      await c.close();
    }),
  );

  it(
    "that work and wait for nobody are let finish when the run is to stop",
    on(async (url) => {
      await ask(url, "create table public.a (id int)");
      const stop = new AbortController();
      const sleep = "select pg_catalog.pg_sleep(1)";
      const up = [
        { kind: "outside" as const, statement: sleep, probe: "select null::boolean" },
        tx("create table public.last ()"),
      ];
      const run = failure(apply({ url, revisions: list(revision(1, { up, down: [] })), signal: stop.signal }));
      await until(
        async () => (await askText(url, `select count(*) from pg_stat_activity where query = '${sleep}'`)) === "1",
      );
      stop.abort();
      expect((await run).exit).toBe(130);
      expect(await askText(url, "select state from schemac.step")).toBe("done");
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
