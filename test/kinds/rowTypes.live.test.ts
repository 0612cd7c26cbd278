/** Tables whose rows columns of other tables hold: what Postgres refuses then is not planned. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";

test.each([
  ["a column's type", "table t { a bigint }"],
  ["how it is stored", "unlogged table t { a int }"],
])("what would write all rows anew is refused while a column holds some: %s", (_, after) =>
  onDatabase(testMajors[0]!, async (connection) => {
    await connection.query("create table t (a int not null); create domain d as t; create table u (r d[])");
    const text = `${after}\ndomain d t\ntable u { r d[]? }`;
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text }] });
    expect(refusals.map((r) => r.message)).toEqual([
      expect.stringContaining("public.u.r has the type of its rows, and Postgres then writes none of them anew"),
    ]);
  }),
);
