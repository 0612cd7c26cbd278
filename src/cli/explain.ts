/** Why a database could not be reached or used, in one sentence without a password. */
import { ConnectionLost, DatabaseError } from "../run/connection.ts";
import { CannotConnect } from "../run/errors.ts";
import { shown } from "./project.ts";
import { errorCode, redact } from "./text.ts";

/** The sentence after "cannot use …: ", or null for an error that is none of the connection's. */
export function explain(error: unknown): string | null {
  for (let e = error, depth = 0; e !== undefined && e !== null && depth < 5; depth++) {
    // Node tries every address of a name and reports them together.
    if (e instanceof AggregateError && e.errors.length > 0 && errorCode(e) === "") e = e.errors[0];
    const said = explainOne(e);
    if (said !== null) return redact(said);
    e = e instanceof Error ? e.cause : undefined;
  }
  return null;
}

/** The sentence about a file or folder that the system refused, or null for another error. */
export function explainFile(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  // A write that fails names no file.
  const code = errorCode(error);
  if (!("path" in error) && Object.hasOwn(disk, code)) return `${disk[code]} (${code})`;
  const path = "path" in error && typeof error.path === "string" ? error.path : null;
  if (path === null || !("syscall" in error) || isConnecting(error)) return explainFile(error.cause);
  return `${shown(path)} cannot be written (${errorCode(error)})`;
}

function explainOne(e: unknown): string | null {
  // In our own words already; what the server or the network said of it is its cause.
  if (e instanceof CannotConnect) return null;
  const code = errorCode(e);
  const message = e instanceof Error ? e.message : String(e);
  if (code !== "" && Object.hasOwn(network, code)) return network[code]!;
  // Files and folders have these too.
  if (isConnecting(e) && Object.hasOwn(socket, code)) return socket[code]!;
  if (code !== "" && Object.hasOwn(tls, code)) return tls[code]!;
  if (/^[0-9A-Z]{5}$/.test(code) && e instanceof Error && (e instanceof DatabaseError || "severity" in e))
    return refused(code, message);
  // Why the server ended the session stands in its cause.
  if (e instanceof ConnectionLost && e.cause instanceof Error && "severity" in e.cause) return null;
  if (/does not support SSL/i.test(message)) return "the server does not speak TLS, and sslmode asks for it";
  if (/timeout expired|connection timeout|timed? ?out/i.test(message)) return "it did not answer in time";
  if (/password must be a string|no password/i.test(message))
    return "a password is needed and none was given (PGPASSWORD or a password file)";
  if (/SASL|SCRAM/.test(message)) return `authentication failed (${message})`;
  if (
    e instanceof ConnectionLost ||
    /Connection terminated|unexpected message|unknown message|ended unexpectedly/i.test(message)
  )
    return "the connection was closed before it was ready; is a PostgreSQL server listening there?";
  return null;
}

const network: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (connection refused)",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name could not be looked up",
  ETIMEDOUT: "it did not answer in time",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ECONNRESET: "the connection was reset; is a PostgreSQL server listening there?",
  EPIPE: "the connection was closed",
  ERR_SOCKET_BAD_PORT: "the port is not valid",
};
const socket: Readonly<Record<string, string>> = {
  ENOENT: "there is no such socket",
  EACCES: "the socket may not be opened",
  EINVAL: "the address is not valid",
};
const disk: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  EIO: "the disk could not be read or written",
};
const isConnecting = (e: unknown): boolean => e instanceof Error && "syscall" in e && e.syscall === "connect";
const tls: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the server's certificate chain is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the server's certificate could not be verified",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the issuer of the server's certificate is unknown",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another host",
  CERT_HAS_EXPIRED: "the server's certificate has expired",
  EPROTO: "the TLS handshake failed",
};

/** Settings by what the server says when their time is over. */
const limits = {
  "25P03": "idle_in_transaction_session_timeout",
  "25P04": "transaction_timeout",
  "57P05": "idle_session_timeout",
} as const;

function refused(code: string, message: string): string {
  switch (code) {
    case "28P01":
      return `the password was refused (${message})`;
    case "28000":
      return `the server lets this user not in (${message})`;
    case "3D000":
      return `there is no such database (${message})`;
    case "42501":
      return `permission denied (${message})`;
    case "53300":
      return `the server has no free connection (${message})`;
    case "25P03":
    case "25P04":
    case "57P05":
      return `the server ended the session, for a time limit set on it was over: ${limits[code]} (${message})`;
    case "57P03":
      return `the server is starting up or shutting down (${message})`;
    default:
      return `${message} (SQLSTATE ${code})`;
  }
}
