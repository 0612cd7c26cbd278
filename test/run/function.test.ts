import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { FunctionContext, FunctionStep } from "../../src/revision/format.ts";
import { isRevisionProblem, readRevision } from "../../src/revision/read.ts";
import { renderRevision } from "../../src/revision/write.ts";
import { StoppedPartWay } from "../../src/run/errors.ts";
import { apply, connect } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { askText, failure, list, listen, revision, states, tables, tx } from "./base.ts";

const folder = mkdtempSync(join(tmpdir(), "schemac-function-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const never = (): Promise<void> => new Promise(() => {});
const endSessions = (url: string): Promise<string> =>
  askText(
    url,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'schemac' and datname = current_database()",
  );

const fn = (run: (c: FunctionContext) => Promise<void>): FunctionStep => ({ kind: "function", source: "x", run });

const steps = '{ kind: "function", run: fill }';
const whole = `{ format: 1, id: "abcdef012345", number: 7, name: "fill", parents: [], schema: null, proof: "", hazards: { up: [], down: [] }, up: [${steps}], down: [] }`;
it.each([
  [`const fill = async (c) => {};\nexport default ${whole};`, 1],
  [`const fill: Fill = async (c) => {};\nexport default ${whole};`, 1],
  [`const texts = ["a"];\nexport default ${whole};`, 1],
  [`const texts = { a: 1 };\nconst b = 2;\nexport default ${whole};`, 2],
  [`import { a } from "../a.ts";\nasync function fill() {}\nexport default ${whole};`, 2],
  [`export const fill = () => {};\nexport default ${whole};`, 1],
  [`export default ${whole};\nfunction fill() {}`, 2],
  [`const r: Revision = ${whole};\nlet fill = 1;\nexport default r;`, 2],
  [`export default {\nup: (() => [])() }`, 2],
  [`export default {\nup: stepsFor("a") }`, 2],
])("code beside the steps is refused with what to do: %s", (source, line) => {
  const p = readRevision("0007_fill.ts", source);
  if (!isRevisionProblem(p)) throw new Error("it was read");
  expect([p.line, p.message]).toEqual([
    line,
    expect.stringMatching(
      /: code may stand only as the value of `run:` of a step; put helpers into a file of their own/,
    ),
  ]);
});

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
      const result = await apply({
        url,
        revisions: list(
          revision(1),
          revision(2, { up: [tx("create table public.a ()"), step, tx("create table public.b ()")] }),
        ),
        x: { n: "42" },
      });
      expect([result.applied.length, result.pending]).toEqual([2, []]);
      expect(await askText(url, "select id from public.t1")).toBe("42");
      expect(await tables(url)).toBe("a b t1");
      expect(await askText(url, "select kind from schemac.step where revision = 'a00000000002' order by n")).toBe(
        "transaction function transaction",
      );
    }),
  );

  it(
    "send queries one by one, also where they do not wait for them, and savepoints in all their forms",
    on(async (url) => {
      const heard: Error[] = [];
      const hear = (w: Error): void => void heard.push(w);
      process.on("warning", hear);
      const step = fn(async ({ query }) => {
        const sent = ["one", "two", "three"].map((t) => query(`select '${t}' as t from pg_sleep(0.01)`));
        expect(await Promise.all(sent)).toEqual([[{ t: "one" }], [{ t: "two" }], [{ t: "three" }]]);
        for (const back of ["rollback to a", "ROLLBACK WORK TO SAVEPOINT a", "rollback /* */ transaction to a"])
          await query(`savepoint a; create table public.x (); ${back}`);
      });
      await apply({ url, revisions: list(revision(1), revision(2, { up: [step] })) });
      await new Promise((go) => setImmediate(go));
      process.removeListener("warning", hear);
      expect(heard).toEqual([]);
      expect(await tables(url)).toBe("t1");
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
      ({ query }) => (void query("select pg_sleep(0.1), 1/0"), Promise.resolve()),
      /statement 1: division by zero/,
    ],
    [
      "forgets to wait for a query that is refused",
      ({ query }) => (void query("commit"), Promise.resolve()),
      /says COMMIT/,
    ],
    [
      "goes back to a savepoint, and fails again",
      async ({ query }) => {
        await query("create table public.x (); savepoint s");
        await query("select 1/0").catch(() => {});
        await query("rollback to s; select nowhere").catch(() => {});
        await query("-- the transaction is as it was").catch(() => {});
      },
      /statement 5: column "nowhere" does not exist/,
    ],
    [
      "throws what is no error",
      () => Promise.reject({ a: 1 }),
      /step 1 of 1: the function threw no error, but \{ a: 1 \}/,
    ],
    ["sends no text", ({ query }) => query(5 as never).then(() => {}), /query takes SQL as a text, not number/],
    [
      "is a generator",
      async function* ({ query }: FunctionContext) {
        yield await query("create table public.x ()");
      } as (c: FunctionContext) => unknown as FunctionStep["run"],
      /is a generator, whose lines nobody runs/,
    ],
    [
      "answers a function",
      (({ query }) => Promise.resolve(() => query("create table public.x ()"))) as (
        c: FunctionContext,
      ) => Promise<unknown> as FunctionStep["run"],
      /answers a function, which nobody calls/,
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
    "may go back to a savepoint, and are committed then",
    on(async (url) => {
      const step = fn(async ({ query }) => {
        await query("create table public.x (); savepoint s");
        await query("insert into public.nope values (1)").catch(() => query("rollback to s"));
        await query("create table public.y ()");
      });
      await apply({ url, revisions: list(revision(1, { up: [step] })) });
      expect(await tables(url)).toBe("x y");
    }),
  );

  it(
    "say which statement failed, and where in it",
    on(async (url) => {
      const at = async (text: string): Promise<unknown> => {
        const step = fn(async ({ query }) => {
          await query("select 1; select '\u{1f600}'");
          await query(text);
        });
        const e = await failure(apply({ url, revisions: list(revision(1, { up: [step] })) }));
        return "statement" in e ? e.statement : null;
      };
      expect(await at("select 1;\nselect '\u{1f600}',\n  nowhere; select 2")).toEqual({
        n: 4,
        of: null,
        sql: "select '\u{1f600}',\n  nowhere",
        line: 2,
        column: 3,
      });
      expect(await at("select 1; create tabel x ()")).toMatchObject({ n: 4, sql: "create tabel x ()", column: 8 });
      expect(await at("select 1; select 1/0")).toMatchObject({ n: 4, sql: "select 1/0", line: null });
    }),
  );

  it(
    "are told of a lock that a step before gave back",
    on(async (url) => {
      const up = [tx("select pg_advisory_unlock_all()"), fn(() => Promise.resolve())];
      const e = await failure(apply({ url, revisions: list(revision(1, { up })) }));
      expect(e).toBeInstanceOf(StoppedPartWay);
      expect(e.message).toMatch(/^stopped before step 2 of .*no longer holds the lock/);
    }),
  );

  it(
    "stay committed when a listener throws",
    on(async (url) => {
      const onEvent = (event: { readonly kind: string }): void => {
        if (event.kind === "step-done") throw new Error("the listener's own");
      };
      const revisions = list(revision(1, { up: [fn(() => Promise.resolve())] }));
      expect((await failure(apply({ url, revisions, onEvent }))).message).toBe("the listener's own");
      expect(await states(url)).toBe("1:applied");
    }),
  );

  it(
    "are run again when the connection is lost while they wait for something else",
    on(async (url) => {
      let runs = 0;
      const step = fn(async ({ query }) => {
        await query("create table public.x ()");
        if (++runs > 1) return;
        await endSessions(url);
        await never();
      });
      const heard = listen();
      const result = await apply({ url, revisions: list(revision(1, { up: [step] })), onEvent: heard.onEvent });
      expect([runs, result.applied.length, result.pending]).toEqual([2, 1, []]);
      expect(heard.kinds()).toContain("reconnecting");
    }),
  );

  it(
    "whose import never ends stop at a signal, and at a lost connection",
    on(async (url) => {
      const step = '\nup: [{ kind: "function", run: async () => {} }]';
      const text = renderRevision(revision(1, { up: [] }), { command: "x" }).replace("\nup: []", () => step);
      /** A folder with a revision that says when it is imported. */
      const waiting = (name: string, begun: () => void): string => {
        const dir = mkdtempSync(join(folder, name));
        const heard = `schemac ${dir}`;
        Object.defineProperty(globalThis, heard, { value: begun });
        writeFileSync(
          join(dir, "never.mjs"),
          `globalThis[${JSON.stringify(heard)}]();\nawait new Promise(() => {});\n`,
        );
        writeFileSync(join(dir, "0001_r1.ts"), `import "./never.mjs";\n${text}`);
        return dir;
      };
      const stop = new AbortController();
      const dir = waiting("stop", () => stop.abort());
      const stopped = await failure(apply({ url, dir, signal: stop.signal }));
      expect([stopped.exit, stopped.message]).toEqual([
        130,
        expect.stringMatching(/^interrupted while .*0001_r1\.ts was being imported; nothing was run$/),
      ]);
      const c = await connect(url);
      const lost = await failure(apply({ connection: c, dir: waiting("lost", () => void endSessions(url)) }));
      expect([lost.exit, lost.message]).toEqual([7, expect.stringMatching(/lost: .*while .*0001_r1\.ts was being/)]);
      await c.close();
    }),
  );

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
    "stop at a signal and leave nothing, whatever they wait for",
    on(async (url) => {
      for (const wait of [(c: FunctionContext) => c.query("select pg_sleep(20)"), never]) {
        const stop = new AbortController();
        const step = fn(async (c) => {
          await c.query("create table public.x ()");
          setTimeout(() => stop.abort(), 100);
          await wait(c);
        });
        const e = await failure(apply({ url, revisions: list(revision(1, { up: [step] })), signal: stop.signal }));
        expect([e.exit, e.message]).toEqual([
          130,
          expect.stringMatching(/in step 1 of 1 .*the step was undone whole$/),
        ]);
        expect(await tables(url)).toBe("");
      }
    }),
  );
});
