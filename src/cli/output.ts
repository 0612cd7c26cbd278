/** The only way out: people's lines on stdout, notes on stderr, one JSON document when asked for. */
import pc from "picocolors";
import type { JsonObject } from "./exit.ts";
import { clean, cleanKeepingColour, redact, redactAll } from "./text.ts";

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** What the command line says about colours; the environment and the terminal have a say too. */
  readonly color: boolean;
}

/** Version of the shape of `--json` documents. Fields may be added within a version. */
const documentVersion = 1;

export type Colors = ReturnType<typeof pc.createColors>;

export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** True when stderr is a terminal that a progress line can be drawn on. */
  readonly live: boolean;
  readonly colors: Colors;
  readonly errorColors: Colors;
  #progress = "";

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.quiet = options.quiet;
    this.verbose = options.verbose;
    const wanted = options.color && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
    this.colors = pc.createColors(wanted && !options.json && process.stdout.isTTY === true);
    this.errorColors = pc.createColors(wanted && process.stderr.isTTY === true);
    this.live = process.stderr.isTTY === true && !options.quiet && !options.json && process.env["CI"] === undefined;
  }

  /** A line of the answer for people; nothing with --json or -q. */
  line(text = ""): void {
    if (!this.json && !this.quiet) this.#out(text);
  }
  /** A line of the answer that stands even with -q: what was asked for. */
  answer(text = ""): void {
    if (!this.json) this.#out(text);
  }
  /** A script for another program: not a character is changed, unless a terminal would show it. */
  script(text: string): void {
    if (this.json) return;
    this.endProgress();
    process.stdout.write(process.stdout.isTTY === true ? clean(text) : text);
  }
  /** Only with -v, on stderr. */
  detail(text: string): void {
    if (this.verbose) this.error(text);
  }
  /** Something to know, on stderr. */
  note(text: string): void {
    if (!this.quiet) this.error(text);
  }
  warn(text: string): void {
    this.error(`${this.errorColors.yellow("warning:")} ${text}`);
  }
  /** On stderr, always. */
  error(text: string): void {
    this.endProgress();
    process.stderr.write(redact(this.#clean(text, this.errorColors)) + "\n");
  }
  /** Draws over the last progress line. Does nothing where there is no terminal. */
  progress(text: string): void {
    if (!this.live) return;
    const room = Math.max(20, (process.stderr.columns || 80) - 1);
    const line = clean(text).replace(/\s+/g, " ");
    this.#progress = line.length > room ? line.slice(0, room - 1) + "…" : line;
    process.stderr.write("\r\u001b[2K" + this.#progress);
  }
  endProgress(): void {
    if (this.#progress === "") return;
    this.#progress = "";
    process.stderr.write("\r\u001b[2K");
  }
  /** The one JSON document. */
  document(command: string, exit: number, document: JsonObject): void {
    if (!this.json) return;
    // What went wrong goes into logs, and may quote what a person wrote; what was asked for stays to the letter.
    const said = "error" in document ? redactAll(document) : document;
    const text = JSON.stringify({ version: documentVersion, command, exit, ...Object(said) }, null, 2);
    // Faithful and still harmless on a terminal: what steers one is written as an escape.
    process.stdout.write(escapeSteering(text) + "\n");
  }

  #out(text: string): void {
    this.endProgress();
    process.stdout.write(redact(this.#clean(text, this.colors)) + "\n");
  }
  #clean(text: string, colors: Colors): string {
    return colors.isColorSupported ? cleanKeepingColour(text) : clean(text);
  }
}

const escapeSteering = (json: string): string =>
  json.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
    (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"),
  );
