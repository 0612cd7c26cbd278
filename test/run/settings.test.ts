import pg from "pg";
import { describe, expect, it } from "vitest";
import type { Step } from "../../src/revision/format.ts";
import { apply, connect } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { ask, askText, failure, list, revision, tx } from "./base.ts";

/** Writes down what it was run with, and texts that are read otherwise under other settings. */
const note = (n: number): string =>
  `insert into public.noted select ${n}, 'é', 'a\\b', concat_ws(' ', ${[
    "client_encoding",
    "standard_conforming_strings",
    "session_replication_role",
    "statement_timeout",
    "transaction_read_only",
    "transaction_isolation",
    "search_path",
  ]
    .map((s) => `pg_catalog.current_setting('${s}')`)
    .join(", ")})`;
const outside = (n: number): Step => ({
  kind: "outside",
  statement: note(n),
  probe: `select exists (select from public.noted where n = ${n})`,
});
const strange = tx(
  "set client_encoding = latin1",
  "set standard_conforming_strings = off",
  "set session_replication_role = replica",
  "set statement_timeout = '10min'",
  "set default_transaction_read_only = on",
  "set default_transaction_isolation = serializable",
  "set search_path = nowhere",
);

describe.each(testMajors)("on PostgreSQL %i", (major) => {
  it("what a step sets does not reach the next one, whatever that is and however they travel", () =>
    withDatabase(major, async (url) => {
      const up: Step[] = [
        tx("create table public.noted (n int, e text, b text, s text)"),
        tx(note(1)),
        strange,
        tx(note(2)),
        strange,
        outside(3),
        strange,
        { kind: "function", run: async ({ query }) => void (await query(note(4))) },
        { kind: "function", run: async ({ query }) => void (await query("set client_encoding = latin1")) },
        tx(note(5)),
      ];
      await apply({ url, revisions: list(revision(1, { up })) });
      expect(await askText(url, "select count(distinct (e, b, s)) || e || b from public.noted group by e, b")).toBe(
        "1éa\\b",
      );
    }));

  it("a step that becomes another role leaves the ledger and the next steps to the one that runs them", () =>
    withDatabase(major, async (url) => {
      const role = `"settings ${major} r'"`;
      await ask(url, `drop role if exists ${role}; create role ${role}; grant all on schema public to ${role}`);
      try {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        const up = [
          tx(`set role ${role}`, "create table public.a ()"),
          tx("create table public.b ()"),
          tx(`set session authorization ${role}`, "create table public.c ()"),
          { kind: "function", run: async ({ query }) => void (await query(`set role ${role}`)) },
          tx("create table public.d ()"),
        ] satisfies Step[];
        await apply({ client, revisions: list(revision(1, { up }), revision(2)) });
        const user = (await client.query("select current_user as u")).rows[0].u;
        await client.end();
        expect(
          await askText(
            url,
            "select relname || (relowner <> (select oid from pg_roles where rolname = current_user))::text from pg_class where relnamespace = 'public'::regnamespace order by 1",
          ),
        ).toBe("atrue bfalse ctrue dfalse t2false");
        expect(user).toBe(await askText(url, "select current_user"));
      } finally {
        await ask(url, `drop owned by ${role}; drop role ${role}`);
      }
    }));

  it("what role or database say of where new tables go holds for no step", () =>
    withDatabase(major, async (url) => {
      const elsewhere = ["default_tablespace = settings_elsewhere", "default_table_access_method = other"];
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query("set allow_in_place_tablespaces = on");
        await client.query("create tablespace settings_elsewhere location ''").catch(() => undefined);
        await client.query("create access method other type table handler heap_tableam_handler");
        await client.query(
          elsewhere.map((s) => `alter role current_user in database ${client.database} set ${s}`).join("; "),
        );
        for (const s of elsewhere) await client.query(`set ${s}`);
        const own = await connect(url);
        const settings =
          "select current_setting('default_tablespace') as t, current_setting('default_table_access_method') as m";
        expect((await own.query(settings))[0]?.rows).toEqual([{ t: "", m: "heap" }]);
        await own.close();
        const index: Step = {
          kind: "outside",
          statement: "create index concurrently i on public.a (n)",
          probe: "select exists (select from pg_catalog.pg_class where relname = 'i')",
        };
        const up = [
          tx("create table public.a (n int)", ...elsewhere.map((s) => `set ${s}`)),
          index,
          tx("create table public.b ()"),
          { kind: "function", run: async ({ query }) => void (await query("create table public.c ()")) },
        ] satisfies Step[];
        await apply({ client, revisions: list(revision(1, { up })) });
        const where =
          "select c.relname || ' ' || a.amname || ' ' || c.reltablespace as said from pg_class c join pg_am a on a.oid = c.relam where relnamespace = 'public'::regnamespace order by 1";
        expect(await askText(url, where)).toBe("a heap 0 b heap 0 c heap 0 i btree 0");
        expect((await client.query("select current_setting('default_tablespace') as t")).rows[0]).toEqual({
          t: "settings_elsewhere",
        });
      } finally {
        await client.end();
      }
    }));

  it("a lock that a step gave back is told before a step outside transactions too", () =>
    withDatabase(major, async (url) => {
      const table = tx("create table public.noted (n int, e text, b text, s text)");
      const up = [table, tx("select pg_catalog.pg_advisory_unlock_all()"), outside(1)];
      const e = await failure(apply({ url, revisions: list(revision(1, { up })) }));
      expect(e.message).toMatch(/no longer holds the lock/);
    }));
});
