import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";
import { align } from "../../src/diff.ts";
import { roomOf } from "../../src/kinds/rooms.ts";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { differences } from "./ways.ts";

async function read(text: string) {
  const { declarations, problems } = parse("t.schema", text);
  const declared = await declare(declarations, { version: 180000, roles: true });
  return {
    database: declared.database,
    problems: [...problems, ...declared.problems].map((p) => ({
      code: p.code,
      at: text.slice(p.span.start, p.span.end),
      help: p.help ?? "",
      message: p.message,
    })),
  };
}
const find = async (text: string, kind: string) =>
  (await read(text)).database.objects.filter((o) => o.id.kind === kind);

test.each([
  ["table x { y int -> a }", "foreign-key-no-unique"],
  ["rows a (id) { 1 }", "rows-need-key"],
])("partitions of each other have no key: %s", async (more, code) => {
  const { problems } = await read(`partition a of b for (1) to (2)\npartition b of a for (1) to (2)\n${more}`);
  expect(problems.map((p) => p.code).sort()).toEqual([code, "invalid-partition", "invalid-partition"].sort());
});

describe("what is wrong is said where it stands", () => {
  const wrong: readonly (readonly [title: string, text: string, code: string, at: string, help?: string])[] = [
    [
      "unknown table",
      "table a { b int -> custmers }\ntable customers { id int primary key }",
      "unknown-table",
      "custmers",
      "customers",
    ],
    ["a type that SQL has a word for", "table a { b chr(3) }", "unknown-type", "chr", "Did you mean char?"],
    ["a type in quotes", 'table a { b mod }\nenum "mo d" { x }', "unknown-type", "mod", 'Did you mean "mo d"?'],
    ["unknown column of a key", "table a { number int\n primary key (numbr) }", "unknown-column", "numbr", "number"],
    ["unknown column of a unique constraint", "table a { b int\n unique (c) }", "unknown-column", "c"],
    [
      "unknown column of a policy",
      "table a { price int\n policy p using (prise > 0) }",
      "unknown-column",
      "prise",
      "price",
    ],
    [
      "a policy for insert that looks",
      "table a { b int\n policy p for insert using (b > 0) }",
      "invalid-option",
      "b > 0",
      "with check",
    ],
    [
      "unknown column of a trigger",
      "table a { price int\n trigger t before update of prise for each row execute suppress_redundant_updates_trigger() }",
      "unknown-column",
      "prise",
      "price",
    ],
    [
      "unknown column of a condition",
      "table a { price int\n trigger t before update for each row when (new.price > old.prise) execute suppress_redundant_updates_trigger() }",
      "unknown-column",
      "prise",
      "price",
    ],
    [
      "unknown column of a rule",
      "table a { price int\n rule r on update do $$ select new.prise from b $$ }",
      "unknown-column",
      "prise",
      "price",
    ],
    [
      "an event twice",
      "table a { b int\n trigger t before insert or insert execute suppress_redundant_updates_trigger() }",
      "duplicate-clause",
      "insert",
    ],
    [
      "a trigger that cannot wait",
      "table a { b int\n trigger t after insert deferrable execute suppress_redundant_updates_trigger() }",
      "invalid-option",
      "t",
      "constraint trigger",
    ],
    ["unknown column of an index", "table a { b int\n index on (b, c) }", "unknown-column", "c"],
    ["unknown column of an include", "table a { b int\n index on (b) include (zz) }", "unknown-column", "zz"],
    ["unknown column of a check", "table a { price int\n check (prise > 0) }", "unknown-column", "prise", "price"],
    [
      "unknown column of a foreign key",
      "table a { b int\n foreign key (x) -> c (id) }\ntable c { id int primary key }",
      "unknown-column",
      "x",
    ],
    [
      "unknown column of its target",
      "table a { b int -> c (idd) }\ntable c { id int primary key }",
      "unknown-column",
      "idd",
      "Did you mean id?",
    ],
    [
      "unknown column of a target of two",
      "table a { x int, y int\n foreign key (x, y) -> c (one, tow) }\ntable c { one int, two int\n primary key (one, two) }",
      "unknown-column",
      "tow",
      "Did you mean two?",
    ],
    [
      "a view that is referenced",
      "table a { b int -> v }\nview v as $$ select 1 as id $$",
      "unknown-table",
      "v",
      "v is a view, where a table is needed.",
    ],
    ["a type of an extension", "table a { b citext }", "unknown-type", "citext", "Add a line: extension citext"],
    ["a type of one with another name", "table a { b isbn }", "unknown-type", "isbn", "Add a line: extension isn"],
    [
      "such a type in another schema",
      "enum s.citext { a }\nschema s {}\ntable a { b citext }",
      "unknown-type",
      "citext",
      "s.citext",
    ],
    ["unknown column of a named not null", "table a { b int\n constraint n not null (x) }", "unknown-column", "x"],
    [
      "a row in brackets",
      "table a { b int primary key\n c int }\nrows a (b, c) {\n (1, 2)\n}",
      "rows-count",
      "(1, 2)",
      "without brackets: 1, 2",
    ],
    [
      "a row with too few values",
      "table a { b int primary key\n c int }\nrows a (b, c) {\n 1\n}",
      "rows-count",
      "1",
      "In order: b, c.",
    ],
    [
      "rows of a table that is misspelt",
      "table a { b int primary key }\nrows aa (b) { 1 }",
      "unknown-table",
      "aa",
      "a?",
    ],
    [
      "rows with a key that is misspelt",
      "table a { key int primary key }\nrows a (kye) { 1 }",
      "unknown-column",
      "kye",
    ],
    ["a placeholder for a schema", "table t in ${s} { a int }", "unknown-placeholder", "${s}"],
    ["a placeholder for a table", "table t { a int -> ${s} }", "unknown-placeholder", "${s}"],
    ["a placeholder for a role", "table t { a int }\ngrant select on t to ${s}", "unknown-placeholder", "${s}"],
    ["a column twice in a key", "table a { b int\n primary key (b, b) }", "duplicate-name", "b"],
    [
      "no unique key",
      "table a { b int -> c (d) }\ntable c { id int primary key, d int }",
      "foreign-key-no-unique",
      "-> c (d)",
    ],
    ["no primary key", "table a { b int -> c }\ntable c { id int unique }", "foreign-key-no-unique", "-> c", "column"],
    [
      "only a deferrable key",
      "table a { b int -> c (d) }\ntable c { id int primary key, d int unique deferrable }",
      "foreign-key-no-unique",
      "-> c (d)",
    ],
    [
      "only a partial index",
      "table a { b int -> c (d) }\ntable c { d int\n unique index on (d) where (d > 0) }",
      "foreign-key-no-unique",
      "-> c (d)",
    ],
    [
      "number of columns",
      "table a { b int, e int\n foreign key (b, e) -> c (id) }\ntable c { id int primary key }",
      "foreign-key-columns",
      "foreign key (b, e) -> c (id)",
    ],
    ["types", "table a { b text -> c }\ntable c { id int primary key }", "foreign-key-type", "-> c"],
    ["types of arrays", "table a { b int[] -> c }\ntable c { id int primary key }", "foreign-key-type", "-> c"],
    [
      "types beneath a domain",
      "domain d text\ntable a { b d -> c }\ntable c { id uuid primary key }",
      "foreign-key-type",
      "-> c",
    ],
    [
      "types of which one has more values",
      "table a { b numeric -> c }\ntable c { id int primary key }",
      "foreign-key-type",
      "-> c",
    ],
    [
      "types of an enum",
      "enum e { x }\ntable a { b e -> c }\ntable c { id text primary key }",
      "foreign-key-type",
      "-> c",
    ],
    ["a nullable primary key", "table a { id int? primary key }", "nullable-primary-key", "id int? primary key"],
    [
      "a nullable primary key that is an identity",
      "table a { id int? identity primary key }",
      "nullable-primary-key",
      "id int? identity primary key",
    ],
    ["a nullable identity", "table a { id int? identity }", "nullable-identity", "identity", "Take the ? away"],
    [
      "an identity of texts",
      "table a { b text identity (start 5) }",
      "invalid-option",
      "identity (start 5)",
      "not text",
    ],
    ["an identity of a domain", "domain d int\ntable a { b d identity }", "invalid-option", "identity", "not public.d"],
    ["a default and generated", "table a { b int = 3 generated (1) }", "duplicate-clause", "1", "a default, already"],
    ["an identity and a default", "table a { b int identity = 3 }", "duplicate-clause", "3", "an identity, already"],
    [
      "generated and an identity",
      "table a { b int generated (1) identity }",
      "duplicate-clause",
      "identity",
      "generated",
    ],
    ["serial and a default", "table a { b serial = 3 }", "duplicate-clause", "3", "serial"],
    ["serial and an identity", "table a { b serial identity }", "duplicate-clause", "identity", "serial"],
    ["two equal uniques of a column", "table a { b int unique unique }", "duplicate-clause", "unique"],
    ["a default called default", "table a { b int = default }", "fragment-syntax", "default", "no value"],
    [
      "once what a mixin has in two tables",
      "mixin m { a inx }\ntable t with m {}\ntable u with m {}",
      "unknown-type",
      "inx",
      "Did you mean int?",
    ],
    ["a column of Postgres's own", "table a { ctid int }", "duplicate-name", "ctid", "Postgres's own"],
    [
      "a nullable column of a primary key",
      "table a { id int, b int?\n primary key (id, b) }",
      "nullable-primary-key",
      "b int?",
    ],
    ["two primary keys", "table a { id int primary key\n primary key (id) }", "duplicate-clause", "primary key (id)"],
    [
      "a name twice",
      "table a { b int\n constraint k unique (b)\n constraint k check (b > 0) }",
      "duplicate-name",
      "constraint k check (b > 0)",
    ],
    [
      "a not null of a column that a partition has no line for",
      "table m partition by list (a) {\n  a int\n  w int\n}\npartition m1 of m for (1) { constraint n not null (w) }",
      "unknown-column",
      "w",
      "w … constraint n not null",
    ],
    [
      "a not null of a column that an heir has no line for",
      "table m { w int }\ntable n {\n  inherits m\n  not null (w)\n}",
      "unknown-column",
      "w",
      "Write its line, too: inherited w …",
    ],
    [
      "tags of a login",
      "function f() returns event_trigger language plpgsql as $$ begin end $$\nevent trigger t on login when tag in ('CREATE TABLE', 'ALTER TABLE') execute f()",
      "invalid-option",
      "'CREATE TABLE', 'ALTER TABLE'",
      "no tags",
    ],
    ["a role", "role reader\nrole a\n  member of raeder", "unknown-role", "raeder", "Did you mean reader?"],
    ["a role of Postgres's own", "role a\n  member of pg_read_all", "unknown-role", "pg_read_all", "of Postgres's own"],
    ["storage", "table a { b text storage outside }", "invalid-option", "b text storage outside"],
  ];
  test.each(wrong.map(([title, text, code, at, help = ""]) => [title, text, code, at, help] as const))(
    "%s",
    async (_, text, code, at, help) => {
      const { problems } = await read(text);
      expect(
        problems.map((p) => p.code),
        JSON.stringify(problems),
      ).toEqual([code]);
      expect(problems[0]!.at).toBe(at);
      if (help) expect(problems[0]!.help + problems[0]!.message).toContain(help);
    },
  );

  test("references to keys of every sort are fine", async () => {
    const { problems } = await read(`
      table a { b int -> c, d bigint -> c (e), f real -> c (g), h name -> c (i)
        foreign key (d, b) -> c (id, e) }
      table c { id int primary key, e int unique, g double precision, i text
        unique index on (g)
        constraint k unique (e, id)
        unique index on (i) }
      table self { id int primary key, parent int? -> self }
      table heir { x int -> c (id)
        inherits a
        index on (b) }`);
    expect(problems).toEqual([]);
  });
});

describe("what is not said is filled in", () => {
  test("columns are not null unless they say so, and primary keys are", async () => {
    const columns = await find(
      "table a { id int primary key, b text?, c int = 5, d int? = null, e int = NULL }",
      "column",
    );
    expect(columns.map((o) => "notNull" in o.attributes && o.attributes.notNull !== null)).toEqual(
      [true, false, true, true, true].map((v, i) => (i === 3 ? false : v)),
    );
    expect(
      columns.map(
        (o) => ("default" in o.attributes ? (o.attributes.default as { sql: string } | null)?.sql : 0) ?? null,
      ),
    ).toEqual([null, null, "5", null, null]);
  });
  test("serial is a sequence of the type, owned by the column", async () => {
    const { database, problems } = await read('table "My T" { id smallserial primary key }');
    expect(problems).toEqual([]);
    expect(database.objects.find((o) => o.id.kind === "sequence")).toMatchObject({
      id: { schema: "public", name: "My T_id_seq" },
      attributes: { type: "smallint", max: "32767" },
    });
    expect(database.objects.find((o) => o.id.kind === "sequenceOwner")).toMatchObject({
      attributes: { column: { table: "My T", name: "id" } },
    });
    expect(database.objects.find((o) => o.id.kind === "column")).toMatchObject({
      attributes: { default: { sql: `nextval('public."My T_id_seq"'::regclass)` } },
      needs: [{ kind: "sequence", name: "My T_id_seq" }],
    });
  });
});

describe("what follows from something that is nowhere is not told beside it", () => {
  const about = `unique (key, x)
 index on (low(y)) where (z > 1)
 check (p <> q)
 foreign key (r) -> other (id)
 policy own for select using (owner = current_user)
 trigger t before update of s when (new.s is null) execute f()
 constraint n not null (v)`;
  const others = `table other { id int primary key }
function f() returns trigger language plpgsql as $$ begin return new; end $$
view seen as $$ select w, t.w from t $$
`;
  test.each([
    ["a parent", `table t { inherits nothing\n k int\n ${about} }`, "unknown-table nothing"],
    ["a parent's parent", `table u { inherits nothing }\ntable t { inherits u\n ${about} }`, "unknown-table nothing"],
    [
      "a partitioned table",
      `partition t of nothing for (1) { ${about.replace(/ *foreign.*\n/, "")} }`,
      "unknown-table nothing",
    ],
    ["a mixin", `table t with nothing { k int\n ${about} }`, "unknown-mixin nothing"],
  ])("%s", async (_, text, told) => {
    expect((await read(others + text)).problems.map((p) => `${p.code} ${p.at}`)).toEqual([told]);
  });
});

interface Both {
  readonly title: string;
  readonly text: string;
  readonly sql: string;
  readonly since: number;
}
const pair = (title: string, text: string, sql: string, since = 0): Both => ({ title, text, sql, since });
const both: readonly Both[] = [
  pair(
    "everything at once",
    `
schema shop
extension btree_gist
enum mood { sad ok }
domain word varchar(20) check (value <> '')
mixin stamps {
  created timestamptz = now()
  changed timestamptz(3)?
  index on (created)
}
table people with stamps with (fillfactor = 70, toast.autovacuum_enabled = off) {
  id int identity primary key
  name varchar(20) collate "C" unique check (name <> '')
  mood mood = 'ok'::shop.mood
  moods mood[] = '{}'::shop.mood[]
  word word?
  n decimal(10) = 0
  f float(10)? statistics 300
  c char
  t text storage external with (n_distinct = -0.5)
  twice int generated (id * 2)
  boss int? -> people on delete set null
  z bigserial
  unique (name, id) include (c)
  constraint named check (id > 0) no inherit not valid
  index on (lower(name), id desc) where (id > 1)
  index using hash on (t)
  unique index on (name text_ops, c desc nulls last)
  replica identity full
}
unlogged table stays {
  person int -> people (id) on delete cascade deferrable initially deferred
  during tstzrange
  exclude using gist (person with =, during with &&)
}
table heirs {
  own int?
  inherits stays
}`,
    `create schema shop; create extension btree_gist; create type shop.mood as enum ('sad', 'ok');
     create domain shop.word as varchar(20) check (value <> ''); set search_path = shop, public;
     create table people (id int generated always as identity primary key, name varchar(20) collate "C" not null unique check (name <> ''),
       mood mood not null default 'ok', moods mood[] not null default '{}', word word, n decimal(10) not null default 0, f float(10), c char not null, t text not null,
       twice int not null generated always as (id * 2) stored, boss int references people on delete set null, z bigserial,
       created timestamptz not null default now(), changed timestamptz(3), unique (name, id) include (c)) with (fillfactor = 70, toast.autovacuum_enabled = off);
     alter table people alter f set statistics 300, alter t set storage external, alter t set (n_distinct = -0.5), add constraint named check (id > 0) no inherit not valid, replica identity full;
     create index on people (lower(name), id desc) where (id > 1); create index on people using hash (t); create unique index on people (name, c desc nulls last); create index on people (created);
     create unlogged table stays (person int not null references people (id) on delete cascade deferrable initially deferred, during tstzrange not null, exclude using gist (person with =, during with &&));
     create table heirs (own int) inherits (stays)`,
  ),
  pair(
    "indexes of expressions, which give them their names",
    `table d { x xml
       index on ((x is document)), index on ((xmlroot(x, version '1.0') is null)) }`,
    `create table d (x xml not null); create index on d ((x is document)); create index on d ((xmlroot(x, version '1.0') is null))`,
  ),
  pair(
    "what came with 18",
    `table p { a int, d daterange
       constraint n not null (a) no inherit
       v int generated (a * 2) virtual
       check (a > 0) not enforced }`,
    `create table p (a int constraint n not null no inherit, d daterange not null, v int not null generated always as (a * 2) virtual, check (a > 0) not enforced)`,
    18,
  ),
];
/** Only Postgres knows how it spells a fragment; here its place and everything else count. */
const withoutFragments = (differences: readonly string[]): readonly string[] =>
  differences.filter((d) => !/ (expression|where|keys|default|generated|elements): /.test(d));

describe.each(testMajors)("a text means what its SQL means on PostgreSQL %i", (major) => {
  test.each(both.filter((b) => b.since <= major))("$title", async ({ text, sql }) => {
    await onDatabase(major, async (c) => {
      await c.query(sql);
      const live = await observe(c);
      const { declarations, problems } = parse("t.schema", text);
      const declared = await declare(declarations, { version: live.version, foreignNames: live.foreignNames });
      expect([...problems, ...declared.problems]).toEqual([]);
      const desired = align(live.database, declared.database, {
        adopt: (to, from) => roomOf(to.id.kind).adopt?.(to, from) ?? to,
        repoint: (o, become) => roomOf(o.id.kind).repoint?.(o, become) ?? o,
      });
      const found = differences(live.database, desired);
      expect(withoutFragments(found), found.join("\n")).toEqual([]);
    });
  });
});
