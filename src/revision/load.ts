/** Imports a revision file for its functions: the only place that runs a revision's code, and only when it is applied. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { checksum } from "./checksum.ts";
import type { FunctionStep, Revision, Step } from "./format.ts";
import { importTyped } from "./importTyped.ts";
import type { RevisionFile } from "./list.ts";
import { isRevisionProblem, readRevision } from "./read.ts";

/** A revision file that could not be imported, or exports something else than it was read as. */
export class RevisionCodeError extends Error {
  override readonly name = "RevisionCodeError";
  readonly exit = 1;
  readonly file: string;
  constructor(file: string, message: string, cause?: unknown) {
    super(`${file}: ${message}`, cause === undefined ? undefined : { cause });
    this.file = file;
  }
}

/** The revision with its functions in place. One without functions comes back unimported. */
export async function loadRevision(file: RevisionFile): Promise<Revision> {
  if (!file.code) return file.revision;
  const now = readRevision(file.path, readFileSync(file.path, "utf8"));
  if (isRevisionProblem(now) || checksum(now) !== file.checksum)
    throw new RevisionCodeError(file.path, "the file was changed while it was being applied");
  const exported = await importDefault(file);
  const attach = (direction: "up" | "down"): readonly Step[] =>
    file.revision[direction].map((step, n) => {
      if (step.kind !== "function") return step;
      const run = functionAt(exported, direction, n);
      if (run === null) throw new RevisionCodeError(file.path, `exports no function at ${direction}[${n}].run`);
      if (isGenerator(run))
        throw new RevisionCodeError(file.path, `${direction}[${n}].run is a generator, whose lines nobody runs`);
      return { ...step, run };
    });
  return { ...file.revision, up: attach("up"), down: attach("down") };
}

async function importDefault(file: RevisionFile): Promise<unknown> {
  const jiti = async () => (await import("jiti")).createJiti(import.meta.url, { moduleCache: false, fsCache: false });
  try {
    return defaultOf(await importTyped(resolve(file.path), jiti, file.checksum));
  } catch (e) {
    throw new RevisionCodeError(
      file.path,
      `failed while it was imported: ${e instanceof Error ? e.message : String(e)}`,
      e,
    );
  }
}

const isObject = (x: unknown): x is Readonly<Record<string, unknown>> => typeof x === "object" && x !== null;
const defaultOf = (module: unknown): unknown => (isObject(module) ? module["default"] : undefined);

function functionAt(exported: unknown, direction: "up" | "down", n: number): FunctionStep["run"] | null {
  const steps = isObject(exported) ? exported[direction] : undefined;
  const step: unknown = Array.isArray(steps) ? steps[n] : undefined;
  const run = isObject(step) ? step["run"] : undefined;
  return isFunction(run) ? run.bind(step) : null;
}
const isFunction = (x: unknown): x is FunctionStep["run"] => typeof x === "function";
/** `function*`, or `async function*` */
const isGenerator = (run: FunctionStep["run"]): boolean =>
  /GeneratorFunction\]$/.test(Object.prototype.toString.call(run));
