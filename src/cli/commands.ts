/** The list of commands, in the order of the help. None of them loads its parts before it runs. */
import type { CommandSpec } from "./command.ts";
import { fmt } from "./commands/fmt.ts";
import { init } from "./commands/init.ts";

export const commands: readonly CommandSpec[] = [init, fmt];
