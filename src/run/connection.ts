/** What the runner and the observer need of a database connection. pg and PGlite are adapted to it in run/connect.ts. */

/** One statement's answer. Values are the server's text. */
export interface Result {
  /** Command tag as the server sent it, e.g. "COMMIT", "ROLLBACK", "SELECT 3", "CREATE TABLE". "" where the driver hides it. */
  readonly tag: string;
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

export interface Connection {
  /** Sends one simple-query message (it may hold several statements) and returns an answer per statement. Rejects with DatabaseError or ConnectionLost. */
  query(sql: string): Promise<readonly Result[]>;
  /** Sends one message of which some statements are `copy … to stdout`, and returns what each of those sent, as it came. Rejects as `query` does. */
  copyOut(sql: string): Promise<readonly Buffer[]>;
  /** Server process that answered at start-up (BackendKeyData), to detect transaction poolers; null where there is none (PGlite). */
  readonly pid: number | null;
  /** Asks the server to cancel the running statement. */
  cancel(): Promise<void>;
  close(): Promise<void>;
  /**
   * Calls back once the connection is lost, also while nothing is sent, and at once where it is lost already; the answer
   * ends that. Absent where nothing can be lost (PGlite).
   */
  onLost?(hear: (e: ConnectionLost) => void): () => void;
  /** Opens another connection to the same place, where that is possible. */
  twin?(): Promise<Connection>;
  /** "embedded" for PGlite. */
  readonly kind: "server" | "embedded";
}

/** An error that Postgres reported. Fields as in the protocol's ErrorResponse. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly code: string;
  readonly detail: string | null;
  readonly hint: string | null;
  /** 1-based character position in the query text sent, or null. */
  readonly position: number | null;
  readonly where: string | null;
  /** Command tags of the message's statements that were answered before the one that failed. */
  readonly completed: readonly string[];
  constructor(
    message: string,
    code: string,
    more: {
      detail?: string | null;
      hint?: string | null;
      position?: number | null;
      where?: string | null;
      completed?: readonly string[];
    } = {},
  ) {
    super(message);
    this.code = code;
    this.detail = more.detail ?? null;
    this.hint = more.hint ?? null;
    this.position = more.position ?? null;
    this.where = more.where ?? null;
    this.completed = more.completed ?? [];
  }
}

/** The connection went away; whether the last statement was committed is unknown until the ledger is read. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}
