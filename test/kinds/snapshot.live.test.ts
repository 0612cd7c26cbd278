/** How a catalog is read: on one connection or two, and what is in its cells. */
import { expect, test } from "vitest";
import { ofKind } from "../../src/model/database.ts";
import { openSnapshot } from "../../src/snapshot.ts";
import { connect } from "../../src/run/connect.ts";
import type { Connection } from "../../src/run/connection.ts";
import { name, literal } from "../../src/sql.ts";
import { testMajors, whileRolesStay, withDatabase } from "../servers/databases.ts";

const digestOn = async (connection: Connection): Promise<string> => {
  const snapshot = await openSnapshot(connection);
  try {
    await snapshot.start();
    return (await snapshot.observe()).digest;
  } finally {
    await snapshot.close();
  }
};

test.each(testMajors)(
  "PostgreSQL %i: a large catalog reads the same on two connections and on one",
  { timeout: 120_000 },
  (major) =>
    withDatabase(major, (url) =>
      whileRolesStay(url, async () => {
        const connection = await connect(url);
        try {
          const columns = Array.from({ length: 1200 }, (_, i) => `c${i} int`).join(", ");
          for (let i = 0; i < 12; i++)
            await connection.query(
              `create table public.t${i} (${columns}, check (c1 > ${i})); create index on public.t${i} (c2)`,
            );
          const { twin, ...alone } = connection;
          const one = await digestOn(alone);
          let opened = 0;
          const open = (): Promise<Connection> => (opened++, twin!());
          expect(await digestOn({ ...connection, twin: open })).toBe(one);
          expect(opened, "a second connection was opened").toBe(1);

          const refused = (): Promise<Connection> => Promise.reject(new Error("too many connections"));
          expect(await digestOn({ ...connection, twin: refused })).toBe(one);
          expect(await digestOn({ ...connection, twin: () => new Promise(() => {}) })).toBe(one);
          const broken = async (): Promise<Connection> => ({
            ...(await twin!()),
            copyOut: () => Promise.reject(new Error("no such snapshot")),
          });
          expect(await digestOn({ ...connection, twin: broken })).toBe(one);

          // What is done by others meanwhile is seen by neither.
          const [snapshot, other] = [await openSnapshot(connection), await connect(url)];
          await other.query("create index later on public.t0 (c3)");
          expect((await snapshot.observe()).digest).toBe(one);
          await snapshot.close();
          await other.close();
        } finally {
          await connection.close();
        }
      }),
    ),
);

test.each(testMajors)("PostgreSQL %i: every character comes through", (major) =>
  withDatabase(major, async (url) => {
    const connection = await connect(url);
    try {
      const texts = [
        "\u001f",
        "\u0002",
        "\u0002\u0002",
        "\u0003",
        "\n",
        "\r\n",
        "\\.",
        "\\N",
        "\t",
        '"',
        ",",
        "é€😀",
        " ",
        "a\u0003b",
      ];
      for (const [i, t] of texts.entries())
        await connection.query(
          `create table public.${name(t)} (${name(t)} text default ${literal(t)}); comment on table public.${name(t)} is ${literal(`${t}${i}${t}`)}`,
        );
      const snapshot = await openSnapshot(connection);
      const { database } = await snapshot.observe();
      expect(
        ofKind(database, "table")
          .map((o) => o.id.name)
          .sort(),
      ).toEqual([...texts].sort());
      expect(
        ofKind(database, "column")
          .map((o) => o.id.name)
          .sort(),
      ).toEqual([...texts].sort());
      expect(
        ofKind(database, "comment")
          .map((o) => o.attributes.text)
          .sort(),
      ).toEqual(texts.map((t, i) => `${t}${i}${t}`).sort());
      await snapshot.close();
    } finally {
      await connection.close();
    }
  }),
);

test.each(testMajors)("PostgreSQL %i: who may not ask the server about itself sees all the same", (major) =>
  withDatabase(major, async (url) => {
    const c = await connect(url);
    const functions = ["pg_current_wal_insert_lsn()", "pg_postmaster_start_time()", "pg_export_snapshot()"];
    const role = `asks_little_${process.pid}_${major}`;
    await c.query("create table public.t (a int)");
    try {
      await c.query(`revoke execute on function ${functions.map((f) => `pg_catalog.${f}`).join(", ")} from public`);
      await c.query(`create role ${role}; set role ${role}`);
      const snapshot = await openSnapshot(c);
      expect(snapshot.untouched).toBe(null);
      expect(ofKind((await snapshot.observe()).database, "table").map((t) => t.id.name)).toEqual(["t"]);
      await snapshot.close();
    } finally {
      await c.query(`reset role; drop role if exists ${role}`);
      await c.close();
    }
  }),
);
