/**
 * The big run of the laws, as a program: npm run laws -- --pairs 10000 --seed 7 --major 15
 * Tries them in several processes at once (--jobs, as many as there are cores), which changes nothing in what is tried.
 * Prints the seed, what failed (each can be had again with --again SEED), and how often each attribute of each kind changed.
 * A run that may be stopped before its end is kept in a file (--keep FILE), and goes on when it is asked for again.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { connect } from "../../src/run/index.ts";
import { majors, startServer, type TestServer } from "../servers/servers.ts";
import { dumpMajor } from "./dump.ts";
import { Jobs, Places, type Server } from "./jobs.ts";
import { attributes } from "./attributes.ts";
import { count } from "./compare.ts";
import { keepRun, keptRun } from "./kept.ts";
import { chain, runChain } from "./law.ts";
import { namesOfRoles } from "./roles.ts";
import type { Setup } from "./session.ts";

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "200" },
    /** No more after so many minutes. */
    minutes: { type: "string", default: "Infinity" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    major: { type: "string", default: "15" },
    url: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
    /** A file: a run that was stopped goes on where it was. */
    keep: { type: "string" },
    again: { type: "string" },
    "no-dump": { type: "boolean", default: false },
    /** Of the databases whose catalogs say that pg_dump sees no difference, the share at which it looks all the same. */
    "dump-share": { type: "string", default: "0.1" },
    "chain-length": { type: "string", default: "10" },
    "show-all": { type: "boolean", default: false },
    least: { type: "string", default: "20" },
    /** Only makes the databases up, and counts what would change: test/laws/weights.ts stands on it. */
    count: { type: "boolean", default: false },
    /** With --again: a regular expression; statements that match it are shown. */
    show: { type: "string" },
  },
});

const major = majors.find((m) => String(m) === values.major);
if (major === undefined) throw new Error(`--major is one of ${majors.join(", ")}`);
const started: TestServer[] = [];
const serve = async (url?: string): Promise<Server> => {
  if (url === undefined) {
    const server = await startServer(major, { settings: { autovacuum: "off" } });
    started.push(server);
    url = server.url;
  }
  return { url, admin: await connect(url) };
};
// Roles belong to a server: each side has one, so that each can have roles of its own.
const sides = values.url === undefined ? [await serve(), await serve()] : [await serve(values.url)];
const places = new Places(...(sides as [Server, Server?]));
const jobs = new Jobs(places);
const stop = async (): Promise<void> => {
  jobs.stop();
  await places.drop();
  await Promise.all(sides.map(({ admin }) => admin.close()));
  await Promise.all(started.map((server) => server.stop()));
};
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stop().finally(() => process.exit(130)));

const shown = values.show === undefined ? null : new RegExp(values.show);
const show: Setup["show"] =
  shown === null
    ? undefined
    : (sides, up, down) => {
        const [before, after] = sides.map((all) => new Set(all));
        const part = (title: string, lines: readonly string[]): void =>
          console.log([`-- ${title}`, ...lines.filter((l) => shown.test(l))].join("\n"));
        part(
          "before",
          [...before!].filter((l) => !after!.has(l)),
        );
        part(
          "after",
          [...after!].filter((l) => !before!.has(l)),
        );
        part(
          "both",
          [...before!].filter((l) => after!.has(l)),
        );
        for (const [title, steps] of [
          ["up", up],
          ["down", down],
        ] as const)
          part(
            title,
            steps.flatMap((x) =>
              x.kind === "transaction" ? x.statements.map((y) => (typeof y === "string" ? y : y.join("\n"))) : [],
            ),
          );
      };

try {
  const place = await places.make(0);
  const { features } = place;
  const dumps = dumpMajor();
  const withDump = !values["no-dump"] && dumps !== null && dumps >= features.major;
  console.log(
    `PostgreSQL ${features.major}, seed ${values.seed}, ${withDump ? `pg_dump ${dumps} looks too` : "no pg_dump of this major at hand: our own observer judges alone"}`,
  );
  const share = withDump ? Number(values["dump-share"]) : null;
  const length = Number(values["chain-length"]) + 1;
  const which = { seed: values.seed, major, length };
  const run = keptRun(values.keep, which);
  const { tally, ended } = run;
  const begun = Date.now() - run.took;
  if (values.again !== undefined) {
    const [seed = "", step = "0"] = values.again.split(":");
    const setup: Setup = { ...place, dumps: share, analyses: new Map(), ...(show ? { show } : {}) };
    await runChain(setup, seed, Number(step) + 1, tally, Number(step));
  } else {
    let shown = 0;
    const seedOf = (k: number): string => `${values.seed}/${major}/${k}`;
    for (let k = 0; values.count && tally.pairs < Number(values.pairs); k++) {
      const roles = place.apart ? namesOfRoles(seedOf(k)) : [];
      const all = chain(seedOf(k), { ...features, roles }, length);
      for (const [i, d] of all.slice(1).entries()) count(tally.counts, all[i]!, d);
      tally.pairs += length - 1;
    }
    const work = {
      jobs: Number(values.jobs),
      pairs: Number(values.pairs),
      until: Date.now() + Number(values.minutes) * 60_000,
      length,
      ended,
      dumps: share,
      seedOf,
    };
    await jobs.run(work, tally, () => {
      run.took = Date.now() - begun;
      if (values.keep !== undefined) keepRun(values.keep, which, run);
      for (; shown < tally.failures.length; shown++) {
        const f = tally.failures[shown]!;
        console.log(
          `\n✗ ${f.law}   (--major ${major} --again '${f.seed}')\n${f.detail.replace(/^/gm, "    ").slice(0, values["show-all"] ? 20_000 : 1200)}`,
        );
      }
      if (ended.size % 20 === 0) {
        const rate = tally.pairs / ((Date.now() - begun) / 1000);
        console.log(`${tally.pairs} pairs, ${tally.failures.length} failures, ${rate.toFixed(1)} pairs a second`);
      }
    });
    for (const [kind, all] of Object.entries(attributes))
      for (const a of all) tally.counts.set(`${kind}.${a}`, tally.counts.get(`${kind}.${a}`) ?? 0);
    console.log("\nhow many pairs changed what");
    for (const [what, n] of [...tally.counts].sort(([a], [b]) => (a < b ? -1 : 1)))
      console.log(`${String(n).padStart(7)}  ${what}`);
    const few = [...tally.counts].filter(([, n]) => n < Number(values.least));
    if (few.length > 0) console.log(`under ${values.least}: ${few.map(([w]) => w).join(", ")}`);
  }
  for (const f of values.again !== undefined ? tally.failures : []) console.log(`✗ ${f.law} ${f.seed}\n${f.detail}`);
  for (const u of tally.unmade) console.log(`Postgres refuses what was made up as ${u.seed}: ${u.detail}`);
  const byLaw = new Map<string, number>();
  for (const f of tally.failures) byLaw.set(f.law, (byLaw.get(f.law) ?? 0) + 1);
  for (const [law, n] of byLaw) console.log(`${String(n).padStart(7)}  ✗ ${law}`);
  console.log(
    `${tally.pairs} pairs in ${Math.round((Date.now() - begun) / 1000)} s, ${tally.rows} rows in them, ${tally.refused} changed without rows because rows refused them as announced, ${tally.unmade.length} databases could not be made up, ${tally.failures.length} failed (seed ${values.seed})`,
  );
  process.exitCode = tally.failures.length > 0 ? 1 : 0;
} finally {
  await stop();
}
