/** A connection for tests of rooms: everything as text, an answer per statement. */
import pg from "pg";
import type { Connection } from "../../src/run/connection.ts";
import { fromClient } from "../../src/run/postgres.ts";

export async function open(url: string): Promise<Connection> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return { ...fromClient(client), close: () => client.end() };
}

/** Opens, gives, closes. */
export async function connected<T>(url: string, fn: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await open(url);
  try {
    return await fn(connection);
  } finally {
    await connection.close();
  }
}
