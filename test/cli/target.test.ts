import { afterEach, describe, expect, test, vi } from "vitest";
import type { Config } from "../../src/config.ts";
import { Output } from "../../src/cli/output.ts";
import type { Project } from "../../src/cli/project.ts";
import { placeholders } from "../../src/cli/project.ts";
import { describeTarget, resolveTarget, type TargetOptions } from "../../src/cli/target.ts";
import { explain } from "../../src/cli/explain.ts";
import { ConnectionLost, DatabaseError } from "../../src/run/connection.ts";

const warnings: string[] = [];
class Silent extends Output {
  override warn(text: string): void {
    warnings.push(text);
  }
}
const out = new Silent({ json: false, quiet: true, verbose: false, color: false });
const project = (config: Config): Project => ({
  root: "/p",
  configFile: "schemac.config.ts",
  config,
  schemaFolder: "/p/schema",
  generatedFolder: "/p/generated",
  embeddedFolder: "/p/.schemac/db",
  cacheFile: "/p/.schemac/cache.json",
  ledgerSchema: "schemac",
});
const both: Config = {
  environments: { local: { url: "embedded" }, staging: { url: async () => Promise.resolve("postgres://staging/db") } },
  defaultEnvironment: "local",
};
const names = ["DATABASE_URL", "PGHOST", "PGSERVICE", "PGDATABASE", "PGPORT"];
async function from(
  config: Config,
  options: TargetOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  for (const name of names) vi.stubEnv(name, env[name]);
  const t = await resolveTarget(project(config), options, out);
  return `${t.from} ${t.at.kind === "embedded" ? t.at.folder : t.at.url}`;
}
afterEach(() => {
  vi.unstubAllEnvs();
  warnings.length = 0;
});

describe("which database", () => {
  const url = "postgres://u@h/given";
  const env = { DATABASE_URL: "postgres://h/env", PGHOST: "pg" };
  test("--url before everything", async () => {
    expect(await from(both, { url, env: "staging" }, env)).toBe(`--url ${url}`);
  });
  test("--env before the variables, its function asked", async () => {
    expect(await from(both, { env: "staging" }, env)).toBe("--env staging postgres://staging/db");
    expect(await from(both, { env: "local" }, env)).toBe("--env local /p/.schemac/db");
  });
  test("DATABASE_URL before libpq's variables", async () => {
    expect(await from(both, {}, env)).toBe("DATABASE_URL postgres://h/env");
  });
  test.each(["PGHOST", "PGSERVICE", "PGDATABASE"])("%s before the config's default", async (name) => {
    expect(await from(both, {}, { [name]: "x" })).toBe(`${name} null`);
  });
  test("PGPORT alone names no database", async () => {
    expect(await from(both, {}, { PGPORT: "5433" })).toBe('defaultEnvironment "local" /p/.schemac/db');
  });
  test.each(["DATABASE_URL", "PGHOST", "PGSERVICE", "PGDATABASE"])(
    "%s that is set and empty stops what it was to decide, and nothing else",
    async (name) => {
      await expect(from(both, {}, { [name]: "" })).rejects.toThrow(`${name} is set, but empty`);
      expect(await from(both, { env: "local" }, { [name]: "" })).toBe("--env local /p/.schemac/db");
    },
  );
  test("an empty PGHOST beside a PGDATABASE is as none, as to psql", async () => {
    expect(await from(both, {}, { PGHOST: "", PGDATABASE: "d" })).toBe("PGDATABASE null");
  });
  test("a url function that never answers is not waited for for ever", async () => {
    vi.useFakeTimers();
    const said = from({ environments: { a: { url: () => new Promise(() => {}) } } }, { env: "a" }).catch(String);
    await vi.advanceTimersByTimeAsync(120_000);
    vi.useRealTimers();
    expect(await said).toContain("environments.a.url in schemac.config.ts did not answer within 120 seconds");
  });
  test("nothing: said", async () => {
    await expect(from({}, {})).rejects.toThrow("no database is named");
  });
  test("an embedded folder of one's own", async () => {
    expect(await from({ environments: { a: { url: "embedded:data/x" } } }, { env: "a" })).toBe("--env a /p/data/x");
    expect(await from({}, { url: "embedded:/x/y" })).toBe("--url /x/y");
  });
  test("--url with --env: the environment's values and scope hold", async () => {
    vi.stubEnv("DATABASE_URL", "");
    const t = await resolveTarget(project(both), { url, env: "staging" }, out);
    expect(t.environmentName).toBe("staging");
  });
  test.each(["mysql://u:geheim@h/d", "host=h password=geheim", "", "h:5432/d"])(
    "%j is no URL, and its password is hidden",
    async (bad) => {
      const said = await from({}, { url: bad }).catch((e: unknown) => String(e));
      expect(said).toMatch(/no Postgres URL|is empty/);
      expect(said).not.toContain("geheim");
    },
  );
  test("a password in --url gets a warning, elsewhere none", async () => {
    await from({}, { url: "postgres://u:p@h/d" });
    expect(warnings).toHaveLength(1);
    await from({}, {}, { DATABASE_URL: "postgres://u:p@h/d" });
    await from({}, { url });
    expect(warnings).toHaveLength(1);
  });
  test.each([
    ["postgres://u:geheim@h:5433/d", "d at h:5433"],
    ["postgres://u:ge@he:im/x@h/d?password=geheim", "the database of --url"],
    ["postgresql:///d?host=/tmp&port=5", "d at /tmp (port 5)"],
    ["postgres://%2Ftmp/a%20b", "a b at /tmp (port 5432)"],
    ["postgres://me@h", "me at h:5432"],
    ["postgres://me@h?sslmode=disable&connect_timeout=x", "the database of --url"],
  ])("%s is described without a password", async (given, wanted) => {
    for (const name of names) vi.stubEnv(name, undefined);
    expect(describeTarget(await resolveTarget(project({}), { url: given }, out))).toBe(wanted);
  });
});

describe("why a database could not be used", () => {
  const coded = (code: string, message = "x"): Error => Object.assign(new Error(message), { code });
  test.each<[string, unknown, RegExp]>([
    ["refused", coded("ECONNREFUSED"), /nothing listens/],
    ["refused on every address", new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]), /nothing listens/],
    ["unknown host", coded("ENOTFOUND"), /host name is unknown/],
    ["timeout", new Error("timeout expired"), /did not answer in time/],
    ["no TLS", new Error("The server does not support SSL connections"), /does not speak TLS/],
    ["self-signed", coded("DEPTH_ZERO_SELF_SIGNED_CERT"), /self-signed/],
    [
      "wrong password",
      new DatabaseError('password authentication failed for user "u"', "28P01"),
      /password was refused.*"u"/,
    ],
    ["no database", new DatabaseError('database "d" does not exist', "3D000"), /no such database/],
    ["forbidden", new DatabaseError("permission denied for schema x", "42501"), /permission denied/],
    ["full", new DatabaseError("too many clients", "53300"), /no free connection/],
    ["any other", new DatabaseError("odd", "XX000"), /odd \(SQLSTATE XX000\)/],
    ["a server that is none", new Error("Connection terminated unexpectedly"), /is a PostgreSQL server listening/],
    ["a lost one", new ConnectionLost("gone"), /closed/],
    ...(["25P03", "25P04", "57P05"] as const).map((code): [string, unknown, RegExp] => {
      const cause = Object.assign(coded(code, "idle timeout"), { severity: "FATAL" });
      return [code, new ConnectionLost("idle timeout", { cause }), /ended the session, .*_timeout \(idle timeout\)$/];
    }),
    [
      "no password",
      new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"),
      /password is needed/,
    ],
    ["a cause", new Error("outer", { cause: coded("ECONNREFUSED") }), /nothing listens/],
  ])("%s", (_, error, wanted) => {
    expect(explain(error)).toMatch(wanted);
  });
  test.each([[new Error("our bug")], ["text"], [null], [undefined], [new TypeError("x is not a function")]])(
    "%s is none of it",
    (error) => {
      expect(explain(error)).toBeNull();
    },
  );
  test.each(["ENOENT", "EACCES", "EINVAL"])(
    "%s is of a socket where it came of connecting, and not of a file",
    (code) => {
      expect(explain(Object.assign(coded(code), { syscall: "connect" }))).toMatch(/socket|address/);
      expect(explain(Object.assign(coded(code), { syscall: "open", path: "/x" }))).toBeNull();
    },
  );
});

test("placeholders: -x over the environment over the config, and as x.key", () => {
  expect(placeholders({ values: { a: 1, b: 2, c: true } }, { url: "embedded", values: { b: 3 } }, { c: "4" })).toEqual({
    a: "1",
    b: "3",
    c: "4",
    "x.c": "4",
  });
});
