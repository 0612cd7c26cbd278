/** Runs that go on after a lost connection: they do what they set out to do, no more, and say what stays when they cannot. */
import { describe, expect, it } from "vitest";
import { apply, connect, rollback } from "../../src/run/index.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { ask, list, listen, revision, states, tables, tx } from "./base.ts";

const tries = "create sequence public.tries";
/** Ends its own session the first times; a sequence counts on, whatever becomes of the transaction. */
const dies = (times = 1): string =>
  `select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()) from (select pg_catalog.nextval('public.tries') as n offset 0) x where n <= ${times}`;

describe.each(testMajors)("after a lost connection on PostgreSQL %i", (major) => {
  const on = (fn: (url: string) => Promise<void>) => () => withDatabase(major, fn);

  it(
    "a relative target still means what it meant at the start",
    on(async (url) => {
      await ask(url, tries);
      const all = list(
        revision(1),
        revision(2, {
          up: [tx(dies(), "create table public.t2 ()")],
          down: [tx(dies(2), "drop table public.t2")],
        }),
        revision(3),
        revision(4),
      );
      const up = listen();
      const applied = await apply({ url, revisions: all, target: "+2", onEvent: up.onEvent });
      expect(up.kinds()).toContain("reconnecting");
      expect(applied.applied.map((r) => r.number)).toEqual([1, 2]);
      expect(applied.pending.map((r) => r.number)).toEqual([3, 4]);
      expect(await states(url)).toBe("1:applied 2:applied");

      await apply({ url, revisions: all, target: "+1" });
      const down = listen();
      await ask(url, "alter sequence public.tries restart with 2");
      const undone = await rollback({ url, revisions: all, target: "-2", onEvent: down.onEvent });
      expect(down.kinds()).toContain("reconnecting");
      expect(undone.undone.map((r) => r.number)).toEqual([3, 2]);
      expect(undone.current.map((r) => r.number)).toEqual([1]);
      expect(await tables(url)).toBe("t1");
    }),
  );

  it(
    "what another run did meanwhile is not done again, and not undone",
    on(async (url) => {
      await ask(url, tries);
      const all = list(
        revision(1),
        revision(2, { down: [tx(dies(), "drop table public.t2")] }),
        revision(3),
        revision(4),
      );
      await apply({ url, revisions: all, target: "3" });
      const c = await connect(url);
      // The revision undone before the loss is applied again by somebody else, and stands on the one still to be undone.
      const again = rollback(c, all, {
        target: "-2",
        reconnect: async () => {
          await apply({ url, revisions: all, target: "+1" });
          return connect(url);
        },
      });
      await expect(again).rejects.toMatchObject({
        exit: 7,
        message: expect.stringMatching(
          /before revision 0002_r2 was done, and meanwhile another run changed/,
        ) as unknown,
      });
      await c.close();
      expect(await states(url)).toBe("1:applied 2:applied 3:applied");
    }),
  );
});
