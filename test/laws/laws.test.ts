/** A few hundred pairs in every run of the tests; `npm run laws -- --pairs 10000` for the big run. */
import { describe, expect, test } from "vitest";
import { connect } from "../../src/run/index.ts";
import { startServer, type Major } from "../servers/servers.ts";
import { serverUrl, testMajors } from "../servers/databases.ts";
import { dumpMajor } from "./dump.ts";
import { Places, type Server } from "./jobs.ts";
import { newTally, runChain } from "./law.ts";

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
      // Roles belong to a server: each side has one, so that each can have roles of its own.
      const server = await startServer(major as Major);
      const sides: Server[] = [];
      let places: Places | null = null;
      try {
        for (const url of [serverUrl(major), server.url]) sides.push({ url, admin: await connect(url) });
        places = new Places(sides[0]!, sides[1]);
        const place = await places.make(0);
        const dumpsOf = dumpMajor();
        const setup = {
          ...place,
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
      } finally {
        await places?.drop();
        for (const { admin } of sides) await admin.close();
        await server.stop();
      }
    },
    15 * 60_000,
  );
});
