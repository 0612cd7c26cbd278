/** A connection for tests of rooms: everything as text, an answer per statement. */
import pg from "pg";
import type { Connection } from "../../src/run/connection.ts";

export async function open(url: string): Promise<Connection> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (value: unknown) => value } });
  client.on("error", () => {});
  await client.connect();
  return {
    kind: "server",
    pid: null,
    async query(sql) {
      const answer: pg.QueryResult | pg.QueryResult[] = await client.query(sql);
      return [answer]
        .flat()
        .map((r) => ({ tag: r.command, rows: r.rows as Readonly<Record<string, string | null>>[] }));
    },
    cancel: async () => {},
    close: () => client.end(),
  };
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
