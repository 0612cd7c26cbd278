import { describe, expect, it } from "vitest";
import type pg from "pg";
import type { PGlite } from "@electric-sql/pglite";
import { fromClient, fromPGlite, fromPool } from "../../src/run/index.ts";
import { splitStatements } from "../../src/run/statements.ts";
import { Random } from "./random.ts";

const parts = (text: string): readonly string[] =>
  splitStatements(text).pieces.map((p) => text.slice(p.start, p.end).trim());

describe("statements", () => {
  it.each<[string, readonly string[]]>([
    ["", []],
    [" ; -- x\n ;; /* ; /* ; */ */", []],
    ["select 1", ["select 1"]],
    ["select ';' ; select \";\"", ["select ';'", 'select ";"']],
    ["select e'\\';' ; select 'a\\' ; select 2", ["select e'\\';'", "select 'a\\'", "select 2"]],
    ["select e'a'\n -- '\n 'b\\' ; c' ; x", ["select e'a'\n -- '\n 'b\\' ; c'", "x"]],
    ["select e'a' 'b\\' ; c", ["select e'a' 'b\\'", "c"]],
    ["select $$;$$, $a$ ; $$ ; $a$; x", ["select $$;$$, $a$ ; $$ ; $a$", "x"]],
    ["select a$b$c; d$b$", ["select a$b$c", "d$b$"]],
    ["select $1; select 1e'x;'", ["select $1", "select 1e'x;'"]],
    [
      "create rule r as on insert to t do (select 1; select 2); x",
      ["create rule r as on insert to t do (select 1; select 2)", "x"],
    ],
    [
      "create function f() begin atomic select case when a then 1 end; select 2; end; x",
      ["create function f() begin atomic select case when a then 1 end; select 2; end", "x"],
    ],
    [
      "create or replace procedure p() begin atomic; end; begin; end",
      ["create or replace procedure p() begin atomic; end", "begin", "end"],
    ],
    ["do $_é1$ ; $_é1$; x", ["do $_é1$ ; $_é1$", "x"]],
    ["select /* ; */ 1 -- ;\r\n + 1; y", ["select /* ; */ 1 -- ;\r\n + 1", "y"]],
  ])("of %j", (text, wanted) => {
    expect(parts(text)).toEqual(wanted);
    expect(splitStatements(text).open).toBe(null);
  });

  it.each([
    ["select '", "string"],
    ["select e'\\'", "string"],
    ['select "', "quoted name"],
    ["select $a$ $$", "dollar quote"],
    ["/* /* */", "comment"],
  ])("%j is open", (text, what) => {
    expect(splitStatements(text).open).toBe(what);
  });

  it("are found in time that grows with the text, whatever it holds", () => {
    const r = new Random(11);
    const words = [
      "'",
      '"',
      "$$",
      "$a$",
      "(",
      ")",
      ";",
      "/*",
      "*/",
      "--",
      "\n",
      "e'",
      "begin ",
      "create function ",
      "case ",
      "end",
      "1",
      " ",
      "\\",
      "$",
      "é",
      "e''-- ",
      "e''\n-- ",
    ];
    const huge = (word: string): string => word.repeat(2_000_000 / word.length);
    // Work that grows with the square would not end before the test is given up.
    for (const text of [...words.map(huge), Array.from({ length: 300_000 }, () => r.pick(words)).join("")])
      splitStatements(text);
  });
});

it("pg's and PGlite's own types fit", () => {
  const open = (client: pg.Client, pooled: pg.PoolClient, pool: pg.Pool, db: PGlite): unknown => [
    fromClient(client),
    fromClient(pooled),
    fromPool(pool),
    fromPGlite(db),
  ];
  expect(open).toBeTypeOf("function");
});
