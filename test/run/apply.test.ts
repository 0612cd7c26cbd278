import pg from "pg";
import { describe, expect, it } from "vitest";
import { apply, connect, fromClient, fromPool, rollback, stamp, status } from "../../src/run/index.ts";
import { HistoryBroken, Interrupted, StepFailed, StoppedPartWay, UnsafeRevision } from "../../src/run/errors.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import type { Revision } from "../../src/revision/format.ts";
import { ask, askText, failure, idOf, list, listen, revision, states, tables, tx } from "./base.ts";

const on =
  (major: number, fn: (url: string) => Promise<void>): (() => Promise<void>) =>
  () =>
    withDatabase(major, fn);

describe.each(testMajors)("on PostgreSQL %i", (major) => {
  it(
    "applies, reports, rolls back and applies again",
    on(major, async (url) => {
      const all = list(revision(1), revision(2), revision(3));
      const before = await status({ url, revisions: all });
      expect([before.hasLedger, before.pending.length, before.atHead]).toEqual([false, 3, false]);
      const heard = listen();
      const result = await apply({ url, revisions: all, onEvent: heard.onEvent });
      expect(result.applied.map((r) => r.number)).toEqual([1, 2, 3]);
      expect(heard.kinds()).toBe(
        [
          "plan",
          ...Array.from({ length: 3 }, () => "revision-started step-started"),
          ...Array.from({ length: 3 }, () => "step-done revision-done"),
        ].join(" "),
      );
      expect(await tables(url)).toBe("t1 t2 t3");
      expect((await apply({ url, revisions: all })).applied).toEqual([]);
      expect((await status({ url, revisions: all })).atHead).toBe(true);

      expect((await rollback({ url, revisions: all })).undone.map((r) => r.number)).toEqual([3]);
      expect((await rollback({ url, revisions: all, target: "1" })).undone.map((r) => r.number)).toEqual([2]);
      expect(await states(url)).toBe("1:applied 2:undone 3:undone");
      expect((await apply({ url, revisions: all, target: "+1" })).pending.map((r) => r.number)).toEqual([3]);
      expect((await apply({ url, revisions: all, target: "r3" })).applied.map((r) => r.number)).toEqual([3]);
      expect((await rollback({ url, revisions: all, target: "base" })).undone.map((r) => r.number)).toEqual([3, 2, 1]);
      expect(await tables(url)).toBe("");
      expect(await askText(url, "select count(*) from schemac.step")).toBe("10");
      expect((await status({ url, revisions: all })).undone).toHaveLength(3);
    }),
  );

  it(
    "says what a target cannot mean, and runs nothing",
    on(major, async (url) => {
      // An id may begin with the number of another one.
      const all = list(revision(1, { id: "2aaaaaaaaaaa" }), revision(2, { parents: ["2aaaaaaaaaaa"] }));
      await apply({ url, revisions: all, target: "1" });
      for (const [run, target, message, advice] of [
        [apply, "", "the target is empty", /leave it out/],
        [apply, "1:2", '"1:2" is a range, which only --sql takes', /how far/],
        [apply, "nope", 'there is no revision "nope"', /: head, \+N, a number/],
        [rollback, "", "the target is empty", /leave it out/],
        [rollback, "2:1", '"2:1" is a range, which only --sql takes', /how far/],
        [rollback, "nope", 'there is no revision "nope"', /: -N, base, a number/],
        [rollback, "2", "0002_r2 is not applied", /what stays/],
        [rollback, "head", '"head" goes forward: that is for apply', /^$/],
      ] as const)
        expect(await failure(run({ url, revisions: all, target }))).toMatchObject({
          message,
          advice: expect.stringMatching(advice) as unknown,
        });
      expect(await states(url)).toBe("1:applied");
    }),
  );

  it(
    "takes a client, a pool and a connection, leaves them open and as they were",
    on(major, async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("set search_path = public; set lock_timeout = '7s'; set timezone = 'Asia/Tokyo'");
      await apply({ client, revisions: list(revision(1)) });
      const shown = async (): Promise<unknown> =>
        (
          await client.query(
            "select current_setting('search_path') || current_setting('lock_timeout') || current_setting('timezone') as s, (select count(*)::int from pg_prepared_statements) as p, (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as l",
          )
        ).rows[0];
      expect(await shown()).toEqual({ s: "public7sAsia/Tokyo", p: 0, l: 0 });
      const hasty = new pg.Client({ connectionString: url, query_timeout: 300 });
      await hasty.connect();
      const slow = revision(9, { parents: [], up: [tx("select pg_catalog.pg_sleep(1)")], down: [] });
      await apply({ client: hasty, revisions: list(slow), ledger: "hasty" });
      await hasty.end();
      await apply(fromClient(client), list(revision(1), revision(2)));
      const pool = new pg.Pool({ connectionString: url, max: 1 });
      await apply({ pool, revisions: list(revision(1), revision(2), revision(3)) });
      const held = await fromPool(pool);
      await apply(held, list(revision(1), revision(2), revision(3), revision(4)));
      await held.close();
      expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      expect(await tables(url)).toBe("t1 t2 t3 t4");
      await pool.end();
      await client.end();
    }),
  );

  it(
    "undoes a failed step whole and says where and why",
    on(major, async (url) => {
      const bad = revision(2, {
        up: [
          tx("create table public.a (id integer check (id > 0))", ["insert into public.a", "  values (1),", "  (-1)"]),
        ],
      });
      const e = await failure(apply({ url, revisions: list(revision(1), bad) }));
      expect(e).toBeInstanceOf(StepFailed);
      const failed = e as StepFailed;
      expect(failed.exit).toBe(7);
      expect(failed.statement).toMatchObject({ n: 2, of: 2, sql: "insert into public.a\n  values (1),\n  (-1)" });
      expect(failed.database).toMatchObject({ code: "23514", detail: "Failing row contains (-1)." });
      expect(e.message).toMatch(
        /^revision 0002_r2 \(up\), step 1 of 1, statement 2 of 2: new row for relation "a" violates/,
      );
      expect(e.advice).toMatch(/The revision was undone whole; the revisions run before it are committed/);
      expect(await tables(url)).toBe("t1");
      expect(await states(url)).toBe("1:applied");
      const alone = await failure(apply({ url, revisions: list(revision(1), bad) }));
      expect(alone.exit).toBe(1);
      expect(alone.advice).toMatch(/nothing was changed/);
    }),
  );

  it(
    "points into the statement, in characters, also where the message cannot be parsed",
    on(major, async (url) => {
      const at = async (...statements: readonly (string | readonly string[])[]): Promise<StepFailed["statement"]> => {
        const e = await failure(
          apply({ url, revisions: list(revision(1, { up: [tx("select '\u{1f600}'", ...statements)] }), revision(2)) }),
        );
        expect(e).toBeInstanceOf(StepFailed);
        return (e as StepFailed).statement;
      };
      expect(await at(["-- \u{1f600} é", "select '\u{1f600}', nowhere"])).toMatchObject({ n: 2, line: 1, column: 13 });
      expect(await at("select 1; select 2;", ["select", "  1 from", "  missing.t"])).toMatchObject({
        n: 4,
        line: 3,
        column: 3,
      });
      expect(await at("select 1", ["create tabel", "x ()"])).toMatchObject({
        n: 3,
        sql: "create tabel\nx ()",
        line: 1,
        column: 8,
      });
      expect(await tables(url)).toBe("");
    }),
  );

  it(
    "runs what comes before a statement that cannot be parsed",
    on(major, async (url) => {
      const e = await failure(
        apply({
          url,
          revisions: list(revision(1), revision(2), revision(3, { up: [tx("create tabel x ()")] }), revision(4)),
        }),
      );
      expect(e.message).toMatch(/0003_r3.*syntax error/);
      const older = new RegExp(`This is PostgreSQL ${major}: what was planned against a newer one`);
      if (major < 18) expect(e.advice).toMatch(older);
      else expect(e.advice).not.toMatch(older);
      expect(await states(url)).toBe("1:applied 2:applied");
    }),
  );

  it(
    "keeps the steps before a failed one and goes on from there, also when the rest was put right",
    on(major, async (url) => {
      const steps = [tx("create table public.a ()"), tx("create table public.b ()"), tx("select 1/0")];
      const e = await failure(apply({ url, revisions: list(revision(1, { up: steps })) }));
      expect([e.exit, (e as StepFailed).state]).toEqual([
        7,
        "Step 3 was undone whole; steps 1 to 2 of the revision are committed and stay.",
      ]);
      const at = await status({ url, revisions: list(revision(1, { up: steps })) });
      expect(at.interrupted).toMatchObject({ direction: "up", doneSteps: 2, steps: 3 });

      expect((await failure(rollback({ url, revisions: list(revision(1, { up: steps })) }))).exit).toBe(7);
      const edited = await failure(
        apply({ url, revisions: list(revision(1, { up: [tx("create table public.z ()"), ...steps.slice(1)] })) }),
      );
      expect([edited.exit, edited.message]).toEqual([
        6,
        "step 1 of generated/0001_r1.ts was edited after it was run; the revision is half applied",
      ]);

      const heard = listen();
      const fixed = list(revision(1, { up: [...steps.slice(0, 2), tx("create table public.c ()")] }));
      const result = await apply({ url, revisions: fixed, onEvent: heard.onEvent });
      expect(result.resumed?.number).toBe(1);
      expect(heard.kinds()).toBe("plan resumed step-started step-done revision-done");
      expect(await tables(url)).toBe("a b c");
      expect((await status({ url, revisions: fixed })).atHead).toBe(true);
    }),
  );

  it(
    "resumes an interrupted rollback by rollback",
    on(major, async (url) => {
      const good = revision(1, {
        up: [tx("create table public.a ()", "create table public.b ()")],
        down: [tx("drop table public.b"), tx("select 1/0")],
      });
      await apply({ url, revisions: list(good) });
      expect((await failure(rollback({ url, revisions: list(good) }))).exit).toBe(7);
      expect(await states(url)).toBe("1:undoing");
      const refused = await failure(apply({ url, revisions: list(good) }));
      expect([refused.exit, refused.message]).toEqual([7, "revision 0001_r1 is half undone"]);
      const fixed = list({ ...good, down: [good.down[0]!, tx("drop table public.a")] });
      expect((await rollback({ url, revisions: fixed })).resumed?.number).toBe(1);
      expect(await tables(url)).toBe("");
      await apply({ url, revisions: fixed });
      expect(await tables(url)).toBe("a b");
    }),
  );

  it(
    "refuses an edited, missing or unknown revision before anything is run",
    on(major, async (url) => {
      await apply({ url, revisions: list(revision(1), revision(2)) });
      const wrong = async (...revisions: readonly Revision[]): Promise<string> => {
        const e = await failure(apply({ url, revisions: list(...revisions) }));
        expect(e).toBeInstanceOf(HistoryBroken);
        expect(e.exit).toBe(6);
        return (e as HistoryBroken).problems.map((p) => p.kind).join(" ");
      };
      expect(await wrong(revision(1), revision(2, { up: [tx("select 2")] }), revision(3))).toBe("edited");
      expect(await wrong(revision(2), revision(3))).toBe("file missing");
      expect(await wrong(revision(1))).toBe("unknown");
      expect(await wrong(revision(1), revision(2, { parents: [idOf(9)] }), revision(9, { parents: [idOf(1)] }))).toBe(
        "out-of-order",
      );
      expect(
        await wrong(revision(1), revision(2), revision(3, { parents: [idOf(2)] }), revision(4, { parents: [idOf(2)] })),
      ).toBe("file");
      expect(await tables(url)).toBe("t1 t2");
      // The way back stays open where it can.
      expect(
        (await rollback({ url, revisions: list(revision(1, { up: [tx("select 1")] }), revision(2)) })).undone,
      ).toHaveLength(1);
      expect(
        (await failure(rollback({ url, revisions: list(revision(1, { up: [tx("select 1")] }), revision(2)) }))).exit,
      ).toBe(6);
    }),
  );

  it(
    "refuses statements that would break its transactions",
    on(major, async (url) => {
      for (const sql of [
        "commit",
        "select 1; ROLLBACK; select 2",
        "/* x */ begin",
        "end",
        "start transaction",
        "prepare transaction 'x'",
        "select 'x",
        "select $a$ x",
        "/* x",
        'select "x',
        "select 'a\0b'",
        "select '\ud800'",
      ]) {
        const e = await failure(apply({ url, revisions: list(revision(1), revision(2, { up: [tx(sql)] })) }));
        expect(e, sql).toBeInstanceOf(UnsafeRevision);
        expect(e.exit).toBe(1);
      }
      for (const sql of ["vacuum; vacuum", "", "-- nothing"]) {
        const e = await failure(
          apply({
            url,
            revisions: list(revision(1, { up: [{ kind: "outside", statement: sql, probe: "select true" }] })),
          }),
        );
        expect(e.message).toMatch(/should be one statement/);
      }
      expect(await tables(url)).toBe("");
      const fine = [
        "do $$ begin perform 1; end $$",
        "savepoint a; rollback to a; release a",
        "select 'commit; begin' -- it's fine",
        "-- nothing at all",
        "",
        "select e'\\'; commit'",
        ...(major >= 14
          ? ["create function public.f() returns int begin atomic select case when true then 1 end; select 2; end"]
          : []),
      ];
      await apply({ url, revisions: list(revision(1, { up: [tx(...fine)] })) });
      expect(await states(url)).toBe("1:applied");
    }),
  );

  it(
    "resolves names in the step's own path, pg_catalog first and pg_temp last, and never elsewhere",
    on(major, async (url) => {
      await ask(
        url,
        `create schema "My ""Schema"; create function "My ""Schema".lower(varchar) returns text language sql as 'select ''evil'''`,
      );
      const path = [`My "Schema`, "pg_temp", "pg_catalog"];
      await apply({
        url,
        revisions: list(
          revision(1, {
            up: [
              {
                kind: "transaction",
                path,
                statements: [
                  "create table here as select lower('X'::text) as x",
                  "create temp table other (id int)",
                  "select set_config('search_path', 'public', false)",
                  "set timezone = 'Asia/Tokyo'",
                ],
              },
            ],
          }),
          revision(2, {
            up: [
              tx(
                "create table public.p as select current_setting('search_path') as s, current_setting('timezone') as tz",
              ),
            ],
          }),
          revision(3, { up: [], down: [] }),
        ),
      });
      expect(await ask(url, `select * from "My ""Schema".here`)).toEqual([{ x: "x" }]);
      expect(await ask(url, "select * from public.p")).toEqual([{ s: "pg_catalog, pg_temp", tz: "UTC" }]);
      expect(
        (
          await failure(
            apply({
              url,
              revisions: list(
                revision(1, {
                  up: [
                    {
                      kind: "transaction",
                      path,
                      statements: [
                        "create table here as select lower('X'::text) as x",
                        "create temp table other (id int)",
                        "select set_config('search_path', 'public', false)",
                        "set timezone = 'Asia/Tokyo'",
                      ],
                    },
                  ],
                }),
                revision(2, {
                  up: [
                    tx(
                      "create table public.p as select current_setting('search_path') as s, current_setting('timezone') as tz",
                    ),
                  ],
                }),
                revision(3, { up: [], down: [] }),
                revision(4, { up: [tx("create table unqualified ()")] }),
              ),
            }),
          )
        ).message,
      ).toMatch(/permission denied|no schema|pg_catalog/);
    }),
  );

  it(
    "survives a step that throws away prepared statements",
    on(major, async (url) => {
      await apply({
        url,
        revisions: list(
          revision(1, { up: [tx("deallocate all")] }),
          revision(2),
          revision(3, { up: [tx("deallocate all"), tx("create table public.x ()")] }),
        ),
      });
      expect(await states(url)).toBe("1:applied 2:applied 3:applied");
    }),
  );

  it(
    "rolls back only with consent to what is lost",
    on(major, async (url) => {
      const r = revision(1, {
        hazards: {
          up: [],
          down: [
            { code: "data-loss", on: "table:public.t1", detail: "rows" },
            { code: "may-fail", on: "x:y", detail: "" },
            { code: "lossy", on: "column:public.t1.id", detail: "" },
          ],
        },
      });
      await apply({ url, revisions: list(r) });
      const asked = await rollback({ url, revisions: list(r), allowLoss: ["public.t1.id"] });
      expect(asked.undone).toEqual([]);
      expect(asked.questions.map((q) => q.on)).toEqual(["table:public.t1"]);
      expect(await tables(url)).toBe("t1");
      expect(
        (await rollback({ url, revisions: list(r), allowLoss: ["column:public.t1.id", "table:public.t1"] })).undone,
      ).toHaveLength(1);
      await apply({ url, revisions: list(r) });
      expect((await rollback({ url, revisions: list(r), allowLoss: ["*"] })).undone).toHaveLength(1);
    }),
  );

  it(
    "stamps without running, and takes it back",
    on(major, async (url) => {
      const all = list(revision(1), revision(2), revision(3));
      const c = await connect(url);
      expect((await stamp(c, all, "2")).stamped.map((r) => r.number)).toEqual([1, 2]);
      expect(await tables(url)).toBe("");
      expect((await apply(c, all)).applied.map((r) => r.number)).toEqual([3]);
      expect(await stamp(c, all, "1")).toMatchObject({ stamped: [], unstamped: [{ number: 2 }, { number: 3 }] });
      expect(await states(url)).toBe("1:applied 2:undone 3:undone");
      // An edited one is accepted by stamping it.
      const edited = list(revision(1, { down: [tx("select 1")] }), revision(2));
      expect((await failure(apply(c, edited))).exit).toBe(6);
      await stamp(c, edited, "r1");
      expect((await status(c, edited)).problems).toEqual([]);
      await stamp(c, list(revision(7, { parents: [] })), "head", { purge: true, how: "baseline" });
      expect(await askText(url, "select number || how from schemac.revision")).toBe("7baseline");
      await c.close();
    }),
  );

  it(
    "follows a merge, and applies only what a target builds on",
    on(major, async (url) => {
      const all = list(
        revision(1),
        revision(2),
        revision(3, { parents: [idOf(1)] }),
        revision(4, { parents: [idOf(2), idOf(3)] }),
      );
      expect((await apply({ url, revisions: all, target: "3" })).applied.map((r) => r.number)).toEqual([1, 3]);
      expect((await apply({ url, revisions: all })).applied.map((r) => r.number)).toEqual([2, 4]);
      expect((await rollback({ url, revisions: all, target: "2" })).undone.map((r) => r.number)).toEqual([4, 3]);
    }),
  );

  it(
    "stops at a signal, undone to the step, and goes on later",
    on(major, async (url) => {
      const all = list(
        revision(1),
        revision(2, { up: [tx("create table public.a ()"), tx("create table public.b ()", "select pg_sleep(600)")] }),
      );
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 700);
      const e = await failure(apply({ url, revisions: all, signal: stop.signal }));
      expect(e).toBeInstanceOf(Interrupted);
      expect([e.exit, e.message]).toEqual([
        130,
        "interrupted in step 2 of 2 of revision 0002_r2 (up); the step was undone whole",
      ]);
      expect(await tables(url)).toBe("a t1");
      const quick = list(
        revision(1),
        revision(2, { up: [tx("create table public.a ()"), tx("create table public.b ()")] }),
      );
      expect((await apply({ url, revisions: quick })).applied.map((r) => r.number)).toEqual([2]);
    }),
  );

  it(
    "retries a step that cannot get its lock, and stops resumably when the time is up",
    on(major, async (url) => {
      await ask(url, "create table public.busy (id int)");
      const blocker = new pg.Client({ connectionString: url });
      await blocker.connect();
      await blocker.query("begin; lock table public.busy");
      const all = list(revision(1), revision(2, { up: [tx("alter table public.busy add column x int")] }));
      const heard = listen();
      const e = await failure(apply({ url, revisions: all, lockBudget: 100, onEvent: heard.onEvent }));
      expect(e).toBeInstanceOf(StoppedPartWay);
      expect([e.exit, heard.kinds().includes("retry")]).toEqual([7, true]);
      expect(await states(url)).toBe("1:applied");
      const going = apply({ url, revisions: all });
      setTimeout(() => void blocker.query("rollback"), 2500);
      expect((await going).applied.map((r) => r.number)).toEqual([2]);
      await blocker.end();
    }),
  );
});
