/** What goes wrong on a real server, and what the command line says of it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { serverUrl, testMajors, withDatabase } from "../servers/databases.ts";
import { edit, json, revisionFile, revisions, project as projectOf } from "./project.ts";
import { folders, schemac, write } from "./support.ts";

const folder = folders();
const major = testMajors.at(-1)!;
const project = (url: string, schema?: string) => projectOf(folder, url, schema);

/** Something that listens on a port of this machine and does this with who calls. */
async function listener(answer: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => answer(socket.on("error", () => {})));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** Comes back when somebody wants the table that the client has locked. */
async function isWaitedFor(client: pg.Client, table: string): Promise<void> {
  const waiting = "select from pg_locks where not granted and relation = $1::regclass";
  while ((await client.query(waiting, [table])).rowCount === 0) await new Promise((r) => setTimeout(r, 20));
}

describe("trouble", () => {
  test("an environment that is for one database takes no other", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url, "table t { a int }\n");
      await run("plan", "-m", "start");
      await run("apply");
      const { instance } = json(await run("status", "--json"));
      const meant = (id: unknown): void =>
        write(cwd, {
          "schemac.config.ts": `export default { environments: { live: { url: ${JSON.stringify(url)}, instance: "${String(id)}" } } }`,
        });
      meant(instance);
      expect((await run("status", "--env", "live", "-v")).out).toContain(`instance  ${String(instance)}`);
      meant("00000000-0000-4000-8000-000000000000");
      for (const args of [["status"], ["plan"], ["apply"], ["rollback"], ["stamp", "head"]]) {
        const ran = await run(...args, "--env", "live");
        expect([ran.code, ran.err]).toEqual([5, expect.stringContaining(`instance ${String(instance)}`)]);
      }
      meant("live");
      expect((await run("status", "--env", "live")).err).toContain("must be a UUID");
    }));

  test("a revision that fails: the statement, Postgres's words, what was undone, what next", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url, "schema s\ntable t { a int }\n");
      await run("plan", "-m", "start");
      await run("apply");
      const written = await run("revision", "-m", "by hand");
      expect(written.code).toBe(0);
      const path = join(cwd, "generated/0002_by_hand.ts");
      const text = readFileSync(path, "utf8");
      writeFileSync(
        path,
        text.replace(
          /statements: \[\s*\]/,
          'statements: ["insert into s.t values (1)", ["select a,", "  nope,", "  a from s.t"]]',
        ),
      );
      const ran = await run("apply");
      expect(ran.code).toBe(1);
      expect(ran.err).toContain('statement 2 of 2: column "nope" does not exist');
      expect(ran.err).toMatch(/\n {6}nope,\n {6}\^\n/);
      expect(ran.err).toContain("SQLSTATE 42703");
      expect(ran.err).toContain("undone");
      expect(json(await run("apply", "--json"))).toMatchObject({
        exit: 1,
        failed: { revision: "0002_by_hand", statement: 2, line: 2, sqlstate: "42703" },
      });
      expect((await run("status")).out).toContain("current   0001_start");

      // Edited after it was applied: said, and nothing is run.
      const start = join(cwd, "generated/0001_start.ts");
      writeFileSync(start, readFileSync(start, "utf8").replace("create table s.t", "create table s.tt"));
      for (const args of [["apply"], ["plan"], ["status"]]) {
        const broken = await run(...args);
        expect(broken.code).toBe(6);
        expect(broken.out + broken.err).toContain("generated/0001_start.ts was edited after it was applied");
        if (args[0] !== "status")
          expect(broken.err).toMatch(/help: Nothing was run\. Restore .* stamp the current revision/);
      }
    }));

  test("a failing statement's password is told neither to people nor to programs", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      for (const [sql, said, where] of [
        [
          "do $$ begin\n  execute 'alter role nobody_here password ''geheim''';\nend $$",
          "context: SQL statement",
          expect.stringContaining("inline_code_block"),
        ],
        ["create user mapping for public server nowhere options (user 'u', password 'ge\nheim')", "password ***", null],
      ] as const) {
        write(cwd, revisionFile(1, [sql], []));
        const ran = await run("apply");
        expect(ran.err).toContain(said);
        const told = await run("apply", "--json");
        expect(json(told)).toMatchObject({
          failed: { sql: expect.stringContaining("password ***") as string, where: where as unknown },
        });
        expect(ran.out + ran.err + told.out + told.err).not.toContain("heim");
        expect((await run("show", "1", "--json")).out).toContain("heim");
      }
    }));

  test("a revision file that throws, or exports another thing: named, not run", () =>
    withDatabase(major, async (url) => {
      for (const text of [
        "throw new Error('run!')",
        "export default 5",
        "export default { up: [] }",
        "",
        "\u0000\u0001",
        "export default {".repeat(10_000),
      ]) {
        const { cwd, run } = project(url);
        write(cwd, { "generated/0001_bad.ts": text });
        for (const command of ["plan", "apply", "history", "show"]) {
          const ran = await run(command, ...(command === "show" ? ["1"] : []));
          expect(ran.code).toBe(6);
          expect(ran.err).toContain("generated/0001_bad.ts");
          expect(ran.err).not.toMatch(/run!|bug of schemac/);
        }
      }
    }));

  test("another runner: exit 4 when the wait runs out", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      await run("plan", "-m", "start");
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`select pg_advisory_lock(${0x73636d61}, 1)`);
      const ran = await schemac(cwd, ["apply", "--wait", "1"], { env: { DATABASE_URL: url } });
      await client.end();
      expect(ran.code).toBe(4);
      expect(ran.err).toMatch(/another runner .*holds the lock/);
      expect((await run("apply")).code).toBe(0);
      expect((await run("apply", "--wait", "soon")).err).toContain("--wait wants seconds");
    }));

  test("a baseline that is not recorded leaves no revision behind", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("create schema s; create table s.t (a int)");
      await client.query(`select pg_advisory_lock(${0x73636d61}, 1)`);
      expect((await run("baseline", "--wait", "1")).code).toBe(4);
      expect(revisions(cwd)).toEqual([]);
      await client.query(`select pg_advisory_unlock(${0x73636d61}, 1)`);

      // Ctrl-C while the catalog is read: here until nobody holds a part of it any more.
      await client.query("begin; lock table pg_catalog.pg_trigger");
      let asked = false;
      const stopped = await schemac(cwd, ["baseline", "-v"], {
        env: { DATABASE_URL: url },
        watch: (seen, kill) => {
          if (!asked && seen.includes("using")) {
            asked = true;
            void isWaitedFor(client, "pg_trigger").then(() => kill("SIGINT"));
          }
          if (seen.includes("stopping after")) void client.query("commit").catch(() => {});
        },
      });
      await client.end();
      expect(stopped.code).toBe(130);
      expect(stopped.err).toContain("nothing was changed");
      expect(revisions(cwd)).toEqual([]);
      expect((await run("baseline")).code).toBe(0);
    }));

  test("nobody listens: a run goes on to its end, and a revision is written", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      const unread = (...args: string[]) => schemac(cwd, args, { env: { DATABASE_URL: url }, unread: true });
      expect((await unread("plan", "-m", "start")).code).toBe(0);
      expect(revisions(cwd)).toEqual(["0001_start.ts"]);
      expect((await unread("apply", "-v")).code).toBe(0);
      expect((await run("status", "--check")).code).toBe(0);
    }));

  test("renames come later, answers from a file", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      await run("plan", "-m", "start");
      await run("apply");
      expect((await run("plan", "--rename", "a=b")).err).toContain("renames come later");
      edit(cwd, "  note    text?\n", "");
      write(cwd, { "yes.json": '{ "allowDrop": ["column:shop.orders.note"] }', "no.json": "[]", "bad.json": "{" });
      expect((await run("plan", "--answers", "bad.json")).err).toContain("no JSON file");
      expect((await run("plan", "--answers", "no.json")).err).toContain("must hold an object");
      expect((await run("plan", "--answers", "yes.json", "--dry-run")).code).toBe(0);
      write(cwd, { "slip.json": '{ "allowdrop": [] }' });
      const slip = await run("plan", "--answers", "slip.json", "--dry-run");
      expect([slip.code, slip.err]).toEqual([1, expect.stringContaining('did you mean "allowDrop"?')]);
      const elsewhere = await run("plan", "--allow-drop", "shop.users");
      expect(elsewhere.code).toBe(3);
      expect(elsewhere.err).toContain("--allow-drop shop.users fits nothing");
    }));

  test("a database of another kind: one sentence, no password, exit 1", async () => {
    const server = await listener((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    // Says that it has no TLS, and is gone.
    const leaving = await listener((socket) => socket.once("data", () => socket.end("N")));
    const good = new URL(serverUrl(major));
    good.username = "nobody_of_this_name";
    good.password = "geheim";
    const nowhere = new URL(serverUrl(major));
    nowhere.pathname = "/no_such_database";
    nowhere.password = "geheim";
    const { run } = project("");
    for (const [url, wanted] of [
      ["postgres://me:geheim@127.0.0.1:1/db", /nothing listens there/],
      ["postgres://me:geheim@no-such-host.invalid/db", /host name/],
      [`postgres://me:geheim@127.0.0.1:${server.port}/db`, /closed|reset|PostgreSQL server/],
      [`postgres://me:geheim@127.0.0.1:${leaving.port}/db`, /closed|reset|ended|terminated/],
      [good.href, /nobody_of_this_name/],
      [nowhere.href, /no_such_database/],
      ["postgres://me:geheim@h:99999/db", /port/],
      ["postgres://me:geheim@127.0.0.1:1/db?sslmode=sure", /sslmode/],
      ["postgres://me:ge heim@127.0.0.1:1/db?sslmode=verify-ca", /certificate/],
      ["postgres://me:12/geheim@127.0.0.1:1/db", /URL cannot be read[^]*%2F/],
    ] as const) {
      for (const command of ["status", "plan"]) {
        const ran = await run(command, "--url", url);
        expect(ran.code).toBe(1);
        expect(ran.err).toMatch(wanted);
        expect(ran.out + ran.err).not.toMatch(/geheim|heim|bug of schemac|\n {4}at /);
        expect(ran.err.split("\n").filter((l) => l.startsWith("error:"))).toHaveLength(1);
      }
    }
    server.close();
    leaving.close();
  });

  test("a server that takes the call and says nothing: files are read all the same, and Ctrl-C is heard", async () => {
    const silent = await listener(() => {});
    try {
      const { cwd, run } = project("");
      // Longer than a test may take.
      const url = `postgres://me@127.0.0.1:${silent.port}/db?connect_timeout=1000`;
      writeFileSync(join(cwd, "generated/0001_broken.ts"), "export default 1;\n");
      expect((await run("apply", "--url", url)).code).toBe(6);
      rmSync(join(cwd, "generated/0001_broken.ts"));
      for (const command of ["apply", "plan"]) {
        let sent = false;
        const stopped = await schemac(cwd, [command, "-v", "--url", url], {
          watch: (seen, kill) => {
            if (sent || !seen.includes("using db")) return;
            sent = true;
            setTimeout(() => kill("SIGINT"), 300);
          },
        });
        expect(stopped.code).toBe(130);
        expect(stopped.err).toContain("nothing was changed");
      }
    } finally {
      silent.close();
    }
  });

  test("time limits that somebody set on the database end no plan and no run", () =>
    withDatabase(major, async (url) => {
      const { run } = project(url);
      const limits = [
        "idle_in_transaction_session_timeout = '5ms'",
        ...(major < 17 ? [] : ["transaction_timeout = '200ms'"]),
      ];
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const database = client.escapeIdentifier(client.database!);
      await client.query(limits.map((l) => `alter database ${database} set ${l}`).join("; "));
      await client.end();
      expect(await run("plan", "-m", "start")).toMatchObject({ code: 0 });
      expect(await run("apply")).toMatchObject({ code: 0 });
      expect(await run("plan", "--check")).toMatchObject({ code: 0 });
    }));

  test("a ledger that lost a table or a column is no database where nothing was run: exit 6", () =>
    withDatabase(major, async (url) => {
      const { run } = project(url, "table t { a int }\n");
      await run("plan", "-m", "start");
      await run("apply");
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      for (const [broken, said] of [
        ["drop table schemac.event", "its table event is not there"],
        [
          "create table schemac.event as select now() as at, '' as kind; alter table schemac.revision drop column how",
          'column "how" does not exist',
        ],
      ] as const) {
        await client.query(broken);
        for (const args of [["status"], ["status", "--check", "--json"], ["plan"], ["apply"], ["rollback"]]) {
          const ran = await run(...args);
          expect([ran.code, ran.err]).toEqual([
            6,
            expect.stringContaining(`the ledger in the schema "schemac" is damaged: ${said}`),
          ]);
          expect(ran.err).toMatch(/^help: .*backup/m);
        }
      }
      await client.end();
    }));

  test("a user without rights: said, exit 1", () =>
    withDatabase(major, async (url) => {
      const role = `c_${process.pid}_poor`;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(
        `create role ${role} login; create schema s; create table s.t (a int); revoke all on schema s from public`,
      );
      try {
        const poor = new URL(url);
        poor.username = role;
        const { run } = project(poor.href, "schema s\ntable t { a int? }\ntable u { a int }\n");
        const planned = await run("plan");
        if (planned.code === 0) {
          const ran = await run("apply");
          expect(ran.code).toBe(1);
          expect(ran.err).toMatch(/permission denied/);
        } else expect(planned.err).toMatch(/permission denied/);
      } finally {
        await client.query(`drop owned by ${role}; drop role ${role}`);
        await client.end();
      }
    }));

  test("a role that the ledger is closed to is told which rights it needs, and those are enough", () =>
    withDatabase(major, async (url) => {
      const role = `c_${process.pid}_planner`;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { cwd, run } = project(url);
      for (const args of [["plan", "-m", "start"], ["apply"]]) expect(await run(...args)).toMatchObject({ code: 0 });
      await client.query(`create role ${role} login`);
      try {
        const other = new URL(url);
        other.username = role;
        const ran = await run("status", "--url", other.href);
        expect(ran.code).toBe(1);
        const grants = /^help: its owner lets the role in with: (.*)$/m.exec(ran.err)?.[1];
        await client.query(grants ?? "");
        expect(await schemac(cwd, ["status", "--check", "--url", other.href])).toMatchObject({ code: 0 });
        // Who may look only is told the same where something is to be written.
        await client.query(`revoke insert, update, delete on all tables in schema schemac from ${role}`);
        const [first] = json(await run("history", "--json"))["revisions"] as readonly { readonly id: string }[];
        const [path, text] = Object.entries(revisionFile(2, ["select 1"], []))[0]!;
        write(cwd, { [path]: text.replace("a00000000001", first!.id) });
        expect(await schemac(cwd, ["status", "--url", other.href])).toMatchObject({ code: 0 });
        for (const args of [["apply"], ["stamp", "head", "--no-verify"]]) {
          const refused = await schemac(cwd, [...args, "--url", other.href]);
          expect(refused.code).toBe(1);
          expect(refused.err).toContain(`its owner lets the role in with: ${grants}`);
        }
        await client.query(grants ?? "");
        expect(await schemac(cwd, ["apply", "--url", other.href])).toMatchObject({ code: 0 });
      } finally {
        await client.query(`drop owned by ${role}; drop role ${role}`);
        await client.end();
      }
    }));

  test("a file that cannot be read is told of, also where all the others had settled", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      await run("plan");
      await run("apply");
      expect((await run("plan", "--check")).code).toBe(0);
      expect((await run("plan", "--check")).code).toBe(0);
      writeFileSync(join(cwd, "schema/d.schema"), Buffer.from([0xff, 0xfe, 0x00]));
      const ran = await run("plan", "--check");
      expect(ran.code).toBe(1);
      expect(ran.err).toContain("schema/d.schema:1:1: error[not-text]");
    }));

  test("broken files: every error at its place, nothing written, nothing run", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      write(cwd, {
        "schema/a.schema": "schema shop\ntable x {\n  a   txt\n  b   bigint -> userz\n}\n",
        "schema/b.schema": "table y {\n  a int =\n}\ntabel z { a int }\n",
        "schema/c.schema": "schema shop\ntable users { a int }\n",
      });
      writeFileSync(join(cwd, "schema/d.schema"), Buffer.from([0xff, 0xfe, 0x00]));
      const ran = await run("plan");
      expect(ran.code).toBe(1);
      expect(ran.out).toBe("");
      for (const place of [
        "schema/a.schema:3:7: error[unknown-type]",
        "schema/a.schema:4:17: error[unknown-table]",
        "schema/b.schema:2:",
        "schema/b.schema:4:1",
        "error[duplicate-name]",
        "schema/d.schema:1:1: error[not-text]",
      ])
        expect(ran.err).toContain(place);
      expect(ran.err).toMatch(/users/);
      expect(json(await run("plan", "--json"))).toMatchObject({
        exit: 1,
        problems: expect.arrayContaining([
          expect.objectContaining({ code: "unknown-type", file: "schema/a.schema", line: 3, column: 7, endColumn: 10 }),
        ]) as unknown,
      });
      expect(revisions(cwd)).toEqual([]);
      expect((await run("status")).out).toContain("nothing was ever run here");
    }));

  test("what is broken hides only what it may declare, in whichever file", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      write(cwd, {
        "schema/a.schema":
          "table x {\n  a intt\n  b int -> nowhere\n  c int unque\n  d kind\n  e int -> made\n  f int -> keyed\n}\n",
        "schema/b.schema":
          "enmu kind { a }\ntabel made { id int primary key }\ntable keyed {\n  id int primry key\n  unique (idd)\n}\n",
        "schema/c.schema": "",
      });
      const ran = await run("plan");
      expect(ran.code).toBe(1);
      expect([...ran.err.matchAll(/^(\S+): error\[(\S+)\]/gm)].map(([, place, code]) => `${place} ${code}`)).toEqual([
        "schema/a.schema:2:5 unknown-type",
        "schema/a.schema:3:12 unknown-table",
        "schema/a.schema:4:9 unknown-keyword",
        "schema/b.schema:1:1 unknown-keyword",
        "schema/b.schema:2:1 unknown-keyword",
        "schema/b.schema:4:10 unknown-keyword",
        "schema/b.schema:5:11 unknown-column",
      ]);
      write(cwd, { "schema/c.schema": "table z { a text = 'open }\n" });
      expect((await run("plan")).err).not.toContain("unknown-table");
    }));

  test("what is not modelled is counted, and named with -v; what would break it is refused", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      const table = "table pair { a int, b int, primary key (a) }\n";
      edit(cwd, "enum status", `${table}enum status`);
      await run("plan");
      await run("apply");
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("alter index shop.pair_pkey depends on extension plpgsql");
      await client.end();
      expect((await run("plan", "--check")).err).toMatch(
        /not modelled yet, left alone: 1 extension dependency \(-v names/,
      );
      expect((await run("plan", "--check", "-v")).err).toContain("shop.pair_pkey");
      edit(cwd, table, table.replace("(a)", "(a, b)"));
      const ran = await run("plan", "--allow-drop", "*");
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/would break what schemac does not model yet[^]*shop\.pair.*extension dependency/);
      expect((await run("plan", "--check")).code).toBe(2);
      expect(revisions(cwd)).toHaveLength(1);
    }));

  test("a change for which there is no way is refused as such", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url, "table p partition by list (a) { a int }\ntable held { other p }\n");
      await run("plan");
      await run("apply");
      edit(cwd, "by list", "by range");
      const ran = await run("plan", "--allow-drop", "*");
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/there is no way to make these changes; nothing was written[^]*public\.p/);
      expect(ran.err).not.toContain("model");
      expect((await run("plan", "--check")).code).toBe(2);
      expect(revisions(cwd)).toHaveLength(1);
    }));
});
