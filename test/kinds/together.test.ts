/** What is certain of declarations together, without a server. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";

async function told(text: string) {
  const { declarations, problems } = parse("t.schema", text);
  const declared = await declare(declarations, { version: 180000 });
  return [...problems, ...declared.problems];
}

test.each([
  [
    "a key without the column by which the table is partitioned",
    "table a partition by range (d) {\n b int primary key\n d date\n}",
    "invalid-partition",
    "primary key",
    "(b, d)",
  ],
  [
    "a unique index without it",
    "table a partition by list (d) {\n b int\n d date\n unique index on (b) include (d)\n}",
    "invalid-partition",
    "unique index on (b) include (d)",
    "(b, d)",
  ],
  [
    "a unique constraint of what is partitioned by an expression",
    "table a partition by range (lower(b)) {\n b text\n unique (b)\n}",
    "invalid-partition",
    "unique (b)",
    "one partition at a time",
  ],
  [
    "a trigger's function that returns nothing",
    "function f() returns void language sql as $$ select $$\ntable a {\n b int\n trigger t before insert execute f()\n}",
    "invalid-option",
    "t",
    "returns trigger",
  ],
  [
    "an event trigger's that is a trigger's",
    "function f() returns trigger language plpgsql as $$ begin return null; end $$\nevent trigger t on sql_drop execute f()",
    "invalid-option",
    "t",
    "returns event_trigger",
  ],
  [
    "an argument without a default behind one that has one",
    "function f(a int = 1, b int, out c int) language sql as $$ select 1 $$",
    "invalid-option",
    "b int",
    "a default",
  ],
  [
    "a default that is no label",
    "enum mood { sad ok 'it''s' }\ntable a {\n b mood = 'okk'\n c mood = 'it''s'\n d mood[] = '{}'\n}",
    "unknown-object",
    "'okk'",
    "Did you mean ok?",
  ],
])("%s", async (_, text, code, at, help) => {
  const problems = await told(text);
  expect(problems.map((p) => [p.code, text.slice(p.span.start, p.span.end)])).toEqual([[code, at]]);
  expect(problems[0]?.help).toContain(help);
});

test.each([
  ["for ('2024-01-01') to ('2024-06-01')", "for ('2024-05-31') to ('2025-01-01')", true],
  ["for ('2024-01-01') to ('2024-06-01')", "for ('2024-06-01') to ('2025-01-01')", false],
  ["for (minvalue) to ('2024-06-01')", "for ('2023-01-01') to ('2023-02-01')", true],
  ["for ('2024-01-01') to (maxvalue)", "for (minvalue) to ('2024-01-01')", false],
  ["for (-10) to (9)", "for (8) to (100)", true],
  ["for (9) to (100)", "for (-10) to (9)", false],
  // What these are is Postgres's to say.
  ["for ('b') to ('d')", "for ('c') to ('e')", false],
  ["for (1, 2) to (1, 9)", "for (1, 3) to (1, 4)", false],
  ["for (1) to (9)", "for ('2024-05-31') to ('2024-06-01')", false],
])("ranges %s and %s", async (one, other, overlap) => {
  const keys = one.includes(",") ? "a, b" : "a";
  const text = `partition q of p ${one}\npartition r of p ${other}\ntable p partition by range (${keys}) {\n  a int\n  b int\n}`;
  const problems = await told(text);
  expect(problems.map((p) => [p.code, p.message])).toEqual(
    overlap ? [["invalid-partition", "The bounds of public.r and public.q overlap."]] : [],
  );
});
test.each([
  ["list (a)", "for (1, 'x')", "for (2, 'x')", true],
  ["list (a)", "for (1, 2)", "for (3, null)", false],
  ["hash (a)", "for modulus 2 remainder 1", "for modulus 2 remainder 1", true],
  ["hash (a)", "for modulus 2 remainder 1", "for modulus 2 remainder 0", false],
])("by %s: %s and %s", async (by, one, other, overlap) => {
  const problems = await told(
    `table p partition by ${by} { a text }\npartition q of p ${one}\npartition r of p ${other}`,
  );
  expect(problems.map((p) => p.message)).toEqual(overlap ? ["The bounds of public.r and public.q overlap."] : []);
});
test("many partitions", async () => {
  const part = (i: number): string => `partition p${i} of p for (${i}) to (${i + 1})`;
  const text = ["table p partition by range (a) { a int }", ...Array.from({ length: 500 }, (_, i) => part(i))];
  expect(await told(text.join("\n"))).toEqual([]);
  const wrong = [...text, "partition q of p for (100) to (102)"].join("\n");
  expect((await told(wrong)).map((p) => p.message)).toEqual([
    "The bounds of public.q and public.p100 overlap.",
    "The bounds of public.q and public.p101 overlap.",
  ]);
});
