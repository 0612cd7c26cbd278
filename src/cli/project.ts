/** Where a project is and what its config says. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config, Environment, Manage, Values } from "../config.ts";
import { importTyped, type Importer } from "../revision/importTyped.ts";
import type { Scope } from "../snapshot.ts";
import { checkConfig } from "./checkConfig.ts";
import { Failure } from "./exit.ts";
import { plainConfig } from "./plainConfig.ts";
import { redact } from "./text.ts";

export interface Project {
  /** Folder that paths of the config start from. */
  readonly root: string;
  /** The config's file as the user knows it; null: there is none. */
  readonly configFile: string | null;
  readonly config: Config;
  readonly schemaFolder: string;
  readonly generatedFolder: string;
  readonly embeddedFolder: string;
  readonly cacheFile: string;
  readonly ledgerSchema: string;
}

const configNames = ["ts", "mts", "js", "mjs"].map((extension) => `schemac.config.${extension}`);

/** A path as the user knows it: from the current folder where it lies in it. */
export function shown(path: string): string {
  const r = relative(process.cwd(), path);
  if (r === "") return ".";
  return isAbsolute(r) || r.startsWith(".." + sep) ? path : r.split(sep).join("/");
}

/**
 * The full path of what was given as one: `what` says where. A URL is refused while it is one: resolved, it would be a folder
 * that has the password for a name, which nothing recognises any more.
 */
export function pathOf(given: string, what: string, base = process.cwd()): string {
  if (!/:\/\/|^postgres(ql)?:/i.test(given)) return resolve(base, given);
  const scheme = /^[a-z][a-z0-9+.-]*:(\/\/)?/i.exec(given)?.[0];
  throw new Failure(`${what} wants a path, not a URL${scheme === undefined ? "" : ` (it begins with ${scheme})`}`, {
    help: "a database is named by --url, --env or DATABASE_URL",
  });
}

/** The nearest config in this folder or one above it. */
function findConfig(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of configNames) if (existsSync(join(at, name))) return join(at, name);
    if (dirname(at) === at) return null;
  }
}

/** Finds and reads the config. Without one the defaults hold, in the current folder. */
export async function openProject(configOption: string | undefined): Promise<Project> {
  const named = configOption ?? (process.env["SCHEMAC_CONFIG"] || undefined);
  const asked = named === undefined ? null : pathOf(named, configOption === undefined ? "SCHEMAC_CONFIG" : "--config");
  if (asked !== null && !existsSync(asked)) throw new Failure(`there is no config file ${named}`);
  if (asked !== null && statSync(asked).isDirectory()) throw new Failure(`the config file ${named} is a folder`);
  const file = asked ?? findConfig(process.cwd());
  const root = file === null ? process.cwd() : dirname(file);
  const config = file === null ? {} : await loadConfig(file, root);
  const configFile = file === null ? null : shown(file);
  const folder = (key: "schema" | "generated"): string => pathOf(config[key] ?? key, `${key} in ${configFile}`, root);
  return {
    root,
    configFile,
    config,
    schemaFolder: folder("schema"),
    generatedFolder: folder("generated"),
    embeddedFolder: join(root, ".schemac", "db"),
    cacheFile: join(root, ".schemac", "cache.json"),
    ledgerSchema: config.ledgerSchema ?? "schemac",
  };
}

async function loadConfig(file: string, root: string): Promise<Config> {
  const path = shown(file);
  let module: unknown;
  try {
    const plain = plainConfig(readFileSync(file, "utf8"));
    module = plain === undefined ? await importTyped(file, () => jitiFor(root)) : { default: plain };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure(`${path} could not be loaded: ${redact(message.split("\n").slice(0, 3).join(" "))}`, {
      cause: error,
    });
  }
  const value: unknown =
    typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  if (value === undefined)
    throw new Failure(`${path} has no default export`, { help: "export default defineConfig({ … })" });
  const checked = checkConfig(value);
  if ("config" in checked) return checked.config;
  throw new Failure(`${path} is not a valid config`, {
    details: checked.wrong.map((w) => `  ${w}`),
    document: { wrong: checked.wrong },
  });
}

/** jiti, which keeps what it made of a project's files in the project. */
async function jitiFor(root: string): Promise<Importer> {
  const { createJiti } = await import("jiti");
  // The config may ask for us by name where we are not installed in the project (npx, a global install).
  const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  return createJiti(import.meta.url, {
    moduleCache: false,
    // Its transformer takes longer to load than all the rest of a small command.
    fsCache: join(root, ".schemac", "jiti"),
    alias: { "schemac/config": own("../config.js"), schemac: own("../index.js") },
  });
}

/** The environment called `name`, or a failure that names those there are. */
export function environment(project: Project, name: string): Environment {
  const all = project.config.environments ?? {};
  if (Object.hasOwn(all, name)) return all[name]!;
  const names = Object.keys(all);
  throw new Failure(
    `${project.configFile ?? "the config"} has no environment "${name}"`,
    names.length > 0 ? { help: `it has: ${names.join(", ")}` } : {},
  );
}

/** `${name}` values of `.schema` files: the config's, the environment's, then `-x`, which also stand as `${x.key}`. */
export function placeholders(
  config: Config,
  environment: Environment | null,
  x: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const text = (values: Values | undefined): [string, string][] =>
    Object.entries(values ?? {}).map(([k, v]) => [k, String(v)]);
  return Object.fromEntries([
    ...text(config.values),
    ...text(environment?.values),
    ...Object.entries(x),
    ...Object.entries(x).map(([k, v]): [string, string] => [`x.${k}`, v]),
  ]);
}

/** What of the database is the project's, which the ledger never is. */
export function scopeOf({ config, ledgerSchema }: Project, environment: Environment | null): Scope {
  const { schemas, exclude = [], roles }: Manage = environment?.manage ?? config.manage ?? {};
  return {
    ...(schemas === undefined ? {} : { schemas }),
    exclude: [...exclude, ledgerSchema],
    ...(roles === undefined ? {} : { roles }),
  };
}
