/** Declared rows that go or change while rows that nobody declared refer to them: what becomes of those is told before. */
import { expect, test } from "vitest";
import { encode } from "../../src/model/id.ts";
import type { Direction } from "../../src/model/plan.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { planned, settle, sqlOf } from "./said.ts";
import { walk, walkWatched } from "./ways.ts";

const told = ({ hazards }: Direction): readonly string[] => hazards.map((h) => `${h.code} ${encode(h.on)}`).toSorted();
const lockedBy = ({ steps }: Direction): readonly string[] =>
  steps.flatMap((s) => s.actions.flatMap((a) => a.on.map(encode)));

const table = "table c { code text primary key, n int? unique }\n";
const two = "rows c (code, n) {\n 'a', 1\n 'b', 2\n}\n";
const one = "rows c (code, n) {\n 'a', 1\n}\n";
const other = "rows c (code, n) {\n 'a', 1\n 'b', 3\n}\n";
const goes = "data-loss rows:public.c";

const cases: readonly (readonly [
  what: string,
  tables: string,
  rows: string,
  hazards: readonly string[],
  locked: readonly string[],
])[] = [
  ["cascade", "table o { c text -> c on delete cascade }", one, [goes, "data-loss table:public.o"], ["o"]],
  ["set null", "table o { c text? -> c on delete set null }", one, [goes, "lossy column:public.o.c"], ["o"]],
  ["set default", "table o { c text = 'a' -> c on delete set default }", one, [goes, "lossy column:public.o.c"], ["o"]],
  ["no action", "table o { c text -> c }", one, [goes, "may-fail foreignKey:public.o.o_c_fkey"], []],
  ["restrict", "table o { c text -> c on delete restrict }", one, [goes, "may-fail foreignKey:public.o.o_c_fkey"], []],
  [
    "a chain",
    `table o { c text primary key -> c on delete cascade }\ntable p { o text primary key -> o on delete cascade }
table q { p text? -> p on delete set null, o text? -> o }`,
    one,
    [
      goes,
      "data-loss table:public.o",
      "data-loss table:public.p",
      "lossy column:public.q.p",
      "may-fail foreignKey:public.q.q_o_fkey",
    ],
    ["o", "p", "q"],
  ],
  [
    "declared rows alone",
    "table o { c text primary key -> c on delete cascade }\nrows o (c) {\n 'a'\n}",
    one,
    [goes],
    ["o"],
  ],
  [
    "declared rows that do not say to what they refer",
    "table o { id int primary key, c text? -> c }\nrows o (id) {\n 1\n}",
    one,
    [goes, "may-fail foreignKey:public.o.o_c_fkey"],
    [],
  ],
  ["another value, on update cascade", "table o { n int -> c (n) on update cascade }", other, [], ["o"]],
  [
    "another value, on update set null",
    "table o { n int? -> c (n) on update set null }",
    other,
    ["lossy column:public.o.n"],
    ["o"],
  ],
  ["another value", "table o { n int -> c (n) }", other, ["may-fail foreignKey:public.o.o_n_fkey"], []],
  ["a value that nobody refers to", "table o { c text -> c on update set null }", other, [], []],
];
test.each(
  cases.flatMap(([what, tables, rows, hazards, locked]) =>
    testMajors.map((major) => ({ what, tables, rows, hazards, locked, major })),
  ),
)(
  "rows that refer to one that goes or changes: $what (PostgreSQL $major)",
  ({ tables, rows, hazards, locked, major }) =>
    onDatabase(major, async (c) => {
      await settle(c, table + two + tables);
      const { plan } = await planned(c, table + rows + tables);
      expect(told(plan?.up ?? { steps: [], hazards: [] })).toEqual(hazards);
      if (!plan) return;
      expect([...new Set(lockedBy(plan.up))]).toEqual(["c", ...locked].map((t) => `table:public.${t}`));
      expect(await walkWatched(c, plan.up)).toEqual([]);
      expect(sqlOf(await planned(c, table + rows + tables))).toEqual([]);
      await walk(c, plan.down);
    }),
);

test.each(testMajors)("what no more refers is not asked (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, `${table}${two}table o { c text? -> c on delete cascade }`);
    await c.query("insert into o values ('b')");
    const there = await settle(c, `${table}${one}table o { c text? }`);
    expect(told(there.plan!.up)).toEqual([goes]);
    expect((await c.query("select c from o"))[0]!.rows).toEqual([{ c: "b" }]);
  }),
);
