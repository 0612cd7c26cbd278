import { spawnSync } from "node:child_process";
import pg from "pg";
import { describe, expect, it } from "vitest";
import type { Revision } from "../../src/revision/format.ts";
import { apply, applyScript, rollback, rollbackScript, status } from "../../src/run/index.ts";
import { splitStatements } from "../../src/run/statements.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { ask, askText, failure, list, revision, states, tables, tx } from "./base.ts";

const hostile = "it's \\ :x :'x' $$ \u{1f600} \" -- /* ;";
const all = list(
  revision(1, {
    up: [
      {
        kind: "transaction",
        path: ["public"],
        statements: [
          "create table t1 (id integer, note text default $q$" + hostile + "$q$)",
          "insert into t1 values (1); insert into t1 values (2);",
        ],
      },
    ],
  }),
  revision(2, {
    up: [
      tx("create table public.t2 () -- the last word"),
      {
        kind: "outside",
        statement: "create index concurrently t1_id on public.t1 (id)",
        probe: "select pg_catalog.to_regclass('public.t1_id') is not null",
      },
      tx(["create function public.f() returns text language sql as $x$", "  select 'a;b'", "$x$;"]),
    ],
    down: [
      tx("drop function public.f()", "drop table public.t2"),
      {
        kind: "outside",
        statement: "drop index concurrently public.t1_id",
        probe: "select pg_catalog.to_regclass('public.t1_id') is null",
      },
    ],
  }),
  revision(3, { up: [], down: [tx("select 1")] }),
  revision(4, {
    up: [
      {
        kind: "outside",
        statement: "create index concurrently t1_note on public.t1 (note)",
        probe: "select pg_catalog.to_regclass('public.t1_note') is not null",
      },
    ],
    down: [tx("drop index public.t1_note")],
  }),
);

/** Statement by statement, as psql sends a file. psql itself is used where it is at hand. */
async function run(url: string, script: string): Promise<void> {
  if (spawnSync("psql", ["--version"]).status === 0) {
    const done = spawnSync("psql", ["-qX", "-o", "/dev/null", "-f", "-", url], { input: script, encoding: "utf8" });
    if (done.status !== 0) throw new Error(done.stderr);
    return;
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const text = script.replace(/^\\set .*$/gm, "");
    for (const p of splitStatements(text).pieces) await client.query(text.slice(p.start, p.end));
  } finally {
    await client.end();
  }
}

/** The ledger, but for what differs from run to run. */
const ledger = async (url: string): Promise<unknown> => [
  await ask(
    url,
    "select id, number, name, parents, checksum, state, how, seq, attempt, tool, db_user, finished is null as open from schemac.revision order by seq",
  ),
  await ask(
    url,
    "select revision, attempt, n, direction, kind, checksum, state, tries, finished is null as open from schemac.step order by 1, 2, 3",
  ),
  await ask(
    url,
    "select conname, relname from pg_constraint c join pg_class r on r.oid = c.conrelid where r.relnamespace = 'schemac'::regnamespace order by 1, 2",
  ),
];

describe.each(testMajors)("a script on PostgreSQL %i", (major) => {
  it("leaves what a run leaves, there and back and there again", () =>
    withDatabase(major, (online) =>
      withDatabase(major, async (offline) => {
        const same = async (): Promise<void> => {
          expect(await ledger(offline)).toEqual(await ledger(online));
          expect(await tables(offline)).toBe(await tables(online));
        };
        await apply({ url: online, revisions: all });
        await run(offline, applyScript(all));
        await same();
        expect((await status({ url: offline, revisions: all })).atHead).toBe(true);
        expect(
          await askText(
            offline,
            "select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'public.t1'::regclass",
          ),
        ).toBe(
          await askText(
            online,
            "select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'public.t1'::regclass",
          ),
        );
        await rollback({ url: online, revisions: all, target: "1" });
        await run(offline, rollbackScript(all, "head:1"));
        await same();
        await apply({ url: online, revisions: all });
        await run(offline, applyScript(all, "1:head"));
        await same();
      }),
    ));

  it("stops where the database is not what it was written for", () =>
    withDatabase(major, async (url) => {
      await run(url, applyScript(all, "1"));
      await expect(run(url, applyScript(all, "1"))).rejects.toThrow(/division by zero/);
      await expect(run(url, applyScript(all, "2:3"))).rejects.toThrow(/division by zero/);
      await expect(run(url, rollbackScript(all, "3:2"))).rejects.toThrow(/division by zero/);
      expect(await states(url)).toBe("1:applied");
      await run(url, applyScript(all, "1:2"));
      expect(await states(url)).toBe("1:applied 2:applied");
      // Nor over a revision that is under way, be it another one, nor by a file that was edited since.
      const later = [
        applyScript(all, "2:3"),
        rollbackScript(all, "2:1"),
        applyScript(all, "head", { applied: all.files.map((f) => f.revision.id) }),
      ];
      await ask(
        url,
        "insert into schemac.revision select 'b00000000001', 9, 'x', '{}', checksum, 'applying', how, 9, 1, now(), null, tool from schemac.revision limit 1",
      );
      for (const script of later) {
        await expect(run(url, script)).rejects.toThrow(/division by zero/);
        // psql may be told to go on after an error.
        await run(url, script.replace("ON_ERROR_STOP on", "ON_ERROR_STOP off")).catch(() => {});
        expect(await states(url)).toBe("1:applied 2:applied 9:applying");
      }
      await ask(
        url,
        "delete from schemac.revision where number = 9; update schemac.revision set checksum = 'x' where number = 2",
      );
      await expect(run(url, later[1]!)).rejects.toThrow(/division by zero/);
      expect(await tables(url)).toBe("t1 t2");
    }));

  it("counts from what is applied", () => {
    const first = (script: string): string => script.split("\n")[0]!;
    const applied = all.files.slice(0, 1).map((f) => f.revision.id);
    expect(first(applyScript(all, "+1", { applied }))).toBe("-- apply: 0002_r2");
    expect(first(applyScript(all, "+2", { applied }))).toBe("-- apply: 0002_r2, 0003_r3");
    expect(first(applyScript(all, "2:+1"))).toBe("-- apply: 0003_r3");
    expect(first(applyScript(all, "base:+1"))).toBe("-- apply: 0001_r1");
    expect(() => applyScript(all, "+4", { applied })).toThrow(/is more than the 3 pending/);
    expect(() => applyScript(all, "+1")).toThrow(/counts from where a database is/);
  });
});

it("cannot hold a function, and says so", async () => {
  const r: Revision = revision(1, { up: [{ kind: "function", source: "x", run: () => Promise.resolve() }] });
  const e = await failure(Promise.resolve().then(() => applyScript(list(r))));
  expect(e.message).toMatch(/0001_r1 .*is a function, which cannot be written as SQL/);
  expect((await failure(Promise.resolve().then(() => rollbackScript(list(r), "-1")))).message).toMatch(/is no range/);
});
