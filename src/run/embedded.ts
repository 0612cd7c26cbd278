/** The embedded Postgres: PGlite with its data in a folder, one process at a time. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Connection } from "./connection.ts";
import { RunError } from "./errors.ts";
import { onPGlite } from "./pglite.ts";
import { lockFolder, type Taken } from "./processLock.ts";
import { pause } from "./pause.ts";

/** Major of the Postgres that PGlite is. */
export const embeddedMajor = 18;

/** Extensions that come with PGlite. */
const contrib: readonly string[] = (
  "amcheck auto_explain bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore intarray isn lo ltree moddatetime " +
  "pageinspect pg_buffercache pg_freespacemap pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto seg tablefunc tcn " +
  "tsm_system_rows tsm_system_time unaccent uuid_ossp"
).split(" ");

export interface EmbeddedOptions {
  /** Milliseconds to wait for another process to be done with it. Default 0. */
  readonly wait?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
  /** Contrib extensions to have at hand (`uuid_ossp` for uuid-ossp). Default all, which costs about a second at the start. */
  readonly extensions?: readonly string[];
}

/** Another process has the embedded database open. */
export class EmbeddedInUse extends RunError {
  override readonly name = "EmbeddedInUse";
  override readonly exit = 4;
  readonly pid: number;
  constructor(folder: string, taken: Extract<Taken, { readonly holder: object }>) {
    const { pid } = taken.holder;
    super(
      pid === process.pid
        ? `the embedded database in ${folder} is open in this process already`
        : `the embedded database in ${folder} is in use by process ${pid}`,
      `Only one process can use it at a time. Wait for that one to end; if there is none (on another machine, say), remove ${taken.file}.`,
    );
    this.pid = pid;
  }
}
/** The folder holds something that this PGlite cannot open. */
export class EmbeddedUnusable extends RunError {
  override readonly name = "EmbeddedUnusable";
  override readonly exit = 1;
}

/** Opens the database in `folder`, which is made when it is not there. `close` ends it cleanly and lets others in. */
export async function openEmbedded(folder: string, options: EmbeddedOptions = {}): Promise<Connection> {
  const path = resolve(folder);
  const lock = await takeFolder(path, options);
  try {
    prepare(path);
    const db = await start(path, options.extensions ?? contrib);
    rmSync(unfinished(path), { force: true });
    let closing: Promise<void> | null = null;
    return onPGlite(db, () => (closing ??= db.close().finally(() => lock.release())));
  } catch (e) {
    lock.release();
    throw e;
  }
}

async function takeFolder(path: string, { wait = 0, signal }: EmbeddedOptions): Promise<{ release(): void }> {
  const until = Date.now() + wait;
  for (;;) {
    const taken = lockFolder(path);
    if ("lock" in taken) return taken.lock;
    if (Date.now() >= until || taken.holder.pid === process.pid || signal?.aborted)
      throw new EmbeddedInUse(path, taken);
    await pause(100, signal);
  }
}

/** Stands beside a folder while it is being made; what a killed process left of that is worth nothing. */
const unfinished = (path: string): string => `${path}.unfinished`;

function prepare(path: string): void {
  if (existsSync(unfinished(path))) rmSync(path, { recursive: true, force: true });
  const version = join(path, "PG_VERSION");
  if (!existsSync(version)) {
    if (existsSync(path) && readdirSync(path).length > 0)
      throw new EmbeddedUnusable(
        `${path} holds something, but no database`,
        "Name another folder, or move what is there.",
      );
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished(path), "");
    return;
  }
  const major = readFileSync(version, "utf8").trim();
  if (major !== String(embeddedMajor))
    throw new EmbeddedUnusable(
      `the embedded database in ${path} was made by PostgreSQL ${major}, and this version of schemac has PostgreSQL ${embeddedMajor}, which cannot read it`,
      `Rename the folder (to ${path}-${major}) to keep it, and run schemac apply: it makes a new database from your revisions, without the old rows. ` +
        `To take the rows along, dump them first with the version of schemac that made the folder.`,
    );
}

async function start(path: string, extensions: readonly string[]): Promise<import("@electric-sql/pglite").PGlite> {
  const { PGlite } = await import("@electric-sql/pglite");
  const loaded = await Promise.all(
    extensions.map(async (name) => {
      if (!contrib.includes(name)) throw new EmbeddedUnusable(`the embedded Postgres has no extension "${name}"`);
      const module: Readonly<Record<string, import("@electric-sql/pglite").Extension>> = await import(
        `@electric-sql/pglite/contrib/${name}`
      );
      return [name, module[name]!] as const;
    }),
  );
  return PGlite.create({ dataDir: path, extensions: Object.fromEntries(loaded) });
}
