/** Columns that come and go above tables which have them for themselves too, with tables between that do not. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle, sqlOf } from "./said.ts";

/** `own`: lines of the lowest table beside those that it has from above. */
const tables = (column: string, own = column): string => `schema s
table top {
  b  int
  ${column}
}
table middle {
  inherits top

  c  int
}
table low {
  inherits middle

  d  int
  ${own}
}
`;

test.each(testMajors)("a column that the lowest table says too comes and goes (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, tables("a  int", "a  int\n  e  text\n  check (a > d)"));
    const gone = await goAndReturn(c, tables(""));
    // Postgres drops no column that a parent hands down, and adds none that is there.
    expect(sqlOf(gone).slice(-2)).toEqual(["alter table s.top drop column a", "alter table s.low drop column a"]);
    await settle(c, tables(""));
    await goAndReturn(c, tables("a  int", "a  int\n  check (a > d)"));
  }),
);
