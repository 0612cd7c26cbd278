/** The mark of a catalog moves with whatever an observation holds, and stays where nothing of that kind happened. */
import { describe, expect, test } from "vitest";
import { catalogMarkSql, marked, uncounted, unmarked } from "../../src/catalogMark.ts";
import { coverage } from "../../src/coverage/index.ts";
import { openSnapshot } from "../../src/snapshot.ts";
import type { Connection } from "../../src/run/connection.ts";
import { testMajors, whileRolesStay, withDatabase } from "../servers/databases.ts";
import { connected } from "./connection.ts";
import { onDatabase } from "./live.ts";

const markOf = async (connection: Connection): Promise<string> => {
  const snapshot = await openSnapshot(connection);
  try {
    return await snapshot.mark();
  } finally {
    await snapshot.close();
  }
};

test("what is left out of the mark is held by no attribute", () => {
  const heldAnyway = Object.entries(coverage).flatMap(([catalog, lines]) =>
    Object.entries(lines).flatMap(([column, line]) => {
      const counts = catalog in marked ? !uncounted[catalog]?.includes(column) : !(catalog in unmarked);
      return line.is !== "held" || counts ? [] : [`${catalog}.${column}`];
    }),
  );
  // These are read by views that show them to whoever may see them.
  expect(heldAnyway.filter((c) => !/^pg_(authid|user_mapping)\./.test(c))).toEqual([]);
});

/** Each moves the mark. The ones that are only a row's value beside them do not. */
const changes = [
  "create schema s",
  "create table s.t (a int primary key, b text default 'x', c int references s.t (a))",
  "alter table s.t alter b set default 'y'",
  "alter table s.t alter b set statistics 7",
  "alter table s.t alter b set (n_distinct = 5)",
  "alter table s.t set (fillfactor = 70)",
  "alter table s.t replica identity full",
  "alter table s.t enable row level security",
  "create policy p on s.t using (a > 1)",
  "alter policy p on s.t using (a > 2)",
  "create index i on s.t (lower(b))",
  "alter index s.i alter 1 set statistics 9",
  "cluster s.t using t_pkey",
  "create view s.v as select a from s.t",
  "create or replace view s.v as select a + 1 - 1 as a from s.t",
  "create function s.f() returns int language sql as 'select 1'",
  "create or replace function s.f() returns int language sql as 'select 2'",
  "alter function s.f() cost 7",
  "comment on schema public is 'changed'",
  "comment on column s.t.b is 'c'",
  "create sequence s.q",
  "alter sequence s.q owned by s.t.a",
  "grant select (a) on s.t to public",
  "alter default privileges in schema s grant select on tables to public",
  "grant usage on schema s to public",
  "create type s.e as enum ('a')",
  "alter type s.e add value 'b'",
  "create domain s.d as int check (value > 0)",
  "alter table s.t add constraint k check (a > 0) not valid",
  "alter table s.t validate constraint k",
  "create rule r as on insert to s.v do instead nothing",
  "create trigger g after insert on s.t for each row execute function suppress_redundant_updates_trigger()",
  "alter table s.t disable trigger g",
  "create statistics s.x on a, b from s.t",
  "alter table s.t drop column c",
];
const idle = [
  "insert into s.t (a, b) select g, g::text from generate_series(1, 2000) g",
  "analyze s.t",
  "vacuum s.t",
  "truncate s.t",
  "select nextval('s.q')",
  "reindex table s.t",
];

describe.each(testMajors)("PostgreSQL %i", (major) => {
  test("every catalog is marked or said to be needless", () =>
    onDatabase(major, async (c) => {
      const { rows } = (
        await c.query(`select c.relname, array_agg(a.attname::text) as columns from pg_attribute a join pg_class c on c.oid = a.attrelid
          where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped group by 1`)
      ).at(-1)!;
      const there = new Map(rows.map((r) => [r["relname"]!, r["columns"]!.slice(1, -1).split(",")]));
      expect([...there.keys()].filter((name) => !(name in marked) && !(name in unmarked))).toEqual([]);
      for (const [catalog, { columns, later }] of Object.entries(marked)) {
        if (columns === undefined) continue;
        const known = [...columns, ...Object.keys(later ?? {}), ...(uncounted[catalog] ?? [])];
        expect(there.get(catalog)!.filter((column) => !known.includes(column))).toEqual([]);
      }
    }));

  test("it moves with every change and with nothing else", () =>
    withDatabase(major, (url) =>
      whileRolesStay(url, () =>
        connected(url, async (c) => {
          let mark = await markOf(c);
          expect(await markOf(c)).toBe(mark);
          for (const sql of changes) {
            await c.query(sql);
            const now = await markOf(c);
            expect(now, sql).not.toBe(mark);
            mark = now;
          }
          for (const sql of idle) {
            await c.query(sql);
            // A new table for large values comes with rows written anew, and is a row of the catalog.
            if (sql === "truncate s.t" || sql === "reindex table s.t") mark = await markOf(c);
            expect(await markOf(c), sql).toBe(mark);
          }
          await c.query("create temporary table away (a int); drop table away");
          expect(await markOf(c), "what came and went").toBe(mark);
        }),
      ),
    ));

  test("who may see less gets a mark too", () =>
    onDatabase(major, async (c) => {
      const role = `mark_${process.pid}_${major}`;
      await c.query(`create role ${role}`);
      try {
        await c.query(`set role ${role}`);
        const version = Number((await c.query("show server_version_num")).at(-1)!.rows[0]!["server_version_num"]);
        const { rows } = (await c.query(catalogMarkSql(version, { connections: false }))).at(-1)!;
        expect(rows[0]!["mark"]).toMatch(/^[0-9a-f]{32}$/);
      } finally {
        await c.query(`reset role; drop role ${role}`);
      }
    }));
});
