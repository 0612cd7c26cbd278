/** Every column of every catalog is accounted for, on each major; and nothing is accounted for that no major has. */
import { expect, test } from "vitest";
import { coverage } from "../../src/coverage/index.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";

const said = new Set(
  Object.entries(coverage).flatMap(([catalog, lines]) => Object.keys(lines).map((column) => `${catalog}.${column}`)),
);
const columnsOf = (major: number): Promise<readonly string[]> =>
  new Promise((done, fail) => {
    onDatabase(major, async (c) => {
      const { rows } = (
        await c.query(`select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
          where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`)
      ).at(-1)!;
      done(rows.map((row) => row["name"]!));
    }).catch(fail);
  });

test.each(testMajors)("PostgreSQL %i has no column that nobody speaks of", async (major) => {
  expect((await columnsOf(major)).filter((name) => !said.has(name))).toEqual([]);
});

// Of the majors that are tested by default, the newest: with others alone most of what is new would be missing.
test.each(testMajors.filter((major) => major === 18 && testMajors.includes(15)))(
  "no column is spoken of that no major up to %i has",
  async () => {
    const there = new Set((await Promise.all(testMajors.map(columnsOf))).flat());
    // Some columns came and went between those that are tested by default.
    const others = [13, 14, 15, 16, 17, 18].some((m) => !testMajors.some((t) => t === m));
    const passing = others ? ["pg_database.datlastsysoid"] : [];
    expect([...said].filter((name) => !there.has(name) && !passing.includes(name))).toEqual([]);
  },
);

test("every column has a kind that holds it, or a reason why none does", () => {
  const named = Object.entries(coverage).flatMap(([catalog, lines]) =>
    Object.entries(lines).flatMap(([column, line]) => (line.is === "named" ? [`${catalog}.${column}`] : [])),
  );
  expect(named).toEqual([]);
});
