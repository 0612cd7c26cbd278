/** Writing files so that a killed process leaves the old one or the new one, never half of it. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Failure } from "./exit.ts";
import { shown } from "./project.ts";
import { errorCode } from "./text.ts";

/** Writes a file and its folders. */
export function writeFile(path: string, text: string): void {
  writing(path, () => {
    const temporary = besideOf(path);
    const mode = existsSync(path) ? statSync(path).mode : 0o644;
    try {
      write(temporary, text, "w", mode);
      sync(temporary);
      renameSync(temporary, path);
    } catch (error) {
      removeQuietly(temporary);
      throw error;
    }
  });
}

/** Writes files and their folders. One that is there already is a failure, and is not overwritten. */
export function writeNew(...files: readonly { readonly path: string; readonly text: string }[]): void {
  const made: string[] = [];
  try {
    for (const { path, text } of files) writing(path, () => write(besideOf(path), text, "w", 0o644));
    // When all are written: the disk's first answer is good for most of them.
    for (const { path } of files) writing(path, () => sync(besideOf(path)));
    for (const { path, text } of files)
      writing(path, () => {
        name(besideOf(path), path, text);
        made.push(path);
      });
  } catch (error) {
    for (const path of made) rmSync(path, { force: true });
    throw error;
  } finally {
    for (const { path } of files) removeQuietly(besideOf(path));
  }
}

/** Where a file is written before it gets its name. Hidden, so that nobody takes it for a revision or a part of a schema. */
const besideOf = (path: string): string => join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);

/** Gives a file that is written and synced its name, which must be free. */
function name(temporary: string, path: string, text: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    // A file system without links.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error))) throw error;
    write(path, text, "wx", 0o644);
    sync(path);
  }
}

/** What cannot be removed must not hide why the writing ended. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its folder is none, or may not be written to.
  }
}

/** Does what makes a file or folder at this path, and the folders above it; where it fails, the path is named. */
function writing(path: string, work: () => void): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    work();
  } catch (error) {
    const code = codeOf(error);
    throw new Failure(
      code === "EEXIST" ? `${shown(path)} is there already` : `${shown(path)} cannot be written (${code})`,
      { cause: error },
    );
  }
}

/** Reads a file or folder; where it fails, the path is named. */
export function reading<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Failure(`${shown(path)} cannot be read (${codeOf(error)})`, { cause: error });
  }
}

/** The text of a file's bytes; null where they are no UTF-8. */
export function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** `ENOSPC`, or what else there is to say. */
export const codeOf = (error: unknown): string => errorCode(error) || String(error);

/** A new file (`wx`) that cannot be written whole is removed. */
function write(path: string, text: string, flags: "w" | "wx", mode: number): void {
  const file = openSync(path, flags, mode);
  try {
    const bytes = Buffer.from(text, "utf8");
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  } catch (error) {
    if (flags === "wx") removeQuietly(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

function sync(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
