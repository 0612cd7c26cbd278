/**
 * The advisory lock that lets one runner at a time change a database. It is held by the very session that runs the
 * statements, so when a client dies its lock lasts exactly as long as its last statement. It is polled, never waited on:
 * a waiting session deadlocks with CREATE INDEX CONCURRENTLY.
 */
import type { Connection } from "./connection.ts";
import { Interrupted, PoolerRefused, RunnerBusy, type LockHolder } from "./errors.ts";
import { pause } from "./pause.ts";

/** "scma" */
const key = 0x73636d61;
const number = 1;
const held = (l: string): string =>
  `${l}.locktype = 'advisory' and ${l}.classid = ${key} and ${l}.objid = ${number} and ${l}.objsubid = 2 and ${l}.granted`;
/** Locks of other databases have the same numbers. */
const here = (l: string): string =>
  `${l}.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())`;

/**
 * Fails with division by zero in a session that does not hold the lock, and keeps the lock until the transaction ends
 * whatever its statements give back. The transaction takes it too, which fails at once where another session has it; giving
 * the session's own back tells whether there was one, and it is taken again while the transaction still holds it. Counts
 * in the memory of this one session change, no more; pg_locks copies the locks of all of them.
 */
export const lockAssertion = `pg_catalog.int4div(1, case when pg_catalog.pg_try_advisory_xact_lock(${key}, ${number})
  then case when pg_catalog.pg_advisory_unlock(${key}, ${number}) then pg_catalog.pg_try_advisory_lock(${key}, ${number})::integer else 0 end else 0 end)`;

export interface LockOptions {
  /** Milliseconds to try; 0: once. */
  readonly wait: number;
  readonly signal?: AbortSignal | undefined;
  readonly onWait: (holder: LockHolder | null, waited: number) => void;
  /** What stays when the wait is interrupted. Default: that nothing was run. */
  readonly stays?: string;
}

/** Takes the lock, or throws RunnerBusy when the wait runs out. */
export async function takeLock(connection: Connection, options: LockOptions): Promise<void> {
  const started = Date.now();
  for (let delay = 50; ; delay = Math.min(500, delay * 1.5)) {
    if (options.signal?.aborted)
      throw new Interrupted(null, `interrupted while waiting for the lock; ${options.stays ?? "nothing was run"}`);
    const got = await tryLock(connection);
    if (got) return;
    const holder = await lockHolder(connection);
    const waited = Date.now() - started;
    if (waited >= options.wait) throw new RunnerBusy(holder);
    options.onWait(holder, waited);
    await pause(Math.min(delay * (0.75 + Math.random() / 2), options.wait - waited), options.signal);
  }
}

/** Null in SQL: this very session holds it already, so somebody else's run shares our server process. */
async function tryLock(connection: Connection): Promise<boolean> {
  const answer = await connection.query(
    `select case when exists (select from pg_catalog.pg_locks l where ${held("l")} and l.pid = pg_catalog.pg_backend_pid()) then null else pg_catalog.pg_try_advisory_lock(${key}, ${number}) end as got`,
  );
  const got = answer[0]!.rows[0]!["got"];
  if (got === null)
    throw new PoolerRefused(
      "another run already holds the lock in this very session",
      "Either this connection is in use by another run of this process, or a connection pooler shares server sessions; connect to the server directly.",
    );
  return got === "t";
}

export async function releaseLock(connection: Connection): Promise<void> {
  await connection.query(`select pg_catalog.pg_advisory_unlock(${key}, ${number})`);
}

/** For scripts: one try, which fails with division by zero when another runner holds the lock. */
export const lockInScript = `select 1 / pg_catalog.pg_try_advisory_lock(${key}, ${number})::int as locked`;
export const unlockInScript = `select pg_catalog.pg_advisory_unlock(${key}, ${number}) as unlocked`;

async function lockHolder(connection: Connection): Promise<LockHolder | null> {
  const answer = await connection.query(
    `select l.pid, a.application_name, a.usename, extract(epoch from pg_catalog.clock_timestamp() - a.backend_start) as age
     from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid where ${held("l")} and ${here("l")}`,
  );
  const row = answer[0]!.rows[0];
  if (row === undefined) return null;
  const age = row["age"];
  return {
    pid: Number(row["pid"]),
    application: row["application_name"] || null,
    user: row["usename"] ?? null,
    age: age === null || age === undefined ? null : Number(age),
  };
}
