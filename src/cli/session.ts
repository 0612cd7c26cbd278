/** A command's project, database and connection, opened together and always closed. */
import type { Scope } from "../snapshot.ts";
import type { ConnectOptions } from "../run/connect.ts";
import { ConnectionLost, DatabaseError, type Connection } from "../run/connection.ts";
import { RevisionCodeError } from "../revision/load.ts";
import { CannotConnect, RunError, StepFailed } from "../run/errors.ts";
import type { Context } from "./command.ts";
import { exits, Failure } from "./exit.ts";
import { explain, explainFile } from "./explain.ts";
import { openProject, placeholders, scopeOf, shown, type Project } from "./project.ts";
import { runFailure } from "./runFailure.ts";
import { waitOf } from "./runOptions.ts";
import { describeTarget, resolveTarget, type Target } from "./target.ts";

export interface Session {
  readonly project: Project;
  readonly target: Target;
  readonly connection: Connection;
  /** Opens another connection to the same server; absent for the embedded one. */
  readonly reconnect?: () => Promise<Connection>;
  readonly values: Readonly<Record<string, string>>;
  readonly scope: Scope;
}

/** Opens the database that the command line, the environment or the config names, and closes it whatever happens. */
export function withDatabase<T>(
  context: Context,
  use: (session: Session) => Promise<T>,
  project?: Project,
): Promise<T> {
  return withDatabaseAnd(context, () => Promise.resolve(), use, project);
}

/** The same; `read` reads something else while the connection is made. Where both fail, what `read` failed of is told. */
export async function withDatabaseAnd<R, T>(
  context: Context,
  read: () => Promise<R>,
  use: (session: Session, read: R) => Promise<T>,
  project?: Project,
): Promise<T> {
  const { globals } = context;
  const opened = project ?? (await openProject(globals.config));
  const giveUp = new AbortController();
  // Until it is open there is nothing under way that a command could end well.
  const begun = await begin(context, opened, AbortSignal.any([giveUp.signal, context.signal]));
  let found: R;
  try {
    found = await read();
  } catch (error) {
    giveUp.abort();
    if (begun.target?.at.kind === "server")
      await begun.connection().then(
        (c) => c.close(),
        () => {},
      );
    throw error;
  }
  const connection = await begun.connection().catch((error: unknown) => {
    if (!context.signal.aborted) throw error;
    throw new Failure("interrupted; nothing was changed", { exit: exits.interrupted, cause: error });
  });
  const target = begun.target!;
  const { at } = target;
  const session: Session = {
    project: opened,
    target,
    connection,
    ...(at.kind === "server" ? { reconnect: async () => (await connector(at.url))() } : {}),
    values: placeholders(opened.config, target.environment, globals.x),
    scope: scopeOf(opened, target.environment),
  };
  try {
    return await use(session, found);
  } catch (error) {
    throw (await ledgerForbidden(error, session)) ?? asFailure(error, target);
  } finally {
    await connection.close().catch(() => {});
  }
}

/** A failure that says which rights the role lacks to the ledger; null where it is something else that is forbidden. */
async function ledgerForbidden(error: unknown, { connection, project }: Session): Promise<Failure | null> {
  // A run tells of what it could not write with its own error. A step's statement may be forbidden whatever it likes.
  const run = error instanceof RunError && !(error instanceof StepFailed && error.statement !== null) ? error : null;
  const refused = run === null ? error : run.cause;
  if (!(refused instanceof DatabaseError) || refused.code !== "42501") return null;
  const { missingLedgerRights } = await import("./ledgerRights.ts");
  const use = run === null ? "reading" : "writing";
  const grants = await missingLedgerRights(connection, project.ledgerSchema, refused, use).catch(() => null);
  if (grants === null) return null;
  const why = run?.message ?? refused.message;
  return new Failure(`the ledger in the schema ${project.ledgerSchema} is not open to this role: ${why}`, {
    exit: run?.exit ?? exits.failed,
    help: [...(run === null ? [] : [run.advice]), `its owner lets the role in with: ${grants}`],
    cause: error,
    document: { sqlstate: refused.code },
  });
}

interface Begun {
  readonly connection: () => Promise<Connection>;
  /** Null when there is none; the connection then says why. */
  readonly target: Target | null;
}

/** Comes back as soon as a server's connection is on its way; an embedded Postgres is opened when it is asked for. */
async function begin(context: Context, project: Project, giveUp: AbortSignal): Promise<Begun> {
  let target: Target | null = null;
  try {
    const at = await resolveTarget(project, context.globals, context.out);
    target = at;
    const open = await opener(context, at);
    const failing = (e: unknown): never => {
      throw asFailure(e, at);
    };
    if (at.at.kind === "embedded") return { target, connection: () => open({ signal: giveUp }).catch(failing) };
    let onSent = (): void => {};
    const sent = new Promise<void>((done) => (onSent = done));
    const connection = open({ signal: giveUp, onSent }).catch(failing);
    // A server that is slow to answer keeps nobody from reading files.
    const slow = new Promise<void>((done) => setTimeout(done, 50).unref());
    await Promise.race([sent, slow, connection.catch(() => {})]);
    return { target, connection: () => connection };
  } catch (error) {
    const why = target === null ? error : asFailure(error, target);
    return { target, connection: () => Promise.reject(why) };
  }
}

type Open = (options?: Pick<ConnectOptions, "signal" | "onSent" | "onWarning">) => Promise<Connection>;

/** Loads what it takes to open the target. */
async function opener(context: Context, { at, ...target }: Target): Promise<Open> {
  const { out } = context;
  if (at.kind === "server") {
    out.detail(`using ${describeTarget({ at, ...target })} (${target.from})`);
    const connect = await connector(at.url);
    return (options) => connect({ ...options, onWarning: (text) => out.warn(text) });
  }
  const wait = waitOf(context) ?? 0;
  out.note(`using the embedded Postgres in ${shown(at.folder)}`);
  const { openEmbedded } = await import("../run/embedded.ts");
  return ({ signal } = {}) => openEmbedded(at.folder, { wait, ...(signal === undefined ? {} : { signal }) });
}

async function connector(url: string | null): Promise<Open> {
  const [{ connect }, { loadPg }] = await Promise.all([import("../run/connect.ts"), import("../run/loadPg.ts")]);
  return (options) => connect(url ?? {}, { ...options, loadPg, leaveAtOnce: true });
}

/** What Postgres or the network said as a sentence; errors of ours go through as they are. */
export function asFailure(error: unknown, target: Target): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof RevisionCodeError) return new Failure(error.message, { cause: error });
  if (error instanceof RunError && !(error instanceof CannotConnect)) return runFailure(error);
  const why = (target.at.kind === "embedded" ? explainFile(error) : null) ?? explain(error);
  if (why === null) return error instanceof RunError ? runFailure(error) : error;
  const lost = error instanceof ConnectionLost;
  return new Failure(`${lost ? "lost" : "cannot use"} ${describeTarget(target)}: ${why}`, {
    cause: error,
    ...(error instanceof DatabaseError ? { document: { sqlstate: error.code } } : {}),
  });
}
