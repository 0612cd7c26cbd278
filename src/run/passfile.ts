/** libpq's password file and connection service file, read as libpq reads them. */
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { CannotConnect } from "./errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const inHome = (env: Environment, ...parts: string[]): string => {
  const windows = process.platform === "win32";
  return windows
    ? join(env["APPDATA"] ?? homedir(), "postgresql", parts.at(-1)!.replace(/^\./, ""))
    : join(env["HOME"] ?? homedir(), ...parts);
};
export const passwordFile = (env: Environment): string =>
  env["PGPASSFILE"] ?? (process.platform === "win32" ? inHome(env, "pgpass.conf") : inHome(env, ".pgpass"));
export const rootCertificate = (env: Environment): string => inHome(env, ".postgresql", "root.crt");
export const revocationList = (env: Environment): string => inHome(env, ".postgresql", "root.crl");
export const clientCertificate = (env: Environment): string => inHome(env, ".postgresql", "postgresql.crt");
export const clientKey = (env: Environment): string => inHome(env, ".postgresql", "postgresql.key");

/** What the system answers of a file, or null where there is none, or none for us. */
function ofFile<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch (e) {
    if (e instanceof Error && "code" in e && (e.code === "ENOENT" || e.code === "ENOTDIR" || e.code === "EACCES"))
      return null;
    throw e;
  }
}

/** The file's text, or null where there is none. What is no plain file, and may never end, is refused. */
export function textOf(path: string): string | null {
  const stat = ofFile(() => statSync(path));
  if (stat === null) return null;
  if (!stat.isFile()) throw new CannotConnect(`${path} is ${stat.isDirectory() ? "a folder" : "no plain file"}`);
  return ofFile(() => readFileSync(path, "utf8"));
}

/** As libpq: why a password file that is there is not used; null: it is. */
function whyUnused(path: string): string | null {
  const stat = ofFile(() => statSync(path));
  if (stat === null) return null;
  if (!stat.isFile()) return `the password file ${path} is not used, for it is no plain file`;
  if (process.platform === "win32" || (stat.mode & 0o077) === 0) return null;
  return `the password file ${path} is not used, for its group or everybody may read or write it; \`chmod 600\` mends that`;
}

/** The password that the file has for this connection; null: none. `warn` is told why a file that is there is not used. */
export function passwordFromFile(
  path: string,
  wanted: { readonly host: string; readonly port: string; readonly database: string; readonly user: string },
  warn: (text: string) => void,
): string | null {
  const why = whyUnused(path);
  if (why !== null) {
    warn(why);
    return null;
  }
  const text = textOf(path);
  if (text === null) return null;
  // A socket's folder is asked for as localhost.
  const values = [wanted.host.startsWith("/") ? "localhost" : wanted.host, wanted.port, wanted.database, wanted.user];
  for (const line of text.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    const fields = splitFields(line);
    if (fields.length === 5 && values.every((v, i) => fields[i] === v || fields[i] === "*")) return fields[4]!;
  }
  return null;
}

/** host:port:database:user:password, where a backslash takes the next character as it is; the password is the rest. */
function splitFields(line: string): readonly string[] {
  const fields = [""];
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === "\\" && i + 1 < line.length) fields[fields.length - 1] += line[++i]!;
    else if (c === ":" && fields.length < 5) fields.push("");
    else fields[fields.length - 1] += c;
  }
  return fields.map((f, i) => (i < 4 && f === "\\*" ? "*" : f));
}

/** The section of a service file as parameters; null: it has none of this name. */
export function serviceIn(text: string, service: string): ReadonlyMap<string, string> | null {
  let found: Map<string, string> | null = null;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (found !== null) return found;
      if (line === `[${service}]`) found = new Map();
      continue;
    }
    if (found === null) continue;
    const equals = line.indexOf("=");
    if (equals > 0) found.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return found;
}

/** Service files in the order in which libpq looks. */
export const serviceFiles = (env: Environment): readonly string[] =>
  env["PGSERVICEFILE"] !== undefined
    ? [env["PGSERVICEFILE"]]
    : [
        inHome(env, ".pg_service.conf"),
        ...(env["PGSYSCONFDIR"] === undefined
          ? ["/etc/postgresql-common/pg_service.conf"]
          : [join(env["PGSYSCONFDIR"], "pg_service.conf")]),
      ];
