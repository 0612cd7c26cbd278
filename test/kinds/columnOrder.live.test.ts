/** Columns of a new table stand in the order of the text, whatever they need and wherever that is. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn } from "./said.ts";

const tables: readonly (readonly [what: string, text: string])[] = [
  ["an enum of a later schema", "table t in public { a int, b z.en, c int }\nschema z {\n  enum en { a }\n}\n"],
  ["a domain of a later schema", "table t in public { a int, b z.d, c int }\nschema z {\n  domain d int\n}\n"],
  ["a composite of a later schema", "table t in public { a int, b z.p, c int }\nschema z {\n  type p { x int }\n}\n"],
  [
    "rows of a table of a later schema",
    "table t in public { a int, b z.o, c int }\nschema z {\n  table o { x int }\n}\n",
  ],
  [
    "a sequence of a later schema",
    "table t in public { a int, b bigint = nextval('z.q'), c int }\nschema z {\n  sequence q\n}\n",
  ],
  [
    "a range whose function is SQL",
    `table t in public { a int, b days, c int }

type days in public range of date { subtype_diff apart }

function apart(a date, b date) returns double precision in public language sql immutable return ((a - b)::double precision)
`,
  ],
];

test.each(testMajors.flatMap((major) => tables.map(([what, text]) => [what, major, text] as const)))(
  "%s does not move the column that needs it (PostgreSQL %i)",
  (_, major, text) =>
    onDatabase(major, async (c) => {
      await goAndReturn(c, text);
      const sql = `select string_agg(attname, ' ' order by attnum) as names from pg_attribute where attrelid = 't'::regclass and attnum > 0`;
      expect((await c.query(sql)).at(-1)!.rows).toEqual([{ names: "a b c" }]);
    }),
);
