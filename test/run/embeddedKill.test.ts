/** SIGKILL while revisions are applied to the embedded Postgres: it opens again, and apply finishes. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { apply, status } from "../../src/run/index.ts";
import { openEmbedded } from "../../src/run/embedded.ts";
import { manySteps } from "./base.ts";

const folder = mkdtempSync(join(tmpdir(), "schemac-embedded-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const few = { extensions: [] };
const rounds = Number(process.env["SCHEMAC_EMBEDDED_KILL_ROUNDS"] ?? 2);

const all = manySteps();

it("the embedded Postgres survives SIGKILL", { timeout: 120_000 + rounds * 60_000 }, async () => {
  const path = join(folder, "db");
  await (await openEmbedded(path, few)).close();
  for (let round = 0; round < rounds; round++) {
    const child = spawn(process.execPath, [fileURLToPath(new URL("embeddedChild.mjs", import.meta.url)), path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = new Promise((done) => child.once("exit", done));
    // Killed some steps after it has begun, so always in the middle.
    let seen = "";
    await new Promise<void>((done) => {
      child.stdout.on("data", (b: Buffer) => {
        seen += b.toString();
        if (seen.split("step").length > 5 + 20 * round) done();
      });
      void ended.then(() => done());
    });
    child.kill("SIGKILL");
    await ended;
  }
  const c = await openEmbedded(path, few);
  const before = await status(c, all);
  expect(before.problems).toEqual([]);
  expect(before.applied.length).toBeGreaterThan(0);
  expect(before.applied.length).toBeLessThan(300);
  await apply(c, all);
  expect(
    (await c.query("select count(*) as n, count(distinct step) as d, sum(step) as s from public.log"))[0]!.rows,
  ).toEqual([{ n: "600", d: "600", s: "0" }]);
  expect(
    (
      await c.query("select count(*) as n from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
    )[0]!.rows,
  ).toEqual([{ n: "301" }]);
  await c.close();
});
