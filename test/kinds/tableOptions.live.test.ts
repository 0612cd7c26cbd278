/** Options of the table for long values, where a table has none: Postgres takes them and keeps them nowhere. */
import { expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { connected } from "./connection.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, settle, sqlOf } from "./said.ts";

const told = "with (fillfactor = 70, toast.autovacuum_enabled = off)";

test.each(testMajors)("without a column that needs one nothing is planned again (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, `table t ${told} { a int, b varchar(10)?, c uuid? }`);
    await goAndReturn(c, `table t ${told} { a bigint }`);
    await goAndReturn(c, `table t { a bigint }`);
    await goAndReturn(c, `table t with (toast.autovacuum_enabled = off) { a bigint, b varchar(20)? }`);
  }),
);

test.each(testMajors)("they are set when a column comes to need one (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const set = [expect.stringContaining("toast.autovacuum_enabled = 'off'")];
    for (const [before, after] of [
      ["a int", "a int, b text?"],
      ["a int", "a text"],
    ]) {
      await settle(c, `table t ${told} { ${before} }`);
      const change = sqlOf(await planned(c, `table t ${told} { ${after} }`));
      expect(change.filter((sql) => sql.includes("toast"))).toEqual(set);
      await goAndReturn(c, `table t ${told} { ${after} }`);
      await c.query("drop table t");
    }
  }),
);

test.each(testMajors)("values keep the spelling that they have (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query(`create table public.t (a int, b text)
      with (fillfactor = '070', autovacuum_enabled = off, autovacuum_vacuum_scale_factor = 0.10, autovacuum_analyze_scale_factor = 0.0,
        toast.autovacuum_enabled = 'No', autovacuum_vacuum_cost_delay = '1e0');
      alter table public.t alter column a set (n_distinct = -0.50);
      create index i on public.t using btree (a) with (fillfactor = '+50', deduplicate_items = OFF);
      create index g on public.t using gist (int4range(a, a)) with (buffering = 'AUTO');
      create view public.v with (security_barrier = on) as select a from public.t;
      create materialized view public.m with (fillfactor = 90, autovacuum_enabled = 'TRUE') as select a from public.t`);
    const options = `select c.relname || ' ' || coalesce(c.reloptions::text, '') || coalesce(t.reloptions::text, '') || coalesce(a.attoptions::text, '') as x
      from pg_class c left join pg_class t on t.oid = c.reltoastrelid left join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
      where c.relnamespace = 'public'::regnamespace order by 1`;
    const [wanted] = await c.query(options);
    const text = await expectReadable(await observe(c));
    expect(sqlOf(await planned(c, text))).toEqual([]);
    await withDatabase(major, (url) =>
      connected(url, async (other) => {
        await goAndReturn(other, text);
        expect((await other.query(options))[0]!.rows).toEqual(wanted!.rows);
        await goAndReturn(other, text.replace("0.10", "0.1").replace("= off", "= false"));
      }),
    );
  }),
);
