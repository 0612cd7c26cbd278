/** Whatever follows a column's type may follow it in any order. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";

const modifiers = [
  ...["= 5", "= now()", "= 'x'", "identity", "identity by default (start 5)"],
  ...["generated (a + 1)", "generated (a + 1) virtual", 'collate "C"', "storage main", "compression lz4"],
  ...["statistics 100", "options (a 'b')", "with (n_distinct = 5)", "comment 'x'", "using (a::int)", "backfill (5)"],
  ...["-> x", "-> x (id) on delete cascade", "-> x match full deferrable initially deferred"],
  ...["-> x not valid", "-> x not enforced", "-> x not deferrable"],
  ...["primary key", "constraint c primary key", "primary key include (b)", "primary key deferrable"],
  ...["primary key with (fillfactor = 70)", "primary key tablespace t", "primary key not deferrable"],
  ...["unique", "unique nulls not distinct", "unique include (b)", "unique not deferrable"],
  ...["unique deferrable initially immediate", "check (a > 1)", "check (a > 1) no inherit", "check (a > 1) not valid"],
  ...["check (a > 1) not enforced", "constraint d check (a > 1)"],
  ...["constraint n not null", "not null no inherit", "constraint n not null not valid"],
];
const misread = (text: string): readonly string[] =>
  parse("a.schema", `table t {\n  a int ${text}\n}\n`)
    .problems.filter((p) => p.code === "syntax" || p.code === "unknown-keyword")
    .map((p) => `${text}: ${p.message}`);

test("each alone", () => expect(modifiers.flatMap(misread)).toEqual([]));
test("each after each other", () =>
  expect(modifiers.flatMap((x) => modifiers.flatMap((y) => (x === y ? [] : misread(`${x} ${y}`))))).toEqual([]));

test("`not` as a name, which opens clauses too", () => {
  const members = [
    ...["foreign key (not) -> x (a)", "foreign key (a) -> x (not)", "unique (not)", "unique (not) not deferrable"],
    ...["primary key (not, a)", "index on (not)", "index on (not desc)", "index not on (a)", "not int"],
    ...["a int -> x (not)", "a int -> not", "a int -> not not valid", "exclude (not with =)", "check (not a)", "a not"],
    ...["a not not null no inherit", "not not? -> not (not) not valid", "constraint not unique (not)"],
  ];
  const problems = members.flatMap((m) => parse("a.schema", `table not {\n  ${m}\n}\n`).problems.map((p) => p.message));
  expect(problems).toEqual([]);
});
