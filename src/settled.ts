/** What a run found to differ in nothing, so that the next one can tell by the catalog's mark. Loads next to nothing. */
import { createHash } from "node:crypto";
import type { Compiled, CompileInput } from "./compile.ts";
import type { Unmodelled } from "./model/database.ts";
import type { Snapshot } from "./snapshot.ts";

/** Of what is remembered; another one is forgotten. It changes with anything that makes the same input come out differently. */
export const memoryFormat = 15;

export interface Settled {
  /** Of the server, see Snapshot.untouched. */
  readonly untouched: string | null;
  /** Of the catalog, see Snapshot.mark. */
  readonly mark: string;
  /** Of the observation: the same even where a mark is not, as after another's temporary table. */
  readonly digest: string;
  /** Of what is declared. */
  readonly checksum: string;
  readonly unmodelled: readonly Unmodelled[];
}

/** What the outcome depends on besides the database. */
export function settledKey({ files, values, scope }: Pick<CompileInput, "files" | "values" | "scope">): string {
  const rest = JSON.stringify([memoryFormat, values ?? {}, scope ?? {}]);
  return createHash("sha256").update(rest).update(textOf(files)).digest("hex");
}
/** A run asks several times. */
const texts = new WeakMap<CompileInput["files"], string>();
function textOf(files: CompileInput["files"]): string {
  let known = texts.get(files);
  if (known === undefined) {
    const hash = createHash("sha256");
    for (const f of files) hash.update(JSON.stringify([f.path, f.text.length])).update(f.text);
    texts.set(files, (known = hash.digest("hex")));
  }
  return known;
}

/** The same text and the same catalog as when nothing was found to do. */
export const unchanged = ({ checksum: known, unmodelled }: Settled): Compiled => ({
  problems: [],
  refusals: [],
  plan: null,
  desired: null,
  observation: null,
  unmodelled,
  checksum: () => known,
  asked: 0,
});

/**
 * The answer where this very text was found to differ in nothing, and nothing was written on the server since then or the
 * catalog's mark is what it was; else null.
 */
export async function recall(
  known: Map<string, Settled>,
  input: Pick<CompileInput, "files" | "values" | "scope">,
  snapshot: Snapshot,
): Promise<Compiled | null> {
  const key = settledKey(input);
  const settled = known.get(key);
  if (!settled) return null;
  if (!isUntouched(settled, snapshot)) {
    if (settled.mark !== (await snapshot.mark())) return null;
    known.set(key, { ...settled, untouched: snapshot.untouched });
  }
  return unchanged(settled);
}

export const isUntouched = (settled: Settled, snapshot: Snapshot): boolean =>
  settled.untouched !== null && settled.untouched === snapshot.untouched;
