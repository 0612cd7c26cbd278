/** Exit codes and the failures that carry them. */

export const exits = {
  done: 0,
  failed: 1,
  different: 2,
  question: 3,
  locked: 4,
  wrongDatabase: 5,
  history: 6,
  partWay: 7,
  interrupted: 130,
} as const;
export type Exit = (typeof exits)[keyof typeof exits];

/** Plain data for `--json`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** What a command ends with; `document` is what `--json` prints. */
export interface Outcome {
  readonly exit: Exit;
  readonly document: JsonObject;
}
export const done = (document: JsonObject = {}, exit: Exit = exits.done): Outcome => ({ exit, document });

/** An expected end that is no success: what happened in one sentence, and what to do next. Not a bug, so no stack is shown. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exit: Exit;
  readonly help: readonly string[];
  /** Lines below the sentence, already laid out. */
  readonly details: readonly string[];
  readonly document: JsonObject;
  constructor(
    message: string,
    more: {
      readonly exit?: Exit;
      readonly help?: string | readonly string[];
      readonly details?: readonly string[];
      readonly document?: JsonObject;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.exit = more.exit ?? exits.failed;
    this.help = more.help === undefined ? [] : typeof more.help === "string" ? [more.help] : more.help;
    this.details = more.details ?? [];
    this.document = more.document ?? {};
  }
}
