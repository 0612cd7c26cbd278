/** Which database a command works on. The order is a promise; nothing is ever assumed. */
import type { Environment, Url } from "../config.ts";
import { resolveTarget as parse } from "../run/libpq.ts";
import { Failure } from "./exit.ts";
import type { Output } from "./output.ts";
import { environment, pathOf, shown, type Project } from "./project.ts";
import { hasPassword, redact } from "./text.ts";

export interface Target {
  /** What named it: `--url`, `--env staging`, `DATABASE_URL` … */
  readonly from: string;
  /** The environment whose values and scope hold; null: none was named. */
  readonly environment: Environment | null;
  readonly environmentName: string | null;
  readonly at:
    | { readonly kind: "embedded"; readonly folder: string }
    /** `url` null: libpq's own variables say where. */
    | { readonly kind: "server"; readonly url: string | null };
}

export interface TargetOptions {
  readonly url?: string | undefined;
  readonly env?: string | undefined;
}

const libpq = ["PGHOST", "PGSERVICE", "PGDATABASE"] as const;

/**
 * `--url` › `--env` › DATABASE_URL › PGHOST, PGSERVICE or PGDATABASE › the config's default environment. A variable that is
 * set and empty was meant to name a database (a job's secret that is missing), so nothing after it is taken in its place.
 */
export async function resolveTarget(project: Project, options: TargetOptions, out: Output): Promise<Target> {
  const named = options.env === undefined ? null : environment(project, options.env);
  if (options.url !== undefined) {
    if (hasPassword(options.url))
      out.warn(
        "the process list shows a password given in --url; DATABASE_URL, PGPASSWORD or a password file hides it",
      );
    return {
      from: "--url",
      environment: named,
      environmentName: options.env ?? null,
      at: place(options.url, "--url", project, process.cwd()),
    };
  }
  if (named !== null && options.env !== undefined)
    return ofEnvironment(project, options.env, named, `--env ${options.env}`);
  const databaseUrl = process.env["DATABASE_URL"];
  if (databaseUrl === "") throw empty("DATABASE_URL");
  if (databaseUrl !== undefined)
    return {
      from: "DATABASE_URL",
      environment: null,
      environmentName: null,
      at: place(databaseUrl, "DATABASE_URL", project, process.cwd()),
    };
  const variable = libpq.find((v) => process.env[v]);
  if (variable !== undefined)
    return { from: variable, environment: null, environmentName: null, at: { kind: "server", url: null } };
  const unset = libpq.find((v) => process.env[v] === "");
  if (unset !== undefined) throw empty(unset);
  const byDefault = project.config.defaultEnvironment;
  if (byDefault !== undefined)
    return ofEnvironment(project, byDefault, environment(project, byDefault), `defaultEnvironment "${byDefault}"`);
  throw new Failure(
    project.configFile === null
      ? "no database is named, and there is no schemac.config.ts here or above"
      : `no database is named, and ${project.configFile} has no defaultEnvironment`,
    { help: "give --url, --env or DATABASE_URL; `schemac init` sets up a project with a Postgres of its own" },
  );
}

const empty = (variable: string): Failure =>
  new Failure(`${variable} is set, but empty, so it names no database`, {
    help: `give it a value, or unset it; --url and --env come before it`,
  });

async function ofEnvironment(project: Project, name: string, e: Environment, from: string): Promise<Target> {
  const where = `environments.${name}.url in ${project.configFile ?? "the config"}`;
  const url = await ask(e.url, where);
  return { from, environment: e, environmentName: name, at: place(url, where, project, project.root) };
}

/** How long a config's function may look for a URL: a person may have to let it into a secret store. */
const patience = 120;

async function ask(url: Url, where: string): Promise<string> {
  if (typeof url === "string") return url;
  let answer: unknown;
  try {
    answer = await within(patience, url(), where);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${where} failed: ${redact(error instanceof Error ? error.message : String(error))}`, {
      cause: error,
    });
  }
  if (typeof answer === "string" && answer !== "") return answer;
  throw new Failure(`${where} returned no URL`);
}

/** The answer, or a failure after so many seconds. The timer also keeps the process there while nothing else does. */
async function within<T>(seconds: number, answer: T | Promise<T>, where: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = new Failure(`${where} did not answer within ${seconds} seconds`);
    timer = setTimeout(() => reject(why), seconds * 1000);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A URL, `embedded`, or `embedded:FOLDER`. */
function place(url: string, where: string, project: Project, base: string): Target["at"] {
  if (url === "embedded") return { kind: "embedded", folder: project.embeddedFolder };
  if (url.startsWith("embedded:")) {
    return { kind: "embedded", folder: pathOf(url.slice("embedded:".length), `embedded: of ${where}`, base) };
  }
  if (/^postgres(ql)?:\/\//i.test(url)) return { kind: "server", url };
  // Not shown: without a scheme nobody knows which part of it is the password.
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(url)?.[0];
  const begins = scheme === undefined ? "neither postgres:// nor postgresql://" : `${scheme}, not postgres://`;
  throw new Failure(url === "" ? `${where} is empty` : `${where} is no Postgres URL (it begins with ${begins})`, {
    help: "write postgres://user@host:5432/database, or embedded",
  });
}

/** For people, without a password: `shop at db.example.com:5432`. */
export function describeTarget(target: Target): string {
  if (target.at.kind === "embedded") return `the embedded Postgres in ${shown(target.at.folder)}`;
  try {
    const { host, port, database } = parse(target.at.url ?? {}, process.env);
    return `${database} at ${host.startsWith("/") ? `${host} (port ${port})` : `${host}:${port}`}`;
  } catch {
    // What cannot be read is not shown either: it may hold a password anywhere.
    return `the database of ${target.from}`;
  }
}
