/** The repository is its own example: generated/ must lead to schema/. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { folders, repository, schemac } from "./support.ts";

const folder = folders();

// Its views are `security_invoker`, which came with 15.
describe.each(testMajors.filter((major) => major >= 15))("the repository's example on PostgreSQL %i", (major) => {
  test("its revisions lead to its schema, and back to nothing", () =>
    withDatabase(major, async (url) => {
      const run = (...args: string[]) => schemac(repository, args, { env: { DATABASE_URL: url } });
      expect(await run("fmt", "--check")).toMatchObject({ code: 0 });
      expect(await run("apply")).toMatchObject({ code: 0 });
      expect(await run("status", "--check")).toMatchObject({ code: 0 });
      expect(await run("plan", "--check")).toMatchObject({ code: 0 });
      expect(await run("rollback", "base", "--allow-loss", "*")).toMatchObject({ code: 0 });
      expect(await run("stamp", "base")).toMatchObject({ code: 0 });
    }));
});

test("the README's first schema is one, in canonical form, and can be planned and applied", () =>
  withDatabase(testMajors.at(-1)!, async (url) => {
    const text = /^```\n(schema[^]*?)^```$/m.exec(readFileSync(join(repository, "README.md"), "utf8"))?.[1];
    expect(text).toBeDefined();
    const cwd = folder({ "schema/readme.schema": text ?? "" });
    const run = (...args: string[]) => schemac(cwd, args, { env: { DATABASE_URL: url } });
    expect(await run("fmt", "--check")).toMatchObject({ code: 0 });
    expect(await run("plan")).toMatchObject({ code: 0 });
    expect(await run("apply")).toMatchObject({ code: 0 });
    expect(await run("plan", "--check")).toMatchObject({ code: 0 });
  }));

test("the README's commands for a project of one's own do what they say", async () => {
  const section = readFileSync(join(repository, "README.md"), "utf8").split("## In a project of your own")[1] ?? "";
  const commands = [...section.matchAll(/^npx schemac ([a-z].*?) +#.*$|^npx schemac (\w+)$/gm)].map(
    ([, said, bare]) => said ?? bare ?? "",
  );
  expect(commands.map((c) => c.split(" ")[0])).toEqual(["init", "plan", "apply", "status", "rollback"]);
  const cwd = folder();
  for (const c of commands) expect(await schemac(cwd, c.replaceAll("'", "").split(" ")), c).toMatchObject({ code: 0 });
});

test("the example runs through, and shows commands as a shell takes them", () => {
  const ran = spawnSync(process.execPath, [join(repository, "scripts", "example.mjs")], { encoding: "utf8" });
  expect([ran.status, ran.stderr.includes("error")]).toEqual([0, false]);
  expect(ran.stdout).toContain("\n$ npx schemac rollback -1 --allow-loss '*'\n");
});
