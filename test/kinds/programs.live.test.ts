/** Programs and what they stand on: what a change disturbs, in which order, and back. */
import { expect, test } from "vitest";
import { compile, emptyMemory } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, settle, sqlOf, testChanges } from "./said.ts";
import { walk } from "./ways.ts";

test.each(testMajors)("a new column with a name that another table has disturbs nothing (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (more: string): string => `table users { id int primary key, name text }
table orders {
  id int primary key, user_id int, total int
  policy p for select using (exists (select from users u where u.id = user_id and u.name = 'a'))
}
table items { id int primary key${more} }
view v as $$ select u.name, o.total from users u join orders o on o.user_id = u.id cross join items $$
view w as $$ select name from users where id in (select items.id from items) $$
materialized view m as $$ select name from v $$
`;
    await settle(c, text(""));
    expect(sqlOf(await goAndReturn(c, text(", name text?")))).toEqual([
      "alter table public.items add column name text",
    ]);
  }),
);

const joined = (type: string): string => `table a { k ${type}, n int }
table b { k ${type}, m int }
view v as $$ select a.n, b.m from a join b using (k) $$
view w as $$ select x.p from a as x(p, q) $$
`;
const grouped = (more: string): string => `table o {
  id int, name text, tag text
  primary key (id)${more}
}
view v as $$ select o.id, o.name from o group by o.id $$
`;
const collated = (locale: string): string => `collation plain { provider libc, locale '${locale}' }
table t { a text }
view v as $$ select a collate plain as b from t $$
`;
const compared = (function_: string): string => `operator === (int, int) { function ${function_} }
table t {
  a int
  check (a === 1)
}
view v as $$ select a from t where a === 2 $$
`;
testChanges("a text that stays is made again after what it stands on, wherever a parser sees that", [
  ["columns that a join names", joined("int"), joined("bigint")],
  ["a primary key that groups", grouped(""), grouped(" include (tag)")],
  ["a collation", collated("C"), collated("POSIX")],
  ["an operator", compared("int4eq"), compared("int4le")],
]);

testChanges("what a text names comes before it", [
  [
    "columns that are written",
    "table entries { id int? }\n",
    `function note() returns void language sql as $$ insert into entries (what) values (1) on conflict (what) do update set who = 2; update entries set old = 3 $$
table entries { id int?, what int? unique, who int?, old int? }
`,
  ],
  [
    "arguments by number and by their function's name, variables of a table's types",
    "table entries { id int? }\n",
    `function note(int, text, out what int) language plpgsql as $$
declare
  one alias for $1;
  other tables.name%type;
  row tables%rowtype;
begin
  $3 := one + note.what;
end $$
procedure "Note"(what int) language plpgsql as $$
declare other tables.name%type;
begin
  "Note".what := what + $1;
end $$
table tables { name text? }
`,
  ],
  [
    "fields of variables that are rows, and a type of a column",
    "table entries { id int? }\n",
    `function note() returns int language plpgsql as $$
declare
  other tables.name%type;
  x tables;
  "R r" tables;
begin
  "R r".name := x.name;
  select 1, 'a' into x.id, x.name;
  x.name = "R r".name || x.name;
  return 1;
end $$
table tables { id int?, name text? }
`,
  ],
  [
    "columns of a join, a collation",
    "table a { n int }\ntable b { m int }\n",
    `view v as $$ select a.n, b.m from a join b using (k) $$
view w as $$ select n::text collate zz as t from a as x(n, l) $$
table a { n int, k int? }
table b { m int, k int? }
collation zz { provider libc, locale 'C' }
`,
  ],
  [
    "a table behind a name that a part of the text has too",
    "table orders { id int? }\n",
    `view v as $$ with orders as (select * from orders where total > 9) select id from orders $$
table orders { id int?, total int? }
`,
  ],
]);

const since14 = testMajors.filter((major) => major >= 14);
test.each(since14)("a function that stands on what changes goes before it does (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (type: string): string => `table orders { id int, total ${type} }
function revenue() returns numeric language sql stable return (select sum(total) from orders)
view stats as $$ select revenue() as r $$
`;
    await settle(c, text("numeric(10,2)"));
    await goAndReturn(c, text("numeric(12,2)"));
  }),
);
const bigger = (type: string): string => `table orders { id int, total ${type} }
view big as $$ select id, total from orders where total > 9 $$
function biggest() returns setof big language sql stable as $$ select * from public.big $$
view shown as $$ select b.id from biggest() b $$
`;
testChanges("functions between views", [["of a view's rows", bigger("int"), bigger("bigint")]]);

test.each(testMajors)("a partition goes without its table's triggers (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (more: string): string => `table p partition by range (a) {
  a int
  b int?
  trigger x before update of b for each row when (new.b > 1) execute f()
}
partition p1 of p for (1) to (2)
${more}function f() returns trigger language plpgsql as $$ begin return new; end $$
`;
    await settle(c, text("partition p2 of p for (2) to (3)\n"));
    expect(sqlOf(await goAndReturn(c, text("")))).toEqual(["drop table public.p2"]);
  }),
);

test.each(since14)("what * stands for in a body follows the tables (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const memory = emptyMemory();
    const text = (more: string): string => `table orders { id int, note text?${more} }
table copy { id int, note text?${more} }
procedure keep() language sql begin atomic $$ insert into copy select * from orders $$
`;
    await settle(c, text(""));
    const files = (t: string) => [{ path: "a.schema", text: t }];
    await compile({ connection: c, files: files(text("")), memory });
    await goAndReturn(c, text(", more int?"));
    const { plan } = await compile({ connection: c, files: files(text("")), memory });
    await walk(c, plan!.up);
    expect(sqlOf(await planned(c, text("")))).toEqual([]);
  }),
);
test.each(since14)("a body that was read comes back to the letter (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (type: string): string => `type t { a ${type} }
table words { word varchar }
function f(x t) returns bigint language sql begin atomic $$ select count(*) from words where word in ('a', 'b') $$
function g(x t, word varchar) returns boolean language sql return (word in ('a', 'b'))
`;
    await settle(c, text("int"));
    await goAndReturn(c, text("text"));
  }),
);
const rowsOf = (more: string): string => `table orders { id int, note text?${more} }
function f() returns setof orders language sql stable as $$ select * from orders $$
view v as $$ select * from f() $$
`;
/** The same declarations the other way round. */
const reversed = (text: string): string =>
  text
    .split(/\n(?=\S)/)
    .reverse()
    .join("\n");
testChanges("* of a function", [
  ["of a table's rows", rowsOf(""), rowsOf(", more int?")],
  ["of a table's rows, which comes last", reversed(rowsOf("")), reversed(rowsOf(", more int?"))],
]);

/** What INSERT fills without naming columns is all of them. */
const audited = (more: string): string =>
  `table t { a int${more}, rule audit on delete do also $$ insert into log values (old.*) $$ }\ntable log { a int${more} }`;
const archived = (more: string): string =>
  `procedure keep() language sql as $$ insert into archive select * from orders $$
procedure merged() language sql as $$ with m as (delete from orders returning *) insert into archive select * from m $$
table orders { id int${more} }
table archive { id int${more} }`;
testChanges("INSERT without names of columns", [
  ["of a rule", audited(""), audited(", b int?")],
  ["of a rule, the table last", reversed(audited("")), reversed(audited(", b int?"))],
  ["of bodies", archived(""), archived(", more int?")],
  ["of bodies, the tables first", reversed(archived("")), reversed(archived(", more int?"))],
]);
test.each(testMajors.filter((m) => m >= 18))("RETURNING of what a row was (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const f = "function f() returns int language sql begin atomic $$ update t set b = 1 returning old.c $$\n";
    await settle(c, "table t { a int?, b int? }");
    await goAndReturn(c, `${f}table t { a int?, b int?, c int? }`);
  }),
);
test("a function that stands in for others is made anew while a table's rows move", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const f = (type: string): string => `function new_id() returns ${type} language sql as $$ select 1::${type} $$\n`;
    const u = "table u { id int = new_id() }\n";
    await settle(c, `${f("int")}${u}table t { id int = new_id() }`);
    await settle(
      c,
      `${f("bigint")}${u}table t partition by range (id) { id int = new_id() }\npartition p of t default`,
    );
  }));
test("which of two new extensions has a trigger's function has to be said", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const text = (schema: string): string => `extension citext in extensions
extension hstore in util
schema extensions {}
schema util {}
table t { at timestamp?, trigger x before update for each row execute ${schema}moddatetime('at') }`;
    const told = async (schema: string) =>
      (await compile({ connection: c, files: [{ path: "a.schema", text: text(schema) }] })).problems.map(
        (p) => p.message,
      );
    expect(await told("")).toEqual(["Nobody knows yet which of the new extensions has moddatetime."]);
    expect(await told("util.")).toEqual([]);
  }));

test.each(testMajors)("a view that would read itself is told (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (query: string): string => `table todos { id int }\nschema api {\n  view todos as $$ ${query} $$\n}\n`;
    const told = async (query: string) =>
      (await compile({ connection: c, files: [{ path: "a.schema", text: text(query) }] })).problems.map((p) => ({
        at: text(query).slice(p.span.start, p.span.end),
        help: p.help,
      }));
    const help = "Say public.todos.";
    expect(await told("select id from todos")).toEqual([{ at: "todos", help }]);
    expect(await told("select id from api.todos")).toEqual([{ at: "api.todos", help }]);
    expect(
      await told("with recursive todos as (select 1 as id union select id from todos) select id from todos"),
    ).toEqual([]);
    await goAndReturn(c, text("with todos as (select id from public.todos) select id from todos"));
  }),
);

const dated = `extension moddatetime in extensions
schema extensions {}
schema shop {
  table t {
    a int
    at timestamp?
    trigger x before update for each row execute moddatetime('at')
  }
}
`;
testChanges("a function of an extension", [["that is new", "schema shop {}\n", dated]]);

const overloaded = (type: string): string => `table t {
  a int = f(1)
  b int = f('a'::text)
}
function f(x int) returns ${type} language sql immutable as $$ select 1::${type} $$
function f(x text) returns ${type} language sql immutable as $$ select 2::${type} $$
`;
testChanges("functions put aside", [["two of one name", overloaded("int"), overloaded("smallint")]]);

test.each(testMajors)("a domain keeps its rows when its default's function is made anew (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (type: string): string => `domain d int = f()
table t { a d, b d = 3 }
function f() returns ${type} language sql immutable as $$ select 1::${type} $$
`;
    await settle(c, text("int"));
    const sql = sqlOf(await goAndReturn(c, text("smallint")));
    expect(sql.filter((s) => s.startsWith("alter table") || s.startsWith("create domain"))).toEqual([]);
  }),
);

test.each(testMajors)("a materialized view that was filled stays filled (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (type: string): string =>
      `table t { a ${type} }\nmaterialized view m as $$ select a from t $$ with no data\nmaterialized view n as $$ select a from t $$ with no data\n`;
    await settle(c, text("int"));
    await c.query("refresh materialized view m");
    await goAndReturn(c, text("bigint"));
    const [answer] = await c.query(
      "select string_agg(relname, ',') as x from pg_class where relkind = 'm' and relispopulated",
    );
    expect(answer?.rows[0]?.["x"]).toBe("m");
  }),
);

test.each(testMajors)("a row's trigger that becomes a statement's leaves the partitions (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (level: string): string => `table p partition by range (a) {
  a int
  trigger x after update${level} execute f()
}
partition p1 of p for (1) to (2)
function f() returns trigger language plpgsql as $$ begin return new; end $$
`;
    await settle(c, text(" for each row"));
    await goAndReturn(c, text(""));
    const [answer] = await c.query(
      "select count(*)::text as n from pg_trigger where not tgisinternal or tgparentid <> 0",
    );
    expect(answer?.rows[0]?.["n"]).toBe("1");
  }),
);

const keyed = (argument: string): string => `table p partition by range ((part(a))) { a int }
partition p1 of p for (1) to (2)
function part(${argument}) returns int language plpgsql immutable as $$ begin return 1; end $$
`;
test.each(testMajors)("a function of a partition key is not made anew (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, keyed("x int"));
    const { refusals } = await compile({ connection: c, files: [{ path: "a.schema", text: keyed("y int") }] });
    expect(refusals.map((r) => r.message)).toEqual([
      "function public.part(integer) cannot change so: the partition key of table public.p is computed with it; Postgres lets a key go only with its table.",
    ]);
  }),
);

const stale = `table t { a int }
function counts() returns bigint language sql as $$ select count(*) from t where gone(a) $$
function declares() returns int language plpgsql as $$
declare v away;
begin return 1; end $$
function "of a column"() returns int language plpgsql as $$
declare v away.a%type;
begin return 1; end $$
`;
const sound = `enum mood { sad ok }
domain cents int
type spread range of float8
table t { a int, m mood? }
function taken(int) returns boolean language sql as $$ select true $$
function counts(t) returns bigint language sql as $$
  select count(*) from t where taken(a) and uuid('00000000-0000-0000-0000-000000000000') is not null and m($1) = mood 'ok' and cents(1) = 1
$$
function declares(r int) returns int language plpgsql as $$
declare
  w declares.r%type;
  s spread;
  c information_schema.sql_identifier;
  one t;
  two t%rowtype;
  three t.m%type;
  four mood[];
begin return 1; end $$
`;
test.each(testMajors)(
  "a body in quotes that calls or declares what is nowhere is told and made (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      const { problems } = await planned(c, stale);
      expect(problems.map((p) => `${p.code}: ${p.message}`)).toEqual([
        "missing-in-body: Its body speaks of gone, and there is no function of that name.",
        "missing-in-body: Its body speaks of away, and there is no type of that name.",
        "missing-in-body: Its body speaks of away, and there is no type of that name.",
      ]);
      await goAndReturn(c, stale);
      // What goes in the same plan counts as gone.
      await settle(
        c,
        `${sound}function gone(int) returns boolean language sql as $$ select true $$\nenum away { a }\n`,
      );
      expect((await settle(c, stale)).problems.length).toBe(3);
    }),
);

test.each(testMajors)("a body in quotes that calls or declares what is there is looked at (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const { problems, plan } = await planned(c, sound);
    expect(problems).toEqual([]);
    expect(plan!.up.steps.flatMap((s) => s.actions.filter((a) => a.unchecked))).toEqual([]);
    await goAndReturn(c, sound);
  }),
);

const went = [
  ["a table", "select count(*) from old.t", "There is no table called old.t.", "s.t"],
  ["a column", "select count(aa) from s.t", "There is no column called aa.", "a"],
] as const;
test.each(testMajors.flatMap((major) => went.map((w) => [major, ...w] as const)))(
  "PostgreSQL %i: a body in quotes that reads %s that went is told and kept",
  (major, _, body, message, fix) =>
    onDatabase(major, async (c) => {
      const text = (name: string): string => `schema s {}
schema old {}
table s.t { a int }
function s.${name}() returns bigint language sql as $$ ${body} $$
`;
      await c.query(`create schema s; create schema old; create table s.t (a int not null);
        set check_function_bodies = off;
        create function s.f() returns bigint language sql as $$ ${body} $$;
        set check_function_bodies = on`);
      for (const name of ["f", "g"]) {
        const { problems } = await settle(c, text(name));
        expect(problems).toMatchObject([
          { code: "missing-in-body", severity: "warning", message, help: `Did you mean ${fix}?`, fix },
        ]);
      }
    }),
);
