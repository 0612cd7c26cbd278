// npm run kill -- 100: that many rounds of the kill test, with its figures.
import { spawnSync } from "node:child_process";

const rounds = process.argv[2] ?? "100";
if (!/^[1-9]\d*$/.test(rounds)) {
  console.error(`"${rounds}" is no number of rounds: npm run kill -- 100`);
  process.exit(2);
}
const done = spawnSync("npx", ["vitest", "run", "test/run/kill.test.ts", "--disable-console-intercept"], {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, SCHEMAC_KILL_ROUNDS: rounds },
});
process.exit(done.status ?? 1);
