/** Which names import leaves out: those that Postgres would make up again, and no others. */
import { expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { connected } from "./connection.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, settle, sqlOf } from "./said.ts";

test.each(testMajors)("names of checks (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query(`create table public.t (
      a int check (a > 0), b int, d int,
      constraint t_check check (b > 0), constraint t_b_check check (b > 1), constraint t_d_check check (b > d),
      check (a > b), constraint t_row_check check (t is not null), check (1 > 0), check (t.* is distinct from null));
    create table public.u (a int, constraint u_check check (a > 0));
    create domain public.o as int constraint mine check (value > 0) check (value < 9);
    create table public.p (a int, b int check (b > 0)) partition by list (a);
    create table public.q partition of public.p (constraint q_b_check check (b > 1), constraint q_check check (b < 9)) for values in (1)`);
    const text = await expectReadable(await observe(c));
    expect(text).toContain("  a  int?  check (a > 0)\n");
    expect(text).toContain("  constraint u_check check (a > 0)\n");
    expect(sqlOf(await planned(c, text))).toEqual([]);
    const names =
      "select conrelid::regclass || ' ' || conname as x from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace and conrelid <> 0 order by 1";
    const [wanted] = await c.query(names);
    await withDatabase(major, (url) =>
      connected(url, async (other) => {
        await goAndReturn(other, text);
        expect((await other.query(names))[0]!.rows).toEqual(wanted!.rows);
      }),
    );
  }),
);

test.each(testMajors)(
  "what is said of an index under the name that goes without saying is said of the live one (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      await settle(c, "table t { id int, n int, constraint foo unique (id), index ii on (n) }\n");
      const said = await goAndReturn(
        c,
        "table t { id int unique, n int, index on (n), replica identity index t_id_key, cluster on t_n_idx }\n",
      );
      expect(sqlOf(said)).toEqual(["alter table public.t\n  replica identity using index foo,\n  cluster on ii"]);
    }),
);
