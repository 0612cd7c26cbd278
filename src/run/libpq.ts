/**
 * Where to connect, as libpq understands it: a URI or `key=value` string, its variables (PG…), password file, service
 * file and sslmode mean here what they mean to psql.
 */
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import type { SecureVersion } from "node:tls";
import { CannotConnect } from "./errors.ts";
import {
  clientCertificate,
  clientKey,
  passwordFile,
  passwordFromFile,
  revocationList,
  rootCertificate,
  serviceFiles,
  serviceIn,
  textOf,
} from "./passfile.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** TLS, as Node's tls module wants it. */
export interface Tls {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly crl?: string;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** Present: the certificate's host name is not looked at (verify-ca). */
  readonly checkServerIdentity?: () => undefined;
}
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string | null;
  /** Ways to try in this order: sslmode=prefer is TLS, then none. */
  readonly tls: readonly (Tls | null)[];
  readonly directTls: boolean;
  readonly channelBinding: boolean;
  readonly application: string | null;
  /** The user's own start-up options, as in PGOPTIONS. */
  readonly options: string;
  readonly timeoutMs: number;
  /** What somebody may have meant and does not get, for people. */
  readonly warnings: readonly string[];
}

/** Parameter → the variable that gives it. Those with null have none. */
const parameters: ReadonlyMap<string, string | null> = new Map([
  ["host", "PGHOST"],
  ["hostaddr", "PGHOSTADDR"],
  ["port", "PGPORT"],
  ["dbname", "PGDATABASE"],
  ["user", "PGUSER"],
  ["password", "PGPASSWORD"],
  ["passfile", "PGPASSFILE"],
  ["service", "PGSERVICE"],
  ["servicefile", "PGSERVICEFILE"],
  ["options", "PGOPTIONS"],
  ["application_name", "PGAPPNAME"],
  ["fallback_application_name", null],
  ["sslmode", "PGSSLMODE"],
  ["sslnegotiation", "PGSSLNEGOTIATION"],
  ["sslcert", "PGSSLCERT"],
  ["sslkey", "PGSSLKEY"],
  ["sslpassword", null],
  ["sslrootcert", "PGSSLROOTCERT"],
  ["connect_timeout", "PGCONNECT_TIMEOUT"],
  ["channel_binding", "PGCHANNELBINDING"],
  ["sslcrl", "PGSSLCRL"],
  ["sslcertmode", "PGSSLCERTMODE"],
  ["ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"],
  ["ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"],
  // Refused where they ask for what is not done here.
  ["sslcrldir", "PGSSLCRLDIR"],
  ["require_auth", "PGREQUIREAUTH"],
  ["requirepeer", "PGREQUIREPEER"],
  ["gssencmode", "PGGSSENCMODE"],
  ["target_session_attrs", "PGTARGETSESSIONATTRS"],
  // Accepted, and without effect here: another transport, or a setting that the runner pins itself.
  ["client_encoding", null],
  ["gssdelegation", null],
  ["gsslib", null],
  ["krbsrvname", null],
  ["keepalives", null],
  ["keepalives_idle", null],
  ["keepalives_interval", null],
  ["keepalives_count", null],
  ["tcp_user_timeout", null],
  ["sslcompression", null],
  ["sslsni", null],
  ["load_balance_hosts", null],
  // Of pg, for which it makes sslmode mean what it means here anyway.
  ["uselibpqcompat", null],
]);

const bad = (message: string, advice = ""): never => {
  throw new CannotConnect(message, advice);
};

/** Resolves everything that says where to connect: what is given, then the service, then the variables, then libpq's defaults. */
export function resolveTarget(
  given: string | Readonly<Record<string, string | number | undefined>>,
  env: Environment = process.env,
): Target {
  const explicit = withoutRequireSsl(
    typeof given === "string"
      ? parseText(given)
      : new Map(
          Object.entries(given).flatMap(([k, v]) =>
            v === undefined ? [] : [[k === "database" ? "dbname" : k, String(v)] as const],
          ),
        ),
  );
  const unknown = [...explicit.keys()].find((key) => !parameters.has(key));
  if (unknown !== undefined) bad(unknownParameter(unknown, typeof given === "string"));
  const fromEnv = (key: string): string | undefined => {
    const variable = parameters.get(key);
    return variable === null || variable === undefined ? undefined : env[variable] || undefined;
  };
  const serviceName = explicit.get("service") ?? fromEnv("service");
  const service =
    serviceName === undefined ? new Map<string, string>() : findService(serviceName, explicit.get("servicefile"), env);
  const value = (key: string): string | undefined =>
    (explicit.get(key) || undefined) ?? (service.get(key) || undefined) ?? fromEnv(key);
  return settle(value, env);
}

/** What sslmode was before there was one, which libpq still takes. */
const requireSsl = "requiressl";
function withoutRequireSsl(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const wish = given.get(requireSsl);
  if (wish === undefined) return given;
  const rest = new Map(given);
  rest.delete(requireSsl);
  if (!rest.has("sslmode")) rest.set("sslmode", wish.startsWith("1") ? "require" : "prefer");
  return rest;
}

/** Of other tools' URLs, so no part of a password that somebody forgot to encode. */
const others = new Set(
  "schema connection_limit pool_timeout pgbouncer statement_cache_size socket_timeout sslaccept sslidentity currentSchema ssl".split(
    " ",
  ),
);
const unknownParameter = (key: string, isText: boolean): string =>
  isText && !others.has(key)
    ? "what names the database holds a parameter that libpq does not know"
    : `"${key}" is no connection parameter that libpq knows`;

function findService(name: string, file: string | undefined, env: Environment): ReadonlyMap<string, string> {
  const files = file === undefined ? serviceFiles(env) : [file];
  for (const path of files) {
    const text = textOf(path);
    const found = text === null ? null : serviceIn(text, name);
    if (found !== null) return found;
  }
  return bad(`the service "${name}" is in none of the service files (${files.join(", ")})`);
}

function settle(value: (key: string) => string | undefined, env: Environment): Target {
  const named = value("hostaddr") ?? value("host");
  if (named?.includes(",")) bad("more than one host is named; name the one to change");
  const port = Number(value("port") ?? "5432");
  if (!Number.isInteger(port) || port < 1 || port > 65535) bad(`"${value("port")}" is no port`);
  const host = named ?? defaultHost(port);
  const isSocket = host.startsWith("/") || host.startsWith("@");
  refuseUnknown(value);
  refuseUndone(value, isSocket);
  const warnings: string[] = [];
  const user = value("user") ?? userInfo().username;
  const database = value("dbname") ?? user;
  const password =
    value("password") ??
    passwordFromFile(
      value("passfile") ?? passwordFile(env),
      {
        host: value("host") ?? host,
        port: String(port),
        database,
        user,
      },
      (text) => void warnings.push(text),
    );
  return {
    host,
    port,
    user,
    database,
    password,
    tls: isSocket ? [null] : tlsModes(value, env),
    directTls: value("sslnegotiation") === "direct",
    channelBinding: value("channel_binding") !== "disable",
    application: value("application_name") ?? value("fallback_application_name") ?? null,
    options: value("options") ?? "",
    timeoutMs: timeout(value("connect_timeout")),
    warnings,
  };
}

/** What libpq takes of parameters that are one of a few words. */
const words: Readonly<Record<string, readonly string[]>> = {
  sslnegotiation: ["postgres", "direct"],
  sslcertmode: ["disable", "allow", "require"],
  channel_binding: ["disable", "prefer", "require"],
  gssencmode: ["disable", "prefer", "require"],
  target_session_attrs: ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"],
  load_balance_hosts: ["disable", "random"],
};

/** What is misspelt must not count as not said. */
function refuseUnknown(value: (key: string) => string | undefined): void {
  for (const [key, all] of Object.entries(words)) {
    const said = value(key);
    if (said !== undefined && !all.includes(said)) bad(`"${said}" is no ${key}; it is one of ${all.join(", ")}`);
  }
}

/** A wish for safety that is not heard would be worse than none. */
function refuseUndone(value: (key: string) => string | undefined, isSocket: boolean): void {
  const undone = (key: string, wish = "", instead = ""): never =>
    bad(
      `schemac cannot do what ${key}${wish === "" ? "" : `=${wish}`} asks for${instead}, and does not connect without it`,
    );
  if (value("require_auth") !== undefined) undone("require_auth");
  if (value("sslcrldir") !== undefined && !isSocket) undone("sslcrldir", "", " (sslcrl names one file)");
  if (value("requirepeer") !== undefined && isSocket) undone("requirepeer");
  if (value("gssencmode") === "require") undone("gssencmode", "require");
  if (value("sslcertmode") === "require" && !isSocket) undone("sslcertmode", "require");
  const session = value("target_session_attrs");
  if (session === "standby" || session === "read-only") undone("target_session_attrs", session);
}

/** Without connect_timeout psql waits for ever; half a minute tells a person more. 0 is for ever, 1 counts as 2. */
function timeout(text: string | undefined): number {
  if (text === undefined) return 30_000;
  if (!/^\s*[+-]?[0-9]+\s*$/.test(text)) return bad(`"${text}" is no connect_timeout; it is a whole number of seconds`);
  const seconds = Number(text);
  return seconds <= 0 ? 0 : Math.max(2, seconds) * 1000;
}

/** The folder in which this machine's server has its socket, else localhost. */
function defaultHost(port: number): string {
  const folders = process.platform === "win32" ? [] : ["/var/run/postgresql", "/tmp"];
  return folders.find((f) => existsSync(`${f}/.s.PGSQL.${port}`)) ?? "localhost";
}

function tlsModes(value: (key: string) => string | undefined, env: Environment): readonly (Tls | null)[] {
  const root = value("sslrootcert");
  const system = root === "system";
  // Everybody can have a certificate of an authority that the system trusts: only the name tells that it is this server's.
  const required = env["PGREQUIRESSL"]?.startsWith("1") ? "require" : undefined;
  const mode = value("sslmode") ?? required ?? (system ? "verify-full" : "prefer");
  if (system && ["disable", "allow", "prefer", "require", "verify-ca"].includes(mode))
    bad(`sslmode=${mode} is too weak for sslrootcert=system, which wants verify-full`);
  const ca = system ? null : textOf(root ?? rootCertificate(env));
  if (root !== undefined && !system && ca === null) bad(`the root certificate file ${root} cannot be read`);
  const own = {
    ...(ca === null ? {} : { ca }),
    ...revoked(value("sslcrl"), ca === null ? null : revocationList(env)),
    ...(value("sslcertmode") === "disable" ? {} : ownCertificate(value, env)),
    ...version("minVersion", "ssl_min_protocol_version", value),
    ...version("maxVersion", "ssl_max_protocol_version", value),
  };
  const unchecked: Tls = { ...own, rejectUnauthorized: false };
  const authority: Tls = { ...own, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  const full: Tls = { ...own, rejectUnauthorized: true };
  switch (mode) {
    case "disable":
      return [null];
    case "allow":
      return [null, unchecked];
    case "prefer":
      return [unchecked, null];
    case "require":
      // As in libpq: where there is a root certificate, require looks at it.
      return [ca === null ? unchecked : authority];
    case "verify-ca":
      if (ca === null) bad("sslmode=verify-ca needs a root certificate (sslrootcert)");
      return [authority];
    case "verify-full":
      return [full];
    default:
      return bad(`"${mode}" is no sslmode; it is one of disable, allow, prefer, require, verify-ca, verify-full`);
  }
}

function ownCertificate(value: (key: string) => string | undefined, env: Environment): Partial<Tls> {
  const cert = textOf(value("sslcert") ?? clientCertificate(env));
  const key = textOf(value("sslkey") ?? clientKey(env));
  const passphrase = value("sslpassword");
  return {
    ...(cert === null || key === null ? {} : { cert, key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

/** Certificates that are no longer good: of the file that is named, or of libpq's own where there is one. */
function revoked(named: string | undefined, byDefault: string | null): Pick<Tls, "crl"> {
  const path = named ?? byDefault;
  const crl = path === null ? null : textOf(path);
  if (named !== undefined && crl === null) bad(`the revocation list file ${named} cannot be read`);
  return crl === null ? {} : { crl };
}

const versions: readonly SecureVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
function version<K extends "minVersion" | "maxVersion">(
  of: K,
  parameter: string,
  value: (key: string) => string | undefined,
): { readonly [P in K]?: SecureVersion } {
  const text = value(parameter);
  if (text === undefined) return {};
  const found = versions.find((v) => v.toLowerCase() === text.toLowerCase());
  if (found === undefined) return bad(`"${text}" is no ${parameter}; it is one of ${versions.join(", ")}`);
  return { [of]: found } as { readonly [P in K]: SecureVersion };
}

/** A URI or a `key=value` string as parameters. No part of it gets into a message, for it may hold a password. */
function parseText(text: string): ReadonlyMap<string, string> {
  return /^postgres(ql)?:\/\//i.test(text) ? parseUri(text) : parsePairs(text);
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return bad("the database's URL holds a % that is followed by no two hex digits");
  }
};

/** Where one of these stands in a password as it is, the rest of the password looks like another part of the URL. */
const unencoded = (): never =>
  bad("the database's URL cannot be read", "A / ? # or @ in a user's name or password is written %2F %3F %23 or %40.");

function parseUri(uri: string): ReadonlyMap<string, string> {
  // Not by `new URL`, which refuses passwords and socket folders that libpq takes.
  const found = /^[a-z]+:\/\/(?:([^/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?(.*))?$/is.exec(uri);
  if (found === null) return unencoded();
  const [, login, address = "", database = "", query = ""] = found;
  if (database.includes("@")) return unencoded();
  const out = new Map<string, string>();
  if (login !== undefined) {
    const colon = login.indexOf(":");
    out.set("user", decode(colon < 0 ? login : login.slice(0, colon)));
    if (colon >= 0) out.set("password", decode(login.slice(colon + 1)));
  }
  const place = /^(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/.exec(address);
  if (place === null && !address.includes(",")) return bad("the database's URL names no host and port that make sense");
  if (address.includes(",")) out.set("host", address);
  else {
    out.set("host", decode(place![1]!.replace(/^\[|\]$/g, "")));
    if (place![2]) out.set("port", place![2]);
  }
  if (database !== "") out.set("dbname", decode(database));
  for (const pair of query === "" ? [] : query.split("&")) {
    const equals = pair.indexOf("=");
    const key = decode(pair.slice(0, Math.max(0, equals)));
    // A parameter's own value may hold an @.
    if (query.includes("@") && !parameters.has(key) && !others.has(key) && key !== requireSsl) return unencoded();
    if (equals < 0) return bad("the database's URL holds a parameter without a value");
    const value = decode(pair.slice(equals + 1));
    // As libpq takes it from JDBC's URLs.
    if (key === "ssl" && value === "true") out.set("sslmode", "require");
    else out.set(key, value);
  }
  return new Map([...out].filter(([, v]) => v !== ""));
}

function parsePairs(text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const pair = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s\\']|\\.)*))\s*/sy;
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text);
    if (found === null) return bad("what names the database is neither a postgres:// URL nor key=value pairs");
    out.set(found[1]!, (found[2] ?? found[3] ?? "").replace(/\\(.)/gs, "$1"));
  }
  return out;
}
