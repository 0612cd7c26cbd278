/** What leads out of the database, and what watches it: with owners, grants, comments, and functions of their own. */
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { usualSettings } from "../../src/kinds/parts/subscriptions.ts";
import type { DbObject } from "../../src/model/objects.ts";
import { changeOf, context, observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, rolesOnServers, settle, sqlOf } from "./said.ts";

const [a, b, boss] = [`far ${process.pid}`, `far_b${process.pid}`, `far_boss${process.pid}`];
rolesOnServers(a, b, boss);

const functions = `
function watch() returns event_trigger language plpgsql as $$ begin end $$
function ops.watch() returns event_trigger language plpgsql as $$ begin end $$
function judge(text[], oid) returns boolean language plpgsql as $$ begin return 1; end $$
schema ops { }
`;
const things = `${functions}
foreign data wrapper files validator judge options (debug 'true')
server films type 'archive' version '9.1' foreign data wrapper files options (host 'films.example', "Port" '5433')
user mapping for public server films options (user 'reader')
user mapping for "${a}" server films options (user 'it''s')
event trigger audit on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE') execute watch()
event trigger guard on sql_drop execute ops.watch() enabled always
publication everything for all tables
subscription far connection 'host=a dbname=b' publication x, "Y" with (slot_name = none) disabled
`;

/** A database with a subscription cannot be dropped. */
const onIts: typeof onDatabase = (major, fn) =>
  onDatabase(major, (c) => fn(c).finally(() => c.query("drop subscription if exists far")));

test.each(testMajors)("they are made, changed and taken away (PostgreSQL %i)", (major) =>
  onIts(major, async (c) => {
    await goAndReturn(c, things);
    const changed = await goAndReturn(
      c,
      things
        .replace("validator judge options (debug 'true')", "options (more '')")
        .replace("options (host 'films.example', \"Port\" '5433')", "")
        .replace("version '9.1'", "")
        .replace("user 'it''s'", "user 'a\\b'")
        .replace("execute watch()", "execute watch() enabled replica")
        .replace('x, "Y"', '"Y"'),
    );
    expect(sqlOf(changed).filter((s) => s.startsWith("create") || s.startsWith("drop"))).toEqual([]);
    await goAndReturn(c, functions);
    await goAndReturn(c, "");
  }),
);

test.each(testMajors)("owners, grants and comments of them (PostgreSQL %i)", (major) =>
  onIts(major, async (c) => {
    await c.query(`alter role "${boss}" superuser`);
    await settle(c, things);
    const said = `${things.replace("publication everything", "/// All.\npublication everything").replace("server films type", "/// Films.\nserver films type")}
owner "${boss}" on server films, foreign data wrapper files, event trigger guard, publication everything, subscription far
grant usage on foreign data wrapper files to "${a}" with grant option
grant usage on foreign data wrapper files to ${b} granted by "${a}"
grant usage on server films to ${b}, public
`;
    const one = await goAndReturn(c, said);
    expect(sqlOf(one)).toContain(`grant usage on foreign server films to ${b}`);
    const text = await expectReadable(await observe(c));
    expect(text).toContain("on server films");
    // What is made anew is owned and granted as before.
    await goAndReturn(c, said.replace("type 'archive'", "type 'other'"));
    expect(sqlOf(await planned(c, said.replace("type 'archive'", "type 'other'")))).toEqual([]);
    // Only superusers can own these: the project's owner is not meant for them.
    const whole = sqlOf(await goAndReturn(c, `${things}owner ${b}`)).filter((s) => s.includes(`owner to ${b}`));
    expect(whole).toContain(`alter server films owner to ${b}`);
    expect(
      whole.filter((s) => s.includes("event trigger") || s.includes("data wrapper") || s.includes("subscription")),
    ).toEqual([]);
    await c.query(`alter role "${boss}" nosuperuser`);
  }),
);

test.each(testMajors)(
  "functions of theirs come first and go last, and are made anew with them (PostgreSQL %i)",
  (major) =>
    onIts(major, async (c) => {
      const made = sqlOf(await settle(c, things));
      const at = (start: string): number => made.findIndex((s) => s.startsWith(start));
      expect(at("create function ops.watch")).toBeLessThan(at("create event trigger guard"));
      expect(at("create function public.judge")).toBeLessThan(at("create foreign data wrapper files"));
      await goAndReturn(c, things.replace("judge(text[], oid) returns boolean", "judge(text[], oid) returns int"));
      const { unmodelled } = await observe(c);
      expect(unmodelled).toEqual([]);
    }),
);

test("a secret without a value that is not there stays out", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const text = (user: string): string => `
foreign data wrapper w
server s foreign data wrapper w options (token \${t})
user mapping for public server s options (user '${user}', password \${pw})
`;
    const made = await settle(c, text("r"));
    expect(made.plan?.up.hazards.map((h) => h.code)).toEqual(["lossy", "lossy"]);
    expect(sqlOf(await goAndReturn(c, text("q")))).toEqual([
      "alter user mapping for public server s options (set \"user\" 'q')",
    ]);
    await c.query("alter user mapping for public server s options (add password 'geheim')");
    expect(sqlOf(await goAndReturn(c, text("r")))).toEqual([
      "alter user mapping for public server s options (set \"user\" 'r')",
    ]);
  }));

test.each([
  [true, "replace"],
  [false, "in place"],
])("two phases in place only where no worker runs (enabled: %s)", (enabled, how) => {
  const far = (twoPhase: boolean): DbObject<"subscription"> => ({
    id: { kind: "subscription", name: "far" },
    attributes: { ...usualSettings(180000), slot: "far", connection: "host=a", publications: ["x"], enabled, twoPhase },
    needs: [],
  });
  const answer = changeOf("subscription", far(false), far(true), context([], [], 180000));
  expect(answer === "replace" ? answer : "in place").toBe(how);
});

test("a mapping's role must be there; nobody labels a server", () =>
  onDatabase(testMajors[0]!, async (connection) => {
    const problems = async (text: string): Promise<readonly string[]> =>
      (await compile({ connection, files: [{ path: "a.schema", text }] })).problems.map((p) => p.message);
    expect(
      await problems("foreign data wrapper w\nserver s foreign data wrapper w\nuser mapping for nobody_here server s"),
    ).toEqual([expect.stringContaining("nobody_here")]);
    expect(
      await problems("foreign data wrapper w\nserver s foreign data wrapper w\nsecurity label 'x' for p on server s"),
    ).toContain("Postgres takes no label on a server.");
  }));
