import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as prettier from "prettier";
import { afterAll, describe, expect, it } from "vitest";
import { checksum } from "../../src/revision/checksum.ts";
import type { Revision, Statement, Step } from "../../src/revision/format.ts";
import { newRevisionId } from "../../src/revision/id.ts";
import { inOrder } from "../../src/revision/graph.ts";
import { listRevisions } from "../../src/revision/list.ts";
import { loadRevision, RevisionCodeError } from "../../src/revision/load.ts";
import { isRevisionProblem, readRevision, type RevisionProblem } from "../../src/revision/read.ts";
import { formatRevision, renderRevision, type RevisionNotes } from "../../src/revision/write.ts";
import { Random } from "./random.ts";

const folder = mkdtempSync(join(tmpdir(), "schemac-revision-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const revision = (more: Partial<Revision> = {}): Revision => ({
  format: 1,
  id: "abcdef012345",
  number: 7,
  name: "add_invoices",
  parents: [],
  schema: null,
  proof: "not proven",
  hazards: { up: [], down: [] },
  up: [],
  down: [],
  ...more,
});
const read = (text: string, path = "0007_add_invoices.ts"): Revision => {
  const r = readRevision(path, text);
  if (isRevisionProblem(r)) throw new Error(`${r.line}:${r.column} ${r.message}`);
  return r;
};
const problem = (text: string): RevisionProblem => {
  const r = readRevision("x.ts", text);
  if (!isRevisionProblem(r)) throw new Error("was read");
  return r;
};
/** What a file says, with statements as one string. */
const plain = (r: Revision): unknown =>
  JSON.parse(
    JSON.stringify(r, (_, v) => v),
    (key, v) => (isStatement(key, v) ? v.join("\n") : v),
  );
const isStatement = (key: string, v: unknown): v is string[] =>
  (key === "statement" || key === "probe" || key === "undo" || /^[0-9]+$/.test(key)) && Array.isArray(v);

const nasty = [
  "`",
  "${x}",
  "\\",
  '"',
  "'",
  "\n",
  "\r\n",
  "\r",
  "\t",
  "\0",
  "\u2028",
  "\u2029",
  "\ud800",
  "\udfff",
  "\u{1f600}",
  "é",
  "*/",
  "//",
  "</script>",
  "\u202e",
  "\ufeff",
  "\u007f",
  "\u0085",
  " ",
  "",
  "select 1",
  "$$",
  "\\u0041",
  "\\n",
  "]",
  "}",
  ",",
  "\u001b[31m",
];
const text = (r: Random): string => Array.from({ length: r.below(12) }, () => r.pick(nasty)).join("");
const schemaName = (r: Random): string => "s" + text(r).replace(/[\0\p{Surrogate}]/gu, "");
const statement = (r: Random): Statement => (r.chance(0.3) ? [text(r), text(r)] : text(r));
const anyStep = (r: Random): Step => {
  const about = {
    ...(r.chance(0.5) ? { path: [schemaName(r), schemaName(r)] } : {}),
    ...(r.chance(0.5) ? { lock: text(r) } : {}),
    ...(r.chance(0.5) ? { cost: text(r) } : {}),
  };
  if (r.chance(0.5))
    return { kind: "transaction", statements: Array.from({ length: r.below(4) }, () => statement(r)), ...about };
  return {
    kind: "outside",
    statement: statement(r),
    probe: statement(r),
    ...(r.chance(0.5) ? { undo: statement(r) } : {}),
    ...about,
  };
};
const anyRevision = (r: Random): Revision =>
  revision({
    id: Array.from({ length: 12 }, () => r.pick([..."abcxyz0189"])).join(""),
    number: 1 + r.below(99999),
    parents: Array.from({ length: r.below(3) }, () => newRevisionId()),
    schema: r.chance(0.5) ? "0123456789abcdef".repeat(4) : null,
    proof: text(r),
    hazards: { up: [{ code: text(r), on: text(r), detail: text(r) }], down: [] },
    up: Array.from({ length: r.below(4) }, () => anyStep(r)),
    down: Array.from({ length: r.below(3) }, () => anyStep(r)),
  });
const anyNotes = (r: Random): RevisionNotes => ({
  command: text(r),
  remarks: [text(r)],
  up: Array.from({ length: 3 }, () => ({ step: text(r), statements: [text(r), null, text(r)] })),
  down: [],
});

const refuse = (why: string): never => {
  throw new Error(why);
};

describe("a revision file", () => {
  it("reads back as it was written, whatever it holds and however Prettier lays it out", async () => {
    const seed = Number(process.env["SEED"] ?? 20261122);
    const r = new Random(seed);
    const layouts: prettier.Options[] = [
      {},
      { singleQuote: true, semi: false, trailingComma: "none", quoteProps: "consistent", bracketSpacing: false },
      { printWidth: 40, useTabs: true, endOfLine: "crlf", objectWrap: "collapse" },
    ];
    for (let n = 0; n < 150; n++) {
      const wanted = anyRevision(r);
      const source = renderRevision(wanted, anyNotes(r));
      expect(source, `seed ${seed}, case ${n}`).toMatch(/^[\n\x20-\x7e]*$/);
      const sum = checksum(wanted);
      for (const layout of layouts) {
        const laidOut = await prettier.format(source, { ...layout, parser: "typescript" });
        const back = read(laidOut);
        expect(plain(back), `seed ${seed}, case ${n}`).toEqual(plain(wanted));
        expect(checksum(back)).toBe(sum);
      }
    }
  });

  it("holds a statement of a megabyte", async () => {
    const big = "-- \u2028 `${'\"\n".repeat(120_000);
    const wanted = revision({ up: [{ kind: "transaction", statements: [big] }] });
    const back = read(
      await formatRevision(renderRevision(wanted, { command: "x" }), join(folder, "0007_add_invoices.ts"), refuse),
    );
    expect(checksum(back)).toBe(checksum(wanted));
  });

  it("is laid out by the project's own Prettier config", async () => {
    const own = join(folder, "own");
    mkdirSync(own);
    writeFileSync(join(own, ".prettierrc.json"), '{ "singleQuote": true, "semi": false }');
    const out = await formatRevision(
      renderRevision(revision(), { command: "schemac plan" }),
      join(own, "0007_add_invoices.ts"),
      refuse,
    );
    expect(out).toContain("id: 'abcdef012345'");
    expect(out.startsWith("// Written by: schemac plan\n// Revision 0007 add_invoices, not proven.\n")).toBe(true);
  });

  it("is laid out without the project's Prettier config where that fails, and it is told why", async () => {
    const broken = join(folder, "broken");
    mkdirSync(broken);
    for (const [text, why] of [
      ["{ nonsense", /prettierrc/],
      ['{ "plugins": ["no-such-plugin"] }', /no-such-plugin/],
    ] as const) {
      writeFileSync(join(broken, ".prettierrc.json"), text);
      await prettier.clearConfigCache();
      const said: string[] = [];
      const wanted = revision({ up: [{ kind: "transaction", statements: ["select 1".padEnd(90)] }] });
      const source = renderRevision(wanted, { command: "x" });
      const out = await formatRevision(source, join(broken, "0007_add_invoices.ts"), (w) => said.push(w));
      expect(said).toEqual([expect.stringMatching(why)]);
      expect(out).toBe(await prettier.format(source, { parser: "typescript", printWidth: 120 }));
    }
  });

  it("says the same when only lock and cost are edited, another thing when a statement is", () => {
    const step = { kind: "transaction", statements: ["select 1"] } as const;
    const base = checksum(revision({ up: [step] }));
    expect(checksum(revision({ up: [{ ...step, lock: "none", cost: "instant" }] }))).toBe(base);
    expect(checksum(revision({ up: [{ ...step, path: [] }] }))).toBe(base);
    expect(checksum(revision({ up: [{ ...step, statements: ["select  1"] }] }))).not.toBe(base);
    expect(checksum(revision({ up: [{ ...step, path: ["a"] }] }))).not.toBe(base);
    expect(checksum(revision({ down: [step] }))).not.toBe(base);
    expect(checksum(revision({ up: [step, step] }))).not.toBe(base);
  });
});

const body = `format: 1, id: "abcdef012345", number: 7, name: "add_invoices", parents: [], schema: null, proof: "", hazards: { up: [], down: [] }`;

describe("the reader", () => {
  it.each([
    [`export default { ${body}, up: [], down: [] }`],
    [
      `\ufeffimport type { Revision } from 'schemac/runner'\r\nexport default { ${body}, up: [], down: [] } as const satisfies Revision`,
    ],
    [
      `import { type Revision } from "x"; export default { ${body}, up: [{kind: "function", async run(c) { await c.query("x") }}], down: [] };`,
    ],
    [`const r: Revision = { ${body}, up: [], down: [], };\nexport default r;`],
    [`export /* a */ default // b\n { ${body}, 'up': [], "down": [,].length } `.replace("[,].length", "[]")],
    [
      `export default { ${body}, up: [{ kind: "transaction", statements: [\`a\r\nb\`, 'it\\'s'] }], down: [] } as Revision`,
    ],
  ])("takes %s", (source) => {
    expect(read(source).id).toBe("abcdef012345");
  });

  it.each<[string, number, RegExp]>([
    ["", 1, /the file's end/],
    ["export default 1", 1, /a number/],
    ["console.log(1)\nexport default {}", 1, /"console"/],
    ["export default {}\nprocess.exit(1)", 2, /"process" after/],
    ["export default {}", 1, /has no "format"/],
    [`export default { ${body}, up: [], down: [] };\n\nprocess.exit(1)`, 3, /"process" after the revision/],
    [`import fs from "node:fs";\nexport default { ${body}, up: [], down: [] }`, 1, /no step of this revision runs any/],
    [`export default { ${body}, up: [],\n down: [...x] }`, 2, /"\.\.\."/],
    [`export default { ${body}, up: [],\n down: f() }`, 2, /"f"/],
    [`export default { ${body}, up: [], ["down"]: [] }`, 1, /"\["/],
    [`export default { ${body}, up: [], down: [], __proto__: {} }`, 1, /unknown property "__proto__"/],
    [`export default { ${body}, up: [], up: [], down: [] }`, 1, /second time/],
    [
      "export default { " + body + ', up: [{ kind: "transaction", statements: [`${x}`] }], down: [] }',
      1,
      /template literal/,
    ],
    [`export default { ${body.replace("format: 1", "format: 2")}, up: [], down: [] }`, 1, /another version/],
    [`export default { ${body.replace("number: 7", "number: 0")}, up: [], down: [] }`, 1, /whole number/],
    [`export default { ${body.replace("number: 7", "number: 007")}, up: [], down: [] }`, 1, /plain value/],
    [`export default { ${body}, up: [{ kind: "transaction", statements: ["a\n"] }], down: [] }`, 1, /not closed/],
    [
      `export default { ${body}, up: [{ kind: "transaction", statements: [], run: () => 1 }], down: [] }`,
      1,
      /unknown property "run"/,
    ],
    [`export default { ${body}, up: [{ kind: "other" }], down: [] }`, 1, /kind should be/],
    ...["", "a\\0b", "\\ud800x"].map((name): [string, number, RegExp] => [
      `export default { ${body}, up: [\n{ kind: "transaction", path: ["a",\n"${name}"], statements: [] }], down: [] }`,
      3,
      /up"\[0\]\.path\[1\] is no name that a schema can have/,
    ]),
    [`export default { ${body}, up: [{ kind: "function", run: async () => { ( } }], down: [] }`, 1, /closes nothing/],
    ["export default " + "[".repeat(100_000), 1, /nested more than/],
    [
      `export default { ${body}, up: [{ kind: "function", run: ${"`${".repeat(5000)} }], down: [] }`,
      1,
      /too deep|not closed/,
    ],
    ["/* ".repeat(1000), 1, /not closed/],
  ])("refuses %j", (source, line, message) => {
    const p = problem(source);
    expect(p.message).toMatch(message);
    expect(p.line).toBe(line);
  });

  it("never throws and ends soon, whatever the bytes", () => {
    const r = new Random(7);
    const words = [
      ..."{}[]()<>`'\"\\/*,:;=.$\n",
      "export default ",
      "run",
      "async ",
      "${",
      "//",
      "/*",
      "=>",
      "kind",
      "1",
      "import ",
      "const r = ",
      "satisfies ",
    ];
    for (let n = 0; n < 3000; n++) {
      const source =
        (r.chance(0.5) ? `export default { ${body}, up: [{ kind: "function", run: ` : "") +
        Array.from({ length: r.below(60) }, () => r.pick(words)).join("");
      readRevision("x.ts", source);
    }
    for (const source of [
      "a".repeat(33 * 1024 * 1024),
      "export default [" + "1,".repeat(2_000_000),
      "export default { run: async " + ",".repeat(500_000),
    ]) {
      // More than a step a byte would not end before the test is given up.
      readRevision("x.ts", source);
    }
  });
});

const withFunction = (run: string): string =>
  `import { join } from "node:path";\nexport default { ${body}, up: [{ kind: "transaction", statements: ["select 1"] }, { kind: "function", ${run} }], down: [] };`;

describe("a function step", () => {
  const run = `run: async ({ query, x }: any): Promise<void> => {
    let i = 0;
    const o: any = { plain: i ? 'yes' : i, 'not-plain': [, i] };
    ;(o.f)(); [i] = o.list;
    async function later(): Promise<void> { if (x.long_enough_to_be_on_a_line_of_its_own) return; await query(''); }
    ;(await later());
    const f = function () { return -i }; (f)(); const g = () => { i-- }; (g)();
    do { i++; --i; if (x.no) ++i; else; } while (i < 0); (o.f)();
    for (; i < 3; ++i); for (let j = 0; j < 3; j++) { if (x.yes) break; o.chained.withManyNames().thatArePrinted().onMoreThanOneLine(); }
    a: for (;;) { if (!x) continue a; break; o }
    !x; i - -i; while (x.never) { --i; } ++i; switch (x.s) { case 'a': return; default: }
    const rows = await query("select 1 as \\"n\\"" ) // a comment, with ' and \`
    if (rows.length > 1 / 2 && /[/'"]+/g.test(x['k'] ?? \`\${ join("a", \`\${1}\`) } }\`)) { throw new Error('no, "never"'); }
    for (const r of rows.map(row => row.n)) { await query("insert into public.log values (" + r + ")"); }
  }`;

  it("has one checksum however it is laid out", async () => {
    const sums = new Set<string>();
    for (const layout of [
      {},
      { singleQuote: true, semi: false, arrowParens: "avoid", trailingComma: "none" },
      { printWidth: 30, useTabs: true, endOfLine: "crlf" },
    ] as const) {
      const laidOut = await prettier.format(withFunction(run), { ...layout, parser: "typescript" });
      const r = read(laidOut);
      expect(r.up.map((s) => s.kind)).toEqual(["transaction", "function"]);
      sums.add(checksum(r));
    }
    expect(sums.size).toBe(1);
    expect(sums.has(checksum(read(withFunction(run.replace("1 / 2", "1 / 3")))))).toBe(false);
    expect(sums.has(checksum(read(withFunction(run).replace("node:path", "node:path/posix"))))).toBe(false);
  });

  it.each([
    ["if (false); await query('x')", "if (false) await query('x')"],
    ["for (; x; ) await query('x')", "for (;; x) await query('x')"],
    ["x = 1 ? 'a' : b", "x = 1 ? a : b"],
    ["switch (x) { case 'a': y() }", "switch (x) { case a: y() }"],
    ["return 'x'", "return\n'x'"],
    ["for (;;) { break a; b() }", "for (;;) { break\na; b() }"],
    ["i++ + j", "i + ++j"],
    ["i\n++j", "i++; j"],
    ["x = + +i", "x = ++i"],
    ["x! = i", "x != i"],
    ["x = a.f; (b)()", "x = a.f(b)()"],
    ["x = { a }; [b] = c", "x = { a }[b] = c"],
    ["x = [,]", "x = []"],
  ])("has another checksum when %j becomes %j", (a, b) => {
    const [one, other] = [a, b].map((code) => checksum(read(withFunction(`run: async () => { ${code} }`))));
    expect(one).not.toBe(other);
  });

  it.each([
    [run],
    ["async run(c) { await c.query(`a${1}}`) }"],
    ["run(c): Promise<void> { return c.query('x') }"],
    ["run: async function (c) { await c.query('}') }"],
    ["run: (c: Map<string, number>): Promise<Map<a, b>> => c.x, "],
    ["run: c => Promise.all([c.query('a'), c.query(')')])"],
  ])("is recognised in %s", (source) => {
    expect(read(withFunction(source)).up[1]).toMatchObject({ kind: "function" });
  });

  it("is imported only to be applied, and a file that throws or exports something else is named", async () => {
    const write = (name: string, source: string): string => {
      const path = join(folder, "code", name);
      writeFileSync(path, source);
      return path;
    };
    mkdirSync(join(folder, "code"));
    write("0007_add_invoices.ts", withFunction("async run(c) { await c.query('hello ' + join('a', 'b')) }"));
    const list = listRevisions(join(folder, "code"));
    expect(list.problems).toEqual([]);
    const loaded = await loadRevision(list.files[0]!);
    const asked: string[] = [];
    const step = loaded.up[1]!;
    if (step.kind !== "function") throw new Error("no function");
    await step.run({ query: (sql) => (asked.push(sql), Promise.resolve([])), x: {} });
    expect(asked).toEqual(["hello a/b"]);

    const throwing = withFunction("run: async () => {}").replace(
      "export default",
      'import "./bad.mjs";\nexport default',
    );
    write("bad.mjs", "throw new Error('boom')");
    write("0007_add_invoices.ts", throwing);
    await expect(loadRevision(listRevisions(join(folder, "code")).files[0]!)).rejects.toThrow(
      /0007_add_invoices\.ts: failed while it was imported: boom/,
    );
    await expect(loadRevision(list.files[0]!)).rejects.toThrow(RevisionCodeError);

    write("0007_add_invoices.ts", withFunction("run: async function* (c) { yield c.query('a') }"));
    await expect(loadRevision(listRevisions(join(folder, "code")).files[0]!)).rejects.toThrow(
      /up\[1\]\.run is a generator/,
    );
  });

  it("is imported from a package of CommonJS too", async () => {
    const dir = join(folder, "commonjs");
    mkdirSync(dir);
    writeFileSync(join(dir, "package.json"), '{ "type": "commonjs" }');
    writeFileSync(join(dir, "0007_add_invoices.ts"), withFunction("async run(c) { await c.query(join('a', 'b')) }"));
    const { up } = await loadRevision(listRevisions(dir).files[0]!);
    const asked: string[] = [];
    const step = up[1]!;
    if (step.kind !== "function") throw new Error("no function");
    await step.run({ query: (sql) => (asked.push(sql), Promise.resolve([])), x: {} });
    expect(asked).toEqual(["a/b"]);
  });
});

describe("a folder of revisions", () => {
  const at = (name: string, files: Readonly<Record<string, string>>): ReturnType<typeof listRevisions> => {
    const dir = join(folder, name);
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    for (const [file, source] of Object.entries(files)) writeFileSync(join(dir, file), source);
    return listRevisions(dir);
  };
  const source = (id: string, number: number, parents: readonly string[]): string =>
    renderRevision(
      revision({ id: id.padEnd(12, "0"), number, name: "a", parents: parents.map((p) => p.padEnd(12, "0")) }),
      { command: "x" },
    );

  it("is in order of parents, then numbers", () => {
    const list = at("merge", {
      "0001_a.ts": source("a", 1, []),
      "0002_a.ts": source("c", 2, ["b"]),
      "0003_a.ts": source("b", 3, ["a"]),
      "0004_a.ts": source("d", 4, ["a"]),
      "0005_a.ts": source("e", 5, ["c", "d"]),
      "README.md": "",
    });
    expect(list.problems).toEqual([]);
    expect(list.files.map((f) => f.revision.id[0]).join("")).toBe("abcde");
    expect(list.heads).toEqual(["e".padEnd(12, "0")]);
  });

  it("names every fault", () => {
    const messages = (files: Readonly<Record<string, string>>): string =>
      at("faults", files)
        .problems.map((p) => p.file.replace(/.*\//, "") + ": " + p.message.replace(folder, ""))
        .join("\n");
    expect(messages({ "0001_a.ts": source("a", 1, []), "0002_a.ts": source("b", 2, []) })).toMatch(/second head/);
    expect(messages({ "0001_a.ts": source("a", 1, []), "00001_a.ts": source("b", 1, ["a"]) })).toMatch(
      /the number 1, and so has/,
    );
    expect(messages({ "0001_a.ts": source("a", 1, []), "0002_a.ts": source("a", 2, []) })).toMatch(
      /the id a00000000000, and so has/,
    );
    expect(messages({ "0001_a.ts": source("a", 1, ["z"]) })).toMatch(/of which there is no file/);
    expect(messages({ "0001_a.ts": source("a", 1, ["b"]), "0002_a.ts": source("b", 2, ["a"]) })).toMatch(
      /builds on itself/,
    );
    expect(messages({ "0002_a.ts": source("a", 1, []) })).toMatch(/says number 1, its name says 2/);
    expect(messages({ "0001_b.ts": source("a", 1, []) })).toMatch(/says name "a", its name says "b"/);
    expect(messages({ "1_b.ts": source("a", 1, []), "0001_Ä.ts": "" })).toMatch(
      /Ä.ts: the name should[^]*1_b.ts: the name should/,
    );
    expect(messages({ "0001_a.ts": "export default 1" })).toMatch(/the revision should be an object/);
    writeFileSync(join(folder, "faults", "0001_a.ts"), Buffer.from([0xff, 0xfe, 0x41]));
    mkdirSync(join(folder, "faults", "0002_a.ts"));
    expect(listRevisions(join(folder, "faults")).problems.map((p) => p.message)).toEqual([
      "the file is not text in UTF-8",
      expect.stringMatching(/^cannot be read: EISDIR/),
    ]);
    expect(listRevisions(join(folder, "faults", "0001_a.ts")).problems[0]!.message).toMatch(
      /cannot be read as a folder/,
    );
    expect(listRevisions([join(folder, "nowhere"), join(folder, "merge")])).toMatchObject({
      files: { length: 5 },
      problems: [{ file: join(folder, "nowhere"), message: "there is no such folder of revisions", absent: true }],
    });
    // As a build leaves them.
    expect(messages({ "0001_a.ts": source("a", 1, []), "0001_a.js": "", "0002_a.d.ts": "", "tool.js": "" })).toBe("");
    expect(messages({ "0001_a.js": "", "0002_b.mjs": "", "0003_c.cjs": "" })).toMatch(
      /^0001_a.js: is a revision without its 0001_a.ts: [^]*\n0002_b.mjs: [^]*\n0003_c.cjs: .* 0003_c.ts/,
    );
  });

  it("of 100,000 in one line is put in order at once", () => {
    const nodes = Array.from({ length: 100_000 }, (_, n) => ({
      id: String(n),
      number: n,
      parents: n === 0 ? [] : [String(n - 1)],
    })).reverse();
    // Work that grows with the square would not end before the test is given up.
    expect(inOrder(nodes).every((node, n) => node.number === n)).toBe(true);
  });
});
