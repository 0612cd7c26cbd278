/** Columns of typed tables that are made anew though their type stays: Postgres adds none to a table that is bound to a type. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, settle, sqlOf } from "./said.ts";
import { walk } from "./ways.ts";

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

test.each(testMajors)("a type made anew on the way back has its parts in its tables' order (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const typed = (domain: string, first: string): string =>
      `domain d ${domain}\ntype pair {\n  ${first}\n  b  d[]\n}\ntable t of pair {\n  ${first.replace("text", "text?")}\n  b  d[]?\n}\ntable holder { p pair? }\n`;
    const before = typed("text", "a  text");
    await settle(c, before);
    const { plan } = await settle(c, typed("json", ""));
    await walk(c, plan!.down);
    expect(sqlOf(await planned(c, before))).toEqual([]);
  }),
);

test.each(testMajors)("a table gets its columns in the order that its type has by then (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const typed = (type: string, ...rest: string[]): string =>
      ["schema s", `type pair {\n  ${type}\n}`, ...rest].join("\n") + "\n";
    const ofPair = (table: string, ...columns: string[]): string =>
      `table ${table} of pair {\n  ${columns.map((x) => `${x}  int?`).join("\n  ")}\n}`;
    const other = "type other {\n  z  int\n}\ntable t of other {\n  z  int?\n}";
    const first = typed("a  int\n  b  int", ofPair("t", "a", "b"));
    const second = typed("b  int", other, ofPair("u", "b"));
    const third = typed("a  int\n  b  int", ofPair("t", "a", "b"), ofPair("u", "a", "b"), ofPair("v", "a", "b"));
    await settle(c, first);
    for (const [before, after] of [
      // The attribute goes while the table is of another type, and comes back behind the other.
      [first, second],
      // First in the text, last in Postgres: for a new table and for those that are there.
      [second, third],
    ] as const) {
      const { plan } = await settle(c, after);
      await walk(c, plan!.down);
      expect(sqlOf(await planned(c, before))).toEqual([]);
      await settle(c, after);
    }
  }),
);
