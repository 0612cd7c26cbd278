/** What people write who come from SQL or elsewhere: each is told once, with what to write here. */
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";

const member = (line: string): string => `table t {\n  ${line}\n}`;
const onItsLine = "a line that goes on is indented deeper";
const nullable = "a column that may be null has a `?` after its type";
const reference = "a reference is written `-> table (column)`";
const ofTheTable = (what: string): string => `it stands among the members of its table: \`table users { ${what} }\``;

/** Text, what stands where its one problem is ("": a line's end), the help, and what the fix puts there. */
const cases: readonly (readonly [text: string, at: string, help: string, fix?: string])[] = [
  // Lines that go on at the margin.
  ["function f(a int)\nreturns int\nlanguage sql\nas $$ select 1 $$", "", onItsLine],
  ["function f() returns int language sql as\n$$ select 1 $$", "", onItsLine],
  ["view v\nas $$ select 1 $$", "", onItsLine],
  ["grant select on t\nto app", "", onItsLine],
  ["sequence s\nstart 5\nincrement 2\n\ntable t {\n  a int\n}", "start", onItsLine],
  ["role r\nlogin\ncreatedb", "login", onItsLine],
  [member("id int primary\n  key"), "", onItsLine],
  [member("id int\n  primary key"), "", onItsLine],
  [member("id int\n  -> b (id)"), "->", onItsLine],
  [member("trigger x after insert\n  for each row\n  execute f('x')"), "", onItsLine],
  ["table t\n(\n  a int\n)", "", "the members of a table stand in braces, one a line"],

  // Domains, types, enums, sequences, extensions.
  ["domain d text null", "null", "a domain may be null without saying", ""],
  ["domain d text?", "?", "a domain may be null without saying", ""],
  ["domain d text default 'x'", "default", "a default is written `= value`", "="],
  [
    "type r as range (subtype = float8)",
    "as",
    "a range type says what it ranges over: `type spans range of float8 { … }`",
  ],
  ["type c { a int not null }", "not", "an attribute may always be null: leave `not null` out"],
  ["type c { a int? }", "?", "an attribute may be null without saying", ""],
  ["type c { a int = 5 }", "=", "an attribute has no default; a column or a domain of the type has one"],
  ["type c { a int default 5 }", "default", "an attribute has no default; a column or a domain of the type has one"],
  ["enum e = a | b", "=", "labels stand in braces: `enum mood { happy sad }`"],
  ["enum e ['a']", "[", "labels stand in braces: `enum mood { happy sad }`"],
  ["type e = 'a' | 'b'", "=", "an enum has a word of its own: `enum mood { happy sad }`"],
  ["sequence s as bigint", "as", "a type follows the name without `as`", ""],
  ["sequence s owned by t.a", "", "the column stands in brackets: `owned by t (a)`"],
  ["sequence s owned by x.t.a cycle", ".", "the column stands in brackets: `owned by x.t (a)`"],
  ["extension x schema y", "schema", "its schema is said with `in`: `extension citext in extensions`", "in"],
  ["extension x with schema y", "with", "its schema is said with `in`: `extension citext in extensions`"],
  ["extension x with version '1'", "with", "leave `with` out", ""],

  // Tables and partitions.
  ["temp table t { a int }", "temp", "what is temporary is not declared: a session makes it for itself"],
  [
    "temporary view v as $$ select 1 $$",
    "temporary",
    "what is temporary is not declared: a session makes it for itself",
  ],
  ["table c inherits (p) {\n  a int\n}", "inherits", "it stands among the members: `inherits cities`"],
  [member("inherits (p)"), "(", "parents stand without brackets: `inherits cities, tracked`"],
  [
    "table p { a int } partition by range (a)",
    "partition",
    "`partition by` stands before the brace: `table orders partition by … {`",
  ],
  ["table p {\n  a int\n} with (fillfactor = 70)", "with", "`with` stands before the brace: `table orders with … {`"],
  ["table p {\n  a int\n};", ";", "nothing ends with `;` here; on one line, a comma stands between two", ""],
  [
    "schema s { table a { x int } table b { y int } }",
    "table b",
    "a declaration opens a line of its own, or stands behind a comma",
  ],
  [
    "partition p of t for values from (1) to (2)",
    "values",
    "leave `values from` out: `for ('2026-01-01') to ('2027-01-01')`",
  ],
  ["partition p of t for values in (1, 2)", "values", "leave `values in` out: `for ('new', 'open')`"],
  [
    "partition p of t for values with (modulus 2, remainder 0)",
    "values",
    "`values with` has no brackets: `for modulus 4 remainder 0`",
  ],
  ["partition p of t from (1) to (2)", "from", "a range is written `for ('2026-01-01') to ('2027-01-01')`"],
  ["partition p of t in (1)", "in", "a list is written `for ('new', 'open')`"],
  ["partition p of t with (modulus 2, remainder 0)", "with", "a hash is written `for modulus 4 remainder 0`"],
  [
    "table t partition of u for values from (1) to (2)",
    "of",
    "a partition has a word of its own: `partition t of orders for …`",
  ],

  // Members at file level.
  ["row level security", "row", ofTheTable("row level security")],
  ["unique index on m (a)", "unique", ofTheTable("unique index …")],
  ["statistics s on a, b", "statistics", ofTheTable("statistics …")],
  ["foreign key (a) references b (c)", "key", ofTheTable("foreign key …")],

  // Columns.
  [member("m text optional"), "optional", nullable],
  [member("a int nullable"), "nullable", nullable],
  [member("a int null"), "null", nullable],
  [member("a int unsigned"), "unsigned", "Postgres has no unsigned numbers: `check (a >= 0)`"],
  [member("a int auto_increment"), "auto_increment", "a number that counts up is an `identity`", "identity"],
  [member("a: int"), ":", "a type follows the name without `:`", ""],
  [member("a jsonb = {}"), "{}", "what Postgres reads from a text stands in quotes: `= '{}'`"],
  [member("a text[] = []"), "[]\n", "an array is written `= '{}'` or `= array[…]`"],
  [member("a int foreign key references b (id)"), "foreign", reference],
  [member("a int references b (id)"), "references", reference, "->"],
  [member("w int index"), "index", "an index stands on a line of its own: `index on (w)`"],
  [member("# comment\n  a int"), "#", "a comment is written `// …` or `-- …`"],
  [member("a int # comment"), "#", "a comment is written `// …` or `-- …`"],
  ["# comment\ntable t {\n  a int\n}", "#", "a comment is written `// …` or `-- …`"],
  [member("enable row level security"), "level", "it is written `row level security`, and `forced` stands behind it"],

  // Other members.
  [member("index idx (a)"), "(", "keys stand behind `on`: `index idx on (…)`", "on ("],
  [member("index (a)"), "(", "keys stand behind `on`: `index on (…)`", "on ("],
  [member("unique index (a)"), "(", "keys stand behind `on`: `unique index on (…)`", "on ("],
  [member("index on u (a)"), "u (", "an index is of the table around it: leave `u` out"],
  [member("index idx on s.u (a)"), "s.u", "an index is of the table around it: leave `s.u` out"],
  [member("index idx on u using gin (a)"), "u using", "an index is of the table around it: `index using gin on (…)`"],
  [member("index on a"), "a\n", "keys stand in brackets: `index on (…)`"],
  [member("index idx on a, b"), "a, b", "keys stand in brackets: `index on (…)`"],
  [member("index on (a) using gin"), "using", "the method stands before the keys: `index using gin on (…)`"],
  [member("index on (a) desc"), "desc", "it stands behind its key, in the brackets: `index on (… desc)`"],
  [
    member("index on (a) nulls first"),
    "first",
    "it stands behind its key, in the brackets: `index on (… nulls first)`",
  ],
  [member("index concurrently x on (a)"), "x", "how an index is built is not declared: leave `concurrently` out"],
  [
    member("trigger x before update of a on t for each row execute f()"),
    "on t",
    "a trigger is of the table around it: leave `on t` out",
  ],
  [member("policy p on t using (true)"), "on t", "a policy is of the table around it: leave `on t` out"],
  [member("policy p as restrictive using (true)"), "as", "leave `as` out", ""],
  [member("rule r on delete to t do instead nothing"), "to t", "a rule is of the table around it: leave `to t` out"],
  [member("check a > 0"), "a >", "a condition stands in brackets: `check (…)`"],
  [member("unique a"), "a\n", "columns stand in brackets: `unique (…)`"],
  [member("primary key a, b"), "a,", "columns stand in brackets: `primary key (…)`"],
  [member("constraint k unique a, b\n  c int"), "a,", "columns stand in brackets: `unique (…)`"],
  [member("statistics s on a"), "a\n", "columns stand in brackets: `statistics on (…)`"],

  // Routines.
  [
    "function f() returns int language sql returns null on null input as $$ select 1 $$",
    "returns null",
    "write `strict` for `returns null on null input`",
  ],
  [
    "aggregate s(int) { sfunc = x }",
    "{",
    "what an aggregate is made of stands in brackets: `aggregate total(int) (sfunc = int4pl, stype = int)`",
  ],

  // Roles, owners and privileges.
  ["user bob", "bob", "a user is a role: `role app login`"],
  ["role app with login", "with", "leave `with` out", ""],
  ["role app password 'x'", "password", "passwords are not declared: give it by hand, once the role is there"],
  ["role app in role x", "in", "a membership is written `member of x`"],
  ["role app login, createdb", ",", "what a role is stands without commas", ""],
  ["grant app to deploy", "to", "a membership stands where the member is declared: `role deploy member of app`"],
  [
    "revoke app from deploy",
    "from",
    "a membership stands where the member is declared: take `member of app` away from `role deploy`",
  ],
  [
    "grant select on all tables in schema s to app",
    "tables",
    "each thing is named: `on orders, order_lines`; what a role makes later has `default privileges`",
  ],
  ["owner of t is app", "t is", "an owner is written `owner app on table orders`"],
  [
    "default privileges in schema s grant select on tables to app",
    "in",
    "say whose: `default privileges for role deploy in schema shop grant …`",
  ],
  [
    "security label for x on table t is 'y'",
    "for",
    "the label comes first: `security label 'secret' for selinux on table orders`",
  ],

  ["sql 'x' $$ select 1 $$", "$$", "a block says what makes it and what takes it away: `sql 'x' { create $$ … $$ }`"],
  ["rows t (a, b) { 1, 'x', }", "", "a comma stands between two values, and none behind the last"],
];

describe("what people bring from SQL", () => {
  for (const [text, at, help, fix] of cases)
    test(JSON.stringify(text), () => {
      const [problem, ...others] = parse("a", text).problems;
      expect(others).toEqual([]);
      expect([problem!.help, problem!.fix]).toEqual([help, fix]);
      expect(text.slice(problem!.span.start).startsWith(at)).toBe(true);
      expect(problem!.span.start === problem!.span.end).toBe(at === "");
    });

  test("a fix leaves nothing to be told", () => {
    for (const [text, , , fix] of cases) {
      if (fix === undefined) continue;
      const { span } = parse("a", text).problems[0]!;
      const fixed = text.slice(0, span.start) + fix + text.slice(span.end);
      expect(parse("a", fixed).problems).toEqual([]);
    }
  });
});

const nameless: readonly (readonly [text: string, message: string])[] = [
  ["grant app to deploy", "expected `on` after `grant app`, found `to`"],
  [
    "text search english {}",
    "expected `configuration`, `dictionary`, `parser` or `template` after `text search`, found",
  ],
  ["sql 'x' $$ select 1 $$", "expected `{` after `sql 'x'`, found"],
  ["revoke execute function f() from app", "expected `on` after `revoke execute`, found `function`"],
  ["materialized view v", "expected `as` after the view's name `v`, found the end of the line"],
  ["foreign data wrapper w sql", "after `w`, found `sql`"],
];
test.each(nameless)("no name is told where there is none: %s", (text, message) => {
  expect(parse("a", text).problems[0]!.message).toContain(message);
});

test("lines that are each wrong are each told", () => {
  const found = (text: string): number => parse("a", text).problems.length;
  expect(found(member("a\n  b"))).toBe(2);
  expect(found(member("id int primary\n  b int\n  key"))).toBe(2);
  expect(found("sequence s\nfrobnicate 5\nincrement 2")).toBe(2);
});
