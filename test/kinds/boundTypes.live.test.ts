/** Types that are made anew while others are made of them. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { compile } from "../../src/compile.ts";
import { observe, onDatabase } from "./live.ts";
import { goAndReturn, planned, settle, sqlOf, testChanges } from "./said.ts";
import { walk } from "./ways.ts";

test.each(testMajors)("an enum loses a label under a range of it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (labels: string): string => `schema s
enum grade { ${labels} }
type grades range of grade
table t { g grades? }
`;
    await settle(c, text("a b c"));
    await goAndReturn(c, text("a c"));
  }),
);

test.each(testMajors.filter((m) => m >= 14))(
  "a type gets an attribute of one that is made anew, and loses it (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      const text = (labels: string, attribute: string, more: string): string => `schema s
enum grade { ${labels} }
type pair {
  a text
  ${attribute}
}
table t {
  g grade?
  p pair? ${more}
}
`;
      await settle(c, text("a b c", "", ""));
      await goAndReturn(c, text("a c", "b grade", "storage external compression pglz"));
      await goAndReturn(c, text("a b c", "", "storage main"));
      await goAndReturn(c, text("a b c", "b grade", "storage external"));
      // The type of its attribute goes.
      await goAndReturn(
        c,
        text("a b c", "", "storage main").replace("enum grade { a b c }\n", "").replace("  g grade?\n", ""),
      );
    }),
);

test.each(testMajors.filter((m) => m >= 14))("a multirange gets no rights of its own (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = `schema s
default privileges for role postgres grant usage on types to pg_monitor
default privileges for role postgres revoke usage on types from public
`;
    await goAndReturn(c, text);
    await goAndReturn(c, `${text}type whole range of int\n`);
    const { unmodelled } = await observe(c);
    expect(unmodelled).toEqual([]);
    if (major >= 17) return;
    await c.query("alter type s.whole owner to pg_monitor");
    expect((await observe(c)).unmodelled).toEqual([]);
    await c.query("grant usage on type s.whole_multirange to pg_read_all_data");
    const { unmodelled: found } = await observe(c);
    expect(found.map((u) => `${u.what}: ${u.name}`)).toEqual(["rights to a multirange: type s.whole_multirange"]);
  }),
);

test.each(testMajors.filter((m) => m >= 14))(
  "a multirange gets another name under its columns (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      const text = (multirange: string): string => `schema s
type span range of int { multirange ${multirange} }
table t { many ${multirange}, lists ${multirange}[]? }
`;
      await settle(c, text("spans"));
      await c.query("insert into s.t values ('{[1,2),[4,5)}', '{\"{[1,2)}\"}')");
      await goAndReturn(c, text("some"));
      expect((await c.query("select many, lists from s.t"))[0]?.rows).toEqual([
        { many: "{[1,2),[4,5)}", lists: '{"{[1,2)}"}' },
      ]);
    }),
);

test.each(testMajors)("attributes come and go in arrays of a type that is made anew (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (attributes: string): string => `schema s
type item { ${attributes} }
table t { one item?, many item[]? }
`;
    const rows = async (): Promise<unknown> => (await c.query("select one, many from s.t"))[0]?.rows;
    await settle(c, text("a int, b text, note text"));
    await c.query(`insert into s.t values ((1, 'x', 'n'), '{"(1,x,n)"}')`);
    const { plan } = await goAndReturn(c, text("a bigint, b text, on_day date, rate real"));
    expect(plan?.up.hazards.map((h) => h.code)).not.toContain("lossy");
    expect(await rows()).toEqual([{ one: "(1,x,,)", many: '{"(1,x,,)"}' }]);
    await goAndReturn(c, text("a int, b text"));
    expect(await rows()).toEqual([{ one: "(1,x)", many: '{"(1,x)"}' }]);
  }),
);

test.each(testMajors)("labels are renamed where they stand, and back (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (labels: string, sent: string): string => `schema s
enum state { ${labels} }
domain states state[]
type pair { one state, many states }
table t {
  id int primary key
  state state = '${sent}'
  many states?
  pair pair?
  check (state <> '${sent}' or id > 0)
  index by_state on (id) where (state = '${sent}')
}
`;
    const rows = async (): Promise<unknown> => (await c.query("select state, many, pair from s.t"))[0]?.rows;
    await settle(c, text("draft sent", "sent"));
    await c.query(`insert into s.t values (1, 'sent', '{draft,sent}', ('sent', '{sent}'))`);
    const renamed = sqlOf(await goAndReturn(c, text("draft shipped was sent", "shipped")));
    expect(renamed.filter((s) => s.includes("type"))).toEqual(["alter type s.state rename value 'sent' to 'shipped'"]);
    expect(await rows()).toEqual([{ state: "shipped", many: "{draft,shipped}", pair: "(shipped,{shipped})" }]);
    // Others come with it; one that was renamed before stays so.
    const more = sqlOf(await goAndReturn(c, text("first draft packed 'it''s' was shipped was_last", "it''s")));
    expect(more.filter((s) => s.includes("type s.state")).slice(0, 2)).toEqual([
      "alter type s.state rename value 'shipped' to 'it''s'",
      "alter type s.state add value 'first' before 'draft'",
    ]);
    expect(await rows()).toEqual([{ state: "it's", many: "{draft,it's}", pair: "(it's,{it's})" }]);
    // Where the order changes too, the type is made anew, with the rows of the old labels in both ways.
    const anew = await goAndReturn(c, text("sent was 'it''s' new was draft first packed was_last", "sent"));
    expect(anew.plan?.up.hazards.filter((h) => h.code !== "may-fail")).toEqual([]);
    expect(await rows()).toEqual([{ state: "sent", many: "{new,sent}", pair: "(sent,{sent})" }]);
  }),
);

const speaking = (labels: string, sent: string): string => `schema s
enum state { ${labels} }
domain st state = '${sent}' check (value <> '${sent}' or true)
table t partition by list (state) {
  id int
  state state = '${sent}'
  more st?
  sent boolean generated (more::s.state = '${sent}')
  index by_state on (id) where (state = '${sent}')
  policy p for select using (state = '${sent}')
  trigger tr before update for each row when (old.state = '${sent}') execute trg()
}
partition t_draft of t for ('draft')
partition t_sent of t for ('${sent}')
function trg() returns trigger language plpgsql as $$ begin return new; end $$
function f(a state = '${sent}') returns boolean language sql as $$ select a = '${sent}' $$
view v as $$ select id from s.t where state = '${sent}' $$
materialized view mv as $$ select id from s.t where state = '${sent}' $$
`;
testChanges("what speaks of a label has its new name", [
  ["it is renamed", speaking("draft sent", "sent"), speaking("draft shipped was sent", "shipped")],
]);

const keyed = (types: string, of: string, more = ""): string => `schema s
${types}
table t partition by list (key) {
  key ${of}
}
partition rest of t default
${more}`;

test.each([
  ["an enum", keyed("enum region { a b }", "region"), keyed("enum region { a }", "region")],
  [
    "a domain over it",
    keyed("enum region { a b }\ndomain d region", "d"),
    keyed("enum region { b a }\ndomain d region", "d"),
  ],
  ["a domain", keyed("domain d int", "d"), keyed("domain d bigint", "d")],
  ["a composite type", keyed("type p { a int }", "p"), keyed("type p { a bigint }", "p")],
  ["a range", keyed("type r range of int", "r"), keyed("type r range of bigint", "r")],
])("a type is not made anew beneath a partition key: %s", (_, before, after) =>
  onDatabase(testMajors[0]!, async (connection) => {
    await settle(connection, before);
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: after }] });
    expect(refusals.map((r) => r.message)).toEqual([
      expect.stringContaining("s.t is partitioned by its column key, which Postgres gives no other type"),
    ]);
    // A table that is partitioned otherwise, or goes, or comes, does not keep it.
    await goAndReturn(connection, after.replace(/table t[^]*/, ""));
    await goAndReturn(connection, before);
  }),
);

test.each(testMajors)("labels that a partition key gets stay on the way back (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, keyed("enum region { a b }", "region"));
    await c.query("insert into s.t values ('a'), ('b')");
    const { plan } = await planned(c, keyed("enum region { first a c was b d }", "region"));
    expect(plan?.up.hazards.map((h) => [h.code, h.detail])).toEqual(
      ["first", "d"].map((label) => [
        "irreversible",
        `The way back leaves the label '${label}', because a table is partitioned by a column of the type.`,
      ]),
    );
    for (const way of [plan!.up, plan!.down, plan!.up]) await walk(c, way);
    expect(sqlOf(await planned(c, keyed("enum region { first a c d }", "region")))).toEqual([]);
    await walk(c, plan!.down);
    expect(sqlOf(await planned(c, keyed("enum region { first a b d }", "region")))).toEqual([]);
    expect((await c.query("select key from s.t order by key"))[0]?.rows).toEqual([{ key: "a" }, { key: "b" }]);
    // A table that comes with them goes with them.
    await goAndReturn(c, keyed("enum region { first a b d }\nenum other { x }", "region"));
    await goAndReturn(
      c,
      keyed(
        "enum region { first a b d }\nenum other { x y }",
        "region",
        "table u partition by list (key) { key other }\n",
      ),
    );
  }),
);

test("a new column says that its domain may refuse its nulls", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const text = (columns: string): string => `domain positive int check (value > 0)
domain given int check (value is not null)
domain more given check (value > 1)
table t { id int primary key${columns} }
`;
    await settle(c, text(""));
    const { plan } = await planned(c, text(", a positive?, b given?, d more?, e given[]?, f given? = 1"));
    expect(plan?.up.hazards.map((h) => [h.code, "name" in h.on && h.on.name])).toEqual([
      ["may-fail", "b"],
      ["may-fail", "d"],
      ["may-fail", "f"],
    ]);
  }));

const ranked = (labels: string, result: string): string => `schema s
enum e { ${labels} }
function mk(n int) returns e language plpgsql immutable as $$ begin return 'a'; end $$
function rk(x e) returns int language sql immutable as $$ select 1 $$
function through(n int) returns int language sql immutable begin atomic $$ select s.rk(s.mk(n)) $$
table t { n int, lo ${result} generated (rk(mk(n))), th ${result} generated (through(n)) }
`;

testChanges("what a generated column reads is of a type made anew, and it gets another one", [
  [
    "a domain",
    "schema s\ndomain d int\ntable t { e d, lo int generated (e + 1) }\n",
    "schema s\ndomain d bigint\ntable t { e d, lo bigint generated (e + 1) }\n",
  ],
  [
    "an array of it",
    "schema s\ndomain d int\ntable t { e d[], lo int generated (e[1] + 1) }\n",
    "schema s\ndomain d bigint\ntable t { e d[], lo bigint generated (e[1] + 1) }\n",
  ],
  [
    "a range",
    "schema s\ntype fr range of float8\ntable t { r fr, lo float8 generated (lower(r)) }\n",
    "schema s\ntype fr range of numeric\ntable t { r fr, lo numeric generated (lower(r)) }\n",
  ],
  [
    "a domain that is cast implicitly one way only",
    "schema s\ndomain d text\ntable t { e d, lo text generated (e) }\n",
    "schema s\ndomain d int\ntable t { e d, lo int generated (e) }\n",
  ],
  [
    "a composite type",
    "schema s\ntype addr { zip text }\ntable t { a addr, z text generated ((a).zip) }\n",
    "schema s\ntype addr { zip int }\ntable t { a addr, z int generated ((a).zip) }\n",
  ],
  ["functions made anew with it", ranked("a b c", "int"), ranked("a b", "bigint")],
]);

const ruled = (argument: string, holder: string): string => `schema s
function ok(${argument} text) returns boolean language sql immutable as $$ select ${argument} <> '' $$
domain d text check (ok(value))
${holder}
`;
testChanges(
  "a function is made anew beneath the check of a domain",
  [
    ["in an array", "table t { x d[] }"],
    ["in a composite type", "type c { d d }\ntable t { c c }"],
    [
      "in another domain's array, beside a default and a key",
      "domain ds d[]\ntable t { x ds? = '{a}', d d primary key }",
    ],
    ["in a column alone", "table t { x d }"],
  ].map(([what = "", holder = ""]) => [what, ruled("v", holder), ruled("val", holder)] as const),
);
testChanges("a function gets other arguments beneath the check of a domain", [
  [
    "in an array",
    ruled("v", "table t { x d[] }"),
    ruled("v", "table t { x d[] }").replace("ok(v text)", "ok(v text, n int = 0)"),
  ],
  [
    "of a type that is made anew",
    `schema s
enum e { a b c }
function ok(v text) returns boolean language sql immutable begin atomic $$ select v::s.e is not null $$
domain d text check (ok(value))
table t { x d[] }
`,
    `schema s
enum e { a b }
function ok(v text) returns boolean language sql immutable begin atomic $$ select v::s.e is not null $$
domain d text check (ok(value))
table t { x d[] }
`,
  ],
]);

test.each(testMajors)("labels that go are replaced within arrays of other types (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (labels: string): string => `schema s
enum m { ${labels} }
domain dm m
type p { m m, n int, text text }
domain dp p
domain ps p[]
type holder { ps p[], many m[], dms dm[] }
table t {
  id int primary key
  ps p[]?
  dps dp[]?
  own ps?
  holder holder?
  holders holder[]?
  dms dm[]?
}
table heir {
  inherits t
  more int?
}
`;
    const rows = async (): Promise<readonly string[]> =>
      (await c.query("select x::text from s.t x order by id"))[0]?.rows.map((r) => String(r["x"])) ?? [];
    await settle(c, text("a b c"));
    await c.query(`insert into s.t values
      (1, '{"(c,1,c)","(a,2,)",null}', '{"(c,1,)"}', '{"(c,1,)"}', ('{"(c,1,)"}', '{c,a}', '{c,null,b}'),
        array[('{"(c,1,)"}', '{c}', '{c}')::s.holder], '{c,a}'),
      (2, '[5:6]={"(c,1,)","(b,2,)"}', '{}', null, null, '{}', '{{c,a},{b,c}}'),
      (3, '{{"(a,1,)","(b,2,)"}}', null, '{}', (null, '{}', null), null, '{}')`);
    await c.query("insert into s.heir values (4, '{\"(c,1,)\"}', null, null, null, null, null)");
    const was = await rows();
    await goAndReturn(c, text("a b c -> a"));
    // All but the one that is a text.
    expect(await rows()).toEqual(was.map((row) => row.replaceAll(/\bc\b(?!\)"")/g, "a")));
    // An array of several dimensions that holds such a label is refused, and nothing is lost.
    await settle(c, text("a b c"));
    await c.query("update s.t set ps = '{{\"(c,1,)\"}}' where id = 1");
    const { plan } = await planned(c, text("a b c -> a"));
    await expect(walk(c, plan!.up)).rejects.toThrow('invalid input value for enum s.m: "c"');
  }),
);
