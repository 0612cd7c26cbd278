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

/** Writes a file and its folders. With `fresh` an existing one is a failure, not overwritten. */
export function writeFile(path: string, text: string, options: { readonly fresh?: true } = {}): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (options.fresh) return writeAndSync(path, text, "wx", 0o644);
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
    const mode = existsSync(path) ? statSync(path).mode : 0o644;
    try {
      writeAndSync(temporary, text, "w", mode);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Failure(
      code === "EEXIST" ? `${shown(path)} is there already` : `${shown(path)} cannot be written (${code})`,
      { cause: error },
    );
  }
}

function writeAndSync(path: string, text: string, flags: "w" | "wx", mode: number): void {
  const file = openSync(path, flags, mode);
  try {
    const bytes = Buffer.from(text, "utf8");
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
