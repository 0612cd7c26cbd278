/** Partitions that come beside a default partition: Postgres looks through its rows. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { goAndReturn, planned, settle } from "./said.ts";
import { walk, walkWatched } from "./ways.ts";

const log = (more: string): string =>
  `table log partition by range (at) { id int, at int }\npartition rest of log default\ntable old { id int, at int }\n${more}`;
const small = "partition small of log for (1) to (10)";

test.each(testMajors)("the default partition is locked, read, and may refuse it (PostgreSQL %i)", (major) =>
  onDatabase(major, async (c) => {
    await settle(c, log(""));
    await c.query("insert into log values (1, 50)");
    const { plan } = await planned(c, log(small));
    const attach = plan!.up.steps.flatMap((s) => s.actions).find((a) => a.sql.includes("attach"))!;
    expect([attach.lock, attach.cost, attach.on.map((id) => "name" in id && id.name)]).toEqual([
      "access exclusive",
      "scan",
      ["log", "rest"],
    ]);
    expect(attach.hazards.map((h) => [h.code, "name" in h.on && h.on.name])).toEqual([["may-fail", "rest"]]);
    expect(await walkWatched(c, plan!.up)).toEqual([]);
    // The way back drops it; one that stays is detached.
    expect(await walkWatched(c, plan!.down)).toEqual([]);
    await walk(c, plan!.up);
    const apart = await planned(c, log("table small { id int, at int }"));
    expect(await walkWatched(c, apart.plan!.up)).toEqual([]);
    await settle(c, log(""));
    await goAndReturn(c, log(small));
    const old = "partition old of log for (40) to (60)";
    const next = await planned(c, log(`${small}\n${old}`).replace("table old { id int, at int }\n", ""));
    expect(next.plan!.up.hazards.map((h) => "name" in h.on && h.on.name)).toEqual(["old", "rest"]);
    await expect(walk(c, next.plan!.up)).rejects.toThrow("would be violated by some row");
  }),
);

test("one that is new with its table is only attached", () =>
  onDatabase(testMajors[0]!, async (c) => {
    const { plan } = await planned(c, log(small));
    expect(plan!.up.hazards).toEqual([]);
  }));
