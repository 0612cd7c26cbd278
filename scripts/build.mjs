/**
 * Builds dist/: types by the compiler, code bundled into a few files, because opening some hundred of them takes a command
 * longer than all it does. What is loaded lazily in the sources stays in files of its own, and packages stay outside.
 * node scripts/build.mjs [folder]
 */
import { spawn } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = resolve(process.argv[2] ?? join(root, "dist"));

const require = createRequire(import.meta.url);

/**
 * Packages of CommonJS are required by the command line, not imported: before it imports one, Node's loader reads through
 * all of its text for names that it may export. The runner imports as written, for it is bundled into other programs.
 */
const required = ["commander", "jiti", "pg", "picocolors"];
const requirers = [join(root, "src", "cli"), join(root, "src", "run", "loadPg.ts")];
const isRequired = (id, importer) => required.includes(id) && requirers.some((r) => importer?.startsWith(r));
const requiring = {
  name: "requiring",
  resolveId: (id, importer) => (isRequired(id, importer) ? `\0required:${id}` : null),
  load(id) {
    if (!id.startsWith("\0required:")) return null;
    const name = id.slice("\0required:".length);
    const names = Object.keys(require(name)).filter((n) => n !== "default" && n !== "native");
    return [
      'import { createRequire } from "node:module";',
      `const it = createRequire(import.meta.url)(${JSON.stringify(name)});`,
      "export default it;",
      ...names.map((n) => `export const ${n} = it.${n};`),
    ].join("\n");
  },
};

/**
 * What every command of a database needs goes into two files: opening a file costs more than reading past what one command
 * leaves unused. The runner's stands alone, for it is imported alone too; what opens sockets or an embedded database does not
 * belong to it.
 */
const source = (...path) => join(root, "src", ...path);
const files = (folder, names) => names.split(" ").map((n) => source(folder, n + ".ts"));
const revisions = files("revision", "checksum graph importTyped list literal load read script shape");
const opening = files("run", "answers cancel connect embedded index loadPg pglite postgres processLock");
const commands = files(
  "cli",
  "checkConfig command exit explain ledger output plainConfig problems progress project revisions runFailure runOptions session target text",
);
const inRunner = (id) => id.startsWith(source("run")) && !opening.includes(id);
const groups = [
  { name: "problems", test: (id) => id === source("problems.ts"), priority: 1 },
  { name: "runner", test: (id) => inRunner(id) || revisions.includes(id) },
  { name: "command", test: (id) => commands.includes(id) },
];

/** What package.json and bin/ point at. */
const entries = ["index", "config", "run/index", "cli/main"];

const types = spawn(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.build.json"), "--outDir", out],
  { cwd: root, stdio: "inherit" },
);
types.on("close", (code) => {
  if (code !== 0) process.exitCode = 1;
});

const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((e) => [e, join(root, "src", e + ".ts")])),
  platform: "node",
  external: (id, importer) => !/^[./\0]|^[a-z]:[\\/]/i.test(id) && !isRequired(id, importer),
  plugins: [requiring],
  checks: { ineffectiveDynamicImport: false },
});
const { output } = await bundle.write({
  dir: join(out, "src"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name].js",
  codeSplitting: { groups },
});
await bundle.close();

// What an earlier build left goes last: a command may be running.
const written = new Set(output.map((o) => join(out, "src", o.fileName)));
for (const name of readdirSync(out, { recursive: true })) {
  const file = join(out, name);
  if (file.endsWith(".js") && !written.has(file)) rmSync(file);
}
