/** Gives an identity to a column that is there. */
import type { Identity } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import { type Column, identityText } from "./columnText.ts";
import { isForeign } from "./foreignOptions.ts";
import { firstName, sequenceOf, serialSequence } from "./serials.ts";
import { alter, tableOf } from "./table.ts";

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

/** A sequence goes on after the values of its column; `sequence` as SQL. */
export function startAfter(
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
