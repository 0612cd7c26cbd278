/** What a program that imports the package needs to have types of. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const entry = (name: string): string => fileURLToPath(new URL(`../../dist/src/${name}.d.ts`, import.meta.url));

/** Packages that these declarations and those beneath them mention. */
function mentioned(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/(?:^(?:import|export) .*from |\bimport\()"([^"]+)"/gm)].flatMap(([, to]) => {
    if (!to!.startsWith(".")) return [to!];
    const below = resolve(dirname(file), to!.replace(/\.[jt]s$/, ".d.ts"));
    return existsSync(below) ? mentioned(below, seen) : [`nothing at ${to}`];
  });
}

/** Brings types of its own; pg does not. */
const typed = ["chevrotain"];

test.each(["run/index", "config", "index"])("the types of %s stand on Node's and on those that are there", (name) => {
  expect(mentioned(entry(name)).filter((to) => !to.startsWith("node:") && !typed.includes(to))).toEqual([]);
});
