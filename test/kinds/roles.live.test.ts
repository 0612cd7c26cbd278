import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { testMajors } from "../servers/databases.ts";
import { observe, onDatabase } from "./live.ts";
import { expectReadable, goAndReturn, planned, settle, sqlOf } from "./said.ts";

test.each(testMajors)("a role that is declared exists; what it is is nobody's business (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const name = `app ${process.pid}`;
    const up = await goAndReturn(c, `role "${name}"`);
    expect(sqlOf(up)[0]).toContain(`create role "${name}"`);
    await c.query(`alter role "${name}" with login createdb connection limit 5`);
    expect(sqlOf(await planned(c, `role "${name}" superuser`))).toEqual([]);
    expect(sqlOf(await planned(c, "")), "a role that nobody declares").toEqual([]);
    expect(await expectReadable(await observe(c))).toBe("");
    // It can log in now, so it is not the one that was made.
    for (const a of up.plan!.down.steps.flatMap((s) => s.actions)) await c.query(a.sql);
    expect(sqlOf(await planned(c, `role "${name}"`))).toEqual([]);
    await c.query(`drop role "${name}"`);
  }),
);

test.each(testMajors)("a managed role is as it is declared (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const [a, b] = [`a_${process.pid}`, `b_${process.pid}`];
    const scope = { roles: [a, b] };
    await c.query(`create role ${a} noinherit`);
    await c.query(`create role ${b} login; alter role ${b} set work_mem = '1MB'`);
    const text = `role ${a} login createdb createrole replication bypassrls noinherit connection limit 7 valid until '2040-01-02 03:04:05+00'
  member of ${b} with (admin)
  set search_path = '"$user", "a b", public'
  set work_mem = '64MB' in database
  set app.user_id = 'it''s'
role ${b}
table t {}`;
    const up = await goAndReturn(c, text, scope);
    expect(sqlOf(up).join(";\n")).toContain(`set search_path to '$user', 'a b', 'public'`);
    await settle(c, text.replace("with (admin)", "").replace("64MB", "65MB").replace(" login", ""), scope);
    expect((await c.query(`select rolcanlogin::text as l from pg_roles where rolname = '${b}'`))[0]?.rows).toEqual([
      { l: "false" },
    ]);
    if (major >= 16) {
      await goAndReturn(c, text.replace("(admin)", "(inherit, set = false)"), scope);
      const alone = text.replace("(admin)", "(admin, set = false)");
      const { problems } = await compile({ connection: c, files: [{ path: "a.schema", text: alone }], scope });
      expect(problems.map((p) => p.message)).toEqual([
        "Nothing but admin is what Postgres itself gives to whoever makes a role.",
      ]);
    }
    const plain = `role ${a}\nrole ${b}`;
    await settle(c, plain, scope);
    expect(sqlOf(await planned(c, "", scope)), "managed, but nobody's").toEqual([]);
    await c.query(`alter role ${a} createdb; alter role ${b} set work_mem = '2MB'`);
    const said = `${plain.replace("\n", " createdb\n")}\n  set work_mem = '2MB'`;
    const imported = await expectReadable(await observe(c, scope), scope.roles);
    expect(imported.trim().split(/\n+/), "managed, so import says it though nothing needs it").toEqual(
      said.split("\n"),
    );
    expect(sqlOf(await planned(c, imported, scope))).toEqual([]);
    await c.query(`drop role ${a}; drop role ${b}`);
  }),
);

test.each(testMajors)("a new role's default privileges, and what is made beside them (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const [a, b] = [`new_${process.pid}`, `z_${process.pid}`];
    const text = `table t { id int }\ndefault privileges for role ${a} grant select on tables to ${b}\ngrant insert on t to ${a}\nrole ${a}\nrole ${b}`;
    const up = sqlOf(await goAndReturn(c, text));
    expect(up.slice(0, 2).map((sql) => /create role \w+/.exec(sql)?.[0])).toEqual([
      `create role ${a}`,
      `create role ${b}`,
    ]);
    await c.query(
      `alter default privileges for role ${a} revoke all on tables from ${b}; drop table t; drop role ${a}; drop role ${b}`,
    );
  }),
);

test.each(testMajors)("settings settle however they are spelled (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const a = `spelled_${process.pid}`;
    const scope = { roles: [a] };
    const said = `
  set TimeZone = 'Europe/Paris'
  set datestyle = 'ISO,DMY'
  set IntervalStyle = iso_8601
  set search_path = 'shop,"$user",Mixed , "a, b"'
  set temp_tablespaces = ''
  set session_preload_libraries = 'json, "json", merge_action'
  set "my".thing = 'a,b'`;
    await goAndReturn(
      c,
      `database${said}\nrole ${a}${said}${said.replaceAll("\n  set", " in database\n  set").slice(12)} in database`,
      scope,
    );
    await c.query(
      `alter role ${a} reset all; alter role ${a} set datestyle to 'ISO'; alter role ${a} set "MY"."Thing" to 1`,
    );
    await settle(c, `role ${a}\n  set DateStyle = 'ISO,YMD'`, scope);
    expect((await c.query(`select rolconfig::text as s from pg_roles where rolname = '${a}'`))[0]!.rows).toEqual([
      { s: '{"DateStyle=ISO,YMD"}' },
    ]);
    await settle(c, `role ${a}`, scope);
    await c.query(`drop role ${a}`);
  }),
);

test.each(testMajors)("until when a role is valid settles however it is spelled (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const a = `until_${process.pid}`;
    const scope = { roles: [a] };
    const until = async (): Promise<unknown> =>
      (await c.query(`select (rolvaliduntil at time zone 'UTC')::text as u from pg_roles where rolname = '${a}'`))[0]!
        .rows[0]!["u"];
    for (const [said, wanted] of [
      ["2040-01-02", "2040-01-02 00:00:00"],
      ["2040-01-02 03:04", "2040-01-02 03:04:00"],
      ["2040-01-02T03:04:05.500Z", "2040-01-02 03:04:05.5"],
      ["2040-01-02 03:04:05+05:30", "2040-01-01 21:34:05"],
      ["2040-01-02 03:04:05.123456 -0130", "2040-01-02 04:34:05.123456"],
    ] as const) {
      await goAndReturn(c, `role ${a} valid until '${said}'`, scope);
      expect(await until(), said).toBe(wanted);
    }
    await settle(c, `role ${a} valid until 'Infinity'`, scope);
    expect(sqlOf(await planned(c, `role ${a}`, scope))).toEqual([]);
    const files = ["tomorrow", "2040-02-30", "2040-01-02 25:00", "Jan 2 2040"].map((said, i) => ({
      path: `${i}.schema`,
      text: `role r${i} valid until '${said}'`,
    }));
    const { problems } = await compile({ connection: c, files, scope: { roles: true } });
    expect(problems.map((p) => [p.code, p.help])).toEqual(
      files.map(() => ["invalid-option", "Write it like this: '2040-12-31 23:59:59+00', or 'infinity'."]),
    );
    await c.query(`drop role ${a}`);
  }),
);

test.each(testMajors.filter((major) => major >= 16))("what others made a member of (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    const [a, b, x, y] = ["a", "b", "x", "y"].map((n) => `given_${n}_${process.pid}`);
    const scope = { roles: [b!] };
    await c.query(`create role ${a}; create role ${b}; create role ${x}; create role ${y};
      grant ${a} to ${x}, ${y} with admin option; grant ${a} to ${b}; grant ${a} to ${b} granted by ${x}; grant ${a} to ${b} with admin option granted by ${y}`);
    const said = (more: string): string => `role ${a}\nrole ${b}${more}`;
    expect(sqlOf(await planned(c, said(` member of ${a} with (admin)`), scope))).toEqual([]);
    await goAndReturn(c, said(` member of ${a}`), scope);
    await goAndReturn(c, said(` member of ${a} with (inherit = false)`), scope);
    await goAndReturn(c, said(""), scope);
    await settle(c, said(""), scope);
    await c.query(`grant ${a} to ${b} granted by ${x}`);
    await settle(c, said(` member of ${a} with (admin)`), scope);
    await settle(c, said(""), scope);
    expect((await c.query(`select 1 from pg_auth_members where member = '${b}'::regrole`))[0]!.rows).toEqual([]);
    await c.query(`drop role ${b}; drop role ${x}; drop role ${y}; drop role ${a}`);
  }),
);
