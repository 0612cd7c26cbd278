/** What a database holds that schemac does not know yet: counted always, named when asked. */
import type { Unmodelled } from "../model/database.ts";
import type { Json } from "./exit.ts";
import { count, inLine, list } from "./text.ts";

/** One line with the counts; with `named` a line for each kind with all names. */
export function unmodelledLines(unmodelled: readonly Unmodelled[], named: boolean): readonly string[] {
  if (unmodelled.length === 0) return [];
  const byWhat = new Map<string, string[]>();
  for (const u of unmodelled) byWhat.set(u.what, [...(byWhat.get(u.what) ?? []), u.name]);
  const counts = [...byWhat].map(([what, names]) => count(names.length, inLine(what)));
  const first = `not modelled yet, left alone: ${list(counts)}`;
  if (!named) return [`${first} (-v names them)`];
  return [first, ...[...byWhat].map(([what, names]) => `  ${inLine(what)}: ${names.map(inLine).join(", ")}`)];
}

export const unmodelledJson = (unmodelled: readonly Unmodelled[]): Json =>
  unmodelled.map((u) => ({ what: u.what, name: u.name }));
