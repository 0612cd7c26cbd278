/** Databases in another encoding than UTF8: what is said of them before anything is written. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { serverUrl, testMajors } from "../servers/databases.ts";
import { project as projectOf, revisions } from "./project.ts";
import { folders } from "./support.ts";

const folder = folders();

test.each(["LATIN1", "SQL_ASCII"])("a database in %s", async (encoding) => {
  const server = serverUrl(testMajors.at(-1)!);
  const url = new URL(server);
  url.pathname = `/encoding_${process.pid}_${encoding.toLowerCase()}`;
  const database = url.pathname.slice(1);
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${database} encoding '${encoding}' locale 'C' template template0`);
  try {
    const { cwd, run } = projectOf(folder, url.href);
    for (const args of [
      ["plan"],
      ["plan", "--check"],
      ["import", "--out", "found"],
      ["baseline"],
      ["apply"],
      ["status"],
    ]) {
      const ran = await run(...args);
      expect([args, ran.code, ran.err]).toEqual([
        args,
        1,
        expect.stringContaining(`the database's encoding is ${encoding}; schemac works with UTF8 only`),
      ]);
    }
    expect([revisions(cwd), existsSync(join(cwd, "found"))]).toEqual([[], false]);
  } finally {
    await client.query(`drop database ${database} with (force)`);
    await client.end();
  }
});
