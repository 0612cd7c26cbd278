import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { format, parse, print } from "../../grammar/index.ts";
import type { ColumnNode, Declaration, DeclarationKind, Declarations } from "../../grammar/declarations.ts";
import { follow } from "../../grammar/follow.ts";
import { parser } from "../../grammar/read.ts";
import { scan } from "../../grammar/scan.ts";
import { wordOf } from "../../grammar/tokens.ts";
import { bare } from "./random.ts";

const read = (text: string, values: Record<string, string> = {}): Declaration[] => {
  const { declarations, problems } = parse("a.schema", text, values);
  expect(problems).toEqual([]);
  return declarations;
};
function one<K extends DeclarationKind>(kind: K, text: string, values: Record<string, string> = {}): Declarations[K] {
  const [d] = read(text, values).filter((d): d is Declarations[K] => d.kind === kind);
  if (d === undefined) throw new Error(`no ${kind}`);
  return d;
}
const columns = (text: string, values: Record<string, string> = {}): ColumnNode[] =>
  one("table", `table t {\n${text}\n}`, values).members.filter((m) => m.kind === "column");
const column = (text: string, values: Record<string, string> = {}): ColumnNode => columns(text, values)[0]!;

test("the shop parses, and is canonical already", () => {
  const text = readFileSync(new URL("shop.schema.txt", import.meta.url), "utf8").replaceAll("\r\n", "\n");
  const declarations = read(text);
  expect(declarations.map((d) => d.kind)).toEqual([
    ...["schema", "extension", "extension", "enum", "domain", "mixin"],
    ...["table", "table", "table", "table", "table"],
  ]);
  expect(declarations.every((d) => d.kind === "schema" || d.kind === "extension" || d.schema?.text === "shop")).toBe(
    true,
  );
  expect(format("a", text).text).toBe(text);
  expect(bare(read(print(declarations)))).toEqual(bare(declarations));
});

test("the documentation's examples parse, and are canonical", () => {
  const docs = readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8").replaceAll("\r\n", "\n");
  const blocks = [...docs.matchAll(/^```schema\n([^]*?)^```$/gm)].map((m) => m[1]!);
  expect(blocks.length).toBeGreaterThan(15);
  const seen = new Set<string>();
  for (const block of blocks) {
    const { declarations, problems } = parse("a", block, { owner: "app", version: "1.6" });
    expect(problems, block).toEqual([]);
    for (const d of declarations) {
      seen.add(d.kind);
      if ("members" in d) for (const m of d.members) seen.add(m.kind);
    }
    expect(format("a", block).text, block).toBe(block);
  }
  const kinds =
    "schema extension enum domain sequence mixin table column primaryKey unique foreignKey check exclude notNull index replicaIdentity inherits " +
    "role database owner grant revoke defaultPrivileges securityLabel " +
    "publication eventTrigger foreignDataWrapper server userMapping subscription";
  expect(kinds.split(" ").filter((k) => !seen.has(k))).toEqual([]);
});

describe("lines", () => {
  const shape = (text: string): string[] =>
    one("table", text).members.map((m) => (m.kind === "column" ? m.name.text : m.kind));
  test.each([
    ["a member ends with its line", "table t {\n  a int\n  b int\n}"],
    ["a deeper line goes on", "table t {\n  a int\n    = 5\n  b int\n}"],
    ["brackets go on over lines", "table t {\n  a int check (\na > 0\n)\n  b int\n}"],
    ["commas part members on one line", "table t { a int, b int }"],
    ["and may end a line", "table t {\n  a int,\n  b int,\n}"],
    ["no indentation at all", "table t {\na int\nb int\n}"],
    ["tabs", "table t {\n\ta int\n\t\t= 5\n\tb int\n}"],
    ["CR LF", "table t {\r\n  a int\r\n    = 5\r\n  b int\r\n}"],
    ["form feeds", "table t {\f\n  a int\f\n  b int\n}"],
    ["a string over lines", "table t {\n  a text = 'x\ny'\n  b int\n}"],
    ["comments between", "table t {\n  a int -- one\n  // two\n  /* /* three */ */ b int\n}"],
    ["on its opening line", "table t { a int\n          b int }"],
  ])("%s", (_, text) => {
    expect(shape(text)).toEqual(["a", "b"]);
  });
  test("a list of parents has commas of its own", () => {
    expect(shape("table t { inherits p, s.q, a int, b int }")).toEqual(["inherits", "a", "b"]);
    expect(shape("table t {\n  inherits p, q\n  a int\n}")).toEqual(["inherits", "a"]);
  });
  test("so has a list of mixins", () => {
    const [, t, e] = read("schema s { table t with a, b { c int }, enum e { f } }");
    expect(t!.kind === "table" && t!.mixins.map((m) => m.text)).toEqual(["a", "b"]);
    expect(e!.kind).toBe("enum");
  });
  test("labels are parted by blanks, commas or lines", () => {
    expect(
      one("enum", "enum e { a b, c\n d was x\n 'was' '3d' e -> a\n}").labels.map((l) => [l.text, l.was, l.replacement]),
    ).toEqual([
      ["a", null, null],
      ["b", null, null],
      ["c", null, null],
      ["d", "x", null],
      ["was", null, null],
      ["3d", null, null],
      ["e", null, "a"],
    ]);
  });
  test("labels and attributes are called as they like, with commas too", () => {
    const words = "mapping policy trigger constraint inherits".split(" ");
    expect(one("enum", `enum e { ${words.join(", ")} }`).labels.map((l) => l.text)).toEqual(words);
    const attributes = words.map((w) => `${w} "for"`).join(", ");
    expect(one("typeDefinition", `type t { ${attributes} }`)).toMatchObject({
      attributes: words.map((text) => ({ name: { text } })),
    });
    expect(shape("table t { mapping jsonb, b int }")).toEqual(["mapping", "b"]);
  });
});

describe("names", () => {
  test("words are names where names stand", () => {
    const words = "order user table schema enum was with in default type comment name key index_ end null";
    for (const word of words.split(" ").filter((w) => w !== "was"))
      expect(column(`  ${word} int`).name.text).toBe(word);
    expect(one("table", "table table {}").name.name.text).toBe("table");
    expect(one("table", "table was was was {}").was?.text).toBe("was");
  });
  test("member words need quotes", () => {
    expect(column('  "check" int').name).toMatchObject({ text: "check", quoted: true });
    expect(column("  comment text").name.text).toBe("comment");
  });
  test("they fold as in Postgres: ASCII letters only", () => {
    const { declarations } = parse("a", "table GRÖSSE {}");
    expect(declarations[0]).toMatchObject({ name: { name: { text: "grÖsse" } } });
  });
  test("quotes are undoubled and unicode escapes read", () => {
    expect(column('  "a""b" int').name.text).toBe('a"b');
    expect(column('  U&"d\\0061t\\+000061" int').name.text).toBe("data");
  });
});

describe("what is sliced from the source", () => {
  const at = (text: string, span: { start: number; end: number }): string => text.slice(span.start, span.end);
  test("fragments have exactly their place", () => {
    const text =
      "table t {\n  a int = ( now() ) check ( a > ( 1 ) ) generated (b) using (c) backfill (d)\n  index on (lower(x), (y + 1)) where (z)\n}";
    const table = one("table", text);
    const a = table.members[0] as ColumnNode;
    const i = table.members[1]!;
    const fragments = [
      a.default,
      a.generated?.expression,
      a.using,
      a.backfill,
      a.constraints[0]?.kind === "check" ? a.constraints[0].expression : null,
    ];
    expect(fragments.map((f) => f?.text)).toEqual(["now()", "b", "c", "d", "a > ( 1 )"]);
    for (const f of fragments) expect(at(text, f!.span)).toBe(f!.text);
    expect(
      i.kind === "index" && [...i.keys.map((k) => k.expression!), i.where!].map((f) => [f.text, at(text, f.span)]),
    ).toEqual([
      ["lower(x)", "lower(x)"],
      ["y + 1", "y + 1"],
      ["z", "z"],
    ]);
  });
  test("members, names and types have theirs", () => {
    const text =
      "table t {\n  /// Doc.\n  a timestamp(3) with time zone? = now() primary key // c\n  primary key (a)\n}";
    const [a, key] = one("table", text).members;
    expect(at(text, a!.span)).toBe("a timestamp(3) with time zone? = now() primary key");
    expect(
      a!.kind === "column" && [at(text, a!.type.span), at(text, a!.name.span), at(text, a!.constraints[0]!.span)],
    ).toEqual(["timestamp(3) with time zone", "a", "primary key"]);
    expect(at(text, key!.span)).toBe("primary key (a)");
    expect(at(text, one("table", text).span)).toBe(text);
  });
  test("a fragment over lines of a CR LF file has plain newlines, and its place in the file", () => {
    const text = "table t {\r\n  a int check (a > 0\r\n    and a < 5)\r\n}\r\n";
    const [a] = one("table", text).members;
    const f = a!.kind === "column" && a!.constraints[0]!.kind === "check" ? a!.constraints[0]!.expression : null;
    expect(f!.text).toBe("a > 0\n    and a < 5");
    expect(at(text, f!.span)).toBe("a > 0\r\n    and a < 5");
  });
});

describe("Postgres's lexical rules inside brackets", () => {
  test.each([
    "a <@ b and c ?| d",
    "a // b",
    "a -- )\n + 1",
    "/* ( /* ) */ ( */ a",
    "$$ ) $$ = $x$ ( $$ $x$",
    "E'\\')' = a",
    "'a'')' = a",
    '")" = a',
    "U&'\\0029' = a",
    "a @-1",
    "a[1:2]",
    "a::text[]",
    "a = $1",
    "'{' = a",
    "a %% b",
    "x'1F' = b'01'",
  ])("%s", (sql) => {
    const text = `table t {\n  a int check (${sql})\n  b int\n}`;
    const [a, b] = columns(`  a int check (${sql})\n  b int`);
    expect(a!.constraints[0]).toMatchObject({ expression: { text: sql } });
    expect(b!.name.text).toBe("b");
    expect(parse("a", text).problems).toEqual([]);
  });
  test.each([
    ["=-1", ["=", "-", "1"]],
    ["@-1", ["@-", "1"]],
    ["+-", ["+", "-"]],
    ["<>-", ["<>", "-"]],
    ["*/*x*/", ["*"]],
    ["<--x", ["<"]],
    ["||/", ["||/"]],
  ])("operators: %s", (text, images) => {
    expect(
      scan("a", `(${text}\n)`)
        .tokens.slice(1, -1)
        .map((t) => t.image),
    ).toEqual(images);
  });
});

describe("columns", () => {
  test("a nullable column with a default needs no blanks", () => {
    expect(column("  a text?='x'::text")).toMatchObject({ nullable: true, default: { text: "'x'::text" } });
  });
  test.each([
    "5",
    "-1.5",
    "'x'",
    "now()",
    "current_timestamp",
    "array[1, 2]",
    "'{}'::int[3][]",
    "interval '1 day'",
    "shop.next('x')",
    "timestamp(3) with time zone '2020-01-01'",
    "null::character varying(3)",
    "E'\\n'",
    "$$x$$",
    "double precision '1'",
    "B'1'",
  ])("default without brackets: %s", (sql) => {
    const c = column(`  a text = ${sql} unique with (n_distinct = 5)`);
    expect(c.default?.text).toBe(sql);
    expect(c.constraints.length).toBe(1);
    expect(c.options.length).toBe(1);
  });
  test.each([
    ["int", { name: { text: "int" } }],
    ["INT", { name: { text: "int" } }],
    ["numeric(12, -2)", { modifiers: ["12", "-2"] }],
    ["double precision", { name: { text: "double precision" } }],
    ["character varying(10)[]", { name: { text: "character varying" }, modifiers: ["10"], dimensions: [null] }],
    ["timestamp(3) with time zone", { name: { text: "timestamp with time zone" }, modifiers: ["3"] }],
    ["interval day to second(3)", { fields: "day to second", modifiers: ["3"] }],
    ["int array[3]", { dimensions: [3] }],
    ["int array", { dimensions: [null] }],
    ["int[3][]", { dimensions: [3, null] }],
    ['"char"', { name: { text: "char", quoted: true } }],
    ["shop.status", { schema: { text: "shop" }, name: { text: "status" } }],
    ["geometry(Point,4326)", { modifiers: ["Point", "4326"] }],
    ["national character varying(5)", { name: { text: "national character varying" } }],
    ["bit varying", { name: { text: "bit varying" } }],
  ])("type: %s", (type, expected) => {
    expect(column(`  a ${type} unique`).type).toMatchObject(expected);
  });
  test("modifiers stand in any order", () => {
    const one = column(
      "  a text = 'x' unique -> b on delete cascade check (c) collate \"C\" storage main compression lz4 statistics 5 with (n_distinct = 1) using (d) backfill (e)",
    );
    const other = column(
      "  a text backfill (e) using (d) with (n_distinct = 1) statistics 5 compression lz4 storage main collate \"C\" unique -> b on delete cascade check (c) = 'x'",
    );
    expect(bare(one)).toEqual(bare(other));
  });
  test("deferrable may come after its moment", () => {
    const [one, other] = ["deferrable initially deferred", "initially deferred deferrable"];
    expect(bare(column(`  a int -> b ${other}`))).toEqual(bare(column(`  a int -> b ${one}`)));
  });
  test("identity, generated, named constraints, inheritance", () => {
    expect(column("  a bigint identity by default (sequence name s.q start 5 no cycle)")).toMatchObject({
      identity: {
        generation: "by default",
        sequenceName: { schema: { text: "s" }, name: { text: "q" } },
        options: { start: "5", cycle: false },
      },
    });
    expect(column("  a int generated (b) virtual")).toMatchObject({ generated: { virtual: true } });
    expect(column("  a int constraint x check (b) no inherit not valid not enforced").constraints[0]).toMatchObject({
      name: { text: "x" },
      noInherit: true,
      notValid: true,
      notEnforced: true,
    });
    expect(column("  inherited a int = 5")).toMatchObject({ inherited: true, name: { text: "a" } });
  });
  test("a key on the line leaves `with` to the column", () => {
    expect(column("  a int primary key include (b) deferrable with (n_distinct = 5)")).toMatchObject({
      options: [{ name: "n_distinct" }],
      constraints: [{ include: [{ text: "b" }], deferrable: "deferrable" }],
    });
  });
});

describe("documentation", () => {
  test("belongs to what stands below it", () => {
    const [t, d] = read(
      "/// T.\n/// More.\ntable t {\n  /// A.\n  a int\n\n  /// K.\n  primary key (a)\n}\n/// D.\ndomain d text\n  /// C.\n  check (x)\n",
    );
    expect(t).toMatchObject({ doc: "T.\nMore.", members: [{ doc: "A." }, { doc: "K." }] });
    expect(d).toMatchObject({ doc: "D.", checks: [{ doc: "C." }] });
  });
  test("four slashes are a comment", () => {
    expect(one("table", "//// no\ntable t {}").doc).toBe(null);
  });
  test("comments between the parts of a text without brackets are SQL's", () => {
    const text = "  a text[] = '{//}'  // why\n    ::text[] /* so */ ::text[]";
    expect(column(text)).toMatchObject({ default: { text: "'{//}'  -- why\n    ::text[] /* so */ ::text[]" } });
  });
  test("or stands as a literal", () => {
    expect(one("table", "table t {\n  comment E'a\\nb'\n}")).toMatchObject({ doc: "a\nb", members: [] });
    expect(column("  a int comment 'it''s'").doc).toBe("it's");
  });
});

describe("schemas", () => {
  test("a header, a block, `in`, or the name", () => {
    const where = (text: string): unknown =>
      read(text).flatMap((d) => (d.kind === "table" ? [[d.schema?.text ?? null, d.name.schema?.text ?? null]] : []));
    expect(where("table t {}")).toEqual([[null, null]]);
    expect(where("schema s\ntable t {}\ntable u in v {}\ntable w.x {}")).toEqual([
      ["s", null],
      ["v", null],
      ["s", "w"],
    ]);
    expect(where("schema s {\n  table t {}\n}\ntable u {}")).toEqual([
      ["s", null],
      [null, null],
    ]);
  });
});

describe("placeholders", () => {
  const values = { t: "Orders", n: "5", s: "it's", z: "1.6" };
  test("stand for names and literals", () => {
    expect(
      one("table", "table ${t} with (fillfactor = ${n}) {\n  a int = ${n}\n  b text = ${s}::text\n}", values),
    ).toMatchObject({
      name: { name: { text: "Orders" } },
      options: [{ value: "5" }],
      members: [{ default: { text: "'5'" } }, { default: { text: "'it''s'::text" } }],
    });
    expect(one("extension", "extension citext version ${z}", values).version).toBe("1.6");
    expect(one("enum", "enum e { a ${t} }", values).labels[1]!.text).toBe("Orders");
    expect(column("  a numeric = ${v}", { v: "007" }).default?.text).toBe("'007'");
    expect(column("  a varchar(${n})", values).type.modifiers).toEqual(["5"]);
  });
  test("mean nothing in strings", () => {
    expect(column("  a text = '${x}'").default?.text).toBe("'${x}'");
  });
});

describe("which words may come next", () => {
  const next = (rule: string, text: string): string[] =>
    [...follow(parser().recorded(rule), scan("a", text).tokens)].map((t) => wordOf(t) ?? t.name).sort();
  test.each([
    ["declaration", "unlogged", ["partition", "sequence", "table"]],
    ["declaration", "foreign", ["data", "partition", "table"]],
    [
      "declaration",
      "table t",
      ["Dot", "LBrace", "in", "of", "options", "partition", "server", "tablespace", "using", "was", "with"],
    ],
    ["declaration", "partition p of t for", ["LParen", "modulus"]],
    ["member", "replica identity", ["default", "full", "index", "nothing"]],
    ["member", "a int -> b on", ["delete", "update"]],
    ["member", "a int -> b on delete set", ["default", "null"]],
    ["member", "nonsense nonsense nonsense", []],
  ])("%s: %s", (rule, text, expected) => {
    expect(next(rule, text)).toEqual(expected);
  });
  test("a declaration opens with the word of its kind", () => {
    expect(next("declaration", "")).toEqual(
      expect.arrayContaining([
        "domain",
        "enum",
        "extension",
        "mixin",
        "schema",
        "sequence",
        "table",
        "unlogged",
        "view",
      ]),
    );
  });
  test("modifiers come after a type", () => {
    expect(next("member", "a int check (a > 0)")).toEqual(
      expect.arrayContaining(["identity", "generated", "collate", "not", "no", "Equals", "Arrow"]),
    );
  });
});
