/** Opens connections of our own: pinned from the first moment, with pg loaded only here. */
import { Socket } from "node:net";
import type { Connection } from "./connection.ts";
import { CannotConnect } from "./errors.ts";
import { resolveTarget, type Environment, type Target, type Tls } from "./libpq.ts";
import { literal } from "../sql.ts";
import { onClient } from "./postgres.ts";

export interface ConnectOptions {
  /** Seen in pg_stat_activity. Default "schemac". */
  readonly applicationName?: string;
  /** More start-up options, `-c name=value …`. */
  readonly options?: string;
  /** Variables in place of the process's own. */
  readonly env?: Environment;
  /**
   * Loads pg, once the server has something to do meanwhile. Default: imports it.
   * @internal Its type is pg's, whose types nobody has to have.
   */
  readonly loadPg?: () => Promise<Pg>;
  /** Called when the server has all it needs to answer by itself: the caller may keep this thread busy. */
  readonly onSent?: () => void;
  /** Closing says goodbye and waits for no answer, as libpq does; for programs that end then. */
  readonly leaveAtOnce?: boolean;
  /** Called with what people should know of how the database is named. */
  readonly onWarning?: (text: string) => void;
  /** Gives up connecting; what is open already stays open. */
  readonly signal?: AbortSignal;
}

/** @internal */
type Pg = Pick<typeof import("pg"), "Client">;

/** Parameters by libpq's names (host, port, dbname or database, user, password, sslmode …). */
export type ConnectParameters = Readonly<Record<string, string | number | undefined>>;

/**
 * Settings that must hold from the start, before anybody's default can act. Settings that not every major knows are set
 * afterwards, since an unknown one here refuses the connection. `default_transaction_read_only` is left alone: where
 * somebody made a database read-only, the guards say so.
 */
const startup: Readonly<Record<string, string>> = {
  search_path: "pg_catalog,pg_temp",
  timezone: "UTC",
  datestyle: "ISO,YMD",
  intervalstyle: "postgres",
  extra_float_digits: "3",
  bytea_output: "hex",
  quote_all_identifiers: "off",
  standard_conforming_strings: "on",
  lock_timeout: "2s",
  statement_timeout: "0",
  // A plan thinks in an open transaction; what a run waits for, it says itself.
  idle_in_transaction_session_timeout: "0",
  default_transaction_isolation: "read committed",
  row_security: "off",
  synchronous_commit: "on",
  check_function_bodies: "on",
  default_tablespace: "",
  default_table_access_method: "heap",
};
/**
 * Time limits that only newer majors know (14 and 17), off where somebody set them for all. Behind a pooler they are left: a
 * server process that is shared would keep it.
 */
const noLimits = (pid: number): string =>
  `select ${["idle_session_timeout", "transaction_timeout"]
    .map(literal)
    .map(
      (n) => `case when pg_catalog.current_setting(${n}, true) <> '0' then pg_catalog.set_config(${n}, '0', false) end`,
    )
    .join(", ")} where pg_catalog.pg_backend_pid() = ${pid}`;
/** A dead client's session ends soon, not after the two hours of TCP's own keepalive. Sockets of a file know none of it. */
const keepalive: Readonly<Record<string, string>> = {
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
  tcp_user_timeout: "25s",
};

const optionText = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([k, v]) => `-c ${k}=${v.replace(/[\\ ]/g, "\\$&")}`)
    .join(" ");

/** Connects to what is named: a postgres:// URL, a `key=value` string or parameters; what they leave open, libpq's variables and files say. */
export async function connect(
  where: string | ConnectParameters = {},
  options: ConnectOptions = {},
): Promise<Connection> {
  const target = resolveTarget(where, options.env ?? process.env);
  for (const text of target.warnings) options.onWarning?.(text);
  const begun = performance.now();
  let failure: unknown;
  const load = options.loadPg ?? importPg;
  let loading: Promise<Pg> | null = null;
  const plain = await withoutTls(target, () => (loading = load()), options.signal);
  const pg = await (loading ?? load());
  // The server may be gone meanwhile; then it is asked again, and told of.
  if (plain !== null && isOpen(plain))
    return open(pg, target, null, options, plain).catch((e: unknown) => Promise.reject(refused(target, e)));
  // What was waited counts: whoever says how long means all of it.
  const left = Math.max(1, target.timeoutMs - (performance.now() - begun));
  const rest = target.timeoutMs === 0 ? target : { ...target, timeoutMs: left };
  for (const [n, tls] of target.tls.entries()) {
    try {
      return await open(pg, rest, tls, options);
    } catch (e) {
      failure = n === 0 || !sslIsUnknown(e) ? e : failure;
      // Another way is tried where the server has no TLS, or by its rules wants the other one (28000), and not otherwise.
      if (!sslIsUnknown(e) && !wantsTheOther(e)) break;
    }
  }
  throw refused(target, failure);
}

const sslIsUnknown = (e: unknown): boolean =>
  e instanceof Error && /does not support SSL|establishing an SSL/.test(e.message);
const wantsTheOther = (e: unknown): boolean => e instanceof Error && "code" in e && e.code === "28000";

const importPg = async (): Promise<Pg> => (await import("pg")).default;

/**
 * A connection to a server of this machine that may have TLS (sslmode=prefer) and has none: asked as libpq asks, so that the
 * same connection goes on without, where pg would make a second one. `meanwhile` is called when it was asked. Null: connect as
 * always, and hear there what is wrong.
 */
async function withoutTls(target: Target, meanwhile: () => unknown, signal?: AbortSignal): Promise<Socket | null> {
  const [first, second] = target.tls;
  const here = /^(localhost|127\.[0-9.]+|::1)$/.test(target.host);
  if (!here || target.directTls || target.tls.length !== 2 || first === null || second !== null) return null;
  const socket = new Socket();
  const giveUp = (): void => void socket.destroy();
  signal?.addEventListener("abort", giveUp);
  const answer = await new Promise<string>((resolve) => {
    socket.on("error", () => resolve("")).once("close", () => resolve(""));
    socket.setTimeout(target.timeoutMs || 5000, () => resolve(""));
    socket.once("data", (b) => resolve(b.toString("latin1")));
    socket.connect(target.port, target.host, () => {
      socket.write(tlsQuestion);
      meanwhile();
    });
  });
  signal?.removeEventListener("abort", giveUp);
  if (answer !== "N") return (socket.destroy(), null);
  // Until pg listens, an error is nobody's, and not the end of the process.
  socket
    .removeAllListeners()
    .on("error", () => {})
    .setTimeout(0);
  // pg connects what it is given.
  return Object.assign(socket, { connect: () => process.nextTick(() => socket.emit("connect")) });
}
const isOpen = (socket: Socket): boolean => socket.readable && socket.writable;
/** The protocol's SSLRequest. */
const tlsQuestion = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

async function open(
  pg: Pg,
  target: Target,
  tls: Tls | null,
  options: ConnectOptions,
  socket: Socket = new Socket(),
): Promise<Connection> {
  const settings = target.host.startsWith("/") ? startup : { ...startup, ...keepalive };
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    // Always a function, so that pg looks for no password itself (and warns of doing so).
    password: () => target.password ?? noPassword(),
    ssl: tls === null ? false : { ...tls },
    sslnegotiation: target.directTls && tls !== null ? "direct" : "postgres",
    enableChannelBinding: target.channelBinding && tls !== null,
    application_name: target.application ?? options.applicationName ?? "schemac",
    // Ours last, so that nobody's PGOPTIONS unpins them.
    options: [target.options, optionText(settings), options.options ?? ""].filter((o) => o !== "").join(" "),
    client_encoding: "UTF8",
    connectionTimeoutMillis: target.timeoutMs,
    // pg would look whether it runs on Cloudflare first, and load all of fetch for that.
    stream: () => socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  client.on("error", () => {});
  const giveUp = (): void => void socket.destroy();
  if (options.signal?.aborted) throw new Error("given up");
  options.signal?.addEventListener("abort", giveUp);
  // pg greets the server on the same event.
  const { onSent } = options;
  if (onSent) socket.once("connect", () => setImmediate(onSent));
  try {
    await client.connect();
  } catch (e) {
    await client.end().catch(() => {});
    throw e;
  } finally {
    options.signal?.removeEventListener("abort", giveUp);
  }
  const connection = onClient(client, async (broken) => {
    // A broken connection's goodbye may never be answered.
    const end = client.end().catch(() => {});
    // Its types leave this one out.
    if (options.leaveAtOnce) (client as typeof client & { unref(): void }).unref();
    else if (!broken) await end;
  });
  // Sent before what the caller asks, and not waited for. Where the connection is lost, that hears of it too.
  if (connection.pid !== null) connection.query(noLimits(connection.pid)).catch(() => {});
  return { ...connection, twin: () => open(pg, target, tls, options) };
}

const noPassword = (): never => {
  throw new Error("a password is needed and none was given (no password in the URL, PGPASSWORD or a password file)");
};

/** One sentence with the reason; the password is in neither place nor reason. */
function refused(target: Target, e: unknown): CannotConnect {
  const place = target.host.startsWith("/") ? `${target.host} (port ${target.port})` : `${target.host}:${target.port}`;
  const first: unknown = e instanceof AggregateError ? e.errors[0] : e;
  const said = first instanceof Error ? first.message : String(first);
  const reason = target.password === null || target.password === "" ? said : said.replaceAll(target.password, "***");
  return new CannotConnect(
    `cannot connect to database "${target.database}" at ${place} as "${target.user}": ${reason}`,
    "",
    e,
  );
}
