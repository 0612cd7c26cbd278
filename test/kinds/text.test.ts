import { describe, expect, test } from "vitest";
import { bracketed, defaultText, isSimple, unwrap } from "../../src/kinds/parts/text.ts";
import { optionChanges, optionList, readOptionList, truthValue } from "../../src/kinds/parts/options.ts";

test.each([
  ["(a > 0)", "a > 0"],
  ["((a))", "a"],
  ["(a) + (b)", "(a) + (b)"],
  ["(a + b)::numeric(10)", "(a + b)::numeric(10)"],
  ["(a = ')' )", "a = ')'"],
  ["(a = ')' or b = '(')", "a = ')' or b = '('"],
  [`(")" = 'x')`, `")" = 'x'`],
  [`(a = E'\\')(')`, `a = E'\\')('`],
  ["(a = 'x\\') or (b = '')", "(a = 'x\\') or (b = '')"],
  ["(f($$)$$))", "f($$)$$)"],
  ["(f($t$ ) $$ ( $t$))", "f($t$ ) $$ ( $t$)"],
  ["(a /* ) /* ( */ */ > 0)", "a /* ) /* ( */ */ > 0"],
  ["(a > 0 -- )\n)", "a > 0 -- )"],
  ["(a$1$ > 0)", "a$1$ > 0"],
  ["(unclosed", "(unclosed"],
  ["", ""],
  ["()", ""],
])("brackets around all of %j go", (sql, out) => {
  expect(unwrap(sql)).toBe(out);
});

describe("a default without brackets", () => {
  test.each([
    "0",
    "-1.5e3",
    ".5",
    "'x'",
    "E'a\\'b'",
    "'x'::character varying",
    "'{}'::text[]",
    "now()",
    "pg_catalog.now()",
    "true",
    "current_timestamp",
    "nextval('shop.s'::regclass)",
    "array['a'::text]",
    "ARRAY[]::integer[]",
    "'2020-01-01'::timestamp(3) with time zone",
    "date '2020-01-01'",
    "interval '1 day'",
    `'x'::"My Schema"."t""x"[]`,
    "f(a > 0 and b)",
    "$$x$$",
    "- 1",
    "B'101'",
    "'1 day'::interval day to second(3)",
  ])("%s", (sql) => {
    expect(isSimple(sql)).toBe(true);
    expect(defaultText(sql)).toBe(sql);
  });
  test.each([
    "1 + 2",
    "a and b",
    "not true",
    "'a' || 'b'",
    "x is null",
    "'a'::text is null",
    "1 in (1)",
    "case when true then 1 end",
    "(1 + 2) * 3",
    "a.b.c = 1",
    "",
    "1 -- comment",
    "interval '1 day' second",
    "select 1",
    "'x' 'y'",
    "f() filter (where true)",
    "1)",
    "a::text::int + 1",
  ])("brackets around %j", (sql) => {
    expect(isSimple(sql)).toBe(false);
    expect(defaultText(sql).startsWith("(")).toBe(true);
  });
  test("a comment does not swallow the bracket", () => {
    expect(bracketed("a -- b")).toBe("(a -- b\n)");
  });
});

describe("options", () => {
  test("what is true is so however it is written", () => {
    expect(["on", "TRUE", "1", "yes", "off", "parallel"].map(truthValue)).toEqual([
      ...Array<string>(4).fill("true"),
      "false",
      "parallel",
    ]);
  });
  test("a value is written so that Postgres keeps it to the letter", () => {
    expect(optionList({ a: "090", b: "0.10", c: "-0", d: "off", e: "0", f: "-1.50", g: "1e3", h: "00.5" })).toBe(
      "a = '090', b = 0.10, c = '-0', d = 'off', e = 0, f = -1.50, g = '1e3', h = '00.5'",
    );
  });
  test("order is kept, and an equals sign in a value", () => {
    expect(Object.keys(readOptionList('["b=1","a=x=y"]', "toast."))).toEqual(["toast.b", "toast.a"]);
    expect(readOptionList('["a=x=y"]')).toEqual({ a: "x=y" });
  });
  test("values are quoted where they are no numbers", () => {
    expect(optionList({ fillfactor: "70", "toast.autovacuum_enabled": "false", buffering: "it's" })).toBe(
      "fillfactor = 70, toast.autovacuum_enabled = false, buffering = 'it''s'",
    );
  });
  test("changes", () => {
    expect(optionChanges({ a: "1", b: "2" }, { b: "3", c: "4" })).toEqual(["set (b = 3, c = 4)", "reset (a)"]);
    expect(optionChanges({ a: "1" }, { a: "1" })).toEqual([]);
  });
});
