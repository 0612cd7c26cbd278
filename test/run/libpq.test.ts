import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { connect } from "../../src/run/index.ts";
import { CannotConnect } from "../../src/run/errors.ts";
import { resolveTarget, type Environment } from "../../src/run/libpq.ts";
import { serverUrl, testMajors } from "../servers/databases.ts";
import { failure } from "./base.ts";

const home = mkdtempSync(join(tmpdir(), "schemac-libpq-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const env = (more: Environment = {}): Environment => ({ HOME: home, PGSYSCONFDIR: home, ...more });

describe("where to connect", () => {
  it.each<[string, Environment, object]>([
    ["postgres://u:p%40ss@h:1/d", {}, { user: "u", password: "p@ss", host: "h", port: 1, database: "d" }],
    ["postgresql://u@/d?host=/tmp&port=5", {}, { host: "/tmp", port: 5, tls: [null] }],
    ["postgres://%2Ftmp/d", {}, { host: "/tmp" }],
    ["postgres://u@[::1]:7/d", {}, { host: "::1", port: 7 }],
    ["postgres://h/d?user=x&password=y", {}, { user: "x", password: "y" }],
    ["postgres://h", { PGUSER: "pu", PGPORT: "99" }, { host: "h", user: "pu", database: "pu", port: 99 }],
    ["postgres://u@h/d", { PGPASSWORD: "pp", PGHOST: "other" }, { password: "pp", host: "h" }],
    ["host=h dbname='my db' user = u password='it\\'s'", {}, { database: "my db", password: "it's" }],
    ["postgres://h/d?application_name=a%20b&options=-c%20x%3D1", {}, { application: "a b", options: "-c x=1" }],
    ["postgres://h/d?connect_timeout=1", {}, { timeoutMs: 2000 }],
    ["postgres://h/d?connect_timeout=0", {}, { timeoutMs: 0 }],
    ["postgres://h/d?sslmode=disable", {}, { tls: [null] }],
    ["postgres://h/d", { PGSSLMODE: "disable" }, { tls: [null] }],
    ["postgres://h/d?sslmode=require", {}, { tls: [{ rejectUnauthorized: false }] }],
    ["postgres://h/d", { PGREQUIRESSL: "1" }, { tls: [{ rejectUnauthorized: false }] }],
    ["postgres://h/d", { PGREQUIRESSL: "1", PGSSLMODE: "disable" }, { tls: [null] }],
    ["postgres://h/d?requiressl=1", {}, { tls: [{ rejectUnauthorized: false }] }],
    ["host=h requiressl=0", { PGSSLMODE: "disable" }, { tls: [{ rejectUnauthorized: false }, null] }],
    ["postgres://h/d?ssl=true", {}, { tls: [{ rejectUnauthorized: false }] }],
    ["postgres://h/d?sslmode=verify-full", {}, { tls: [{ rejectUnauthorized: true }] }],
    ["postgres://h/d?sslrootcert=system", {}, { tls: [{ rejectUnauthorized: true }] }],
    ["postgres://h/d", { PGSSLROOTCERT: "system" }, { tls: [{ rejectUnauthorized: true }] }],
    ["postgres://h/d?sslmode=verify-full&sslrootcert=system", {}, { tls: [{ rejectUnauthorized: true }] }],
    ["postgres://h/d?sslmode=prefer", {}, { tls: [{ rejectUnauthorized: false }, null] }],
    ["postgres://h/d?sslmode=allow", {}, { tls: [null, { rejectUnauthorized: false }] }],
    ["postgres://h/d?ssl_min_protocol_version=tlsv1.3", {}, { tls: [{ minVersion: "TLSv1.3" }, null] }],
    ["postgres://h/d", { PGSSLMAXPROTOCOLVERSION: "TLSv1.2" }, { tls: [{ maxVersion: "TLSv1.2" }, null] }],
    ["postgres://h/d?user=me@there&target_session_attrs=read-write", {}, { user: "me@there" }],
    ["postgres://%2Ftmp/d?require_auth=", { PGSSLCRLDIR: "/x" }, { host: "/tmp" }],
  ])("%s", (url, variables, wanted) => {
    expect(resolveTarget(url, env(variables))).toMatchObject(wanted);
  });

  it("verify-ca looks at the authority and not at the name; require does so where there is a root certificate", () => {
    writeFileSync(join(home, "ca"), "CERT");
    const of = (mode: string, more = ""): unknown =>
      resolveTarget(`postgres://h/d?sslmode=${mode}&sslrootcert=${home}/ca${more}`, env()).tls[0];
    expect(of("verify-ca")).toEqual({
      ca: "CERT",
      rejectUnauthorized: true,
      checkServerIdentity: expect.any(Function),
    });
    expect(of("require")).toEqual({ ca: "CERT", rejectUnauthorized: true, checkServerIdentity: expect.any(Function) });
    expect(of("verify-full")).toEqual({ ca: "CERT", rejectUnauthorized: true });
    expect(() => resolveTarget("postgres://h/d?sslmode=verify-ca", env())).toThrow(/needs a root certificate/);
    writeFileSync(join(home, "crl"), "CRL");
    expect(of("verify-full", `&sslcrl=${home}/crl`)).toEqual({ ca: "CERT", crl: "CRL", rejectUnauthorized: true });
    expect(() => of("verify-full", "&sslcrl=nowhere")).toThrow(/revocation list file nowhere cannot be read/);
  });

  it.each<[string, RegExp]>([
    ["postgres://h/d?sslmode=no-verify", /"no-verify" is no sslmode/],
    [
      "postgres://u:secret@h/d?sslmode=require&sslrootcert=system",
      /sslmode=require is too weak for sslrootcert=system/,
    ],
    ["postgres://h/d?sslmode=verify-ca&sslrootcert=system", /sslmode=verify-ca is too weak/],
    ["postgres://h/d?sslmode=sure&sslrootcert=system", /"sure" is no sslmode/],
    ["postgres://h/d?schema=public", /"schema" is no connection parameter/],
    ["postgres://u:secret@h:99999/d", /is no port/],
    ["postgres://u:secret@h:x/d", /no host and port/],
    ["postgres://u:secret%zz@h/d", /followed by no two hex digits/],
    ["postgres://u:secret@a,b/d", /more than one host/],
    ["postgres://u:secret@a:1,b:5434/d", /more than one host/],
    ["host=a,b port=1,5434 password=secret", /more than one host/],
    ["host=a port=1,5434", /"1,5434" is no port/],
    ["postgres://h/d?target_session_attrs=bogus", /"bogus" is no target_session_attrs; it is one of any, read-write/],
    ["postgres://h/d?channel_binding=bogus", /"bogus" is no channel_binding; it is one of disable, prefer, require/],
    ["postgres://h/d?gssencmode=bogus", /"bogus" is no gssencmode/],
    ["postgres://h/d?sslnegotiation=bogus", /"bogus" is no sslnegotiation/],
    ["postgres://h/d?sslcertmode=bogus", /"bogus" is no sslcertmode/],
    ["postgres://h/d?connect_timeout=5.5", /"5.5" is no connect_timeout; it is a whole number of seconds/],
    ["postgres://u:12/secret@h/d", /cannot be read/],
    ["postgres://u:1?secret=x@h/d", /cannot be read/],
    ["postgres://u:1#secret@h/d", /cannot be read/],
    ["postgres://h/d?password=se&secret=x", /holds a parameter that libpq does not know/],
    ["postgres://h/d?require_auth=scram-sha-256", /schemac cannot do what require_auth asks for/],
    ["postgres://h/d?sslcrldir=x", /cannot do what sslcrldir asks for \(sslcrl names one file\)/],
    ["postgres://%2Ftmp/d?requirepeer=postgres", /cannot do what requirepeer/],
    ["postgres://h/d?gssencmode=require", /cannot do what gssencmode=require/],
    ["postgres://h/d?target_session_attrs=standby", /cannot do what target_session_attrs=standby/],
    ["postgres://h/d?ssl_min_protocol_version=SSLv3", /"SSLv3" is no ssl_min_protocol_version/],
    ["secret nonsense", /neither a postgres/],
    ["service=nowhere", /the service "nowhere" is in none/],
  ])("refuses %s without a secret in the message", (url, message) => {
    try {
      resolveTarget(url, env());
    } catch (e) {
      expect(e).toBeInstanceOf(CannotConnect);
      expect(String(e)).toMatch(message);
      expect(String(e)).not.toContain("secret");
      return;
    }
    throw new Error("was taken");
  });

  it("reads the password file as libpq does", () => {
    const file = join(home, "pass");
    writeFileSync(
      file,
      "# comment\nh:1:d:u:no\\:t\\\\this:and more\nh:*:*:u:second\nlocalhost:5432:*:s:socket\n*:*:*:*:last",
    );
    chmodSync(file, 0o600);
    const of = (url: string, more: Environment = {}): string | null =>
      resolveTarget(url, env({ PGPASSFILE: file, ...more })).password;
    expect(of("postgres://u@h:1/d")).toBe("no:t\\this:and more");
    expect(of("postgres://u@h:2/d")).toBe("second");
    expect(of("postgres://s@%2Ftmp/d")).toBe("socket");
    expect(of("postgres://x@y/z")).toBe("last");
    expect(of("postgres://u@h:1/d", { PGPASSWORD: "env" })).toBe("env");
    chmodSync(file, 0o644);
    expect(of("postgres://u@h:1/d")).toBe(null);
  });

  it("a password file that is not used is told of, and what is no file is not waited for", () => {
    const of = (path: string, more: Environment = {}): unknown => {
      const { password, warnings } = resolveTarget("postgres://u@h/d", env({ PGPASSFILE: path, ...more }));
      return [password, ...warnings];
    };
    const open = join(home, "open");
    writeFileSync(open, "*:*:*:*:secret", { mode: 0o644 });
    expect(of(open)).toEqual([
      null,
      `the password file ${open} is not used, for its group or everybody may read or write it; \`chmod 600\` mends that`,
    ]);
    expect(of(open, { PGPASSWORD: "x" })).toEqual(["x"]);
    const pipe = join(home, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const path of [home, pipe])
      expect(of(path)).toEqual([null, `the password file ${path} is not used, for it is no plain file`]);
    expect(of(join(home, "nowhere"))).toEqual([null]);
    for (const [variables, said] of [
      [{ PGSERVICE: "s", PGSERVICEFILE: home }, `${home} is a folder`],
      [{ PGSSLROOTCERT: home }, `${home} is a folder`],
      [{ PGSSLCERT: pipe }, `${pipe} is no plain file`],
    ] as const)
      expect(() => resolveTarget("postgres://u@h/d", env(variables))).toThrow(said);
  });

  it("reads the service file as libpq does", () => {
    writeFileSync(
      join(home, ".pg_service.conf"),
      "[a]\nhost=ha\n\n# x\n[b]\nhost = hb\nport=77\nuser=ub\n[c]\nhost=hc\n",
    );
    expect(resolveTarget({}, env({ PGSERVICE: "b", PGPORT: "1" }))).toMatchObject({ host: "hb", port: 77, user: "ub" });
    expect(resolveTarget("service=b host=mine", env())).toMatchObject({ host: "mine", port: 77 });
    mkdirSync(join(home, "sys"));
    writeFileSync(join(home, "sys", "pg_service.conf"), "[d]\nhost=hd\n");
    expect(resolveTarget({ service: "d" }, env({ PGSYSCONFDIR: join(home, "sys") }))).toMatchObject({ host: "hd" });
  });
});

describe("a connection", () => {
  const server = serverUrl(testMajors[0]!);
  const { port } = new URL(server);

  it("is pinned from the start, with whole tags and values as text", async () => {
    const knowsIdle = testMajors[0]! >= 14;
    const c = await connect(server, {
      applicationName: "mine",
      env: env({
        PGOPTIONS: `-c timezone=Asia/Tokyo -c work_mem=5MB${knowsIdle ? " -c idle_session_timeout=7s" : ""}`,
      }),
    });
    const [one] = await c.query(
      "select current_setting('timezone') as tz, current_setting('work_mem') as wm, current_setting('search_path') as sp, current_setting('application_name') as an, current_setting('tcp_keepalives_idle') as ka, current_setting('idle_session_timeout', true) as idle",
    );
    const idle = knowsIdle ? "0" : null;
    expect(one!.rows[0]).toEqual({ tz: "UTC", wm: "5MB", sp: "pg_catalog,pg_temp", an: "mine", ka: "10", idle });
    const many = await c.query(
      "create temp table x (a int, b jsonb, a2 int8); insert into x values (1, '{}', 2), (null, null, 3); select * from x order by a2; ",
    );
    expect(many).toEqual([
      { tag: "CREATE TABLE", rows: [] },
      { tag: "INSERT 0 2", rows: [] },
      {
        tag: "SELECT 2",
        rows: [
          { a: "1", b: "{}", a2: "2" },
          { a: null, b: null, a2: "3" },
        ],
      },
    ]);
    await c.close();
    await expect(c.query("select 1")).rejects.toMatchObject({ name: "ConnectionLost" });
  });

  it("tells Postgres's errors with what was answered before them", async () => {
    const c = await connect(server);
    await expect(c.query("select 1; select 2; select 1/0; select 3")).rejects.toMatchObject({
      name: "DatabaseError",
      code: "22012",
      completed: ["SELECT 1", "SELECT 1"],
    });
    await expect(c.query("select 1; select nope")).rejects.toMatchObject({ code: "42703", position: 18 });
    expect((await c.query("select 5 as five"))[0]!.rows).toEqual([{ five: "5" }]);
    await c.close();
  });

  it("can be cancelled", async () => {
    const c = await connect(server);
    setTimeout(() => void c.cancel(), 100);
    await expect(c.query("select pg_sleep(20)")).rejects.toMatchObject({ name: "DatabaseError", code: "57014" });
    expect((await c.query("select 1"))[0]!.tag).toBe("SELECT 1");
    await c.close();
  });

  it("that breaks is lost, never a failed statement", async () => {
    const c = await connect(server);
    await expect(c.query("select pg_terminate_backend(pg_backend_pid())")).rejects.toMatchObject({
      name: "ConnectionLost",
    });
    await expect(c.query("select 1")).rejects.toMatchObject({ name: "ConnectionLost" });
    await c.close();
  });

  it.each<[string, RegExp]>([
    [
      `postgres://postgres:hush-hush@127.0.0.1:1/x`,
      /^cannot connect to database "x" at 127.0.0.1:1 as "postgres": connect ECONNREFUSED/,
    ],
    [`postgres://postgres:hush-hush@127.0.0.1:${port}/nowhere`, /database "nowhere" does not exist/],
    [`postgres://nobody:hush-hush@127.0.0.1:${port}/postgres`, /role "nobody" does not exist/],
    [`postgres://postgres:hush-hush@127.0.0.1:${port}/postgres?sslmode=require`, /does not support SSL/],
  ])("that cannot be had says why: %s", async (url, message) => {
    const e = await failure(connect(url));
    expect(e).toBeInstanceOf(CannotConnect);
    expect([e.exit, e.message]).toEqual([1, expect.stringMatching(message)]);
    expect(JSON.stringify(e) + e.message + (e.advice ?? "")).not.toContain("hush-hush");
  });
});
