/** An error that nobody caught: whose code it comes from, as far as its stack tells, and what is said of it. */
import { fileURLToPath } from "node:url";
import { ConnectionLost, DatabaseError } from "../run/connection.ts";
import { RunError } from "../run/errors.ts";
import { exits, Failure } from "./exit.ts";
import { shown } from "./project.ts";
import { clean, redact } from "./text.ts";

/** Our own code, once it is built: this file is in one of its folders. */
const own = fileURLToPath(new URL("../..", import.meta.url));

/** A message may have lines that look alike, but for how they begin. */
const frame = /^\s+at (?:.*\(|(?:async )?)((?:file:\/\/|\/|[a-z]:[\\/])[^()]*):(\d+):\d+\)?$/i;

/**
 * `theirs`: a file that is neither ours nor a package is on the way. `ours`: only we are. `unknown`: nothing says, or it is an
 * error that a query of theirs ends with as well as one of ours.
 */
export type Origin =
  { readonly kind: "theirs"; readonly place: string } | { readonly kind: "ours" } | { readonly kind: "unknown" };

/** Where an error comes from. `home`: the folder of our own code. */
export function originOf(error: unknown, home = own): Origin {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  let ours = false;
  for (const line of stack.split("\n")) {
    const [, where, row] = frame.exec(line) ?? [];
    if (where === undefined) continue;
    const path = where.startsWith("file://") ? fileURLToPath(where) : where;
    // Where we are installed is a folder of packages too; packages of our own are in ours.
    const isOurs = path.startsWith(home);
    if (/[\\/]node_modules[\\/]/.test(isOurs ? path.slice(home.length - 1) : path)) continue;
    if (!isOurs) return { kind: "theirs", place: `${shown(path)}:${row}` };
    ours = true;
  }
  const answers = [DatabaseError, ConnectionLost, RunError].some((c) => error instanceof c);
  return ours && !answers ? { kind: "ours" } : { kind: "unknown" };
}

/** What is told of it; null: it is a bug of ours. `stays`: something of this run is committed. */
export function uncaughtFailure(error: unknown, stays: boolean): Failure | null {
  const origin = originOf(error);
  if (origin.kind === "ours") return null;
  const text = redact(error instanceof Error ? error.message : String(error));
  const said = clean(text.split("\n")[0] ?? "");
  const theirs = origin.kind === "theirs";
  return new Failure(
    `${theirs ? "code of the config or of a revision failed" : "something failed"} where nothing waited for it: ${said}`,
    {
      ...leftBehind(stays),
      details: theirs ? [`  at ${origin.place}`] : [],
      help: [
        theirs
          ? "await what it begins, or catch the error there."
          : "A promise or a timer of the config or of a revision may have been left to itself: await what they begin.",
        told(stays),
      ],
      cause: error,
    },
  );
}

/** The user's code left the process, or nothing was left to wake it. */
export function cutShortFailure(code: number, stays: boolean): Failure {
  const left =
    code === exits.done || code === unsettled
      ? "left the process, or waits for what never comes"
      : `left the process (with exit code ${code})`;
  return new Failure(`ended before it was done: code of the config or of a revision ${left}`, {
    ...leftBehind(stays),
    help: told(stays),
  });
}
/** Node's exit code where nothing can happen any more, whatever is still waited for. */
const unsettled = 13;

const leftBehind = (stays: boolean): { readonly exit: 1 | 7 } => ({ exit: stays ? exits.partWay : exits.failed });
const told = (stays: boolean): string =>
  stays
    ? "What this run committed stays; `schemac status` tells how far it came. It is safe to resume: put that right, and run it again."
    : "`schemac status` tells what is applied";
