/** From arguments to an exit code. Loads one command's parts and no more. */
import { Console } from "node:console";
import { CommanderError } from "commander";
import { Args, type CommandSpec, type Context } from "./command.ts";
import { Ending } from "./ending.ts";
import { exits, Failure, type Outcome } from "./exit.ts";
import { Output } from "./output.ts";
import { programOf } from "./program.ts";
import { RunError } from "../run/errors.ts";
import { runFailure } from "./runFailure.ts";
import { clean, redact } from "./text.ts";
import { cutShortFailure, uncaughtFailure } from "./uncaught.ts";

/** What is known of the command while it runs, for whatever may end it. */
interface Running {
  out: Output;
  /** Its name, once it is read. */
  command: string;
  /** Something of its run is committed, and stays whatever becomes of the rest. */
  stays: boolean;
}
type Has = (...flags: string[]) => boolean;

/** Runs the command line, prints everything, and ends the process with the exit code. */
export async function main(argv: readonly string[], version: string): Promise<void> {
  consoleToStderr();
  const has: Has = (...flags) => flags.some((f) => argv.includes(f));
  // As far as can be told before the arguments are understood, which may be wrong.
  const out = new Output({
    json: has("--json"),
    quiet: has("-q", "--quiet"),
    verbose: has("-v", "--verbose"),
    color: !has("--no-color"),
  });
  const running: Running = { out, command: "", stays: false };
  const ending = new Ending();
  // Node ends a process in which nothing can happen any more, whatever is still waited for, and without a word.
  process.once("exit", (code) => {
    if (!ending.begun) process.exitCode = failed(cutShortFailure(code, running.stays), running, false);
  });
  // The answer of a command that is done stands, whatever fails of what was left behind.
  const late = (error: unknown): void => {
    if (!ending.begun) void ending.leave(uncaught(error, running, has));
  };
  process.on("uncaughtException", late).on("unhandledRejection", late);
  const code = await commandLine(argv, version, running, ending, has);
  await ending.leave(code);
}

async function commandLine(
  argv: readonly string[],
  version: string,
  running: Running,
  ending: Ending,
  has: Has,
): Promise<number> {
  try {
    let outcome: Outcome | null = null;
    const program = await programOf(argv, version, async (name, spec, positional, options) => {
      running.out = outputOf(new Args(positional, options));
      outcome = await interruptible(name, spec, running, ending, { positional, options, version });
    });
    // Before the command's own arguments are looked at, which may be wrong.
    program.hook("preSubcommand", (_, command) => void (running.command = command.name()));
    await program.parseAsync([...argv], { from: "user" });
    const ended = outcome as Outcome | null;
    if (ended === null) return exits.done;
    running.out.endProgress();
    // Another end has been told already.
    if (ending.begun) return ended.exit;
    running.out.document(running.command, ended.exit, ended.document);
    return ended.exit;
  } catch (error) {
    const { out } = running;
    if (ending.begun) return exits.failed;
    out.endProgress();
    if (error instanceof CommanderError) return wrongUsage(error, running, argv);
    if (error instanceof RunError) return failed(runFailure(error), running, has("--trace"));
    if (error instanceof Failure) return failed(error, running, has("--trace"));
    return bug(error, running, has("--trace", "-v", "--verbose"));
  }
}

const outputOf = (args: Args): Output =>
  new Output({
    json: args.flag("json"),
    quiet: args.flag("quiet"),
    verbose: args.flag("verbose"),
    color: !args.isFalse("color"),
  });

/** What a config or a function step logs must not get into a document or script on stdout. */
function consoleToStderr(): void {
  const quiet = Object.entries(new Console(process.stderr));
  Object.assign(globalThis.console, Object.fromEntries(quiet.filter(([, f]) => typeof f === "function")));
}

function uncaught(error: unknown, running: Running, has: Has): number {
  const failure = uncaughtFailure(error, running.stays);
  return failure === null
    ? bug(error, running, has("--trace", "-v", "--verbose"))
    : failed(failure, running, has("--trace"));
}

/** What asks a process to stop; SIGHUP: its terminal is gone. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs one command under Ctrl-C: the first asks it to stop, the second leaves at once. */
async function interruptible(
  name: string,
  spec: CommandSpec,
  running: Running,
  ending: Ending,
  given: {
    readonly positional: readonly string[];
    readonly options: Readonly<Record<string, unknown>>;
    readonly version: string;
  },
): Promise<Outcome> {
  const { out } = running;
  const controller = new AbortController();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new Failure("interrupted; nothing was changed", { exit: exits.interrupted }));
  });
  stopped.catch(() => {});
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      out.endProgress();
      ending.now(exits.interrupted);
    }
    controller.abort();
    if (spec.handlesInterrupt) out.note("stopping after what is under way (again to leave at once) …");
    else stop?.();
  };
  for (const signal of signals) process.on(signal, onSignal);
  const args = new Args(given.positional, given.options);
  const context: Context = {
    out,
    args,
    signal: controller.signal,
    version: given.version,
    committed: () => void (running.stays = true),
    globals: {
      url: args.text("url"),
      env: args.text("env"),
      config: args.text("config"),
      x: keyValues(args.texts("x")),
    },
  };
  try {
    const run = spec.run(context);
    return await (spec.handlesInterrupt ? run : Promise.race([run, stopped]));
  } catch (error) {
    // A command left where it was may still hold a connection; there is nothing to wait for.
    if (error instanceof Failure && error.exit === exits.interrupted && !spec.handlesInterrupt) {
      out.error(error.message);
      out.document(name, error.exit, { error: { message: error.message } });
      ending.now(error.exit);
    }
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}

function keyValues(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((t): [string, string] => {
      const i = t.indexOf("=");
      if (i < 1) throw new Failure(`-x wants key=value, not ${t}`);
      return [t.slice(0, i), t.slice(i + 1)];
    }),
  );
}

function wrongUsage(error: CommanderError, { out, command }: Running, argv: readonly string[]): number {
  // --help and --version come here too, printed already.
  if (error.exitCode === 0) return exits.done;
  if (error.code === "commander.help") {
    out.document(command, exits.failed, { error: { message: "no command was given" } });
    return exits.failed;
  }
  const [message = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  out.error(`${out.errorColors.red("error:")} ${message}`);
  for (const m of more.filter((l) => l !== "")) out.error(m);
  const consent = argv.find((a) => /^--allow-(loss|drop)$/.test(a));
  if (error.code === "commander.excessArguments" && consent !== undefined)
    out.error(
      `${out.errorColors.cyan("help:")} for all, write ${consent} '*': without quotes a shell makes * a list of files`,
    );
  if (error.code === "commander.unknownCommand") out.error("`schemac --help` lists the commands");
  else out.error(`\`schemac ${command}${command === "" ? "" : " "}--help\` shows how it is used`);
  out.document(command, exits.failed, { error: { message: redact(message) } });
  return exits.failed;
}

function failed(failure: Failure, { out, command }: Running, trace: boolean): number {
  out.error(`${out.errorColors.red("error:")} ${failure.message}`);
  for (const line of failure.details) out.error(line);
  for (const h of failure.help) out.error(`${out.errorColors.cyan("help:")} ${h}`);
  if (trace) out.error(traceOf(failure));
  out.document(command, failure.exit, {
    error: { message: redact(failure.message), ...(failure.help.length > 0 ? { help: failure.help.join(" ") } : {}) },
    ...failure.document,
  });
  return failure.exit;
}

function bug(error: unknown, { out, command, stays }: Running, trace: boolean): number {
  const message = error instanceof Error ? error.message : String(error);
  const first = clean(redact(message.split("\n")[0] ?? ""));
  out.error(
    `${out.errorColors.red("error:")} this is a bug of schemac: ${first}${trace ? "" : " (--trace shows where)"}`,
  );
  if (trace) out.error(traceOf(error));
  const exit = stays ? exits.partWay : exits.failed;
  out.document(command, exit, { error: { message: first, bug: true } });
  return exit;
}

function traceOf(error: unknown): string {
  const parts: string[] = [];
  for (let e = error, depth = 0; e !== undefined && depth < 5; depth++) {
    parts.push(e instanceof Error ? (e.stack ?? e.message) : String(e));
    e = e instanceof Error ? e.cause : undefined;
  }
  return redact(parts.join("\ncaused by: "));
}
