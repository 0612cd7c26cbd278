/** Base types on a real server: what changes of them, and columns of them. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, settle, sqlOf } from "./said.ts";
import { walk } from "./ways.ts";

const type = (storage: string): string => `
type note base {
  input note_in
  output note_out
  storage ${storage}
}
function note_in(cstring) returns note language internal immutable strict as $$textin$$
function note_out(note) returns cstring language internal immutable strict as $$textout$$
`;
const tables = `
domain remark note
table notes { id int, said note, more remark?, all notes_of?, many note[]?, kept note? storage external }
type notes_of { one note }
table heirs {
  inherits notes
}
`;

test.each(testMajors)("columns get the storage that their type gets (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, type("extended") + tables);
    const said = sqlOf(await goAndReturn(c, type("main") + tables));
    expect(said[0]).toBe("alter type public.note set (storage = main)");
    // Those of a domain over it too; composite types and arrays have their own.
    expect(said.slice(1).map((s) => s.split(/\s+alter column/)[0])).toEqual([
      "alter table only public.notes",
      "alter table only public.heirs",
    ]);
    await goAndReturn(c, type("extended") + tables.replace("storage external", "storage main"));
    await goAndReturn(c, type("external"));
  }),
);

test.each(testMajors.filter((m) => m >= 14))(
  "what gets a type gets the storage that the type gets (PostgreSQL %i)",
  (major) =>
    onDatabase(major, async (c) => {
      const before = "domain remark int4multirange\ntable notes { more remark? }\n";
      const after = "domain remark note\ntable notes { more remark? }\ntable late { more remark?, said note? }\n";
      const seen = "materialized view shown as $$ select null::remark as more $$\n";
      await settle(c, before + type("extended"));
      await goAndReturn(c, after + seen + type("main"));
      await goAndReturn(c, after + seen + type("extended"));
      await goAndReturn(c, before + type("extended"));
    }),
);

test.each(testMajors)("a type whose name stays, and columns of it get another one (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const name = "type note shell\ntable notes { id int, said text }\n";
    await settle(c, name);
    await goAndReturn(c, type("extended") + "table notes { id int, said note }\n");
    await goAndReturn(c, name);
  }),
);

test("once its values may be stored elsewhere, Postgres makes none of a type plain", () =>
  onDatabase(testMajors[0]!, async (connection) => {
    await settle(connection, type("extended"));
    const { refusals } = await compile({ connection, files: [{ path: "a.schema", text: type("plain") }] });
    expect(refusals.map((r) => r.message)).toEqual([expect.stringContaining("makes none of it plain")]);
  }));

test.each(testMajors)("a type that is plain no more stays so on the way back (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const both = tables.replace(", kept note? storage external", "");
    await settle(c, type("plain") + both);
    const { plan } = await planned(c, type("extended") + tables);
    expect(plan?.up.hazards.map((h) => h.code)).toEqual(["irreversible"]);
    for (const way of [plan!.up, plan!.down]) await walk(c, way);
    expect(sqlOf(await planned(c, type("extended") + both))).toEqual([]);
    await walk(c, plan!.up);
    expect(sqlOf(await planned(c, type("extended") + tables))).toEqual([]);
  }),
);

test.each(testMajors)("values get from a made type to another by way of their text (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const made = `${type("extended")}\ntype pair { a int, b text }\ntype other { a bigint, b text }\n`;
    const table = (t: string): string => `${made}table t { x ${t}? }`;
    await settle(c, table("pair"));
    await c.query("insert into t values ('(1,b)')");
    await goAndReturn(c, table("other"));
    await goAndReturn(c, table("note"));
    expect((await c.query("select x::text as x from t"))[0]?.rows).toEqual([{ x: "(1,b)" }]);
  }),
);

test.each(testMajors)("the name of a type comes back before its functions (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, type("main"));
    const { plan } = await planned(c, "");
    const made = plan?.down.steps.flatMap((s) => s.actions.map((a) => a.sql.split(" (")[0]?.split("(")[0])) ?? [];
    expect([made[0], made.at(-1)]).toEqual(["create type public.note", "create type public.note"]);
    await goAndReturn(c, "/// Once more.\ntype note shell");
    await goAndReturn(c, "");
  }),
);

test("a type goes with its functions though others that hold each other go too", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const ring = `
table a {
  id int primary key
  said note?
  b_id int? -> b
  rule keep on update do also $$ delete from b where id = 0 $$
}
table b {
  id int primary key
  said note?
  a_id int? -> a
  rule keep on update do also $$ delete from a where id = 0 $$
}
`;
    await settle(
      c,
      `${type("extended")}schema other { function note_send(note) returns bytea language internal stable strict as $$textsend$$ }\n${ring}`.replace(
        "output note_out",
        "output note_out\n  send other.note_send",
      ),
    );
    const up = sqlOf(await goAndReturn(c, ""));
    expect(up.filter((s) => s.startsWith("drop function"))).toEqual([]);
  }));

test("a foreign table's not null is handed down no more, and again (PostgreSQL 18)", () =>
  onDatabase(testMajors.at(-1)!, async (c) => {
    if (testMajors.at(-1)! < 18) return;
    const text = (no: string): string =>
      `foreign data wrapper w\nserver s foreign data wrapper w\nforeign table t server s {\n  id int\n  constraint filled not null (id)${no}\n}\n`;
    await settle(c, text(""));
    await goAndReturn(c, text(" no inherit"));
    await goAndReturn(c, text(""));
  }));
