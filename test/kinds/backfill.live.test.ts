/** What a column is filled from is there until it is filled. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

const changes: readonly (readonly [what: string, before: string, after: string, rows: string, filled: string])[] = [
  [
    "a column that goes",
    "table t { id int, price numeric }",
    "table t { id int, cents int backfill ((price * 100)::int) }",
    "insert into t values (1, 2.5)",
    "1,250",
  ],
  [
    "a column that goes, where nulls were",
    "table t { id int, a text?, b text? }",
    "table t { id int, a text backfill (b) }",
    "insert into t values (1, null, 'b'), (2, 'a', 'b')",
    "1,b 2,a",
  ],
  [
    "a table that goes",
    "table o { tid int, n text }\ntable t { id int }",
    "table t { id int, n text backfill ((select o.n from public.o where o.tid = t.id)) }",
    "insert into t values (1); insert into o values (1, 'x')",
    "1,x",
  ],
  [
    "a column that goes, of a table that stays",
    "table o { tid int, n text }\ntable t { id int }",
    "table o { tid int }\ntable t { id int, n text backfill ((select n from public.o where tid = id)) }",
    "insert into t values (1); insert into o values (1, 'x')",
    "1,x",
  ],
  [
    "a new column, itself filled from one that goes",
    "table t { id int, a text }",
    "table t { id int, z int backfill (y + 1), y int backfill (length(a)) }",
    "insert into t values (1, 'abc')",
    "1,4,3",
  ],
];
const inPublic = (text: string): string => `schema public\n\n${text.replaceAll(/\n/g, "\n\n")}\n`;

test.each(testMajors.flatMap((major) => changes.map((c) => [c[0], major, c] as const)))(
  "%s is there until it is read (PostgreSQL %i)",
  (_, major, [, before, after, rows, filled]) =>
    onDatabase(major, async (c) => {
      await settle(c, inPublic(before));
      await goAndReturn(c, inPublic(after));
      await settle(c, inPublic(before));
      await c.query(rows);
      await settle(c, inPublic(after));
      const names = /\{([^}]*)\}$/
        .exec(after)![1]!
        .split(",")
        .map((m) => m.trim().split(" ")[0]!);
      const found = (await c.query(`select ${names.join(", ")} from t order by id`)).at(-1)!.rows;
      expect(found.map((row) => names.map((n) => row[n]).join()).join(" ")).toBe(filled);
    }),
);
