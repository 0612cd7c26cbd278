import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { renderRevision } from "../../src/revision/write.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { revision, tables } from "./base.ts";

const folder = mkdtempSync(join(tmpdir(), "schemac-loads-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("the runner alone loads pg, our runner, and nothing else", { timeout: 120_000 }, () =>
  withDatabase(testMajors[0]!, async (url) => {
    const root = resolve(import.meta.dirname, "../..");
    // Bundles though other parts may not type-check yet; what is asked here is what the runner's own files import.
    const out = join(folder, "dist");
    spawnSync(process.execPath, [join(root, "scripts/build.mjs"), out], { cwd: root });
    // Only pg and what it brings along is there to be found.
    mkdirSync(join(folder, "node_modules"));
    for (const name of readdirSync(join(root, "node_modules")).filter((n) =>
      /^(pg|pg-.*|pgpass|postgres-.*|split2|xtend)$/.test(n),
    ))
      symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
    mkdirSync(join(folder, "generated"));
    for (const n of [1, 2])
      writeFileSync(join(folder, "generated", `000${n}_r${n}.ts`), renderRevision(revision(n), { command: "x" }));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "hooks.mjs"),
      `export async function resolve(name, context, next) { const r = await next(name, context); process._rawDebug("loaded " + r.url); return r; }`,
    );
    writeFileSync(
      join(folder, "main.mjs"),
      `import { register } from "node:module"; register("./hooks.mjs", import.meta.url);
       const { apply, rollback, status } = await import("./dist/src/run/index.js");
       const place = { url: ${JSON.stringify(url)}, dir: "generated" };
       await apply(place); await rollback(place); await status(place);`,
    );
    const done = spawnSync(process.execPath, ["main.mjs"], { cwd: folder, encoding: "utf8" });
    expect(done.status, done.stderr).toBe(0);
    const loaded = [...new Set([...done.stderr.matchAll(/^loaded (.*)$/gm)].map((m) => m[1]!))];
    // The bundler says before each part which source file it is from.
    const ours = loaded
      .filter((l) => l.includes("/dist/"))
      .flatMap((l) =>
        [...readFileSync(fileURLToPath(l), "utf8").matchAll(/^\/\/ ((?:src|grammar)\/\S+\.ts)$/gm)].map((m) => m[1]!),
      );
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.filter((o) => !/^src\/(run\/|revision\/|sql\.ts)/.test(o))).toEqual([]);
    expect(ours.filter((o) => /write|embedded/.test(o))).toEqual([]);
    const packages = loaded.flatMap((l) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(l)?.[1] ?? []);
    expect([...new Set(packages)].filter((p) => !/^pg/.test(p))).toEqual([]);
    expect(await tables(url)).toBe("t1");
  }),
);
