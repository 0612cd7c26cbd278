import type { Fragment } from "../../model/objects.ts";

/** The schemas in which all of these resolve their names. */
export const pathOf = (...fragments: readonly (Fragment | null)[]): readonly string[] => [
  ...new Set(fragments.flatMap((f) => f?.path ?? [])),
];
