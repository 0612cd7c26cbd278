/** Labels, for which a server needs a module: what is planned for them, without one. */
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";
import { plan } from "../../src/plan/index.ts";

async function read(text: string) {
  const { declarations, problems } = parse("t.schema", text);
  const declared = await declare(declarations, { version: 180000 });
  expect([...problems, ...declared.problems]).toEqual([]);
  return declared.database;
}
async function planned(before: string, after: string): Promise<readonly string[]> {
  const { plan: made } = plan(await read(before), await read(after), { version: 180000 });
  return made?.up.steps.flatMap((s) => s.actions.map((a) => a.sql)) ?? [];
}

test("columns of views are labelled, and again when the view is made anew", async () => {
  const view = (type: string) =>
    `view v as $$ select 1::${type} as n $$\nsecurity label 'x' for p on view v (n)\nsecurity label 'y' for p on view v`;
  expect(await planned("", view("int"))).toEqual([
    "create view public.v as\nselect 1::int as n",
    "security label for p on column public.v.n is 'x'",
    "security label for p on view public.v is 'y'",
  ]);
  const anew = await planned(`materialized ${view("int")}`.replaceAll("on view", "on materialized view"), view("int"));
  expect(anew.filter((s) => s.startsWith("security"))).toEqual([
    "security label for p on column public.v.n is 'x'",
    "security label for p on view public.v is 'y'",
  ]);
});

test("labels outlive a serial's change to identity", async () => {
  const label = "\nsecurity label 'x' for p on sequence s";
  const serial = `sequence s owned by t (id)\ntable t { id bigint = nextval('s') }${label}`;
  const identity = `table t { id bigint identity (sequence name s) }${label}`;
  for (const [before, after] of [
    [serial, identity],
    [identity, serial],
  ] as const)
    expect((await planned(before, after)).at(-1)).toBe("security label for p on sequence public.s is 'x'");
});

test.each([
  ["security label 'x' for p on sequence s (a)", "A sequence has no columns."],
  ["grant select (a) on sequence s to public", "A sequence has no columns."],
  ["security label 'x' for p on type c (b)", "There is no column called b."],
])("columns of what has none are told: %s", async (text, said) => {
  const { declarations } = parse("t.schema", `sequence s\ntype c { a int }\n${text}`);
  const { problems, database } = await declare(declarations, { version: 180000 });
  expect(problems.map((p) => p.message)).toEqual([said]);
  expect(database.objects.filter((o) => "target" in o.id)).toEqual([]);
});
