import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Database, Observation } from "../../model/database.ts";
import { kindWords } from "../../model/id.ts";
import type { Kind } from "../../model/objects.ts";
import type { CommandSpec, Context } from "../command.ts";
import { done, Failure, type Outcome } from "../exit.ts";
import { writeFile, writeNew } from "../files.ts";
import { observe } from "../observed.ts";
import { environment, openProject, pathOf, scopeOf, shown, type Project } from "../project.ts";
import { count } from "../text.ts";
import { withDatabaseAnd } from "../session.ts";
import { unmodelledJson, unmodelledLines } from "../unmodelled.ts";

export const importCommand: CommandSpec = {
  description: "Touches nothing else, and overwrites no file without --force. Names what has no declaration yet.",
  options: [
    { flags: "--out <dir>", description: "folder to write to (default: the project's schema folder)" },
    { flags: "--force", description: "overwrite files of the same names" },
    {
      flags: "--sql <files...>",
      description: "load these SQL scripts into a throw-away Postgres and import that, instead of a database",
      many: true,
    },
  ],
  examples: ["schemac import --url postgres://me@localhost/shop", "schemac import --sql dump.sql --out schema"],
  run,
};

async function run(context: Context): Promise<Outcome> {
  const { args, out, globals } = context;
  const project = await openProject(globals.config);
  const outOption = args.text("out");
  const folder = outOption === undefined ? project.schemaFolder : pathOf(outOption, "--out");
  const scripts = args.texts("sql");
  for (const script of scripts) pathOf(script, "--sql");
  const observation =
    scripts.length > 0 ? await observeScripts(scripts, project, context) : await observeDatabase(context, project);
  const [{ describeDatabase, importFiles }, { print }, { ownPart }] = await loadWriters();
  const files = importFiles(describeDatabase(observation)).map((f) => ({
    path: join(folder, f.path),
    text: print(f.declarations),
  }));
  // A folder without a declaration would read as "nobody has said anything yet", and nothing would be planned from it.
  if (files.length === 0) files.push({ path: join(folder, "public.schema"), text: "schema public\n" });

  const force = args.flag("force");
  const there = files.filter((f) => existsSync(f.path));
  if (there.length > 0 && !force)
    throw new Failure(`${count(there.length, "file")} would be overwritten; nothing was written`, {
      details: there.map((f) => `  ${shown(f.path)}`),
      help: "--force overwrites, --out names another folder",
      document: { existing: there.map((f) => shown(f.path)) },
    });
  if (force) for (const f of files) writeFile(f.path, f.text);
  else writeNew(...files);

  const written = files.map((f) => shown(f.path));
  const counts = countKinds(ownPart(observation.database));
  for (const f of written) out.line(`${out.colors.green("wrote")} ${f}`);
  const said = Object.entries(counts).map(([kind, n]) => count(n, kindWords[kind as Kind]));
  out.line(said.length === 0 ? "The database holds nothing that is managed here." : said.join(", "));
  for (const line of unmodelledLines(observation.unmodelled, true)) out.line(line);
  return done({ wrote: written, counts, unmodelled: unmodelledJson(observation.unmodelled) });
}

const loadWriters = () =>
  Promise.all([import("../../import.ts"), import("../../../grammar/index.ts"), import("../../kinds/silence.ts")]);

/** What reads is loaded while the connection is made, what writes while the server answers. */
const observeDatabase = (context: Context, project: Project): Promise<Observation> =>
  withDatabaseAnd(
    context,
    () => import("../../observe.ts"),
    async (session) => {
      const [answer] = await session.connection.query(
        "select pg_catalog.current_setting('server_encoding') as encoding",
      );
      (await import("../../run/guards.ts")).expectUtf8(answer?.rows[0]?.["encoding"]);
      return observe(session, { meanwhile: loadWriters });
    },
    project,
  );

/** Of an environment only the scope counts here; a URL beside the scripts would be a second source. */
async function observeScripts(scripts: readonly string[], project: Project, context: Context): Promise<Observation> {
  const { env, url } = context.globals;
  if (url !== undefined) throw new Failure("--sql imports scripts and no database: leave --url out, or --sql");
  const named = env ?? project.config.defaultEnvironment;
  const scope = scopeOf(project, named === undefined ? null : environment(project, named));
  const { loadScripts } = await import("../loadScripts.ts");
  return loadScripts(scripts, scope, context.out);
}

function countKinds({ objects }: Database): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const o of objects) counts[o.id.kind] = (counts[o.id.kind] ?? 0) + 1;
  return counts;
}
