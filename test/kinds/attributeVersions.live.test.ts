/** What newer minor releases note in the options of attributes, on servers that do not: the catalog is written by hand. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { goAndReturn, planned, settle, sqlOf } from "./said.ts";
import { witness } from "../witness/witness.ts";

const text = `
table p { a int with (n_distinct = 5), b int? }
table h {
  inherits p
  c int?
  index on ((c + 1) statistics 50)
}`;

const note = `update pg_attribute set attoptions = array_append(attoptions, 'pg_attver=' || attrelid::int + attnum)
  where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind not in ('i', 'I', 'S', 't')) and attnum > 0`;

test.each(testMajors)("which layout of rows an attribute came with is no option (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, text);
    await c.query("create materialized view m as select a from p");
    const seen = async (): Promise<readonly unknown[]> => {
      const { database } = await observe(c);
      await c.query("begin");
      const lines = await witness(c);
      await c.query("rollback");
      return [database, lines];
    };
    const before = await seen();
    await c.query(note);
    expect(await seen()).toEqual(before);
    await c.query("drop materialized view m");
    expect(sqlOf(await planned(c, text))).toEqual([]);
    await goAndReturn(c, "");
  }),
);
