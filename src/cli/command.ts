/** What a command is: data for the help, and a function. */
import type { Outcome } from "./exit.ts";
import type { Output } from "./output.ts";

export interface OptionSpec {
  /** `--out <dir>`, `-m, --message <text>`, `--sql`, `--no-renames` */
  readonly flags: string;
  readonly description: string;
  /** May be given more than once, or with several values (`--sql a.sql b.sql`). */
  readonly many?: true;
}

export interface CommandSpec {
  /** More than the summary, for --help. */
  readonly description?: string;
  readonly arguments?: readonly { readonly syntax: string; readonly description: string }[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly string[];
  /** Ends by itself when the signal says so; every other command is left where it is, having changed nothing. */
  readonly handlesInterrupt?: true;
  readonly run: (context: Context) => Promise<Outcome>;
}

export interface Globals {
  readonly url?: string | undefined;
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly x: Readonly<Record<string, string>>;
}

export interface Context {
  readonly out: Output;
  readonly globals: Globals;
  readonly args: Args;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** Tells that something of the command's run is committed and stays, however it ends. */
  readonly committed: () => void;
}

/** What was given on the command line, by its long name. */
export class Args {
  readonly positional: readonly string[];
  readonly #options: Readonly<Record<string, unknown>>;
  constructor(positional: readonly string[], options: Readonly<Record<string, unknown>>) {
    this.positional = positional;
    this.#options = options;
  }
  flag(name: string): boolean {
    return this.#options[name] === true;
  }
  /** The option, by its long flag, was given in any form. */
  isGiven(flag: string): boolean {
    const no = flag.startsWith("--no-");
    const v = this.#options[flag.slice(no ? 5 : 2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
    return no ? v === false : v !== undefined && v !== false;
  }
  /** `-m`; an empty one, as of a variable that is not set, counts as none. */
  message(): string | undefined {
    return this.text("message")?.trim() || undefined;
  }
  /** `--no-name` was given. */
  isFalse(name: string): boolean {
    return this.#options[name] === false;
  }
  text(name: string): string | undefined {
    const v = this.#options[name];
    return typeof v === "string" ? v : undefined;
  }
  texts(name: string): readonly string[] {
    const v = this.#options[name];
    return Array.isArray(v) ? v.filter((t): t is string => typeof t === "string") : [];
  }
}
