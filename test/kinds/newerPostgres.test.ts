/** What an older server does not have is told at its place; what all have is not. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";
import type { Problem } from "../../src/problems.ts";

async function problemsOf(text: string, version: number): Promise<readonly Problem[]> {
  const { declarations, problems } = parse("t.schema", text);
  return [...problems, ...(await declare(declarations, { version, roles: true })).problems];
}

const newer: readonly (readonly [text: string, version: number])[] = [
  ["table a { b int unique nulls not distinct }", 140000],
  ["table a { b int generated (1) virtual }", 170000],
  ["table a { b int check (b > 0) not enforced }", 170000],
  ["table a { b text compression lz4 }", 130000],
  ["table a { b int -> c on delete set null (b) }\ntable c { id int primary key }", 140000],
  ["table a { b int\n constraint n not null (b) not valid }", 170000],
  ["table a { b int\n constraint n not null (b) no inherit }", 170000],
  ["table a partition by list (b) { b int\n foreign key (b) -> c not valid }\ntable c { id int primary key }", 170000],
  ["table a partition by list (b) { b int -> c not valid }\ntable c { id int primary key }", 150000],
  [
    "partition a of b for (1) partition by list (c) { foreign key (c) -> d not valid }\ntable b partition by list (c) { c int }\ntable d { id int primary key }",
    170000,
  ],
  ["table a partition by list (b) { b int\n exclude (b with =) }", 160000],
  ["view v with (security_invoker) as $$ select 1 $$", 140000],
  ["type t base { input t_in, output t_out, subscript t_at }", 130000],
  ["role a\nrole b\n  member of a with (inherit = false)", 150000],
  ["subscription s connection 'dbname=a' publication p with (streaming = parallel)", 130000],
  ["subscription s connection 'dbname=a' publication p with (streaming = parallel)", 150000],
  ["role a\n  member of pg_read_all_data", 130000],
  ["table t { a int }\ngrant select on t to pg_signal_autovacuum_worker", 170000],
  ["role a\nrole b noinherit\n  member of a with (inherit)", 150000],
  ["role a\nrole b noinherit\n  member of a with (inherit = false, set = false)", 150000],
];
test.each(newer)("%s needs a newer Postgres than %i", async (text, version) => {
  expect((await problemsOf(text, version)).map((p) => p.code)).toEqual(["needs-newer-postgres"]);
  expect(await problemsOf(text, 180000)).toEqual([]);
});

test("memberships that are the same on all majors", async () => {
  const text =
    "role a\nrole b\n  member of a with (admin, inherit, set)\nrole c noinherit\n  member of a with (inherit = false)";
  expect(await problemsOf(text, 130000)).toEqual([]);
});

test("a foreign key that is not valid, of a partition, on all majors", async () => {
  const text =
    "partition a of b for (1) { foreign key (c) -> d not valid }\ntable b partition by list (c) { c int }\ntable d { id int primary key }";
  expect(await problemsOf(text, 130000)).toEqual([]);
});
