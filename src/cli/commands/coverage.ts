import { coverage, type Line } from "../../coverage/index.ts";
import { nearest } from "../../problems.ts";
import type { CommandSpec, Context } from "../command.ts";
import { done, Failure, type Outcome } from "../exit.ts";

export const coverageCommand: CommandSpec = {
  description:
    "Each column of each system catalog of PostgreSQL 13 to 18: the attribute that holds it, or why none does. Asks no database.\n" +
    "follows: from what is held. state: the server's own bookkeeping. server: of the whole server, not of a database.\n" +
    "named: no kind has it yet; import and plan -v name where it is set.",
  arguments: [{ syntax: "[catalog...]", description: "only these" }],
  examples: ["schemac coverage", "schemac coverage --json"],
  run,
};

const said = (line: Line): string => (line.is === "held" ? line.in.join(", ") : `${line.is}: ${line.why}`);

async function run({ out, args }: Context): Promise<Outcome> {
  const wanted = args.positional.length > 0 ? args.positional : Object.keys(coverage);
  for (const name of wanted)
    if (!Object.hasOwn(coverage, name)) {
      const near = nearest(name, Object.keys(coverage));
      throw new Failure(`there is no catalog called ${name}`, near === null ? {} : { help: `Did you mean ${near}?` });
    }
  const counts = new Map<Line["is"], number>();
  for (const name of wanted) {
    out.answer(out.colors.bold(name));
    for (const [column, line] of Object.entries(coverage[name]!)) {
      counts.set(line.is, (counts.get(line.is) ?? 0) + 1);
      out.answer(`  ${column.padEnd(22)} ${line.is === "held" ? said(line) : out.colors.dim(said(line))}`);
    }
  }
  const sum = (["held", "follows", "state", "server", "named"] as const).map((is) => `${counts.get(is) ?? 0} ${is}`);
  out.line(`${[...counts.values()].reduce((a, b) => a + b, 0)} columns: ${sum.join(", ")}`);
  return done({ catalogs: Object.fromEntries(wanted.map((name) => [name, { ...coverage[name]! }])) });
}
