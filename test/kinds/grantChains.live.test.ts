/** Rights that are granted on by whom they were granted to, and so on: given from above down, taken from below up. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, rolesOnServers, settle, sqlOf } from "./said.ts";

// In an order of names in which nothing comes right by itself.
const [amy, bob, zed] = [`amy_${process.pid}`, `bob_${process.pid}`, `zed_${process.pid}`];
rolesOnServers(amy, bob, zed);
const table = "table t { a int, b int }";
const option = "with grant option";
const start = `${table}
grant usage on schema public to ${zed}`;

test.each(testMajors)("chains come and go (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, start);
    const chain = `${start}
grant select, insert on t to ${bob} ${option}
grant select, insert on t to ${zed} ${option} granted by ${bob}
grant select, insert on t to ${amy} granted by ${zed}`;
    await goAndReturn(c, chain);
    await goAndReturn(c, chain.replaceAll(", insert", ""));
    await goAndReturn(c, chain.replaceAll(", insert", ""));
    await goAndReturn(c, chain);
    // The one in the middle gets it from another.
    await goAndReturn(c, chain.replace(` granted by ${bob}`, ""));
    await goAndReturn(c, chain);
    await goAndReturn(c, start);
    await goAndReturn(c, "table u { a int }");
  }),
);

test.each(testMajors)("columns are granted on by who has the table (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, start);
    const chain = `${start}
grant select, update on t to ${zed} ${option}
grant select (a), update (b) on t to ${amy} granted by ${zed}
grant insert (a) on t to ${zed} ${option}
grant insert (a) on t to ${bob} ${option} granted by ${zed}
grant insert (a) on t to ${amy} granted by ${bob}`;
    await goAndReturn(c, chain);
    await goAndReturn(c, chain.replace("select, update", "select").replace(", update (b)", ""));
    await goAndReturn(c, chain);
    expect(sqlOf(await planned(c, chain))).toEqual([]);
    await goAndReturn(c, start);
  }),
);
