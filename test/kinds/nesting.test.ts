/** Fragments that are nested deeper than anybody writes them by hand. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";

async function problemsOf(text: string): Promise<readonly string[]> {
  const { declarations, problems } = parse("a.schema", text);
  const declared = await declare(declarations, { version: 150000 });
  return [...problems, ...declared.problems].map((p) => `${p.code} ${text.slice(p.span.start, p.span.start + 6)}`);
}

test.each([
  ["700 operators", `(a ${"+ a ".repeat(700)} + zz) is null`],
  ["4,000 operators", `(a ${"+ a ".repeat(4000)} + zz) is null`],
  ["1,000 casts", `(zz${"::int".repeat(1000)}) is null`],
])("%s are read like few", async (_, sql) => {
  expect((await problemsOf(`table x { a int check (${sql}) }`)).map((p) => p.slice(0, 17))).toEqual([
    "unknown-column zz",
  ]);
});

test("what is too deep to be read is told where it stands, and the rest is read nevertheless", async () => {
  const problems = await problemsOf(
    `table x {
      a int check ((a ${"+ a ".repeat(40_000)}) is null)
      b int check (bb > 0)
      c int check ((c${"::int".repeat(40_000)}) is null)
      d int check (dd > 0)
    }`,
  );
  const body = `function f() returns int language plpgsql as $$ begin return ${"1 + ".repeat(40_000)} 1; end $$`;
  expect([...problems.toSorted(), ...(await problemsOf(body))]).toEqual([
    "nesting-too-deep (a + a",
    "nesting-too-deep (c::in",
    "unknown-column bb > 0",
    "unknown-column dd > 0",
    "nesting-too-deep  begin",
  ]);
});
