/** Names of not nulls that tables hand down (PostgreSQL 18): a partition has its parent's, one that was a table before its own. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Connection } from "../../src/run/connection.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { connected } from "./connection.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, settle, sqlOf } from "./said.ts";
import { walk } from "./ways.ts";

const made = `set search_path = public;
create table t (k int not null, v text constraint "Said so" not null) partition by list (k);
create table p partition of t for values in (1);
create table q (k int not null, v text not null);
alter table t attach partition q for values in (2);
create table s partition of t (constraint other not null k) for values in (4);
create table d partition of t default partition by list (v);
create table d_a partition of d for values in ('a');
create table d_b (k int not null, v text not null);
alter table d attach partition d_b for values in ('b');
create table par (a int not null);
create table ch () inherits (par);
create table own (a int not null) inherits (par);
comment on constraint t_k_not_null on d_a is 'The part''s.';
reset search_path`;

const names = async (c: Connection): Promise<readonly string[]> =>
  (
    await c.query(
      "select conrelid::regclass || ' ' || conname || ' ' || coninhcount as x from pg_constraint where contype = 'n' and connamespace = 'public'::regnamespace order by 1",
    )
  )
    .at(-1)!
    .rows.map((r) => r["x"]!);

describe.each(testMajors)("names of not nulls (PostgreSQL %i)", (major) => {
  test("what was read makes them anew", () =>
    onDatabase(major, async (c) => {
      await c.query(
        major < 18 ? made.replace(/^.*(partition of t \(constraint|comment on constraint).*$/gm, "") : made,
      );
      const text = await expectReadable(await observe(c));
      expect(sqlOf(await planned(c, text))).toEqual([]);
      const wanted = await names(c);
      await withDatabase(major, (url) =>
        connected(url, async (other) => {
          await goAndReturn(other, text);
          expect(await names(other)).toEqual(wanted);
        }),
      );
      if (major >= 18) expect(wanted).toContain("p t_k_not_null 1");
    }));

  test("a partition that comes, goes, and comes back keeps its names", () =>
    onDatabase(major, async (c) => {
      const table = "table t partition by list (k) {\n  k  int\n  v  text\n}\n";
      const alone = `${table}table p {\n  k  int\n  v  text\n}\n`;
      const part = `${table}partition p of t for (1)\n`;
      await settle(c, alone);
      await goAndReturn(c, part);
      expect(await names(c)).toEqual(major < 18 ? [] : expect.arrayContaining(["p p_k_not_null 1"]));
      await goAndReturn(c, alone);
      await settle(c, table);
      await goAndReturn(c, part);
      expect(await names(c)).toEqual(major < 18 ? [] : expect.arrayContaining(["p t_k_not_null 1"]));
      const detached = await planned(c, alone);
      await walk(c, detached.plan!.up);
      expect(await names(c)).toEqual(major < 18 ? [] : expect.arrayContaining(["p t_k_not_null 0"]));
      await goAndReturn(c, part);
    }));
});

describe.each(testMajors.filter((major) => major >= 18))("one name for all (PostgreSQL %i)", (major) => {
  test("all of one name get another one together; what Postgres does not rename is refused", () =>
    onDatabase(major, async (c) => {
      const parent = (name: string) =>
        `table t partition by list (k) {\n  k  int\n  constraint ${name} not null (k)\n}\npartition p of t for (1)\n`;
      await goAndReturn(c, parent("one"));
      await goAndReturn(c, parent("two"));
      expect(await names(c)).toEqual(["p two 1", "t two 0"]);
      const refused = async (text: string): Promise<readonly string[]> =>
        (await compile({ connection: c, files: [{ path: "a.schema", text }] })).refusals.map((r) => r.message);
      expect(
        (
          await refused(parent("two").replace(" (1)\n", " (1) {\n  k  int\n  constraint three not null (k)\n}\n"))
        ).join(),
      ).toContain("the not null of its column k is handed down by public.t");
      await c.query(
        "create table public.q (k int constraint mine not null); alter table public.t attach partition public.q for values in (2)",
      );
      expect((await refused(`${parent("three")}partition q of t for (2)\n`)).join()).toContain(
        "handed down to public.q, where it has another name",
      );
    }));

  test.each([
    ["none of their own", "", ""],
    ["theirs under another name", "  inherited a  int\n  constraint mine not null (a)\n", ""],
  ])("heirs of a not null that is handed down no more have %s", (_, own, before) =>
    onDatabase(major, async (c) => {
      const text = (more: string, heir: string) =>
        `table p {\n  a  int\n  constraint one not null (a)${more}\n}\ntable c {\n${heir}  inherits p\n}\n`;
      await goAndReturn(c, text("", before));
      await goAndReturn(c, text(" no inherit", own));
    }),
  );

  const heirs = {
    "another name": "  inherited a  int\n  constraint mine not null (a)\n",
    "the parent's usual name": "  inherited a  int\n  constraint p_a_not_null not null (a)\n",
    "a line and another name": "  a  int\n  constraint mine not null (a)\n",
  };
  const ways = [
    ["int not null", "bigint not null"],
    ["int", "bigint not null"],
    ["int not null", "bigint"],
  ] as const;
  const parent = (said: string): string => said.replace(/^(\w+)$/, "$1?").replace(" not null", "");
  test.each(Object.entries(heirs).flatMap(([title, heir]) => ways.map(([from, to]) => ({ title, heir, from, to }))))(
    "an heir's not null with $title while its parent's column goes from $from to $to",
    ({ heir, from, to }) =>
      onDatabase(major, async (c) => {
        const column = (said: string): string =>
          `table p {\n  a  ${parent(said)}\n}\ntable c {\n${heir.replace("int", said.split(" ")[0]!)}  inherits p\n}\n`;
        await goAndReturn(c, column(from));
        await goAndReturn(c, column(to));
        const domain = (said: string): string => `domain d ${said.split(" ")[0]}\n${column(said.replace(/^\w+/, "d"))}`;
        await goAndReturn(c, domain(from));
        await goAndReturn(c, domain(to));
      }),
  );

  test("new heirs have the names that were said", () =>
    onDatabase(major, async (c) => {
      await goAndReturn(
        c,
        "table p {\n  a  int\n}\n" +
          "table c {\n  inherited a  int\n  constraint mine not null (a)\n  inherits p\n}\n" +
          "table e {\n  inherited a  int\n  constraint e_a_not_null not null (a)\n  inherits p\n}\n",
      );
      expect(await names(c)).toEqual(["c mine 1", "e e_a_not_null 1", "p p_a_not_null 0"]);
    }));
});
