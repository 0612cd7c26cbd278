/** What import promises: a text that finds nothing to do in its database, and makes the same in an empty one. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { expectAnew } from "./anew.ts";

test.each(testMajors)("a foreign key that takes a column twice (PostgreSQL %i)", async (major) => {
  const text = await expectAnew(
    major,
    `create table fk1 (a int, b int, unique (a, b)); create table fk2 (a int, foreign key (a, a) references fk1 (a, b))`,
  );
  expect(text).toContain("foreign key (a, a) -> public.fk1 (a, b)");
});
