import { describe, expect, test } from "vitest";
import { format, parse, print } from "../../grammar/index.ts";
import { bare, Maker } from "./random.ts";

const seeds = Array.from({ length: Number(process.env["SEEDS"] ?? 600) }, (_, i) => i + 1);

describe("on declarations made up from seeds", { timeout: 600_000 }, () => {
  test("parse(print(d)) = d", () => {
    for (const seed of seeds) {
      const declarations = new Maker(seed).file();
      const text = print(declarations);
      const read = parse("a.schema", text);
      const context = `seed ${seed}\n${text}`;
      expect(read.problems, context).toEqual([]);
      // The header of a file whose declarations share a schema declares it.
      const added = read.declarations.length - declarations.length;
      expect(read.declarations.slice(0, added).every((d) => d.kind === "schema")).toBe(true);
      expect(bare(read.declarations.slice(added)), context).toEqual(bare(declarations));
    }
  });

  test("format leaves what print wrote", () => {
    for (const seed of seeds.slice(0, seeds.length / 3)) {
      const text = print(new Maker(seed).file());
      expect(format("a.schema", text).text, `seed ${seed}`).toBe(text);
    }
  });

  test("a file with CRLF reads the same", () => {
    for (const seed of seeds.slice(0, seeds.length / 3)) {
      const text = print(new Maker(seed).file());
      const twin = parse("a.schema", text.replace(/\r?\n/g, "\r\n"));
      expect(twin.problems, `seed ${seed}`).toEqual([]);
      expect(bare(twin.declarations), `seed ${seed}`).toEqual(
        bare(parse("a.schema", text.replace(/\r\n/g, "\n")).declarations),
      );
    }
  });
});
