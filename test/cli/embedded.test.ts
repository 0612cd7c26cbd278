/** The main job on the embedded Postgres, as a newcomer meets it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folders, schemac, write } from "./support.ts";

const folder = folders();

describe("on the embedded Postgres", () => {
  test("init, plan, apply, status, rollback; one process at a time; import --sql", async () => {
    const cwd = folder();
    const run = (...args: string[]) => schemac(cwd, args);
    expect((await run("init")).code).toBe(0);
    const planned = await run("plan", "-m", "start");
    expect(planned.code).toBe(0);
    expect(planned.err).toContain("using the embedded Postgres in .schemac/db\n");
    const [a, b] = await Promise.all([run("apply"), new Promise((r) => setTimeout(r, 1200)).then(() => run("apply"))]);
    expect([a.code, b.code].sort()).toEqual([0, 4]);
    expect(a.err + b.err).toContain("in use by process");
    expect(await run("status", "--check")).toMatchObject({ code: 0 });
    expect(await run("plan", "--check")).toMatchObject({ code: 0 });
    expect((await run("rollback", "--allow-loss", "users")).code).toBe(0);

    write(cwd, {
      "dump.sql":
        "\\restrict x\nset search_path = '';\ncreate schema s;\ncreate type s.e as enum ('a', 'b');\ncreate table s.t (a int primary key, b s.e);\nalter table s.t owner to somebody;\ncopy s.t (a, b) from stdin;\n1\ta\n\\.\ncomment on table s.t is ';';\n",
      "bad.sql": "create table s.t (a int);\ncreate table u (a nope);\n",
    });
    const imported = await run("import", "--sql", "dump.sql", "--out", "from-sql");
    expect(imported).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, "from-sql/s.schema"), "utf8")).toContain("table t {");
    const bad = await run("import", "--sql", "dump.sql", "bad.sql", "--out", "bad");
    expect(bad.code).toBe(1);
    expect(bad.err).toContain("bad.sql:1:");
    expect(existsSync(join(cwd, "bad"))).toBe(false);
    expect((await run("import", "--sql", "gone.sql")).err).toContain("gone.sql cannot be read");
  });

  test("import --sql: takes what the environment manages, never the ledger, and no URL beside it", async () => {
    const cwd = folder({
      "dump.sql": "create schema ops; create table ops.meta (); create schema own; create table public.t ();\n",
      "schemac.config.ts":
        'export default { ledgerSchema: "ops", environments: { narrow: { url: "embedded", manage: { schemas: ["public"] } } } };\n',
    });
    const files = (out: string) => readdirSync(join(cwd, out)).sort();
    const run = (...args: string[]) => schemac(cwd, ["import", "--sql", "dump.sql", ...args]);
    expect(await run("--out", "all")).toMatchObject({ code: 0 });
    expect(files("all")).toEqual(["own.schema", "public.schema"]);
    expect(await run("--out", "some", "--env", "narrow")).toMatchObject({ code: 0 });
    expect(files("some")).toEqual(["public.schema"]);
    expect((await run("--url", "postgres://h/d")).err).toContain("leave --url out, or --sql");
  });

  test("a function step that waits for what never comes ends", async () => {
    const up = '[{ kind: "function", run: () => new Promise(() => {}) }]';
    const head = 'format: 1, id: "abcdef012345", number: 1, name: "wait", parents: [], schema: null, proof: ""';
    const cwd = folder({
      "schemac.config.ts": "export default {}",
      "generated/0001_wait.ts": `export default { ${head}, hazards: { up: [], down: [] }, up: ${up}, down: [] };\n`,
    });
    const waited = await schemac(cwd, ["apply", "--url", "embedded"]);
    expect([waited.code, waited.err]).toEqual([1, expect.stringContaining("the function waits for what never comes")]);
  });

  test("import --sql: what is not UTF-8 is refused, and what a script says of its encoding was before it was saved", async () => {
    const cwd = folder();
    const run = (file: string) => schemac(cwd, ["import", "--sql", file, "--out", "out"]);
    writeFileSync(join(cwd, "latin.sql"), "comment on schema public is 'gr\u00fcn';\n", "latin1");
    const latin = await run("latin.sql");
    expect(latin.code).toBe(1);
    expect(latin.err).toContain("latin.sql is not UTF-8 text");
    expect(latin.err).toContain("pg_dump --encoding=UTF8");
    expect(existsSync(join(cwd, "out"))).toBe(false);
    const says = ["set client_encoding = 'LATIN1'", "select pg_catalog.set_config('client_encoding', 'LATIN1', false)"];
    const texts = says.map((s, n) => `${s};\ncreate schema g${n};\ncomment on schema g${n} is 'gr\u00fcn';\n`);
    write(cwd, { "saved.sql": "\ufeff" + texts.join("") });
    expect(await run("saved.sql")).toMatchObject({ code: 0 });
    for (const name of ["g0", "g1"])
      expect(readFileSync(join(cwd, `out/${name}.schema`), "utf8")).toContain("/// gr\u00fcn\n");
  });
});
