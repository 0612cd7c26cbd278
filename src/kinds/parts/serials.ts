/**
 * A serial column that becomes an identity, or the other way round: the sequence that goes and the one that comes have the
 * same name, and each goes only after the column has let go of it. So the identity's stands aside in between.
 */
import type { QualifiedName } from "../../model/objects.ts";
import type { Action } from "../../model/plan.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { literal, name, qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { action } from "./action.ts";
import { asideName } from "./aside.ts";
import type { Column } from "./columnText.ts";
import { impliedNames } from "./names.ts";
import { sequencesByTable } from "./said.ts";
import { tableOf } from "./table.ts";

/** The name of the sequence beneath an identity column; null when it is none. */
export function sequenceOf(o: Column): QualifiedName | null {
  const { identity } = o.attributes;
  if (!identity) return null;
  return identity.name ?? { schema: o.id.schema, name: impliedNames.sequence(o.id.table, o.id.name) };
}

/** The column in `mine` whose identity has that sequence, unless it is an identity in `other` already. */
function becomesOne(sequence: QualifiedName, mine: Index, other: Index): Column | null {
  for (const o of mine.values()) {
    if (!isKind(o, "column") || !o.attributes.identity) continue;
    const own = sequenceOf(o);
    if (!own || own.schema !== sequence.schema || own.name !== sequence.name) continue;
    const was = other.get(encode(o.id));
    return was && isKind(was, "column") && !was.attributes.identity ? o : null;
  }
  return null;
}

/** Renames an identity's sequence; the table itself is not locked. */
export const renameSequence = (from: QualifiedName, to: string): Action =>
  action(`alter sequence ${qualified(from)} rename to ${name(to)}`, {
    lock: "access exclusive",
    on: [{ kind: "sequence", ...from }],
  });

/** Before a sequence is made: an identity's of that name steps aside, which goes later with the identity. */
export function makeWay(sequence: QualifiedName, context: Context): readonly Action[] {
  const column = becomesOne(sequence, context.from, context.to);
  return column ? [renameSequence(sequence, asideName(sequence, context).name)] : [];
}

/** After a sequence is dropped: an identity's that stood aside takes the name. */
export function takeOver(sequence: QualifiedName, context: Context): readonly Action[] {
  const column = becomesOne(sequence, context.to, context.from);
  return column ? [renameSequence(asideName(sequence, context), sequence.name)] : [];
}

/** The name to make an identity's sequence with: aside while a sequence that is going has its own. */
export function firstName(o: Column, context: Context): QualifiedName | null {
  const own = sequenceOf(o);
  if (!own) return null;
  const key = encode({ kind: "sequence", ...own });
  return context.from.has(key) && !context.to.has(key)
    ? asideName(own, context)
    : (o.attributes.identity?.name ?? null);
}

/** Whether its default takes numbers from a sequence. */
export const isCounted = ({ attributes }: Column): boolean => attributes.default?.sql.includes("nextval") ?? false;

/** SQL of the sequence that Postgres itself has for a column, an identity's or a serial's. `called`: the name that an identity's has then. */
export function serialSequence({ id }: Column, all: Index, called: QualifiedName | null): string {
  const text = (n: QualifiedName): string => literal(qualified(n)).trim();
  // Where the column owns another sequence besides, Postgres would name either.
  if (called && sequencesByTable(all, tableOf(id)).some((o) => o.attributes.column.name === id.name))
    return text(called);
  return `pg_catalog.pg_get_serial_sequence(${text(tableOf(id))}, ${literal(id.name).trim()})`;
}
