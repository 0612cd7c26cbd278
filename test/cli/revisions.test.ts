import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findRevision, nextNumber, slug, title } from "../../src/cli/revisions.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { project, revisionFile } from "./project.ts";
import { folders, schemac } from "./support.ts";
import type { RevisionFile } from "../../src/revision/list.ts";

const file = (number: number, name: string, id: string): RevisionFile => ({
  path: `generated/${number}_${name}.ts`,
  checksum: "c",
  code: false,
  revision: {
    format: 1,
    id,
    number,
    name,
    parents: [],
    schema: null,
    proof: "not proven",
    hazards: { up: [], down: [] },
    up: [],
    down: [],
  },
});
const files = [
  file(1, "start", "aaaaaaaaaaaa"),
  file(2, "add_orders", "abbbbbbbbbbb"),
  file(10, "add_notes", "cccccccccccc"),
];
const listed = { files, heads: ["cccccccccccc"], problems: [] };

describe("a revision by name", () => {
  test.each([
    ["1", "0001_start"],
    ["0010", "0010_add_notes"],
    ["add_orders", "0002_add_orders"],
    ["0002_add_orders", "0002_add_orders"],
    ["0002_add_orders.ts", "0002_add_orders"],
    ["add_o", "0002_add_orders"],
    ["0010_", "0010_add_notes"],
    ["ab", "0002_add_orders"],
    ["cccccccccccc", "0010_add_notes"],
    ["head", "0010_add_notes"],
  ])("%s is %s", (text, wanted) => {
    expect(title(findRevision(listed, text).revision)).toBe(wanted);
  });
  test.each([
    ["add", /0002_add_orders or 0010_add_notes/],
    ["a", /could be/],
    ["7", /there is no revision "7"/],
    ["", /the target is empty/],
    ["add_order_s", /there is no revision/],
  ])("%j is none", (text, wanted) => {
    expect(() => findRevision(listed, text)).toThrow(wanted);
  });
  test("what cannot be meant is told what can", () =>
    expect(() => findRevision(listed, "+1", "head, base")).toThrow(
      expect.objectContaining({
        message: 'there is no revision "+1"',
        advice: expect.stringContaining("stand there: head, base, a number, a name") as unknown,
      }),
    ));
  test("no history has no head", () =>
    expect(() => findRevision({ files: [], heads: [], problems: [] }, "head")).toThrow(/there are no revisions yet/));
});

describe("two lines of revisions", () => {
  const folder = folders();
  const forked = () => {
    const [second = ""] = Object.values(revisionFile(2, [], []));
    return folder({
      ...revisionFile(1, [], []),
      ...revisionFile(2, [], []),
      "generated/0002_other.ts": second.replace("a00000000002", "b00000000002").replace('"r2"', '"other"'),
    });
  };

  test.each([
    [["heads"], ["0002_other", "0002_r2"]],
    [["branches"], ["0001_r1", "0002_other", "0002_r2"]],
    [["history"], ["0001_r1", "0002_other", "0002_r2"]],
    [
      ["history", "-r", "0001:head"],
      ["0001_r1", "0002_other", "0002_r2"],
    ],
    [
      ["show", "r2"],
      ["0001_r1", "0002_r2"],
    ],
  ])("are shown by %s, though both have the number 2", async (args, wanted) => {
    const ran = await schemac(forked(), args);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect([...new Set(ran.out.match(/\d{4}_\w+/g))].sort()).toEqual(wanted);
  });

  test("have a right way round", async () => {
    const ran = await schemac(forked(), ["history", "-r", "r2:1"]);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("-r r2:1 is the wrong way round: 0002_r2 does not come before 0001_r1");
  });

  test("have no one head to show", async () => {
    const ran = await schemac(forked(), ["show", "head"]);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain('"head" could be 0002_r2 or 0002_other');
  });

  test("are no history to script, and it is said how to make them one", async () => {
    const ran = await schemac(forked(), ["apply", "--sql"]);
    expect(ran.code).toBe(6);
    expect(ran.err).toMatch(
      /0002_r2\.ts: is a second head beside .*0002_other\.ts.* write parents: \["b00000000002"\]/,
    );
    expect(ran.err).not.toMatch(/merge|renumber/);
  });
});

describe("a folder of revisions that is not there", () => {
  const folder = folders();

  test("is no history that is all applied", () =>
    withDatabase(testMajors[0]!, async (url) => {
      const { cwd, run } = project(folder, url);
      rmSync(join(cwd, "generated"), { recursive: true });
      for (const args of [
        ["apply"],
        ["apply", "--sql"],
        ["apply", "--dry-run"],
        ["rollback"],
        ["status"],
        ["status", "--check"],
        ["history"],
        ["heads"],
        ["stamp", "head"],
      ]) {
        const ran = await run(...args);
        expect(ran, args.join(" ")).toMatchObject({ code: 1, out: "" });
        expect(ran.err, args.join(" ")).toMatch(
          /there is no folder generated, [^]*belongs into version control[^]*`schemac plan` make it/,
        );
      }
    }));

  test("is made by whoever writes the first revision", () =>
    withDatabase(testMajors[0]!, async (url) => {
      for (const args of [
        ["plan", "-m", "start"],
        ["revision", "-m", "start"],
      ]) {
        const { cwd, run } = project(folder, url);
        rmSync(join(cwd, "generated"), { recursive: true });
        expect(await run("plan", "--check")).toMatchObject({ code: 2 });
        expect(await run(...args)).toMatchObject({ code: 0, err: "" });
        expect(await run("status")).toMatchObject({ code: 0, err: "" });
      }
      const { cwd, run } = project(folder, url);
      rmSync(join(cwd, "generated"), { recursive: true });
      const there = folder(revisionFile(1, ["create table public.t ()"], []));
      expect(await schemac(there, ["apply", "--url", url])).toMatchObject({ code: 0 });
      // Whose history the ledger holds has its revisions elsewhere.
      expect((await run("plan")).err).toMatch(/0001_r1/);
    }));

  test("is made by init, and kept by git", async () => {
    const cwd = folder();
    await schemac(cwd, ["init"]);
    expect(readdirSync(join(cwd, "generated"))).toEqual([".gitkeep"]);
    expect(await schemac(cwd, ["status"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("nothing was ever run") as unknown,
    });
    expect((await schemac(cwd, ["history"])).out).toContain("generated holds no revisions yet");
  });
});

test("the next number is one more than the highest", () => {
  expect(nextNumber([])).toBe(1);
  expect(nextNumber(files.toReversed())).toBe(11);
});

test.each([
  ["Add invoices!", "add_invoices"],
  ["  été — Größe ß 漢字 ", "ete_gro_e"],
  ["../../etc/passwd", "etc_passwd"],
  ["漢字", "change"],
  ["", "change"],
  ["a".repeat(200), "a".repeat(60)],
  ["x".repeat(59) + " yz", "x".repeat(59)],
  ["`${evil}`\u2028", "evil"],
])("slug of %j", (message, wanted) => {
  expect(slug(message, "change")).toBe(wanted);
});
