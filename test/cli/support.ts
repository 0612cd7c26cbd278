/** Runs the command line as a process, the way a user does. */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, vi } from "vitest";

export const repository = fileURLToPath(new URL("../..", import.meta.url));
const lock = join(tmpdir(), `schemac-build-${Buffer.from(repository).toString("hex").slice(-24)}`);
const stamp = `${lock}.done`;

const newest = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile() && e.name.endsWith(".ts"))
      .map((e) => statSync(join(e.parentPath, e.name)).mtimeMs),
  );
const stale = (): boolean =>
  !existsSync(join(repository, "dist", "src", "cli", "main.js")) ||
  !existsSync(stamp) ||
  statSync(stamp).mtimeMs < Math.max(newest(join(repository, "src")), newest(join(repository, "grammar")));

/** Builds dist/ when the sources are newer; several test files may ask at once. */
export async function build(): Promise<void> {
  while (stale()) {
    try {
      mkdirSync(lock);
    } catch {
      // Another one builds. One that was killed at it leaves the lock behind.
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 120_000)
        rmSync(lock, { recursive: true, force: true });
      await new Promise((r) => setTimeout(r, 200));
      continue;
    }
    try {
      const began = new Date();
      await run(process.execPath, [join(repository, "scripts", "build.mjs")], { cwd: repository });
      writeFileSync(stamp, "");
      // What was saved while the compiler ran is not in it.
      utimesSync(stamp, began, began);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called with everything written so far, stdout and stderr, and the process. */
  readonly watch?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  readonly input?: string;
  /** Whoever reads what it says is gone before it says anything. */
  readonly unread?: true;
  /** A user to run as, where the tests are run by root, whom nothing is forbidden. */
  readonly uid?: number;
}

function run(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const { cwd, uid } = options;
    const child = spawn(command, args, { cwd, env: { ...clean(), ...options.env }, stdio: "pipe", uid });
    let out = "";
    let err = "";
    const seen = (): void => options.watch?.(out + err, (s) => void child.kill(s));
    child.stdout.setEncoding("utf8").on("data", (d: string) => ((out += d), seen()));
    child.stderr.setEncoding("utf8").on("data", (d: string) => ((err += d), seen()));
    if (options.unread) for (const stream of [child.stdout, child.stderr]) stream.destroy();
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
    child.stdin.on("error", () => {}).end(options.input ?? "");
  });
}

/** Without anything that names a database or a colour. */
function clean(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of Object.keys(env))
    if (/^(PG|DATABASE_URL|SCHEMAC_|NO_COLOR|FORCE_COLOR|CI$)/.test(name)) delete env[name];
  return env;
}

/** Nobody, where the tests are run by root; else whoever runs them. */
export const poorUid = process.getuid?.() === 0 ? { uid: 65534 } : {};

/** `schemac …` in a folder. */
export const schemac = (cwd: string, args: readonly string[], options: Omit<RunOptions, "cwd"> = {}): Promise<Ran> =>
  run(process.execPath, [join(repository, "bin", "schemac.js"), ...args], { ...options, cwd });

/** Folders that a test file makes are gone when it ends. */
export function folders(): (files?: Readonly<Record<string, string>>) => string {
  const made: string[] = [];
  // A test here is dozens of processes, on machines that may be busy.
  vi.setConfig({ testTimeout: 240_000 });
  beforeAll(build, 180_000);
  afterAll(() => made.forEach((f) => rmSync(f, { recursive: true, force: true })));
  return (files = {}) => {
    const folder = mkdtempSync(join(tmpdir(), "schemac-cli-"));
    made.push(folder);
    write(folder, { "package.json": '{ "private": true, "type": "module" }', ...files });
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(repository, join(folder, "node_modules", "schemac"), "junction");
    return folder;
  };
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
