/** Prints problems and turns them into the end of a command. */
import type { Problem } from "../problems.ts";
import { Failure, type JsonObject } from "./exit.ts";
import type { Output } from "./output.ts";
import { inOrder, ProblemRenderer } from "./problems.ts";
import { count } from "./text.ts";

type Source = { readonly path: string; readonly text: string };
const sources = (files: readonly Source[]): ReadonlyMap<string, string> => new Map(files.map((f) => [f.path, f.text]));

/** More than anybody reads; files of random bytes have a problem on every line. `--json` holds them all. */
const most = 200;

/** Every problem at its place, and a failure that counts them and says what came of it. Warnings stand among the errors. */
export function problemsFailure(
  problems: readonly Problem[],
  files: readonly Source[],
  out: Output,
  { document = {}, came = "nothing was run" }: { readonly document?: JsonObject; readonly came?: string } = {},
): Failure {
  const ordered = inOrder(problems);
  const errors = ordered.filter((p) => p.severity === "error").length;
  const broken = new Set(ordered.filter((p) => p.severity === "error").map((p) => p.span.file)).size;
  const renderer = new ProblemRenderer(sources(files), out.errorColors);
  for (const p of ordered.slice(0, most)) out.error(renderer.render(p) + "\n");
  if (ordered.length > most) out.error(`… and ${ordered.length - most} more\n`);
  return new Failure(`${count(errors, "error")} in ${count(broken, "file")}; ${came}`, {
    document: { problems: ordered.map((p) => renderer.json(p)), ...document },
  });
}

/** Warnings of text that is good otherwise. */
export function showWarnings(problems: readonly Problem[], files: readonly Source[], out: Output): void {
  if (out.quiet || problems.length === 0) return;
  const renderer = new ProblemRenderer(sources(files), out.errorColors);
  const ordered = inOrder(problems);
  for (const p of ordered.slice(0, most)) out.error(renderer.render(p) + "\n");
  if (ordered.length > most) out.error(`… and ${ordered.length - most} more\n`);
}
