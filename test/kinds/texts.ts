/** What is observed, written as text and read again: nothing may be lost on the way. */
import { parse, print } from "../../grammar/index.ts";
import { declare } from "../../src/declare.ts";
import { align } from "../../src/diff.ts";
import { describeDatabase, importFiles } from "../../src/import.ts";
import { complete } from "../../src/kinds/complete.ts";
import { withSilent } from "../../src/kinds/silence.ts";
import { roomOf } from "../../src/kinds/rooms.ts";
import type { Observation } from "../../src/model/database.ts";
import { differences } from "./ways.ts";

export interface Reading {
  readonly text: string;
  readonly problems: readonly string[];
  /** What a plan would have to do, though nothing changed. */
  readonly lost: readonly string[];
}

/** `import`, then `plan`: the texts of all fragments are Postgres's own, so none needs asking. */
export async function readAgain(o: Observation, roles?: true | readonly string[]): Promise<Reading> {
  const files = importFiles(describeDatabase(o)).map((f) => ({ path: f.path, text: print(f.declarations) }));
  const parsed = files.map((f) => parse(f.path, f.text));
  const declared = await declare(
    parsed.flatMap((p) => p.declarations),
    { version: o.version, foreignNames: o.foreignNames, ...(roles ? { roles } : {}) },
  );
  const actual = complete(o.database);
  const aligned = align(actual, complete(declared.database), {
    adopt: (to, from) => roomOf(to.id.kind).adopt?.(to, from) ?? to,
    repoint: (o, become) => roomOf(o.id.kind).repoint?.(o, become) ?? o,
  });
  const desired = withSilent(actual, aligned, o);
  return {
    text: files.map((f) => f.text).join("\n"),
    problems: [...parsed.flatMap((p) => p.problems), ...declared.problems].map((p) => `${p.code}: ${p.message}`),
    lost: differences(actual, desired),
  };
}
