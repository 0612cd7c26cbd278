/** Checks that tables have from their parents. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, settle, sqlOf, testChanges } from "./said.ts";

test.each(testMajors)("no column waits for another because a parent's check reads both (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const parent = "table products {\n  amount int\n  rates int?\n  check (num_nonnulls(rates, amount) >= 1)\n}\n";
    const heir = "table tags {\n  inherits products\n  amount int = 1\n  inherited rates int? = 7\n}\n";
    await settle(c, parent + heir);
    await goAndReturn(c, parent);
  }),
);

/** A partitioned table's check, and those that its partitions say for themselves: one, one with a partition, and that. */
const states: [what: string, above: string, one: string, other: string, below: string][] = [
  ["none", "", "", "", ""],
  ["not valid anywhere", "constraint c check (n > 0) not valid", "", "", ""],
  ["valid in one", "constraint c check (n > 0) not valid", "constraint c check (n > 0)", "", ""],
  ["valid below", "constraint c check (n > 0) not valid", "", "", "constraint c check (n > 0)"],
  ["valid everywhere", "constraint c check (n > 0)", "", "", ""],
  ["another, valid in one", "constraint c check (n > 1) not valid", "constraint c check (n > 1)", "", ""],
  ["of one alone", "", "constraint c check (n > 0)", "", ""],
];
const family = ([, above, one, other, below]: (typeof states)[number]): string => `table p partition by list (k) {
  k int
  n int?
  ${above}
}
partition one of p for (1) { ${one} }
partition other of p for (2) partition by list (k) { ${other} }
partition below of other default { ${below} }
`;

test.each(states)(
  "a partition's check can be valid where the parent's is not: from %s",
  { timeout: 60_000 },
  (...from) =>
    onDatabase(testMajors[0]!, async (c) => {
      // Each pair once: it is gone both ways.
      for (const to of states.slice(states.findIndex(([what]) => what === from[0]) + 1)) {
        await settle(c, family(from));
        await c.query("insert into p values (1, 2), (2, 2)");
        await goAndReturn(c, family(to));
      }
    }),
);

test.each(testMajors)("and so it is where Postgres makes it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query(`create table p (k int not null, n int) partition by list (k);
        alter table p add constraint c check (n > 0) not valid;
        create table one partition of p for values in (1);
        create table other partition of p for values in (2) partition by list (k);
        create table below partition of other default`);
    const [, notValid] = states;
    const own = "constraint c check (n > 0)";
    expect(sqlOf(await planned(c, family(["", notValid![1], own, own, ""])))).toEqual([]);
    await goAndReturn(c, family(states[5]!));
    await goAndReturn(c, family(states[0]!));
  }),
);

test.each(testMajors)("one that is not valid stays as it is, and stays in a partition (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const check = "constraint c check (n > 0) not valid";
    await settle(c, family(["", check, check, "", ""]));
    const more = family(["", `m int?\n  ${check}`, check, "", ""]);
    expect(sqlOf(await goAndReturn(c, more))).toEqual(["alter table public.p add column m integer"]);
    await goAndReturn(c, family(["", "", check, "", ""]));
  }),
);

/** Three tables; `low`: all that the lowest one says. */
const three = (top: string, low: string): string => `table above {
  a int
  ${top}
}
table between { inherits above }
table lower {
  ${low}
}
`;
const own = "constraint c check (a > 0)";
const other = "constraint c check (a > 1)";
const below = "inherits between\n  ";
testChanges("a check at the top of three tables", [
  ["the lowest table says it too, and it goes", three(own, below + own), three("", below)],
  ["the lowest table says it too, and it changes", three(own, below + own), three(other, below + other)],
  ["the lowest table gets it with the parent", three("", "a int"), three(own, `${below}a int`)],
  ["the lowest table has it before", three("", `a int\n  ${own}`), three(own, `${below}a int`)],
  ["the lowest table has another before", three("", `a int\n  ${other}`), three(own, `${below}a int`)],
]);
test.each(testMajors)("a table that leaves has what was its parents' before that goes (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, three(own, below));
    await settle(c, three("", `a int\n  ${own}`));
  }),
);

/** Two parents, both or one of them the heir's. */
const parents = (first: string, second: string, inherits: string): string => `table m1 {
  a int
  ${first}
}
table m2 {
  a int
  ${second}
}
table heir { inherits ${inherits} }
`;
testChanges("a check of two parents", [
  ["that goes from one", parents(own, own, "m1, m2"), parents("", own, "m1, m2")],
  ["that goes from one while the heir leaves the other", parents(own, own, "m1, m2"), parents("", own, "m1")],
  ["that comes while the heir gets the second parent", parents("", "", "m1"), parents(own, own, "m1, m2")],
]);

/** Both tables change in something else too, and a column goes with the check that reads it. */
const changing = (options: string, column: string): string =>
  `table amount with (${options}) {\n  a int\n  ${column}\n}\ntable visits with (${options}) {\n  inherits amount\n  a int = 1\n}\n`;
testChanges("a check that goes with its column", [
  [
    "while parent and heir change otherwise",
    changing("fillfactor = 70", "b int?\n  constraint items check (b > 0)"),
    changing("fillfactor = 80", ""),
  ],
]);
