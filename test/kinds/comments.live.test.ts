import { describe, expect, test } from "vitest";
import { indexOf } from "../../src/model/database.ts";
import { encode } from "../../src/model/id.ts";
import { comments } from "../../src/kinds/comments.ts";
import type { DbObject } from "../../src/model/objects.ts";
import { testMajors } from "../servers/databases.ts";
import { changeOf, create, dropOf, expectObserved, observe, onDatabase, run } from "./live.ts";

type Target = DbObject<"comment">["id"]["target"];
const n = `It's "x" 名`;
const q = `"It's ""x"" 名"`;
const on = { schema: n, table: n };
const targets: readonly Target[] = [
  { kind: "schema", name: n },
  { kind: "schema", name: "public" },
  { kind: "extension", name: "citext" },
  { kind: "enum", schema: n, name: "e" },
  { kind: "domain", schema: n, name: "d" },
  { kind: "domainCheck", schema: n, domain: "d", name: n },
  { kind: "sequence", schema: n, name: "s" },
  { kind: "table", schema: n, name: n },
  { kind: "column", ...on, name: n },
  { kind: "primaryKey", ...on, name: "pk" },
  { kind: "unique", ...on, name: "uq" },
  { kind: "foreignKey", ...on, name: "fk" },
  { kind: "check", ...on, name: "ch" },
  { kind: "exclude", ...on, name: "ex" },
  { kind: "index", ...on, name: "ix" },
];
const world = `
create schema ${q};
set search_path = ${q}, public;
create extension citext schema public;
create type e as enum ('a');
create domain d as int constraint ${q} check (value > 0);
create sequence s;
create table ${q} (u int constraint uq unique, ${q} int constraint pk primary key constraint fk references ${q} constraint ch check (${q} > 0),
  constraint ex exclude (${q} with =));
create index ix on ${q} (${q});
reset search_path`;
const comment = (target: Target, text: string): DbObject<"comment"> => ({
  id: { kind: "comment", target },
  attributes: { text },
  needs: [],
});
const texts = [
  "plain",
  "it's",
  "back\\slash 'n' \"quotes\"",
  "two\nlines\ttab",
  "名 🐘 \u2028",
  " ",
  "$$ `${x}` -- no",
  "x".repeat(100_000),
];

describe.each(testMajors)("PostgreSQL %i", (major) => {
  test("every kind of target has its comment, in any text", () =>
    onDatabase(major, async (c) => {
      await c.query(world);
      const none = (await observe(c)).database.objects.filter((o) => o.id.kind === "comment");
      expect(none.map((o) => encode(o.id))).toEqual([]);
      let old: readonly DbObject<"comment">[] = [];
      for (const [i, text] of texts.entries()) {
        const wanted = targets.map((t, j) => comment(t, `${text}${i}${j}`));
        if (i === 0) await create(c, wanted);
        for (const [j, to] of wanted.entries()) {
          const from = old[j];
          const answer = from ? changeOf("comment", from, to) : null;
          if (answer === "replace") throw new Error("never");
          if (answer) await run(c, answer.actions);
        }
        const found = await observe(c);
        expectObserved(found, wanted);
        expect(found.database.objects.filter((o) => o.id.kind === "comment").length).toBe(targets.length);
        expect(found.unmodelled).toEqual([]);
        old = wanted;
      }
      for (const o of old) await run(c, dropOf("comment", o));
      expect((await observe(c)).database.objects.filter((o) => o.id.kind === "comment")).toEqual([]);
    }));

  test("a comment makes an inherited column stand out, and does not go with it", () =>
    onDatabase(major, async (c) => {
      await c.query("create table p (a int, b int); create table c () inherits (p); comment on column c.b is 'x'");
      const o = await observe(c);
      const id = { kind: "column", schema: "public", table: "c", name: "b" } as const;
      const key = o.database.objects.filter((x) => "table" in x.id && x.id.table === "c").map((x) => encode(x.id));
      expect(key).toEqual([encode(id)]);
      const all = indexOf(o.database);
      expectObserved(o, [comment(id, "x")]);
      expect(comments.owner(comment(id, "x"), all)).toEqual({ kind: "table", schema: "public", name: "c" });
      const parent = { ...id, table: "p" };
      expect(comments.owner(comment(parent, "x"), all)).toEqual(parent);
    }));
});
