/** Options of the table for long values, where a table has none: Postgres takes them and keeps them nowhere. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, settle, sqlOf } from "./said.ts";

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
    const set = [expect.stringContaining("toast.autovacuum_enabled = false")];
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
