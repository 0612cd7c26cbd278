/** A command's project, database and connection, opened together and always closed. */
import type { Scope } from "../observe.ts";
import { ConnectionLost, DatabaseError, type Connection } from "../run/connection.ts";
import { RevisionCodeError } from "../revision/load.ts";
import { CannotConnect, RunError } from "../run/errors.ts";
import type { Context } from "./command.ts";
import { Failure } from "./exit.ts";
import { explain } from "./explain.ts";
import { manageOf, openProject, placeholders, shown, type Project } from "./project.ts";
import { runFailure } from "./runFailure.ts";
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
export async function withDatabase<T>(
  context: Context,
  use: (session: Session) => Promise<T>,
  project?: Project,
): Promise<T> {
  const { globals, out } = context;
  const opened = project ?? (await openProject(globals.config));
  const target = await resolveTarget(opened, globals, out);
  const connection = await open(context, target);
  const manage = manageOf(opened.config, target.environment);
  const { at } = target;
  const session: Session = {
    project: opened,
    target,
    connection,
    ...(at.kind === "server" ? { reconnect: () => connectTo(at.url) } : {}),
    values: placeholders(opened.config, target.environment, globals.x),
    scope: {
      ...(manage.schemas === undefined ? {} : { schemas: manage.schemas }),
      exclude: [...(manage.exclude ?? []), opened.ledgerSchema],
      ...(manage.roles === undefined ? {} : { roles: manage.roles }),
    },
  };
  try {
    return await use(session);
  } catch (error) {
    throw asFailure(error, target);
  } finally {
    await connection.close().catch(() => {});
  }
}

async function open({ out, args }: Context, target: Target): Promise<Connection> {
  try {
    if (target.at.kind === "embedded") {
      out.note(`using the embedded Postgres in ${shown(target.at.folder)}`);
      const { openEmbedded } = await import("../run/embedded.ts");
      return await openEmbedded(target.at.folder, { wait: Number(args.text("wait") ?? 0) * 1000 });
    }
    out.detail(`using ${describeTarget(target)} (${target.from})`);
    return await connectTo(target.at.url);
  } catch (error) {
    throw asFailure(error, target);
  }
}

async function connectTo(url: string | null): Promise<Connection> {
  const [{ connect }, { loadPg }] = await Promise.all([import("../run/connect.ts"), import("../run/loadPg.ts")]);
  return connect(url ?? {}, { pg: await loadPg() });
}

/** What Postgres or the network said as a sentence; errors of ours go through as they are. */
export function asFailure(error: unknown, target: Target): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof RevisionCodeError) return new Failure(error.message, { cause: error });
  if (error instanceof RunError && !(error instanceof CannotConnect)) return runFailure(error);
  const why = explain(error);
  if (why === null) return error instanceof RunError ? runFailure(error) : error;
  const lost = error instanceof ConnectionLost;
  return new Failure(`${lost ? "lost" : "cannot use"} ${describeTarget(target)}: ${why}`, {
    cause: error,
    ...(error instanceof DatabaseError ? { document: { sqlstate: error.code } } : {}),
  });
}
