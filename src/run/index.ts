/**
 * The runner, importable alone as `schemac/runner`. Loads nothing but Node's own modules, and `pg` when it opens a
 * connection itself.
 *
 * ```ts
 * import { apply } from "schemac/runner";
 * await apply({ url: process.env.DATABASE_URL, dir: "generated" });
 * ```
 */
import { listRevisions, type RevisionList } from "../revision/list.ts";
import { applyRevisions, type ApplyOptions, type ApplyResult } from "./apply.ts";
import { connect, type ConnectOptions, type ConnectParameters } from "./connect.ts";
import type { Connection } from "./connection.ts";
import type { EmbeddedOptions } from "./embedded.ts";
import { fromPGlite, type PGliteLike } from "./pglite.ts";
import { fromClient, fromPool, type PgClient, type PgPool } from "./postgres.ts";
import { rollbackRevisions, type RollbackOptions, type RollbackResult } from "./rollback.ts";
import { stampRevisions, type StampOptions, type StampResult } from "./stamp.ts";
import { statusOf, type Status } from "./status.ts";

/** A folder of revision files, several, or what `listRevisions` made of them. */
export type Revisions = string | readonly string[] | RevisionList;

/** One way to the database. What is passed in open stays open. */
export type Where =
  | { readonly connection: Connection }
  | { readonly client: PgClient }
  | { readonly pool: PgPool }
  | { readonly pglite: PGliteLike }
  /** Opened here, and closed at the end. `undefined`: libpq's variables say where. */
  | { readonly url: string | ConnectParameters | undefined };
/** Where the database and the revisions are. */
export type Target = Where & ({ readonly dir: string | readonly string[] } | { readonly revisions: Revisions });

const listOf = (r: Revisions): RevisionList => (typeof r === "string" || isPaths(r) ? listRevisions(r) : r);
const isPaths = (r: readonly string[] | RevisionList): r is readonly string[] => Array.isArray(r);

/** Runs what is pending, up to `options.target`. Resumes what an earlier run left half done. */
export function apply(place: Target & ApplyOptions): Promise<ApplyResult>;
export function apply(connection: Connection, revisions: Revisions, options?: ApplyOptions): Promise<ApplyResult>;
export function apply(
  a: Connection | (Target & ApplyOptions),
  revisions?: Revisions,
  options?: ApplyOptions,
): Promise<ApplyResult> {
  if (isConnection(a)) return applyRevisions(a, listOf(revisions!), options);
  return at(a, a, (connection, list, reconnecting) => applyRevisions(connection, list, { ...a, ...reconnecting }));
}

/** Undoes what was applied, back to `options.target`. Answers with questions when it would lose rows and may not. */
export function rollback(place: Target & RollbackOptions): Promise<RollbackResult>;
export function rollback(
  connection: Connection,
  revisions: Revisions,
  options?: RollbackOptions,
): Promise<RollbackResult>;
export function rollback(
  a: Connection | (Target & RollbackOptions),
  revisions?: Revisions,
  options?: RollbackOptions,
): Promise<RollbackResult> {
  if (isConnection(a)) return rollbackRevisions(a, listOf(revisions!), options);
  return at(a, a, (connection, list, reconnecting) => rollbackRevisions(connection, list, { ...a, ...reconnecting }));
}

/** Where the database stands. Changes nothing. */
export function status(place: Target & { readonly ledger?: string }): Promise<Status>;
export function status(
  connection: Connection,
  revisions: Revisions,
  options?: { readonly ledger?: string },
): Promise<Status>;
export function status(
  a: Connection | (Target & { readonly ledger?: string }),
  revisions?: Revisions,
  options?: { readonly ledger?: string },
): Promise<Status> {
  if (isConnection(a)) return statusOf(a, listOf(revisions!), options);
  return at(a, {}, (connection, list) => statusOf(connection, list, a));
}

/** Records `target` and all it builds on as applied, and nothing else, without running anything. */
export const stamp = (
  connection: Connection,
  revisions: Revisions,
  target: string,
  options?: StampOptions,
): Promise<StampResult> => stampRevisions(connection, listOf(revisions), target, options);

const isConnection = (x: Connection | Target): x is Connection => "query" in x;

/** Opens what is to be opened, and closes it again. A connection of our own is opened anew when it is lost. */
async function at<T>(
  place: Target,
  options: Pick<ApplyOptions, "reconnect">,
  run: (connection: Connection, list: RevisionList, reconnecting: Pick<ApplyOptions, "reconnect">) => Promise<T>,
): Promise<T> {
  const list = listOf("dir" in place ? place.dir : place.revisions);
  const { open, again, keep } = opener(place);
  const connection = await open();
  const reconnect = options.reconnect ?? again;
  try {
    return await run(connection, list, reconnect === undefined ? {} : { reconnect });
  } finally {
    if (!keep) await connection.close();
  }
}

interface Opener {
  readonly open: () => Promise<Connection>;
  readonly again?: () => Promise<Connection>;
  /** The caller's, and left open. */
  readonly keep: boolean;
}
function opener(place: Where): Opener {
  if ("connection" in place) return { open: () => Promise.resolve(place.connection), keep: true };
  if ("client" in place) return { open: () => Promise.resolve(fromClient(place.client)), keep: false };
  if ("pglite" in place) return { open: () => Promise.resolve(fromPGlite(place.pglite)), keep: false };
  const open = "pool" in place ? () => fromPool(place.pool) : () => connect(place.url ?? {});
  return { open, again: open, keep: false };
}

/** Postgres embedded in this process, its data in `folder`. PGlite is loaded only here. */
export async function openEmbedded(folder: string, options?: EmbeddedOptions): Promise<Connection> {
  const embedded = await import("./embedded.ts");
  return embedded.openEmbedded(folder, options);
}

export { connect, fromClient, fromPGlite, fromPool, listRevisions };
export { listRevisions as readRevisions };
export { applyScript, rollbackScript, type ScriptOptions } from "./script.ts";
export { checksum } from "../revision/checksum.ts";
export { isRevisionProblem, readRevision, type RevisionProblem } from "../revision/read.ts";
export { ConnectionLost, DatabaseError, type Result } from "./connection.ts";
export * from "./errors.ts";
export { RevisionCodeError } from "../revision/load.ts";
export type { RunEvent, OnEvent } from "./events.ts";
export type { RunOptions } from "./options.ts";
export type { Recorded } from "./ledger.ts";
export type { RevisionFile, RevisionList } from "../revision/list.ts";
export type {
  FunctionContext,
  FunctionStep,
  OutsideStep,
  Revision,
  RevisionHazard,
  Statement,
  Step,
  TransactionStep,
} from "../revision/format.ts";
export type { ApplyOptions, ApplyResult, Connection, ConnectOptions, ConnectParameters, PGliteLike, PgClient, PgPool };
export type { LossQuestion, RollbackOptions, RollbackResult } from "./rollback.ts";
export type { StampOptions, StampResult } from "./stamp.ts";
export type { Status } from "./status.ts";
export type { EmbeddedOptions } from "./embedded.ts";
