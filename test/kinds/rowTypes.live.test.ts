/** Tables whose rows columns of other tables hold: what Postgres refuses then is not planned. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle, testChanges } from "./said.ts";

test.each([
  ["a column's type", "table t { a bigint }"],
  ["how it is stored", "unlogged table t { a int }"],
])("what would write all rows anew is refused while a column holds some: %s", (_, after) =>
  onDatabase(testMajors[0]!, async (connection) => {
    await connection.query("create table t (a int not null); create domain d as t; create table u (r d[])");
    const text = `${after}\ndomain d t\ntable u { r d[]? }`;
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text }] });
    expect(refusals.map((r) => r.message)).toEqual([
      expect.stringContaining("public.u.r has the type of its rows, and Postgres then writes none of them anew"),
    ]);
  }),
);

/** Texts that hand whole rows of their table to a function. */
const handing = (member: string): string => `schema "My App"
enum "My App".mood { sad ok }
table "My App"."Order" {
  id int primary key
  name text
  feels "My App".mood = 'ok'
${member}
}
function "My App".shown("of" "My App"."Order", times int = 1) returns text language plpgsql stable as $$ begin return "of".name; end $$
function "My App".shown("of" int) returns text language sql immutable as $$ select "of"::text $$
function "My App".same("of" "My App"."Order") returns "My App"."Order" language sql immutable strict as $$ select "of" $$
function "My App".weighed("of" "My App"."Order") returns int language sql immutable as $$ select "of".id $$
function "My App".touch() returns trigger language plpgsql as $$ begin return new; end $$
`;
const members = [
  `  check ("My App".shown("Order") <> '')`,
  `  "Order" int?\n  check ("My App".shown("Order") <> '')`,
  `  check ("My App".shown("Order".*, 2) <> '' and "My App".shown(id) is not null)`,
  `  check (("My App".same("Order".*)).name <> '')`,
  `  index on ("My App".weighed("Order".*)) where ("My App".weighed("Order") > 1)`,
  `  policy own for select using ("My App".shown("Order".*) = current_user)`,
  `  trigger x before update for each row when ("My App".shown(new) <> "My App".shown(old)) execute "My App".touch()`,
  `  rule r on insert do also $$ update "My App"."Order" set name = "My App".shown(new) where false $$`,
];
test.each(testMajors.flatMap((major) => members.map((m) => [major, m] as const)))(
  "PostgreSQL %i: whole rows of its own table, handed to a function: %s",
  (major, member) =>
    onDatabase(major, async (c) => {
      await settle(c, handing(""));
      await goAndReturn(c, handing(member));
    }),
);

test.each(testMajors)("whole rows of its own view, handed to a function (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (rule: string): string => `table t { a int }
view "V" as $$ select a, a + 1 as b from t $$${rule}
function weighed("of" "V") returns int language sql immutable as $$ select "of".a $$
`;
    await settle(c, text(""));
    await goAndReturn(c, text(" { rule r on insert do instead $$ insert into t values (weighed(new)) $$ }"));
  }),
);

const taking = (columns: string, result: string, body: string, more = ""): string => `table t {
  id int primary key
${columns}
  check (weighed(t) <> ${result === "int" ? "0" : "''"})
  policy own for select using (weighed(t.*) is not null)
  index on (weighed(t.*))
  trigger x before update for each row when (weighed(new) is distinct from weighed(old)) execute touch()
${more}
}
function weighed(r t) returns ${result} language sql immutable as $$ ${body} $$
function touch() returns trigger language plpgsql as $$ begin return new; end $$
view v as $$ select weighed(t) as w, t.id from t $$
`;
const first = taking("  a int", "int", "select r.a");
testChanges("what hands whole rows to functions", [
  ["another body", first, taking("  a int", "int", "select r.id")],
  ["another result", first, taking("  a int", "text", "select r.a::text")],
  ["a new column", first, taking("  a int\n  b int?", "int", "select r.b")],
  ["a column goes", taking("  a int\n  b int?", "int", "select r.b"), first],
  ["another type of a column", first, taking("  a bigint", "int", "select r.a::int")],
  ["a table that is new", "", first],
  ["another check", first, taking("  a int", "int", "select r.a", "  check (weighed(t.*) > 5 and a > 1)")],
  ["a name's argument", first, first.replace("weighed(r t)", "weighed(r2 t)").replace("r.a", "r2.a")],
  ["another argument beside", first, first.replace("weighed(r t)", "weighed(r t, n int = 1)")],
]);

const based = (types: string, holder = "table hist { b base? }", of = "d"): string =>
  `schema s\n${types}\ntable base { e ${of}, n int }\n${holder}\n`;
const anew = [
  ["a domain", "domain d int", "domain d bigint"],
  ["an enum", "enum d { a b c }", "enum d { a b }"],
  ["a domain over it", "enum e { a b c }\ndomain d e", "enum e { a b }\ndomain d e"],
] as const;
test.each(anew)("a type is not made anew beneath rows that a column holds: %s", (_, before, after) =>
  onDatabase(testMajors[0]!, async (connection) => {
    await settle(connection, based(before));
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: based(after) }] });
    expect(refusals.map((r) => r.message)).toEqual([
      expect.stringContaining(
        "it would be made anew beneath column s.base.e, and column s.hist.b has the type of its rows",
      ),
    ]);
  }),
);
test("a function is not made anew beneath a domain's check where a column holds rows of arrays of it", () =>
  onDatabase(testMajors[0]!, async (connection) => {
    const text = (v: string): string =>
      based(
        `function ok(${v} text) returns boolean language sql immutable as $$ select ${v} <> '' $$\ndomain d text check (ok(value))`,
        "table hist { b base? }",
        "d[]",
      );
    await settle(connection, text("v"));
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: text("val") }] });
    expect(refusals.map((r) => r.message)).toEqual([
      expect.stringContaining("a check of domain s.d calls it, and it would be made anew beneath column s.base.e"),
    ]);
  }));
testChanges(
  "a type is made anew beneath rows that no column holds any more",
  anew.flatMap(([what, before, after]) => [
    [`${what}; the column goes`, based(before), based(after, "table hist { n int? }")] as const,
    [`${what}; it gets another type`, based(before), based(after, "table hist { b text? }")] as const,
    [`${what}; the table goes`, based(before), based(after, "")] as const,
  ]),
);
