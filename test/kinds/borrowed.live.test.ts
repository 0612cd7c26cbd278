/** A server that cannot be asked (a standby, no right to temporary tables): a borrowed Postgres spells the texts, with what they stand on in it. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { openScratch } from "../../src/cli/scratch.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { settle, sqlOf } from "./said.ts";

const text = `domain positive int check (value > 0)
enum state { open closed }
type money_of { amount numeric, unit text }
collation german { provider icu, locale 'de' }
function is_ok(n int) returns bool immutable language sql as $$ select $1 > 0 $$
table t {
  id int primary key
  p positive = (1+1)
  s state = 'open' check (s in ('open', 'closed'))
  m money_of?
  name text? collate german
  n int check (is_ok( n ) and n<10)
  g int generated (n+1)

  index on ((n+1)) where (n>3)
}
`;
test.each(testMajors)("only what differs is changed (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, text);
    await c.query("set default_transaction_read_only = on");
    const changed = { path: "a.schema", text: text.replace("n<10", "n<11") };
    const again = await compile({ connection: c, files: [changed], borrow: openScratch });
    expect(again.problems).toEqual([]);
    expect(sqlOf(again)).toEqual([
      "alter table public.t\n  drop constraint t_n_check,\n  add constraint t_n_check check (is_ok( n ) and n<11)",
    ]);
  }),
);
