import { plainColumn } from "../../src/kinds/parts/columnText.ts";
import { describe, expect, test } from "vitest";
import { observed } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import type { Attributes, DbObject } from "../../src/model/objects.ts";
import { domains } from "../../src/kinds/domains.ts";
import { enums } from "../../src/kinds/enums.ts";
import { bytes, qualified } from "../../src/sql.ts";
import { testMajors } from "../servers/databases.ts";
import { changeOf, context, create, dropOf, expectObserved, observe, onDatabase, run } from "./live.ts";
import { compile } from "../../src/compile.ts";
import { planned, settle, testChanges } from "./said.ts";
import { walk } from "./ways.ts";

/** Names that break careless SQL; the last has exactly 63 bytes. */
const nasty = [
  "order",
  "Mixed Case",
  'quo"te',
  "dot.ted",
  "naïve 名",
  "it's",
  "back\\slash",
  "$x",
  "ü".repeat(31) + "x",
];

const enumOf = (name: string, labels: readonly string[], schema = "public"): DbObject<"enum"> => ({
  id: { kind: "enum", schema, name },
  attributes: { labels },
  needs: [],
});
const domainOf = (
  name: string,
  attributes: Partial<Attributes<"domain">> = {},
  schema = "public",
): DbObject<"domain"> => ({
  id: { kind: "domain", schema, name },
  attributes: {
    type: observed("text"),
    notNull: false,
    notNullName: null,
    default: null,
    collation: null,
    ...attributes,
  },
  needs: [],
});
const checkOf = (domain: string, name: string, expression: string, validated = true): DbObject<"domainCheck"> => ({
  id: { kind: "domainCheck", schema: "public", domain, name },
  attributes: { expression: observed(expression), validated },
  needs: [],
});

describe.each(testMajors)("PostgreSQL %i", (major) => {
  test("enums come back as they were made, and go", () =>
    onDatabase(major, async (c) => {
      const all = [
        ...nasty.map((n) => enumOf(n, nasty)),
        enumOf("empty", []),
        enumOf("blank", ["", " ", "a,b", "{}", "\n", "NULL"]),
        enumOf(
          "many",
          Array.from({ length: 300 }, (_, i) => `l${i}`),
        ),
      ];
      await create(c, all);
      const found = await observe(c);
      expectObserved(found, all);
      expect(found.database.objects.length).toBe(all.length);
      for (const o of found.database.objects)
        if (o.id.kind === "enum")
          await run(c, dropOf("enum", { ...o, id: o.id, attributes: enumOf("x", []).attributes }));
      expect((await observe(c)).database.objects).toEqual([]);
    }));

  test("labels are added in place, wherever they belong", () =>
    onDatabase(major, async (c) => {
      const ways: readonly (readonly [string[], string[]])[] = [
        [["b"], ["a", "b"]],
        [["b"], ["b", "c"]],
        [
          ["a", "d"],
          ["a", "b", "c", "d"],
        ],
        [[], ["a", "b"]],
        [
          ["a", "c", "e"],
          ["x", "y", "a", "b", "c", "d", "e", "f", "g"],
        ],
        [["it's"], ["back\\slash", "it's", 'quo"te', "名"]],
      ];
      for (const [i, [a, b]] of ways.entries()) {
        const [from, to] = [enumOf(`Way ${i}`, a), enumOf(`Way ${i}`, b)];
        await create(c, [from]);
        const answer = changeOf("enum", from, to);
        if (answer === "replace") throw new Error("additions are made in place");
        expect(answer.actions.every((x) => x.transaction === "committed first")).toBe(true);
        await run(c, answer.actions);
        expectObserved(await observe(c), [to]);
      }
    }));

  test("a type made anew takes its old name, the old one aside", () =>
    onDatabase(major, async (c) => {
      for (const n of nasty) {
        const [from, to] = [enumOf(n, ["a", "b"]), enumOf(n, ["b"])];
        await create(c, [from]);
        const parked = enums.park!(from, to, context([from], [to]))!;
        expect(parked.aside.flatMap((x) => x.hazards.map((h) => h.code))).toEqual(["data-loss"]);
        await run(c, parked.aside);
        await create(c, [to]);
        expect((await observe(c)).database.objects.length).toBe(2);
        await run(c, parked.drop);
        expectObserved(await observe(c), [to]);
        await run(c, dropOf("enum", to));
      }
      for (const n of nasty) {
        const [from, to] = [domainOf(n), domainOf(n, { type: observed("integer") })];
        await create(c, [from]);
        const parked = domains.park!(from, to, context([from], [to]))!;
        await run(c, parked.aside);
        await create(c, [to]);
        await run(c, parked.drop);
        expectObserved(await observe(c), [to]);
        await run(c, dropOf("domain", to));
      }
      expect((await observe(c)).database.objects).toEqual([]);
    }));

  test("domains of every shape come back as they were made", () =>
    onDatabase(major, async (c) => {
      await c.query(`create schema "My Types"; create collation public.mine from "C"`);
      const all: readonly DbObject[] = [
        ...nasty.map((n) => domainOf(n, {}, "My Types")),
        ...nasty.map((n, i) => checkOf("order", n, `length(VALUE) > ${i}`)),
        domainOf("order"),
        domainOf("numbers", { type: observed("numeric(12,2)"), notNull: true, default: observed("0") }),
        domainOf("calls", { type: observed("timestamp(3) with time zone"), default: observed("now()") }),
        domainOf("sums", { type: observed("integer"), default: observed("1 + 2") }),
        domainOf("truths", { type: observed("boolean"), default: observed("(1 > 2) OR (NOT true)") }),
        domainOf("strings", { default: observed(`'it''s \\ "x"'::text`) }),
        domainOf("lists", {
          type: observed("character varying(20)[]"),
          default: observed("'{}'::character varying[]"),
        }),
        domainOf("sorted", { collation: { schema: "pg_catalog", name: "C" } }),
        domainOf("own sorted", {
          collation: { schema: "public", name: "mine" },
          type: observed("character varying(5)"),
        }),
        domainOf("over", { type: observed(`"My Types"."Mixed Case"`) }),
        checkOf("numbers", "two", "VALUE > (0)::numeric", false),
      ];
      await create(
        c,
        [...all].sort((a, b) => Number(a.id.kind === "domainCheck") - Number(b.id.kind === "domainCheck")),
      );
      const found = await observe(c);
      expectObserved(found, all);
      const order = { domainCheck: 0, domain: 1 } as Readonly<Record<string, number>>;
      for (const o of [...all].reverse().sort((a, b) => order[a.id.kind]! - order[b.id.kind]!)) {
        if (o.id.kind === "domain") await c.query(`drop domain ${qualified(o.id)}`);
        if (o.id.kind === "domainCheck") await run(c, dropOf("domainCheck", checkOf(o.id.domain, o.id.name, "")));
      }
      expect((await observe(c)).database.objects.map((o) => encode(o.id))).toEqual([
        `schema:"My Types"`,
        "collation:public.mine",
      ]);
    }));

  test("a domain's attributes change in place where Postgres can, and the domain is made anew where not", () =>
    onDatabase(major, async (c) => {
      const plain = domainOf("d");
      await create(c, [plain]);
      await c.query("create table t (a d default 'x')");
      const way = [
        domainOf("d", { default: observed("'a'::text") }),
        domainOf("d", { default: observed("('a'::text || 'b'::text)") }),
        domainOf("d", { notNull: true }),
        domainOf("d"),
      ];
      let from = plain;
      for (const to of way) {
        const answer = changeOf("domain", from, to);
        if (answer === "replace") throw new Error("in place");
        await run(c, answer.actions);
        const seen = { ...to, attributes: { ...to.attributes } };
        if (to === way[1]) seen.attributes = { ...to.attributes, default: observed("'a'::text || 'b'::text") };
        expectObserved(await observe(c), [seen]);
        from = to;
      }
      expect(changeOf("domain", plain, domainOf("d", { type: observed("integer") }))).toBe("replace");
      // Postgres refuses it while an array holds the domain.
      const array: DbObject<"column"> = {
        id: { kind: "column", schema: "public", table: "t", name: "b" },
        attributes: { ...plainColumn, type: observed("d[]") },
        needs: [plain.id],
      };
      const strict = domainOf("d", { notNull: true });
      expect(changeOf("domain", plain, strict, context([plain, array], [strict, array]))).toBe("replace");
      expect(changeOf("domain", plain, domainOf("d", { collation: { schema: "pg_catalog", name: "C" } }))).toBe(
        "replace",
      );
    }));

  test("a domain's check can be added unproven, be proven, and go", () =>
    onDatabase(major, async (c) => {
      const domain = domainOf("d", { type: observed("integer") });
      await create(c, [domain]);
      await c.query("create table t (a d); insert into t values (1)");
      const unproven = checkOf("d", "c", "VALUE > 5", false);
      await create(c, [unproven]);
      expectObserved(await observe(c), [unproven]);
      const proven = checkOf("d", "c", "VALUE > 5");
      const answer = changeOf("domainCheck", unproven, proven);
      if (answer === "replace") throw new Error("in place");
      await expect(run(c, answer.actions)).rejects.toThrow(/violate/);
      await c.query("reset search_path; update t set a = 6");
      await run(c, answer.actions);
      expectObserved(await observe(c), [proven]);
      expect(changeOf("domainCheck", proven, unproven)).toBe("replace");
      expect(changeOf("domainCheck", proven, checkOf("d", "c", "VALUE > 6"))).toBe("replace");
      await run(c, dropOf("domainCheck", proven));
      expectObserved(await observe(c), [domain]);
    }));
});

test("labels in another order, or fewer, make the type anew", () => {
  expect(changeOf("enum", enumOf("e", ["a", "b"]), enumOf("e", ["b", "a"]))).toBe("replace");
  expect(changeOf("enum", enumOf("e", ["a", "b"]), enumOf("e", ["a"]))).toBe("replace");
  expect(changeOf("enum", enumOf("e", ["a", "b"]), enumOf("e", ["a", "c"]))).toBe("replace");
});

test("only labels that go are a loss, and less of one when another takes over", () => {
  const hazards = (to: DbObject<"enum">): readonly string[] =>
    enums.park!(enumOf("e", ["a", "b"]), to, context([], []))!.aside.flatMap((x) => x.hazards.map((h) => h.code));
  expect(hazards(enumOf("e", ["b", "a"]))).toEqual([]);
  expect(hazards(enumOf("e", ["b"]))).toEqual(["data-loss"]);
  expect(hazards({ ...enumOf("e", ["b"]), hints: { replacements: { a: "b" } } })).toEqual(["lossy"]);
});

test("the name to step aside to is free, not too long, and no other's", () => {
  const aside = (of: string, ...others: readonly string[]): string => {
    const from = [of, ...others].map((n) => enumOf(n, []));
    const sql = enums.park!(from[0]!, from[0]!, context(from, []))!.aside[0]!.sql;
    return /rename to "?(.*?)"?$/.exec(sql)![1]!;
  };
  expect(aside("mood")).toBe("mood__old");
  expect(aside("mood", "mood__old", "mood__old2")).toBe("mood__old3");
  const [one, two] = ["a", "b"].map((end) => "é".repeat(31) + end) as [string, string];
  const names = [aside(one, two), aside(two, one), aside(one, two, aside(one))];
  expect(new Set(names).size).toBe(3);
  for (const name of names) {
    expect(bytes(name)).toBeLessThanOrEqual(63);
    expect(name).toMatch(/^é{20,}_\w+__old2?$/);
  }
});

const canonical = (more: string): string => `schema s
type span range of int { canonical usual }
function usual(r span) returns span language internal immutable strict as $$int4range_canonical$$
${more}
`;
testChanges("a range with a function that makes its values usual", [
  ["it comes", "", canonical("")],
  [
    "with what stands on it",
    "schema s\n",
    canonical(
      "table t { r span, more span[]? }\nfunction low(r span) returns int language sql immutable as $$ select lower(r) $$",
    ),
  ],
  ["it goes", canonical("table t { r span }"), "schema s\ntable t { n int }"],
  [
    "rights and a comment come, and a domain and a type of it",
    canonical(""),
    canonical(
      "grant usage on type span to pg_monitor\nrevoke usage on type span from public\ndomain ds span\ntype held { s span[], d ds }\ntable t { h held[]? }",
    ).replace("type span", "/// Days.\ntype span"),
  ],
  ["what stands on it goes", canonical("table t { r span }"), canonical("")],
]);

test.each([
  ["its subtype", canonical("").replace("range of int", "range of bigint"), "hold each other; make another type"],
  ["its function goes", "schema s\ntype span range of int", "hold each other; make another type"],
  [
    "its function's argument",
    canonical("").replace("usual(r span)", "usual(r2 span)"),
    "makes its values usual with it",
  ],
])("what stands on such a function is not changed: %s", (_, after, why) =>
  onDatabase(testMajors[0]!, async (connection) => {
    await settle(connection, canonical(""));
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: after }] });
    expect(refusals.map((r) => r.message)).toContainEqual(expect.stringContaining(why));
    // A range that becomes such a one is refused, too.
    await settle(connection, "schema s");
    await settle(connection, "schema s\ntype span range of int");
    const { refusals: others } = await compile({ connection, files: [{ path: "a.schema", text: canonical("") }] });
    expect(others).not.toEqual([]);
  }),
);
test.each(testMajors)("nothing else goes with a range that is held by its function (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, canonical(""));
    const { plan } = await planned(c, "schema s");
    await c.query("create table s.other (many s.span[])");
    await expect(walk(c, plan!.up)).rejects.toThrow(
      "is not dropped: on it or its functions stand column many of table s.other",
    );
    await c.query("drop table s.other");
    await walk(c, plan!.up);
  }),
);
