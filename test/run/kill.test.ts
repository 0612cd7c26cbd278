/**
 * SIGKILL at random moments of an apply with two runners competing: afterwards apply finishes, the database is exactly
 * what an undisturbed run makes, and no step ran twice. `npm run kill -- 100` for many rounds; SEED for the same again.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { apply } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { ask, askText, idOf } from "./base.ts";
import { Random } from "./random.ts";

const rounds = Number(process.env["SCHEMAC_KILL_ROUNDS"] ?? 4);
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const major = testMajors[0]!;
const folder = mkdtempSync(join(tmpdir(), "schemac-kill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const revisions = 8;
/** Each step writes its name into a table; what cannot be in a transaction is followed by one that does. */
function write(n: number): void {
  const log = (what: string): string => `"insert into public.log values ('${n} ${what}')"`;
  const text = `import type { Revision } from "schemac/runner";
export default {
  format: 1, id: "${idOf(n)}", number: ${n}, name: "r${n}", parents: [${n === 1 ? "" : `"${idOf(n - 1)}"`}], schema: null, proof: "not proven",
  hazards: { up: [], down: [] },
  up: [
    { kind: "transaction", statements: [${n === 1 ? `"create table public.log (step text)", "create table public.rows as select i, i % 7 as k from generate_series(1, 20000) i", ` : ""}${log("a")}, "create table public.t${n} (id integer primary key)", "select pg_catalog.pg_sleep(0.01)"] },
    { kind: "transaction", statements: ["alter table public.t${n} add column note text", ${log("b")}] },
    { kind: "outside", statement: "create index concurrently i${n} on public.rows (k, i)", undo: "drop index concurrently if exists public.i${n}",
      probe: "select exists (select from pg_catalog.pg_index i where i.indexrelid = pg_catalog.to_regclass('public.i${n}') and i.indisvalid)" },
    { kind: "transaction", statements: [${log("c")}, "insert into public.t${n} select generate_series(1, 100)"] },
    { kind: "function", run: async ({ query }) => {
      await query("insert into public.log values ('${n} d')");
      for (const row of await query("select id from public.t${n} where id <= 5 order by id")) await query("update public.t${n} set note = 'x' where id = " + row.id);
      await query("alter table public.t${n} alter column note set default 'y'");
    } },
    { kind: "transaction", statements: ["alter table public.t${n} add check (id > 0)", ${log("e")}] },
  ],
  down: [],
} satisfies Revision;
`;
  writeFileSync(join(folder, `000${n}_r${n}.ts`), text);
}

/** All that the steps make, as text. */
const state = async (url: string): Promise<string> =>
  [
    await askText(url, "select string_agg(step, ',' order by step) from public.log"),
    await askText(
      url,
      "select relname || ':' || relkind::text || ':' || coalesce((select i.indisvalid::text from pg_index i where i.indexrelid = c.oid), '') from pg_class c where relnamespace = 'public'::regnamespace order by relname collate \"C\"",
    ),
    await askText(
      url,
      "select attrelid::regclass || '.' || attname || coalesce(pg_get_expr(adbin, adrelid), '') from pg_attribute a left join pg_attrdef d on adrelid = attrelid and adnum = attnum where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace) and attnum > 0 order by attrelid::regclass::text collate \"C\", attnum",
    ),
    await askText(
      url,
      "select conrelid::regclass || conname::text from pg_constraint where connamespace = 'public'::regnamespace order by 1",
    ),
    await askText(url, "select count(*) || ' ' || count(note) from public.t3"),
    await askText(url, "select number || state || attempt from schemac.revision order by seq"),
    await askText(url, "select revision || n || state from schemac.step order by revision, n"),
    dump(url),
  ].join("\n");

/** pg_dump's word, where it is at hand and of this major. */
function dump(url: string): string {
  const version = spawnSync("pg_dump", ["--version"], { encoding: "utf8" });
  if (version.status !== 0 || !version.stdout.includes(` ${major}.`)) return "";
  const made = spawnSync("pg_dump", ["-s", "-N", "schemac", url], { encoding: "utf8" });
  expect(made.stderr).toBe("");
  // Newer minor versions put a random word into each dump.
  return made.stdout.replace(/^\\(un)?restrict .*$/gm, "");
}

interface Runner {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  readonly begun: Promise<void>;
  readonly ended: Promise<string>;
}
function runner(url: string): Runner {
  const child = spawn(process.execPath, [fileURLToPath(new URL("child.mjs", import.meta.url)), url, folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  const ended = new Promise<string>((done) =>
    child.once("exit", (code, signal) =>
      done(signal ?? (said.replace(/ready\n|begun\n/g, "").trim() || `exit ${code}`)),
    ),
  );
  const hear = (word: string): Promise<void> =>
    new Promise((done, fail) => {
      child.stdout.on("data", () => void (said.includes(word) && done()));
      void ended.then((e) => fail(new Error(`the runner ended before it was ${word}: ${e}`)));
    });
  child.stdout.on("data", (b: Buffer) => void (said += b.toString()));
  const [ready, begun] = [hear("ready"), hear("begun")];
  for (const p of [ready, begun]) p.catch(() => {});
  return { process: child, ready, begun, ended };
}
const go = (r: Runner): void => void r.process.stdin?.write("go\n");
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

it(
  `survives ${rounds} rounds of SIGKILL on PostgreSQL ${major} (seed ${seed})`,
  { timeout: 60_000 + rounds * 60_000 },
  async () => {
    for (let n = 1; n <= revisions; n++) write(n);
    const r = new Random(seed);
    // An undisturbed run says what is right, and how long it takes; the second one, for the first fills caches.
    const undisturbed = (): Promise<readonly [string, number]> =>
      withDatabase(major, async (url) => {
        const one = runner(url);
        await one.ready;
        go(one);
        await one.begun;
        const started = Date.now();
        expect(await one.ended).toBe(`done ${revisions}`);
        return [await state(url), Date.now() - started] as const;
      });
    await undisturbed();
    const [right, took] = await undisturbed();
    expect(right.split("\n")[0]!.split(",")).toHaveLength(revisions * 5);
    const figures = {
      rounds,
      kills: 0,
      midway: 0,
      halfRevision: 0,
      openIntent: 0,
      invalidIndex: 0,
      resumed: 0,
      repaired: 0,
    };
    for (let round = 1; round <= rounds; round++) {
      await withDatabase(major, async (url) => {
        const two = [runner(url), runner(url)];
        await Promise.all(two.map((x) => x.ready));
        for (const x of two) go(x);
        await Promise.any(two.map((x) => x.begun));
        for (const x of r.chance(0.5) ? two : two.toReversed()) {
          await wait(r.next() * took * 0.7);
          if (x.process.exitCode === null && x.process.kill("SIGKILL")) figures.kills++;
        }
        await Promise.all(two.map((x) => x.ended));
        await look(url, figures);
        const result = await apply({
          url,
          revisions: folder,
          onEvent: (e) => void (e.kind === "repaired" && figures.repaired++),
        });
        if (result.resumed !== null) figures.resumed++;
        expect(await state(url), `seed ${seed}, round ${round}`).toBe(right);
      });
    }
    console.log(`kill test on PostgreSQL ${major}, seed ${seed}, undisturbed ${took} ms: ${JSON.stringify(figures)}`);
  },
);

/** What the kills left. */
async function look(
  url: string,
  figures: { midway: number; halfRevision: number; openIntent: number; invalidIndex: number },
): Promise<void> {
  const some = async (sql: string): Promise<boolean> => Number(await askText(url, sql)) > 0;
  if ((await askText(url, "select to_regclass('schemac.revision') is not null")) !== "true")
    return void figures.midway++;
  const [row] = await ask(
    url,
    "select count(*) filter (where state = 'applied')::int as applied, count(*) filter (where state = 'applying')::int as half from schemac.revision",
  );
  if (Number(row!["applied"]) < revisions) figures.midway++;
  if (Number(row!["half"]) > 0) figures.halfRevision++;
  if (await some("select count(*) from schemac.step where state = 'intent'")) figures.openIntent++;
  if (await some("select count(*) from pg_index where not indisvalid")) figures.invalidIndex++;
}
