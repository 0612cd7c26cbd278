/** SQL that is run once, when something changes, calls functions that are made before. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

/** `z_filled` reads a table, so that it is not made first anyway. */
const text = `table a { id int primary key using (z_used(id)), n int backfill (z_filled()), v int backfill (z_filled()) }
table b { id int primary key, v int? }
rows b (id, v) {
  1, z_filled()
  z_used('2'), null
}
function z_used(text) returns int language plpgsql as $$ begin return $1::int; end $$
function z_filled() returns int language sql as $$ select coalesce(max(n), 1) from z_read $$
table z_read { n int }`;

test.each(testMajors)("functions that using, backfill and rows call come first (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, "table a { id text primary key, n int? }");
    await c.query("insert into a values ('7', null)");
    await goAndReturn(c, text);
    expect((await c.query("select id::text, n::text, v::text from a"))[0]!.rows).toEqual([{ id: "7", n: "1", v: "1" }]);
  }),
);
