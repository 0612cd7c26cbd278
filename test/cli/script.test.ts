/** `apply --sql` and `rollback --sql` where a database is named: they look at it as the run itself would. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask } from "../run/base.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { revisionFile } from "./project.ts";
import { folders, schemac, write } from "./support.ts";

const folder = folders();
const major = testMajors.at(-1)!;

describe("scripts for a database", () => {
  test("count from where it is; are not written over a half-run revision or an edited one", () =>
    withDatabase(major, async (url) => {
      const cwd = folder({ "schemac.config.ts": "export default {}" });
      for (const n of [1, 2, 3, 4])
        write(cwd, revisionFile(n, [`create table public.t${n} ()`], [`drop table public.t${n}`]));
      const at = (...args: string[]) => schemac(cwd, [...args, "--url", url]);
      expect((await at("apply", "1")).code).toBe(0);

      const next = await at("apply", "+1", "--sql");
      expect(next).toMatchObject({ code: 0, err: expect.not.stringContaining("error") as unknown });
      expect(next.out).toContain("-- apply: 0002_r2\n");
      expect((await at("apply", "+2", "--sql")).out).toContain("-- apply: 0002_r2, 0003_r3\n");
      const more = await at("apply", "+4", "--sql");
      expect([more.code, more.err]).toEqual([1, expect.stringContaining('"+4" is more than the 3 pending')]);
      const offline = await schemac(cwd, ["apply", "+1", "--sql"]);
      expect([offline.code, offline.err]).toEqual([1, expect.stringContaining("counts from where a database is")]);
      await ask(url, next.out.replace(/^\\.*$/gm, ""));
      expect((await at("status")).out).toContain("current   0002_r2");

      // As an interrupted run leaves it.
      await ask(url, "update schemac.revision set state = 'applying', finished = null where number = 2");
      expect((await at("apply", "--dry-run")).out).toContain("would apply 0002_r2 (0 of 1 step left)\n");
      for (const args of [
        ["apply", "--sql"],
        ["apply", "+1", "--sql"],
        ["rollback", "--sql"],
      ]) {
        const half = await at(...args);
        expect([args, half.code, half.out]).toEqual([args, 7, ""]);
        expect(half.err).toContain("0002_r2 is half applied");
      }
      await ask(url, "update schemac.revision set state = 'applied', finished = now() where number = 2");
      const path = join(cwd, "generated/0001_r1.ts");
      writeFileSync(path, readFileSync(path, "utf8").replace("create table public.t1", "create table public.tt"));
      const edited = await at("apply", "--sql");
      expect([edited.code, edited.out, edited.err]).toEqual([
        6,
        "",
        expect.stringContaining("generated/0001_r1.ts was edited after it was applied"),
      ]);
    }));
});
