/** Which names import leaves out: those that Postgres would make up again, and no others. */
import { expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { expectAnew } from "./anew.ts";
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
test.each(
  testMajors.flatMap((major) =>
    (
      [
        [
          "a copy has the names of what it is a copy of",
          `create table orders (a int not null, b int check (b > 0), unique (a)); create table orders_archive (like orders including all);
           create table archive (like orders including all)`,
        ],
        [
          "a partition has left its table",
          `create table other (a int primary key); create table p (a int not null references other, b int check (b > 0)) partition by list (a);
           create table left_it partition of p for values in (1); create table stays partition of p for values in (2);
           alter table p detach partition left_it`,
        ],
        [
          "an heir has left its parent",
          `create table p (a int not null, b int check (b > 0), check (a > b)); create table heir () inherits (p); create table a_heir () inherits (p);
           alter table heir no inherit p; alter table a_heir no inherit p`,
        ],
        [
          "a check has the name of an index, of keys and of a domain's check",
          `create table t (a int primary key, b int unique, c int check (c > 0), d int, e int, exclude (e with =)); create index on t (d);
           create table a (a int, constraint t_d_idx check (a > 0), constraint t_pkey check (a > 1), constraint t_b_key check (a > 2), constraint t_e_excl check (a > 3));
           create domain t_c as int check (value > 0); alter domain t_c rename constraint t_c_check1 to t_c_check`,
        ],
        [
          "foreign keys of two tables have one name",
          `create table k (id int primary key); create table a (b_c int references k); create table a_b (c int);
           alter table a_b add constraint a_b_c_fkey foreign key (c) references k`,
        ],
        [
          "a domain has the name of a column's not null",
          `create table a (b int not null); create domain a_b as int not null${major < 18 ? "" : "; alter domain a_b rename constraint a_b_not_null1 to a_b_not_null"}`,
        ],
      ] as const
    ).map(([what, sql]) => ({ what, sql, major })),
  ),
)("names that several have: $what (PostgreSQL $major)", async ({ sql, major }) => {
  await expectAnew(major, sql);
});

test.each(testMajors)("names that several have are not said of partitions (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query(`create table public.k (id int primary key); create table public.p (a int not null references public.k, check (a > 0)) partition by list (a);
      create table public.q partition of public.p for values in (1); create table public.heir (b int not null check (b > 0)); create table public.h () inherits (public.heir)`);
    expect(await expectReadable(await observe(c))).not.toContain("constraint");
  }),
);
