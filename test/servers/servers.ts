/** Real PostgreSQL servers for tests: started in a temporary folder, always stopped, gone without a trace. */
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { binaries, ordinaryUser, type Major } from "./binaries.ts";

export { majors, type Major } from "./binaries.ts";

export interface TestServer {
  /** Database postgres as superuser postgres. */
  readonly url: string;
  readonly port: number;
  readonly major: Major;
  /** Stops it and removes its folder. Also happens by itself when this process ends, in whatever way. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** true: keep every promise of durability, as a production server does. Default false, for speed. */
  readonly fsync?: boolean;
  /** More settings, e.g. { max_connections: "10" }. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What a server needs that may forget everything when it ends. */
const forgetful = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "512MB",
  checkpoint_timeout: "1h",
  jit: "off",
};

/** Making and dropping a table is mostly making and dropping files: in memory, where there is a place with room for it. */
function memory(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize > 4e9 ? "/dev/shm" : tmpdir();
  } catch {
    return tmpdir();
  }
}

const exe = process.platform === "win32" ? ".exe" : "";

/** Makes a new cluster of this major and starts it on a free port of 127.0.0.1. */
export async function startServer(major: Major, options: ServerOptions = {}): Promise<TestServer> {
  // Somebody else may take the free port before the server does: try again with another.
  for (let attempt = 1; ; attempt++) {
    const server = await startOnce(major, options);
    if (typeof server !== "string") return server;
    if (attempt === 3) throw new Error(`PostgreSQL ${major} did not start:\n${server}`);
  }
}

/** The server, or its log when it did not start. */
async function startOnce(major: Major, options: ServerOptions): Promise<TestServer | string> {
  const owner = ordinaryUser();
  const folder = mkdtempSync(join(tmpdir(), `schemac-pg${major}-`));
  // Programs are in the first folder, where they may be run.
  const home = options.fsync ? folder : mkdtempSync(join(memory(), `schemac-pg${major}-data-`));
  const data = join(home, "data");
  const log = join(folder, "log");
  mkdirSync(data, { mode: 0o700 });
  if (owner) for (const path of new Set([folder, home, data])) chownSync(path, owner.uid, owner.gid);
  const native = binaries(major, owner, folder);
  const program = (name: string): string => join(native, "bin", name + exe);

  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"];
  const made = spawnSync(program("initdb"), initdb, { encoding: "utf8", cwd: folder, ...owner });
  if (made.status !== 0) throw new Error(`initdb of PostgreSQL ${major} failed: ${made.error ?? made.stderr}`);

  const port = await freePort();
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port: String(port),
    timezone: "UTC",
    max_locks_per_transaction: "512",
    ...(options.fsync ? {} : forgetful),
    ...options.settings,
  };
  const order = {
    postgres: program("postgres"),
    pgCtl: program("pg_ctl"),
    data,
    options: Object.entries(settings).flatMap(([k, v]) => ["-c", `${k}=${v}`]),
    log,
    folder,
    home,
    user: owner ?? {},
  };
  const keeper = spawn(
    process.execPath,
    [fileURLToPath(new URL("keeper.mjs", import.meta.url)), JSON.stringify(order)],
    {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    },
  );
  // Neither the keeper nor the pipe to it holds this process back from ending.
  keeper.unref();
  const pipe = keeper.stdin as typeof keeper.stdin & { unref?: () => void };
  pipe.unref?.();
  const gone = new Promise<void>((done) => keeper.once("exit", () => done()));
  const stop = async (): Promise<void> => {
    keeper.ref();
    keeper.stdin.destroy();
    await gone;
  };

  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const deadline = Date.now() + 60_000;
  while (!(await answers(url, major))) {
    if (keeper.exitCode === null && Date.now() < deadline) continue;
    const text = existsSync(log) ? readFileSync(log, "utf8").slice(-2000) : "(no log)";
    await stop();
    return text;
  }
  return { url, port, major, stop };
}

/** True when a server of this major (not somebody else's on the same port) takes connections. */
async function answers(url: string, major: Major): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ v: string }>("select current_setting('server_version_num') as v");
    return Math.floor(Number(rows[0]?.v) / 10_000) === major;
  } catch {
    await new Promise((done) => setTimeout(done, 20));
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === "object" ? done(address.port) : fail(new Error("no port")),
      );
    });
  });
}
