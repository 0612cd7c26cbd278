/** Checks that tables have from their parents. */
import { test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

test.each(testMajors)("no column waits for another because a parent's check reads both (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const parent = "table products {\n  amount int\n  rates int?\n  check (num_nonnulls(rates, amount) >= 1)\n}\n";
    const heir = "table tags {\n  inherits products\n  amount int = 1\n  inherited rates int? = 7\n}\n";
    await settle(c, parent + heir);
    await goAndReturn(c, parent);
  }),
);
