/**
 * How long the main jobs take, side by side with pg_dump -s and with an empty Node program: npm run bench
 * Options: --tables 100,1000,3000  --rounds 5  --url (a server of yours instead of PostgreSQL 15 from npm)
 */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { renderRevision } from "../src/revision/write.ts";
import { connect } from "../src/run/index.ts";
import { startServer } from "../test/servers/servers.ts";
import { alternate, available, once, peakMemory, type Program } from "./measure.ts";
import { schemaFiles, tinyStatement } from "./schema.ts";

const { values } = parseArgs({
  options: {
    tables: { type: "string", default: "100,1000,3000" },
    rounds: { type: "string", default: "5" },
    revisions: { type: "string", default: "500" },
    url: { type: "string" },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const rounds = Number(values.rounds);
const sizes = values.tables.split(",").map(Number);
const bin = join(root, "bin", "schemac.js");
const work = mkdtempSync(join(tmpdir(), "schemac-bench-"));
// Every promise of durability is kept: 500 small revisions mean 500 flushes to disk on both sides.
const server = values.url === undefined ? await startServer(15, { fsync: true }) : null;
const base = values.url ?? server?.url ?? "";
const admin = await connect(base);
const databases: string[] = [];
const say = (line = ""): void => void process.stdout.write(line + "\n");

const dumps = available("pg_dump");
const psql = available("psql");
const urlOf = (database: string): string => Object.assign(new URL(base), { pathname: "/" + database }).href;
const empty: Program = { name: "node -e 0", command: process.execPath, args: ["-e", "0"] };

async function database(name: string): Promise<string> {
  const own = `bench_${process.pid}_${name}`;
  await admin.query(`drop database if exists ${own} with (force)`);
  await admin.query(`create database ${own} template template0`);
  if (!databases.includes(own)) databases.push(own);
  return urlOf(own);
}
function project(name: string): string {
  const folder = join(work, name);
  for (const part of ["schema", "generated", "node_modules"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  symlinkSync(root, join(folder, "node_modules", "schemac"), "junction");
  writeFileSync(
    join(folder, "schemac.config.ts"),
    'import { defineConfig } from "schemac/config";\n\nexport default defineConfig({ environments: { local: { url: "embedded" } } });\n',
  );
  return folder;
}
const schemac = (name: string, cwd: string, args: readonly string[], more: Partial<Program> = {}): Program => ({
  name,
  command: process.execPath,
  args: [bin, ...args],
  cwd,
  ...more,
});
const ratio = (a: number, b: number | undefined): string => (b === undefined ? "–" : `${(a / b).toFixed(2)} ×`);
const row = (cells: readonly string[]): void =>
  say(cells.map((c, i) => (i === 0 ? c.padEnd(34) : c.padStart(14))).join(""));
const head = (title: string): void => {
  say(`\n${title}`);
  row(["", "median", "to pg_dump -s", "to node -e 0"]);
};

function report(times: ReadonlyMap<string, number>): void {
  const [dump, node] = [times.get("pg_dump -s"), times.get("node -e 0")];
  for (const [name, ms] of times)
    row([name, `${ms.toFixed(0)} ms`, dumps ? ratio(ms, dump) : "no pg_dump", ratio(ms, node)]);
}

/** Plan and import of one size; times by name. */
async function size(tables: number): Promise<ReadonlyMap<string, number>> {
  const url = await database(`t${tables}`);
  const folder = project(`tables-${tables}`);
  for (const f of schemaFiles(tables)) writeFileSync(join(folder, "schema", f.path), f.text);
  const first = await once(schemac("first plan", folder, ["plan", "-m", "all", "--url", url]));
  const applied = await once(schemac("apply", folder, ["apply", "--url", url]));
  const changed = project(`changed-${tables}`);
  for (const part of ["schema", "generated"]) cpSync(join(folder, part), join(changed, part), { recursive: true });
  appendFileSync(
    join(changed, "schema", "part_000.schema"),
    "\ntable one_more {\n  id    int   primary key\n  name  text  check (name <> '')\n}\n",
  );

  const forget = (at: string) => (): void => rmSync(join(at, ".schemac"), { recursive: true, force: true });
  const out = join(work, `import-${tables}`);
  const nothing = ["plan", "--check", "--url", url];
  const programs: Program[] = [
    empty,
    ...(dumps ? [{ name: "pg_dump -s", command: "pg_dump", args: ["-s", "-n", "bench", url] }] : []),
    schemac("plan, nothing to do, cold", folder, nothing, { prepare: forget(folder) }),
    schemac("plan, nothing to do, warm", folder, nothing),
    schemac("plan, one small change, warm", changed, ["plan", "--dry-run", "--url", url]),
    schemac("import", folder, ["import", "--out", out, "--url", url], {
      prepare: () => rmSync(out, { recursive: true, force: true }),
    }),
  ];
  // Both caches are warm before the first round; "cold" takes it away again, so "warm" follows a run that fills it.
  const times = await alternate(programs, rounds);
  head(`${tables} tables`);
  report(times);
  row(["first plan, of everything", `${first.toFixed(0)} ms`]);
  row(["apply, of everything", `${applied.toFixed(0)} ms`]);
  for (const p of programs.filter((x) => x.command === process.execPath && x !== empty))
    row([`peak memory: ${p.name}`, `${(await peakMemory(p)).toFixed(0)} MB`]);
  return times;
}

/** 500 tiny revisions against one psql -f of the same statements. */
async function history(count: number): Promise<void> {
  const folder = project("history");
  const statements = Array.from({ length: count }, (_, i) => tinyStatement(i));
  statements.forEach(({ up, down }, i) => {
    const id = (n: number): string => `r${String(n).padStart(11, "0")}`;
    const common = { format: 1 as const, schema: null, proof: "not proven", hazards: { up: [], down: [] } };
    const name = `step_${i}`;
    const text = renderRevision(
      {
        ...common,
        id: id(i),
        number: i + 1,
        name,
        parents: i === 0 ? [] : [id(i - 1)],
        up: [{ kind: "transaction", statements: [up] }],
        down: [{ kind: "transaction", statements: [down] }],
      },
      { command: "npm run bench" },
    );
    writeFileSync(join(folder, "generated", `${String(i + 1).padStart(4, "0")}_${name}.ts`), text);
  });
  const file = join(work, "all.sql");
  writeFileSync(file, statements.map((s) => s.up + ";\n").join(""));
  let url = await database("history");
  const fresh = async (): Promise<void> => void (url = await database("history"));
  const arrow = (p: Omit<Program, "args">, args: () => readonly string[]): Program =>
    Object.defineProperty({ ...p, args: [] }, "args", { get: args });
  const programs: Program[] = [
    arrow({ name: `apply of ${count} revisions`, command: process.execPath, cwd: folder, prepare: fresh }, () => [
      bin,
      "apply",
      "-q",
      "--url",
      url,
    ]),
    ...(psql
      ? [
          arrow({ name: "psql -f", command: "psql", prepare: fresh }, () => [
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            file,
            url,
          ]),
        ]
      : []),
  ];
  const times = await alternate(programs, rounds);
  say(`\n${count} tiny revisions, fsync ${server ? "on" : "as your server has it"}`);
  row(["", "median", "to psql -f"]);
  for (const [name, ms] of times)
    row([name, `${ms.toFixed(0)} ms`, psql ? ratio(ms, times.get("psql -f")) : "no psql"]);
}

try {
  const built = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { cwd: root, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  say(
    `schemac ${version}, Node ${process.version}, ${server ? "PostgreSQL 15 from npm" : "your server"}, medians of ${rounds} rounds, programs in turn`,
  );

  say("\nstart-up");
  row(["", "median", "", "to node -e 0"]);
  const start = await alternate(
    [empty, schemac("schemac --version", root, ["--version"]), schemac("schemac --help", root, ["--help"])],
    rounds * 4,
  );
  for (const [name, ms] of start) row([name, `${ms.toFixed(0)} ms`, "", ratio(ms, start.get("node -e 0"))]);

  const all = new Map<number, ReadonlyMap<string, number>>();
  for (const n of sizes) all.set(n, await size(n));
  const [small, large] = sizes.slice(-2);
  if (small !== undefined && large !== undefined && small !== large) {
    say(`\nhow time grows from ${small} to ${large} tables (1 is in proportion)`);
    for (const [name, ms] of all.get(large) ?? []) {
      const before = all.get(small)?.get(name);
      if (name !== "node -e 0" && before !== undefined)
        row([name, (Math.log(ms / before) / Math.log(large / small)).toFixed(2)]);
    }
  }
  if (!dumps) say("\npg_dump is not on this machine: its columns are left out");
  await history(Number(values.revisions));
} finally {
  for (const d of databases) await admin.query(`drop database if exists ${d} with (force)`).catch(() => undefined);
  await admin.close();
  await server?.stop();
  rmSync(work, { recursive: true, force: true });
}
