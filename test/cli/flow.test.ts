/** The main job on a real server, through the command line as a process. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { edit, json, revisionFile, revisions, project as projectOf } from "./project.ts";
import { folders, schemac, write } from "./support.ts";

const folder = folders();
const major = testMajors.at(-1)!;
const project = (url: string, schema?: string) => projectOf(folder, url, schema);

describe("on a server", () => {
  test("plan, apply, change, ask, roll back", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      const first = await run("plan", "-m", "The start!");
      expect(first).toMatchObject({ code: 0, err: "" });
      expect(first.out).toContain("+ table shop.users (");
      expect(first.out).toContain("not proven");
      expect(revisions(cwd)).toEqual(["0001_the_start.ts"]);

      const again = await run("plan");
      expect(again.code).toBe(1);
      expect(again.err).toContain("1 revision not applied yet: 0001_the_start");

      expect(await run("status", "--check")).toMatchObject({ code: 2 });
      const dry = await run("apply", "--dry-run", "-q");
      expect(dry.out).toMatch(/^would apply 0001_the_start \(1 step\)\n$/);
      expect((await run("apply")).out).toContain("now at 0001_the_start");
      expect((await run("apply")).out).toContain("Nothing to apply");
      expect(await run("status", "--check")).toMatchObject({ code: 0 });
      const none = await run("plan", "-m", "nothing");
      expect(none).toMatchObject({ code: 0, err: "" });
      expect(none.out).toContain("No difference");
      expect((await run("plan", "--sql")).out).toMatch(/^-- No difference.*\n$/);
      expect(await run("plan", "--check")).toMatchObject({ code: 0 });
      expect(revisions(cwd)).toHaveLength(1);

      edit(cwd, "  note    text?\n", "  total   numeric(12,2) = 0\n");
      const check = await run("plan", "--check");
      expect(check.code).toBe(2);
      const asked = await run("plan");
      expect(asked.code).toBe(3);
      expect(asked.err).toContain("--allow-drop column:shop.orders.note");
      const document = json(await run("plan", "--json"));
      expect(document).toMatchObject({
        version: 1,
        command: "plan",
        exit: 3,
        questions: [{ id: "column:shop.orders.note", code: "data-loss" }],
      });
      expect(revisions(cwd)).toHaveLength(1);
      const quiet = await run("plan", "-q", "--dry-run", "--allow-drop", "orders.note");
      expect(quiet).toMatchObject({ code: 0, out: expect.stringContaining("- column note") as unknown });
      const sql = await run("plan", "--sql", "--dry-run", "--allow-drop", "orders.note");
      expect(sql.code).toBe(0);
      expect(sql.out).toMatch(/^begin;$/m);
      for (const line of sql.out.split("\n").slice(0, sql.out.split("\n").indexOf("begin;")))
        expect(line).toMatch(/^(--.*)?$/);
      const checked = await run("plan", "--sql", "--check");
      expect(checked.code).toBe(2);
      const wrote = await run("plan", "--sql", "--allow-drop", "orders.note", "--no-renames", "-m", "");
      expect(wrote.code).toBe(0);
      for (const { out } of [sql, checked, wrote])
        for (const line of out.slice(out.indexOf("commit;")).split("\n")) expect(line).toMatch(/^(--.*|commit;)?$/);
      expect(revisions(cwd)).toEqual(["0001_the_start.ts", "0002_change_orders.ts"]);
      expect((await run("upgrade", "+1")).code).toBe(0);
      expect((await run("current", "--check-heads")).code).toBe(0);

      const lossy = await run("rollback");
      expect(lossy.code).toBe(3);
      expect(lossy.err).toContain("--allow-loss column:shop.orders.total");
      // Looking asks nothing.
      const back = await run("rollback", "--dry-run", "-q");
      expect(back).toMatchObject({ code: 0, out: expect.stringMatching(/^would undo 0002_/) as unknown });
      const lost = { on: "column:shop.orders.total", code: "data-loss" };
      expect(json(await run("rollback", "--dry-run", "--json"))).toMatchObject({
        undone: ["0002_change_orders"],
        hazards: [{ revision: "0002_change_orders", ...lost }],
        questions: [{ id: "column:shop.orders.total", answer: "--allow-loss column:shop.orders.total" }],
      });
      expect(json(await run("show", "2", "--json"))).toMatchObject({ hazardsDown: [lost] });
      expect((await run("rollback", "--allow-loss", "total")).out).toContain("now at 0001_the_start");
      const earlier = await run("apply", "1");
      expect(earlier).toMatchObject({
        code: 0,
        out: expect.stringMatching(/0001_the_start is applied already/) as unknown,
      });
      expect((await run("rollback", "2")).err).toContain("0002_change_orders is not applied");
      expect((await run("downgrade", "base", "--allow-loss", "*", "-q")).out).toBe("");
      expect(json(await run("status", "--json"))).toMatchObject({
        current: [],
        pending: ["0001_the_start", "0002_change_orders"],
      });
      expect((await run("rollback")).err).toContain("-1");
    }));

  test("import, plan --check, baseline, stamp", () =>
    withDatabase(major, async (url) => {
      const made = project(url);
      await made.run("plan", "-m", "start");
      await made.run("apply");

      const { cwd, run } = project(url);
      rmSync(join(cwd, "schema"), { recursive: true });
      const env = { DATABASE_URL: url };
      // The other project's ledger is in the way of a history of one's own.
      expect((await run("baseline")).code).toBe(6);
      expect((await schemac(made.cwd, ["stamp", "base", "--no-verify"], { env })).code).toBe(0);

      expect((await run("plan")).err).toContain("there is no schema folder");
      const imported = await run("import");
      expect(imported).toMatchObject({ code: 0, err: "" });
      expect(imported.out).toContain("2 tables");
      expect(imported.out).toContain("1 enum");
      const twice = await run("import");
      expect(twice.code).toBe(1);
      expect(twice.err).toContain("would be overwritten");
      expect((await run("import", "--force")).code).toBe(0);
      expect(await run("plan", "--check")).toMatchObject({ code: 0 });
      expect(await run("fmt", "--check")).toMatchObject({ code: 0 });

      expect((await run("stamp", "head")).err).toContain("there are no revisions to stamp");
      const base = await run("baseline");
      expect(base).toMatchObject({ code: 0 });
      expect(revisions(cwd)).toEqual(["0001_baseline.ts"]);
      expect((await run("status", "--check")).code).toBe(0);
      expect((await run("baseline")).err).toContain("there are revisions already");

      expect((await run("stamp", "base")).code).toBe(5);
      expect((await run("stamp", "base", "--no-verify")).code).toBe(0);
      // One that led to just this schema/ can be compared with it, though another one follows.
      await run("revision", "-m", "data");
      expect((await run("stamp", "1")).out).toContain("recorded as applied: 0001_baseline");
      rmSync(join(cwd, "generated/0002_data.ts"));
      expect((await run("stamp", "base", "--no-verify")).code).toBe(0);
      expect((await run("stamp", "heads")).out).toContain("recorded as applied: 0001_baseline");
      write(cwd, { "schema/more.schema": "schema shop\ntable more { a int }\n" });
      expect((await run("stamp", "base", "--no-verify", "--purge")).out).toContain(
        "forgotten: 0001_start and 0001_baseline",
      );
      const unknown = await run("stamp", "head");
      expect(unknown.code).toBe(1);
      expect(unknown.err).toContain("schema/ has changed");

      // The baseline builds the same database from nothing.
      await withDatabase(major, async (empty) => {
        rmSync(join(cwd, "schema/more.schema"));
        expect((await schemac(cwd, ["apply", "--url", empty])).code).toBe(0);
        expect(await schemac(cwd, ["plan", "--check", "--url", empty])).toMatchObject({ code: 0 });
      });
    }));

  test("head is stamped where two lines were made one", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      await run("plan", "-m", "start");
      await run("apply");
      const [b, c] = ["schema b\ntable t { a int }\n", "schema c\ntable t { a int }\n"];
      write(cwd, { "schema/b.schema": b });
      await run("plan", "-m", "b");
      const ours = readFileSync(join(cwd, "generated/0002_b.ts"), "utf8");
      rmSync(join(cwd, "generated/0002_b.ts"));
      rmSync(join(cwd, "schema/b.schema"));
      write(cwd, { "schema/c.schema": c });
      await run("plan");
      const [, second = ""] = revisions(cwd);
      const theirs = readFileSync(join(cwd, "generated", second), "utf8");
      rmSync(join(cwd, "generated", second));
      const id = /id: "(\w+)"/.exec(ours)![1]!;
      write(cwd, {
        "schema/b.schema": b,
        "generated/0002_b.ts": ours,
        [`generated/${second.replace("0002", "0003")}`]: theirs
          .replace("number: 2", "number: 3")
          .replace(/parents: \["\w+"\]/, `parents: ["${id}"]`),
      });
      expect(await run("apply")).toMatchObject({ code: 0 });
      await run("stamp", "base", "--no-verify");
      const stamped = await run("stamp", "head");
      expect(stamped).toMatchObject({
        code: 0,
        out: expect.stringContaining("recorded as applied: 0001_start") as unknown,
      });
      expect(stamped.out + stamped.err).toContain("was written for another schema/");
      expect(await run("plan", "--check")).toMatchObject({ code: 0 });
      // A database that schema/ contradicts is no more known than before.
      await run("stamp", "base", "--no-verify");
      write(cwd, { "schema/d.schema": "schema d\n" });
      const unknown = await run("stamp", "head");
      expect(unknown.code).toBe(1);
      expect(unknown.err).toMatch(/schema\/ has changed since 0003_.*, and the database is not as it says/);
    }));

  test("roles that the database has nothing to do with are no part of it", () =>
    withDatabase(major, async (url) => {
      const role = `c_${process.pid}_away`;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`create role ${role}; comment on role ${role} is 'elsewhere'`);
      try {
        const { cwd, run } = project(url);
        await run("plan", "-m", "start");
        await run("apply");
        expect((await run("rollback", "--allow-loss", "*")).code).toBe(0);
        expect(await run("stamp", "base")).toMatchObject({ code: 0 });
        await run("apply");
        await run("stamp", "base", "--no-verify");
        rmSync(join(cwd, "generated"), { recursive: true });
        const { counts = {} } = json(await run("import", "--json", "--force")) as { counts?: Record<string, number> };
        const said = readdirSync(join(cwd, "schema"))
          .map((f) => readFileSync(join(cwd, "schema", f), "utf8"))
          .join("\n");
        expect(said).not.toContain(role);
        expect(counts["table"]).toBe(2);
        expect(counts["role"] ?? 0).toBe((said.match(/^role /gm) ?? []).length);
        expect(counts["comment"]).toBe(1);
        expect((await run("baseline")).code).toBe(0);
        expect(readFileSync(join(cwd, "generated/0001_baseline.ts"), "utf8")).not.toMatch(/ role /);
      } finally {
        await client.query(`drop role ${role}`);
        await client.end();
      }
    }));

  test("two lines of revisions: what is applied of them can be undone", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url);
      write(cwd, {
        ...revisionFile(1, ["create schema s"], ["drop schema s"]),
        ...revisionFile(2, ["create table s.t (a int)"], ["drop table s.t"]),
      });
      await run("apply");
      const second = readFileSync(join(cwd, "generated/0002_r2.ts"), "utf8");
      write(cwd, {
        "generated/0002_other.ts": second.replace("a00000000002", "b00000000002").replace('"r2"', '"other"'),
        "generated/0009_broken.ts": "export default 1;\n",
      });
      expect((await run("apply")).code).toBe(6);
      expect((await run("rollback", "--sql")).code).toBe(6);
      expect((await run("rollback", "--dry-run")).out).toContain("would undo 0002_r2");
      expect((await run("rollback")).out).toContain("now at 0001_r1");
      writeFileSync(join(cwd, "generated/0001_r1.ts"), "export default 1;\n");
      expect((await run("rollback")).code).toBe(6);
    }));

  test("a full database and an empty schema: import first", () =>
    withDatabase(major, async (url) => {
      const made = project(url);
      await made.run("plan");
      await made.run("apply");
      await made.run("stamp", "base", "--no-verify");
      const { cwd, run } = project(url, "// nothing yet\n");
      for (const args of [["plan"], ["plan", "--allow-drop", "*"], ["plan", "--check"]]) {
        const ran = await run(...args);
        expect(ran.code).toBe(1);
        expect(ran.err).toContain("import first");
        expect(ran.out).toBe("");
      }
      rmSync(join(cwd, "schema/shop.schema"));
      const none = await run("plan");
      expect(none.code).toBe(1);
      expect(none.err).toContain("holds no .schema files");
      expect(revisions(cwd)).toEqual([]);
    }));

  test("an imported empty database can be gone to", () =>
    withDatabase(major, async (empty) => {
      const { cwd, run } = project(empty);
      rmSync(join(cwd, "schema"), { recursive: true });
      expect((await run("import")).code).toBe(0);
      expect((await run("plan", "--check")).code).toBe(0);
      await withDatabase(major, async (full) => {
        const made = project(full);
        await made.run("plan");
        await made.run("apply");
        await made.run("stamp", "base", "--no-verify");
        const ran = await schemac(cwd, ["plan", "--url", full]);
        expect(ran.code).toBe(3);
        expect(ran.err).toContain("is this the right database?");
        expect((await schemac(cwd, ["plan", "--url", full, "--allow-drop", "*"])).code).toBe(0);
      });
    }));

  test("Ctrl-C stops cleanly and says where it stands; a function step gets -x", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url, "schema s\ntable t { a text }\n");
      await run("plan", "-m", "start");
      expect((await run("revision", "-m", "fill")).code).toBe(0);
      const path = join(cwd, "generated/0002_fill.ts");
      const text = readFileSync(path, "utf8");
      const step = (sql: string): void => {
        const up = `up: [{ kind: "function", run: async ({ query, x }) => { await query(${sql}); } }],\n  down`;
        writeFileSync(
          path,
          text.replace(/\n {2}up: \[[^]*?\],\n {2}down/, () => `\n  ${up}`),
        );
      };
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        step('"select pg_sleep(60)"');
        let sent = false;
        const stopped = await schemac(cwd, ["apply"], {
          env: { DATABASE_URL: url },
          watch: (seen, kill) => {
            if (sent || !seen.includes("applied 0001_start")) return;
            sent = true;
            setTimeout(() => kill(signal), 500);
          },
        });
        expect(stopped.code).toBe(130);
        expect(stopped.err).toMatch(/0002_fill/);
        expect(stopped.err).toContain("safe to resume");
        expect(json(await run("status", "--json"))).toMatchObject({
          current: ["0001_start"],
          pending: ["0002_fill"],
          interrupted: null,
        });
        step('"insert into s.t values (\'" + x.word + "\')"');
        expect(await run("apply", "-x", "word=hello")).toMatchObject({ code: 0 });
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        const { rows } = await client.query("select a from s.t");
        await client.end();
        expect(rows).toEqual([{ a: "hello" }]);
        expect((await run("rollback", "base", "--allow-loss", "*")).code).toBe(0);
      }
    }));

  test("scripts: apply --sql and rollback --sql leave what a run leaves", () =>
    withDatabase(major, (url) =>
      withDatabase(major, async (other) => {
        const { cwd, run } = project(url);
        await run("plan", "-m", "start");
        await run("apply");
        edit(cwd, "note    text?", "note    text? = 'x'");
        await run("plan", "-m", "second");
        const offline = (...args: string[]) => schemac(cwd, args);
        const all = await offline("apply", "--sql");
        expect(all).toMatchObject({ code: 0, err: "" });
        expect((await offline("apply", "--sql", "1:2")).out).not.toContain("create table shop.users");
        expect((await offline("apply", "--sql", "--url", url)).out).not.toContain("create table shop.users");
        expect((await offline("rollback", "--sql")).out).toContain("0002_second");
        expect((await offline("rollback", "--sql", "2:base")).out).toContain("drop table shop.users");
        expect((await offline("rollback", "--sql", "-3")).err).toContain("more than the 2 revisions");
        expect(json(await offline("apply", "--sql", "--json"))).toMatchObject({ version: 1, sql: all.out });
        // psql's own lines are not the server's.
        const client = new pg.Client({ connectionString: other });
        await client.connect();
        await client.query(all.out.replace(/^\\.*$/gm, ""));
        await client.end();
        expect(await offline("status", "--check", "--url", other)).toMatchObject({ code: 0 });
        expect(await offline("plan", "--check", "--url", other)).toMatchObject({ code: 0 });
      }),
    ));

  test("placeholders come from the config, the environment and -x", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(url, "schema ${tenant}\ntable t { a text = ${x.word} }\n");
      const missing = await run("plan");
      expect(missing.code).toBe(1);
      expect(missing.err).toContain("error[unknown-placeholder]");
      write(cwd, {
        "schemac.config.ts": `export default { values: { tenant: "acme" }, environments: { e: { url: ${JSON.stringify(url)}, values: { tenant: "beta" } } } }`,
      });
      expect((await run("plan", "--dry-run", "-x", "word='hi'")).out).toContain("schema acme");
      expect((await run("plan", "--dry-run", "-x", "word='hi'", "--env", "e")).out).toContain("schema beta");
      expect((await run("plan", "--dry-run", "-x", "word='hi'", "-x", "tenant=gamma")).out).toContain("schema gamma");
    }));

  test("a placeholder's value is that very text, of whatever type the column is", () =>
    withDatabase(major, async (url) => {
      const { cwd, run } = project(
        url,
        `schema s
table t with (fillfactor = \${n}) {
  id      int           primary key
  code    text          = \${code}
  note    varchar(\${n})  = \${code}
  many    int           = \${n}
  lot     bigint        = \${minus}
  price   numeric(8,2)  = \${price}
  real    float8        = \${price}
  is_on   bool          = \${yes}
  doc     jsonb         = \${n}
  word    jsonb         = \${yes}
  since   date          = \${day}::date
}
function f(a int = \${n}) returns int language sql return (a)
rows t (id, code, doc) {
  1, \${code}, \${n}
  \${n}, '2', '3'
}
`,
      );
      const values = '{ n: 50, minus: -3000000000, price: 1.5, yes: true, code: "1.0", day: "2020-01-01" }';
      write(cwd, { "schemac.config.ts": `export default { values: ${values} }` });
      const x = ["-x", "code=007"];
      expect(await run("plan", ...x)).toMatchObject({ code: 0, err: "" });
      expect(await run("apply")).toMatchObject({ code: 0 });
      expect(await run("plan", "--check", ...x)).toMatchObject({ code: 0, err: "" });
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query("select * from s.t order by id");
      await client.end();
      expect(rows).toMatchObject([
        {
          id: 1,
          code: "007",
          note: "007",
          many: 50,
          lot: "-3000000000",
          price: "1.50",
          real: 1.5,
          is_on: true,
          doc: 50,
        },
        { id: 50, code: "2", word: true, doc: 3 },
      ]);
    }));

  test("manage narrows what is looked at", () =>
    withDatabase(major, async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("create schema other; create table other.t (a int)");
      await client.end();
      const { cwd, run } = project(url);
      expect((await run("plan")).code).toBe(3);
      for (const manage of ['{ schemas: ["shop"] }', '{ exclude: ["other"] }']) {
        write(cwd, { "schemac.config.ts": `export default { manage: ${manage} }` });
        const ran = await run("plan", "--dry-run");
        expect(ran.code).toBe(0);
        expect(ran.out).not.toContain("other");
      }
    }));
});
