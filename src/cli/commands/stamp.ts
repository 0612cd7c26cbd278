import { staysUnsaid } from "../../kinds/silence.ts";
import type { RevisionList } from "../../revision/list.ts";
import type { CommandSpec, Context } from "../command.ts";
import { compileProject } from "../compileProject.ts";
import { done, exits, Failure, type Outcome } from "../exit.ts";
import { observe } from "../observed.ts";
import { openProject } from "../project.ts";
import { findRevision, readRevisions, title } from "../revisions.ts";
import { runOptions, waitOption } from "../runOptions.ts";
import { readSchemaFolder } from "../schemaFiles.ts";
import { withDatabase, type Session } from "../session.ts";
import { count, list } from "../text.ts";

export const stamp: CommandSpec = {
  description:
    "Afterwards the named revision and all before it are recorded as applied, and nothing else.\n" +
    "A stamp of head is verified: the database must be as schema/ says; so is one of another revision that led to just this schema/.\n" +
    "Where schema/ says something else than such a revision led to, there is nothing to compare with, and it needs --no-verify.",
  arguments: [{ syntax: "<rev>", description: "head, base (none), a number, a name, or the beginning of one" }],
  options: [
    { flags: "--verify", description: "refuse a stamp that the database contradicts (the default)" },
    { flags: "--no-verify", description: "stamp without looking" },
    { flags: "--purge", description: "forget everything recorded before" },
    waitOption,
  ],
  handlesInterrupt: true,
  examples: ["schemac stamp head", "schemac stamp 0003 --no-verify"],
  run,
};

async function run(context: Context): Promise<Outcome> {
  const { out, args, globals } = context;
  const project = await openProject(globals.config);
  const revisions = await readRevisions(project);
  const given = args.positional[0] ?? "head";
  // One history has one head.
  const known = given === "heads" ? "head" : given;
  const target =
    known === "base" || known === "head" ? known : findRevision(revisions, known, "head, base").revision.id;
  return withDatabase(
    context,
    async (session) => {
      if (!args.isFalse("verify")) await verify(context, session, revisions, target);
      const run = await import("../../run/index.ts");
      const result = await run.stamp(session.connection, revisions, target, {
        ...runOptions(context, session),
        purge: args.flag("purge"),
      });
      const document = {
        stamped: result.stamped.map(title),
        unstamped: result.unstamped.map(title),
        forgotten: result.forgotten.map(title),
      };
      if (result.stamped.length > 0) out.line(`recorded as applied: ${list(document.stamped)}`);
      if (result.unstamped.length > 0) out.line(`recorded as not applied: ${list(document.unstamped)}`);
      if (result.forgotten.length > 0) out.line(`forgotten: ${list(document.forgotten)}`);
      if (result.stamped.length + result.unstamped.length + result.forgotten.length === 0)
        out.line("Nothing to record: it stands so already.");
      return done(document);
    },
    project,
  );
}

/** Sees that the database is what the stamp says, where that can be known. */
async function verify(context: Context, session: Session, revisions: RevisionList, target: string): Promise<void> {
  const last = revisions.files.at(-1)?.revision;
  if (target === "base") {
    // Owners and roles are there whatever the revisions did.
    const held = (await observe(session)).database.objects.filter((o) => !staysUnsaid(o)).length;
    if (held > 0) throw contradicted(`the database holds ${count(held, "object")}, but at base it would hold none`);
    return;
  }
  const unknown = (why: string): Failure =>
    new Failure(`this stamp could not be verified: ${why}; nothing was recorded`, {
      help: "--no-verify records it all the same",
    });
  if (last === undefined)
    throw new Failure("there are no revisions to stamp", {
      help: "`schemac baseline` writes the first from a database",
    });
  const meant = revisions.files.find((f) => f.revision.id === target)?.revision ?? last;
  // One that was written by hand says of no schema/ that it leads there; the last one is to lead to the one there is.
  if (meant !== last && meant.schema === null) throw unknown(`${title(meant)} does not say which schema it leads to`);
  const compiled = await compileProject(context, session, readSchemaFolder(session.project.schemaFolder));
  const agrees = compiled.plan === null && compiled.refusals.length === 0;
  const led = meant.schema === null || meant.schema === compiled.checksum();
  // Where two lines were made one, the last was written beside a schema/ without the other's part.
  if (meant === last && agrees) {
    if (!led)
      context.out.note(
        `${title(last)} was written for another schema/: that the revisions lead to this one is not verified`,
      );
    return;
  }
  if (!led)
    throw unknown(
      meant === last
        ? `schema/ has changed since ${title(last)} was written, and the database is not as it says`
        : `schema/ is not as it was when ${title(meant)} was written`,
    );
  if (agrees) return;
  throw contradicted("the database is not as schema/ says; `schemac plan --dry-run` shows the difference");
}

const contradicted = (why: string): Failure =>
  new Failure(`the stamp is contradicted: ${why}; nothing was recorded`, {
    exit: exits.wrongDatabase,
    help: "--no-verify records it all the same",
  });
