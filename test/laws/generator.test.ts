/** The generator itself: what it makes up is valid, varied and the same for the same seed. */
import { expect, test, describe } from "vitest";
import { connect } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { generate } from "./generate.ts";
import { mutate } from "./mutate.ts";
import { render } from "./render.ts";
import { lateNotNulls } from "./render-tables.ts";
import { lookAroundAt, reset } from "./server.ts";
import { worldOf } from "./world.ts";

describe.each(testMajors)("on PostgreSQL %i", (major) => {
  test("every database it makes up can be made", async () => {
    await withDatabase(major, async (url) => {
      const failures: string[] = [];
      const features = await lookAroundAt(url);
      for (let i = 0; i < 40; i++) {
        const a = generate(`self/${i}`, features);
        expect(generate(`self/${i}`, features)).toEqual(a);
        const b = mutate(`self/${i}/b`, features, a);
        for (const [name, d] of [
          [`self/${i}`, a],
          [`self/${i}/b`, b],
        ] as const) {
          const connection = await connect(url);
          let last = "";
          try {
            const w = worldOf(features, d);
            await reset(async (sql) => void (await connection.query(sql)));
            for (last of [...render(w), ...lateNotNulls(w)]) await connection.query(last);
          } catch (e) {
            failures.push(`seed ${name}: ${e instanceof Error ? e.message : String(e)}\n${last}`);
          } finally {
            await connection.close();
          }
        }
      }
      expect(failures).toEqual([]);
    });
  }, 180_000);
});
