/** What Postgres refuses of a text as things are is told when it is planned, unless the plan itself may make it right. */
import { expect, test } from "vitest";
import { compile, emptyMemory } from "../../src/compile.ts";
import type { Connection } from "../../src/run/connection.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";
import { walk } from "./ways.ts";

const table = (more = "", columns = ""): string => `enum mood { sad ok }
table customer {
  id bigint primary key
  name text
  feels mood?
${columns}
${more}
}
function shown(of customer) returns text language sql stable as $$ select of.name $$
`;

async function told(c: Connection, text: string) {
  const { problems } = await compile({ connection: c, files: [{ path: "a.schema", text }] });
  return problems.map((p) => `${p.code} ${text.slice(p.span.start, p.span.end)}: ${p.message}`);
}

const wrong: readonly (readonly [text: string, told: string])[] = [
  [`${table()}view v as $$ select '€', lenght(name) from customer $$`, "lenght: Function lenght(text) does not exist."],
  [`${table()}view v as $$ select 1 from customer where id = name $$`, "=: Operator does not exist: bigint = text."],
  [
    `${table()}view v as $$ select 1 from customer where feels = 'bad' $$`,
    `': Invalid input value for enum mood: "bad".`,
  ],
  [
    `${table()}view v as $$ select name from customer, pg_class where relnam = name $$`,
    'relnam: Column "relnam" does not exist.',
  ],
  [`${table()}materialized view m as $$ select name::intt from customer $$`, 'intt: Type "intt" does not exist.'],
  [
    `${table()}function f(x int) returns text language sql return (uper(x))`,
    "uper: Function uper(integer) does not exist.",
  ],
  [table("  check (lenght(name) > 1)"), "lenght: Function lenght(text) does not exist."],
  [table("  index on (lowr(name))"), "lowr: Function lowr(text) does not exist."],
  [table("  check (count(*) > 1)"), "count: Aggregate functions are not allowed in check constraints."],
  [
    table("  index on (concat(name, id))"),
    "index on (concat(name, id)): Functions in index expression must be marked IMMUTABLE.",
  ],
  [table("  policy p for select using (owns(id))"), "p: Function owns(bigint) does not exist."],
  [table("", "  made timestamptz = (noww())"), "noww: Function noww() does not exist."],
  [
    `${table("", "  mail text?")}view v as $$ select lenght(name) from customer $$`,
    "lenght: Function lenght(text) does not exist.",
  ],
  [
    `${table()}table other { a int }\nview v as $$ select lenght(name) from customer $$`,
    "lenght: Function lenght(text) does not exist.",
  ],
  // Of a new table.
  [`${table()}table n { a text = (uper('a')) }`, "uper: Function uper(unknown) does not exist."],
  [`${table()}table n { a int = 'x' }`, `': Invalid input syntax for type integer: "x".`],
  [`${table()}table n { a date = '2024-13-01' }`, `': Date/time field value out of range: "2024-13-01".`],
  [`${table()}table n { a mood = ('bad'::mood) }`, `': Invalid input value for enum mood: "bad".`],
  [`${table()}table n { a bool = 0 }`, 'a: Column "a" is of type boolean but default expression is of type integer.'],
  [`${table()}table n { a int check (a + 1) }`, "a: Argument of CHECK must be type boolean, not type integer."],
  [`${table()}table n { a int check (a in (select 1)) }`, "in: Cannot use subquery in check constraint."],
  [`${table()}table n { a text generated (uper('x')) }`, "uper: Function uper(unknown) does not exist."],
  [
    `${table()}table n {\n  a timestamptz\n  index on (a) where (a > now())\n}`,
    "index on (a) where (a > now()): Functions in index predicate must be marked IMMUTABLE.",
  ],
  [`${table()}table n {\n  a int\n  index using hnsw on (a)\n}`, 'hnsw: Access method "hnsw" does not exist.'],
  [
    `${table()}table n {\n  a text\n  index using gin on (a gin_trgm_ops)\n}`,
    'gin_trgm_ops: Operator class "gin_trgm_ops" does not exist for access method "gin".',
  ],
  [
    `${table()}table n {\n  a int\n  exclude using gist (a with =)\n}`,
    'gist: Data type integer has no default operator class for access method "gist".',
  ],
  [
    `${table()}table n {\n  a text collate "nb-NO"\n  b text = lower('B')\n  c text = lower('C')\n}`,
    'nb-NO: Collation "nb-NO" for encoding "UTF8" does not exist.',
  ],
  [
    `${table()}table n {\n  a int\n  row level security\n  policy p for select using (owns(a))\n}`,
    "p: Function owns(integer) does not exist.",
  ],
  // What is new besides does not hide it.
  [
    `${table()}enum e { x }\ndomain d int check (value > 0)\ntype c {\n  a int\n}\ntable n {\n  a e = 'x'\n  b d\n  c c\n  f uuid = gen_uuid()\n}`,
    "gen_uuid: Function gen_uuid() does not exist.",
  ],
];
const all = testMajors.flatMap((major) => wrong.map(([text, said]) => ({ major, text, said })));
test.each(all.filter(({ major, text }) => major >= 14 || !text.includes("return (")))(
  "PostgreSQL $major: $said",
  ({ major, text, said }) =>
    onDatabase(major, async (c) => {
      await settle(c, table());
      expect(await told(c, text)).toEqual([`refused-text ${said}`]);
    }),
);

const right: readonly (readonly [name: string, text: string])[] = [
  [
    "a function of the plan",
    `${table()}function lenght(t text) returns int language sql as $$ select 1 $$\nview v as $$ select lenght(name) from customer $$`,
  ],
  ["a function that takes its row", table("  check (shown(customer) <> '')")],
  ["a policy that takes its row", table("  policy p for select using (shown(customer) <> '')")],
  [
    "a label of the plan",
    `${table().replace("{ sad ok }", "{ sad ok bad }")}view v as $$ select 1 from customer where feels = 'bad' $$`,
  ],
  ["a column of the plan", `${table("", "  mail text?")}view v as $$ select lower(mail) from customer $$`],
  [
    "another type of a column",
    `${table().replace("name text", "name int")}view v as $$ select 1 from customer where id = name $$`,
  ],
  ["a view on a view", `${table()}view v as $$ select 1 as one $$\nview w as $$ select one from v $$`],
  ["a function that calls itself", `${table()}function f(x int) returns int language sql as $$ select f(x) $$`],
  [
    "a new table that stands on what is new",
    `${table()}enum e { x y }
domain d text check (value <> '')
sequence s
function twice(x int) returns int language sql immutable as $$ select x * 2 $$
table n {
  id bigint = nextval('s') primary key
  a e = 'x' check (a <> 'y')
  b d = 'z'
  c int = twice(2)
  g int generated (twice(c))
  check (twice(c) > 0 or a = 'x'::e)
  index on (twice(c))
  index on (lower(b)) where (a = 'x')
  row level security
  policy p for select using (twice(c) > 1 and a = 'x')
}
function marked(of n) returns boolean language sql stable as $$ select of.c > 1 $$
`,
  ],
  [
    "a new table and what comes from it",
    `${table()}table above partition by range (at) {
  at date
  n int = 1 check (n > 0)
}
partition part of above for ('2020-01-01') to ('2021-01-01') {
  check (n < 9 and at > '2020-01-02')
}
table parent { a text = 'a' check (a <> '') }
table child {
  inherits parent
  b text = upper('b') check (a || b <> '')
  index on ((a || b))
}
`,
  ],
  ["a block of SQL", `${table()}sql 'b' { create $$ select lo_create(4711) $$ drop $$ select lo_unlink(4711) $$ }\n`],
];
test.each(testMajors.flatMap((major) => right.map((r) => [major, ...r] as const)))(
  "PostgreSQL %i: nothing is told of %s",
  (major, _, text) =>
    onDatabase(major, async (c) => {
      await settle(c, table());
      expect(await told(c, text)).toEqual([]);
      await goAndReturn(c, text);
    }),
);

test.each(testMajors)("what changes is looked at too (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (query: string): string => `${table()}view v as $$ ${query} $$`;
    await settle(c, text("select name from customer"));
    expect(await told(c, text("select uper(name) as name from customer"))).toEqual([
      "refused-text uper: Function uper(text) does not exist.",
    ]);
  }),
);

test.each(testMajors)("what is said of a twin is said of the object (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (to: string): string =>
      `table m partition by range (at) { at date }\npartition a of m for ('2020-01-01') to ('${to}')`;
    await settle(c, text("2021-01-01"));
    expect(await told(c, text("2019-01-01"))).toEqual([
      `refused-text m: Empty range bound specified for partition "a".`,
    ]);
  }),
);

test.each(testMajors)("a new domain's default is looked at too (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, table());
    // Some majors do not say where.
    expect(await told(c, `${table()}domain d int = (lenght('x'))`)).toEqual([
      expect.stringMatching(/^refused-text (lenght|d): Function lenght\(unknown\) does not exist[.]$/),
    ]);
  }),
);

test.each(testMajors)("what was asked of a new table is known to the next plan (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = "table t { a int = (1 + 1) check (a > (0)) }";
    const memory = emptyMemory();
    const files = [{ path: "a.schema", text }];
    const first = await compile({ connection: c, files, memory });
    expect(first.asked).toBe(2);
    await walk(c, first.plan!.up);
    const second = await compile({ connection: c, files, memory });
    expect([second.plan, second.asked]).toEqual([null, 0]);
  }),
);
