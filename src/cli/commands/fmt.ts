import { existsSync, statSync } from "node:fs";
import type { CommandSpec, Context } from "../command.ts";
import { done, exits, Failure, type Outcome } from "../exit.ts";
import { writeFile } from "../files.ts";
import { count } from "../text.ts";
import { openProject, pathOf, shown } from "../project.ts";
import { readSchemaFile, readSchemaFolder, type SchemaFile } from "../schemaFiles.ts";
import type { Problem } from "../../problems.ts";
import { problemsFailure, showWarnings } from "../report.ts";

export const fmt: CommandSpec = {
  description: "Writes only files that change. A file with errors stays as it is.",
  arguments: [{ syntax: "[paths...]", description: "files or folders (default: the project's schema folder)" }],
  options: [{ flags: "--check", description: "write nothing; exit 2 and name the files that would change" }],
  examples: ["schemac fmt", "schemac fmt --check schema/shop.schema"],
  run,
};

async function run({ args, out, globals }: Context): Promise<Outcome> {
  const { files, problems } = await gather(args.positional, globals.config);
  const { format } = await import("../../../grammar/index.ts");
  const changed: { readonly file: SchemaFile; readonly text: string }[] = [];
  const found: Problem[] = [...problems];
  for (const file of files) {
    const formatted = format(file.path, file.text);
    found.push(...formatted.problems);
    const broken = formatted.problems.some((p) => p.severity === "error");
    if (!broken && formatted.text !== file.text) changed.push({ file, text: formatted.text });
  }
  const check = args.flag("check");
  if (!check) for (const { file, text } of changed) writeFile(file.file, text);
  for (const { file } of changed) out.answer(check ? file.path : `formatted ${file.path}`);
  const names = changed.map((c) => c.file.path);
  const lineEnds = changed.filter((c) => c.file.text.replaceAll("\r\n", "\n") === c.text).map((c) => c.file.path);
  if (check && lineEnds.length > 0)
    out.note(
      `${count(lineEnds.length, "file")} of these ${lineEnds.length === 1 ? "differs" : "differ"} in line ends only: CRLF where LF is canonical ` +
        "(`*.schema text eol=lf` in .gitattributes keeps Git from changing them)",
    );
  const document = { changed: names, lineEnds };
  const errors = found.filter((p) => p.severity === "error");
  if (errors.length > 0)
    throw problemsFailure(found, files, out, { document, came: check ? "nothing was written" : whatCame(names) });
  showWarnings(found, files, out);
  if (changed.length === 0) out.line(`${count(files.length, "file")}, all in canonical form`);
  else if (check)
    out.line(`${count(changed.length, "file")} of ${files.length} not in canonical form; run \`schemac fmt\``);
  return done({ files: files.length, ...document }, check && changed.length > 0 ? exits.different : exits.done);
}

const whatCame = (changed: readonly string[]): string =>
  changed.length === 0
    ? "nothing was written"
    : `what has errors stays as it is, ${count(changed.length, "file")} changed`;

async function gather(
  paths: readonly string[],
  config: string | undefined,
): Promise<{ readonly files: readonly SchemaFile[]; readonly problems: readonly Problem[] }> {
  if (paths.length === 0) return readSchemaFolder((await openProject(config)).schemaFolder);
  const files: SchemaFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths.map((p) => pathOf(p, "fmt"))) {
    if (!existsSync(path)) throw new Failure(`there is no file ${shown(path)}`);
    if (statSync(path).isDirectory()) {
      const folder = readSchemaFolder(path);
      files.push(...folder.files);
      problems.push(...folder.problems);
    } else {
      const read = readSchemaFile(path);
      if ("text" in read) files.push(read);
      else problems.push(read);
    }
  }
  return { files, problems };
}
