// Runs the main job on the example of this repository, in a temporary folder, on the embedded Postgres: nothing to install,
// nothing left behind. `npm run example`
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "schemac-example-"));
const say = (text) => process.stdout.write(text + "\n");
// Whatever database this machine's environment names, the example leaves it alone.
const { DATABASE_URL, PGHOST, PGSERVICE, PGDATABASE, SCHEMAC_CONFIG, ...env } = process.env;

function schemac(...args) {
  const asTyped = args.map((a) => (/^[\w.:/-]+$/.test(a) ? a : `'${a.replaceAll("'", "'\\''")}'`));
  say(`\n$ npx schemac ${asTyped.join(" ")}`);
  const { status } = spawnSync(process.execPath, [join(repository, "bin", "schemac.js"), ...args], {
    cwd: folder,
    env,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`schemac ${args[0]} ended with ${status}`);
}

try {
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository, join(folder, "node_modules", "schemac"), "junction");
  cpSync(join(repository, "schema"), join(folder, "schema"), { recursive: true });

  schemac("init");
  schemac("plan", "-m", "shop");
  schemac("apply");

  const file = join(folder, "schema", "shop.schema");
  const text = readFileSync(file, "utf8");
  const line = "  title  text\n";
  if (!text.includes(line)) throw new Error("the example's schema has changed; mend scripts/example.mjs");
  writeFileSync(file, text.replace(line, line + "  note   text?\n"));
  say("\nNow schema/shop.schema gets one more line: a column `note text?` of products.");
  schemac("plan", "-m", "add note");
  const second = readdirSync(join(folder, "generated")).find((f) => f.startsWith("0002"));
  say(`\n$ cat generated/${second}\n` + readFileSync(join(folder, "generated", second), "utf8").trimEnd());
  schemac("apply");
  schemac("status");
  schemac("rollback", "-1", "--allow-loss", "*");
  schemac("status");
} catch (error) {
  say(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
