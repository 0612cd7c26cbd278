/** Columns that come and go above tables which have them for themselves too, with tables between that do not. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle, sqlOf, testChanges } from "./said.ts";

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

/** Three tables; `low`: all that the lowest one says. */
const three = (top: string, low: string): string => `table top {
  ${top}
}
table middle { inherits top }
table low {
  ${low}
}
`;
test.each([
  ["a column", "a int\n  b int?"],
  ["a type", "a bigint"],
  ["a default", "a int = 3"],
])("a table leaves the middle one of three before the top gets %s", (_, top) =>
  onDatabase(testMajors[0]!, async (c) => {
    await settle(c, three("a int", "inherits middle\n  a int"));
    await goAndReturn(c, three(top, "a int"));
  }),
);

const computed = "g bigint? generated (a * 2)";
test.each(testMajors)("a table leaves before what it has is computed anew above (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const top = (type: string): string => `table top {\n  a ${type}\n  ${computed}\n}\n`;
    await settle(c, `${top("int")}table low { inherits top }\n`);
    await c.query("insert into low values (4)");
    await settle(c, `${top("bigint")}table low {\n  a int\n  ${computed}\n}\n`);
    expect((await c.query("select g from low"))[0]?.rows).toEqual([{ g: "8" }]);
  }),
);
test.each(testMajors)("and so does a partition (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const top = (type: string): string => `table top partition by list (k) {\n  k int\n  a ${type}\n  ${computed}\n}\n`;
    await settle(c, `${top("int")}partition low of top for (1)\n`);
    await goAndReturn(c, `${top("bigint")}table low {\n  k int\n  a int\n  ${computed}\n}\n`);
  }),
);

const numbered = {
  "a table with heirs": (id: string): string => `table top {
  k int
  ${id}
}
table low { inherits top }
`,
  "a partitioned table": (id: string): string => `table top partition by list (k) {
  k int
  ${id}
}
partition low of top for (1)
`,
};
const numbers = Object.entries(numbered).flatMap(([what, text]) => testMajors.map((m) => [what, m, text] as const));
test.each(numbers)("%s gets an identity column (PostgreSQL %i)", (_, major, text) =>
  onDatabase(major, async (c) => {
    await settle(c, text(""));
    await goAndReturn(c, text("id int identity"));
    await settle(c, text(""));
    await c.query("insert into low values (1)");
    await goAndReturn(c, text("id int identity backfill (k + 10)"));
    await c.query("insert into top values (1)");
    expect((await c.query("select id from top order by id"))[0]?.rows).toEqual([{ id: "11" }, { id: "12" }]);
  }),
);

/** A table with one parent, or with two. */
const parents = (first: string, second: string, inherits: string): string => `table m1 {
  x int
  ${first}
}
table other {
  y int?
  ${second}
}
table low { inherits ${inherits} }
`;
testChanges("a parent gets a column when its heir", [
  ["gets another parent which has it already", parents("", "b int?", "m1"), parents("b int?", "b int?", "m1, other")],
  ["gets another parent which gets it too", parents("", "", "m1"), parents("b int = 3", "b int = 4", "m1, other")],
  [
    "has another parent which gets it otherwise",
    parents("", "", "other, m1"),
    parents("b int = 3", "b int = 4", "other, m1"),
  ],
  [
    "gets another parent which has it otherwise",
    parents("", "b int?", "m1"),
    parents("b int? = 3", "b int = 4", "m1, other"),
  ],
]);

test.each(testMajors)("a table leaves and what its own column is computed from changes (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const top = `table top {\n  a int\n  ${computed}\n}\n`;
    await settle(c, `${top}table low { inherits top }\n`);
    await c.query("insert into low values (4)");
    await settle(c, `${top}table low {\n  a bigint\n  ${computed}\n}\n`);
    expect((await c.query("select g from low"))[0]?.rows).toEqual([{ g: "8" }]);
  }),
);

test.each(testMajors)("a column of two parents keeps its type, and a plan says why (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (type: string): string =>
      `table m1 { x ${type} }\ntable m2 { x ${type} }\ntable low { inherits m1, m2 }\n`;
    await settle(c, text("int"));
    const { plan, refusals } = await compile({ connection: c, files: [{ path: "a.schema", text: text("bigint") }] });
    expect(plan).toBeNull();
    expect(refusals.map((r) => r.message)).toEqual([
      "column public.low.x cannot change so: public.low keeps the type: its column x is handed down by public.m1 and by public.m2, and Postgres gives none another type that comes from more than one table.",
    ]);
    // From one table at the top by two ways it gets it.
    const ring = (type: string): string =>
      `table top { x ${type} }\ntable m1 { inherits top }\ntable m2 { inherits top }\ntable low { inherits m1, m2 }\n`;
    await settle(c, ring("int"));
    await goAndReturn(c, ring("bigint"));
  }),
);

test.each(testMajors)(
  "a column of a parent goes after an heir that goes, with what that has of its own (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      const heir = (of: string): string =>
        `table low_${of} {\n  inherits ${of}\n\n  d int?\n  exclude using hash (d with =) where (b > 0 and a > 0)\n}\n`;
      const tops = (column: string): string => `table top {\n  b int\n  ${column}\n}\ntable middle { inherits top }\n`;
      await settle(c, tops("a int") + heir("top") + heir("middle"));
      await goAndReturn(c, tops(""));
    }),
);
