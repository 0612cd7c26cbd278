/** A PGlite instance as a connection. Nothing of PGlite is imported: the caller brings it. */
import type { Connection, Result } from "./connection.ts";
import { Answers, Copies } from "./answers.ts";

/** A message of the protocol as PGlite parses it. */
interface BackendMessage {
  readonly name: string;
}
/** What is used of a PGlite instance. */
export interface PGliteLike {
  /** Until then it takes no message, and while somebody holds it alone it does not get there. */
  readonly waitReady?: Promise<unknown>;
  execProtocol(
    message: Uint8Array,
    options?: { throwOnError?: boolean; syncToFs?: boolean },
  ): Promise<{ readonly messages: readonly BackendMessage[] }>;
  runExclusive<T>(fn: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A connection on a PGlite instance. Closing it leaves the instance open: it is the caller's. */
export function fromPGlite(db: PGliteLike): Connection {
  return onPGlite(db, () => Promise.resolve());
}

export function onPGlite(db: PGliteLike, close: () => Promise<void>): Connection {
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    await db.waitReady;
    return db.runExclusive(work);
  };
  return {
    kind: "embedded",
    pid: null,
    query: (sql) => alone(() => ask(db, sql)),
    copyOut: async (sql) => {
      const copies = new Copies();
      await alone(() => ask(db, sql, copies));
      return copies.results;
    },
    // It runs in this very thread: while a statement runs, nobody is there to ask for anything.
    cancel: () => Promise.resolve(),
    close,
  };
}

async function ask(db: PGliteLike, sql: string, copies?: Copies): Promise<readonly Result[]> {
  const answers = new Answers();
  const { messages } = await db.execProtocol(simpleQuery(sql), { throwOnError: false });
  for (const message of messages) {
    if (message.name === "error") throw answers.failed(message);
    if (message.name === "rowDescription" && "fields" in message) answers.columns(fieldNames(message.fields));
    else if (message.name === "dataRow" && "fields" in message) answers.row(texts(message.fields));
    else if (message.name === "copyData" && "chunk" in message) copies?.data(message.chunk as Uint8Array);
    else if (message.name === "commandComplete" && "text" in message) {
      answers.complete(String(message.text));
      copies?.complete(String(message.text));
    }
  }
  return answers.results;
}

const fieldNames = (fields: unknown): readonly string[] =>
  Array.isArray(fields) ? fields.map((f: { readonly name: string }) => f.name) : [];
const texts = (fields: unknown): readonly (string | null)[] =>
  Array.isArray(fields) ? fields.map((f: unknown) => (f === null ? null : String(f))) : [];

/** The protocol's Query message. */
function simpleQuery(sql: string): Uint8Array {
  const text = Buffer.from(sql, "utf8");
  const message = Buffer.alloc(text.length + 6);
  message.write("Q", 0, "latin1");
  message.writeInt32BE(text.length + 5, 1);
  text.copy(message, 5);
  return message;
}
