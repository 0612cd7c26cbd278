import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { folders, poorUid, repository, schemac, write } from "./support.ts";

const folder = folders();
const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

describe("usage", () => {
  test("--version is package.json's, and loads nothing of ours", async () => {
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
    expect(await schemac(folder(), ["--version"])).toEqual({ code: 0, out: version + "\n", err: "" });
    const traced = spawnSync(
      process.execPath,
      ["--cpu-prof-name=x", join(repository, "bin", "schemac.js"), "--version"],
      {
        env: { ...process.env, NODE_DEBUG: "esm" },
        encoding: "utf8",
      },
    );
    expect(traced.stderr).not.toMatch(/dist\/src|commander/);
  });

  test("without a command: the help, exit 1", async () => {
    const ran = await schemac(folder(), []);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("Usage: schemac");
  });

  test("--help names every command", async () => {
    const ran = await schemac(folder(), ["--help"]);
    expect(ran.code).toBe(0);
    for (const c of commands) expect(ran.out).toMatch(new RegExp(`^  ${c.name}\\b`, "m"));
  });

  test.each(commands.map((c) => c.name))("%s --help has an example", async (name) => {
    const ran = await schemac(folder(), [name, "--help"]);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/Example:\n {2}\$ (npx )?schemac /);
  });

  test.each([
    [["plna"], "unknown command 'plna'", "plan"],
    [["statsu"], "unknown command 'statsu'", "status"],
    [["renumber"], "unknown command 'renumber'; it comes later", ""],
    [["renumber", "--help"], "unknown command 'renumber'", ""],
    [["help", "statsu"], "unknown command 'statsu'", "status"],
    [["fmt", "--chek"], "unknown option '--chek'", "--check"],
    [["init", "a", "b"], "too many arguments", ""],
    [["rollback", "--allow-loss", "a.md", "b.md", "c.md"], "write --allow-loss '*': without quotes", ""],
    [["plan", "--allow-drop", "a.md", "b.md"], "write --allow-drop '*': without quotes", ""],
    [["fmt", "--url"], "argument missing", ""],
    [["-x", "novalue", "fmt"], "-x wants key=value", ""],
  ])("wrong usage %j: a sentence, exit 1", async (args, sentence, near) => {
    const ran = await schemac(folder(), args);
    expect(ran.code).toBe(1);
    expect(ran.out).toBe("");
    expect(ran.err).toContain(sentence);
    if (near !== "") expect(ran.err).toContain(`Did you mean ${near}`);
  });

  test.each([
    [["fmt", "--chek"], "--chek"],
    [[], "no command was given"],
  ])("wrong usage %j with --json: one document", async (args, message) => {
    const ran = await schemac(folder(), ["--json", ...args]);
    expect(ran.code).toBe(1);
    expect(json(ran.out)).toMatchObject({
      version: 1,
      exit: 1,
      error: { message: expect.stringContaining(message) as string },
    });
  });

  test("nothing is suggested that is not near, and short flags are heard together", async () => {
    for (const word of ["lint", "edit"]) expect((await schemac(folder(), [word])).err).not.toContain("Did you mean");
    const cwd = folder({ "schemac.config.ts": "export default {}", "generated/.keep": "" });
    await schemac(cwd, ["revision", "-m", "x"]);
    const { out } = await schemac(cwd, ["history", "-v"]);
    expect(out).toContain("1 step");
    expect((await schemac(cwd, ["history", "-qv"])).out).toBe(out);
  });

  test("wrong usage of a command points to its own help, and --json names it", async () => {
    const ran = await schemac(folder(), ["upgrade", "--bogus"]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("`schemac apply --help` shows how it is used");
    expect(json((await schemac(folder(), ["plan", "--json", "--bogus"])).out)).toMatchObject({
      command: "plan",
      exit: 1,
    });
  });
});

describe("init", () => {
  test("writes what is needed, then overwrites nothing", async () => {
    const cwd = folder();
    const first = await schemac(cwd, ["init"]);
    expect(first).toMatchObject({ code: 0, err: "" });
    for (const f of ["schemac.config.ts", "schema/start.schema", "generated", ".gitignore"])
      expect(existsSync(join(cwd, f)), f).toBe(true);
    expect(readFileSync(join(cwd, ".gitignore"), "utf8")).toBe(".schemac/\n");
    write(cwd, { "schemac.config.ts": "// mine", "schema/start.schema": "// mine too" });
    const second = await schemac(cwd, ["init", "--json"]);
    expect(json(second.out)).toMatchObject({ version: 1, command: "init", exit: 0, wrote: [] });
    expect(readFileSync(join(cwd, "schemac.config.ts"), "utf8")).toBe("// mine");
    expect(readFileSync(join(cwd, "schema/start.schema"), "utf8")).toBe("// mine too");
  });

  test("adds a line to an existing .gitignore, once, whatever its end", async () => {
    const cwd = folder({ ".gitignore": "node_modules" });
    await schemac(cwd, ["init"]);
    await schemac(cwd, ["init"]);
    expect(readFileSync(join(cwd, ".gitignore"), "utf8")).toBe("node_modules\n.schemac/\n");
  });

  test("keeps schema files that are there, and a config of another ending", async () => {
    const cwd = folder({ "schema/deep/own.schema": "table t { a int }", "schemac.config.mjs": "export default {}" });
    const ran = await schemac(cwd, ["init"]);
    expect(ran.code).toBe(0);
    expect(existsSync(join(cwd, "schema/start.schema"))).toBe(false);
    expect(existsSync(join(cwd, "schemac.config.ts"))).toBe(false);
  });

  test("makes a folder of its own", async () => {
    const cwd = folder();
    const ran = await schemac(cwd, ["init", "a b/c"]);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining("cd 'a b/c' && npx schemac plan") as string });
    expect(existsSync(join(cwd, "a b/c/schemac.config.ts"))).toBe(true);
  });

  test("a file in the way, an unknown template", async () => {
    const cwd = folder({ file: "" });
    expect(await schemac(cwd, ["init", "file"])).toMatchObject({
      code: 1,
      out: "",
      err: "error: file is not a folder\n",
    });
    const ran = await schemac(cwd, ["init", "--template", "tenant"]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("basic");
  });

  test("a URL where a path belongs: refused with its password hidden, nothing made", async () => {
    const cwd = folder();
    const url = "postgres://postgres:s3cr3t@host/shop";
    const configs = (key: string): readonly string[] => {
      write(cwd, { [`${key}.ts`]: `export default { ${key}: "${url}" }` });
      return ["heads", "--config", `${key}.ts`];
    };
    for (const [wanted, ...args] of [
      ["init", "init", url],
      ["init", "init", "postgres:/postgres:s3cr3t@host/shop"],
      ["fmt", "fmt", "--check", url],
      ["--out", "import", "--url", "embedded", "--out", url],
      ["--sql", "import", "--sql", url],
      ["--config", "status", "--config", url],
      ["--answers", "plan", "--url", "embedded", "--answers", url],
      ["embedded: of --url", "status", "--url", `embedded:${url}`],
      ["schema in schema.ts", ...configs("schema")],
      ["generated in generated.ts", ...configs("generated")],
    ] as const) {
      const before = readdirSync(cwd).sort();
      for (const more of [[], ["--json"], ["--trace"]]) {
        const ran = await schemac(cwd, [...args, ...more]);
        expect([ran.code, ran.err]).toEqual([1, expect.stringContaining(`error: ${wanted} wants a path, not a URL`)]);
        expect(ran.out + ran.err).not.toContain("s3cr3t");
      }
      expect(
        readdirSync(cwd)
          .sort()
          .filter((f) => f !== ".schemac"),
      ).toEqual(before.filter((f) => f !== ".schemac"));
    }
  });

  test("files where folders should be, and folders where files should: named", async () => {
    for (const [file, wanted] of [
      ["schema", /^error: schema cannot be read \(ENOTDIR\)\n$/],
      [".gitignore/x", /^error: \.gitignore cannot be read \(EISDIR\)\n$/],
    ] as const) {
      const ran = await schemac(folder({ [file]: "" }), ["init"]);
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(wanted);
    }
  });

  test("--list", async () => {
    expect((await schemac(folder(), ["init", "--list"])).out).toMatch(/^basic /);
  });
});

describe("the config", () => {
  const status = (cwd: string, ...args: string[]) => schemac(cwd, ["status", ...args]);

  test.each([
    ["a syntax error", "export default {", /schemac\.config\.ts could not be loaded/],
    [
      "one that throws",
      "throw new Error('no secrets at postgres://a:geheim@h/d')",
      /could not be loaded: no secrets at postgres:\/\/a:\*\*\*@h\/d/,
    ],
    ["no default export", "export const a = 1", /has no default export/],
    ["a list", "export default []", /must be an object/],
    ["an unknown setting", "export default { shema: 'x' }", /shema is no setting; did you mean schema\?/],
    [
      "a wrong type",
      "export default { schema: 5, values: { a: [] }, manage: { schemas: 'x' } }",
      /schema must be a text[^]*values\.a must be[^]*manage\.schemas must be a list/,
    ],
    [
      "patterns for names",
      "export default { manage: { schemas: ['shop', 'a%'], exclude: ['leg*'], roles: ['app?'] } }",
      /manage\.schemas takes names, not patterns: "a%"\n.*exclude takes names, not patterns: "leg\*"\n.*roles takes names/,
    ],
    [
      "nothing to manage",
      "export default { environments: { e: { url: 'embedded', manage: { schemas: [] } } } }",
      /environments\.e\.manage\.schemas is empty, which would leave no schema to manage; leave it out/,
    ],
    [
      "an environment without url",
      "export default { environments: { local: {} } }",
      /environments\.local\.url must be/,
    ],
    [
      "a default that is none",
      "export default { environments: { local: { url: 'embedded' } }, defaultEnvironment: 'loca' }",
      /did you mean "local"\?/,
    ],
    [
      "a missing import",
      "import x from 'nowhere-to-be-found'; export default x",
      /could not be loaded: .*nowhere-to-be-found/,
    ],
  ])("%s is named", async (_, text, wanted) => {
    const ran = await status(folder({ "schemac.config.ts": text }));
    expect(ran.code).toBe(1);
    expect(ran.out).toBe("");
    expect(ran.err).toMatch(wanted);
    expect(ran.err).not.toContain("geheim");
    expect(ran.err).not.toContain("    at ");
  });

  test("no config and no URL: said, nothing assumed", async () => {
    const ran = await status(folder());
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("no database is named, and there is no schemac.config.ts");
  });

  test("a config without a default environment: said", async () => {
    const ran = await status(
      folder({ "schemac.config.ts": "export default { environments: { a: { url: 'embedded' } } }" }),
    );
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("has no defaultEnvironment");
  });

  test("an unknown environment names those there are", async () => {
    const ran = await status(
      folder({ "schemac.config.ts": "export default { environments: { a: { url: 'embedded' } } }" }),
      "--env",
      "b",
    );
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/no environment "b"[^]*it has: a/);
  });

  test.each([
    [
      "throws",
      "() => { throw new Error('vault is shut, token=abc password=geheim') }",
      /environments\.a\.url in schemac\.config\.ts failed: vault is shut/,
    ],
    ["returns nothing", "async () => undefined", /returned no URL/],
    [
      "returns another thing",
      "async () => 'mysql://u:geheim@h/d'",
      /is no Postgres URL \(it begins with mysql:\/\/, not postgres:\/\/\)/,
    ],
  ])("a url function that %s", async (_, url, wanted) => {
    const config = `export default { environments: { a: { url: ${url} } }, defaultEnvironment: "a" }`;
    const ran = await status(folder({ "schemac.config.ts": config }));
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(wanted);
    expect(ran.err).not.toContain("geheim");
  });

  test("what it logs goes to stderr: stdout is for one document", async () => {
    const config = `console.log("here"); const url = async () => { console.table([1]); return "nonsense://h" };
      export default { environments: { a: { url } }, defaultEnvironment: "a" };`;
    const ran = await status(folder({ "schemac.config.ts": config }), "--json");
    expect(json(ran.out)).toMatchObject({ exit: 1, error: { message: expect.stringContaining("nonsense") as string } });
    expect(ran.err).toMatch(/^here\n┌/);
  });

  test("one that waits for what never comes, or leaves: said, exit 1", async () => {
    for (const text of ["await new Promise(() => {})", "process.exit(0)"]) {
      const ran = await status(folder({ "schemac.config.ts": `${text};\nexport default {}` }), "--json");
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/^error: ended before it was done: code of the config/m);
      expect(json(ran.out)).toMatchObject({ command: "status", exit: 1 });
    }
  });

  test("--config and --sql that are folders", async () => {
    const cwd = folder({ "sub/x": "" });
    expect(await status(cwd, "--config", "sub")).toMatchObject({
      code: 1,
      err: "error: the config file sub is a folder\n",
    });
    const imported = await schemac(cwd, ["import", "--sql", "sub"]);
    expect(imported).toMatchObject({ code: 1, err: "error: sub is a folder\n" });
  });

  test("import --sql refuses what psql would run and nobody runs here, before anything is loaded", async () => {
    const cwd = folder({ "a.sql": "create table t (a int);\n\\ir b.sql\n", "c.sql": "select 'x'\n\\gexec\n" });
    const run = (file: string) => schemac(cwd, ["import", "--sql", file]);
    expect(await run("a.sql")).toMatchObject({
      code: 1,
      err: "error: a.sql:2:1: \\ir is psql's, and is not run here\nhelp: remove the line, and name that file too: --sql takes several, in order\n",
    });
    expect((await run("c.sql")).err).toMatch(/^error: c\.sql:2:1: \\gexec is psql's[^]*as plain SQL/);
  });

  test("settings of libpq that are wrong: told as they are, and a password file that is not used is warned of once", async () => {
    const cwd = folder();
    const ran = (env: Readonly<Record<string, string>>) =>
      schemac(cwd, ["status"], { env: { PGHOST: "127.0.0.1", PGPORT: "1", ...env } });
    expect((await ran({ PGCONNECT_TIMEOUT: "abc" })).err).toMatch(/^error: "abc" is no connect_timeout/);
    expect((await ran({ PGPASSFILE: cwd })).err).toMatch(
      /^warning: the password file .* is no plain file\nerror: cannot use/,
    );
    expect((await ran({ PGSSLROOTCERT: cwd })).err).toMatch(/^error: .* is a folder\n$/);
  });

  test("--config that is missing", async () => {
    const ran = await status(folder(), "--config", "gone.ts");
    expect(ran).toMatchObject({ code: 1, err: "error: there is no config file gone.ts\n" });
  });

  test("a typed config is loaded from a folder below, with types and imports of its own", async () => {
    const cwd = folder({
      "schemac.config.ts":
        'import { defineConfig, type Config } from "schemac/config";\nimport { url } from "./url.ts";\n' +
        'const config: Config = { environments: { a: { url } }, defaultEnvironment: "a" satisfies string };\nexport default defineConfig(config);\n',
      "url.ts": "export const url: () => Promise<string> = async () => 'nonsense://h';\n",
    });
    mkdirSync(join(cwd, "deep/er"), { recursive: true });
    const ran = await schemac(join(cwd, "deep/er"), ["status"]);
    expect(ran.err).toContain("is no Postgres URL (it begins with nonsense://");
  });

  test("a config works where schemac is not installed in the project", async () => {
    const cwd = folder();
    const elsewhere = join(cwd, "elsewhere");
    mkdirSync(elsewhere);
    // A folder without node_modules above it would need another disk; a package of the same name that is empty does as well.
    mkdirSync(join(elsewhere, "node_modules", "schemac"), { recursive: true });
    writeFileSync(join(elsewhere, "node_modules", "schemac", "package.json"), '{ "name": "schemac" }');
    writeFileSync(
      join(elsewhere, "schemac.config.ts"),
      'import { defineConfig } from "schemac/config";\nexport default defineConfig({ environments: { a: { url: "x://h" } }, defaultEnvironment: "a" });\n',
    );
    expect((await schemac(elsewhere, ["status"])).err).toContain("is no Postgres URL (it begins with x://");
    symlinkSync(elsewhere, join(cwd, "linked"), "junction");
    expect((await schemac(join(cwd, "linked"), ["status"])).err).toContain("is no Postgres URL (it begins with x://");
  });

  test("a config that Node takes for CommonJS is loaded by jiti", async () => {
    const cwd = folder({
      "package.json": '{ "private": true, "type": "commonjs" }',
      "schemac.config.js": `const url = async () => "mine://h";\nexport default { environments: { a: { url } }, defaultEnvironment: "a" };\n`,
    });
    const ran = await status(cwd);
    expect(ran.err).toContain("is no Postgres URL (it begins with mine://");
    expect(ran.err).not.toContain("Warning");
    write(cwd, { "schemac.config.js": "const url = async () => 5;\nexport default {" });
    expect((await status(cwd)).err).toContain("schemac.config.js could not be loaded");
  });

  test.each(["me:geheim@h/d", "host=h password='ge heim'", "geheim"])(
    "%s is no URL, and nothing of it is shown",
    async (url) => {
      const ran = await schemac(folder(), ["status"], { env: { DATABASE_URL: url } });
      expect(ran).toMatchObject({ code: 1, out: "" });
      expect(ran.err).toContain(
        "DATABASE_URL is no Postgres URL (it begins with neither postgres:// nor postgresql://)",
      );
      expect(ran.err).not.toContain("heim");
    },
  );

  test("an embedded Postgres whose folder cannot be made: said with its path", async () => {
    const cwd = folder({ "schemac.config.js": "export default {}", file: "" });
    const ran = await status(cwd, "--url", "embedded:file/db");
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/^error: cannot use the embedded Postgres in file\/db: file cannot be written \(\w+\)\n$/m);
  });

  test("an embedded Postgres whose folder may not be written to: said, and of no socket", async () => {
    const cwd = folder({ "schemac.config.js": "export default {}" });
    chmodSync(cwd, 0o555);
    const ran = await schemac(cwd, ["status", "--url", "embedded"], poorUid).finally(() => chmodSync(cwd, 0o755));
    expect(ran.code).toBe(1);
    expect(ran.err).toMatch(/in \.schemac\/db: \.schemac.* cannot be written \(E(ACCES|ROFS)\)/);
    expect(ran.err).not.toMatch(/socket|bug of schemac/);
  });
});

describe("an empty revision", () => {
  const written = (cwd: string): readonly string[] =>
    existsSync(join(cwd, "generated")) ? readdirSync(join(cwd, "generated")) : [];

  test.each([["--dry-run"], ["--check"], ["--sql"], ["--no-renames"], ["--allow-drop", "*"], ["--answers", "x.json"]])(
    "is not written beside an option of plan's: %s",
    async (...given) => {
      const cwd = folder();
      const ran = await schemac(cwd, ["revision", "-m", "x", ...given]);
      expect(ran.code).toBe(1);
      expect(ran.err).toContain(`error: ${given[0]} is for plan, and needs --autogenerate; nothing was written`);
      expect(written(cwd)).toEqual([]);
    },
  );

  test.each(["", " "])("is not written under the message %j, as of a variable that is not set", async (message) => {
    const cwd = folder();
    const ran = await schemac(cwd, ["revision", "-m", message]);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("what is the revision called?");
    expect(written(cwd)).toEqual([]);
  });

  test.each([
    [".prettierrc.json", "{ nonsense"],
    [".prettierrc.json", '{ "plugins": ["no-such-plugin"] }'],
    [".prettierrc.mjs", "throw new Error('no config today')"],
  ])("is written though Prettier cannot use %s %s; why is said", async (name, text) => {
    const cwd = folder({ [name]: text });
    const ran = await schemac(cwd, ["revision", "-m", "x"]);
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/^warning: the revision is not laid out by the project's Prettier config: .*\n$/);
    expect(written(cwd)).toEqual(["0001_x.ts"]);
  });

  test("is written whole, or nothing is left of it", async () => {
    const cwd = folder();
    mkdirSync(join(cwd, "generated"));
    const command = [process.execPath, join(repository, "bin", "schemac.js"), "revision", "-m", "x".repeat(9000)];
    // As a full disk does it: in the middle of the file.
    const ran = spawnSync("sh", ["-c", 'ulimit -f 4 && exec "$@"', "sh", ...command], { cwd, encoding: "utf8" });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/generated\/0001_x+\.ts cannot be written \(EFBIG\)/);
    expect(written(cwd)).toEqual([]);
  });
});
