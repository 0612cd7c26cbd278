/** Pairs of databases as SQL; each is walked there and back on every major that knows its syntax. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../src/run/connection.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { connected } from "./connection.ts";
import { observe } from "./live.ts";
import { readAgain } from "./texts.ts";
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

/** Takes away all that a pair made. */
const clean = `do $$ declare n text; begin
  for n in select format('%I.%I', nspname, relname) from pg_class c join pg_namespace s on s.oid = relnamespace
      where relkind = 'r' and nspname !~ '^(pg_|information_schema)' loop
    execute format('drop table if exists %s cascade', n);
  end loop;
  for n in select extname from pg_extension where extname <> 'plpgsql' loop execute format('drop extension %I cascade', n); end loop;
  for n in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
    execute format('drop schema %I cascade', n);
  end loop;
end $$; create schema public; set client_min_messages = error`;

/** Each side is written as text and read again, then one is led to the other and back. Two databases per major serve all pairs, one after the other. */
export function walkPairs(pairs: readonly Pair[]): void {
  describe.each(testMajors)("PostgreSQL %i", (major) => {
    let here: Connection;
    let there: Connection;
    let finish = (): void => {};
    let finished: Promise<unknown>;
    beforeAll(
      () =>
        new Promise<void>((ready, failed) => {
          finished = withDatabase(major, (a) =>
            withDatabase(major, (b) =>
              connected(a, (x) =>
                connected(b, (y) => {
                  here = x;
                  there = y;
                  ready();
                  return new Promise<void>((resolve) => (finish = resolve));
                }),
              ),
            ),
          );
          finished.catch(failed);
        }),
    );
    afterAll(async () => {
      finish();
      await finished;
    });

    test.each(pairs.filter((p) => (p.since ?? 0) <= major).map((p) => [p.title, p] as const))("%s", async (_, pair) => {
      await here.query(clean);
      await there.query(clean);
      const rows = async (): Promise<unknown> => (pair.rows ? (await here.query(pair.rows)).at(-1)?.rows : undefined);
      if (pair.before) await here.query(pair.before);
      if (pair.after) await there.query(pair.after);
      const had = await rows();
      for (const side of [here, there]) {
        const { text, problems, lost } = await readAgain(await observe(side, {}, true));
        expect({ problems, lost }, text).toEqual({ problems: [], lost: [] });
      }
      const { forward, back, lies, sql } = await thereAndBack(here, there, async () =>
        expect(await rows()).toEqual(had),
      );
      expect({ forward, back, lies }, sql.join(";\n")).toEqual({ forward: [], back: [], lies: [] });
      expect(sql).not.toEqual([]);
      expect(await rows()).toEqual(had);
    });
  });
}
