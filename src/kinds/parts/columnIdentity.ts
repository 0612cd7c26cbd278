/** Changes the identity of a column that has one. */
import type { Action } from "../../model/plan.ts";
import { literal, name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import { afterValues } from "./addIdentity.ts";
import { type Column, identityChanges, sequenceType } from "./columnText.ts";
import { bounds } from "./sequences.ts";
import { renameSequence, sequenceOf } from "./serials.ts";
import { alter, tableOf } from "./table.ts";

/** Widths of the sequence types that an identity can have. */
export const width = (o: Column): number => ["smallint", "integer", "bigint"].indexOf(sequenceType(o.attributes));

/** The column with its new type. A bound of its identity that was the old type's own becomes the new one's, said or not. */
export function withNewType(from: Column, to: Column): Column {
  const { type } = to.attributes;
  const { identity } = from.attributes;
  if (!identity) return { ...from, attributes: { ...from.attributes, type } };
  const [was, is] = [bounds[sequenceType(from.attributes)], bounds[sequenceType(to.attributes)]];
  const { min, max } = identity.options;
  const options = {
    ...identity.options,
    min: min === was.min ? is.min : min,
    max: max === was.max ? is.max : max,
  };
  return { ...from, attributes: { ...from.attributes, type, identity: { ...identity, options } } };
}

export function alterIdentity(from: Column, to: Column, context: Context): readonly Action[] {
  const [a, b] = [from.attributes.identity!, to.attributes.identity!];
  const table = tableOf(to.id);
  const [was, is] = [sequenceOf(from)!, sequenceOf(to)!];
  const sequence = qualified(was);
  const actions: Action[] = [];
  // A counter outside of narrower bounds would be refused: it moves to the nearest value inside, by way of bounds that hold both.
  const less = (x: string, y: string): boolean => BigInt(x) < BigInt(y);
  if (less(a.options.min, b.options.min) || less(b.options.max, a.options.max)) {
    const widest = bounds[sequenceType(from.attributes)];
    const min = less(a.options.min, b.options.min) ? a.options.min : b.options.min;
    const max = less(b.options.max, a.options.max) ? a.options.max : b.options.max;
    if (!less(min, widest.min) && !less(widest.max, max))
      actions.push(
        action(`alter sequence ${sequence} minvalue ${min} maxvalue ${max}`),
        action(
          `select pg_catalog.setval(${literal(sequence).trim()}::pg_catalog.regclass, ` +
            `case when not is_called then ${b.options.start} when last_value < ${b.options.min} then ${b.options.min} else ${b.options.max} end, is_called) ` +
            `from ${sequence} where last_value not between ${b.options.min} and ${b.options.max}`,
        ),
      );
  }
  const changes = identityChanges(a, b);
  if (changes !== "") actions.push(alter(table, `alter column ${name(to.id.name)} ${changes}`, context));
  // The sequence of an identity column always lives in the schema of its table.
  if (was.name !== is.name) actions.push(renameSequence(was, is.name));
  return actions;
}

/** The identity of a table that was made anew goes on where that of the one that was put aside stands. */
export function continueIdentity(to: Column, from: Column | null, context: Context): readonly Action[] {
  const { min, max } = to.attributes.identity!.options;
  const was = from && sequenceOf(from);
  if (!was) return from ? [afterValues(to, context)] : [];
  return [
    action(
      `select pg_catalog.setval(${literal(qualified(sequenceOf(to)!)).trim()}::pg_catalog.regclass, last_value, is_called) ` +
        `from ${qualified(was)} where last_value between ${min} and ${max}`,
    ),
  ];
}
