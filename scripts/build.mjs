/**
 * Builds dist/: types by the compiler, code bundled into a few files, because opening some hundred of them takes a command
 * longer than all it does. What is loaded lazily in the sources stays in files of its own, and packages stay outside.
 * node scripts/build.mjs [folder]
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
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

/** What package.json and bin/ point at. */
const entries = ["index", "config", "run/index", "cli/main"];

rmSync(join(out, "src", "chunks"), { recursive: true, force: true });
const types = spawnSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.build.json"), "--outDir", out],
  { cwd: root, stdio: "inherit" },
);
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((e) => [e, join(root, "src", e + ".ts")])),
  platform: "node",
  external: (id, importer) => !/^[./\0]|^[a-z]:[\\/]/i.test(id) && !isRequired(id, importer),
  plugins: [requiring],
  checks: { ineffectiveDynamicImport: false },
});
await bundle.write({
  dir: join(out, "src"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "chunks/[name].js",
});
await bundle.close();
process.exitCode = types.status ?? 1;
