/** Timing of programs, side by side. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly input?: string;
  /** Before each run, not timed. */
  readonly prepare?: () => void | Promise<void>;
  /** Exit codes that are right; default 0. */
  readonly exits?: readonly number[];
}

/** Whatever the machine's environment says of databases is left out. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([k]) => !/^(PG|DATABASE_URL|NODE_OPTIONS|SCHEMAC)/.test(k)),
);

/** Milliseconds of one run. */
export async function once(p: Program, more: Readonly<Record<string, string>> = {}): Promise<number> {
  await p.prepare?.();
  const start = performance.now();
  const r = spawnSync(p.command, p.args, {
    cwd: p.cwd,
    input: p.input ?? "",
    env: { ...env, NO_COLOR: "1", CI: "1", ...more },
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const ms = performance.now() - start;
  if (r.error) throw r.error;
  if (!(p.exits ?? [0]).includes(r.status ?? -1))
    throw new Error(
      `${p.name}: ${p.command} ${p.args.join(" ")} ended with ${r.status}\n${(r.stderr || r.stdout).slice(0, 2000)}`,
    );
  return ms;
}

/** Runs the programs in turn, `rounds` times, each once unmeasured first, and gives the median of each. */
export async function alternate(programs: readonly Program[], rounds: number): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>(programs.map((p) => [p.name, []]));
  for (let i = -1; i < rounds; i++)
    for (const p of programs) {
      const ms = await once(p);
      if (i >= 0) times.get(p.name)?.push(ms);
    }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}

export function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Peak memory of a run of a Node program, in megabytes, as the system counts it. */
export async function peakMemory(p: Program): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "schemac-peak-"));
  try {
    const [hook, answer] = [join(folder, "hook.cjs"), join(folder, "peak")];
    writeFileSync(
      hook,
      `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(answer)}, String(process.resourceUsage().maxRSS)));`,
    );
    await once(p, { NODE_OPTIONS: `--require "${hook}"` });
    return Number(readFileSync(answer, "utf8")) / 1024;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a program of this name can be run. */
export const available = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;
