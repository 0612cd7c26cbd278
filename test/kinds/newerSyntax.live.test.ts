/** Texts in a newer server's language than our parser's are made after what they read, wherever they stand. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned } from "./said.ts";

const json = testMajors.filter((major) => major >= 17);
test.each(json)("a view that reads JSON as a table, before its table (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await goAndReturn(
      c,
      `view a as $$ select j.x from b, json_table(b.d, '$' columns (x int)) j $$
view b as $$ select t.doc as d from /* all */ "T" t, -- of it\n json_table(doc, '$' columns (x int)) j where j.x = twice(2) $$
function twice(x int) returns int language sql immutable as $$ select 2 * x $$
table "T" { doc jsonb }
`,
    );
  }),
);
test.each(json)("a body that merges, before its table, of a type that is declared below (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await goAndReturn(
      c,
      `procedure merged(x int) language sql begin atomic $$
  merge into public.target t using (select x as id, 'on'::state as s) n on t.id = n.id
    when matched then update set s = n.s
    when not matched by source then delete
    when not matched then insert values (n.id, n.s)
$$
enum state { on off }
table target { id int primary key, s state }
`,
    );
  }),
);
test.each(json)("a column that such a view reads comes before it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (more: string, column: string): string => `view v as $$
  select t.id${more}, j.x from t, json_table(t.doc, '$' columns (x int)) j
$$
table t {
  id int
  doc jsonb
${column}}
`;
    await goAndReturn(c, text("", ""));
    await goAndReturn(c, text(", t.name", "  name text?\n"));
    expect((await planned(c, text(", t.name", "  name text?\n"))).plan).toBeNull();
  }),
);
