import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CommandSpec, Context } from "../command.ts";
import { done, Failure, type Outcome } from "../exit.ts";
import { reading, writeFile, writeNew } from "../files.ts";
import { pathOf, shown } from "../project.ts";
import { shellQuoted } from "../text.ts";

const templates = { basic: "one database, an embedded Postgres to start with" } as const;

const config = `import { defineConfig } from ${JSON.stringify("schemac/config")};

export default defineConfig({
  environments: {
    // The embedded Postgres, kept in .schemac/db. Nothing to install.
    local: { url: "embedded" },
    // A function is asked for the URL when it is needed, so that it can come from a secret store.
    // production: { url: async () => process.env.PRODUCTION_DATABASE_URL ?? "" },
  },
  // Taken when neither --url, --env, DATABASE_URL nor PGHOST names a database.
  defaultEnvironment: "local",
});
`;

const firstSchema = `// What the database should look like. All *.schema files of this folder are one program;
// neither the order of declarations nor their files matter.
//
//   npx schemac plan -m "start"     compares with the database and writes generated/0001_start.ts
//   npx schemac apply               runs it
//
// A column is NOT NULL unless its type ends in "?". "=" is a default, "->" a foreign key.
// There is a database already? Delete this file and run: npx schemac import --url postgres://…

/// People who can sign in. (Three slashes become a comment in the database.)
table users {
  id          bigint       identity primary key
  email       text         unique
  name        text?
  created_at  timestamptz  = now()
}
`;

export const init: CommandSpec = {
  description: "Overwrites nothing.",
  arguments: [{ syntax: "[dir]", description: "the project's folder (default: this one)" }],
  options: [
    { flags: "--list", description: "list the templates" },
    { flags: "--template <name>", description: "the template (default: basic)" },
  ],
  examples: ["schemac init", "schemac init my-project"],
  run,
};

async function run({ args, out }: Context): Promise<Outcome> {
  if (args.flag("list")) {
    for (const [name, about] of Object.entries(templates)) out.answer(`${name}  ${about}`);
    return done({ templates });
  }
  const template = args.text("template") ?? "basic";
  if (!Object.hasOwn(templates, template))
    throw new Failure(`there is no template "${template}"`, { help: `there is: ${Object.keys(templates).join(", ")}` });
  const folder = pathOf(args.positional[0] ?? ".", "init");
  if (existsSync(folder) && !statSync(folder).isDirectory()) throw new Failure(`${shown(folder)} is not a folder`);

  const wrote: string[] = [];
  const kept: string[] = [];
  const write = (name: string, text: string): void => {
    const path = join(folder, name);
    if (existsSync(path)) return void kept.push(shown(path));
    writeNew({ path, text });
    wrote.push(shown(path));
  };
  const hasConfig = ["ts", "mts", "js", "mjs"]
    .map((e) => `schemac.config.${e}`)
    .find((f) => existsSync(join(folder, f)));
  if (hasConfig === undefined) write("schemac.config.ts", config);
  else kept.push(shown(join(folder, hasConfig)));
  if (hasSchemaFiles(join(folder, "schema"))) kept.push(shown(join(folder, "schema")) + "/");
  else write("schema/start.schema", firstSchema);
  // Git keeps no empty folder, and without one nothing is applied.
  if (!existsSync(join(folder, "generated"))) write("generated/.gitkeep", "");
  ignoreEmbedded(folder, wrote);

  for (const f of wrote) out.line(`${out.colors.green("wrote")}  ${f}`);
  for (const f of kept) out.line(`${out.colors.dim("kept")}   ${f}`);
  out.line();
  out.line("Next:");
  const cd = shown(folder) === "." ? "" : `cd ${shellQuoted(shown(folder))} && `;
  if (!installed(folder)) out.line(`  ${cd}npm install --save-dev schemac`);
  out.line(`  ${cd}npx schemac plan -m start   compare schema/ with the database and write a revision`);
  out.line(`  ${cd}npx schemac apply           run it, on the embedded Postgres unless a database is named`);
  return done({ wrote, kept });
}

const hasSchemaFiles = (folder: string): boolean =>
  existsSync(folder) &&
  reading(folder, () => readdirSync(folder, { recursive: true })).some((f) => String(f).endsWith(".schema"));

/** The embedded database is no source. */
function ignoreEmbedded(folder: string, wrote: string[]): void {
  const path = join(folder, ".gitignore");
  const old = existsSync(path) ? reading(path, () => readFileSync(path, "utf8")) : "";
  if (old.split(/\r?\n/).some((l) => /^\/?\.schemac\/?$/.test(l.trim()))) return;
  writeFile(path, old + (old === "" || old.endsWith("\n") ? "" : "\n") + ".schemac/\n");
  wrote.push(shown(path));
}

const installed = (folder: string): boolean => existsSync(join(folder, "node_modules", "schemac"));
