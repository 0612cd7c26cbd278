// Keeps one server: starts it, and stops it and removes its folder when told to, or when the process that asked for it
// is gone in whatever way (its end of our stdin closes). It runs apart from that process's group, so Ctrl-C can't reach it first.
import { spawn, spawnSync } from "node:child_process";
import { openSync, rmSync } from "node:fs";
import { join } from "node:path";

const { postgres, pgCtl, data, options, log, folder, home, user } = JSON.parse(process.argv[2]);
const output = openSync(log, "a");
const server = spawn(postgres, ["-D", data, ...options], { stdio: ["ignore", output, output], cwd: folder, ...user });
let over = false;
server.on("error", () => end(1));
server.on("exit", () => end(1));

function end(code) {
  if (over) return;
  over = true;
  for (const path of [home, folder]) rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.exit(code);
}

process.stdin.on("data", () => {});
process.stdin.on("close", () => {
  server.removeAllListeners("exit");
  server.on("exit", () => end(0));
  const stop = ["stop", "-D", data, "-m", "immediate", "-w", "-t", "20"];
  if (spawnSync(pgCtl, stop, { stdio: "ignore", cwd: folder, ...user }).status !== 0) server.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.stdin.destroy());
