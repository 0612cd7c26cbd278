/**
 * A lock between processes, as files beside a folder: `db.lock.7` names the process that has it. Nobody ever takes over a
 * file: a new holder makes the file with the next number, which only one can, so a dead holder's place is taken by one
 * process however many try. A file that says "free" is left behind for the sake of its number.
 */
import { linkSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process and the machine started, where the system tells: a process number is used again. */
  readonly started: string | null;
}
export interface ProcessLock {
  release(): void;
}
export type Taken = { readonly lock: ProcessLock } | { readonly holder: Holder; readonly file: string };

/** Takes the lock of a folder, or says who has it. */
export function lockFolder(folder: string): Taken {
  const place = dirname(folder);
  const prefix = `${basename(folder)}.lock.`;
  mkdirSync(place, { recursive: true });
  const path = (n: number): string => join(place, prefix + n);
  const me: Holder = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  for (;;) {
    const last = Math.max(0, ...numbersIn(place, prefix));
    const holder = last === 0 ? null : holderIn(path(last));
    if (holder !== null && lives(holder)) return { holder, file: path(last) };
    const mine = last + 1;
    if (!make(path(mine), JSON.stringify(me))) continue;
    // A slow starter may have made a number that others are long past.
    if (Math.max(...numbersIn(place, prefix)) > mine) {
      remove(path(mine));
      continue;
    }
    for (const n of numbersIn(place, prefix)) if (n < mine) remove(path(n));
    return { lock: { release: () => writeFileSync(path(mine), "free\n") } };
  }
}

const numbersIn = (place: string, prefix: string): readonly number[] =>
  readdirSync(place).flatMap((f) =>
    f.startsWith(prefix) && /^[0-9]+$/.test(f.slice(prefix.length)) ? [Number(f.slice(prefix.length))] : [],
  );

/** Makes the file with its content at once, so that nobody sees it half written; false when it is there already. */
function make(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, content);
    linkSync(draft, path);
    return true;
  } catch (e) {
    const code = e instanceof Error && "code" in e ? e.code : "";
    if (code === "EEXIST") return false;
    // A file system without links.
    if (code === "EPERM" || code === "ENOTSUP" || code === "EOPNOTSUPP" || code === "ENOSYS")
      return makeExclusively(path, content);
    throw e;
  } finally {
    remove(draft);
  }
}
function makeExclusively(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (e) {
    if (e instanceof Error && "code" in e && e.code === "EEXIST") return false;
    throw e;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (e) {
    if (!(e instanceof Error && "code" in e && e.code === "ENOENT")) throw e;
  }
}

function holderIn(path: string): Holder | null {
  try {
    const text = readFileSync(path, "utf8");
    const x: unknown = text.startsWith("{") ? JSON.parse(text) : null;
    if (typeof x !== "object" || x === null || !("pid" in x) || typeof x.pid !== "number") return null;
    return {
      pid: x.pid,
      host: "host" in x ? String(x.host) : "",
      started: "started" in x && typeof x.started === "string" ? x.started : null,
    };
  } catch (e) {
    if (e instanceof SyntaxError || (e instanceof Error && "code" in e && e.code === "ENOENT")) return null;
    throw e;
  }
}

/** A holder on another machine cannot be looked at, so it lives. */
function lives(h: Holder): boolean {
  if (h.host !== hostname()) return true;
  try {
    process.kill(h.pid, 0);
  } catch (e) {
    // Not ours to signal, but there.
    if (!(e instanceof Error && "code" in e && e.code === "EPERM")) return false;
  }
  const fields = statOf(h.pid);
  // One that was killed and that nobody waited for keeps its number, and nothing else.
  if (fields?.[0] === "Z" || fields?.[0] === "X") return false;
  const now = startOf(h.pid);
  return now === null || h.started === null || now === h.started;
}

/** The machine's boot and the process's start in clock ticks since then; null where the system has no such files. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const fields = statOf(pid);
    return fields === null ? null : `${boot} ${fields[19]}`;
  } catch {
    return null;
  }
}

/** What the system says of a process, from its state on; null where it has no such file. */
function statOf(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets, which may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
