/** Indexes and keys of a table's own stay so when it is attached, though Postgres would take them for parts of those like them. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, settle, sqlOf } from "./said.ts";

const above = (name: string, members: string): string =>
  `table ${name} partition by list (region) {\n  region text\n  id int\n  note text?\n  ${members}\n}\n`;
const alone = (members: string): string => `table eu {\n  region text\n  id int\n  note text?\n  ${members}\n}\n`;
const part = (of: string, members: string, values = "('eu')"): string =>
  `partition eu of ${of} for ${values} {\n  ${members}\n}\n`;
/** What else stands on the table's own. */
const beside = `table visits { region text, id int, foreign key (region, id) -> eu (region, id) }\n`;

const shapes: [what: string, above: string, own: string, beside: string][] = [
  ["an index", "index of_all on (region, note)", "index own on (region, note) with (fillfactor = 70)", ""],
  ["two indexes", "index of_all on (note)", "index own on (note)\n  index another on (note)", ""],
  ["an index of an expression", "index of_all on ((lower(note)))", "index own on ((lower(note)))", ""],
  ["a part of an index", "index of_all on (note) where (id > 0)", "index own on (note) where (id > 0)", ""],
  ["a unique key that is referenced", "unique (region, id)", "constraint own unique (region, id)", beside],
  ["a primary key beneath an index", "unique index of_all on (region, id)", "primary key (region, id)", beside],
];

// Majors do not differ in this: each shape is tried on one of them.
test.each(shapes.map((shape, i) => [...shape, testMajors[i % testMajors.length]!] as const))(
  "%s: there before, going to another table and place, coming with the attaching",
  (_, ofAll, own, others, major) =>
    onDatabase(major, async (c) => {
      const one = above("orders", ofAll);
      const both = one + above("old_orders", ofAll.replaceAll("of_all", "of_old")) + others;
      await settle(c, one + alone(own) + others);
      await c.query("insert into eu values ('eu', 1, 'a')");
      await goAndReturn(c, one + part("orders", own) + others);
      await settle(c, both + part("orders", own));
      await goAndReturn(c, both + part("old_orders", own));
      await goAndReturn(c, both + part("old_orders", own, "('eu', 'uk')"));
      await settle(c, one + alone(""));
      await goAndReturn(c, one + part("orders", own) + others);
    }),
);

test("one that becomes a part, and one beside it that stays", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const all = above("orders", "index of_all on (note)");
    await settle(c, all + alone("index one on (note)\n  index other on (note)"));
    await goAndReturn(c, all + part("orders", "index one on (note)\n  index other of of_all"));
  }));

test("of a table that has partitions itself", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const all = above("orders", "index of_all on (note)");
    const below = "partition eu_rest of eu default { index rest_own of own }\n";
    const own = "index own on (note)";
    await settle(c, all + alone(own).replace("table eu", "table eu partition by list (id)") + below);
    await goAndReturn(c, all + part("orders", own).replace(" {", " partition by list (id) {") + below);
  }));

test.each(testMajors)("a part of a partition's partition is there before the attaching (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const all = above("orders", "index of_all on (note)");
    const by = "partition by list (note)";
    await settle(c, `${all}table eu ${by} { region text, id int, note text? }\npartition one of eu for ('a')\n`);
    await goAndReturn(
      c,
      `${all}partition eu of orders for ('eu') ${by}\npartition one of eu for ('a') {\n  index own of eu_note_idx\n}\n`,
    );
  }),
);

test("an index is not planned under the name of one that a failed build left behind", () =>
  onDatabase(testMajors[0]!, async (connection) => {
    const text = (name: string): string => `schema "S"\ntable t {\n  id int\n  unique index ${name} on (id)\n}\n`;
    await connection.query(
      `create schema "S"; create table "S".t (id int not null); insert into "S".t values (1), (1)`,
    );
    await connection.query(`create unique index concurrently "I i" on "S".t (id)`).catch(() => {});
    await connection.query(`delete from "S".t`);
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: text('"I i"') }] });
    expect(refusals.map((r) => r.message)).toEqual([
      `index "S".t."I i" cannot be made: invalid index "S"."I i" has its name, and schemac does not model that. Drop it first.`,
    ]);
    await goAndReturn(connection, text("other"));
    await connection.query(`drop index "S"."I i"`);
    await goAndReturn(connection, text('"I i"'));
  }));

test.each(testMajors)("a part of an index that not all partitions have is said (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query(`create table t (a int) partition by range (a);
      create table one partition of t for values from (0) to (1); create table other partition of t for values from (1) to (2);
      create index on only t (a); create index on one (a); alter index t_a_idx attach partition one_a_idx`);
    const said = await expectReadable(await observe(c));
    expect(sqlOf(await planned(c, said))).toEqual([]);
    expect(said).toContain("index one_a_idx of t_a_idx");
  }),
);

test.each(testMajors)(
  "a part of an index that not all partitions have comes to no partition by itself (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      const of = (values: string, member = ""): string => `partition p${values} of t for (${values}) { ${member} }\n`;
      const above = "table t partition by list (a) {\n  a int\n  index of_all on (a) only\n}\n";
      const one = of("1", "index one of of_all");
      await goAndReturn(c, above + one + of("2"));
      await goAndReturn(c, above + one + of("2") + of("3") + "table p4 { a int }\n");
      await goAndReturn(c, above + one + of("2") + of("3", "index three of of_all") + of("4"));
      const below = "partition p5 of t for (5) partition by list (a) { index five of of_all only }\n";
      await goAndReturn(c, above + one + below + "partition six of p5 for (5)\n");
      await goAndReturn(c, (above + one + below).replaceAll(" only", "") + "partition six of p5 for (5)\n");
      await goAndReturn(c, above + one + of("2") + "table p5 partition by list (a) { a int }\n");
      const own = "table p5 partition by list (a) {\n  a int\n  index five on (a) only\n}\n";
      await goAndReturn(c, above + one + of("2") + own + "partition six of p5 for (5)\n");
      await goAndReturn(c, above + of("2", "index two of of_all") + below + "partition six of p5 for (5)\n");
      await goAndReturn(c, (above + of("2", "index two of of_all")).replace(" only", ""));
    }),
);

test.each(testMajors)(
  "only says nothing of an index that all partitions have a part of, as Postgres notes it of none (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      const of = (values: string, member = ""): string => `partition p${values} of t for (${values}) { ${member} }\n`;
      const above = "table t partition by list (a) {\n  a int\n  index of_all on (a) only\n}\n";
      const key = "table k partition by list (a) {\n  a int\n  constraint of_all_keys unique (a) only\n}\n";
      await goAndReturn(c, above + key);
      await goAndReturn(c, above + of("1"));
      await goAndReturn(c, above + of("1", "index one of of_all"));
      await goAndReturn(c, above + of("1", "index one of of_all") + of("2"));
      await goAndReturn(c, above + of("1", "index one of of_all") + of("2", "index two of of_all"));
      const below =
        "partition p3 of t for (3) partition by list (a) { index three of of_all only }\npartition four of p3 for (3) ";
      await goAndReturn(c, above + below);
      await goAndReturn(c, above + below + "{ index four_a of three }\n");
    }),
);
