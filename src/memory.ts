/** Keeps what a run learnt for the next one, beside the project. Losing it costs time, never truth. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { emptyMemory, type Memory } from "./compile.ts";

const format = 1;
/** Above this many entries what is not remembered anew is forgotten. */
const most = 200_000;

/** Reads the file; a missing, foreign or broken one is as good as none. */
export function loadMemory(path: string): Memory {
  try {
    const saved: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof saved !== "object" || saved === null || !("format" in saved) || saved.format !== format)
      return emptyMemory();
    const { analyses, spellings } = saved as { analyses?: [string, never][]; spellings?: [string, string][] };
    if (!Array.isArray(analyses) || !Array.isArray(spellings)) return emptyMemory();
    return { analyses: new Map(analyses), spellings: new Map(spellings) };
  } catch {
    return emptyMemory();
  }
}

/** Writes it atomically. A folder that can't be written to is no error: the next run learns again. */
export function saveMemory(path: string, memory: Memory): void {
  const newest = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].slice(-most);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(
      draft,
      JSON.stringify({ format, analyses: newest(memory.analyses), spellings: newest(memory.spellings) }),
    );
    renameSync(draft, path);
  } catch {
    return;
  }
}

/** Whether a run learnt something worth writing down. */
export const grown = (memory: Memory, before: { readonly analyses: number; readonly spellings: number }): boolean =>
  memory.analyses.size !== before.analyses || memory.spellings.size !== before.spellings;
