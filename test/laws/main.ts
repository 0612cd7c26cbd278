/**
 * The big run of the laws, as a program: npm run laws -- --pairs 10000 --seed 7 --major 15
 * Prints the seed, what failed (each can be had again with --again SEED), and how often each attribute of each kind changed.
 */
import { parseArgs } from "node:util";
import { connect } from "../../src/run/index.ts";
import { majors, startServer } from "../servers/servers.ts";
import { dumpMajor } from "./dump.ts";
import { newTally, runChain, type Setup } from "./law.ts";
import { lookAroundAt } from "./server.ts";

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    major: { type: "string", default: "15" },
    url: { type: "string" },
    again: { type: "string" },
    "no-dump": { type: "boolean", default: false },
    "chain-length": { type: "string", default: "10" },
    "show-all": { type: "boolean", default: false },
    least: { type: "string", default: "20" },
    /** With --again: a regular expression; statements that match it are shown. */
    show: { type: "string" },
  },
});

const major = majors.find((m) => String(m) === values.major);
if (major === undefined) throw new Error(`--major is one of ${majors.join(", ")}`);
const server = values.url === undefined ? await startServer(major) : null;
const base = values.url ?? server?.url ?? "";
const admin = await connect(base);
const own = [`laws_live_${process.pid}`, `laws_goal_${process.pid}`];
const urlOf = (database: string): string => Object.assign(new URL(base), { pathname: "/" + database }).href;
const stop = async (): Promise<void> => {
  for (const d of own) await admin.query(`drop database if exists ${d} with (force)`);
  await admin.close();
  await server?.stop();
};

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
  for (const d of own) await admin.query(`create database ${d} template template0`);
  const [live, goal] = own.map(urlOf) as [string, string];
  const features = await lookAroundAt(live);
  await lookAroundAt(goal);
  const dumps = dumpMajor();
  const withDump = !values["no-dump"] && dumps !== null && dumps >= features.major;
  const setup: Setup = { features, live, goal, dumps: withDump, analyses: new Map(), ...(show ? { show } : {}) };
  console.log(
    `PostgreSQL ${features.major}, seed ${values.seed}, ${withDump ? `pg_dump ${dumps} looks too` : "no pg_dump of this major at hand: our own observer judges alone"}`,
  );
  const tally = newTally();
  const started = Date.now();
  if (values.again !== undefined) {
    const [seed = "", step = "0"] = values.again.split(":");
    await runChain(setup, seed, Number(step) + 1, tally, Number(step));
  } else {
    const length = Number(values["chain-length"]) + 1;
    let shown = 0;
    for (let k = 0; tally.pairs < Number(values.pairs); k++) {
      await runChain(setup, `${values.seed}/${major}/${k}`, length, tally);
      for (; shown < tally.failures.length; shown++) {
        const f = tally.failures[shown]!;
        console.log(
          `\n✗ ${f.law}   (--major ${major} --again '${f.seed}')\n${f.detail.replace(/^/gm, "    ").slice(0, values["show-all"] ? 20_000 : 1200)}`,
        );
      }
      if (k % 20 === 19) {
        const rate = tally.pairs / ((Date.now() - started) / 1000);
        console.log(`${tally.pairs} pairs, ${tally.failures.length} failures, ${rate.toFixed(1)} pairs a second`);
      }
    }
    console.log("\nhow many pairs changed what");
    for (const [what, n] of [...tally.counts].sort(([a], [b]) => (a < b ? -1 : 1)))
      console.log(`${String(n).padStart(7)}  ${what}`);
    const few = [...tally.counts].filter(([, n]) => n < Number(values.least));
    if (few.length > 0) console.log(`under ${values.least}: ${few.map(([w]) => w).join(", ")}`);
  }
  for (const f of values.again !== undefined ? tally.failures : []) console.log(`✗ ${f.law} ${f.seed}\n${f.detail}`);
  const byLaw = new Map<string, number>();
  for (const f of tally.failures) byLaw.set(f.law, (byLaw.get(f.law) ?? 0) + 1);
  for (const [law, n] of byLaw) console.log(`${String(n).padStart(7)}  ✗ ${law}`);
  console.log(
    `${tally.pairs} pairs in ${Math.round((Date.now() - started) / 1000)} s, ${tally.rows} rows in them, ${tally.refused} changed without rows because rows refused them as announced, ${tally.failures.length} failed (seed ${values.seed})`,
  );
  process.exitCode = tally.failures.length > 0 ? 1 : 0;
} finally {
  await stop();
}
