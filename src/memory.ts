/** Keeps what a run learnt for the next one, beside the project. Losing it costs time, never truth. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Memory } from "./compile.ts";
import type { Analysis } from "./fragments/index.ts";
import { memoryFormat, type Settled } from "./settled.ts";

/** Above this many entries what is not remembered anew is forgotten. */
const most = 200_000;
const mostSettled = 50;

/** Where what was settled stands: apart, because an unchanged project needs nothing else. */
const settledFile = (path: string): string => path.replace(/\.json$/, "") + ".settled.json";

/** Reads a list of entries; a missing, foreign or broken file is as good as an empty one. `made`: what another tool version made is foreign. */
function entries<T>(path: string, name: string, made: string): [string, T][] {
  try {
    const saved: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof saved !== "object" || saved === null || !("made" in saved) || saved.made !== made) return [];
    const list: unknown = name in saved ? saved[name as keyof typeof saved] : null;
    return Array.isArray(list) ? (list as [string, T][]) : [];
  } catch {
    return [];
  }
}

/** A memory that is kept in files. `tool`: version of schemac; what another one learnt is not trusted. */
export class KeptMemory implements Memory {
  readonly #path: string;
  readonly #made: string;
  readonly settled: Map<string, Settled>;
  #analyses: Map<string, Analysis> | null = null;
  #spellings: Map<string, string> | null = null;
  #before = { analyses: 0, spellings: 0, settled: "" };

  constructor(path: string, tool: string) {
    this.#path = path;
    this.#made = `${memoryFormat} ${tool}`;
    this.settled = new Map(entries<Settled>(settledFile(path), "settled", this.#made));
    this.#before.settled = JSON.stringify([...this.settled]);
  }
  get analyses(): Map<string, Analysis> {
    if (!this.#analyses) {
      this.#analyses = new Map(entries<Analysis>(this.#path, "analyses", this.#made));
      this.#before.analyses = this.#analyses.size;
    }
    return this.#analyses;
  }
  get spellings(): Map<string, string> {
    if (!this.#spellings) {
      this.#spellings = new Map(entries<string>(this.#path, "spellings", this.#made));
      this.#before.spellings = this.#spellings.size;
    }
    return this.#spellings;
  }

  /** Writes what is new. A folder that can't be written to is no error: the next run learns again. */
  save(): void {
    const [analyses, spellings] = [this.#analyses, this.#spellings];
    if (analyses && spellings && (analyses.size !== this.#before.analyses || spellings.size !== this.#before.spellings))
      write(this.#path, {
        made: this.#made,
        analyses: [...analyses].slice(-most),
        spellings: [...spellings].slice(-most),
      });
    if (JSON.stringify([...this.settled]) !== this.#before.settled)
      write(settledFile(this.#path), { made: this.#made, settled: [...this.settled].slice(-mostSettled) });
  }
}

function write(path: string, content: unknown): void {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, JSON.stringify(content));
    renameSync(draft, path);
  } catch {
    removeQuietly(draft);
  }
}

/** Half of a draft is of no use; nor is it worth a word where it cannot be removed. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its folder may not be written to.
  }
}
