/** Processes that try chains side by side, each in a pair of databases of its own. */
import { fork, type ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import type { Connection } from "../../src/run/index.ts";
import type { Tally } from "./law.ts";
import { lookAroundAt } from "./server.ts";
import type { Answer, Order } from "./shard.ts";

/** A job's two databases, and what can be made in them. */
export type Place = Pick<Order["setup"], "features" | "live" | "goal" | "apart">;
/** A server that databases can be made on. */
export interface Server {
  readonly admin: Connection;
  readonly url: string;
}

/** The databases of this run, numbered by job: the live ones, and on a server of their own, if there is one, those that must come out. */
export class Places {
  readonly #live: Server;
  readonly #goal: Server;
  readonly #made = new Map<string, Server>();
  constructor(live: Server, goal: Server = live) {
    this.#live = live;
    this.#goal = goal;
  }

  /** Makes a job's databases, anew when they are there. */
  async make(job: number): Promise<Place> {
    const make = async (side: string, server: Server): Promise<string> => {
      const database = `laws_${side}_${process.pid}_${job}`;
      this.#made.set(database, server);
      await server.admin.query(`drop database if exists ${database} with (force)`);
      await server.admin.query(`create database ${database} template template0`);
      return Object.assign(new URL(server.url), { pathname: "/" + database }).href;
    };
    const live = await make("live", this.#live);
    const goal = await make("goal", this.#goal);
    await lookAroundAt(goal);
    return { features: await lookAroundAt(live), live, goal, apart: this.#live !== this.#goal };
  }

  async drop(): Promise<void> {
    for (const [database, { admin }] of this.#made)
      await admin.query(`drop database if exists ${database} with (force)`);
    this.#made.clear();
  }
}

/** Chains that a job tries in the same databases: dropped rows stay in the catalogs and make every look at them slower. */
const chainsPerPlace = 5;

const root = fileURLToPath(new URL("../..", import.meta.url));

/** shard.ts and all it imports as one file, beside the packages that it needs: as separate sources it is a fifth slower. */
async function bundleShard(): Promise<{ readonly file: string; readonly remove: () => void }> {
  const folder = join(root, "node_modules", ".cache", `schemac-laws-${process.pid}`);
  const bundle = await rolldown({
    cwd: root,
    input: join(root, "test", "laws", "shard.ts"),
    platform: "node",
    external: (id) => !/^[./\0]|^[a-z]:[\\/]/i.test(id),
  });
  await bundle.write({ dir: folder, format: "esm", codeSplitting: false });
  await bundle.close();
  return { file: join(folder, "shard.js"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface Work {
  readonly jobs: number;
  /** At least so many pairs. */
  readonly pairs: number;
  /** But no new chain from then on; milliseconds as of Date.now(). */
  readonly until: number;
  readonly length: number;
  readonly dumps: Order["setup"]["dumps"];
  readonly seedOf: (chain: number) => string;
  /** Chains that are in the tally already; those that end are put in. */
  readonly ended: Set<number>;
}

/**
 * Tries chains until there are enough pairs. The next chain goes to the job that is free; which chains are tried depends on
 * nothing but the seed, for one that may turn out not to be needed waits until that is known.
 */
export class Jobs {
  readonly #places: Places;
  readonly #children = new Set<ChildProcess>();
  constructor(places: Places) {
    this.#places = places;
  }

  /** `seen` is called for each chain that was added to the tally. */
  async run(work: Work, tally: Tally, seen: () => void): Promise<void> {
    let following = 0;
    let running = 0;
    const wake: (() => void)[] = [];
    const next = async (): Promise<number | null> => {
      for (;;) {
        if (tally.pairs >= work.pairs || Date.now() >= work.until) return null;
        if (tally.pairs + running * (work.length - 1) < work.pairs) {
          while (work.ended.has(following)) following++;
          running++;
          return following++;
        }
        await new Promise<void>((done) => wake.push(done));
      }
    };
    const shard = await bundleShard();
    const job = async (n: number): Promise<void> => {
      let child: ChildProcess | null = null;
      let place: Place | null = null;
      for (let tried = 0, chain = await next(); chain !== null; tried++, chain = await next()) {
        child ??= this.#start(shard.file);
        if (place === null || tried % chainsPerPlace === 0) place = await this.#places.make(n);
        const setup = { ...place, dumps: work.dumps };
        add(tally, await ask(child, { setup, seed: work.seedOf(chain), length: work.length }));
        running--;
        work.ended.add(chain);
        seen();
        for (const go of wake.splice(0)) go();
      }
      child?.disconnect();
    };
    try {
      await Promise.all(Array.from({ length: work.jobs }, (_, n) => job(n)));
    } finally {
      this.stop();
      shard.remove();
    }
  }

  #start(shard: string): ChildProcess {
    // Much is made and forgotten at once: with room for it, it is hardly ever looked through.
    const child = fork(shard, { execArgv: [...process.execArgv, "--max-semi-space-size=64"] });
    this.#children.add(child);
    return child;
  }

  stop(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    this.#children.clear();
  }
}

function ask(child: ChildProcess, order: Order): Promise<Answer> {
  return new Promise((done, fail) => {
    const gone = (code: number | null): void => fail(new Error(`a process of the laws ended with ${code}`));
    child.once("exit", gone);
    child.once("message", (answer: Answer) => {
      child.off("exit", gone);
      done(answer);
    });
    child.send(order);
  });
}

function add(tally: Tally, more: Answer): void {
  tally.pairs += more.pairs;
  tally.refused += more.refused;
  tally.rows += more.rows;
  tally.failures.push(...more.failures);
  tally.unmade.push(...more.unmade);
  for (const [what, n] of more.counts) tally.counts.set(what, (tally.counts.get(what) ?? 0) + n);
}
