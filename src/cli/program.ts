/** The commands and their options, as commander knows them. */
import { Command, Option } from "commander";
import { nearest } from "../problems.ts";
import type { CommandSpec } from "./command.ts";
import { commands, type CommandEntry } from "./commands.ts";

/** Runs a command that was found, with what was given to it. */
export type Act = (
  name: string,
  spec: CommandSpec,
  positional: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<void>;

/** The program with all its commands. Only those whose name is among the arguments are loaded; of the others the help says one line. */
export async function programOf(argv: readonly string[], version: string, act: Act): Promise<Command> {
  const program = new Command("schemac")
    .description("A declarative schema-as-code compiler for PostgreSQL.")
    .version(version, "-V, --version", "print the version")
    .option("--url <url>", "the database: postgres://user@host:5432/name, or embedded")
    .option("--env <name>", "an environment of schemac.config.ts")
    .option("--config <file>", "the config file (default: schemac.config.ts, here or above)")
    .addOption(
      new Option("-x, --x <key=value>", "a value for ${key} in .schema files and for function steps; may be repeated")
        .argParser((text: string, before: unknown) => [...(Array.isArray(before) ? before : []), text])
        .default([], "none"),
    )
    .option("--json", "one JSON document on stdout")
    .option("-q, --quiet", "only what was asked for, and errors")
    .option("-v, --verbose", "more")
    .option("--no-color", "no colours (NO_COLOR works too)")
    .option("--trace", "show where an error comes from")
    .helpCommand("help [command]", "show the help of a command")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    // Errors are printed in one place, below.
    .configureOutput({ outputError: () => {} })
    .addHelpText("after", "\nExample:\n  $ npx schemac init && npx schemac plan -m start && npx schemac apply");
  for (const entry of commands) {
    const command = program
      .command(entry.name)
      .summary(entry.summary)
      .aliases([...(entry.aliases ?? [])]);
    if ([entry.name, ...(entry.aliases ?? [])].some((n) => argv.includes(n)))
      describe(command, entry, await entry.load(), act);
  }
  // Commander would suggest what is far, and answer --help of a command that is none with the help of all.
  program.on("command:*", ([word]: readonly string[]) => unknownCommand(program, word!));
  program.on("beforeAllHelp", () => {
    const [word] = program.args[0] === "help" ? program.args.slice(1) : program.args;
    if (word !== undefined && !word.startsWith("-") && word !== "help") knownCommand(program, word);
  });
  return program;
}

/** In the contract of the command line, and not there yet. */
const later = ["merge", "renumber", "check", "drift", "lint"];

function knownCommand(program: Command, word: string): void {
  if (!program.commands.some((c) => c.name() === word || c.aliases().includes(word))) unknownCommand(program, word);
}

function unknownCommand(program: Command, word: string): never {
  const near = nearest(
    word,
    commands.flatMap((c) => [c.name, ...(c.aliases ?? [])]),
  );
  // A short word is near to much.
  const meant = near !== null && (word.length > 4 || near[0] === word[0]) ? `\n(Did you mean ${near}?)` : "";
  const said = later.includes(word) ? "; it comes later" : meant;
  return program.error(`error: unknown command '${word}'${said}`, { exitCode: 1, code: "commander.unknownCommand" });
}

function describe(command: Command, entry: CommandEntry, spec: CommandSpec, act: Act): void {
  command
    .description(spec.description === undefined ? entry.summary : `${entry.summary}\n\n${spec.description}`)
    .allowExcessArguments(false)
    .addHelpText("after", `\nExample:\n${spec.examples.map((e) => `  $ ${e}`).join("\n")}`);
  for (const a of spec.arguments ?? []) command.argument(a.syntax, a.description);
  for (const o of spec.options ?? []) {
    const option = new Option(o.flags, o.description);
    if (o.many) option.argParser((text: string, before: unknown) => [...(Array.isArray(before) ? before : []), text]);
    command.addOption(option);
  }
  // For `-iv`; apart from others, a letter is found by the whole program.
  command.addOption(new Option("-q, --quiet").hideHelp()).addOption(new Option("-v, --verbose").hideHelp());
  command.action(async () => {
    await act(entry.name, spec, command.args, command.optsWithGlobals());
  });
}
