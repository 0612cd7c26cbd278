/** A few hundred pairs in every run of the tests; `npm run laws -- --pairs 10000` for the big run. */
import { describe, expect, test } from "vitest";
import { connect } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { dumpMajor } from "./dump.ts";
import { newTally, runChain } from "./law.ts";
import { lookAround } from "./server.ts";

/** Seeds whose law is known to be broken, with the reason. One that holds again must leave this list. */
const known: Readonly<Record<string, string>> = {};

const pairs = Number(process.env["SCHEMAC_LAW_PAIRS"] ?? 120);
const seed = process.env["SCHEMAC_LAW_SEED"] ?? "ci";

describe.each(testMajors)("the laws on PostgreSQL %i", (major) => {
  test(
    `hold for ${pairs} changes made up from the seed ${seed}`,
    async () => {
      await withDatabase(major, (goalUrl) =>
        withDatabase(major, async (liveUrl) => {
          const [live, goal] = await Promise.all([connect(liveUrl), connect(goalUrl)]);
          try {
            const features = await lookAround(live);
            await lookAround(goal);
            const dumps = dumpMajor();
            const dump = dumps !== null && dumps >= major ? { live: liveUrl, goal: goalUrl } : null;
            const tally = newTally();
            for (let k = 0; tally.pairs < pairs && k < pairs; k++)
              await runChain({ features, live, goal, dump }, `${seed}/${major}/${k}`, 11, tally);
            const failed = tally.failures.filter((f) => known[f.seed] === undefined);
            expect(
              failed.map(
                (f) => `${f.law}: npm run laws -- --major ${major} --again '${f.seed}'\n${f.detail.slice(0, 1500)}`,
              ),
            ).toEqual([]);
            const there = new Set(tally.failures.map((f) => f.seed));
            const ofThisMajor = Object.keys(known).filter((k) => k.startsWith(`${seed}/${major}/`));
            expect(ofThisMajor.filter((k) => !there.has(k))).toEqual([]);
          } finally {
            await Promise.all([live.close(), goal.close()]);
          }
        }),
      );
    },
    15 * 60_000,
  );
});
