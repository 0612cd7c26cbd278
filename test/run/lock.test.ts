import { createServer, connect as connectSocket, type Server, type Socket } from "node:net";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { apply, connect, fromClient, status } from "../../src/run/index.ts";
import { PoolerRefused, RunnerBusy, StoppedPartWay, WrongDatabase } from "../../src/run/errors.ts";
import { serverUrl, testMajors, withDatabase } from "../servers/databases.ts";
import { ask, askText, failure, list, listen, revision, states, tables, tx } from "./base.ts";

describe.each(testMajors)("on PostgreSQL %i", (major) => {
  const on = (test: (url: string) => Promise<void>) => () => withDatabase(major, test);
  const slow = list(
    revision(1),
    revision(2, { up: [tx("create table public.slow ()", "select pg_sleep(0.6)")] }),
    revision(3),
  );

  it(
    "two runners at once run every step once",
    on(async (url) => {
      const heard = listen();
      const all = list(...Array.from({ length: 30 }, (_, i) => revision(i + 1)));
      const results = await Promise.all([
        apply({ url, revisions: all }),
        apply({ url, revisions: all, onEvent: heard.onEvent }),
        apply({ url, revisions: all }),
      ]);
      expect(results.map((r) => r.applied.length).sort()).toEqual([0, 0, 30]);
      expect(await askText(url, "select count(*) from schemac.step")).toBe("30");
    }),
  );

  it(
    "a runner that waits in vain says who holds the lock",
    on(async (url) => {
      const first = await connect(url, { applicationName: "the first" });
      const running = apply(first, slow);
      await new Promise((r) => setTimeout(r, 200));
      const heard = listen();
      const e = await failure(apply({ url, revisions: slow, wait: 150, onEvent: heard.onEvent }));
      expect(e).toBeInstanceOf(RunnerBusy);
      expect([e.exit, e.message]).toEqual([
        4,
        expect.stringMatching(/server process [0-9]+, the first, for [0-9]+ s\) holds the lock/),
      ]);
      expect(heard.kinds()).toContain("waiting");
      expect((await running).applied).toHaveLength(3);
      await first.close();
    }),
  );

  it(
    "one connection cannot be used by two runs",
    on(async (url) => {
      const c = await connect(url);
      const both = await Promise.allSettled([apply(c, slow), apply(c, slow)]);
      expect(both.map((b) => b.status).sort()).toEqual(["fulfilled", "rejected"]);
      await c.close();
      expect(await states(url)).toBe("1:applied 2:applied 3:applied");
    }),
  );

  it(
    "a step is not run when the lock was lost",
    on(async (url) => {
      const c = await connect(url);
      const e = await failure(
        apply(c, list(revision(1, { up: [tx("select pg_advisory_unlock_all()"), tx("create table public.x ()")] }))),
      );
      expect([e.exit, e.message]).toEqual([7, expect.stringMatching(/before step 2 .* no longer holds the lock/)]);
      expect(await tables(url)).toBe("");
      await c.close();
    }),
  );

  it(
    "a step that gives the lock back keeps it to its own end, and is the last",
    on(async (url) => {
      const ours = "from pg_locks where locktype = 'advisory' and objsubid = 2 and granted and pid = pg_backend_pid()";
      const steps = [
        tx(
          `select pg_advisory_unlock(classid::integer, objid::integer) ${ours}`,
          `create table public.held as select count(*) ${ours}`,
        ),
        tx("create table public.x ()"),
      ];
      const e = await failure(apply({ url, revisions: list(revision(1, { up: steps })) }));
      expect([e.exit, e.message]).toEqual([7, expect.stringMatching(/before step 2 .* no longer holds the lock/)]);
      expect(await tables(url)).toBe("held");
      expect(await askText(url, "select count from public.held")).toBe("1");
    }),
  );

  it(
    "a lost connection ends resumably, or is made again",
    on(async (url) => {
      const kill = () =>
        setTimeout(
          () =>
            void ask(url, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'"),
          300,
        );
      const c = await connect(url, { applicationName: "victim" });
      kill();
      const e = await failure(apply(c, slow));
      expect(e).toBeInstanceOf(StoppedPartWay);
      expect([e.exit, e.message]).toEqual([7, expect.stringMatching(/^the connection to the database was lost: /)]);
      await c.close();
      const again = await connect(url, { applicationName: "victim" });
      const heard = listen();
      kill();
      const result = await apply(again, slow, { reconnect: () => connect(url), onEvent: heard.onEvent });
      expect(result.applied.map((r) => r.number)).toEqual(heard.kinds().includes("reconnecting") ? [2, 3] : []);
      expect(await tables(url)).toBe("slow t1 t3");
      await again.close();
    }),
  );

  it(
    "a read-only database is refused before anything is done",
    on(async (url) => {
      const name = new URL(url).pathname.slice(1);
      await ask(serverUrl(major), `alter database ${name} set default_transaction_read_only = on`);
      const e = await failure(apply({ url, revisions: slow }));
      expect(e).toBeInstanceOf(WrongDatabase);
      expect(e.exit).toBe(5);
      expect((await status({ url, revisions: slow })).pending).toHaveLength(3);
    }),
  );

  it("a database that is not in UTF8 is refused", async () => {
    const name = `latin_${process.pid}_${major}`;
    await ask(serverUrl(major), `create database ${name} encoding latin1 locale 'C' template template0`);
    try {
      const url = new URL(serverUrl(major));
      url.pathname = name;
      expect((await failure(apply({ url: url.href, revisions: slow }))).message).toMatch(/encoding is LATIN1/);
    } finally {
      await ask(serverUrl(major), `drop database ${name} with (force)`);
    }
  });

  it(
    "a connection that is in a transaction is refused, and left in it",
    on(async (url) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("begin");
      await client.query("create table public.mine ()");
      expect((await failure(apply({ client, revisions: slow }))).message).toMatch(/in a transaction already/);
      await client.query("rollback");
      expect(await tables(url)).toBe("");
      await client.end();
    }),
  );

  it(
    "a ledger that may not be made is said to be so",
    on(async (url) => {
      await ask(url, `create role p_${process.pid}_${major} login`);
      const own = new URL(url);
      own.username = `p_${process.pid}_${major}`;
      try {
        const e = await failure(apply({ url: own.href, revisions: slow }));
        expect([e.exit, e.message]).toEqual([
          1,
          expect.stringMatching(/ledger could not be made in the schema "schemac" .* permission denied for database/),
        ]);
      } finally {
        await ask(url, `drop role p_${process.pid}_${major}`);
      }
    }),
  );

  it(
    "a ledger of a newer version is left alone",
    on(async (url) => {
      await apply({ url, revisions: list(revision(1)) });
      await ask(url, "update schemac.meta set format = 2");
      expect((await failure(apply({ url, revisions: slow }))).message).toMatch(
        /format 2; this version of schemac knows format 1/,
      );
    }),
  );

  it(
    "the ledger's schema can have any name, and need not be ours to create",
    on(async (url) => {
      const ledger = `My "ledger`;
      await ask(
        url,
        `create role r_${process.pid} login; create schema "My ""ledger"; grant all on schema "My ""ledger", public to r_${process.pid}`,
      );
      const own = new URL(url);
      own.username = `r_${process.pid}`;
      try {
        await apply({ url: own.href, revisions: list(revision(1)), ledger });
        expect((await status({ url: own.href, revisions: list(revision(1)), ledger })).atHead).toBe(true);
        expect(await askText(url, `select db_user from "My ""ledger".revision`)).toBe(`r_${process.pid}`);
      } finally {
        await ask(url, `drop owned by r_${process.pid}; drop role r_${process.pid}`);
      }
    }),
  );

  it(
    "a transaction pooler is refused, a session pooler is not",
    on(async (url) => {
      const one = await pooler(url, "transaction");
      try {
        const e = await failure(apply({ url: one.url, revisions: slow }));
        expect(e).toBeInstanceOf(PoolerRefused);
        const client = new pg.Client({ connectionString: one.url });
        await client.connect();
        expect(await failure(apply(fromClient(client), slow))).toBeInstanceOf(PoolerRefused);
        await client.end();
      } finally {
        one.stop();
      }
      expect(await tables(url)).toBe("");
      const two = await pooler(url, "session");
      try {
        await apply({ url: two.url, revisions: slow });
      } finally {
        two.stop();
      }
      expect(await tables(url)).toBe("slow t1 t3");
    }),
  );
});

/** A pooler in small: says hello with a process number of its own, then passes messages on to one of its server sessions. */
async function pooler(
  target: string,
  mode: "transaction" | "session",
): Promise<{ readonly url: string; readonly stop: () => void }> {
  const at = new URL(target);
  const idle: Socket[] = [];
  const all: Socket[] = [];
  const open = async (): Promise<Socket> => idle.shift() ?? fresh();
  const fresh = async (): Promise<Socket> => {
    const s = connectSocket(Number(at.port), at.hostname);
    all.push(s);
    const body = Buffer.from(`user\0postgres\0database\0${at.pathname.slice(1)}\0\0`);
    const head = Buffer.alloc(8);
    head.writeInt32BE(body.length + 8, 0);
    head.writeInt32BE(196608, 4);
    s.write(Buffer.concat([head, body]));
    await new Promise<void>((done) => {
      const read = (b: Buffer): void => {
        if (b.at(-6) === 0x5a) {
          s.removeListener("data", read);
          done();
        }
      };
      s.on("data", read);
    });
    return s;
  };
  const server: Server = createServer((client) => {
    all.push(client);
    client.on("error", () => {});
    let greeted = false;
    let upstream: Socket | null = null;
    const back = (b: Buffer): void => {
      client.write(b);
      // ReadyForQuery outside a transaction: the server session goes back to the others.
      if (b.at(-6) === 0x5a && b.at(-1) === 0x49 && mode === "transaction" && upstream !== null) {
        upstream.removeListener("data", back);
        idle.push(upstream);
        upstream = null;
      }
    };
    client.on("data", (b: Buffer) => {
      void (async () => {
        if (!greeted && b.readInt32BE(4) === 80877103) return void client.write("N");
        if (!greeted) {
          greeted = true;
          // Whoever leaves in the middle of an answer takes a session along.
          while (idle.length < 2) idle.push(await fresh());
          const key = Buffer.from("4b0000000c0001869f00000001", "hex");
          return void client.write(
            Buffer.concat([Buffer.from("520000000800000000", "hex"), key, Buffer.from("5a0000000549", "hex")]),
          );
        }
        if (b[0] === 0x58) return void client.end();
        if (upstream === null) {
          upstream = await open();
          upstream.on("data", back);
        }
        upstream.write(b);
      })();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `postgres://postgres@127.0.0.1:${port}${at.pathname}`,
    stop: () => {
      for (const s of all) s.destroy();
      server.close();
    },
  };
}
