/** What Postgres, or a plan, makes again beneath a change: nothing of it is forgotten. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, rolesOnServers, settle } from "./said.ts";

const owner = `made_again_${process.pid}`;
rolesOnServers(owner);

test.each(testMajors)("the query of a materialized view with a long name is known again (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const name = "ä".repeat(31) + "z";
    const text = `table t { a int? }\nmaterialized view ${name} as $$ select a from t where a is not null $$\n`;
    await settle(c, text);
    expect((await compile({ connection: c, files: [{ path: "a.schema", text }] })).plan).toBeNull();
  }),
);

test.each(testMajors)(
  "an exclude constraint stays in its tablespace, an index goes with its extension (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      await c.query("set allow_in_place_tablespaces = on");
      await c.query("create tablespace made_again location ''").catch(() => undefined);
      const text = (type: string): string => `extension citext
table t {
  a ${type}
  exclude using hash (a with =) tablespace made_again
  index t_a on (a) depends on extension citext
}
`;
      await settle(c, text("text"));
      await goAndReturn(c, text(`text collate "POSIX"`));
    }),
);

test.each(testMajors.filter((m) => m >= 14))(
  "a range and its multirange with names that are alike are made anew (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      const long = "x".repeat(60);
      const text = (of: string): string => `type ${long}3 range of ${of} {\n  multirange ${long}2\n}\n`;
      await settle(c, text("int"));
      await goAndReturn(c, text("date"));
    }),
);

const base = (storage: string): string => `
type note base {
  input note_in
  output note_out
  storage ${storage}
  default 'none'
}
function note_in(cstring) returns note language internal immutable strict as $$textin$$
function note_out(note) returns cstring language internal immutable strict as $$textout$$
`;
test.each(testMajors)("a domain has the default of a base type only where it says so (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (more: string): string => `${base("extended")}domain remark note ${more}\n`;
    await settle(c, text(""));
    expect((await c.query("select typdefault from pg_type where typname = 'remark'"))[0]?.rows).toEqual([
      { typdefault: null },
    ]);
    await goAndReturn(c, text("= 'none'"));
    // Said or not when it was made by hand, it is seen.
    await c.query("drop domain remark; create domain remark as note");
    const said = await expectReadable(await observe(c));
    expect((await compile({ connection: c, files: [{ path: "a.schema", text: said }] })).plan).toBeNull();
    const { plan } = await compile({ connection: c, files: [{ path: "a.schema", text: text("") }] });
    expect(plan?.up.steps.flatMap((s) => s.actions.map((a) => a.sql))).toEqual([
      "alter domain public.remark drop default",
    ]);
  }),
);

test.each(testMajors)("a materialized view follows the storage of a base type (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (storage: string): string =>
      `${base(storage)}table t { a note? }\nmaterialized view v as $$ select a from t $$\nview w as $$ select a from v $$\n`;
    await settle(c, text("extended"));
    await goAndReturn(c, text("main"));
  }),
);

test.each(testMajors)("a domain of something else is no composite type yet (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (over: string, of: string): string =>
      `type pair { a ${of} }\ndomain d ${over}\ntable t { x d?, y pair? }\n`;
    await settle(c, text("money", "int"));
    await goAndReturn(c, text("pair", "bigint"));
  }),
);

test.each(testMajors)("columns of heirs become not null with a type that is made anew (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    // Another target of statistics keeps the parent's two statements apart.
    const text = (type: string, end: string, more: string): string =>
      `domain d ${type}\ntable a {\n  x d${end}${more}\n}\ntable b {\n  inherits a\n  x d${end}\n}\n`;
    await settle(c, text("text", "?", ""));
    await goAndReturn(c, text("uuid", "", " statistics 500"));
  }),
);

test.each(testMajors)("extended statistics keep their owner beneath a column's new type (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const text = (type: string): string => `schema s
role ${owner}
grant create, usage on schema s to ${owner}
table t {
  a ${type}
  b int
  /// What they are for.
  statistics s_ab on (a, b)
}
owner ${owner} on statistics s_ab
`;
    await settle(c, text("int"));
    await goAndReturn(c, text("bigint"));
  }),
);
