/** Writing files so that a killed process leaves the old one or the new one, never half of it. */
import {
  closeSync,
  existsSync,
  fsyncSync,
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

/** Writes a file and its folders. */
export function writeFile(path: string, text: string): void {
  writing(path, () => {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
    const mode = existsSync(path) ? statSync(path).mode : 0o644;
    try {
      write(temporary, text, "w", mode);
      sync(temporary);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** Writes files and their folders. One that is there already is a failure, and is not overwritten. */
export function writeNew(...files: readonly { readonly path: string; readonly text: string }[]): void {
  for (const { path, text } of files) writing(path, () => write(path, text, "wx", 0o644));
  // When all are written: the disk's first answer is good for most of them.
  for (const { path } of files) writing(path, () => sync(path));
}

function writing(path: string, work: () => void): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Failure(
      code === "EEXIST" ? `${shown(path)} is there already` : `${shown(path)} cannot be written (${code})`,
      { cause: error },
    );
  }
}

function write(path: string, text: string, flags: "w" | "wx", mode: number): void {
  const file = openSync(path, flags, mode);
  try {
    const bytes = Buffer.from(text, "utf8");
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
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
