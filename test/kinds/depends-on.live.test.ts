/** `depends on extension x`: of functions, procedures, triggers, indexes and materialized views. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, settle, sqlOf } from "./said.ts";

const base = `extension citext
extension hstore
`;
const said = `${base}
function touch() returns trigger language plpgsql depends on extension citext depends on extension hstore as $$ begin return new; end $$
function f(a int) returns int language sql depends on extension citext as $$ select 1 $$
procedure p() language sql depends on extension hstore as $$ select 1 $$

table t {
  a  int
  b  citext

  index by_b on (b) depends on extension citext
  index on (a) with (fillfactor = 80) depends on extension hstore
  trigger touch before update for each row execute touch() depends on extension citext
}

materialized view m depends on extension citext as $$ select a from t $$ {
  unique index on (a) depends on extension citext
}
`;

test.each(testMajors)("it comes and goes, and stays with what is made anew (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, base);
    const up = await goAndReturn(c, said);
    expect(sqlOf(up)).toContain("alter trigger touch on public.t depends on extension citext");
    expect(sqlOf(up)).toContain("alter index public.by_b depends on extension citext");
    const text = await expectReadable(await observe(c, {}, true));
    expect(text).toContain("depends on extension citext depends on extension hstore as $$");
    expect((await observe(c, {}, true)).unmodelled).toEqual([]);
    // Made anew in place, dropped and made again, changed beneath.
    await goAndReturn(
      c,
      said
        .replace("begin return new; end", "begin return null; end")
        .replace("returns int language sql", "returns bigint language sql")
        .replace("index by_b on (b)", "index by_b on (b, a)")
        .replace("before update for", "before insert or update for")
        .replace("select a from t", "select a, b from t"),
    );
    await goAndReturn(c, said.replace(/ depends on extension citext/g, ""));
    await goAndReturn(c, said.replace(/ depends on extension hstore/g, "").replace("extension hstore\n", ""));
  }),
);

test("an extension that is not declared", async () => {
  const parsed = parse("a.schema", "procedure p() language sql depends on extension pstgis as $$ select 1 $$");
  const declared = await declare(parsed.declarations, { version: 150000 });
  expect([...parsed.problems, ...declared.problems].map((p) => p.message)).toEqual([
    "There is no extension called pstgis.",
  ]);
});
