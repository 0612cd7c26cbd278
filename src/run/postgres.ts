/** pg's clients and pools as connections. */
import { ConnectionLost, type Connection, type Result } from "./connection.ts";
import { Answers, asOurs, Copies } from "./answers.ts";
import { sendCancel } from "./cancel.ts";

/** What is used of pg's Connection inside a query. */
interface Wire {
  query(text: string): void;
}
/** A query in the interface that pg offers to its plug-ins (pg-cursor, pg-query-stream): it hears every message of the reply. */
export interface Submittable {
  submit(wire: Wire): void;
}
/** What is used of a pg client; any `pg.Client` or pooled client is one. */
export interface PgClient {
  query(query: Submittable): unknown;
  on(event: "error", listener: (e: Error) => void): unknown;
  removeListener(event: "error", listener: (e: Error) => void): unknown;
}
/** What is used of a pg pool; any `pg.Pool` is one. */
export interface PgPool {
  connect(): Promise<PgClient & { release(destroy?: boolean): void }>;
}

/** One simple-query message. Values stay as the server's text, and tags are kept whole, which pg's own queries don't do. */
class Message implements Submittable {
  readonly #text: string;
  readonly #answers = new Answers();
  readonly #done: (e: Error | null, results: readonly Result[]) => void;
  /** pg puts its own around it, which clears the timer of a read timeout. */
  callback = (): void => {};
  /** A statement of a revision may take long: this stands before the client's own read timeout, which would give up on one that goes on. */
  readonly query_timeout = 2 ** 31 - 1;
  constructor(text: string, done: (e: Error | null, results: readonly Result[]) => void) {
    this.#text = text;
    this.#done = done;
  }
  submit(wire: Wire): void {
    wire.query(this.#text);
  }
  handleRowDescription(message: { readonly fields: readonly { readonly name: string }[] }): void {
    this.#answers.columns(message.fields.map((f) => f.name));
  }
  handleDataRow(message: { readonly fields: readonly (string | Buffer | null)[] }): void {
    this.#answers.row(message.fields.map((f) => (f === null ? null : String(f))));
  }
  handleCommandComplete(message: { readonly text: string }): void {
    this.#answers.complete(message.text);
  }
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(wire: { sendCopyFail(message: string): void }): void {
    wire.sendCopyFail("a revision has no rows to copy");
  }
  handleCopyData(_message: { readonly chunk: Buffer }): void {}
  handleReadyForQuery(): void {
    this.callback();
    this.#done(null, this.#answers.results);
  }
  handleError(error: unknown): void {
    this.callback();
    this.#done(this.#answers.failed(error), []);
  }
}

/** A message whose statements copy out: what they send is kept as it comes, which costs a fraction of rows made of cells. */
class CopyMessage extends Message {
  readonly #copies: Copies;
  constructor(text: string, copies: Copies, done: (e: Error | null) => void) {
    super(text, done);
    this.#copies = copies;
  }
  override handleCopyData(message: { readonly chunk: Buffer }): void {
    this.#copies.data(message.chunk);
  }
  override handleCommandComplete(message: { readonly text: string }): void {
    super.handleCommandComplete(message);
    this.#copies.complete(message.text);
  }
}

/** A connection on a pg client that is connected already. Closing it leaves the client open: it is the caller's. */
export function fromClient(client: PgClient): Connection {
  return onClient(client, () => Promise.resolve());
}

/** A connection on one client of the pool, held until `close`. */
export async function fromPool(pool: PgPool): Promise<Connection> {
  const client = await pool.connect();
  return onClient(client, (broken) => {
    client.release(broken);
    return Promise.resolve();
  });
}

/** `end` is told whether the connection broke. */
export function onClient(client: PgClient, end: (broken: boolean) => Promise<void>): Connection {
  let lost: ConnectionLost | null = null;
  let closed = false;
  const hearers = new Set<(e: ConnectionLost) => void>();
  const hear = (e: Error): void => {
    if (lost !== null) return;
    const first = (lost = new ConnectionLost(e.message, { cause: e }));
    for (const h of hearers) h(first);
  };
  // Without a listener, a connection that breaks while it is idle would end the process.
  client.on("error", hear);
  type Done<T> = (e: Error | null, answer: T) => void;
  const send = <T>(message: (done: Done<T>) => Message): Promise<T> =>
    new Promise((resolve, reject) => {
      if (lost !== null) return reject(new ConnectionLost(lost.message, { cause: lost }));
      if (closed) return reject(new ConnectionLost("the connection was closed"));
      try {
        client.query(
          message((e, answer) => {
            if (e instanceof ConnectionLost) hear(e);
            return e === null ? resolve(answer) : reject(e);
          }),
        );
      } catch (e) {
        reject(asOurs(e));
      }
    });
  return {
    kind: "server",
    pid: numberOf(client, "processID"),
    query: (sql) => send<readonly Result[]>((done) => new Message(sql, done)),
    copyOut: (sql) =>
      send<readonly Buffer[]>((done) => {
        const copies = new Copies();
        return new CopyMessage(sql, copies, (e) => done(e, copies.results));
      }),
    cancel: () => sendCancel(client),
    onLost: (h) => {
      hearers.add(h);
      if (lost !== null) h(lost);
      return () => void hearers.delete(h);
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await end(lost !== null);
      // Kept while the client ends, for it may still report a broken socket.
      client.removeListener("error", hear);
    },
  };
}

const numberOf = (client: object, key: string): number | null => {
  const value: unknown = key in client ? (client as Readonly<Record<string, unknown>>)[key] : undefined;
  return typeof value === "number" ? value : null;
};
