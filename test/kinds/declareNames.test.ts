/** Names that nothing has and words that mean nothing are told where they stand, wherever that is. */
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";

async function read(text: string) {
  const { declarations, problems } = parse("t.schema", text);
  const declared = await declare(declarations, { version: 180000 });
  return {
    objects: declared.database.objects,
    problems: [...problems, ...declared.problems].map((p) => ({
      code: p.code,
      at: text.slice(p.span.start, p.span.end),
      words: `${p.message} ${p.help ?? ""}`,
    })),
  };
}

type Wrong = readonly [text: string, code: string, at: string, help?: string];
const unknown: readonly Wrong[] = [
  // What an expression names.
  ["domain d text check (valeu <> '')", "unknown-column", "valeu", "Did you mean value?"],
  ["domain d text = ''\n  constraint c check (value <> '' and other > 1) not valid", "unknown-column", "other"],
  ["domain d text = draft", "unknown-column", "draft", "'draft'"],
  ["table t { a int\n b int = a }", "unknown-column", "a", "A default cannot name columns"],
  ["table t { a int\n b int = (1 + t.a) }", "unknown-column", "t.a", "A default cannot name columns"],
  ["table t { state text = draft }", "unknown-column", "draft", "'draft'"],
  ["table t { a timestamptz = now }", "unknown-column", "now", "Did you mean now()?"],
  ["table t { a uuid = gen_random_uid }", "unknown-column", "gen_random_uid", "Did you mean gen_random_uuid()?"],
  ["table t { a timestamptz = current_timestmp }", "unknown-column", "current_timestmp", "mean current_timestamp?"],
  [
    "table t { a int = nextno }\nfunction nextno() returns int language sql as $$ select 1 $$",
    "unknown-column",
    "nextno",
    "Did you mean nextno()?",
  ],
  ["table t { a bool = tru }", "unknown-column", "tru", "Did you mean true?"],
  ["table t { a text = tru }", "unknown-column", "tru", "A text stands"],
  ["table t { a text = ‘x’ }", "fragment-syntax", "‘x’", "straight single quotes: 'x'"],
  ['table t { a text = "x y" }', "unknown-column", '"x y"', "'x y'"],
  ['domain d text = (1 + "x".y)', "unknown-column", '"x".y', "'x.y'"],
  ["mixin m { a int\n b int = (a) }\ntable t with m {}", "unknown-column", "a"],
  ["view v (a = (b)) as $$ select 1 as a, 2 as b $$", "unknown-column", "b"],
  // A query, and what a block may say.
  ["view v as $$ delete from t returning a $$\ntable t { a int }", "fragment-syntax", "delete from t returning a"],
  [
    "sql 'f' { create $$ select 1; create function f() returns int language sql as 'select 1' $$ }",
    "misplaced-member",
    "create function f() returns int language sql as 'select 1'",
    "`function …`",
  ],
  [
    "schema a\ntable t { a int }\nsql 'i' { create $$ create index on a.t (a) $$ }",
    "misplaced-member",
    "create index on a.t (a)",
  ],
  ["sql 'c' { create $$ select 1; commit $$ }", "fragment-syntax", "commit"],
  // What lives in another schema.
  [
    "schema a { table t { id int primary key } }\nschema b { table u { x int -> t } }",
    "unknown-table",
    "t",
    "Did you mean a.t?",
  ],
  ["schema a { enum e { x } }\nschema b { table u { y e } }", "unknown-type", "e", "Did you mean a.e?"],
  [
    "schema a { enum state { x } }\nschema b { table u { y a.stat } }",
    "unknown-type",
    "a.stat",
    "Did you mean a.state?",
  ],
  // What has another name elsewhere, or arguments of its own.
  ...(
    [
      ["blob", "bytea"],
      ["clob", "text"],
      ["datetime", "timestamptz"],
      ["double", "double precision"],
      ["guid", "uuid"],
      ["long", "bigint"],
      ["number", "numeric"],
      ["string", "text"],
      ["timestampz", "timestamptz"],
      ["tinyint", "smallint"],
      ["uid", "uuid"],
    ] as const
  ).map(([type, meant]): Wrong => [`table t { a ${type} }`, "unknown-type", type, `Did you mean ${meant}?`]),
  ["schema a { type number { x int } }\ntable t { a number }", "unknown-type", "number", "Did you mean a.number?"],
  [
    "role r\nfunction f(a int) returns int language sql as $$ select 1 $$\ngrant execute on function f(text) to r",
    "unknown-object",
    "function f(text)",
    "There is no function f(text). There is f(integer).",
  ],
  [
    "table users { id int primary key }\ntable t { a int -> users.id }",
    "unknown-table",
    "users.id",
    "A column stands in brackets: users (id)",
  ],
  [
    "schema users { table x { a int } }\ntable users { id int primary key }\ntable t { a int -> users.id }",
    "unknown-table",
    "users.id",
    "There is no table called users.id.",
  ],
  // Labels that are gone.
  ["enum e { draft cancelled -> draf }", "unknown-object", "cancelled -> draf", "Did you mean 'draft'?"],
  ["enum e { a b b -> a }", "duplicate-name", "b -> a"],
  ["enum e { a was c, c -> a }", "duplicate-name", "c -> a"],
  // Functions that are named without being called, and tables of public.
  ["table t { a int\n trigger x before insert for each row execute nofn() }", "unknown-object", "nofn"],
  [
    "function touch() returns trigger language plpgsql as $$ begin return new; end $$\ntable t { a int\n trigger x before insert for each row execute touhc() }",
    "unknown-object",
    "touhc",
    "Did you mean touch?",
  ],
  ["schema a\nevent trigger x on ddl_command_end execute a.nofn()", "unknown-object", "a.nofn"],
  ["schema a\ncast (text as int) with function a.nofn", "unknown-object", "a.nofn"],
  [
    "table orders { name text }\nview v as $$ select name from public.ordrs $$",
    "unknown-table",
    "public.ordrs",
    "Did you mean public.orders?",
  ],
  // Servers and wrappers.
  [
    "foreign data wrapper w\nserver files foreign data wrapper w\nforeign table t server fils { a int }",
    "unknown-object",
    "t",
    "Did you mean files?",
  ],
  [
    "foreign data wrapper w\nserver files foreign data wrapper w\nuser mapping for public server other",
    "unknown-object",
    "user mapping for public server other",
  ],
  ["server s foreign data wrapper postgres_fdw", "unknown-object", "s", "extension postgres_fdw"],
  // Computed from what is computed.
  ["table t { a int, b int generated (a + 1), c int generated (b + 1) }", "generated-column", "b + 1"],
  ["table t { a int, b int generated (b + 1) }", "generated-column", "b + 1"],
  // Moments that are kept as they are.
  ["table t { a timestamptz = 'now' }", "constant-moment", "'now'", "Write (now())"],
  ["domain d date = 'Today'::date", "constant-moment", "'Today'::date", "Write (current_date)"],
  [
    "table c { code text primary key, at timestamptz }\nrows c (code, at) {\n 'ca', (now())\n}",
    "constant-moment",
    "now()",
    "a value that stays",
  ],
  ["table c { at date primary key }\nrows c (at) {\n 'today'\n}", "constant-moment", "'today'"],
  ["table c { at date primary key }\nrows c (at) {\n (current_date)\n}", "constant-moment", "current_date"],
  ["table c { id uuid primary key }\nrows c (id) {\n (gen_random_uuid())\n}", "constant-moment", "gen_random_uuid()"],
  // Rows without a value.
  [
    "table t { sku text primary key, note text backfill (sku || '!') }\nrows t (sku) {\n 'a'\n}",
    "row-value",
    "t",
    "Add it to the columns",
  ],
  // What others say of tables.
  [
    "table invoices { number int }\nsequence s owned by invoices (nubmer)",
    "unknown-column",
    "nubmer",
    "Did you mean number?",
  ],
  [
    "table orders { note text }\nsecurity label 'x' for p on table orders (nopte)",
    "unknown-column",
    "nopte",
    "Did you mean note?",
  ],
  [
    "view v (total) as $$ select 1 as total $$\nsecurity label 'x' for p on view v (totl)",
    "unknown-column",
    "totl",
    "Did you mean total?",
  ],
  ["type pair { a int }\nsecurity label 'x' for p on type pair (b)", "unknown-column", "b"],
  [
    "role r\ntable orders { note text }\ngrant select (nopte) on orders to r",
    "unknown-column",
    "nopte",
    "Did you mean note?",
  ],
  [
    "role r\nview v (buyer) as $$ select 1 $$\ngrant select (bayer) on v to r",
    "unknown-column",
    "bayer",
    "Did you mean buyer?",
  ],
  [
    "role r\ntable p { note text }\ntable t { a int\n inherits p }\ngrant select (nopte) on t to r",
    "unknown-column",
    "nopte",
    "Did you mean note?",
  ],
  // Indexes.
  ["table t { a int\n index by_a on (a)\n cluster on by_b }", "unknown-object", "by_b", "Did you mean by_a?"],
  [
    "table t { a int\n unique index by_a on (a)\n replica identity index bya }",
    "unknown-object",
    "bya",
    "Did you mean by_a?",
  ],
  ["materialized view v as $$ select 1 as a $$ {\n index by_a on (a)\n cluster on by_b }", "unknown-object", "by_b"],
  [
    "materialized view v (buyer) as $$ select 1 $$ {\n index on (bayer) }",
    "unknown-column",
    "bayer",
    "Did you mean buyer?",
  ],
  ["materialized view v (buyer) as $$ select 1 $$ {\n index on (lower(bayer)) }", "unknown-column", "bayer"],
];
const otherwise: readonly Wrong[] = [
  ["table t { like u, a int }\ntable u { b int }", "misplaced-member", "like u", "mixin"],
  [
    "table t { a int primary key, b int }\nrows t (a, b) { (1, 2), (3, 4) }",
    "rows-count",
    "(1, 2), (3, 4)",
    "without brackets: 1, 2",
  ],
  ["table t { a int primary key, b int }\nrows t (a, b) { 1 }", "rows-count", "1", "1 value for 2 columns"],
  ["table t { a int primary key }\nrows t (a) { 1, 2, 3 }", "rows-count", "1, 2, 3", "3 values for 1 column."],
  [
    "role r\nfunction f() returns int language sql as $$ select 1 $$\ngrant sing on function f() to r",
    "invalid-option",
    "sing",
    "There is execute.",
  ],
  [
    "table t { a int, b int?\n foreign key (a) -> c on update set null (b) }\ntable c { id int primary key }",
    "invalid-option",
    "b",
    "on delete",
  ],
  [
    "table t { a int? -> c on update set default (a) }\ntable c { id int primary key }",
    "invalid-option",
    "a",
    "on delete",
  ],
  [
    "aggregate g(int) (sfunc = int4pl, stype = int, parallel = saef)",
    "invalid-option",
    "parallel = saef",
    "Did you mean safe?",
  ],
  [
    "aggregate g(int) (sfunc = int4pl, stype = int, finalfunc_modify = readonly)",
    "invalid-option",
    "finalfunc_modify = readonly",
    "Did you mean read_only?",
  ],
  [
    "aggregate g(int) (sfunc = int4pl, stype = int, combinefunc = 'int4pl')",
    "invalid-option",
    "combinefunc = 'int4pl'",
  ],
  ["aggregate g(int) (sfunc = int4pl, stype = 'int')", "invalid-option", "stype = 'int'"],
  ["aggregate g(int) (sfunc = int4pl, stype = int, sspace = many)", "invalid-option", "sspace = many"],
  [
    "aggregate g(int) (sfunc = int4pl, stype = int, finalfunc_extra = maybe)",
    "invalid-option",
    "finalfunc_extra = maybe",
  ],
  ["aggregate g(int) (sfunc = int4pl, stype = int, sortop = 'x')", "invalid-option", "sortop = 'x'"],
  [
    "role r\ndefault privileges for role r in schema public revoke execute on functions from public",
    "invalid-option",
    "execute",
    "without `in schema`",
  ],
  ["role r\nrole s\ndefault privileges for role r revoke select on tables from s", "invalid-option", "select"],
  [
    "role r\ndefault privileges for role r grant select on tables to public with grant option",
    "invalid-option",
    "public",
    "role",
  ],
  ["table t { a int }\ngrant select on t to public with grant option", "invalid-option", "public", "role"],
  ["enum order_status { a }\ntable t of order_status { a int }", "invalid-option", "order_status", "composite type"],
  ["table s { a int }\ntable t of s { a int }", "invalid-option", "s", "composite type"],
];

const bounds: readonly Wrong[] = [
  [
    "table p partition by list (a) { a int, b int }\npartition x of p default\npartition y of p default\npartition z of p for (1)",
    "invalid-partition",
    "default",
    "public.x",
  ],
  [
    "table p partition by range (a) { a int, b int }\npartition x of p for (1)",
    "invalid-partition",
    "for (1)",
    "for (…) to (…)",
  ],
  [
    "table p partition by list (a) { a int, b int }\npartition x of p for (1) to (2)",
    "invalid-partition",
    "for (1) to (2)",
    "by list",
  ],
  [
    "table p partition by range (a) { a int, b int }\npartition x of p for modulus 2 remainder 0",
    "invalid-partition",
    "for modulus 2 remainder 0",
    "by range",
  ],
  [
    "table p partition by hash (a) { a int, b int }\npartition x of p default",
    "invalid-partition",
    "default",
    "no default",
  ],
  [
    "table p partition by hash (a) { a int, b int }\npartition x of p for modulus 2 remainder 2",
    "invalid-partition",
    "for modulus 2 remainder 2",
    "less",
  ],
  [
    "table p partition by range (a) { a int, b int }\npartition x of p for (1, f(2, 3)) to (maxvalue)",
    "invalid-partition",
    "1, f(2, 3)",
    "here are 2 values",
  ],
  [
    "table p partition by range (a, b) { a int, b int }\npartition x of p for ('a, b') to (1, 2)",
    "invalid-partition",
    "'a, b'",
    "here is 1 value",
  ],
];

describe.each([
  ["what is no bound", bounds],
  ["what nothing is called", unknown],
  ["what would be read otherwise", otherwise],
])("%s", (_, wrong) => {
  test.each(wrong.map(([text, code, at, help = ""]) => [text, code, at, help] as const))(
    "%s",
    async (text, code, at, help) => {
      const { problems } = await read(text);
      expect(
        problems.map((p) => [p.code, p.at]),
        JSON.stringify(problems),
      ).toEqual([[code, at]]);
      expect(problems[0]!.words).toContain(help);
    },
  );
});

test("what is there is not told", async () => {
  const { problems } = await read(`
    role r
    domain d text = upper('x') check (VALUE <> '' and length("value") > 1)
    table p { note text }
    table t { a int primary key, at timestamptz = current_timestamp, word text = 'now', b text = 'x'::text, c int = (select 1), e int = -1
      who text = current_user, x xml = (xmlelement(name a)), y text = ((array['a', null])[1])
      inherits p
      constraint excluded exclude using gist (a with =)
      cluster on excluded }
    table u { a int, constraint key unique (a), replica identity index key }
    table l partition by list (a) { a int
      unique index by_a on (a) }
    partition m of l for (1) { index m_by_a of by_a
      replica identity index m_by_a
      cluster on m_by_a }
    partition n of l for (2) {
      replica identity index n_a_idx }
    sequence s owned by t (a)
    sequence s2 owned by t (note)
    view v as $$ select 1 as b $$
    materialized view mv as $$ select 1 as b $$ { index i on (b), cluster on i }
    materialized view mw (c) as $$ select 1, 2 as d $$ { index on (c, d) }
    grant select (note, a) on t to r
    grant select (b) on v to r
    grant select (a) on m to r
    security label 'x' for q on table t (note)
    security label 'x' for q on table m (a)
    security label 'x' for q on view v (b)
    security label 'x' for q on materialized view mv (b)`);
  expect(problems).toEqual([]);
});

test.each([
  "table t { a int primary key, b int? , c int = 1, d serial, e int identity, f int generated (a + 1) }\nrows t (a) {\n 1\n}",
  "domain full text = 'x'\ntable t { a int primary key, b full }\nrows t (a) {\n 1\n}",
  "table t { a int primary key, b int }\nrows t (a) {}",
  "function f() returns trigger language plpgsql as $$ begin new.b := 1; return new; end $$\ntable t { a int primary key, b int\n trigger x before insert for each row execute f() }\nrows t (a) {\n 1\n}",
  "table t { a text primary key, b timestamptz }\nrows t (a, b) {\n 'now', '2024-01-01'\n}",
])("rows whose columns get their values all the same are not told: %s", async (text) => {
  expect((await read(text)).problems).toEqual([]);
});

test("an old name of a label that another one has taken says nothing any more", async () => {
  expect((await read("enum e { a was b b }")).problems).toEqual([]);
});

test("an aggregate's words may say true and false", async () => {
  const of = async (words: string) => {
    const { objects, problems } = await read(
      `aggregate g(a int order by b int) (sfunc = int4pl, stype = int, finalfunc = f, ${words})`,
    );
    expect(problems).toEqual([]);
    const found = objects.find((o) => o.id.kind === "aggregate");
    return found?.attributes;
  };
  expect(await of("hypothetical = false, finalfunc_extra = off")).toMatchObject({
    kind: "ordered",
    state: { finalExtra: false },
  });
  expect(await of("hypothetical = true, finalfunc_extra = on")).toMatchObject({
    kind: "hypothetical",
    state: { finalExtra: true },
  });
  expect(
    await of("hypothetical, finalfunc_extra = 1, finalfunc_modify = shareable, parallel = restricted"),
  ).toMatchObject({
    kind: "hypothetical",
    state: { finalExtra: true, finalModify: "shareable" },
    parallel: "restricted",
  });
});

test("SQL that is run once needs the functions that it calls", async () => {
  const { objects, problems } = await read(`
    table t { id int primary key using (used(id)), v text backfill (filled(1)) }
    function used(int) returns int language sql return (1)
    function filled(int) returns text language sql return ('')
    function valued() returns text language sql return ('')
    rows t (id, v) { 1, valued() }`);
  expect(problems).toEqual([]);
  const calls = (kind: string, name: string): readonly string[] =>
    objects
      .filter((o) => o.id.kind === kind && "name" in o.id && o.id.name === name)
      .flatMap((o) => [...o.needs, ...(o.mentions ?? [])].flatMap((n) => (n.kind === "function" ? [n.name] : [])));
  expect(calls("column", "id")).toEqual(["used"]);
  expect(calls("column", "v")).toEqual(["filled"]);
  expect(calls("rows", "t")).toEqual(["valued"]);
});

test("what a string names comes first, by the rules of names", async () => {
  const { objects, problems } = await read(`
    sequence "Se.q"
    sequence plain
    table "x.y" { id int }
    table t { a int = nextval('"Se.q"'), b int = nextval('Public.PLAIN'), c regclass = '"x.y"'::regclass }`);
  expect(problems).toEqual([]);
  const needs = objects.flatMap((o) => (o.id.kind === "column" && o.id.table === "t" ? o.needs : []));
  expect(needs.map((n) => ("name" in n ? n.name : ""))).toEqual(["Se.q", "plain", "x.y"]);
});

test("what only looks like a slip is as it is written", async () => {
  const { problems } = await read(`
    table u { b int }
    table t { id int primary key, "like" u?, total int? }
    table like_text { like text }
    rows t (id, "like", total) { 1, row(1), (select max(b) from u, (values (1), (2)) v (x)) }`);
  expect(problems).toEqual([]);
});
