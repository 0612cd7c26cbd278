/** Puts a driver's protocol messages together into answers, one per statement. */
import { ConnectionLost, DatabaseError, type Result } from "./connection.ts";

type Row = Record<string, string | null>;

/** Collects what the server sends in reply to one simple-query message. */
export class Answers {
  readonly #results: Result[] = [];
  #columns: readonly string[] = [];
  #rows: Row[] = [];
  get results(): readonly Result[] {
    return this.#results;
  }
  columns(names: readonly string[]): void {
    this.#columns = names;
    this.#rows = [];
  }
  row(values: readonly (string | null)[]): void {
    const row: Row = {};
    this.#columns.forEach((c, i) => {
      row[c] = values[i] ?? null;
    });
    this.#rows.push(row);
  }
  complete(tag: string): void {
    this.#results.push({ tag, rows: this.#rows });
    this.#columns = [];
    this.#rows = [];
  }
  /** The error as ours: what Postgres itself said, or else a lost connection. */
  failed(error: unknown): DatabaseError | ConnectionLost {
    return asOurs(
      error,
      this.#results.map((r) => r.tag),
    );
  }
}

/** Collects what the `copy … to stdout` statements of one message send. */
export class Copies {
  readonly #ends: number[] = [];
  #bytes = Buffer.allocUnsafe(1 << 16);
  #length = 0;
  get results(): readonly Buffer[] {
    return this.#ends.map((end, i) => this.#bytes.subarray(this.#ends[i - 1] ?? 0, end));
  }
  /** The driver uses the chunk's memory again, so it is copied. */
  data(chunk: Uint8Array): void {
    const end = this.#length + chunk.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = end;
  }
  complete(tag: string): void {
    if (/^COPY\b/.test(tag)) this.#ends.push(this.#length);
  }
}

/** Errors after which the session is gone, though the server still said why. */
const sessionIsOver = /^(57P0[1-5]|08...|25P03)$/;

/**
 * Only an error with a severity and an SQLSTATE is from the server (a socket's EPIPE has five letters too). A fatal one
 * ends the session. Everything else means that the connection went away.
 */
export function asOurs(error: unknown, completed: readonly string[] = []): DatabaseError | ConnectionLost {
  if (error instanceof DatabaseError || error instanceof ConnectionLost) return error;
  const e = error instanceof Error || isRecord(error) ? error : new Error(String(error));
  const text = (key: string): string | null => {
    const v = key in e ? (e as Readonly<Record<string, unknown>>)[key] : undefined;
    return typeof v === "string" && v !== "" ? v : null;
  };
  const message = text("message") ?? "the connection was closed";
  const code = text("code");
  const severity = text("severity");
  const fatal = severity !== null && /^(FATAL|PANIC)/.test(severity);
  if (severity === null || code === null || fatal || sessionIsOver.test(code))
    return new ConnectionLost(message, { cause: error });
  return new DatabaseError(message, code, {
    detail: text("detail"),
    hint: text("hint"),
    position: text("position") === null ? null : Number(text("position")),
    where: text("where"),
    completed,
  });
}
const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === "object" && x !== null;
