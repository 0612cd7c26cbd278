/** Tables that are partitioned otherwise than before: another is made, and the rows move. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import type { Connection } from "../../src/run/connection.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, settle } from "./said.ts";
import { compile } from "../../src/compile.ts";
import { encode } from "../../src/model/id.ts";
import { walk } from "./ways.ts";

const rows = async (c: Connection, sql: string): Promise<unknown> => (await c.query(sql))[0]!.rows;

const around = (table: string): string => `schema s
enum mood { sad, happy }
function touch() returns trigger language plpgsql as $$ begin return new; end $$
${table}
table other {
  id int primary key
  day date
  user_id int?
  foreign key (user_id, day) -> visits (id, day)
}
view seen as $$ select id, note from s.visits $$
materialized view counted as $$ select count(*) as n from s.visits $$
publication pub for table visits
owner pg_read_all_data on visits
comment 'The key.' on index visits_pkey
grant select on visits to pg_monitor
grant update (note) on visits to pg_monitor
`;
const members = `
  id int identity
  serial bigserial
  day date
  /// What was said.
  note text?
  mood mood = 'happy'
  twice int generated (id * 2)
  primary key (id, day)
  check (id > 0)
  index on (note)
  policy mine for select using (true)
  row level security forced
  statistics st on (id, day)
  rule seen on update where (old.id < 0) do also nothing
  replica identity full
  trigger touched before update for each row execute touch()
`;

test.each(testMajors.filter((m) => m >= 14))(
  "a table gets partitions, and its rows move there (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      await settle(c, around(`/// Who came.\ntable visits {${members}}`));
      await c.query(
        "insert into s.visits (day, note) select date '2025-12-30' + n, 'n' || n from generate_series(0, 3) n; insert into s.other select id, day, id from s.visits",
      );
      const all = await rows(c, "select *, tableoid::regclass::text like 's.%' as x from s.visits order by id");
      const text = around(
        `/// Who came.\ntable visits partition by range (day) {${members}}
partition visits_2025 of visits for ('2025-01-01') to ('2026-01-01')
partition visits_2026 of visits for ('2026-01-01') to ('2027-01-01')`,
      );
      const { plan } = await goAndReturn(c, text);
      expect(plan!.up.hazards.map((h) => h.code)).not.toContain("data-loss");
      expect(plan!.down.hazards.map((h) => h.code)).not.toContain("data-loss");
      expect(await rows(c, "select *, tableoid::regclass::text like 's.%' as x from s.visits order by id")).toEqual(
        all,
      );
      expect(await rows(c, "select n from s.counted")).toEqual([{ n: "4" }]);
      expect(await rows(c, "insert into s.visits (day) values ('2026-05-05') returning id, serial")).toEqual([
        { id: "5", serial: "5" },
      ]);
      // Another key.
      const { plan: next } = await goAndReturn(
        c,
        around(
          `/// Who came.\ntable visits partition by hash (id) {${members}}
partition visits_0 of visits for modulus 2 remainder 0
partition visits_1 of visits for modulus 2 remainder 1`,
        ),
      );
      expect(next!.up.hazards.map((h) => h.code)).not.toContain("data-loss");
      expect(await rows(c, "select count(*) as n from s.visits")).toEqual([{ n: "5" }]);
      await goAndReturn(c, around(`/// Who came.\ntable visits {${members}}`));
      expect(await rows(c, "select count(*) as n from s.visits")).toEqual([{ n: "5" }]);
      expect(await rows(c, "insert into s.visits (day) values ('2026-05-05') returning id")).toEqual([{ id: "6" }]);
    }),
);

const tree = (below: string): string => `schema s
table visits partition by range (day) {
  id int
  day date
  note text?
}
partition early of visits for (minvalue) to ('2026-01-01') with (fillfactor = 90)
partition late of visits for ('2026-01-01') to (maxvalue) ${below}
`;

test.each(testMajors)("a partition is parted otherwise, and what it held stays in it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, tree(""));
    await c.query("insert into s.visits select n, date '2025-12-30' + n, 'n' || n from generate_series(0, 9) n");
    const all = (): Promise<unknown> => rows(c, "select * from s.visits order by id");
    const were = await all();
    await goAndReturn(
      c,
      `${tree("partition by hash (id)")}partition late_0 of late for modulus 2 remainder 0
partition late_1 of late for modulus 2 remainder 1`,
    );
    expect(await all()).toEqual(were);
    // The one above too.
    await goAndReturn(
      c,
      `${tree("partition by list (id)").replace("range (day)", "range (day, id)").replace("(minvalue) to ('2026-01-01')", "(minvalue, minvalue) to ('2026-01-01', minvalue)").replace("('2026-01-01') to (maxvalue)", "('2026-01-01', minvalue) to (maxvalue, maxvalue)")}partition late_rest of late default`,
    );
    expect(await all()).toEqual(were);
    await goAndReturn(c, tree(""));
    expect(await all()).toEqual(were);
  }),
);

test.each(testMajors)("a column that goes meanwhile, and a row that has no place (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (by: string, note: string, rest: string): string =>
      `schema s\ntable visits ${by} {\n  id int primary key\n  ${note}\n  size bigint\n}\n${rest}`;
    await settle(c, text("", "note text?", ""));
    await c.query("insert into s.visits values (1, 'x', 7), (5, 'y', 8)");
    const parts = "partition few of visits for (0) to (3)";
    const { plan } = await planned(c, text("partition by range (id)", "", parts));
    expect(plan!.up.hazards.map((h) => `${h.code} ${encode(h.on)}`).sort()).toEqual([
      "data-loss column:s.visits.note",
      "may-fail table:s.visits",
    ]);
    await expect(walk(c, plan!.up)).rejects.toThrow(/no partition of relation/);
    expect(await rows(c, "select count(*) as n from s.visits")).toEqual([{ n: "2" }]);
    await c.query("delete from s.visits where id = 5");
    await goAndReturn(c, text("partition by range (id)", "", parts).replace("size bigint", "size text"));
    expect(await rows(c, "select * from s.few")).toEqual([{ id: "1", size: "7" }]);
  }),
);

test.each(testMajors)("what has the type of its rows is named (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (by: string): string => `schema s\ntable visits ${by} { id int }\ntable log { was visits? }\n`;
    await settle(c, text(""));
    const { refusals } = await compile({
      connection: c,
      files: [{ path: "a.schema", text: text("partition by list (id)") }],
    });
    expect(refusals.map((r) => r.message)).toEqual([
      "table s.visits cannot change so: to be partitioned otherwise it must be made anew, and column s.log.was has the type of its rows.",
    ]);
  }),
);

test.each(testMajors)("what its columns need changes meanwhile (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (labels: string, limit: number, partitioned: boolean): string => `schema s
enum s.state { ${labels} }
type s.pair { a int, b s.state }
domain s.small int check (value < ${limit})
sequence s.counter increment ${limit}
function s.double(x int) returns int immutable language sql as $$ select x * 2 + ${limit} $$
table s.job${partitioned ? " partition by list (name)" : ""} {
  id      int
  name    text
  state   s.state[]
  one     s.state  = 'created'
  small   s.small
  pair    s.pair?
  number  bigint   = nextval('s.counter')
  primary key (id, name)
  check (s.double(id) > 0)
}
${partitioned ? "partition s.rest of s.job default\n" : ""}`;
    await settle(c, text("created, retry, failed", 9, false));
    await c.query("insert into s.job (id, name, state, small) values (1, 'a', '{created}', 3)");
    await goAndReturn(c, text("created, failed", 10, true));
    expect(await rows(c, "select id, name, state, one, small from s.job")).toEqual([
      { id: "1", name: "a", state: "{created}", one: "created", small: "3" },
    ]);
    await goAndReturn(c, text("created, waiting, failed", 9, false));
  }),
);

// Before 17 a partitioned table has no identity.
test.each(testMajors)("an identity becomes a sequence while its table gets partitions (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const next = async (): Promise<unknown> => rows(c, "insert into orders (day) values ('2026-01-01') returning id");
    await settle(c, "table orders { id bigint identity primary key, day date }");
    await next();
    await next();
    const { plan } = await goAndReturn(
      c,
      `table orders partition by range (day) { id bigint = nextval('orders_id_seq'), day date, primary key (id, day) }
sequence orders_id_seq owned by orders (id)
partition others of orders default`,
    );
    expect(await next()).toEqual([{ id: "3" }]);
    await walk(c, plan!.down);
    expect(await next()).toEqual([{ id: "4" }]);
    expect(await rows(c, "select pg_get_serial_sequence('orders', 'id') as s")).toEqual([
      { s: "public.orders_id_seq" },
    ]);
  }),
);
