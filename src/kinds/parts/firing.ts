/** In which sessions triggers and rules act. */
import type { FiringNode } from "../../../grammar/declarations.ts";
import type { Firing } from "../../model/objects.ts";

const letters: Readonly<Record<string, Firing>> = { O: "enabled", D: "disabled", R: "replica", A: "always" };
export const readFiring = (letter: string): Firing => letters[letter] ?? "enabled";

export const declareFiring = (node: FiringNode): Firing => node ?? "enabled";
export const describeFiring = (firing: Firing): FiringNode => (firing === "enabled" ? null : firing);

/** `disable`, `enable`, `enable always` */
export const firingWords = (firing: Firing): string =>
  firing === "disabled" ? "disable" : `enable${firing === "enabled" ? "" : ` ${firing}`}`;
/** `disable trigger`: the clause of ALTER TABLE before the name. */
export const firingClause = (firing: Firing, what: "trigger" | "rule"): string => `${firingWords(firing)} ${what}`;
