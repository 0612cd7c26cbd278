/** Every table and view is the type of its rows as well, so that no type can have its name. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";

const types = {
  enum: "enum x { a }",
  domain: "domain x int",
  range: "type x range of int",
  "multirange's": "type r range of int { multirange x }",
  composite: "type x { a int }",
  shell: "type x shell",
};
const relations = {
  table: "table x { a int }",
  view: "view x as $$ select 1 as a $$",
  "materialized view": "materialized view x as $$ select 1 as a $$",
  "foreign table": "foreign data wrapper w\nserver s foreign data wrapper w\nforeign table x server s { a int }",
  partition: "table p partition by list (a) { a int }\npartition x of p for (1)",
};
const pairs = Object.entries(types).flatMap(([type, a]) =>
  Object.entries(relations).map(([relation, b]) => [type, relation, a, b] as const),
);

test.each(pairs)("%s type and %s cannot have the same name", async (_, __, a, b) => {
  const { declarations, problems } = parse("t.schema", `${a}\n${b}`);
  expect(problems).toEqual([]);
  const declared = await declare(declarations, { version: 180000 });
  expect(declared.problems.map((p) => p.code)).toEqual(["duplicate-name"]);
});
