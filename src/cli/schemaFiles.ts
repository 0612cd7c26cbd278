/** Reads the `.schema` files of a folder. */
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { problem, type Problem } from "../problems.ts";
import { Failure } from "./exit.ts";
import { codeOf, utf8 } from "./files.ts";
import { shown } from "./project.ts";

export interface SchemaFile {
  /** As the user knows it. */
  readonly path: string;
  readonly file: string;
  readonly text: string;
}
export interface SchemaFiles {
  readonly files: readonly SchemaFile[];
  /** Files that could not be read as text. */
  readonly problems: readonly Problem[];
}

/** Larger files are no hand-written schema; reading them would only hang the machine. */
const maxBytes = 10 * 1024 * 1024;

/** All `*.schema` files under a folder in the order of their paths. Fails when there is no such folder. */
export function readSchemaFolder(folder: string): SchemaFiles {
  let real: string;
  try {
    if (!statSync(folder).isDirectory()) throw new Failure(`${shown(folder)} is not a folder`);
    real = realpathSync(folder);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "ENOTDIR")
      throw new Failure(`${shown(folder)} cannot be read (${codeOf(error)})`, { cause: error });
    throw new Failure(`there is no schema folder ${shown(folder)}`, {
      help: "`schemac init` makes one; `schemac import` fills it from a database; `schema` in schemac.config.ts names another",
      cause: error,
    });
  }
  const files: SchemaFile[] = [];
  const problems: Problem[] = [];
  for (const file of walk(folder)) {
    const read = typeof file === "string" ? readSchemaFile(file, real) : file;
    if ("text" in read) files.push(read);
    else problems.push(read);
  }
  return { files, problems };
}

/** Reads one file; a problem says why it cannot be. `root`: links may not lead out of this folder. */
export function readSchemaFile(file: string, root: string | null = null): SchemaFile | Problem {
  const path = shown(file);
  const wrong = (code: "file-too-large" | "not-text" | "unreadable-file", message: string, help?: string): Problem =>
    problem(code, { file: path, start: 0, end: 0 }, message, help === undefined ? {} : { help });
  let bytes: Buffer;
  try {
    const real = realpathSync(file);
    if (root !== null && real !== root && !real.startsWith(root + sep))
      return wrong("unreadable-file", "the link leads out of the schema folder", "put the file itself here");
    const stat = statSync(real);
    if (!stat.isFile()) return wrong("unreadable-file", "this is no ordinary file");
    if (stat.size > maxBytes)
      return wrong(
        "file-too-large",
        `the file has ${Math.round(stat.size / 1024 / 1024)} MB; at most ${maxBytes / 1024 / 1024} MB can be read`,
        "split it; the order of files never matters",
      );
    bytes = readFileSync(real);
  } catch (error) {
    return wrong("unreadable-file", `the file cannot be read: ${codeOf(error)}`);
  }
  const text = utf8(bytes);
  return text === null ? wrong("not-text", "the file is not UTF-8 text", "save it as UTF-8") : { path, file, text };
}

/**
 * Hidden folders and node_modules are no part of a schema; linked folders are not followed. Of a folder that cannot be read
 * there is a problem in place of its files: without them they would be taken for gone.
 */
function* walk(folder: string): Generator<string | Problem> {
  let below: readonly { readonly path: string; readonly isFolder: boolean }[];
  try {
    below = readdirSync(folder)
      .sort()
      .filter((name) => !name.startsWith(".") && name !== "node_modules")
      .map((name) => join(folder, name))
      .map((path) => ({ path, isFolder: lstatSync(path).isDirectory() }));
  } catch (error) {
    const span = { file: shown(folder), start: 0, end: 0 };
    return void (yield problem("unreadable-file", span, `the folder cannot be read: ${codeOf(error)}`));
  }
  for (const { path, isFolder } of below) {
    if (isFolder) yield* walk(path);
    else if (path.endsWith(".schema")) yield path;
  }
}
