/** The revision files of a project, read and put in order. */
import { isUtf8 } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checksum } from "./checksum.ts";
import type { Revision } from "./format.ts";
import { headsOf, inOrder } from "./graph.ts";
import { hasCode, isRevisionProblem, largestRevision, readRevision, type RevisionProblem } from "./read.ts";

export interface RevisionFile {
  /** Path as it was found: the folder's path as given, and the name. */
  readonly path: string;
  readonly revision: Revision;
  readonly checksum: string;
  /** True when applying it imports the file (it has a function step). */
  readonly code: boolean;
}
export interface RevisionList {
  /** Parents before children, then by number. Broken files are missing here and named in `problems`. */
  readonly files: readonly RevisionFile[];
  /** Ids of the revisions that no other builds on; one, unless the history is forked or empty. */
  readonly heads: readonly string[];
  readonly problems: readonly RevisionProblem[];
}

/** `0007_add_invoice_status.ts` */
const fileName = /^([0-9]{4,9})_([a-z0-9_]{1,80})\.ts$/;
/** What a compiler makes of a revision. */
const compiledName = /^([0-9]{4,9}_[a-z0-9_]{1,80})\.[cm]?js$/;
export const revisionFileName = (r: Pick<Revision, "number" | "name">): string =>
  `${String(r.number).padStart(4, "0")}_${r.name}.ts`;

/** Reads all revisions of one or several folders; one that is not there is among the problems. Runs nothing. */
export function listRevisions(folders: string | readonly string[]): RevisionList {
  const found = [...readFolders(folders)];
  return arrange(found.filter(isFile), found.filter(isProblem));
}

/** The same with pauses, so that a connection can be made meanwhile. */
export async function listRevisionsMeanwhile(folders: string | readonly string[]): Promise<RevisionList> {
  const found: (RevisionFile | RevisionProblem)[] = [];
  for (const f of readFolders(folders)) {
    found.push(f);
    if (found.length % 32 === 1) await new Promise((go) => setImmediate(go));
  }
  return arrange(found.filter(isFile), found.filter(isProblem));
}

const isProblem = (f: RevisionFile | RevisionProblem): f is RevisionProblem => "kind" in f;
const isFile = (f: RevisionFile | RevisionProblem): f is RevisionFile => !isProblem(f);

function* readFolders(folders: string | readonly string[]): Generator<RevisionFile | RevisionProblem> {
  for (const f of typeof folders === "string" ? [folders] : folders) yield* readFolder(f);
}

/** Puts revisions in order and checks that they make one history. `files` may come from anywhere. */
export function arrange(files: readonly RevisionFile[], problems: readonly RevisionProblem[] = []): RevisionList {
  const nodes = files.map((file) => ({ ...file.revision, file }));
  const ordered = inOrder(nodes).map((n) => n.file);
  const heads = headsOf(nodes);
  return {
    files: ordered,
    heads: heads.map((h) => h.id),
    problems: [
      ...problems,
      ...doubles(files),
      ...orphans(files),
      ...cycles(files, ordered),
      ...forks(heads.map((h) => h.file)),
    ],
  };
}

function* readFolder(folder: string): Generator<RevisionFile | RevisionProblem> {
  const names = namesIn(folder);
  if ("kind" in names) return void (yield names);
  for (const name of [...names].sort()) {
    const source = name.replace(compiledName, "$1.ts");
    if (source !== name && !names.includes(source))
      yield about(
        join(folder, name),
        `is a revision without its ${source}: revisions are read from their .ts files, which are to be deployed as they are`,
      );
    if (!name.endsWith(".ts") || name.endsWith(".d.ts")) continue;
    yield readFile(join(folder, name), name);
  }
}

/** The names, or why there are none to be had. */
function namesIn(folder: string): readonly string[] | RevisionProblem {
  try {
    return readdirSync(folder);
  } catch (e) {
    if (e instanceof Error && "code" in e && e.code === "ENOENT")
      return { ...about(folder, "there is no such folder of revisions"), absent: true };
    return about(folder, `cannot be read as a folder of revisions: ${e instanceof Error ? e.message : String(e)}`);
  }
}

/** The file's text, or why it is none. */
function textIn(path: string): { readonly text: string } | string {
  try {
    // Read as text at once, which takes Node half as long as bytes first.
    const text = readFileSync(path, "utf8");
    if (text.length > largestRevision / 3 && Buffer.byteLength(text) > largestRevision)
      return "the file is larger than 32 MB";
    // What is no UTF-8 comes out as U+FFFD; a file may hold that character itself, though.
    if (text.includes("\ufffd") && !isUtf8(readFileSync(path))) return "the file is not text in UTF-8";
    return { text };
  } catch (e) {
    return `cannot be read: ${e instanceof Error ? e.message : String(e)}`;
  }
}

function readFile(path: string, name: string): RevisionFile | RevisionProblem {
  const found = fileName.exec(name);
  if (found === null)
    return about(path, "the name should be a number of four digits, _, and lower-case words, as 0007_add_invoices.ts");
  const read = textIn(path);
  if (typeof read === "string") return about(path, read);
  const revision = readRevision(path, read.text);
  if (isRevisionProblem(revision)) return revision;
  if (revision.number !== Number(found[1]))
    return about(path, `the file says number ${revision.number}, its name says ${Number(found[1])}`);
  if (revision.name !== found[2])
    return about(path, `the file says name "${revision.name}", its name says "${found[2]}"`);
  return { path, revision, checksum: checksum(revision), code: hasCode(revision) };
}

const about = (file: string, message: string): RevisionProblem => ({
  kind: "problem",
  file,
  line: null,
  column: null,
  message,
});

function doubles(files: readonly RevisionFile[]): readonly RevisionProblem[] {
  const problems: RevisionProblem[] = [];
  for (const what of ["id", "number"] as const) {
    const first = new Map<string | number, RevisionFile>();
    for (const f of files) {
      const earlier = first.get(f.revision[what]);
      if (earlier === undefined) first.set(f.revision[what], f);
      else {
        const twice = about(f.path, `has the ${what} ${f.revision[what]}, and so has ${earlier.path}`);
        problems.push(what === "number" ? { ...twice, forked: true } : twice);
      }
    }
  }
  return problems;
}

function orphans(files: readonly RevisionFile[]): readonly RevisionProblem[] {
  const ids = new Set(files.map((f) => f.revision.id));
  return files.flatMap((f) =>
    f.revision.parents
      .filter((p) => !ids.has(p))
      .map((p) => about(f.path, `builds on the revision ${p}, of which there is no file`)),
  );
}

function cycles(files: readonly RevisionFile[], ordered: readonly RevisionFile[]): readonly RevisionProblem[] {
  const placed = new Set(ordered);
  return files.filter((f) => !placed.has(f)).map((f) => about(f.path, "builds on itself, directly or through others"));
}

function forks(heads: readonly RevisionFile[]): readonly RevisionProblem[] {
  if (heads.length < 2) return [];
  const [first, ...others] = heads;
  return others.map((h) => ({
    ...about(
      h.path,
      `is a second head beside ${first!.path}: two lines of revisions. Make them one: where this line leaves the other, ` +
        `write parents: ["${first!.revision.id}"], and give it and what follows the next numbers, in file names too`,
    ),
    forked: true,
  }));
}
