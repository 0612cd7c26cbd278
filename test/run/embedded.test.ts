import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { embeddedMajor, openEmbedded } from "../../src/run/embedded.ts";
import { lockFolder } from "../../src/run/processLock.ts";
import { apply, rollback, status } from "../../src/run/index.ts";
import type { Connection } from "../../src/run/connection.ts";
import { pause } from "../../src/run/pause.ts";
import { failure, list, revision, tx } from "./base.ts";

const folder = mkdtempSync(join(tmpdir(), "schemac-embedded-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const text = async (c: Connection, sql: string): Promise<string> =>
  (await c.query(sql))
    .at(-1)!
    .rows.map((r) => Object.values(r)[0])
    .join(" ");
const tables =
  "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1";
const few = { extensions: ["citext"] };

describe("the embedded Postgres", () => {
  it("of the caller's own is waited for", async () => {
    const { PGlite } = await import("@electric-sql/pglite");
    const pglite = new PGlite();
    expect((await apply({ pglite, revisions: list(revision(1)) })).applied).toHaveLength(1);
    await pglite.close();
  });

  it("runs revisions, keeps them, and lets one in at a time", async () => {
    const path = join(folder, "one", "db");
    const c = await openEmbedded(path, few);
    expect(Math.floor(Number(await text(c, "select current_setting('server_version_num')")) / 10000)).toBe(
      embeddedMajor,
    );
    const again = await failure(openEmbedded(path, few));
    expect([again.exit, again.message]).toEqual([4, expect.stringMatching(/open in this process already/)]);

    const index = {
      kind: "outside",
      statement: "create index concurrently i on public.t1 (id)",
      probe: "select pg_catalog.to_regclass('public.i') is not null",
    } as const;
    const all = list(
      revision(1, {
        up: [
          tx("create extension citext schema public", "create table public.t1 (id integer, c public.citext)"),
          index,
        ],
        down: [tx("drop table public.t1", "drop extension citext")],
      }),
      revision(2),
    );
    expect((await apply(c, all)).applied).toHaveLength(2);
    const bad = await failure(
      apply(
        c,
        list(
          ...all.files.map((f) => f.revision),
          revision(3, { up: [tx("create table public.x ()", ["select", " nope"])] }),
        ),
      ),
    );
    expect(bad).toMatchObject({ exit: 1, statement: { n: 2, line: 2, column: 2 } });
    expect(await text(c, tables)).toBe("t1 t2");
    await rollback(c, all);
    await c.close();

    const back = await openEmbedded(path, few);
    expect((await status(back, all)).pending.map((r) => r.number)).toEqual([2]);
    expect(await text(back, tables)).toBe("t1");
    expect((await apply({ connection: back, revisions: all })).applied).toHaveLength(1);
    await back.close();
    expect(readdirSync(join(folder, "one")).filter((f) => !f.startsWith("db.lock."))).toEqual(["db"]);
  });

  it("refuses data of another major, and a folder that is no database", async () => {
    const old = join(folder, "old");
    mkdirSync(old);
    writeFileSync(join(old, "PG_VERSION"), "17\n");
    const e = await failure(openEmbedded(old));
    expect([e.exit, e.message]).toEqual([
      1,
      expect.stringMatching(/made by PostgreSQL 17, and this version of schemac has PostgreSQL 18/),
    ]);
    expect(e.advice).toMatch(/Rename the folder \(to .*old-17\)/);
    expect((await failure(openEmbedded(folder))).message).toMatch(/holds something, but no database/);
  });

  it("makes anew what was killed while it was made", async () => {
    const path = join(folder, "killed");
    mkdirSync(path);
    writeFileSync(join(path, "PG_VERSION"), "18\n");
    writeFileSync(path + ".unfinished", "");
    const c = await openEmbedded(path, few);
    expect(await text(c, "select 1")).toBe("1");
    await c.close();
    expect(existsSync(path + ".unfinished")).toBe(false);
  });
});

describe("the lock of a folder", () => {
  it("is free where its holder was killed and nobody waited for it", async () => {
    const path = join(folder, "zombie", "db");
    mkdirSync(join(folder, "zombie"));
    const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 600"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const pid = Number(String(await new Promise((told) => parent.stdout.once("data", told))));
      const stat = (): string => readFileSync(`/proc/${pid}/stat`, "utf8");
      while (!stat().includes(") Z ")) await pause(10);
      writeFileSync(path + ".lock.1", JSON.stringify({ pid, host: hostname(), started: null }));
      const taken = lockFolder(path);
      expect("lock" in taken).toBe(true);
      if ("lock" in taken) taken.lock.release();
    } finally {
      parent.kill();
    }
  });

  it("outlives no process, names the one that has it, and goes on from the dead", () => {
    const path = join(folder, "lock", "db");
    const mine = lockFolder(path);
    if (!("lock" in mine)) throw new Error("taken");
    const first = lockFolder(path);
    expect("holder" in first && first.holder.pid).toBe(process.pid);
    mine.lock.release();
    // A process that died with it.
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(path + ".lock.5", JSON.stringify({ pid: dead, host: hostname(), started: null }));
    // A number that belongs to another process now.
    writeFileSync(path + ".lock.6", JSON.stringify({ pid: process.pid, host: hostname(), started: "before" }));
    const taken = lockFolder(path);
    if (!("lock" in taken)) throw new Error("taken");
    expect(readdirSync(join(folder, "lock"))).toEqual(["db.lock.7"]);
    taken.lock.release();
    writeFileSync(path + ".lock.8", JSON.stringify({ pid: 1, host: "elsewhere", started: null }));
    const elsewhere = lockFolder(path);
    expect("holder" in elsewhere && elsewhere.file).toMatch(/db\.lock\.8$/);
  });
});
