#!/usr/bin/env node
import { readFileSync } from "node:fs";
import * as module from "node:module";

const args = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** What keeps the rest from being loaded is a bug of ours; from then on, the rest tells what goes wrong. */
function fail(error) {
  const unbuilt = error?.code === "ERR_MODULE_NOT_FOUND" && String(error.message).includes("dist/src/cli/main.js");
  const stack = args.some((a) => a === "--trace" || a === "-v" || a === "--verbose");
  const line = String(error?.message ?? error).split("\n")[0];
  process.stderr.write(
    unbuilt
      ? "schemac: not built yet; run `npm run build` in its folder\n"
      : `schemac: this is a bug of schemac: ${stack ? (error?.stack ?? error) : `${line} (--trace shows where)`}\n`,
  );
  process.exitCode = 1;
}

let unwritten = false;
/**
 * A reader that goes away early (`schemac history | head`) is no error: what was begun is done, and ends as it would have
 * ended. Nor does a full disk stop a run half-way, but then not all went well.
 */
function unheard(stream, code) {
  if (code === "EPIPE" || unwritten) return;
  unwritten = true;
  process.on("exit", (exit) => (process.exitCode = exit || 1));
  if (stream === "stdout") process.stderr.write(`schemac: not all of its output could be written (${code})\n`);
}

for (const name of ["stdout", "stderr"]) process[name].on("error", (error) => unheard(name, error.code));
// Answered before anything else is loaded, so that asking costs little more than starting node.
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(version + "\n");
} else {
  // From 22.1 on Node keeps what it compiled for the next time.
  module.enableCompileCache?.();
  let cli = null;
  try {
    cli = await import("../dist/src/cli/main.js");
  } catch (error) {
    fail(error);
  }
  // Ends the process itself, and hears of what nobody catches.
  void cli?.main(args, version);
}
