/** Pairs of databases as SQL; each is walked there and back on every major that knows its syntax. */
import { describe, expect, test } from "vitest";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { connected } from "./connection.ts";
import { thereAndBack } from "./ways.ts";

export interface Pair {
  readonly title: string;
  readonly before: string;
  readonly after: string;
  /** First major that has it. */
  readonly since?: number;
  /** A query whose answer must be the same before, in between and after: the rows that stay. */
  readonly rows?: string;
}

/** One database of each sort per major; each pair lives in it alone, because everything is dropped before. */
export function walkPairs(pairs: readonly Pair[]): void {
  describe.each(testMajors)("PostgreSQL %i", (major) => {
    test.each(pairs.filter((p) => (p.since ?? 0) <= major).map((p) => [p.title, p] as const))("%s", (_, pair) =>
      withDatabase(major, (a) =>
        withDatabase(major, (b) =>
          connected(a, (here) =>
            connected(b, async (there) => {
              const rows = async (): Promise<unknown> => (pair.rows ? (await here.query(pair.rows)).at(-1)?.rows : undefined);
              if (pair.before) await here.query(pair.before);
              if (pair.after) await there.query(pair.after);
              const had = await rows();
              const outcome = await thereAndBack(here, there, async () => expect(await rows()).toEqual(had));
              expect({ forward: outcome.forward, back: outcome.back }, outcome.sql.join(";\n")).toEqual({ forward: [], back: [] });
              expect(outcome.sql).not.toEqual([]);
              expect(await rows()).toEqual(had);
            }),
          ),
        ),
      ),
    );
  });
}
