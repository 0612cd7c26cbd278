import { describe, expect, test } from "vitest";
import { statements } from "../../src/cli/sqlScript.ts";

const never = (command: string): never => {
  throw new Error(command);
};
const sqls = (text: string): readonly string[] => statements(text, never).map((s) => s.sql.trim());

describe("the statements of a script", () => {
  test.each<[string, string, readonly string[]]>([
    ["plain", "select 1; select 2;\nselect 3", ["select 1", "select 2", "select 3"]],
    ["empty ones", ";;  ; -- nothing\n/* ; */ ;", []],
    ["quotes", `select ';', "a;b", 'it''s;' ; x`, [`select ';', "a;b", 'it''s;'`, "x"]],
    ["escapes", "select E'\\';' ; select 'a\\'; y", ["select E'\\';'", "select 'a\\'", "y"]],
    [
      "dollar quotes",
      "do $$ begin; $x$ ; end $$; select $a$ $$ ; $a$; b",
      ["do $$ begin; $x$ ; end $$", "select $a$ $$ ; $a$", "b"],
    ],
    ["a dollar in a name", "select a$b; select c$d", ["select a$b", "select c$d"]],
    ["a parameter-like dollar", "select $1; select $2", ["select $1", "select $2"]],
    ["comments", "-- a;\nselect 1 -- ;\n+ 1; /* /* ; */ ; */ select 2", ["select 1 -- ;\n+ 1", "select 2"]],
    [
      "rules",
      "create rule r as on insert to t do (delete from a; delete from b); x",
      ["create rule r as on insert to t do (delete from a; delete from b)", "x"],
    ],
    [
      "atomic bodies",
      "create function f() returns int begin atomic select 1; select 2; end; x",
      ["create function f() returns int begin atomic select 1; select 2; end", "x"],
    ],
    [
      "psql's commands",
      "\\restrict abc\nselect 1;\n\\connect - me\nselect 2;\n\\unrestrict abc\n",
      ["select 1", "select 2"],
    ],
    [
      "rows",
      "copy public.t (a) from stdin;\n1;\t'\n\\.\nselect 2;\r\nCOPY t FROM stdin;\r\na\r\n\\.\r\nselect 3;",
      ["select 2", "select 3"],
    ],
    ["open ends", "select 'abc; x", ["select 'abc; x"]],
  ])("%s", (_, text, wanted) => {
    expect(sqls(text)).toEqual(wanted);
  });

  test("know where they stand", () => {
    const text = "-- x\n\nselect 1;\n/* a\nb */ select 2;\ncopy t from stdin;\n1\n\\.\nselect 3;";
    for (const s of statements(text, never)) expect(text.slice(s.start, s.start + s.sql.length)).toBe(s.sql);
    expect(statements(text, never).map((s) => s.sql)).toEqual(["select 1", "select 2", "select 3"]);
  });

  test("a line of psql's inside a text is text", () => {
    expect(sqls("do $$\n\\connect me\ncopy t from stdin;\n$$; x")).toEqual([
      "do $$\n\\connect me\ncopy t from stdin;\n$$",
      "x",
    ]);
  });

  test("a command of psql's that would make something else of them is told, wherever it stands", () => {
    const told: string[] = [];
    const text =
      "\\set x 1\n\\echo hi\n\\i a.sql\nselect 1\n\\gexec\n\\if false\nselect 2;\n\\endif\n\\copy t from 'x'\ndo $$\n\\i b\n$$;";
    statements(text, (command, start) => void told.push(`${command} ${text.slice(start, start + 4)}`));
    expect(told).toEqual(["i \\i a", "gexec \\gex", "if \\if ", "endif \\end", "copy \\cop"]);
  });

  test("ten megabytes are no trouble", () => {
    expect(statements("insert into t values ('a;b', $$;$$); -- c\n".repeat(250_000), never)).toHaveLength(250_000);
  });
});
