/** What needs itself by way of others is told at each declaration of the circle; Postgres can make none of it first. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { settle } from "./said.ts";

const newest = testMajors.at(-1)!;

/** The problems of a text are these, each with what stands at its place. */
const tells = (said: readonly string[], text: string, before?: string): Promise<void> =>
  onDatabase(newest, async (c) => {
    if (before !== undefined) await settle(c, before);
    const { problems, plan } = await compile({
      connection: c,
      files: [{ path: "a.schema", text }],
      scope: { roles: ["ann", "bob", "cy"] },
    });
    expect(problems.map((p) => `${text.slice(p.span.start, p.span.end)}: ${p.message}`)).toEqual(said);
    expect(problems.every((p) => p.code === "circular")).toBe(true);
    expect(plan).toBeNull();
  });

const wrong: readonly (readonly [text: string, ...said: string[]])[] = [
  [
    "view a as $$ select * from b $$\nview b as $$ select * from a $$",
    "a: The view public.a needs the view public.b, which needs it in turn.",
    "b: The view public.b needs the view public.a, which needs it in turn.",
  ],
  [
    "view a as $$ select * from b $$\nview b as $$ select * from c $$\nview c as $$ select 1 as one from a $$\nview d as $$ select * from a $$",
    "a: The view public.a needs the view public.b, which needs the view public.c, which needs it in turn.",
    "b: The view public.b needs the view public.c, which needs the view public.a, which needs it in turn.",
    "c: The view public.c needs the view public.a, which needs the view public.b, which needs it in turn.",
  ],
  ["table a { inherits a\n\n x int }", "a: The table public.a needs itself."],
  [
    "table a { inherits b\n\n x int }\ntable b { inherits a\n\n y int }",
    "a: The table public.a needs the table public.b, which needs it in turn.",
    "b: The table public.b needs the table public.a, which needs it in turn.",
  ],
  ["type a { x a }", "a: The composite type public.a needs itself."],
  [
    "type a { x b }\ntype b { y a[] }",
    "a: The composite type public.a needs the composite type public.b, which needs it in turn.",
    "b: The composite type public.b needs the composite type public.a, which needs it in turn.",
  ],
  ["domain d d", "d: The domain public.d needs itself."],
  [
    "domain d e\ndomain e d",
    "d: The domain public.d needs the domain public.e, which needs it in turn.",
    "e: The domain public.e needs the domain public.d, which needs it in turn.",
  ],
  [
    "function f() returns int language sql return (g())\nfunction g() returns int language sql return (f())",
    "f: The function public.f() needs the function public.g(), which needs it in turn.",
    "g: The function public.g() needs the function public.f(), which needs it in turn.",
  ],
  [
    "view v as $$ select f() as x $$\nfunction f() returns setof v language sql as $$ select * from v $$",
    "v: The view public.v needs the function public.f(), which needs it in turn.",
    "f: The function public.f() needs the view public.v, which needs it in turn.",
  ],
  [
    "role ann member of bob\nrole bob member of cy\nrole cy member of ann",
    "member of bob: The role ann is a member of bob, which is a member of cy, which is a member of ann itself.",
    "member of cy: The role bob is a member of cy, which is a member of ann, which is a member of bob itself.",
    "member of ann: The role cy is a member of ann, which is a member of bob, which is a member of cy itself.",
  ],
];
test.each(wrong.map(([text, ...said]) => ({ text, said })))("$text", ({ text, said }) => tells(said, text));

test("a view that is there and gets to read one that reads it", () =>
  tells(
    [
      "a: The view public.a needs the view public.b, which needs it in turn.",
      "b: The view public.b needs the view public.a, which needs it in turn.",
    ],
    "view a as $$ select * from b $$\nview b as $$ select * from a $$",
    "view a as $$ select 1 as one $$",
  ));

const right: readonly string[] = [
  "function f(n int) returns int language plpgsql as $$ begin return g(n - 1); end $$\nfunction g(n int) returns int language plpgsql as $$ begin return f(n - 1); end $$",
  "function f(n int) returns int language sql as $$ select f(n - 1) $$",
  "table a { id int primary key, b int? -> b }\ntable b { id int primary key, a int? -> a }",
  "table t { id int primary key, above int? -> t }",
  "table t { id int primary key\n check (fine(t)) }\nfunction fine(t t) returns bool immutable language sql as $$ select true $$",
  "table t { id int primary key, s int = nextval('s') }\nsequence s owned by t (s)",
];
test.each(right.flatMap((text) => testMajors.map((major) => ({ major, text }))))(
  "no circle (PostgreSQL $major): $text",
  ({ major, text }) => onDatabase(major, async (c) => void (await settle(c, text))),
);
