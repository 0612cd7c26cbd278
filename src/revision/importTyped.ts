/** Imports files that people write in TypeScript or JavaScript: a config, a revision with a function step. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** What is used of jiti. */
export interface Importer {
  import(path: string): Promise<unknown>;
}

/** Errors of a runtime that cannot import this file by itself, so that jiti is asked. */
const notNatively = new Set([
  "ERR_UNKNOWN_FILE_EXTENSION",
  "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX",
  "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING",
  "ERR_MODULE_NOT_FOUND",
  "ERR_UNSUPPORTED_DIR_IMPORT",
]);

/**
 * Imports a file: by the runtime where it can, else by jiti, which is loaded only then. `version` makes an edited file a new
 * module, for a process that imports it more than once.
 */
export async function importTyped(path: string, jiti: () => Promise<Importer>, version?: string): Promise<unknown> {
  const typescript = /\.[cm]?ts$/.test(path);
  const natively = !typescript || ("typescript" in process.features && process.features.typescript);
  if (natively && !isMistaken(path)) {
    try {
      const module: unknown = await import(pathToFileURL(path).href + (version === undefined ? "" : `?${version}`));
      return module;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      // What jiti understands may be a plain syntax error to the runtime; of a real one it says the same.
      if (!(error instanceof SyntaxError) && !notNatively.has(code)) throw error;
    }
  }
  return (await jiti()).import(path);
}

/** Whether the runtime would take a module for CommonJS, as its package says. It would warn at length before it fails. */
function isMistaken(path: string): boolean {
  if (!/\.[jt]s$/.test(path) || !/^\s*(import|export)\b/m.test(readFileSync(path, "utf8"))) return false;
  for (let at = dirname(path); ; at = dirname(at)) {
    const type = packageType(at);
    if (type !== null || dirname(at) === at) return type === "commonjs";
  }
}

/** What the folder's package.json says of its modules; null where there is none. */
function packageType(folder: string): string | null {
  try {
    const said: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof said === "object" && said !== null && "type" in said ? String(said.type) : "";
  } catch {
    return null;
  }
}
