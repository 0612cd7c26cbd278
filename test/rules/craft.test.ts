/** Rules for every file we write. */
import { describe, expect, test } from "vitest";
import { filesBelow, readSource } from "./source.ts";

const written = ["grammar", "src", "test", "bench"].flatMap((folder) =>
  filesBelow(folder).filter((f) => f.endsWith(".ts")),
);
const ours = written.map(readSource);
const lines = (text: string): number => text.split("\n").length - 1;

/** Files that may be longer than 500 lines, each with its reason. */
const long: Readonly<Record<string, string>> = {
  "grammar/cst.ts": "written by a test from the recorded grammar",
  "grammar/declarations.ts": "the one list of what a text can say, kind by kind; nothing but types",
  "src/model/objects.ts": "the data dictionary: the one list of kinds and attributes",
};

test("no file is over 500 lines without a reason, and no reason outlives its file", () => {
  expect(ours.filter((s) => lines(s.text) > 500).map((s) => s.path)).toEqual(Object.keys(long).sort());
});

test("the median source file is under 150 lines", () => {
  const sizes = ours
    .filter((s) => /^(src|grammar)\//.test(s.path))
    .map((s) => lines(s.text))
    .sort((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(150);
});

const forbidden: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["the type any", /(:|\bas|<|\||&|,|=>)\s*any\b(?!["'`])|\bany\[\]/],
  ["a cast through unknown", /\bas\s+unknown\s+as\b/],
  ["a skipped or lonely test", /\b(test|it|describe|bench)\s*(\.\w+)*\s*\.\s*(skip|only|todo|skipIf|runIf|fails)\b/],
  ["an enum, a namespace or a decorator", /^\s*(export\s+)?(declare\s+)?(const\s+)?(enum|namespace)\s+\w/m],
  [
    "a switch with a silent default",
    /(^|[;{}])\s*default\s*:\s*(break\s*;|\}|return\s*;|return (null|undefined|""|\[\])\s*;)/,
  ],
];
describe.each(forbidden)("no file holds %s", (_what, pattern) => {
  test("in code", () => {
    const wrong = ours.flatMap((s) =>
      s.bare.split("\n").flatMap((line, i) => (pattern.test(line) ? [`${s.path}:${i + 1} ${line.trim()}`] : [])),
    );
    expect(wrong).toEqual([]);
  });
});

test("no comment switches the type checker or the formatter off", () => {
  const off = new RegExp("@ts-" + "(ignore|nocheck|expect-error)|eslint-" + "disable|prettier-" + "ignore");
  expect(ours.filter((s) => off.test(s.text)).map((s) => s.path)).toEqual([]);
});

test("no module holds mutable state", () => {
  const wrong = ours
    .filter((s) => /^(src|grammar)\//.test(s.path))
    .flatMap((s) =>
      s.code.split("\n").flatMap((line, i) => (/^(export\s+)?(let|var)\s/.test(line) ? [`${s.path}:${i + 1}`] : [])),
    );
  expect(wrong).toEqual([]);
});
