/** What a text declares beside what the config manages is said, not planned as new for ever. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Scope } from "../../src/snapshot.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";

const [major] = testMajors;
const told: readonly (readonly [scope: Scope, text: string, said: readonly RegExp[]])[] = [
  [{}, `schema a\ntable a.t { k int primary key }\nforeign data wrapper w\nserver s foreign data wrapper w`, []],
  [{ schemas: ["a"] }, `schema a\ntable a.t { k int primary key }\ngrant select on a.t to public`, []],
  [
    { schemas: ["a"] },
    `table t { k int primary key\n  index on (k) }`,
    [/of the schema public, and .* the schemas a:/],
  ],
  [
    { schemas: ["a", "B c"] },
    `schema a\nschema b {}\ntable b.t { k int primary key }\nenum b.e { x }`,
    [/of the schema b, and .* the schemas a, "B c":/, /schema b,/, /schema b,/],
  ],
  [{ schemas: [] }, `enum e { x }`, [/of nobody/]],
  [{ exclude: ["old"] }, `schema old {}\nenum e { x }`, [/old, which the config leaves out/]],
  [
    { schemas: ["public"] },
    `foreign data wrapper w\nserver s foreign data wrapper w`,
    [/of the whole database/, /of the whole database/],
  ],
  [{ exclude: ["old"] }, `foreign data wrapper w\nserver s foreign data wrapper w`, []],
  [{ schemas: ["a"] }, `schema a\nextension citext`, [/schema public/]],
  [{ schemas: ["a"] }, `schema a\nextension citext in a`, []],
  [{}, `schema schemac_x`, [/schemac_x, which is never managed/]],
];

test("what is declared beside what is managed is told", () =>
  onDatabase(major!, async (connection) => {
    for (const [scope, text, said] of told) {
      const { problems } = await compile({ connection, files: [{ path: "a.schema", text }], scope });
      const messages = problems.filter((p) => p.severity === "error").map((p) => p.message);
      expect(messages, text + messages.join("\n")).toHaveLength(said.length);
      for (const [i, s] of said.entries()) expect(messages[i], text).toMatch(s);
    }
  }));

test("of what is nowhere, in a schema that is not managed, no declaration is asked for", () =>
  onDatabase(major!, async (connection) => {
    const help = async (scope: Scope, column: string) => {
      const files = [{ path: "a.schema", text: `schema a\ntable a.t { k ${column} }` }];
      const { problems } = await compile({ connection, files, scope });
      return problems.map((p) => [p.code, p.help]);
    };
    const left =
      "The schema public is not managed here (`manage` in the config): what is used of it must be in the database already.";
    const declare = "Declare it, or correct the name.";
    expect(await help({ schemas: ["a"] }, "public.citext")).toEqual([["unknown-type", left]]);
    expect(await help({ exclude: ["public"] }, '"public".citext')).toEqual([["unknown-type", left]]);
    expect(await help({ schemas: ["a", "public"] }, "public.citext")).toEqual([["unknown-type", declare]]);
    expect(await help({ schemas: ["a"] }, "wholly_strange")).toEqual([["unknown-type", declare]]);
    expect(await help({ schemas: ["a"] }, "int -> public.accounts")).toEqual([["unknown-table", left]]);
  }));
