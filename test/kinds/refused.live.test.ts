/** What Postgres refuses of a text as things are is told when it is planned, unless the plan itself may make it right. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Connection } from "../../src/run/connection.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

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
