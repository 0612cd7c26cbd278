/** Settings that somebody gave a role or a database, which are none of a project's. */
import pg from "pg";
import { expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { project as projectOf } from "./project.ts";
import { folders } from "./support.ts";

const folder = folders();

test.each(testMajors)("where new tables go: what is planned is there then (PostgreSQL %i)", (major) =>
  withDatabase(major, async (url) => {
    const { run } = projectOf(
      folder,
      url,
      "table t {\n  a int\n  index on (a)\n}\nmaterialized view v as $$ select a from t $$\n",
    );
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const database = client.escapeIdentifier(client.database!);
    await client.query("set allow_in_place_tablespaces = on");
    await client.query("create tablespace cli_elsewhere location ''").catch(() => undefined);
    await client.query("create access method other type table handler heap_tableam_handler");
    await client.query(`alter database ${database} set default_table_access_method = other`);
    await client.query(`alter role current_user in database ${database} set default_tablespace = cli_elsewhere`);
    await client.end();
    const plan = await run("plan", "-m", "start");
    expect(plan).toMatchObject({ code: 0, err: "" });
    expect(await run("apply")).toMatchObject({ code: 0 });
    expect(await run("plan", "--check")).toMatchObject({ code: 0 });
  }),
);
