/** What an earlier run learnt of texts saves time and is never the reason of a change. */
import { expect, test } from "vitest";
import { compile, emptyMemory, type Compiled, type Memory } from "../../src/compile.ts";
import type { Connection } from "../../src/run/connection.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { planned, settle, sqlOf } from "./said.ts";

const withMemory = (connection: Connection, text: string, memory: Memory): Promise<Compiled> =>
  compile({ connection, files: [{ path: "a.schema", text }], memory });

const before = `domain positive int check (value>0)
table t {
  a int = (1+1) check (a>1)
  b text? = 'x'
}
view v as $$ select a, b from t where a>2 $$
`;
const after = `domain positive int check (value>10)
table t {
  a int = (2+2) check (a>3)
  b text? = 'x'
}
view v as $$ select a, b, a + 1 as c from t where a>4 $$
`;

test.each(testMajors)("a plan of what is remembered is the plan without it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, before);
    const memory = emptyMemory();
    const first = await withMemory(c, after, memory);
    expect(memory.spellings.size).toBeGreaterThan(0);
    const again = await withMemory(c, after, memory);
    expect(again.problems).toEqual([]);
    expect(again.plan).toEqual(first.plan);
    expect(first.plan).toEqual((await planned(c, after)).plan);
  }),
);

test.each(testMajors)("what is remembered wrongly changes nothing (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, before);
    const memory = emptyMemory();
    await withMemory(c, before, memory);
    const learnt = [...memory.spellings];
    expect(learnt.length).toBeGreaterThan(3);
    for (const [key, spelled] of learnt) {
      memory.spellings.set(key, `not ${spelled}`);
      // Otherwise nothing is looked at.
      memory.settled.clear();
      const compiled = await withMemory(c, before, memory);
      expect(sqlOf(compiled), key).toEqual([]);
      expect(compiled.asked, key).toBeGreaterThan(0);
    }
  }),
);

test.each(testMajors.filter((major) => major < 16))(
  "what a server refuses is told each time, once (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      await settle(c, before);
      const memory = emptyMemory();
      // Newer servers understand it.
      const broken = after.replace("check (a>3)", "check (b is json)");
      for (const _ of ["first", "again"]) {
        const { problems } = await withMemory(c, broken, memory);
        expect(problems.map((p) => p.code)).toEqual(["fragment-syntax"]);
      }
    }),
);
