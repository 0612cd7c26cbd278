/** How the process ends when code of the config or of a revision does what it should not. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { json } from "./project.ts";
import { folders, repository, schemac, write } from "./support.ts";

const folder = folders();
const major = testMajors.at(-1)!;

/** A config whose default environment's `url` is asked of this code. */
const config = (code: string): Readonly<Record<string, string>> => ({
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
  down: [],
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
