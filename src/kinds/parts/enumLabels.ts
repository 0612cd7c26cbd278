/** How an enum gets from one list of labels to another. */
import type { DbObject } from "../../model/objects.ts";

type Enum = DbObject<"enum">;

export interface LabelChanges {
  /** Label by label, as it was and as it is. */
  readonly renamed: readonly (readonly [old: string, next: string])[];
  /** Each before one that is there already; null: at the end. */
  readonly added: readonly { readonly label: string; readonly before: string | null }[];
}

/** Labels that get another name and keep their places and rows: the old one is there, and the new one is not there yet. */
export function renamedLabels(from: Enum, to: Enum): ReadonlyMap<string, string> {
  const was = new Set(from.attributes.labels);
  return new Map([...renames(to)].filter(([old, next]) => was.has(old) && !was.has(next)));
}

/** What takes over the rows of labels that are gone, label by label. */
export function labelSuccessors(from: Enum, to: Enum): ReadonlyMap<string, string> {
  const all = new Map([...renames(to), ...Object.entries(to.hints?.replacements ?? {})]);
  const is = new Set(to.attributes.labels);
  return new Map([...all].filter(([old]) => from.attributes.labels.includes(old) && !is.has(old)));
}

/** What Postgres does in place, the renames first; null when it takes more. */
export function labelChanges(from: Enum, to: Enum): LabelChanges | null {
  const renamed = renamedLabels(from, to);
  const old = from.attributes.labels.map((label) => renamed.get(label) ?? label);
  const there = new Set(old);
  const { labels } = to.attributes;
  const kept = labels.filter((label) => there.has(label));
  if (kept.length !== old.length || kept.some((label, i) => label !== old[i])) return null;
  const added = labels.flatMap((label, i) =>
    there.has(label) ? [] : [{ label, before: labels.slice(i + 1).find((next) => there.has(next)) ?? null }],
  );
  return { renamed: [...renamed], added };
}

/** What the text says of old names that are names no more. */
function renames(to: Enum): ReadonlyMap<string, string> {
  const is = new Set(to.attributes.labels);
  return new Map(
    Object.entries(to.hints?.labelWas ?? {}).flatMap(([next, old]) => (is.has(old) ? [] : [[old, next] as const])),
  );
}
