/** Texts of SQL go into statements of the compiler's: none may end those, wherever it stands. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";

/** What could end an expression, and what stands around it. */
const endings = ["1; drop table t", "1) ; drop table t; --", "1 ; commit; select (1", "(1]; drop table t"];
const expressions: readonly (readonly [clause: string, around: (sql: string) => string])[] = [
  ["a default", (x) => `table t { a int = (${x}) }`],
  ["a call as a default", (x) => `table t { a int = f(${x}) }`],
  ["an array as a default", (x) => `table t { a int[] = array[${x}] }`],
  ["a default's cast", (x) => `table t { a text = 'x'::varchar(${x}) }`],
  ["a type", (x) => `table t { a numeric(${x}) }`],
  ["a check", (x) => `table t { a int, check (${x}) }`],
  ["what is generated", (x) => `table t { a int generated (${x}) }`],
  ["using and backfill", (x) => `table t { a int using (${x}) }`],
  ["backfill", (x) => `table t { a int backfill (${x}) }`],
  ["a key", (x) => `table t { a int, index on ((${x})) }`],
  ["a call as a key", (x) => `table t { a int, index on (f(${x})) }`],
  ["an index's predicate", (x) => `table t { a int, index on (a) where (${x}) }`],
  ["an exclusion", (x) => `table t { a int, exclude using gist ((${x}) with =) }`],
  ["an exclusion's predicate", (x) => `table t { a int, exclude using gist (a with =) where (${x}) }`],
  ["a partition key", (x) => `table t partition by range ((${x})) { a int }`],
  ["a list of values", (x) => `partition p of t for (${x})`],
  ["a bound", (x) => `partition p of t for (0) to (${x})`],
  ["a policy's using", (x) => `table t { a int, policy p using (${x}) }`],
  ["a policy's check", (x) => `table t { a int, policy p with check (${x}) }`],
  ["a trigger's when", (x) => `table t { a int, trigger g before insert for each row when (${x}) execute f() }`],
  ["a rule's where", (x) => `table t { a int, rule r on insert where (${x}) do nothing }`],
  ["statistics", (x) => `table t { a int, statistics s on (a, (${x})) }`],
  ["a value", (x) => `rows t (a) { (${x}) }`],
  ["a call as a value", (x) => `rows t (a) { f(${x}) }`],
  ["a domain's default", (x) => `domain d int = (${x})`],
  ["a domain's check", (x) => `domain d int check (${x})`],
  ["a view's default", (x) => `view v (a = (${x})) as $$ select 1 $$`],
  ["a query in brackets", (x) => `view v as (select ${x})`],
  ["an argument's default", (x) => `function f(a int = (${x})) returns int language sql as $$ select 1 $$`],
  ["what is returned", (x) => `function f() returns int return (${x})`],
  ["a publication's rows", (x) => `publication p for table t where (${x})`],
  ["an option", (x) => `table t with (fillfactor = ${x}) { a int }`],
  ["an aggregate's option", (x) => `aggregate g(int) (sfunc = f, stype = int, initcond = ${x})`],
  ["an operator", (x) => `operator ${x === "1" ? "+" : x} (int, int) { function f }`],
];
test.each(expressions)("%s ends nothing", (_, around) => {
  expect(parse("t.schema", around("1")).problems.filter((p) => p.severity === "error")).toEqual([]);
  for (const sql of endings)
    expect(
      parse("t.schema", around(sql)).problems.some((p) => p.severity === "error"),
      sql,
    ).toBe(true);
});

const texts: readonly (readonly [text: string, at: string])[] = [
  ["view v as $$ select 1 as a; drop table public.t; commit $$", "; drop"],
  ["view v as $$ select 1; select 2 $$", "; select"],
  ["view v as ( select 1; select 2 )", "; select"],
  ["materialized view v as $$\nselect 1;\ndrop table t\n$$", ";\ndrop"],
  ["table t { a int, rule r on insert do instead $$ delete from u); drop table t; select (1 $$ }", "); drop"],
  ["function f() returns void begin atomic $$ select 1; END; drop table t; select 1 $$", "END; drop"],
];
test.each(texts)("a text ends nothing: %s", (text, at) => {
  const errors = parse("t.schema", text).problems;
  expect(errors.map((p) => [p.code, text.slice(p.span.start, p.span.start + at.length)])).toEqual([["syntax", at]]);
});

test("a semicolon that ends nothing is none", () => {
  const texts = [
    "view v as $$ select ';' as \"a;\" /* ; */ -- ;\n; $$",
    "view v as (select 1;)",
    "table t { a int, check (note <> ';' -- ;\n) }",
    "table t { a int, rule r on insert do instead $$ delete from u; delete from w; $$ }",
    "function f() returns int begin atomic $$ select case when true then 1 end; select 1 as end; $$",
  ];
  for (const text of texts) expect(parse("t.schema", text).problems, text).toEqual([]);
});

test("a value of the config ends no type", () => {
  const { declarations } = parse("t.schema", "table t { a numeric(${n}) }", { n: "1); drop table t; --" });
  expect(JSON.stringify(declarations)).toContain("\"'1); drop table t; --'\"");
});
