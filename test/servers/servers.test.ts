import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { testMajors, withDatabase } from "./databases.ts";
import { wantedMajors } from "./global.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

async function answer(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const listening = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = createConnection({ port, host: "127.0.0.1" }, () => (socket.destroy(), done(true)));
    socket.once("error", () => done(false));
  });

describe.each(testMajors)("PostgreSQL %i", (major) => {
  test("is of its major and gives each test an empty database of its own", async () => {
    let seen = "";
    await withDatabase(major, async (url) => {
      seen = new URL(url).pathname.slice(1);
      expect(await answer(url, "select (current_setting('server_version_num')::int / 10000)::text as v")).toEqual([
        { v: String(major) },
      ]);
      expect(await answer(url, "select 1 from pg_class where oid >= 16384")).toEqual([]);
      await withDatabase(major, async (other) => expect(other).not.toBe(url));
      expect(await answer(url, `select 1 as there from pg_database where datname = '${seen}'`)).toEqual([{ there: 1 }]);
    });
    await withDatabase(major, async (url) =>
      expect(await answer(url, `select 1 from pg_database where datname = '${seen}'`)).toEqual([]),
    );
  });

  test("has the contrib extensions that the laws use", async () => {
    await withDatabase(major, async (url) => {
      for (const extension of ["citext", "btree_gist", "pg_trgm", "hstore"])
        await answer(url, `create extension ${extension}`);
    });
  });
});

describe("a process that asked for a server and dies", () => {
  const script = (folder: string): string => `
    import { startServer } from ${JSON.stringify(join(folder, "test/servers/servers.js"))};
    const s = await startServer(15);
    console.log(s.port);
    setInterval(() => {}, 1000);`;

  test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)("by %s leaves no server and no folder", async (signal) => {
    const folder = mkdtempSync(join(root, "node_modules", ".servers-"));
    const temp = mkdtempSync(join(tmpdir(), "servers-"));
    try {
      await compile(folder);
      const child = spawn(process.execPath, ["--input-type=module", "-e", script(folder)], {
        env: { ...process.env, TMPDIR: temp, TEMP: temp },
        stdio: ["ignore", "pipe", "inherit"],
      });
      // The server's user must be able to reach its folder.
      if (process.getuid?.() === 0) chmodSync(temp, 0o755);
      const port = await new Promise<number>((done) =>
        child.stdout.once("data", (d: Buffer) => done(Number(String(d)))),
      );
      expect(await listening(port)).toBe(true);
      child.kill(signal);
      const deadline = Date.now() + 20_000;
      while (Date.now() < deadline && ((await listening(port)) || readdirSync(temp).length > 0))
        await new Promise((done) => setTimeout(done, 50));
      expect(await listening(port)).toBe(false);
      expect(readdirSync(temp)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      rmSync(temp, { recursive: true, force: true });
    }
  });

  /** The helper as plain JavaScript, which Node 20 can run. */
  async function compile(folder: string): Promise<void> {
    const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
    const config = [
      "--ignoreConfig",
      "--outDir",
      folder,
      "--rootDir",
      root,
      "--target",
      "es2023",
      "--module",
      "nodenext",
    ];
    const more = [
      "--rewriteRelativeImportExtensions",
      "--skipLibCheck",
      "--types",
      "node",
      join(root, "test/servers/servers.ts"),
    ];
    await new Promise<void>((done, fail) =>
      spawn(process.execPath, [tsc, ...config, ...more], { stdio: "inherit" }).once("exit", (code) =>
        code === 0 ? done() : fail(new Error("tsc failed")),
      ),
    );
    copyFileSync(join(root, "test/servers/keeper.mjs"), join(folder, "test/servers/keeper.mjs"));
  }
});

test("SCHEMAC_TEST_MAJORS is read, and a wrong one is named", () => {
  expect(wantedMajors(undefined)).toEqual([15, 18]);
  expect(wantedMajors(" 13, 17")).toEqual([13, 17]);
  expect(wantedMajors("all")).toEqual([13, 14, 15, 16, 17, 18]);
  expect(() => wantedMajors("12")).toThrow(/"12" is none of/);
});

test("the published package asks for no server", () => {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, unknown>;
  for (const list of ["dependencies", "optionalDependencies", "peerDependencies"])
    expect(Object.keys(own[list] ?? {}).filter((name) => /^pg\d\d-/.test(name))).toEqual([]);
  const servers = JSON.parse(readFileSync(join(root, "test/servers/package.json"), "utf8")) as Record<string, unknown>;
  expect(servers["private"]).toBe(true);
  expect(Object.keys(servers).filter((k) => /ependencies$/.test(k))).toEqual(["optionalDependencies"]);
  expect(existsSync(join(root, "test/servers/package-lock.json"))).toBe(false);
});
