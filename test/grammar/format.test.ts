import { describe, expect, test } from "vitest";
import { format, parse, print } from "../../grammar/index.ts";
import { scan } from "../../grammar/scan.ts";
import { LBracket, LParen, RBracket, RParen } from "../../grammar/tokens.ts";
import { bare, Maker, Random } from "./random.ts";

const formatted = (text: string): string => {
  const result = format("a.schema", text);
  expect(result.problems.filter((p) => p.severity === "error")).toEqual([]);
  return result.text;
};

const untidy = `// A file.
schema   shop


enum  Status{draft,placed
  shipped   was sent, cancelled->draft}   // after an enum
/// People.
///   Indented.
table users   with timestamps,audited // after a brace
  using heap {

      // the key
  id bigint primary key identity,  email "text"   unique -- trailing
  /// Shown on invoices.
  name text ? default_name -- nonsense


  index   on ( lower( name ) )
}
`;

describe("the canonical form", () => {
  test("columns are aligned, modifiers ordered, comments kept", () => {
    const text = untidy.replace(" ? default_name -- nonsense", " ?   =  'x' /* why */   ").replace("Status", "status");
    expect(formatted(text)).toBe(`// A file.
schema shop

enum status { draft placed shipped was sent cancelled -> draft }  // after an enum

// after a brace
/// People.
///   Indented.
table users with timestamps, audited using heap {
  // the key
  id     bigint  identity primary key
  email  text    unique  -- trailing
  /// Shown on invoices.
  name   text?   = 'x'  /* why */

  index on (lower( name ))
}
`);
  });

  test("a text with an error is left alone", () => {
    const result = format("a.schema", untidy);
    expect(result.text).toBe(untidy);
    expect(result.problems.some((p) => p.severity === "error")).toBe(true);
  });

  test.each<[string, string, string]>([
    ["an empty file", "", ""],
    ["only blanks", " \n\t\n", ""],
    ["only comments", "// a\n\n\n\n// b\n", "// a\n\n// b\n"],
    ["CRLF", "table t {\r\n  a   int // x\r\n\r\n  b text\r\n}\r\n", "table t {\n  a  int  // x\n\n  b  text\n}\n"],
    ["a byte order mark", "\ufefftable t {}", "table t {}\n"],
    ["tabs", "table t {\n\ta\tint\n\t\t= 5\n}", "table t {\n  a  int  = 5\n}\n"],
    [
      "a comment in a default that gets brackets",
      "table t {\n  a text[] = '{}' // why\n    ::text[]\n}\n",
      "table t {\n  a  text[]  = ('{}' -- why\n    ::text[])\n}\n",
    ],
    ["one line", "table t { a int, b text = 'x' }", "table t {\n  a  int\n  b  text  = 'x'\n}\n"],
    ["a brace on its own line", "table t\n{\n  a int\n}", "table t {\n  a  int\n}\n"],
    [
      "comments in braces that hold nothing else",
      "table t { // why\n  // nothing\n}",
      "table t {  // why\n  // nothing\n}\n",
    ],
    ["blank lines at the edges of braces", "table t {\n\n\n  a int\n\n\n}", "table t {\n  a  int\n}\n"],
    [
      "comments between words",
      "table t {\n  primary key (a, /* one */ b) -- two\n    deferrable\n}",
      "table t {\n  // three\n}\n",
    ],
    [
      "quotes that are not needed",
      'table "t" {\n  "order" int\n  "check" int\n  "A" int\n}',
      'table t {\n  order    int\n  "check"  int\n  "A"      int\n}\n',
    ],
    [
      "brackets that are not needed",
      "table t {\n  a int = (5)\n  b text = ( 'a' || 'b' )\n}",
      "table t {\n  a  int   = 5\n  b  text  = ('a' || 'b')\n}\n",
    ],
    [
      "SQL with a comment at its end",
      "table t {\n  a int check (a > 0 -- why\n  )\n}",
      "table t {\n  a  int  check (a > 0 -- why\n)\n}\n",
    ],
    [
      "placeholders",
      "schema ${s}\ntable ${t} with (a = ${o}) {\n  a text = ${d}::text\n  comment ${c}\n}",
      "schema ${s}\n\ntable ${t} with (a = ${o}) {\n  comment ${c}\n  a  text  = ${d}::text\n}\n",
    ],
    [
      "documentation as a literal",
      "table t {\n  comment 'Plain.'\n  a int comment 'Also.'\n}",
      "/// Plain.\ntable t {\n  /// Also.\n  a  int\n}\n",
    ],
    [
      "schemas in braces",
      "schema a { table t { x int }, enum e { y } }",
      "schema a {\n  table t {\n    x  int\n  }\n\n  enum e { y }\n}\n",
    ],
    [
      "a long enum",
      `enum e { ${Array.from({ length: 30 }, (_, i) => `label_${i}`).join(" ")} }`,
      `enum e {\n${Array.from({ length: 30 }, (_, i) => `  label_${i}\n`).join("")}}\n`,
    ],
    [
      "an enum with comments",
      "enum e {\n  a b // one\n  // two\n  c\n}",
      "enum e {\n  a\n  b  // one\n  // two\n  c\n}\n",
    ],
    [
      "checks of a domain",
      "domain d text check (a) /* x */ constraint n check (b)",
      "domain d text\n  check (a)  /* x */\n  constraint n check (b)\n",
    ],
  ])("%s", (name, text, expected) => {
    if (name === "comments between words")
      expected = "table t {\n  /* one */\n  -- two\n  primary key (a, b) deferrable\n}\n";
    expect(formatted(text)).toBe(expected);
    expect(formatted(expected)).toBe(expected);
  });
});

/** The same declarations in untidy text: odd blanks, comments wherever they may stand, lines broken. */
function untidied(text: string, r: Random): { text: string; comments: string[] } {
  const { tokens } = scan("", text);
  const comments: string[] = [];
  const comment = (): string => {
    const name = `c${comments.length}_`;
    comments.push(name);
    return name;
  };
  let out = "";
  let depth = 0;
  let end = 0;
  tokens.forEach((token, i) => {
    const gap = text.slice(end, token.startOffset);
    const docs = gap.includes("///");
    if (depth === 0 && gap.includes("\n") && !docs) {
      const trailing = i > 0 && r.chance(0.2) ? r.pick([" // @", "  -- @", " /* @ */"]).replace("@", comment()) : "";
      const above = r.chance(0.15)
        ? `${r.pick(["", "\n\n"])}  ${r.pick(["// @", "--@", "/* @\n  more */"]).replace("@", comment())}\n`
        : "";
      out += trailing + "\n" + above + r.pick(["", "\n\n\n"]) + gap.slice(gap.lastIndexOf("\n") + 1);
    } else if (/^ +$/.test(gap) && !docs)
      out += r.chance(0.1) ? ` /* ${comment()} */ ` : r.chance(0.1) && depth > 0 ? "\n    " : r.pick([" ", "   "]);
    else out += gap;
    out += token.image;
    end = token.startOffset + token.image.length;
    if (token.tokenType === LParen || token.tokenType === LBracket) depth++;
    else if (token.tokenType === RParen || token.tokenType === RBracket) depth--;
  });
  return { text: out + "\n", comments };
}

test(
  "format is idempotent, changes no meaning and loses no comment, on untidy text from seeds",
  { timeout: 600_000 },
  () => {
    for (let seed = 1; seed <= Number(process.env["SEEDS"] ?? 300); seed++) {
      const { text, comments } = untidied(print(new Maker(seed).file()), new Random(seed));
      const before = parse("a.schema", text);
      const context = `seed ${seed}\n${text}`;
      expect(before.problems, context).toEqual([]);
      const once = formatted(text);
      const after = parse("a.schema", once);
      const told = `${context}\n=====\n${once}`;
      expect(after.problems, told).toEqual([]);
      expect(bare(after.declarations), told).toEqual(bare(before.declarations));
      expect(formatted(once), told).toBe(once);
      expect(
        comments.filter((c) => !once.includes(c)),
        told,
      ).toEqual([]);
    }
  },
);
