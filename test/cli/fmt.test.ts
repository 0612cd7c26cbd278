import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folders, poorUid, schemac } from "./support.ts";

const folder = folders();
const ugly = "table   t {\n a int\n bcd   text? // kept\n}\n";

describe("fmt", () => {
  test("writes the canonical form, once, and keeps comments", async () => {
    const cwd = folder({ "schema/a.schema": ugly, "schema/deep/b.schema": ugly.replace(" t ", " u ") });
    const check = await schemac(cwd, ["fmt", "--check"]);
    expect(check.code).toBe(2);
    expect(check.out).toMatch(/^schema\/a\.schema\nschema\/deep\/b\.schema\n/);
    expect(readFileSync(join(cwd, "schema/a.schema"), "utf8")).toBe(ugly);
    const first = await schemac(cwd, ["fmt"]);
    expect(first).toMatchObject({ code: 0, err: "" });
    const text = readFileSync(join(cwd, "schema/a.schema"), "utf8");
    expect(text).not.toBe(ugly);
    expect(text).toContain("// kept");
    expect((await schemac(cwd, ["fmt", "--check"])).code).toBe(0);
    expect((await schemac(cwd, ["fmt", "--json"])).out).toContain('"changed": []');
    expect(readFileSync(join(cwd, "schema/a.schema"), "utf8")).toBe(text);
  });

  test("--check says so where line ends alone differ", async () => {
    const cwd = folder({ "schema/a.schema": "table t {\r\n  a  int\r\n}\r\n", "schema/b.schema": ugly });
    const ran = await schemac(cwd, ["fmt", "--check"]);
    expect(ran).toMatchObject({ code: 2, out: expect.stringMatching(/^schema\/a\.schema\n/) as string });
    expect(ran.err).toContain("1 file of these differs in line ends only: CRLF");
    expect(JSON.parse((await schemac(cwd, ["fmt", "--check", "--json"])).out)).toMatchObject({
      lineEnds: ["schema/a.schema"],
    });
  });

  test("single files and folders", async () => {
    const cwd = folder({ "schema/a.schema": ugly, "other/b.schema": ugly });
    expect((await schemac(cwd, ["fmt", "other"])).out).toContain("formatted other/b.schema");
    expect(readFileSync(join(cwd, "schema/a.schema"), "utf8")).toBe(ugly);
    expect((await schemac(cwd, ["fmt", "schema/a.schema"])).code).toBe(0);
    expect(await schemac(cwd, ["fmt", "gone.schema"])).toMatchObject({
      code: 1,
      err: "error: there is no file gone.schema\n",
    });
  });

  test("a broken file stays as it is, all its errors at their places, exit 1", async () => {
    const broken = "table t {\n  a int\n  b ???\n}\n\ntabel u { c int }\n\ntable v {\n  d int =\n}\n";
    const cwd = folder({ "schema/bad.schema": broken, "schema/good.schema": ugly });
    const ran = await schemac(cwd, ["fmt"]);
    expect(ran.code).toBe(1);
    expect(readFileSync(join(cwd, "schema/bad.schema"), "utf8")).toBe(broken);
    expect(ran.err).toMatch(/; what has errors stays as it is, 1 file changed\n$/);
    for (const place of ["schema/bad.schema:3:", "schema/bad.schema:6:1", "schema/bad.schema:9:"])
      expect(ran.err).toContain(place);
    expect(ran.err).toContain("did you mean");
    expect(ran.err).toMatch(/\n +\| +\^/);
  });

  test("the json of a broken file holds every problem with its place", async () => {
    const cwd = folder({ "schema/bad.schema": "tabel t { a int }\n" });
    const ran = await schemac(cwd, ["fmt", "--json"]);
    const document = JSON.parse(ran.out) as {
      exit: number;
      problems: { file: string; line: number; column: number; code: string }[];
    };
    expect(document).toMatchObject({
      version: 1,
      exit: 1,
      problems: [{ file: "schema/bad.schema", line: 1, column: 1 }],
    });
  });

  test.each<[string, Buffer]>([
    ["random bytes", Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))],
    ["UTF-16", Buffer.from("\ufefftable t { a int }", "utf16le")],
    ["too large", Buffer.alloc(11 * 1024 * 1024, "// x\n")],
    ["nested deeply", Buffer.from("table t { a int = " + "(".repeat(10_000) + ")".repeat(10_000) + " }")],
    ["NULs", Buffer.from("table t { a\0 int }")],
    ["an open string", Buffer.from("table t { a text = 'abc }")],
  ])("%s: an error that names the file, no crash", async (_, bytes) => {
    const cwd = folder({ "schema/ok.schema": "" });
    writeFileSync(join(cwd, "schema/bad.schema"), bytes);
    const ran = await schemac(cwd, ["fmt"]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("schema/bad.schema:");
    expect(ran.err).not.toMatch(/bug of schemac|\n {4}at /);
    expect(ran.err).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  test("a hundred megabytes are refused unread", async () => {
    const cwd = folder({ "schema/ok.schema": "" });
    writeFileSync(join(cwd, "schema/big.schema"), Buffer.alloc(100 * 1024 * 1024, 32));
    const ran = await schemac(cwd, ["fmt"]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("schema/big.schema:1:1: error[file-too-large]: the file has 100 MB");
  });

  test("a byte order mark and CRLF are no trouble", async () => {
    const cwd = folder({ "schema/a.schema": "\ufeff" + ugly.replaceAll("\n", "\r\n") });
    expect((await schemac(cwd, ["fmt"])).code).toBe(0);
    expect((await schemac(cwd, ["fmt", "--check"])).code).toBe(0);
  });

  test("links that lead out of the folder are not followed", async () => {
    const cwd = folder({ "secret.schema": ugly, "schema/a.schema": "" });
    symlinkSync(join(cwd, "secret.schema"), join(cwd, "schema/link.schema"));
    const ran = await schemac(cwd, ["fmt"]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("schema/link.schema:1:1: error[unreadable-file]");
    expect(readFileSync(join(cwd, "secret.schema"), "utf8")).toBe(ugly);
  });

  test("a folder that may not be read is told of at its place", async () => {
    const cwd = folder({ "schema/a.schema": "", "schema/shut/b.schema": "" });
    chmodSync(cwd, 0o755);
    chmodSync(join(cwd, "schema/shut"), 0);
    const ran = await schemac(cwd, ["fmt", "--check"], poorUid).finally(() =>
      chmodSync(join(cwd, "schema/shut"), 0o755),
    );
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("schema/shut:1:1: error[unreadable-file]: the folder cannot be read: EACCES");
  });

  test("a reader that goes away changes nothing", async () => {
    const cwd = folder({ "schema/a.schema": ugly });
    expect((await schemac(cwd, ["fmt", "--check"], { unread: true })).code).toBe(2);
    expect((await schemac(cwd, ["fmt", "--check", "gone"], { unread: true })).code).toBe(1);
  });

  test("no schema folder: said", async () => {
    const ran = await schemac(folder(), ["fmt"]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("there is no schema folder schema");
  });
});
