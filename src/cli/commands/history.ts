import type { RevisionFile, RevisionList } from "../../revision/list.ts";
import type { CommandSpec, Context } from "../command.ts";
import { done, Failure, type Outcome } from "../exit.ts";
import { openProject, shown } from "../project.ts";
import { findRevision, readRevisions, revisionJson, title } from "../revisions.ts";
import { count, inLine } from "../text.ts";
import { appliedIds } from "../ledger.ts";

export const history: CommandSpec = {
  options: [
    { flags: "-r, --range <from:to>", description: "only these, e.g. 0003:0007, :0004 or 0005:" },
    { flags: "-i, --indicate-current", description: "mark what the database has (needs a database)" },
  ],
  examples: ["schemac history", "schemac history -r 0003:head -v"],
  run,
};

async function run(context: Context): Promise<Outcome> {
  const { out, args, globals } = context;
  const project = await openProject(globals.config);
  const revisions = await readRevisions(project, "forked is fine");
  const { files, heads } = revisions;
  const selected = inRange(revisions, args.text("range"));
  const applied = args.flag("indicateCurrent") ? await appliedIds(context, project, revisions) : null;
  for (const f of selected.toReversed()) {
    const { revision: r } = f;
    const marks = [
      ...(heads.includes(r.id) ? ["head"] : []),
      ...(r.parents.length > 1 ? ["merge"] : []),
      ...(applied?.has(r.id) ? ["applied"] : []),
    ];
    out.answer(
      `${out.colors.bold(title(r))}  ${out.colors.dim(r.id)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`,
    );
    if (!out.verbose) continue;
    out.answer(`    ${shown(f.path)}, ${r.proof}`);
    out.answer(`    ${count(r.up.length, "step")} up, ${count(r.down.length, "step")} down`);
    for (const h of r.hazards.up) out.answer(`    ! ${h.code}: ${inLine(h.on)}: ${inLine(h.detail)}`);
  }
  if (files.length === 0) out.line(`${shown(project.generatedFolder)} holds no revisions yet.`);
  return done({
    revisions: selected.map((f) => ({
      ...revisionJson(f),
      head: heads.includes(f.revision.id),
      ...(applied === null ? {} : { applied: applied.has(f.revision.id) }),
    })),
  });
}

/** `from:to`, both included, in the order of the history: from `base` up to `head`, which is all where the history forks. */
function inRange(revisions: RevisionList, range: string | undefined): readonly RevisionFile[] {
  const { files } = revisions;
  if (range === undefined) return files;
  const [from, to, ...more] = range.split(":");
  if (from === undefined || to === undefined || more.length > 0) throw new Failure(`-r wants from:to, not ${range}`);
  const at = (text: string, open: string, end: number, also: string): number =>
    text === "" || text === open ? end : files.indexOf(findRevision(revisions, text, also));
  const first = at(from, "base", 0, "base, head");
  const last = at(to, "head", files.length - 1, "head");
  const [a, b] = [files[first], files[last]];
  if (first > last && a && b)
    throw new Failure(
      `-r ${range} is the wrong way round: ${title(a.revision)} does not come before ${title(b.revision)}`,
    );
  return files.slice(first, last + 1);
}
