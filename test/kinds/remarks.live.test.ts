/** What is said of parts that come with something else: a key's index, an identity's sequence, not nulls, what heirs have from above. */
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";
import { testMajors } from "../servers/databases.ts";
import { walkPairs, type Pair } from "./pairs.ts";
import { observe, onDatabase } from "./live.ts";
import { goAndReturn, planned, rolesOnServers, settle, sqlOf } from "./said.ts";

const role = `remarks${process.pid}`;
rolesOnServers(role);

const base = `create table t (a int generated always as identity primary key, b text unique, c int not null);
  create table p (id int primary key, k int, constraint big check (k > 0)) partition by list (id);
  create table p1 partition of p for values in (1); create table p2 partition of p for values in (2);
  alter table p add constraint to_t foreign key (k) references t; create table parent (x int check (x > 1)); create table child (y int) inherits (parent)`;
const said = `comment on index t_pkey is 'it''s'; comment on index "t_b_key" is 'b'; comment on sequence t_a_seq is 'counts';
  comment on index p_pkey is 'above'; comment on index p1_pkey is 'below'; comment on constraint big on p1 is 'big'; comment on constraint to_t on p1 is 'to';
  comment on constraint parent_x_check on child is 'x'; comment on constraint p1_pkey on p1 is 'key'`;
const bare = `create table t (a int generated always as identity primary key, b text unique, c int not null);
  create table parent (x int check (x > 1)); create table child (y int) inherits (parent);
  comment on index t_pkey is 'it''s'; comment on index "t_b_key" is 'b'; comment on sequence t_a_seq is 'counts'; comment on constraint parent_x_check on child is 'x'`;
const pairs: readonly Pair[] = [
  { title: "comments come and go", before: base, after: `${base}; ${said}` },
  {
    title: "what they are on comes with them",
    before: "create table t (a int, c int)",
    after: bare,
  },
  {
    title: "what they are on is made anew",
    before: `${base}; ${said}`,
    after: `${base.replace("b text unique", "b text, constraint t_b_key unique (b, c)")}; ${said}`,
  },
  {
    title: "identity and not null go, with what is said of them",
    before: `${base}; ${said}`,
    after: base
      .replace("int generated always as identity primary key", "int primary key")
      .replace("c int not null", "c int"),
  },
  {
    title: "not nulls",
    since: 18,
    before: `${base}; comment on constraint t_c_not_null on t is 'one'; create domain d as int constraint filled not null; comment on constraint filled on domain d is 'one'`,
    after: `${base.replace("c int not null", "c int not null, d int constraint dd not null")}; comment on constraint dd on t is 'two'; create domain d as int constraint filled not null; comment on constraint filled on domain d is 'two'`,
  },
  {
    title: "a not null goes",
    since: 18,
    before: `${base}; comment on constraint t_c_not_null on t is 'one'; create domain d as int constraint d_not_null not null; comment on constraint d_not_null on domain d is 'one'`,
    after: `${base.replace("c int not null", "c int")}; create domain d as int`,
  },
  {
    title: "beneath a constraint trigger",
    before: `${base}; create function f() returns trigger language plpgsql as 'begin return new; end'`,
    after: `${base}; create function f() returns trigger language plpgsql as 'begin return new; end';
      create constraint trigger ct after insert on t for each row execute function f(); comment on constraint ct on t is 'x'; comment on trigger ct on t is 'y'`,
  },
];
walkPairs(pairs);

describe.each(testMajors)("in words (PostgreSQL %i)", (major) => {
  const text = `table t {
  id  bigint  identity primary key
  n   int
}
`;
  test("comments and privileges", () =>
    onDatabase(major, async (c) => {
      const up = await goAndReturn(
        c,
        `${text}comment 'The key''s.' on index t_pkey
comment E'a\\nb' on sequence t_id_seq in public
grant usage, select on sequence t_id_seq to ${role}
`,
      );
      expect(sqlOf(up)).toContain("comment on index public.t_pkey is 'The key''s.'");
      expect(sqlOf(up)).toContain(`grant select, usage on sequence public.t_id_seq to ${role}`);
      expect((await observe(c, {}, true)).unmodelled).toEqual([]);
    }));
  test("what a new sequence gets by default is put right", () =>
    onDatabase(major, async (c) => {
      const defaults = `default privileges for role postgres grant usage on sequences to ${role}\n`;
      await settle(c, defaults);
      await goAndReturn(c, `${defaults}${text}`);
      // Also one that a column gets later.
      await goAndReturn(c, `${defaults}${text.replace("identity ", "")}`);
      await goAndReturn(c, `${defaults}${text}`);
      await goAndReturn(c, `${defaults}${text.replace("identity ", "")}`);
      await goAndReturn(c, `${defaults}${text}grant usage, select on sequence t_id_seq to ${role}`);
      expect(sqlOf(await planned(c, `${defaults}${text}grant usage, select on sequence t_id_seq to ${role}`))).toEqual(
        [],
      );
    }));
  test("what is not there, and what has a place of its own", async () => {
    const problems = async (line: string): Promise<readonly string[]> => {
      const parsed = parse("a.schema", text + line);
      const declared = await declare(parsed.declarations, { version: major * 10000 });
      return [...parsed.problems, ...declared.problems].map((p) => `${p.code}: ${p.message}`);
    };
    expect(await problems("comment 'x' on index nowhere")).toEqual([
      "unknown-object: There is no index called nowhere.",
    ]);
    expect(await problems("comment 'x' on constraint nope on t")).toEqual([
      "unknown-object: t has no constraint called nope.",
    ]);
    expect(await problems("comment 'x' on constraint t_pkey on t")).toEqual([
      "invalid-option: A comment on the primary key public.t.t_pkey stands with it.",
    ]);
    expect(await problems(`owner ${role} on sequence t_id_seq`)).toContain(
      "invalid-option: A sequence that a column owns belongs to whom the table belongs to.",
    );
  });
});
