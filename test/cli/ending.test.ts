/** How the process ends when code of the config or of a revision does what it should not. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { originOf } from "../../src/cli/uncaught.ts";
import { DatabaseError } from "../../src/run/connection.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { json } from "./project.ts";
import { folders, repository, schemac, write } from "./support.ts";

const folder = folders();
const major = testMajors.at(-1)!;

/** A config whose default environment's `url` is asked of this code. */
const config = (code: string): Readonly<Record<string, string>> => ({
  "generated/.gitkeep": "",
  "schemac.config.ts": `export default {
  environments: { a: { url: async () => { ${code} } } },
  defaultEnvironment: "a",
};\n`,
});

/** A revision by hand: a table, and then a function step of this code. */
const functionStep = (code: string, before = 'kind: "transaction", statements: ["create table public.t1 ()"]') => ({
  [join("generated", "0001_r1.ts")]: `import type { Revision } from "schemac/runner";
export default {
  format: 1, id: "a00000000001", number: 1, name: "r1", parents: [], schema: null, proof: "not proven",
  hazards: { up: [], down: [] },
  up: [{ ${before} }, { kind: "function", run: async ({ query }) => { await query("select 1"); ${code} } }],
  down: [{ kind: "transaction", statements: ["drop table public.t1"] }],
} satisfies Revision;
`,
});

describe("a command that is done ends", () => {
  test("whatever the config has left open", () =>
    withDatabase(major, async (url) => {
      const open = "setInterval(() => {}, 1000); (await import('node:net')).createServer().listen(0);";
      const cwd = folder({
        "schema/a.schema": "table t { a int }\n",
        ...config(`${open} return ${JSON.stringify(url)}`),
      });
      expect(await schemac(cwd, ["status"])).toMatchObject({
        code: 0,
        out: expect.stringContaining("none:") as string,
      });
      expect(await schemac(cwd, ["plan", "--check"])).toMatchObject({ code: 2 });
      expect(await schemac(cwd, ["status", "--nonsense"])).toMatchObject({ code: 1 });
      expect(await schemac(cwd, ["plan", "-m", "start"])).toMatchObject({ code: 0 });
      expect(await schemac(cwd, ["apply"])).toMatchObject({
        code: 0,
        out: expect.stringContaining("applied") as string,
      });
    }));

  test("whatever a function step has left open; one that never ends, when it is told to", () =>
    withDatabase(major, async (url) => {
      const env = { DATABASE_URL: url };
      const cwd = folder({ "schemac.config.ts": "export default {}" });
      write(cwd, functionStep("setInterval(() => {}, 1000); console.log('here'); await new Promise(() => {})"));
      const stopped = await schemac(cwd, ["apply"], {
        env,
        watch: (seen, kill) => {
          if (seen.includes("here") && !seen.includes("stopping")) kill("SIGTERM");
        },
      });
      expect([stopped.code, stopped.err]).toEqual([130, expect.stringContaining("It is safe to resume")]);
      write(cwd, functionStep("setInterval(() => {}, 1000)"));
      expect(await schemac(cwd, ["apply"], { env })).toMatchObject({ code: 0 });
      expect(await schemac(cwd, ["status", "--check"], { env })).toMatchObject({ code: 0 });
    }));

  test("with all that it had to say, though who reads it is slow; and well, though nobody does", async () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `"insert into public.t1 values (${i}, 'a row of many')"`);
    const cwd = folder({ "schemac.config.ts": "export default {}" });
    write(cwd, functionStep("", `kind: "transaction", statements: [${rows.join(", ")}]`));
    for (const args of [
      ["show", "1", "--sql"],
      ["show", "1", "--json"],
    ]) {
      const child = spawn(process.execPath, [join(repository, "bin", "schemac.js"), ...args], { cwd });
      const ended = new Promise<number | null>((done) => void child.on("close", done));
      // Somebody is busy with other things first, and the pipe is full.
      await new Promise<void>((full) => void child.stdout.once("readable", () => setTimeout(full, 500)));
      let text = "";
      for await (const chunk of child.stdout.setEncoding("utf8")) text += String(chunk);
      expect(await ended).toBe(0);
      expect(text).toContain("values (39999, 'a row of many')");
      if (args.includes("--json")) expect(json({ code: 0, out: text, err: "" })).toMatchObject({ exit: 0 });
      expect((await schemac(cwd, args, { unread: true })).code).toBe(0);
    }
  });
});

const sleep = "await new Promise((r) => setTimeout(r, 20_000));";

describe("what nobody catches", () => {
  const secret = "cannot reach postgres://admin:s3cr3tPW@vault/x";

  test.each([
    ["a promise", `void Promise.reject(new Error("${secret}"));`],
    ["a timer", `setTimeout(() => { throw new Error("${secret}") }, 10);`],
    ["a promise of no error", `void Promise.reject("${secret}");`],
    ["a socket", `(await import("node:net")).connect(1, "127.0.0.1");`],
  ])("of the config, %s: said without its password, and not called a bug of ours", async (_, code) => {
    const cwd = folder(config(`${code} ${sleep} return "postgres://h/d"`));
    for (const more of [[], ["-v"], ["--trace"], ["--json"]]) {
      const ran = await schemac(cwd, ["status", ...more]);
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/^error: .*(cannot reach postgres:\/\/admin:\*\*\*@vault|ECONNREFUSED)/m);
      if (/new Error/.test(code)) expect(ran.err).toMatch(/error: code of the config[^]*at schemac\.config\.ts:2\n/);
      expect(ran.out + ran.err).not.toMatch(/s3cr3tPW|bug of schemac/);
      if (more[0] === "--json") expect(json(ran)).toMatchObject({ command: "status", exit: 1, error: {} });
      else expect(ran.out).toBe("");
    }
  });

  test("of a function step: said, and whether something stays", () =>
    withDatabase(major, async (url) => {
      const env = { DATABASE_URL: url };
      for (const [code, said] of [
        [`void Promise.reject(new Error("${secret}")); ${sleep}`, /code of the config or of a revision failed.*vault/],
        [`void query("select nope").then(() => {}); ${sleep}`, /something failed where nothing waited.*"nope"/],
        ["process.exit(3)", /ended before it was done: .* left the process \(with exit code 3\)/],
      ] as const) {
        const cwd = folder({ "schemac.config.ts": "export default {}" });
        // First, so that nothing is committed before it.
        write(cwd, functionStep("", `kind: "function", run: async ({ query }) => { ${code} }`));
        const alone = await schemac(cwd, ["apply", "--json"], { env });
        expect([alone.code, alone.err]).toEqual([1, expect.stringMatching(said)]);
        expect(json(alone)).toMatchObject({ exit: 1, error: {} });
        write(cwd, functionStep(code));
        const ran = await schemac(cwd, ["apply", "--json"], { env });
        expect([ran.code, ran.err]).toEqual([7, expect.stringMatching(said)]);
        expect(json(ran)).toMatchObject({
          exit: 7,
          error: { help: expect.stringContaining("safe to resume") as string },
        });
        expect(alone.err + ran.err + ran.out).not.toMatch(/s3cr3tPW|bug of schemac/);
        write(cwd, functionStep(""));
        expect(await schemac(cwd, ["apply"], { env })).toMatchObject({ code: 0 });
        expect(await schemac(cwd, ["rollback", "base"], { env })).toMatchObject({ code: 0 });
      }
    }));

  test("is ours where only our code is on the way there", () => {
    const thrown = (error: Error, ...frames: readonly string[]): Error =>
      Object.assign(error, { stack: ["Error: it", ...frames.map((f) => `    at ${f}`)].join("\n") });
    const ours = "run (file:///p/schemac/dist/src/cli/main.js:3:4)";
    const theirs = "async Object.url (/p/app/schemac.config.ts:7:8)";
    const others = ["node:internal/timers:1:2", "/p/app/node_modules/pg/lib/client.js:5:6"];
    const home = "/p/schemac/dist/";
    expect(originOf(thrown(new Error(), ...others, ours), home)).toEqual({ kind: "ours" });
    expect(originOf(thrown(new Error(), ours, theirs), home)).toEqual({
      kind: "theirs",
      place: "/p/app/schemac.config.ts:7",
    });
    expect(originOf(thrown(new DatabaseError("it", "42703"), ours), home)).toEqual({ kind: "unknown" });
    expect(originOf(thrown(new Error(), ...others), home)).toEqual({ kind: "unknown" });
    expect(originOf("it", home)).toEqual({ kind: "unknown" });
  });

  test("is ours where we are installed among packages; what a message says is no place", () => {
    const home = "/p/app/node_modules/schemac/";
    const thrown = (message: string, ...frames: readonly string[]): Error =>
      Object.assign(new Error(message), {
        stack: [`Error: ${message}`, ...frames.map((f) => `    at ${f}`)].join("\n"),
      });
    const [ours, theirs] = [`run (file://${home}dist/cli.js:3:4)`, "/p/app/schemac.config.ts:7:8"];
    const others = ["/p/app/node_modules/pg/client.js:5:6", `f (${home}node_modules/jiti/lib/jiti.cjs:1:2)`];
    expect(originOf(thrown("it", ...others, ours), home)).toEqual({ kind: "ours" });
    expect(originOf(thrown("it", ...others), home)).toEqual({ kind: "unknown" });
    expect(originOf(thrown("it", ours, theirs), home)).toMatchObject({ kind: "theirs" });
    expect(originOf(thrown("looked at /p/app/schemac.config.ts:7:8", ours), home)).toEqual({ kind: "ours" });
    expect(originOf(thrown("no such file (/p/app/a.schema:1:2)", ours), home)).toEqual({ kind: "ours" });
  });
});
