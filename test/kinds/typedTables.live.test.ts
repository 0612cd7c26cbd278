/** Columns of typed tables that are made anew though their type stays: Postgres adds none to a table that is bound to a type. */
import { test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

const text = (twice: string): string => `schema s
type pair {
  a  int
  b  int
}
table t of pair {
  a  int
  b  int?  ${twice}
}
table heir { inherits t }
`;

test.each(testMajors)("a column of a typed table begins to be computed, and ends (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, text(""));
    await goAndReturn(c, text("generated (a * 2)"));
    await goAndReturn(c, text("generated (a * 3)"));
    await goAndReturn(c, text(""));
  }),
);
