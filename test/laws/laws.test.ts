/** A few hundred pairs in every run of the tests; `npm run laws -- --pairs 10000` for the big run. */
import { describe, expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { dumpMajor } from "./dump.ts";
import { newTally, runChain } from "./law.ts";
import { lookAroundAt } from "./server.ts";

/** Seeds whose law is known to be broken, with the reason. One that holds again must leave this list. */
const known: Readonly<Record<string, string>> = {};
/** Those that only pg_dump sees. */
const knownToDump: Readonly<Record<string, string>> = {};

const pairs = Number(process.env["SCHEMAC_LAW_PAIRS"] ?? 120);
const seed = process.env["SCHEMAC_LAW_SEED"] ?? "ci";

describe.each(testMajors)("the laws on PostgreSQL %i", (major) => {
  test(
    `hold for ${pairs} changes made up from the seed ${seed}`,
    async () => {
      await withDatabase(major, (goalUrl) =>
        withDatabase(major, async (liveUrl) => {
          const features = await lookAroundAt(liveUrl);
          await lookAroundAt(goalUrl);
          const dumpsOf = dumpMajor();
          const setup = {
            features,
            live: liveUrl,
            goal: goalUrl,
            dumps: dumpsOf !== null && dumpsOf >= major ? 0.2 : null,
            analyses: new Map(),
          };
          const tally = newTally();
          for (let k = 0; tally.pairs < pairs && k < pairs; k++)
            await runChain(setup, `${seed}/${major}/${k}`, 11, tally);
          const expected = setup.dumps !== null ? { ...known, ...knownToDump } : known;
          const failed = tally.failures.filter((f) => expected[f.seed] === undefined);
          expect(
            failed.map(
              (f) => `${f.law}: npm run laws -- --major ${major} --again '${f.seed}'\n${f.detail.slice(0, 1500)}`,
            ),
          ).toEqual([]);
          const there = new Set(tally.failures.map((f) => f.seed));
          const ofThisMajor = Object.keys(expected).filter((k) => k.startsWith(`${seed}/${major}/`));
          expect(ofThisMajor.filter((k) => !there.has(k))).toEqual([]);
        }),
      );
    },
    15 * 60_000,
  );
});
