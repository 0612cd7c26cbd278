import { statementText } from "../../revision/checksum.ts";
import type { Revision, Step } from "../../revision/format.ts";
import type { CommandSpec, Context } from "../command.ts";
import { done, type Json, type Outcome } from "../exit.ts";
import { openProject, shown } from "../project.ts";
import { findRevision, readRevisions, revisionJson, title } from "../revisions.ts";
import { stepScript } from "../stepScript.ts";
import { count, inLine } from "../text.ts";

export const show: CommandSpec = {
  arguments: [{ syntax: "<rev>", description: "a number, a name, or the beginning of one; head" }],
  options: [{ flags: "--sql", description: "its SQL, up and down" }],
  examples: ["schemac show head", "schemac show 0007 --sql"],
  run,
};

async function run({ out, args, globals }: Context): Promise<Outcome> {
  const project = await openProject(globals.config);
  const revisions = await readRevisions(project, "forked is fine");
  const { files, heads } = revisions;
  const file = findRevision(revisions, args.positional[0] ?? "head");
  const { revision: r } = file;
  const document = {
    ...revisionJson(file),
    head: heads.includes(r.id),
    up: r.up.map(stepJson),
    down: r.down.map(stepJson),
  };
  if (args.flag("sql")) {
    for (const way of ["up", "down"] as const) out.script(`-- ${title(r)}: ${way}\n${stepScript(r[way])}\n`);
    return done(document);
  }
  const parents = r.parents
    .map((id) => files.find((f) => f.revision.id === id))
    .flatMap((f) => (f ? [title(f.revision)] : []));
  out.answer(`${out.colors.bold(title(r))}${heads.includes(r.id) ? " (head)" : ""}`);
  out.answer(`  id       ${r.id}`);
  out.answer(`  file     ${shown(file.path)}`);
  out.answer(`  after    ${parents.length > 0 ? parents.join(", ") : "nothing: it is the first"}`);
  out.answer(`  proof    ${inLine(r.proof)}`);
  out.answer(`  code     ${file.code ? "has function steps, which run when it is applied" : "none: plain SQL"}`);
  for (const way of ["up", "down"] as const) {
    out.answer(`  ${way.padEnd(8)} ${summary(r[way])}`);
    for (const h of r.hazards[way]) out.answer(`    ! ${h.code}: ${inLine(h.on)}: ${inLine(h.detail)}`);
  }
  return done(document);
}

function summary(steps: Revision["up"]): string {
  if (steps.length === 0) return "nothing";
  const statements = steps.reduce((n, s) => n + (s.kind === "transaction" ? s.statements.length : 1), 0);
  const locks = [
    ...new Set(
      steps.flatMap((s) => (s.kind !== "function" && s.lock !== undefined && s.lock !== "none" ? [s.lock] : [])),
    ),
  ];
  return `${count(statements, "statement")} in ${count(steps.length, "step")}${locks.length > 0 ? `, locks: ${inLine(locks.join(", "))}` : ""}`;
}

function stepJson(s: Step): Json {
  switch (s.kind) {
    case "transaction":
      return { kind: s.kind, path: s.path, lock: s.lock, cost: s.cost, statements: s.statements.map(statementText) };
    case "outside":
      return {
        kind: s.kind,
        path: s.path,
        lock: s.lock,
        cost: s.cost,
        statement: statementText(s.statement),
        probe: statementText(s.probe),
      };
    case "function":
      return { kind: s.kind, source: s.source };
    default:
      return s satisfies never;
  }
}
