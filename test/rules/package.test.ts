/** What is published, and that documents point at things that exist. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow, root } from "./source.ts";

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

describe("package.json", () => {
  const published = (path: string): boolean =>
    path === "package.json" || manifest.files.some((f) => path === f || path.startsWith(f + "/"));

  test("publishes what its exports and its command point at", () => {
    const targets = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((e) => (typeof e === "string" ? [e] : [e.types, e.default])),
    ].map((t) => t.replace(/^\.\//, ""));
    expect(targets.filter((t) => !published(t))).toEqual([]);
    for (const t of targets.filter((t) => t.startsWith("dist/")))
      expect(existsSync(join(root, t.slice("dist/".length).replace(/(\.d\.ts|\.js)$/, ".ts"))), t).toBe(true);
    for (const t of targets.filter((t) => !t.startsWith("dist/"))) expect(existsSync(join(root, t)), t).toBe(true);
  });

  test("names files that exist", () => {
    const missing = manifest.files.filter((f) => f !== "dist" && !f.includes("*") && !existsSync(join(root, f)));
    expect(missing).toEqual([]);
  });

  test("the build forgets no file: only .ts is compiled", () => {
    const others = ["src", "grammar"].flatMap(filesBelow).filter((f) => !f.endsWith(".ts"));
    expect(others).toEqual([]);
  });

  test("every package that the sources import is a dependency, and the other way round", async () => {
    const { readSource } = await import("./source.ts");
    const imported = new Set(
      ["src", "grammar"]
        .flatMap(filesBelow)
        .flatMap((f) => readSource(f).imports)
        .filter((i) => !i.own && i.target !== "node")
        .map((i) => i.target),
    );
    expect([...imported].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});

test("the lock file names no host and fits package.json", () => {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const hosts = [...lock.matchAll(/"resolved": "[a-z+]+:\/\/([^/"]+)/g)].map((m) => m[1]);
  expect(hosts.filter((h) => h !== "registry.npmjs.org")).toEqual([]);
  const packages = (
    JSON.parse(lock) as { packages: Record<string, { dependencies?: object; optionalDependencies?: object }> }
  ).packages;
  expect(packages[""]?.dependencies).toEqual(manifest.dependencies);
  const servers = JSON.parse(readFileSync(join(root, "test/servers/package.json"), "utf8")) as {
    optionalDependencies: object;
  };
  expect(packages["test/servers"]?.optionalDependencies).toEqual(servers.optionalDependencies);
});

describe("documents", () => {
  const documents = [
    ...readdirSync(root).filter((f) => f.endsWith(".md")),
    ...filesBelow("docs").filter((f) => f.endsWith(".md")),
  ];
  test.each(documents)("%s has no broken relative link", (path) => {
    const text = readFileSync(join(root, path), "utf8").replace(/^```[\s\S]*?^```/gm, "");
    const broken = [...text.matchAll(/\]\(<?([^)>\s]+)>?\)/g)]
      .map((m) => m[1]!)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file = "", anchor] = link.split("#");
        const target = file === "" ? path : join(dirname(path), decodeURIComponent(file));
        if (!existsSync(join(root, target))) return true;
        return (
          anchor !== undefined &&
          target.endsWith(".md") &&
          !anchors(readFileSync(join(root, target), "utf8")).has(anchor)
        );
      });
    expect(broken).toEqual([]);
  });

  /** As the common renderers make them from headings. */
  function anchors(text: string): ReadonlySet<string> {
    return new Set(
      [...text.matchAll(/^#+\s+(.*)$/gm)].map((m) =>
        m[1]!
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s_-]/gu, "")
          .trim()
          .replace(/\s/g, "-"),
      ),
    );
  }
});
