/** Statements that a project holds: what a block is called, what it may say, and that reading a text runs nothing of it. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Connection } from "../../src/run/connection.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, settle } from "./said.ts";

const problemsOf = async (connection: Connection, text: string): Promise<readonly string[]> => {
  const { problems } = await compile({ connection, files: [{ path: "a.schema", text }] });
  return problems.map((p) => `${p.code} ${text.slice(p.span.start, p.span.end)}`);
};

// The parser of PostgreSQL 16 knows nothing of JSON_TABLE.
const newer = "select * from json_table('[1]'::jsonb, '$[*]' columns (a int path '$')) j";
test.each(testMajors)("nothing of a text is run to read it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await c.query("create table t (a int not null); insert into t values (1); create view v as select 1 as a");
    const table = "table t { a int }\n";
    for (const query of ["select 1 as a", newer])
      expect(
        (await problemsOf(c, `${table}view v as $$ ${query}; drop table public.t; commit $$`)).slice(0, 1),
      ).toEqual(["syntax ;"]);
    const block = (create: string): string => `${table}sql 'x' { create $$ ${create} $$ }`;
    expect(await problemsOf(c, block(`${newer}; drop table public.t; commit`))).toEqual(
      major < 17 ? ["fragment-syntax columns"] : [],
    );
    const atomic = `${table}function f() returns int begin atomic $$ ${newer}; select 1; end; drop table public.t; commit $$`;
    expect((await problemsOf(c, atomic)).slice(0, 1)).toEqual(["syntax e"]);
    expect((await c.query("select a from t"))[0]?.rows).toEqual([{ a: "1" }]);
  }),
);

test.each(testMajors)("a block may have the name of a table of the ledger's (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const block = (text: string): string => `sql 'revision' { create $$ ${text} $$, drop $$ select 2 $$ }`;
    // As it was made where the ledger has another schema.
    await c.query(`create schema schemac; create domain schemac.revision as text;
comment on domain schemac.revision is '{"create":"select 1","drop":"select 2","path":["public"]}'`);
    await settle(c, block("select 1"));
    await settle(c, "");
    await c.query("create table schemac.revision (a int)");
    await goAndReturn(c, block("select 1"));
    await goAndReturn(c, block("select 3"));
    await goAndReturn(c, "");
  }),
);
