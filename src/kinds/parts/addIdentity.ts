/** Gives an identity to a column that is there. */
import type { Id, Identity } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { literal, name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import { type Column, identityText } from "./columnText.ts";
import { isForeign } from "./foreignOptions.ts";
import { bounds } from "./sequences.ts";
import { firstName, isCounted, sequenceOf, serialSequence } from "./serials.ts";
import { alter, tableOf } from "./table.ts";
import { typeText } from "./types.ts";

/** A new identity goes on after the values that are there, else the next row would meet an old one. */
export function addIdentity(to: Column, context: Context): readonly Action[] {
  const identity = to.attributes.identity!;
  const table = tableOf(to.id);
  const add = alter(
    table,
    `alter column ${name(to.id.name)} add ${identityText(to, { ...identity, name: firstName(to, context) })}`,
    context,
  );
  // What numbers another server has given is not asked.
  return isForeign(table, context.to) ? [add] : [add, afterValues(to, context)];
}
export const afterValues = (to: Column, context: Context): Action =>
  startAfter(
    to,
    serialSequence(to, context.to, firstName(to, context) ?? sequenceOf(to)),
    to.attributes.identity!.options,
  );

/** A new sequence of a column that has values goes on after them, else it would give them again. */
export function startSerial(id: Id<"sequence">, own: Column, { from, to }: Context): readonly Action[] {
  const sequence = to.get(encode(id));
  if (!sequence || !isKind(sequence, "sequence") || from.has(encode(id))) return [];
  if (!isCounted(own) || !(typeText(own.attributes.type) in bounds)) return [];
  return [startAfter(own, `${literal(qualified(id)).trim()}::pg_catalog.regclass`, sequence.attributes)];
}

/** A sequence goes on after the values of its column; `sequence` as SQL. */
function startAfter(
  { id }: Column,
  sequence: string,
  { min, max, increment }: Pick<Identity["options"], "min" | "max" | "increment">,
): Action {
  const last = `${increment.startsWith("-") ? "min" : "max"}(${name(id.name)})`;
  return action(
    `select pg_catalog.setval(${sequence}, ${last}) from ${qualified(tableOf(id))} having ${last} between ${min} and ${max}`,
    { cost: "scan" },
  );
}
