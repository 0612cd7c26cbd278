/** Declared rows from one text to the next, back, and there again. */
import { expect, test } from "vitest";
import { testMajors } from "../servers/databases.ts";
import { onDatabase } from "./live.ts";
import { planned, settle, sqlOf } from "./said.ts";
import { walk } from "./ways.ts";

/** `sql`: what others do between; `stays`: a query that answers the same all the time. */
export type RowChange = readonly [what: string, before: string, after: string, sql?: string, stays?: string];

export const testRows = (changes: readonly RowChange[]): void =>
  test.each(
    changes.flatMap(([what, before, after, sql, stays]) =>
      testMajors.map((major) => ({ what, before, after, sql, stays, major })),
    ),
  )("$what (PostgreSQL $major)", ({ before, after, sql, stays, major }) =>
    onDatabase(major, async (c) => {
      const others = async (): Promise<unknown> => stays !== undefined && (await c.query(stays))[0]!.rows;
      await settle(c, before);
      if (sql !== undefined) await c.query(sql);
      const kept = await others();
      const there = await settle(c, after);
      await walk(c, there.plan!.down);
      expect(sqlOf(await planned(c, before)), "back").toEqual([]);
      await walk(c, there.plan!.up);
      expect(sqlOf(await planned(c, after)), "again").toEqual([]);
      expect(await others(), "others").toEqual(kept);
    }),
  );
