/** Operators, casts, languages and the like with the functions that they are made of, and what is said of them. */
import { describe, expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, rolesOnServers, settle, sqlOf } from "./said.ts";

const owner = `made owner ${process.pid}`;
rolesOnServers(owner);

const things = `schema s {
  collation sorted { locale 'C' }
  type pair { a int, b text collate sorted }
  type span range of int
  table t { id int, n int, statistics st on (id, n) }
  text search dictionary d template simple
  text search configuration words parser default { mapping for asciiword with d }
  function same(x pair, y pair) returns bool language sql immutable as $$ select x.a = y.a $$
  operator === (pair, pair) { function same }
  operator family f using hash {}
  operator class c for int using btree family backwards {
    operator 1 >
    operator 2 >=
    operator 3 =
    operator 4 <=
    operator 5 <
    function 1 btint4cmp(int, int)
  }
  operator family backwards using btree {}
  conversion latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8
}
language lng trusted { handler plpgsql_call_handler }
`;

describe.each(testMajors)("PostgreSQL %i", (major) => {
  test("owners of everything that has one, and who may use types and languages", () =>
    onDatabase(major, async (c) => {
      await settle(c, things);
      const single =
        "type pair, type span, collation sorted, statistics st, text search dictionary d, text search configuration words, " +
        "operator === (pair, pair), operator family f using hash, operator class c using btree, conversion latin";
      const one = await goAndReturn(c, `${things}owner "${owner}" on ${single} in s\nowner "${owner}" on language lng`);
      expect(sqlOf(one).length).toBe(11);
      await goAndReturn(c, `${things}owner "${owner}"`);
      const granted = await goAndReturn(
        c,
        `${things}owner postgres
revoke usage on type s.pair, type s.span from public
grant usage on type s.pair to "${owner}"
revoke usage on language lng from public`,
      );
      expect(sqlOf(granted).filter((s) => /^(grant|revoke)/.test(s)).length).toBe(4);
    }));

  test("functions are made before what stands on them, and made anew with it", () =>
    onDatabase(major, async (c) => {
      const made = (argument: string, type = "pair"): string =>
        `
type pair { a int, b text }
function sum(${argument} ${type}) returns int language sql immutable as $$ select 1 $$
function less(${argument} ${type}, y ${type}) returns bool language sql immutable as $$ select true $$
function compare(${argument} ${type}, y ${type}) returns int language sql immutable as $$ select 0 $$
function diff(${argument} float8, y float8) returns float8 language sql immutable as $$ select x - y $$
/// A cast.
cast (pair as int) with function sum(pair)
/// An operator.
operator <<< (pair, pair) { function less, commutator >>> }
operator >>> (pair, pair) { function less }
operator class pairs for pair using btree {
  operator 1 <<<
  function 1 compare(pair, pair)
}
type floats range of float8 { subtype_diff diff }
table t { p pair, r floats }
`.replaceAll("select x - y", `select ${argument} - y`);
      await goAndReturn(c, made("x"));
      // CREATE OR REPLACE refuses another name, and nothing must hold it meanwhile.
      const anew = await goAndReturn(c, made("z"));
      expect(sqlOf(anew)).toContain("drop function public.sum(public.pair)");
      await goAndReturn(c, "");
      expect((await observe(c)).database.objects).toEqual([]);
    }));

  test("a language is there before its functions", () =>
    onDatabase(major, async (c) => {
      const text = `language lng { handler plpgsql_call_handler, inline plpgsql_inline_handler, validator plpgsql_validator }
function f() returns int language lng as $$ begin return 1; end $$
`;
      await goAndReturn(c, text);
      await goAndReturn(c, text.replace(" {", " trusted {"));
      expect(sqlOf(await planned(c, text.replace("language lng {", "language lng trusted {")))).toEqual([]);
      await goAndReturn(c, "");
    }));
});

test.each(testMajors)("an operator speaks of others that are names only (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query(
      "create operator @<< (function = int4lt, leftarg = int, rightarg = int, commutator = @>>, negator = @>=)",
    );
    const said = await expectReadable(await observe(c));
    expect(sqlOf(await planned(c, said))).toEqual([]);
  }),
);

test.each(testMajors.filter((major) => major >= 14))("a parsed body may be empty (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query("create procedure nothing() begin atomic end");
    const said = await expectReadable(await observe(c));
    expect(sqlOf(await planned(c, said))).toEqual([]);
    await goAndReturn(c, "");
  }),
);

test.each(testMajors)("a condition may be a query, and a rule begin with one (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query(`create table t (a int); create table u (b int);
      create rule r as on delete to t do instead with x as (delete from u returning b) insert into t select * from x;
      create rule s as on update to t do also (select 1; with x as (select 1 as b) insert into u select * from x);
      create policy p on t using ((select a > max(b) from u)) with check ((select bool_or(b = a) from u))`);
    const said = await expectReadable(await observe(c));
    expect(sqlOf(await planned(c, said))).toEqual([]);
    await goAndReturn(c, "");
    await goAndReturn(c, said);
    await goAndReturn(c, said.replace(/max\(/i, "min("));
  }),
);

test.each(testMajors)("a procedure that another one calls comes first (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await goAndReturn(
      c,
      "procedure a(x int) language sql as $$ call b(x) $$\nprocedure b(x int) language sql as $$ insert into t values (x) $$\ntable t { a int }",
    );
  }),
);
