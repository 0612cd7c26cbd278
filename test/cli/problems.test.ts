import { spawnSync } from "node:child_process";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { problem } from "../../src/problems.ts";
import { excerpt, inOrder, Locator, ProblemRenderer } from "../../src/cli/problems.ts";
import { describeId } from "../../src/model/id.ts";
import {
  clean,
  cleanKeepingColour,
  count,
  hasPassword,
  inLine,
  list,
  redact,
  shellQuoted,
  width,
} from "../../src/cli/text.ts";

const plain = pc.createColors(false);
const render = (text: string, start: number, end: number, more: { help?: string; fix?: string } = {}): string =>
  new ProblemRenderer(new Map([["a.schema", text]]), plain).render(
    problem("unknown-type", { file: "a.schema", start, end }, 'there is no type "txt"', more),
  );
/** The part of the source that the carets stand under, cell by cell. */
const under = (text: string, start: number, end: number): string => {
  const [source, carets] = excerpt(new Locator(text), start, end);
  let column = 0;
  let out = "";
  for (const c of source) {
    if (carets[column] === "^") out += c;
    column += width(c);
  }
  return out;
};

describe("a problem for people", () => {
  test("shows place, code, sentence, source, caret, help and fix", () => {
    const text = "table t {\n  name txt?\n}\n";
    const at = text.indexOf("txt");
    expect(render(text, at, at + 3, { help: "types are Postgres's own", fix: "text" })).toBe(
      [
        'a.schema:2:8: error[unknown-type]: there is no type "txt"',
        "    2 |   name txt?",
        "      |        ^^^",
        "      help: types are Postgres's own",
        "      fix: write `text`",
      ].join("\n"),
    );
  });

  test("says of what is to go that it is to go", () => {
    expect(render("table t;\n", 7, 8, { fix: "" })).toMatch(/\n {6}fix: remove it$/);
  });

  test("counts characters in columns, whatever they are made of", () => {
    const text = "// 😀é\n/* 👍🏽 */ x";
    expect(new Locator(text).place(text.indexOf("x"))).toEqual({ line: 2, column: 10 });
  });

  test.each([
    ["tabs", "\ttable\tt {\tname txt }", "txt"],
    ["wide characters", "/* 漢字かな */ txt", "txt"],
    ["emoji", "/* 😀😀 */ txt /* 😀 */", "txt"],
    ["combining marks", "/* e\u0301e\u0301 */ txt", "txt"],
    ["a wide span", "x 漢字 y", "漢字"],
    ["control characters", "a\u0001\u001b[31mb txt", "txt"],
    ["bidi characters", "\u202ea\u2066 txt", "txt"],
    ["a very long line", "x ".repeat(3_000_000) + "txt" + " y".repeat(1_000_000), "txt"],
    ["a long line of wide characters", "漢".repeat(5000) + "txt" + "字".repeat(5000), "txt"],
    ["the start of a long line", "txt" + " y".repeat(1000), "txt"],
    ["the end of a long line", "y ".repeat(1000) + "txt", "txt"],
    ["a CRLF line", "a\r\nb txt\r\nc", "txt"],
  ])("stands under its span: %s", (_, text, word) => {
    const start = text.indexOf(word);
    expect(under(text, start, start + word.length)).toBe(word);
  });

  test("a long line is trimmed on both sides", () => {
    const text = "x ".repeat(500) + "txt" + " y".repeat(500);
    const [source] = excerpt(new Locator(text), 1000, 1003);
    expect(source.startsWith("…")).toBe(true);
    expect(source.endsWith("…")).toBe(true);
    expect(source.length).toBeLessThan(110);
  });

  test("an empty span and the end of the file have a caret too", () => {
    expect(render("abc\n", 4, 4)).toContain("a.schema:2:1");
    expect(excerpt(new Locator("abc"), 3, 3)).toEqual(["abc", "   ^"]);
    expect(excerpt(new Locator("abc\r\n"), 3, 5)).toEqual(["abc", "   ^"]);
  });

  test("a span of many lines is shown by its first", () => {
    expect(excerpt(new Locator("a bc\nde\nf"), 2, 9)).toEqual(["a bc", "  ^^"]);
  });

  test("nothing foreign steers the terminal", () => {
    const evil = "\u001b]0;owned\u0007\u202e\u0000\u009b31m";
    const text = new ProblemRenderer(new Map([[`${evil}.schema`, `${evil} x`]]), plain).render(
      problem("syntax", { file: `${evil}.schema`, start: 0, end: 1 }, `bad ${evil}`, { help: evil, fix: evil }),
    );
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test("a file that could not be read has no excerpt", () => {
    expect(render("", 0, 0).split("\n")).toHaveLength(1);
  });

  test("stand in the order of files and places", () => {
    const at = (file: string, start: number) => problem("syntax", { file, start, end: start }, "x");
    expect(inOrder([at("b", 0), at("a", 9), at("a", 1)]).map((p) => `${p.span.file}${p.span.start}`)).toEqual([
      "a1",
      "a9",
      "b0",
    ]);
  });
});

describe("text", () => {
  test("colour codes stay only where they are wanted", () => {
    expect(cleanKeepingColour("\u001b[31mred\u001b[39m\u001b[2J\u001b[1;5H")).toBe("\u001b[31mred\u001b[39m[2J[1;5H");
    expect(clean("\u001b[31mred")).toBe("[31mred");
    expect(clean("a\tb\nc")).toBe("a\tb\nc");
  });
  test.each([
    ["postgres://me:secret@h/db", "postgres://me:***@h/db"],
    ["postgres://me:s@cr:et/x@h/db failed", "postgres://me:***@h/db failed"],
    ["postgresql://:secret@/db?host=/tmp", "postgresql://:***@/db?host=/tmp"],
    ["postgres://h/db?password=secret&x=1", "postgres://h/db?password=***&x=1"],
    ["host=h password=secret user=me", "host=h password=*** user=me"],
    ["password='a b' x", "password=*** x"],
    ["postgres://me:secr et@h/d", "postgres://me:***@h/d"],
    ["at postgres://me:s'e\"c`ret@h/d", "at postgres://me:***@h/d"],
    ["postgres://me:s@cr et@h/d", "postgres://me:***@h/d"],
    ["postgres://me:secret@h/d and mysql://me:secret@i/e", "postgres://me:***@h/d and mysql://me:***@i/e"],
    ["postgres://me:1234/secret@h/d", "postgres://me:***@h/d"],
    ["PGPASSWORD = 'se \\' cret' x", "PGPASSWORD = *** x"],
    ["password='secret", "password=***"],
    ["password:secret", "password:***"],
    ['password: "secret"', "password: ***"],
    ["alter role x password 'sec''ret' login", "alter role x password *** login"],
    ["encrypted password E'sec\\'ret', x", "encrypted password ***, x"],
    ["password $q$sec$$ret$q$ login", "password *** login"],
    ["password 'sec\nret'\n  'secret' login", "password ***\n\n login"],
    ["password /* 'x' */ 'secret", "password /* 'x' */ ***"],
    [
      `options (user 'u', set "password" 'secret', add api_key 'x')`,
      `options (user 'u', set "password" ***, add api_key ***)`,
    ],
    ["execute 'alter role x password ''secret'''", "execute 'alter role x password ***'"],
    ["set my.secret to 'secret'", "set my.secret to ***"],
    ["connection 'host=h password=''sec ret'' user=u'", "connection 'host=h password=*** user=u'"],
    ["connection 'password=''sec\\''ret'''", "connection 'password=***'"],
    ["connection E'host=h password=\\'sec ret\\''", "connection 'host=h password=***'"],
    [`Unexpected token 'n', "n" is not valid JSON`, `Unexpected token 'n', "n" is not valid JSON`],
    ["options (password_required 'false')", "options (password_required 'false')"],
    ["comment on column t.password is 'x'", "comment on column t.password is 'x'"],
    ["~ column password: type text → varchar(20)", "~ column password: type text → varchar(20)"],
    ["! data-loss: column a.b.password: rows are lost", "! data-loss: column a.b.password: rows are lost"],
    ["postgres://h:5432/d for me@example.com", "postgres://h:5432/d for me@example.com"],
    ["see http://h:80, and ask a@b", "see http://h:80, and ask a@b"],
    ["postgres://me@h:5432/db", "postgres://me@h:5432/db"],
    ["see https://example.com/a:b", "see https://example.com/a:b"],
  ])("hides passwords: %s", (given, wanted) => {
    expect(redact(given)).toBe(wanted);
    expect(hasPassword(given)).toBe(given !== wanted);
  });
  test("a name ends no line, and is said in one that can be pasted", () => {
    const name = "it's \\ a\n\u001b[31mb\tc\u202e";
    expect(inLine(name)).toBe("it's \\ a\\n\\u001b[31mb\\tc\\u202e");
    expect(shellQuoted(name)).not.toMatch(/\n/);
    for (const given of [name, "it's", "a b"])
      expect(spawnSync("bash", ["-c", `printf %s ${shellQuoted(given)}`], { encoding: "utf8" }).stdout).toBe(given);
    const id = { kind: "table", schema: "public", name: "x\nNo difference" } as const;
    const told = problem("syntax", { file: "a", start: 0, end: 0 }, `${describeId(id)} is odd.`);
    expect(new ProblemRenderer(new Map(), plain).render(told)).toMatch(/^a:1:1: .*"x\\nNo difference" is odd\.$/);
  });
  test("names settings in words", () => {
    const setting = { kind: "setting", role: null, inDatabase: true, name: "work_mem" } as const;
    expect(describeId(setting)).toBe("setting work_mem of the database");
    expect(describeId({ ...setting, role: "app" })).toBe("setting work_mem of role app in this database");
    expect(describeId({ ...setting, role: "app", inDatabase: false })).toBe("setting work_mem of role app");
  });
  test("counts in words", () => {
    expect([
      count(1, "index"),
      count(2, "index"),
      count(2, "primary key"),
      count(0, "policy"),
      list(["a", "b", "c"]),
    ]).toEqual(["1 index", "2 indexes", "2 primary keys", "0 policies", "a, b and c"]);
  });
});
