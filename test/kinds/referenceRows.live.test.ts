/** Reference data among what it has to meet: other rows, keys, types and columns of the same plan, up and down. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { type RowChange, testRows } from "./rowChanges.ts";
import { settle } from "./said.ts";

const orders = "table orders { id int primary key, status text }";
const referring = `table orders { id int primary key, status text -> statuses }
table statuses { name text primary key }`;
const nodes = "table nodes { id int primary key, parent int? -> nodes }\n";
const ring = `table teams { id int primary key, boss int? -> people }
table people { id int primary key, team int? -> teams }
`;
const places = `table countries { code text primary key, name text }
table cities { id int primary key, country text -> countries }
`;
const mutual = "table a { id int primary key, b int? -> b }\ntable b { id int primary key, a int -> a }\n";
const heirs = `table p { id int, v text }\ntable c { inherits p\n\n id int primary key }
table q { id int primary key, v text }\ntable d { inherits q\n\n primary key (id) }\n`;
const currencies = "table currencies { code text primary key, name text unique }\n";

const changes: readonly RowChange[] = [
  [
    "a row that was referred to goes after those that refer to another",
    `${places}rows countries (code, name) {\n 'FR', 'France'\n 'DE', 'Germany'\n}\nrows cities (id, country) {\n 1, 'FR'\n}`,
    `${places}rows countries (code, name) {\n 'DE', 'Germany'\n}\nrows cities (id, country) {\n 1, 'DE'\n}`,
  ],
  [
    "a foreign key that only the declared rows meet",
    orders,
    `${referring}\nrows statuses (name) {\n 'new'\n}`,
    "insert into orders values (1, 'new')",
  ],
  [
    "a column with such a foreign key and a default",
    "table orders { id int primary key }",
    `table orders { id int primary key, status text = 'new' -> statuses }
table statuses { name text primary key }\nrows statuses (name) {\n 'new'\n}`,
    "insert into orders values (1)",
  ],
  [
    "a check and a unique that only the declared rows meet",
    "table t { id int primary key, n int }\nrows t (id, n) {\n 1, 1\n 2, 1\n}",
    "table t { id int primary key, n int unique check (n > 3) }\nrows t (id, n) {\n 1, 4\n 2, 5\n}",
  ],
  [
    "a not null that only the declared rows meet",
    "table t { id int primary key, n int? }\nrows t (id, n) {\n 1, null\n 2, 1\n}",
    "table t { id int primary key, n int }\nrows t (id, n) {\n 1, 4\n 2, 5\n}",
  ],
  [
    "a new column that may not be null",
    "table currencies { code text primary key }\nrows currencies (code) {\n 'EUR'\n 'TRL'\n}",
    "table currencies { code text primary key, symbol text, since date? }\nrows currencies (code, symbol, since) {\n 'EUR', '€', '1999-01-01'\n 'TRY', '₺', null\n}",
  ],
  [
    "a key that gets a new column",
    "table t { id int primary key, v text }\nrows t (id, v) {\n 1, 'a'\n 2, 'b'\n 3, 'c'\n}",
    "table t { id int, region text, v text, primary key (id, region) }\nrows t (id, region, v) {\n 1, 'eu', 'a'\n 1, 'us', 'x'\n 3, 'eu', 'd'\n 4, 'eu', 'e'\n}",
  ],
  [
    "a key that gets a new column with a default, in rows that nobody declared before",
    "table t { id int primary key, v text }",
    "table t { id int, region text = 'eu', v text, primary key (id, region) }\nrows t (id, region, v) {\n 1, 'eu', 'a'\n 2, 'us', 'x'\n}",
    "insert into t values (1, 'a'), (2, 'b'), (3, 'c')",
  ],
  [
    "a part of a key for a new column",
    "table t { a int, b int, v text, primary key (a, b) }\nrows t (a, b, v) {\n 1, 1, 'a'\n 1, 2, 'b'\n 2, 1, 'c'\n}",
    "table t { a int, c int, v text, primary key (a, c) }\nrows t (a, c, v) {\n 1, 7, 'b'\n 2, 7, 'c'\n 3, 7, 'd'\n}",
  ],
  [
    "a part of a key for a new column, the old one kept",
    "table t { a int, b int, v text, primary key (a, b) }\nrows t (a, b, v) {\n 1, 1, 'a'\n 1, 2, 'b'\n 2, 1, 'c'\n}",
    "table t { a int, b int = 5, c int, v text, primary key (a, c) }\nrows t (a, c, v) {\n 1, 7, 'b'\n 1, 8, 'a'\n 2, 7, 'c'\n 3, 7, 'd'\n}",
  ],
  [
    "another key, of a new column",
    "table t { id int primary key, v text unique }\nrows t (id, v) {\n 1, 'a'\n 2, 'b'\n}",
    "table t { code text primary key, v text unique }\nrows t (code, v) {\n 'x', 'a'\n 'y', 'c'\n}",
  ],
  [
    "another key, which other rows do not meet",
    "table t { id int primary key, code text?, v text }",
    "table t { id int? , code text primary key, v text }\nrows t (code, v) {\n 'x', 'y'\n 'z', 'z'\n}",
    "insert into t values (1, 'x', 'a'), (2, 'x', 'b'), (3, null, 'c')",
  ],
  [
    "another key, while the old one goes",
    "table t { id int primary key, code text, v text }\nrows t (id, code, v) {\n 1, 'x', 'a'\n 2, 'y', 'b'\n}",
    "table t { code text primary key, v text }\nrows t (code, v) {\n 'x', 'a'\n 'z', 'c'\n}",
  ],
  [
    "another key in a table whose columns and options are others, too",
    "table t { code varchar(50) = '', since date, note bool?, primary key (code, since) }\nrows t (code, since) {\n 'a', '2024-01-01'\n 'b', '2024-02-29'\n}",
    "table t with (autovacuum_enabled = true) { id int identity primary key, v jsonb? }\nrows t (id, v) {\n 0, 'null'\n 1, null\n}",
  ],
  [
    "a label that only the plan makes",
    "enum state { a, b }\ntable t { id int primary key, s state }\nrows t (id, s) {\n 1, 'a'\n}",
    "enum state { a, b, c }\ntable t { id int primary key, s state }\nrows t (id, s) {\n 1, 'a'\n 2, 'c'\n}",
  ],
  [
    "a value that only the column's new type takes",
    "table t { id int primary key, v int }\nrows t (id, v) {\n 1, 7\n 2, 8\n}",
    "table t { id int primary key, v text }\nrows t (id, v) {\n 1, 'seven'\n 2, '8'\n}",
  ],
  [
    "a key of another type",
    "table t { id int primary key, v int }\nrows t (id, v) {\n 1, 7\n 2, 8\n}",
    "table t { id text primary key, v int }\nrows t (id, v) {\n '1', 7\n 'x', 8\n}",
  ],
  [
    "a value that calls a function of the same plan",
    "table t { id int primary key, v int }\nrows t (id, v) {\n 1, 7\n}",
    "function f() returns int language sql immutable as $$ select 41 $$\ntable t { id int primary key, v int }\nrows t (id, v) {\n 1, (f() + 1)\n}",
  ],
  [
    "a tree that comes, root first",
    `${nodes}rows nodes (id, parent) {}`,
    `${nodes}rows nodes (id, parent) {\n 1, null\n 2, 1\n 3, 2\n}`,
  ],
  [
    "a tree that moves to a new root",
    `${nodes}rows nodes (id, parent) {\n 1, null\n 2, 1\n}`,
    `${nodes}rows nodes (id, parent) {\n 3, null\n 2, 3\n}`,
  ],
  [
    "tables that refer to each other",
    `${ring}rows teams (id, boss) {}\nrows people (id, team) {}`,
    `${ring}rows teams (id, boss) {\n 1, null\n}\nrows people (id, team) {\n 1, 1\n}`,
  ],
  [
    "another key where something else that is unique stays",
    `${currencies}rows currencies (code, name) {\n 'TRL', 'Lira'\n 'EUR', 'Euro'\n}`,
    `${currencies}rows currencies (code, name) {\n 'TRY', 'Lira'\n 'EUR', 'Euro'\n}`,
  ],
  [
    "rows of a partitioned table",
    "table t partition by list (k) { k int, v text, primary key (k) }\npartition p of t default\nrows t (k, v) {\n 1, 'a'\n}",
    "table t partition by list (k) { k int, v text, primary key (k) }\npartition p of t default\nrows t (k, v) {\n 1, 'b'\n 2, 'c'\n}",
  ],
  [
    "rows of a table with heirs, one of which has a row with the same key",
    "table t { id int primary key, v text }\ntable heir { inherits t }\nrows t (id, v) {\n 1, 'a'\n 2, 'b'\n}",
    "table t { id int primary key, v text }\ntable heir { inherits t }\nrows t (id, v) {\n 1, 'c'\n}",
    "insert into heir values (1, 'heir'), (2, 'heir')",
    "select string_agg(v, ',') as v from heir",
  ],
  [
    "another type, with a check that took other values",
    "table t { id int primary key, s varchar(10) check (s in ('a', 'b')) }\nrows t (id, s) {\n 1, 'b'\n}",
    "table t { id int primary key, s text check (s in ('a', 'c')) }\nrows t (id, s) {\n 1, 'c'\n}",
  ],
  [
    "another type of both ends of a reference",
    "table countries { code char(2) primary key }\ntable cities { id int primary key, country char(2) -> countries }\nrows countries (code) {\n 'FR'\n}\nrows cities (id, country) {\n 1, 'FR'\n}",
    "table countries { code text primary key }\ntable cities { id int primary key, country text -> countries }\nrows countries (code) {\n 'ES'\n}\nrows cities (id, country) {\n 1, 'ES'\n}",
  ],
  [
    "a text that becomes a label",
    "table t { id int primary key, s text }\nrows t (id, s) {\n 1, 'Active'\n}",
    "enum state { active, off }\ntable t { id int primary key, s state }\nrows t (id, s) {\n 1, 'active'\n}",
  ],
  [
    "a value that a shorter type takes, and one that it rounds",
    "table t { id int primary key, s varchar(50), n numeric(10,4) }\nrows t (id, s, n) {\n 1, 'a long value', 1.2345\n 2, 'b', 2\n}",
    "table t { id int primary key, s varchar(5), n numeric(10,2) }\nrows t (id, s, n) {\n 1, 'short', 1.23\n 2, 'b', 2\n}",
  ],
  [
    "a number that gets fractions",
    "table t { id int primary key, n int }\nrows t (id, n) {\n 1, 2\n}",
    "table t { id int primary key, n numeric }\nrows t (id, n) {\n 1, 1.5\n}",
  ],
  [
    "a reference by a column's default",
    "table kinds { code text primary key }\ntable things { id int primary key, kind text = 'a' -> kinds }",
    "table kinds { code text primary key }\ntable things { id int primary key, kind text = 'a' -> kinds }\nrows things (id) {\n 1\n}\nrows kinds (code) {\n 'a'\n}",
  ],
  [
    "a partition that comes with a check and a unique",
    "table t partition by list (k) { k int, v text, primary key (k) }\npartition p1 of t for (1)\nrows t (k, v) {\n 1, 'a'\n}",
    "table t partition by list (k) { k int, v text check (v <> ''), primary key (k), unique (k, v) }\npartition p1 of t for (1)\npartition p2 of t for (2)\nrows t (k, v) {\n 1, 'a'\n 2, 'b'\n}",
  ],
  [
    "an identity where nulls were",
    "table t { code text primary key, id int? }\nrows t (code, id) {\n 'a', 1\n}",
    "table t { code text primary key, id int identity by default }\nrows t (code, id) {\n 'a', 2\n}",
  ],
  [
    "a key of two columns",
    "table t { a int, b text, v int, primary key (a, b) }\nrows t (a, b, v) {\n 1, 'x', 1\n 1, 'y', 2\n 2, 'x', 3\n}",
    "table t { a int, b text, v int, primary key (a, b) }\nrows t (a, b, v) {\n 2, 'x', 4\n}",
  ],
  [
    "values that the text's conversion would not make, and one of an heir that it makes",
    "table t { id int primary key, v text }\ntable heir { inherits t }\nrows t (id, v) {\n 1, 'low'\n 2, 'high'\n 3, '1'\n}",
    "table t { id int primary key, v int using (case v when 'low' then 1 else 2 end) }\ntable heir { inherits t }\nrows t (id, v) {\n 1, 5\n 2, 3\n 3, 1\n}",
    "insert into heir values (1, 'low')",
  ],
  [
    "columns and a key that are a parent's",
    `${heirs}rows c (id, v) {\n 1, 'a'\n 2, 'b'\n}\nrows d (id, v) {\n 1, 'a'\n}`,
    `${heirs}rows c (id, v) {\n 1, 'c'\n}\nrows d (id, v) {\n 1, 'b'\n 2, 'c'\n}`,
  ],
  [
    "values that neither type takes",
    `enum e { a c }\nenum f { x b a }\ntype pair { a int, b text }
table t { id int primary key, e e, f f, p pair, n e }\nrows t (id, e, f, p, n) {\n 1, 'c', 'x', '(1,x)', 'a'\n}`,
    `enum e { a b c -> a }\nenum f { b y was x }\ntype pair { a bigint, b text, z int }
table t { id int primary key, e e, f f, p pair, n int[] using ('{1}') }\nrows t (id, e, f, p, n) {\n 1, 'b', 'y', '(1,y,3)', '{2}'\n}`,
  ],
  [
    "a value that the way back would spell otherwise",
    `table t { id int primary key, j json? }\nrows t (id, j) {\n 1, '{"a":1}'\n}`,
    `table t { id int primary key, j jsonb? }\nrows t (id, j) {\n 1, '{"a":1}'\n}`,
  ],
  [
    "unique values that move on",
    "table t { id int primary key, n int unique }\nrows t (id, n) {\n 1, 1\n 2, 2\n 3, 4\n 4, 5\n}",
    "table t { id int primary key, n int unique }\nrows t (id, n) {\n 1, 2\n 2, 3\n 3, 5\n 5, 4\n}",
  ],
  [
    "unique values that move in a ring, and are referred to",
    "table t { id int primary key, n int unique }\ntable u { n int -> t (n) }\nrows t (id, n) {\n 1, 1\n 2, 2\n}",
    "table t { id int primary key, n int unique }\ntable u { n int -> t (n) }\nrows t (id, n) {\n 1, 2\n 2, 1\n}",
    "insert into u values (1), (2)",
  ],
  [
    "a check of a domain that only the declared rows meet",
    "domain base text check (value <> 'b')\ndomain d base\ntable t { id int primary key, v d }\nrows t (id, v) {\n 1, 'a'\n}",
    "domain base text check (value <> 'a')\ndomain d base\ntable t { id int primary key, v d }\nrows t (id, v) {\n 1, 'b'\n}",
  ],
  [
    "tables each of whose rows the other needs",
    `${mutual}rows a (id, b) {\n 1, null\n 2, 1\n}\nrows b (id, a) {\n 1, 1\n}`,
    `${mutual}rows a (id, b) {\n 3, null\n 4, 2\n}\nrows b (id, a) {\n 2, 3\n}`,
  ],
  [
    "a key of another type that others refer to",
    "table t { id int primary key, v text }\nrows t (id, v) {\n 1, 'x'\n}\ntable u { t int -> t }",
    "table t { id text primary key, v text }\nrows t (id, v) {\n '1', 'y'\n 'b', 'z'\n}\ntable u { t text -> t }",
  ],
  [
    "another type, with a row that is referred to until it goes",
    "table t { id int primary key, v int }\nrows t (id, v) {\n 1, 7\n}\ntable u { id int primary key, t int -> t }\nrows u (id, t) {\n 1, 1\n}",
    "table t { id int primary key, v text }\nrows t (id, v) {\n 1, 'seven'\n 2, 'eight'\n}\ntable u { id int primary key, t int -> t }\nrows u (id, t) {\n 1, 2\n}",
  ],
];

testRows(changes);

const numbered: readonly (readonly [what: string, column: string, first: string, next: string])[] = [
  ["an identity", "id bigint identity primary key", "3", "4"],
  ["an identity that always counts", "id int identity always primary key", "3", "4"],
  ["a serial", "id bigserial primary key", "3", "4"],
  ["one that begins later", "id bigint identity (start 100) primary key", "3", "100"],
  [
    "one that counts down",
    "id bigint identity (increment -1 minvalue -100 maxvalue 0 start 0) primary key",
    "-3",
    "-4",
  ],
];
test.each(
  numbered.flatMap(([what, column, first, next]) => testMajors.map((major) => ({ what, column, first, next, major }))),
)("what is inserted next does not meet a declared row: $what (PostgreSQL $major)", ({ column, first, next, major }) =>
  onDatabase(major, async (c) => {
    const text = (rows: string): string => `table t { ${column}, v text }\nrows t (id, v) {\n ${rows}\n}`;
    const insert = async (): Promise<unknown> =>
      (await c.query("insert into t (v) values ('x') returning id::text as id"))[0]!.rows[0]!["id"];
    await settle(c, text(`${first}, 'a'`));
    expect(await insert()).toBe(next);
    await c.query("delete from t where v = 'x'");
    // It never goes back.
    await settle(c, text(`${first}, 'a'\n ${Number(first) > 0 ? 1 : -1}, 'b'`));
    expect(await insert()).toBe(String(Number(next) + Math.sign(Number(first))));
  }),
);

test("a value that no plan makes valid is told", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const table = "enum state { a, b }\ntable t { id int primary key, s state, g int generated (id + 1) }\n";
    await settle(c, table);
    const told = async (rows: string): Promise<readonly string[]> => {
      const { problems } = await compile({ connection: c, files: [{ path: "a.schema", text: table + rows }] });
      return problems.map((p) => p.message);
    };
    expect(await told("rows t (id, s) {\n 1, 'a'\n 'x', 'b'\n 2, 'c'\n}")).toEqual([
      'Invalid input syntax for type integer: "x".',
      'Invalid input value for enum state: "c".',
    ]);
    expect(await told("rows t (id, s, g) {\n 1, 'a', 3\n}")).toEqual([
      "The column g is generated: Postgres gives its value.",
    ]);
  }));

test.each(testMajors)("a column that may not be null goes while rows come and go (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (columns: string, rows: string): string => `table t { ${columns} }\nrows t (${rows}\n}`;
    await settle(c, text("code text primary key, symbol text", "code, symbol) {\n 'TRL', 'x'\n 'EUR', 'y'"));
    await settle(c, text("code text primary key", "code) {\n 'EUR'\n 'TRY'"));
  }),
);

test.each(testMajors)("rows that a publication could not tell of do not change (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (rows: string, key = "primary key (code) deferrable", publish = ""): string =>
      `table t { code text, n int, ${key} }\npublication p for all tables${publish}\nrows t (code, n) {\n${rows}\n}`;
    await settle(c, text("'a', 1\n'b', 2"));
    const refusals = async (schema: string): Promise<readonly string[]> =>
      (await compile({ connection: c, files: [{ path: "a.schema", text: schema }] })).refusals.map((r) => r.message);
    const why = (change: string): readonly string[] => [
      expect.stringContaining(
        `the publication p tells of each ${change} in public.t, and the table has no replica identity`,
      ) as string,
    ];
    expect(await refusals(text("'a', 1\n'b', 3"))).toEqual(why("update"));
    expect(await refusals(text("'a', 1"))).toEqual(why("delete"));
    expect(await refusals(text("'a', 1\n'b', 2\n'c', 3"))).toEqual([]);
    expect(await refusals(text("'a', 1\n'b', 3", undefined, " with (publish = 'insert, delete')"))).toEqual([]);
    // One of both is enough.
    await settle(c, text("'a', 1\n'b', 2", undefined, " with (publish = 'update')"));
    expect(await refusals(text("'a', 3", undefined, " with (publish = 'update')"))).toEqual(why("update"));
    await settle(c, text("'a', 1\n'b', 2\n'c', 3", "primary key (code)"));
    await settle(c, text("'a', 2\n'b', 2", "primary key (code)"));
  }),
);
