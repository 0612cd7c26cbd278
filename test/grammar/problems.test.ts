import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { problemCodes, type ProblemCode } from "../../src/problems.ts";

/** Problems as `code "text at the place" message`, help and fix after it. */
function problems(text: string, values: Record<string, string> = {}): string[] {
  return parse("a.schema", text, values).problems.map((p) => {
    expect(p.severity).toBe(problemCodes[p.code]);
    expect(p.span.file).toBe("a.schema");
    const more = (p.help === undefined ? "" : ` | ${p.help}`) + (p.fix === undefined ? "" : ` => ${p.fix}`);
    return `${p.code} "${text.slice(p.span.start, p.span.end)}" ${p.message}${more}`;
  });
}

const cases: readonly (readonly [text: string, ...expected: string[]])[] = [
  ["table t {\n  note {\n  }\n}", 'syntax "{" expected a type after the column name `note`, found `{`'],
  ["table t {\n  note\n}", 'syntax "" expected a type after the column name `note`, found the end of the line'],
  [
    "table t {\n  a int\n    b int\n}",
    'syntax "b" expected a modifier such as `= default`, `primary key` or `check (…)`, `?`, `(` or the end of the line after `int`, found `b` | this line goes on with `a`, for it is indented deeper; what stands alone is indented as that is',
  ],
  [
    "table t {\n  a int\n    unique (a)\n}",
    'syntax "(" expected a modifier such as `= default`, `primary key` or `check (…)`, `include`, `deferrable`, `initially`, `tablespace`, `nulls` or the end of the line after `unique`, found `(` | this line goes on with `a`, for it is indented deeper; what stands alone is indented as that is',
  ],
  ["tabel t {\n  a int\n}", 'unknown-keyword "tabel" `tabel` is no word known here; did you mean `table`? => table'],
  [
    "role r nologin",
    'syntax "nologin" expected `login`, `superuser`, `createdb`, `createrole`, `noinherit`, `replication`, `bypassrls`, … or the end of the line after the role\'s name `r`, found `nologin` | a role has `nologin` without saying => ',
  ],
  [
    "role r noinhert",
    'unknown-keyword "noinhert" `noinhert` is no word known here; did you mean `noinherit`? => noinherit',
  ],
  [
    "table t {\n  a int uniqe\n}",
    'unknown-keyword "uniqe" `uniqe` is no word known here; did you mean `unique`? => unique',
  ],
  [
    "sequence s incremnt 5",
    'unknown-keyword "incremnt" `incremnt` is no word known here; did you mean `increment`? => increment',
  ],
  [
    "table t {\n  a int not null\n}",
    'syntax "not null" a column is not null unless its type ends in `?` | leave `not null` out => ',
  ],
  [
    "table t {\n  a int default 5\n}",
    'syntax "default" expected a modifier such as `= default`, `primary key` or `check (…)`, `?`, `(` or the end of the line after `int`, found `default` | a default is written `= value` => =',
  ],
  [
    "table t (a int)",
    'syntax "(" expected `{` after the table\'s name `t`, found `(` | the members of a table stand in braces, one a line',
  ],
  ["table t {\n  primary key\n}", 'syntax "" expected column names in brackets after `key`, found the end of the line'],
  [
    "table t {\n  check positive (a > 0)\n}",
    'syntax "positive" expected an SQL expression in brackets after `check`, found `positive` | a constraint\'s name stands before it: `constraint positive check …`',
  ],
  [
    "table t {\n  check length(a) > 0\n}",
    'syntax "length" expected an SQL expression in brackets after `check`, found `length`',
  ],
  [
    "table t {\n  foreign key mine (a) -> x\n}",
    'syntax "mine" expected column names in brackets after `key`, found `mine` | a constraint\'s name stands before it: `constraint mine foreign key …`',
  ],
  [
    "table t {\n  exclude mine using gist (a with =)\n}",
    'syntax "mine" expected elements in brackets after `exclude`, found `mine` | a constraint\'s name stands before it: `constraint mine exclude …`',
  ],
  [
    "table t {\n  a int unique not null\n}",
    'syntax "not null" a column is not null unless its type ends in `?` | leave `not null` out => ',
  ],
  [
    "enum e ('a', 'b')",
    'syntax "(" expected `{` after the enum\'s name `e`, found `(` | labels stand in braces: `enum mood { happy sad }`',
  ],
  [
    "enum e as enum ('a')",
    'syntax "as" expected `{` after the enum\'s name `e`, found `as` | labels stand in braces: `enum mood { happy sad }`',
  ],
  [
    "type t as (a int)",
    'syntax "as" expected `{`, `comment`, `range`, `base`, `shell`, `in` or the end of the line after the type\'s name `t`, found `as` | attributes stand in braces: `type point { x int, y int }`',
  ],
  [
    "domain d as text",
    'syntax "text" expected `collate`, `=`, `not`, `check`, `constraint`, `comment`, `with`, `(` or the end of the line after `as`, found `text` | a type follows the name without `as`',
  ],
  [
    "extension uuid-ossp",
    'syntax "-" expected `version`, `in`, `comment` or the end of the line after the extension\'s name `uuid`, found `-` | a name that is not plain stands in double quotes',
  ],
  [
    "policy p on t using (true)",
    'syntax "policy" expected `schema`, `extension`, `enum`, `domain`, `type`, `collation`, `text` or …, found `policy` | it stands among the members of its table: `table users { policy … }`',
  ],
  [
    "comment on table t is 'x'",
    'syntax "on" expected a string in single quotes after `comment`, found `on` | a comment stands above what it is of: `/// …`',
  ],
  ["rows t {\n  (1)\n}", 'syntax "{" expected `(` after the table\'s name `t`, found `{`'],
  [
    "function f() returns int as 'select 1' language sql",
    "syntax \"language\" expected `,` or the end of the line after `'select 1'`, found `language` | a body comes last: `language …` stands before `as`",
  ],
  [
    "function f() returns int language sql $$ select 1 $$",
    'syntax "$$ select 1 $$" expected `as`, `return` or `begin` after `sql`, found `$$ select 1 $$` | `as` stands before a body: `as $$ … $$`',
  ],
  [
    "view v as select 1",
    'syntax "select" expected SQL in dollar quotes or an SQL expression in brackets after `as`, found `select` | a query stands in dollar quotes or in brackets: `as (select …)`',
  ],
  [
    "function f() returns int language sql as select 1",
    'syntax "select" expected a string in single quotes after `as`, found `select` | a body stands in dollar quotes: `as $$ … $$`',
  ],
  ["table t {\n  index (a)\n}", 'syntax "(" expected `on` after `index`, found `(`'],
  [
    "table t {\n  a int = 1 + 2\n}",
    'syntax "+" expected a modifier such as `= default`, `primary key` or `check (…)` or the end of the line after `1`, found `+` | a default that is more than a literal, a name or a call stands in brackets: `= (…)`',
  ],
  [
    "table t {\n  a int;\n}",
    'syntax ";" expected a modifier such as `= default`, `primary key` or `check (…)`, `?`, `(` or the end of the line after `int`, found `;` | nothing ends with `;` here; on one line, a comma stands between two => ',
  ],
  [
    "function f() returns int language sql called on null input as $$ select 1 $$",
    "found `called` | a routine is called on null input without saying; `strict` says that it is not",
  ],
  ["type a.b (x int)", "found `(` | attributes stand in braces: `type point { x int, y int }`"],
  [
    "table t {\n  a int\n  unique (a) nulls not distinct\n}",
    "found `nulls` | `nulls not distinct` stands before a constraint's columns: `unique nulls not distinct (…)`",
  ],
  ["table t {\n  a int check ()\n}", 'syntax "()" expected an SQL expression between the brackets'],
  [
    "table t {\n  foreign key (a) references b\n}",
    'syntax "references" expected `->` after `key (a)`, found `references` | a reference is written `-> table (column)` => ->',
  ],
  ["table t {\n  a int = 5 = 6\n}", 'duplicate-clause "= 6" `=` is said already | keep one of the two'],
  [
    "/// A.\ntable t {\n  comment 'B'\n}",
    "duplicate-clause \"comment 'B'\" `comment` is said already | keep one of the two",
  ],
  ["table t {\n  a int varying\n}", 'syntax "int varying" there is no type `int varying`'],
  ["table t {\n  a text day\n}", 'syntax "day" only `interval` takes fields such as `day`'],
  ["sequence s start 1.5", 'syntax "1.5" expected a whole number, found `1.5`'],
  [
    "enum e { 3d }",
    'syntax "3" expected a label, found `3` | a label that is not a plain name stands in single quotes',
  ],
  ['enum e { "A" }', 'syntax ""A"" an enum label in quotes stands in single quotes => \'A\''],
  [
    "enum e { Draft }",
    "unfolded-name \"Draft\" `Draft` without quotes is read as `draft` | write `'Draft'` to keep the capitals, or `draft` => 'Draft'",
  ],
  [
    "table Users {}",
    'unfolded-name "Users" `Users` without quotes is read as `users` | write `"Users"` to keep the capitals, or `users` => "Users"',
  ],
  [
    "table t {\n  A INT\n}",
    'unfolded-name "A" `A` without quotes is read as `a` | write `"A"` to keep the capitals, or `a` => "A"',
  ],
  ['table "" {}', 'syntax """" a name cannot be empty'],
  [
    "table t {\n  a\u00a0int\n}",
    'syntax "\u00a0" there is an invisible character (U+00A0) here | write an ordinary space, or put the name in double quotes =>  ',
  ],
  ["table t {\n  a int\n", 'unterminated "{" this `{` is never closed'],
  ["table t {\n  a int check (a > 0\n}", 'unterminated "(" this `(` is never closed'],
  ["table t {\n  a text = 'x\n}", "unterminated \"'\" this string is never closed | close it with `'`"],
  ['table t {\n  "a text\n}', 'unterminated """ this name is never closed | close it with `"`'],
  ["table t {}\n/* open", 'unterminated "/*" this comment is never closed | close it with `*/`'],
  ["sql 'x' $body$ open", 'unterminated "$body$" this dollar-quoted text is never closed | close it with `$body$`'],
  ["table t {\n  a int check (b[1)\n}", 'unterminated "(" this `(` is never closed'],
  ["table t {\n  a int check (b[1)])\n}", 'syntax ")" this `)` closes a `[`'],
  ["}", 'syntax "}" this `}` closes nothing'],
  ["table t {} x", 'syntax "x" expected the end of the line after `}`, found `x`'],
  ["rows t (a) { 1 }"],
  ["sql 'x' {\n  drop $$ b $$\n}", "syntax \"sql 'x' {"],
  ["rows c (a) {\n  'x' 'y'\n}", "syntax \"'y'\""],
  [
    "table t {\n  row int\n}",
    'syntax "int" expected `level` after `row`, found `int` | a column of this name is written `"row"`',
  ],
  [
    "schema a\nschema b",
    'syntax "schema b" `schema` without braces stands only as a file\'s first declaration | write `schema b { … }`',
  ],
  ["schema a {\n  schema b {}\n}", 'syntax "schema" a schema cannot stand inside another'],
  ["/// A.", 'syntax "/// A." this documentation stands above nothing | write `//` for a comment'],
  [
    "table t {\n  /// A.\n}",
    'syntax "/// A." this documentation belongs to nothing that can have any | write `//` for a comment',
  ],
  [
    "table t {\n  a int /// A.\n}",
    'syntax "/// A." documentation stands on lines of its own above what it describes | write `//` for a comment',
  ],
  [
    "enum e {\n  /// A.\n  a\n}",
    'syntax "/// A." this documentation belongs to nothing that can have any | write `//` for a comment',
  ],
  ["table ${t} {}", 'unknown-placeholder "${t}" there is no value for `${t}` | give it: `-x t=…`, or in the config'],
  [
    "table t {\n  a int check (a > ${n})\n}",
    'unknown-placeholder "${n}" `${n}` stands inside SQL, where no value is put in | a placeholder stands for a whole name or a whole literal outside of SQL',
  ],
  ["table t { a int,, b int }", 'syntax "," expected a member before this `,`'],
  [
    "table t {\n  primary key (a without overlaps, b)\n}",
    'syntax "without" `without` stands only at the last column of a primary key or unique constraint',
  ],
  ["table t {\n  index on (a.b)\n}", 'syntax "a.b" a key is a column, a call, or an expression in brackets'],
  [
    "table t {\n  foreign key (a, period b) -> u (a, b)\n}",
    'syntax "(a, b)" `period` stands on both sides of a foreign key or on neither',
  ],
];

describe("what is wrong is said at its place", () => {
  test.each(cases)("%j", (text, ...expected) => {
    const found = problems(text);
    expect(found.length).toBe(expected.length);
    expect(expected).not.toContain("");
    expected.forEach((e, i) => expect(found[i]).toContain(e));
  });

  test("no message is Chevrotain's", () => {
    for (const [text] of cases)
      for (const p of parse("a.schema", text).problems)
        expect(p.message).not.toMatch(/Expecting|Redundant|one of these|Kw_|k_|EOF|-->/);
  });

  test("every code of the text's own problems is seen", () => {
    const own: ProblemCode[] = [
      "syntax",
      "unterminated",
      "unknown-keyword",
      "duplicate-clause",
      "unfolded-name",
      "unknown-placeholder",
      "nesting-too-deep",
      "file-too-large",
      "not-text",
    ];
    const texts = [...cases.map(([text]) => text), "{".repeat(501), "x".repeat(10_000_001), "a\0b"];
    const seen = new Set(texts.flatMap((text) => parse("a", text).problems.map((p) => p.code)));
    expect(own.filter((code) => !seen.has(code))).toEqual([]);
  });

  test("a placeholder with a near name is pointed out", () => {
    expect(problems("table ${tabel} {}", { table: "x" })[0]).toContain("did you mean `${table}`? => ${table}");
  });

  test("the string that was left open earlier is named", () => {
    expect(problems("table t {\n  a text = 'x\n  b text = 'y'\n}")[0]).toContain("opens on line 2 spans lines");
  });

  test("reports stop after a hundred", () => {
    const found = parse("a", "table t {\n" + "  a\n".repeat(5000) + "}").problems;
    expect(found.length).toBeLessThanOrEqual(102);
    expect(found.at(-1)!.message).toMatch(/^… and \d+ more/);
  });

  test("a warning does not push errors out, nor stop the reading", () => {
    const text = Array.from({ length: 300 }, (_, i) => `table T${i} {}`).join("\n") + "\ntable u {\n  a\n}\n";
    const { declarations, problems: found } = parse("a", text);
    expect(declarations.length).toBe(301);
    expect(found.filter((p) => p.severity === "error").length).toBe(1);
  });
});

describe("one broken declaration hides nothing of others", () => {
  const names = (text: string): string[] =>
    parse("a", text).declarations.map((d) =>
      "name" in d ? ("text" in d.name ? d.name.text : d.name.name.text) : d.kind,
    );

  test("several broken ones, each reported once, good ones kept", () => {
    const text = [
      "table a {\n  x int\n}",
      "table b {\n  x int frobnicated 5\n  y\n  z int\n}",
      "domian c text",
      "enum d { one two }",
      "table e foo {\n  x int\n  y\n}",
      "rows f (a) { ')' ) }",
      "table g {\n  x int check (x > 0))\n  z int\n}",
      "sequence h start",
      "table i {\n  x int\n}",
    ].join("\n\n");
    expect(names(text)).toEqual(["a", "b", "d", "f", "g", "i"]);
    expect(problems(text).map((p) => p.split('"')[1])).toEqual(["frobnicated", "", "domian", "foo", "", ")", ")", ""]);
    const b = parse("a", text).declarations[1]!;
    expect(b.kind === "table" && b.members.map((m) => m.kind === "column" && m.name.text)).toEqual(["z"]);
  });

  test("a bracket that never closes costs its own member only", () => {
    const text = "table a {\n  x int check (x > (0)\n  y text\n}\ntable b {\n  z int\n}\n";
    expect(problems(text)).toEqual(['unterminated "(" this `(` is never closed']);
    expect(names(text)).toEqual(["a", "b"]);
  });

  test("continuation lines of such a member go with it", () => {
    const text = "table a {\n  x int check (\n    x > (0\n  )\n  y text\n}\ntable b {}\n";
    expect(problems(text)).toEqual(['unterminated "(" this `(` is never closed']);
    expect(names(text)).toEqual(["a", "b"]);
  });

  test("a brace that never closes ends where the next declaration begins", () => {
    const text = "table a {\n  x int\n\ntable b {\n  y int\n}\n\nenum c { d }\n";
    expect(problems(text)).toEqual(['unterminated "{" this `{` is never closed']);
    expect(names(text)).toEqual(["a", "b", "c"]);
  });

  test("columns called like declarations are columns", () => {
    const text = "table a {\ntable int\nschema text\nenum text\nview text\n}\n";
    expect(problems(text)).toEqual([]);
  });

  test("a quote that never closes leaves the following lines readable", () => {
    const text = "table a {\n  x text = 'open\n  y int\n  \"z int\n}\ntable b {}\n";
    expect(problems(text).length).toBe(2);
    expect(names(text)).toEqual(["a", "b"]);
  });
});

describe("hostile text ends soon and without an exception", () => {
  const many = (n: number, f: (i: number) => string): string => Array.from({ length: n }, (_, i) => f(i)).join("");
  let seed = 42;
  const byte = (): number => ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 16) & 255;
  const texts: Record<string, string> = {
    "100 MB": "x".repeat(100_000_000),
    "random bytes": Buffer.from(Array.from({ length: 200_000 }, byte)).toString("utf8"),
    "random bytes without NUL": Buffer.from(Array.from({ length: 200_000 }, () => byte() || 1)).toString("utf8"),
    "random ASCII": many(200_000, () => String.fromCharCode(32 + (byte() % 95))),
    "10,000 brackets": `table t {\n  a int check ${"(".repeat(10_000)}1${")".repeat(10_000)}\n}`,
    "10,000 open brackets": "table t { a int check " + "(".repeat(10_000),
    "10,000 braces": "{".repeat(10_000),
    "10,000 schemas": "schema a { ".repeat(10_000),
    "a million brackets": "(".repeat(1_000_000),
    "unclosed brackets on many lines": "table t { a int check (\n".repeat(20_000),
    "many quotes": "'\n".repeat(50_000),
    "many open dollar quotes": many(50_000, (i) => `$a${i}$ `),
    "many open escapes": "E'\\'\n".repeat(50_000),
    "many open comments": "/*".repeat(200_000),
    "many columns on one line": `table t { ${"a int, ".repeat(20_000)}}`,
    "a long list": `table t {\n  index on (${"a, ".repeat(20_000)}a)\n}`,
    "a long broken line": "a ".repeat(200_000),
    "only operators": `table t { a int check (${"+-".repeat(100_000)}) }`,
    "a long name": "a".repeat(1_000_000),
    "a long string": `table t { a text = '${"''".repeat(500_000)}' }`,
  };
  test.each(Object.keys(texts))("%s", { timeout: 30_000 }, (name) => {
    expect(() => parse("a", texts[name]!)).not.toThrow();
  });
  test("what is too deep or not text is said", () => {
    const codes = (name: string): string[] => parse("a", texts[name]!).problems.map((p) => p.code);
    expect(codes("100 MB")).toEqual(["file-too-large"]);
    expect(codes("random bytes")).toEqual(["not-text"]);
    expect(codes("random bytes without NUL")).toEqual(["not-text"]);
    expect(codes("10,000 brackets")).toEqual(["nesting-too-deep"]);
    expect(codes("10,000 braces")).toContain("nesting-too-deep");
  });
});
