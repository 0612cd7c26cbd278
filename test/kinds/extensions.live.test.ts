import { describe, expect, test } from "vitest";
import { encode } from "../../src/model/id.ts";
import type { DbObject } from "../../src/model/objects.ts";
import { extensions } from "../../src/kinds/extensions.ts";
import { testMajors } from "../servers/databases.ts";
import { compile, type Compiled } from "../../src/compile.ts";
import { expectReadable, goAndReturn, planned, settle, sqlOf, testChanges } from "./said.ts";
import { walk } from "./ways.ts";
import { changeOf, create, dropOf, expectObserved, observe, onDatabase, run } from "./live.ts";

const extension = (name: string, schema: string, version: string | null): DbObject<"extension"> => ({
  id: { kind: "extension", name },
  attributes: { schema, version },
  needs: [],
});
const schema = (name: string): DbObject<"schema"> => ({ id: { kind: "schema", name }, attributes: {}, needs: [] });
const nasty = ["order", "Mixed Case", 'quo"te', "dot.ted", "naïve 名", "it's", "ü".repeat(31) + "x"];

describe.each(testMajors)("PostgreSQL %i", (major) => {
  test("schemas come and go; those of Postgres, of schemac and of the session are none", () =>
    onDatabase(major, async (c) => {
      await c.query(
        "create schema schemac; create schema schemac_trash; create table schemac.t (a int); create temp table x (a int)",
      );
      const all = [...nasty, "schemacs", "pgx"].map(schema);
      await create(c, all);
      const found = await observe(c);
      expectObserved(found, all);
      expect(found.database.objects.length).toBe(all.length);
      expect(found.unmodelled).toEqual([]);
      for (const o of all) await run(c, dropOf("schema", o));
      expect((await observe(c)).database.objects).toEqual([]);
    }));

  test("a scope is narrowed by name, literally", () =>
    onDatabase(major, async (c) => {
      await create(c, [...nasty, "a_b", "axb"].map(schema));
      for (const n of nasty) await c.query(`create type "${n.replaceAll('"', '""')}".e as enum ()`);
      await c.query("create type order_view");
      const names = async (scope: Parameters<typeof observe>[1]): Promise<readonly string[]> =>
        (await observe(c, scope)).database.objects.map((o) => encode(o.id));
      expect(await names({ schemas: ["it's", "a_b"] })).toEqual([`schema:a_b`, `schema:"it's"`, `enum:"it's".e`]);
      expect(await names({ schemas: [] })).toEqual([]);
      expect(await names({ exclude: [...nasty.slice(1), "a_b"] })).toEqual([
        "schema:axb",
        "schema:order",
        "enum:order.e",
        "shellType:public.order_view",
      ]);
      await c.query("create table ordered (a int primary key); alter index ordered_pkey depends on extension plpgsql");
      expect((await observe(c, { exclude: ["public"] })).unmodelled).toEqual([]);
      expect((await observe(c, { schemas: ["public"] })).unmodelled.map((u) => u.name)).toEqual([
        "public.ordered_pkey",
      ]);
    }));

  test("extensions are made, updated, moved and dropped, and their members are left out", () =>
    onDatabase(major, async (c) => {
      const [old, wanted] = [extension("hstore", "public", "1.4"), extension("hstore", "Ext x", "1.6")];
      await create(c, [schema("Ext x"), old, extension("citext", "public", null)]);
      const found = await observe(c);
      expectObserved(found, [old]);
      // Nothing of citext but itself; its comment is the one of its control file.
      expect(found.database.objects.map((o) => encode(o.id))).toEqual([
        `schema:"Ext x"`,
        "extension:citext",
        "extension:hstore",
      ]);
      expect(found.unmodelled).toEqual([]);
      const names = found.foreignNames
        .filter((f) => f.name === "citext")
        .map((f) => `${f.what} ${f.schema} ${f.extension}`);
      expect(names).toEqual(["function public citext", "type public citext"]);
      const answer = changeOf("extension", old, wanted);
      if (answer === "replace") throw new Error("in place");
      await run(c, answer.actions);
      expectObserved(await observe(c), [wanted]);
      await c.query("comment on extension hstore is 'ours'");
      expect((await observe(c)).database.objects.map((o) => encode(o.id))).toContain("comment:extension:hstore");
      expect(dropOf("extension", wanted).flatMap((a) => a.hazards.map((h) => h.code))).toEqual(["data-loss"]);
      await run(c, dropOf("extension", wanted));
      expect((await observe(c)).database.objects.map((o) => encode(o.id))).toEqual([
        `schema:"Ext x"`,
        "extension:citext",
      ]);
    }));

  test("plpgsql is there already, wherever a text says that it is", () =>
    onDatabase(major, async (c) => {
      const extended = "function f() returns int language plpgsql as $$ begin return 1; end $$";
      for (const said of ["extension plpgsql", "/// Ours\nextension plpgsql version '1.0' in pg_catalog"]) {
        expect(sqlOf(await planned(c, said))).toEqual([]);
        await goAndReturn(c, `${said}\n${extended}`);
        await c.query("drop function if exists f()");
        const text = `${said}\ntable t { a nosuch }`;
        const { problems } = await compile({ connection: c, files: [{ path: "a.schema", text }] });
        expect(problems.map((p) => p.code)).toEqual(["unknown-type"]);
      }
      expect(await expectReadable(await observe(c))).toBe("");
    }));
});

test("an extension that its control file ties to a schema is not moved", () =>
  onDatabase(testMajors[0]!, async (connection) => {
    const text = (where: string): string => `schema a {}\nschema b {}\nextension citext in ${where}`;
    await settle(connection, text("a"));
    await goAndReturn(connection, text("b"));
    await connection.query("update pg_extension set extrelocatable = false where extname = 'citext'");
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: text("a") }] });
    expect(refusals.map((r) => r.message)).toEqual([expect.stringContaining("it stays in the schema")]);
  }));

const holding = (extension: string): string => `${extension}
domain tagged hstore check (value ? 'a')
type pair { a hstore, b tagged }
table t {
  id int primary key
  h hstore = ''
  d tagged?
  p pair?
  index using gin on (h)
  index on ((h -> 'a'))
  check (not h ? 'x')
}
table lists { id int primary key, many hstore[]? }
view seen as $$ select h -> 'b' as b, h, p from t $$`;

test.each(testMajors)("an extension moves into a new schema, and out of one that goes (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const [into, out] = ["alter extension hstore set schema ext", "alter extension hstore set schema public"];
    await settle(c, holding("extension hstore"));
    await c.query(
      `insert into t values (1, 'a=>1', 'a=>1', row('b=>1', 'a=>2')); insert into lists values (1, '{a=>1}')`,
    );
    const there = await goAndReturn(c, holding("extension hstore in ext\nschema ext {}"));
    expect(sqlOf(there)).toEqual(["create schema ext", into]);
    expect(sqlOf(there, "down")).toEqual([out, "drop schema ext"]);
    // Texts are looked up where it is to be, so what they mean now is not known.
    const back = await goAndReturn(c, holding("extension hstore"));
    const moves = [...sqlOf(back), ...sqlOf(back, "down")].filter((x) => / (extension|schema) /.test(x));
    expect(moves).toEqual([out, "drop schema ext", "create schema ext", into]);
    expect(
      (await c.query("select h -> 'a' as a, (p).a -> 'b' as b from t join lists on many[1] ? 'a'"))[0]!.rows,
    ).toEqual([{ a: "1", b: "1" }]);
  }),
);

testChanges(
  "what names things of an extension waits for it to move, wherever it stands",
  [
    [
      "an operator class",
      `schema app
extension pg_trgm
table docs { id int primary key, title text, index using gin on (title gin_trgm_ops) }`,
      `schema app
extension pg_trgm in ext
table docs { id int primary key, title text, index using gin on (title gin_trgm_ops) }
schema ext {}`,
    ],
    [
      "new things, while what goes waits for a default",
      `extension pg_trgm
function near(a text) returns real language sql return (similarity(a, a))
table z { id int primary key, c real = near('x') }`,
      `extension pg_trgm in ext
table docs { id int primary key, title text, index using gin on (title ext.gin_trgm_ops) }
table z { id int primary key, c real = 1 }
function alike(a text) returns real language sql as $$ select ext.similarity(a, a) $$
schema ext {}`,
    ],
  ],
  14,
);

test.each(testMajors)(
  "tables that an extension keeps in a schema of its own can be referred to (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (connection) => {
      // No extension at hand has tables.
      await connection.query(`create extension hstore; create schema jobs; create table jobs.job (id int primary key);
      alter extension hstore add schema jobs; alter extension hstore add table jobs.job`);
      const text = (members: string): string => `extension hstore\ntable runs { ${members} }`;
      await settle(connection, text("id int primary key"));
      await goAndReturn(connection, text("id int primary key, job int -> jobs.job (id)"));
      const { problems } = await compile({
        connection,
        files: [{ path: "a.schema", text: text("job int -> jobs.job") }],
      });
      expect(problems.map((p) => [p.code, p.help])).toEqual([["foreign-key-no-unique", "Write -> jobs.job (column)."]]);
    }),
);

test("tables that a new extension may bring are waited for; a slip of the pen is told", () =>
  onDatabase(testMajors[0]!, async (connection) => {
    const compiled = (target: string): Promise<Compiled> =>
      compile({
        connection,
        files: [
          {
            path: "a.schema",
            text: `extension citext\ntable customers { id int primary key }\ntable a { b int -> ${target} }`,
          },
        ],
      });
    for (const target of ["jobs.job (id)", "spatial_ref_sys (srid)"]) {
      const c = await compiled(target);
      expect(c.problems).toEqual([]);
      const steps = sqlOf(c);
      const at = (what: string): number => steps.findIndex((x) => x.includes(what));
      expect(at("create extension")).toBeLessThan(at("references"));
      expect(at("create extension")).toBeGreaterThan(-1);
    }
    expect((await compiled("custmers (id)")).problems.map((p) => [p.code, p.fix])).toEqual([
      ["unknown-table", "customers"],
    ]);
  }));

test.each(testMajors)("a version that no scripts lead back to stays on the way back (PostgreSQL %i)", (major) =>
  onDatabase(major, async (connection) => {
    const text = (version: string): string => `extension hstore version '${version}'`;
    await settle(connection, text("1.4"));
    const { plan } = await planned(connection, text("1.6"));
    expect(plan?.up.hazards.map((h) => [h.code, h.detail])).toEqual([
      ["irreversible", "No scripts lead back to version 1.4, so the way back leaves version 1.6."],
    ]);
    for (const way of [plan!.up, plan!.down, plan!.up]) await walk(connection, way);
    expect(sqlOf(await planned(connection, text("1.6")))).toEqual([]);
    for (const version of ["1.4", "99"]) {
      const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: text(version) }] });
      expect(refusals.map((r) => r.message)).toEqual([expect.stringContaining(`lead from version 1.6 to ${version}`)]);
    }
  }),
);

test("no version said is whichever is there", () => {
  const live = extension("citext", "public", "1.6");
  expect(extensions.adopt!(extension("citext", "public", null), live)).toEqual(live);
  expect(extensions.adopt!(extension("citext", "public", "1.5"), live).attributes.version).toBe("1.5");
});
