/** A long run that is kept in a file, so that one that was stopped goes on where it was. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { newTally, type Tally } from "./law.ts";

/** What decides which chains are tried. */
export interface Which {
  readonly seed: string;
  readonly major: number;
  readonly length: number;
}
export interface Run {
  readonly tally: Tally;
  /** Chains that were tried, by number. */
  readonly ended: Set<number>;
  /** How long all its parts took; milliseconds. */
  took: number;
}

export function keptRun(path: string | undefined, which: Which): Run {
  if (path === undefined || !existsSync(path)) return { tally: newTally(), ended: new Set(), took: 0 };
  const { of, ended, took, tally } = JSON.parse(readFileSync(path, "utf8")) as ReturnType<typeof written>;
  if (JSON.stringify(of) !== JSON.stringify(which))
    throw new Error(`${path} is of another run: ${JSON.stringify(of)}, not ${JSON.stringify(which)}`);
  return { tally: { ...tally, counts: new Map(tally.counts) }, ended: new Set(ended), took };
}

const written = (of: Which, { tally, ended, took }: Run) => ({
  of,
  ended: [...ended],
  took,
  tally: { ...tally, counts: [...tally.counts] },
});

export function keepRun(path: string, which: Which, run: Run): void {
  writeFileSync(`${path}.tmp`, JSON.stringify(written(which, run)));
  renameSync(`${path}.tmp`, path);
}
