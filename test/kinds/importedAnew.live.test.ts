/** What import promises: a text that finds nothing to do in its database, and makes the same in an empty one. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { expectAnew } from "./anew.ts";
import { goAndReturn, settle } from "./said.ts";
import { onDatabase } from "./live.ts";

test.each(testMajors)("a foreign key that takes a column twice (PostgreSQL %i)", async (major) => {
  const text = await expectAnew(
    major,
    `create table fk1 (a int, b int, unique (a, b)); create table fk2 (a int, foreign key (a, a) references fk1 (a, b))`,
  );
  expect(text).toContain("foreign key (a, a) -> public.fk1 (a, b)");
});

test.each(testMajors)("an index that a foreign partition has no part of (PostgreSQL %i)", async (major) => {
  await expectAnew(
    major,
    `create foreign data wrapper w; create server sv foreign data wrapper w;
     create table pt (a int, b text) partition by list (a); create foreign table ptf partition of pt for values in (1) server sv;
     create table pt2 partition of pt for values in (2) partition by list (b); create foreign table pt2f partition of pt2 for values in ('x') server sv;
     create table pt3 partition of pt for values in (3); create index on pt (b); create index on only pt (a)`,
  );
});
test.each(testMajors)("foreign partitions come, go and stay beside indexes (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const servers = "foreign data wrapper w\nserver sv foreign data wrapper w\n";
    const table = (index: string): string => `${servers}table pt partition by list (a) { a int, b text, ${index} }\n`;
    const own = "partition pt2 of pt for (2)\n";
    const foreign = "foreign partition ptf of pt for (1) server sv\n";
    await settle(c, table("") + own);
    await goAndReturn(c, table("index on (b)") + own + foreign);
    await goAndReturn(c, table("index on (b)") + own + "foreign table ptf server sv { a int, b text }\n");
    await goAndReturn(c, table("") + own + foreign);
    await goAndReturn(c, table("index on (b)") + own + foreign);
    await goAndReturn(c, table("index on (b, a)") + own + foreign.replace("(1)", "(1, 4)"));
  }),
);

test.each(testMajors)("an invalid index that all partitions left have a part of (PostgreSQL %i)", async (major) => {
  const text = await expectAnew(
    major,
    `create table p (a int, b int) partition by list (a); create table p1 (a int, b int); alter table p attach partition p1 for values in (1);
     create index px on only p (b); create table p2 partition of p for values in (2); alter table p detach partition p1`,
  );
  expect(text).not.toContain("only");
});
