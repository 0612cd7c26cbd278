/** Loads SQL scripts into a throw-away Postgres and looks at what they made. */
import { readFileSync } from "node:fs";
import { openSnapshot, type Scope } from "../snapshot.ts";
import type { Observation } from "../model/database.ts";
import { type Connection, DatabaseError } from "../run/connection.ts";
import { name } from "../sql.ts";
import { Failure } from "./exit.ts";
import { codeOf, utf8 } from "./files.ts";
import type { Output } from "./output.ts";

import { excerpt, Locator } from "./problems.ts";
import { openScratch } from "./scratch.ts";
import { statements, type ScriptStatement } from "./sqlScript.ts";
import { clean } from "./text.ts";

export async function loadScripts(files: readonly string[], scope: Scope, out: Output): Promise<Observation> {
  const scripts = files.map((path) => {
    const text = readScript(path);
    return { path, text, statements: statements(text, (command, start) => refuse(path, text, command, start)) };
  });
  out.note("loading into a throw-away embedded Postgres");
  const connection = await openScratch();
  try {
    for (const { path, text, statements } of scripts)
      for (const statement of statements) await runStatement(connection, path, text, statement, out);
    // What a script set for itself (pg_dump empties the search path) is none of ours; an open transaction is.
    const snapshot = await openSnapshot(connection, scope);
    try {
      return await snapshot.observe();
    } finally {
      await snapshot.close();
    }
  } finally {
    await connection.close().catch(() => {});
  }
}

function readScript(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = codeOf(error);
    throw new Failure(code === "EISDIR" ? `${path} is a folder` : `${path} cannot be read (${code})`);
  }
  const text = utf8(bytes);
  if (text === null) throw new Failure(`${path} is not UTF-8 text`, { help: "dump it with `pg_dump --encoding=UTF8`" });
  return text;
}

/** A command without which the script would make something else than psql makes of it. */
function refuse(path: string, text: string, command: string, start: number): never {
  const { line, column } = new Locator(text).place(start);
  throw new Failure(`${path}:${line}:${column}: \\${command} is psql's, and is not run here`, {
    help: /^i(r|nclude(_relative)?)?$/.test(command)
      ? "remove the line, and name that file too: --sql takes several, in order"
      : "write in its place what it does, as plain SQL; or run the script with psql in an empty database, and import that",
    document: { file: path, line, column },
  });
}

/** `set client_encoding`, `set names`, `set_config('client_encoding', …)` */
const setsEncoding = /\bclient_encoding\b|\bset\s+(?:session\s+|local\s+)?names\b/i;

async function runStatement(
  connection: Connection,
  path: string,
  text: string,
  statement: ScriptStatement,
  out: Output,
): Promise<void> {
  // Roles belong to a whole server, so dumps name them without making them.
  for (let tries = 0; ; tries++) {
    try {
      await connection.query(statement.sql);
      // What a script says of its encoding was so before it was read: it is sent in UTF-8.
      if (setsEncoding.test(statement.sql)) await connection.query("set client_encoding = 'UTF8'");
      return;
    } catch (error) {
      const role =
        error instanceof DatabaseError && error.code === "42704"
          ? /^role "(.*)" does not exist$/.exec(error.message)?.[1]
          : undefined;
      if (role === undefined || tries > 20) throw failure(path, text, statement, error);
      out.detail(`making the role ${role} that ${path} names`);
      await connection.query(`create role ${name(role)}`);
    }
  }
}

function failure(path: string, text: string, statement: ScriptStatement, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  // The server counts characters, we count UTF-16 units.
  const within = error.position === null ? 0 : [...statement.sql].slice(0, error.position - 1).join("").length;
  const locator = new Locator(text);
  const at = statement.start + within;
  const { line, column } = locator.place(at);
  const [source, carets] = excerpt(locator, at, at + 1);
  return new Failure(`${path}:${line}:${column}: ${clean(error.message)}`, {
    details: [`  ${source}`, `  ${carets}`, ...(error.detail === null ? [] : [`  ${clean(error.detail)}`])],
    ...(error.hint === null ? {} : { help: error.hint }),
    cause: error,
    document: { file: path, line, column, sqlstate: error.code },
  });
}
