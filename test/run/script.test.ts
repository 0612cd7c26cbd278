import { spawnSync } from "node:child_process";
import pg from "pg";
import { describe, expect, it } from "vitest";
import type { Revision } from "../../src/revision/format.ts";
import { apply, applyScript, rollback, rollbackScript, status } from "../../src/run/index.ts";
import { lockInScript } from "../../src/run/lock.ts";
import { splitStatements } from "../../src/run/statements.ts";
import { serverUrl, testMajors, withDatabase } from "../servers/databases.ts";
import { ask, askText, failure, list, revision, states, tables, tx } from "./base.ts";

const hostile = "it's \\ :x :'x' $$ \u{1f600} \" -- /* ;";
const all = list(
  revision(1, {
    up: [
      {
        kind: "transaction",
        path: ["public"],
        statements: [
          "-- the first word\ncreate table t1 (id integer, note text default $q$" + hostile + "$q$)",
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

  it("that stopped is gone on with by a run, also where a probe was put right since", () =>
    withDatabase(major, async (url) => {
      const index = "create index concurrently t_id on public.t (id)";
      const probed = (probe: string) => list(revision(1, { up: [{ kind: "outside", statement: index, probe }] }));
      await expect(run(url, applyScript(probed("select null")))).rejects.toThrow(/"public.t" does not exist/);
      await ask(url, "create table public.t (id integer)");
      await apply({ url, revisions: probed("select pg_catalog.to_regclass('public.t_id') is not null") });
      expect(await states(url)).toBe("1:applied");
    }));

  it("undoes nothing on which something builds that is applied", () =>
    withDatabase(major, async (url) => {
      await apply({ url, revisions: all, target: "3" });
      const script = rollbackScript(all, "2:base");
      await expect(run(url, script)).rejects.toThrow(/division by zero/);
      await run(url, script.replace("ON_ERROR_STOP on", "ON_ERROR_STOP off")).catch(() => {});
      expect(await states(url)).toBe("1:applied 2:applied 3:applied");
      expect(await tables(url)).toBe("t1 t2");
    }));

  it("looks before it begins, under the lock, as a run does", () =>
    withDatabase(major, async (url) => {
      const here = new pg.Client({ connectionString: url });
      await here.connect();
      await here.query(lockInScript);
      await expect(run(url, applyScript(all, "1"))).rejects.toThrow(/division by zero/);
      expect(await askText(url, "select to_regnamespace('schemac')")).toBe("null");
      await here.end();

      await run(url, applyScript(all, "1"));
      await ask(url, "update schemac.meta set format = 2");
      const next = applyScript(all, "1:2");
      await expect(run(url, next)).rejects.toThrow(/the ledger in schema schemac is of format 2; this script knows/);
      await run(url, next.replace("ON_ERROR_STOP on", "ON_ERROR_STOP off")).catch(() => {});
      expect([await states(url), await tables(url)]).toEqual(["1:applied", "t1"]);

      await ask(url, "update schemac.meta set format = 1; update schemac.step set revision = 'a00000000009'");
      await expect(run(url, next)).rejects.toThrow(/is damaged: .* has lost: a00000000009/);
      await ask(url, "delete from schemac.meta");
      await expect(run(url, next)).rejects.toThrow(/is damaged: its table meta has lost its row/);
      expect(await tables(url)).toBe("t1");

      await ask(url, `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`);
      await expect(run(url, next)).rejects.toThrow(/the database is read-only/);

      const latin = new URL(url);
      latin.pathname += "_latin";
      const database = latin.pathname.slice(1);
      await ask(serverUrl(major), `create database ${database} encoding 'LATIN1' locale 'C' template template0`);
      try {
        await expect(run(latin.href, applyScript(all, "1"))).rejects.toThrow(/encoding is LATIN1/);
        expect(await tables(latin.href)).toBe("");
      } finally {
        await ask(serverUrl(major), `drop database ${database}`);
      }
    }));

  it("runs under a run's settings, which end with it, by whoever may use the ledger that there is", () =>
    withDatabase(major, async (url) => {
      const role = `s_${process.pid}_${major}`;
      const seen =
        "insert into public.seen select pg_catalog.concat_ws('/', pg_catalog.current_setting('statement_timeout'), pg_catalog.current_setting('default_tablespace'))";
      const looks = list(
        revision(1, { up: [tx("create table public.seen (setting text)")] }),
        revision(2, { up: [{ kind: "outside", statement: seen, probe: "select null" }] }),
      );
      await apply({ url, revisions: looks, target: "1" });
      const poor = new URL(url);
      poor.username = role;
      await ask(
        url,
        `create role ${role} login; alter role ${role} set statement_timeout = '1h'; alter role ${role} set default_tablespace = pg_default;
         grant usage on schema schemac to ${role}; grant all on all tables in schema schemac, public to ${role}`,
      );
      try {
        await run(poor.href, `${applyScript(looks, "1:2")}${seen};`);
        expect(await askText(url, "select setting from public.seen")).toBe("0/ 1h/pg_default");
        expect(await states(url)).toBe("1:applied 2:applied");
      } finally {
        await ask(url, `drop owned by ${role}; drop role ${role}`);
      }
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

it("is not written for a range that makes no sense", () => {
  for (const [write, target, wanted] of [
    [applyScript, "3:1", /^0003_r3 does not come before 0001_r1$/],
    [applyScript, "head:1", /^0004_r4 does not come before 0001_r1$/],
    [applyScript, "1:2:3", /^"1:2:3" is no range$/],
    [applyScript, "1:1:zzz", /is no range$/],
    [applyScript, "1:base", /"base" goes back: that is for rollback/],
    [applyScript, "", /^the target is empty$/],
    [rollbackScript, "1:3", /^0003_r3 does not come before 0001_r1$/],
    [rollbackScript, "base:1", /^"base:1" goes forward: that is for apply$/],
    [rollbackScript, "1:head", /"head" goes forward: that is for apply/],
    [rollbackScript, "3:", /^"3:" is no range$/],
    [rollbackScript, "3:2:1", /is no range$/],
  ] as const)
    expect(() => write(all, target), target).toThrow(wanted);
});

it("cannot hold a function, and says so", async () => {
  const r: Revision = revision(1, { up: [{ kind: "function", source: "x", run: () => Promise.resolve() }] });
  const e = await failure(Promise.resolve().then(() => applyScript(list(r))));
  expect(e.message).toMatch(/0001_r1 .*is a function, which cannot be written as SQL/);
  expect((await failure(Promise.resolve().then(() => rollbackScript(list(r), "-1")))).message).toMatch(/is no range/);
});
