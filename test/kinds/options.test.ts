import { expect, test } from "vitest";
import type { Options } from "../../src/model/objects.ts";
import { optionChanges } from "../../src/kinds/parts/options.ts";

/** transformRelOptions in reloptions.c: what is not spoken of stays where it is, what is set comes behind it. */
function run(from: Options, clauses: readonly string[]): Options {
  let now = Object.entries(from);
  for (const clause of clauses) {
    const [, what, list = ""] = /^(set|reset) \((.*)\)$/.exec(clause)!;
    const said = list.split(", ").map((x) => x.split(" = ") as [string, string?]);
    now = now.filter(([option]) => !said.some(([s]) => s === option));
    if (what === "set") now.push(...said.map(([option, value = ""]) => [option, value] as [string, string]));
  }
  return Object.fromEntries(now);
}

const names = ["a", "b", "c", "d"];
const all: Options[] = [];
for (const x of ["", ...names])
  for (const y of ["", ...names])
    for (const z of ["", ...names])
      for (const value of ["1", "2"])
        all.push(Object.fromEntries([x, y, z].flatMap((n, i) => (n === "" ? [] : [[n, i === 1 ? value : "1"]]))));

test("options come out as they are wanted, in their order", () => {
  for (const from of all)
    for (const to of all) {
      const clauses = optionChanges(from, to);
      const differs = [from, to].some((x, i, both) =>
        Object.entries(x).some(([option, value]) => both[1 - i]![option] !== value),
      );
      expect(clauses.length > 0, JSON.stringify([from, to])).toBe(differs);
      if (differs) expect(Object.entries(run(from, clauses))).toEqual(Object.entries(to));
    }
});
