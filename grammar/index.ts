/** The grammar wing: .schema text ⇄ declarations. Knows no catalog, no plan, no files. */
import type { Problem } from "../src/problems.ts";
import type { Declaration } from "./declarations.ts";
import { format as formatText } from "./format.ts";
import { read, wordsIn, type Lost } from "./read.ts";
import { print as printText } from "./write.ts";

export { wordsIn, type Lost };

/**
 * Reads a file. Never throws, whatever the text; what is broken is reported, and the rest declared. `values`: of `${name}`
 * placeholders. `lost`: words of what is broken.
 */
export function parse(
  file: string,
  text: string,
  values: Readonly<Record<string, string>> = {},
): { declarations: Declaration[]; problems: Problem[]; lost: Lost } {
  const { declarations, problems, lost } = read(file, text, values);
  return { declarations: [...declarations], problems: [...problems], lost };
}

/** The canonical form of a file, comments kept; the text itself where there are errors in it. */
export const format = (file: string, text: string): { text: string; problems: Problem[] } => formatText(file, text);

/** Canonical text of one file's declarations: parsed again, it gives the same declarations. */
export const print = (declarations: readonly Declaration[]): string => printText(declarations);
