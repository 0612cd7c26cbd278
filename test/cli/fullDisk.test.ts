/** A disk on which no space is left, which /dev/full is. */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explainFile } from "../../src/cli/explain.ts";
import { KeptMemory } from "../../src/memory.ts";
import { lockFolder } from "../../src/run/processLock.ts";
import { folders, repository } from "./support.ts";

const folder = folders();

test("a lock that cannot be written is told, and leaves no draft", () => {
  const cwd = folder();
  const draft = join(cwd, `db.lock.1.${process.pid}`);
  symlinkSync("/dev/full", draft);
  let error: unknown = null;
  try {
    lockFolder(join(cwd, "db"));
  } catch (e) {
    error = e;
  }
  expect(explainFile(error)).toBe("no space is left on the disk (ENOSPC)");
  expect(readdirSync(cwd).filter((f) => f.startsWith("db"))).toEqual([]);
});

test("what was learnt and cannot be kept leaves no draft", () => {
  const cwd = folder();
  const draft = join(cwd, `cache.json.${process.pid}`);
  symlinkSync("/dev/full", draft);
  const memory = new KeptMemory(join(cwd, "cache.json"), "1");
  memory.spellings.set("a", "b");
  memory.analyses.clear();
  memory.save();
  expect(existsSync(join(cwd, "cache.json"))).toBe(false);
  expect(() => lstatSync(draft)).toThrow("ENOENT");
});

test("a version that cannot be written is told in one line", () => {
  const { status, stderr } = spawnSync(
    "sh",
    ["-c", `"${process.execPath}" "${join(repository, "bin", "schemac.js")}" --version >/dev/full`],
    { encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([1, "schemac: not all of its output could be written (ENOSPC)\n"]);
});
