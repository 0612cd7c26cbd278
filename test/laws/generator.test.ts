/** The generator itself: what it makes up is valid, varied and the same for the same seed. */
import { expect, test, describe } from "vitest";
import { connect } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { generate } from "./generate.ts";
import { mutate } from "./mutate.ts";
import { lateNotNulls, render } from "./render.ts";
import { lookAround, reset } from "./server.ts";
import { worldOf } from "./world.ts";

describe.each(testMajors)("on PostgreSQL %i", (major) => {
  test("every database it makes up can be made", async () => {
    await withDatabase(major, async (url) => {
      const client = await connect(url);
      const run = async (sql: string): Promise<void> => void (await client.query(sql));
      try {
        const failures: string[] = [];
        const features = await lookAround(client);
        for (let i = 0; i < Number(process.env["N"] ?? 40); i++) {
          const a = generate(`self/${i}`, features);
          expect(generate(`self/${i}`, features)).toEqual(a);
          const b = mutate(`self/${i}/b`, features, a);
          for (const d of [a, b]) {
            await reset(run);
            const w = worldOf(features, d);
            for (const sql of [...render(w), ...lateNotNulls(w)])
              try {
                await run(sql);
              } catch (e) {
                failures.push(
                  `seed self/${i}${d === b ? "/b" : ""}: ${e instanceof Error ? e.message : String(e)}\n${sql}`,
                );
                break;
              }
          }
        }
        expect(failures).toEqual([]);
      } finally {
        await client.close();
      }
    });
  });
});
