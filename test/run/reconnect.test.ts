/** Runs that go on after a lost connection: they do what they set out to do, no more, and say what stays when they cannot. */
import { describe, expect, it } from "vitest";
import type { Step } from "../../src/revision/format.ts";
import type { RevisionList } from "../../src/revision/list.ts";
import { CannotConnect, DatabaseGone, Interrupted, StoppedPartWay, type RevisionName } from "../../src/run/errors.ts";
import {
  apply,
  connect,
  ConnectionLost,
  rollback,
  stamp,
  type Connection,
  type StampOptions,
} from "../../src/run/index.ts";
import { lockInScript } from "../../src/run/lock.ts";
import { testMajors, withDatabase } from "../servers/databases.ts";
import { ask, dies, failure, list, listen, revision, states, tables, tries, tx } from "./base.ts";

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

  it(
    "a step that ends its own session is not tried for ever",
    on(async (url) => {
      await ask(url, tries);
      const all = list(
        revision(1),
        revision(2, {
          // Each of the first two is committed in the end, and then losses are counted from the beginning.
          up: [
            tx(dies(1), "create table public.a ()"),
            tx(dies(4), "create table public.b ()"),
            tx(dies(99), "create table public.c ()"),
          ],
        }),
      );
      const heard = listen();
      const e = await failure(
        apply({ url, revisions: all, onEvent: heard.onEvent, reconnectFor: 0, reconnect: few(url) }),
      );
      expect(e).toBeInstanceOf(StoppedPartWay);
      expect([e.exit, e.message]).toEqual([
        7,
        "the connection to the database was lost 3 times in a row, and step 3 of 3 of revision 0002_r2 (up) was not committed",
      ]);
      expect((e as StoppedPartWay).place).toMatchObject({ step: 3, kind: "transaction" });
      expect(await tables(url)).toBe("a b t1");
      expect(heard.events.filter((h) => h.kind === "reconnecting")).toHaveLength(6);
    }),
  );

  it(
    "outside a transaction neither",
    on(async (url) => {
      await ask(url, tries);
      const step: Step = { kind: "outside", statement: dies(99), probe: "select null::boolean" };
      const e = await failure(
        apply({ url, revisions: list(revision(1, { up: [step] })), reconnectFor: 0, reconnect: few(url) }),
      );
      expect([e.exit, e.message]).toEqual([7, expect.stringMatching(/lost 3 times in a row, and step 1 of 1/)]);
    }),
  );

  const half = list(
    revision(1),
    revision(2, { up: [tx("create table public.a ()"), tx(dies(), "create table public.b ()")] }),
  );

  it(
    "another runner that has the lock then is told of as a run that stopped part-way",
    on(async (url) => {
      await ask(url, tries);
      const other = await connect(url);
      const e = await failure(
        apply({
          url,
          revisions: half,
          wait: 0,
          reconnect: async () => {
            await other.query(lockInScript);
            return connect(url);
          },
        }),
      );
      expect(e).toBeInstanceOf(StoppedPartWay);
      expect([e.exit, e.message]).toEqual([
        7,
        expect.stringMatching(
          /^the connection was lost part-way, and now another runner .* holds the lock of this database; what this run committed stays, and how far/,
        ),
      ]);
      expect(e.advice).not.toMatch(/Nothing was changed/);
      expect(await tables(url)).toBe("a t1");
      await other.close();
    }),
  );

  it(
    "an interrupt while connecting again ends the run at once, and says what stays",
    on(async (url) => {
      for (const way of ["refused", "silent", "late"] as const) {
        await ask(url, "drop schema if exists schemac cascade; drop schema public cascade; create schema public");
        await ask(url, tries);
        const stop = new AbortController();
        const c = await connect(url);
        const e = await failure(
          apply(c, half, {
            signal: stop.signal,
            reconnect: () => {
              stop.abort();
              if (way === "refused") return Promise.reject(new Error("nobody there"));
              return way === "silent" ? new Promise(() => {}) : connect(url);
            },
          }),
        );
        await c.close();
        expect(e, way).toBeInstanceOf(Interrupted);
        expect([e.exit, e.message]).toEqual([130, expect.stringMatching(/what this run committed stays, and how far/)]);
        expect(await tables(url)).toBe("a t1");
      }
    }),
  );

  it(
    "an interrupt when nothing was sent yet says that too",
    on(async (url) => {
      const other = await connect(url);
      await other.query(lockInScript);
      const stop = new AbortController();
      const c = await connect(url, { applicationName: "victim" });
      const e = await failure(
        apply(c, half, {
          signal: stop.signal,
          onEvent: (event) => {
            if (event.kind === "waiting")
              void ask(url, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'");
          },
          reconnect: () => (stop.abort(), Promise.reject(new Error("nobody there"))),
        }),
      );
      expect([e.exit, e.message]).toEqual([130, expect.stringMatching(/connecting again.*; nothing was run$/)]);
      await c.close();
      await other.close();
    }),
  );

  /** A run whose second step ends its session, and which then is refused like this. */
  const refusedWith = async (url: string, ...refusals: readonly (readonly [string, string])[]) => {
    await ask(url, "drop schema if exists schemac cascade; drop schema public cascade; create schema public");
    await ask(url, tries);
    const left = [...refusals];
    const heard = listen();
    const c = await connect(url);
    const reconnect = (): Promise<Connection> => {
      const [code, message] = left.shift() ?? [];
      if (code === undefined) return connect(url);
      // As connect tells it, with the server's own words beneath.
      return Promise.reject(
        new CannotConnect(`cannot connect: ${message}`, "", Object.assign(new Error(message), { code })),
      );
    };
    const e = await failure(apply(c, half, { reconnect, onEvent: heard.onEvent })).finally(() => c.close());
    const attempts = heard.events.filter((h) => h.kind === "reconnecting");
    return { e, attempts };
  };

  it(
    "a server that refuses for good is asked once, and the run says why it stopped",
    on(async (url) => {
      for (const [code, message] of [
        ["28P01", "password authentication failed"],
        ["28000", 'role "deployer" does not exist'],
        ["42501", "permission denied for database"],
      ] as const) {
        const { e, attempts } = await refusedWith(url, [code, message]);
        expect(e).toBeInstanceOf(StoppedPartWay);
        expect([e.exit, e.message]).toEqual([
          7,
          expect.stringMatching(`lets no new one in: cannot connect: ${message}`),
        ]);
        expect(e.advice).toMatch(/^What this run committed stays.*Put that right.*safe to resume/);
        expect(attempts).toHaveLength(1);
        expect(await tables(url)).toBe("a t1");
      }
      const { e, attempts } = await refusedWith(url, ["3D000", 'database "shop" does not exist']);
      expect(e).toBeInstanceOf(DatabaseGone);
      expect([e.exit, e.message]).toEqual([1, expect.stringMatching(/no longer there: .*"shop" does not exist/)]);
      expect(e.advice).not.toMatch(/resume/);
      expect(attempts).toHaveLength(1);
    }),
  );

  it(
    "what passes is tried again, and each attempt tells why the one before failed",
    on(async (url) => {
      const passing = [
        ["57P03", "the database system is starting up"],
        ["53300", "sorry, too many clients already"],
        ["ECONNREFUSED", "connect ECONNREFUSED"],
      ] as const;
      // In the end it is refused, which ends the run.
      const { e, attempts } = await refusedWith(url, ...passing, ["28000", "no"]);
      expect(e.message).toMatch(/lets no new one in/);
      expect(attempts.map((a) => a.refusal)).toEqual([null, ...passing.map(([, m]) => `cannot connect: ${m}`)]);
    }),
  );

  it(
    "what does not pass in time is told as why",
    on(async (url) => {
      await ask(url, tries);
      const c = await connect(url);
      const reconnect = (): Promise<Connection> => Promise.reject(new Error("nobody there"));
      const e = await failure(apply(c, half, { reconnect, reconnectFor: 0 })).finally(() => c.close());
      expect([e.exit, e.message]).toEqual([
        7,
        expect.stringMatching(/was lost: .*; and no new one could be made: nobody there$/),
      ]);
    }),
  );

  it(
    "a stamp that was committed before the loss is told all the same",
    on(async (url) => {
      const again = async (
        target: string,
        revisions: RevisionList,
        more: StampOptions = {},
      ): Promise<Record<string, readonly number[]>> => {
        const c = await connect(url);
        const reconnect = async (): Promise<Connection> => (await c.close(), connect(url));
        const told = await stamp(losing(c, /commit$/), revisions, target, { ...more, reconnect });
        return Object.fromEntries(
          Object.entries(told).map(([k, all]) => [k, (all as RevisionName[]).map((r) => r.number)]),
        );
      };
      const all = list(revision(1), revision(2), revision(3));
      expect(await again("2", all)).toEqual({ stamped: [1, 2], unstamped: [], forgotten: [] });
      expect(await again("1", all)).toEqual({ stamped: [], unstamped: [2], forgotten: [] });
      const other = list(revision(4, { parents: [] }));
      expect(await again("head", other, { purge: true })).toEqual({ stamped: [4], unstamped: [], forgotten: [1, 2] });
    }),
  );

  it(
    "files that no longer fit are told of without saying that nothing was run",
    on(async (url) => {
      await ask(url, tries);
      const c = await connect(url);
      const e = await failure(
        apply(c, half, {
          reconnect: async () => {
            const other = await connect(url);
            await stamp(other, list(revision(1), revision(2, { up: [tx("select 2")] })), "head");
            return other;
          },
        }),
      );
      expect([e.exit, e.advice]).toEqual([
        6,
        expect.stringMatching(/^What this run committed before stays\. Restore /),
      ]);
      await c.close();
    }),
  );
});

/** A connection that is lost between the first answer of this kind and whoever waits for it. */
function losing(connection: Connection, sent: RegExp): Connection {
  let lost = false;
  const query: Connection["query"] = async (sql) => {
    if (lost) throw new ConnectionLost("lost");
    const answer = await connection.query(sql);
    lost = sent.test(sql);
    if (lost) throw new ConnectionLost("lost");
    return answer;
  };
  return { ...connection, query };
}

/** Twelve more connections, and no more. */
function few(url: string): () => Promise<Connection> {
  let opened = 0;
  return () => (++opened > 12 ? Promise.reject(new Error("for ever")) : connect(url));
}
