/** What has no object of its own, though something can be said of it, and what it comes with: a key's index, an identity's sequence, a not null. */
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import type { DbObject, Id, QualifiedName, TargetKind } from "../../model/objects.ts";
import { oncePer } from "../../model/once.ts";
import { qualified } from "../../sql.ts";
import { notNullName } from "./inheritance.ts";
import { impliedNames } from "./names.ts";
import { tableOf } from "./table.ts";
import type { Context } from "../room.ts";

type Column = DbObject<"column">;

/** The sequence beneath an identity column. */
export const identitySequence = ({ id, attributes }: Column): QualifiedName | null =>
  attributes.identity &&
  (attributes.identity.name ?? { schema: id.schema, name: impliedNames.sequence(id.table, id.name) });

interface Columns {
  readonly identities: ReadonlyMap<string, Column>;
  /** By the name of the constraint. */
  readonly notNulls: ReadonlyMap<string, Column>;
}
const columnsIn = oncePer((all: Index): Columns => {
  const identities = new Map<string, Column>();
  const notNulls = new Map<string, Column>();
  for (const o of all.values()) {
    if (!isKind(o, "column")) continue;
    const sequence = identitySequence(o);
    if (sequence) identities.set(qualified(sequence), o);
    if (o.attributes.notNull) notNulls.set(encode(constraintOn(tableOf(o.id), notNullName(o, all))), o);
  }
  return { identities, notNulls };
});

/** A constraint that no kind stands for. */
export const constraintOn = (on: Id<"table" | "domain">, name: string): Id<"constraint"> => ({
  kind: "constraint",
  schema: on.schema,
  of: on.kind,
  host: on.name,
  name,
});

const keys = ["primaryKey", "unique", "exclude"] as const;
/** Whatever an index can be beneath. */
export const keysOver = ({ schema, table, name }: Id<"index">): readonly Id[] =>
  keys.map((kind) => ({ kind, schema, table, name }));
export const identityOf = (sequence: QualifiedName, all: Index): Column | null =>
  columnsIn(all).identities.get(qualified(sequence)) ?? null;

/** What a thing without an object comes and goes with; null where there is nothing, or it is an object. */
export function bearerOf(target: Id<TargetKind>, all: Index): Id | null {
  if (all.has(encode(target))) return null;
  switch (target.kind) {
    case "index":
      return keysOver(target).find((id) => all.has(encode(id))) ?? null;
    case "sequence":
      return identityOf(target, all)?.id ?? null;
    case "constraint": {
      const { schema, host, name } = target;
      if (target.of === "domain") return { kind: "domain", schema, name: host };
      const trigger = { kind: "trigger", schema, table: host, name } as const;
      return columnsIn(all).notNulls.get(encode(target))?.id ?? (all.has(encode(trigger)) ? trigger : null);
    }
    default:
      return null;
  }
}
/** What is said of sequences that go with what they were beneath, or by themselves, while others come in their place under their names. */
export function sequencesReborn<K extends "comment" | "grant" | "securityLabel">(
  kind: K,
  { from, to }: Pick<Context, "from" | "to">,
): readonly Id<K>[] {
  const sequence = (target: Id<TargetKind>, all: Index): string => encode(bearerOf(target, all) ?? target);
  return [...from.values()].flatMap((o): readonly Id<K>[] => {
    if (!isKind(o, kind) || !to.has(encode(o.id))) return [];
    const { target } = (o as DbObject<"comment" | "grant" | "securityLabel">).id;
    return target.kind === "sequence" && sequence(target, from) !== sequence(target, to) ? [o.id as Id<K>] : [];
  });
}
/** What it may come with, as far as its name alone tells. */
export function bearersNamed(target: Id<TargetKind>): readonly Id[] {
  if (target.kind === "index") return keysOver(target);
  if (target.kind !== "constraint") return [];
  const { schema, host, name } = target;
  return target.of === "domain"
    ? [{ kind: "domain", schema, name: host }]
    : [
        { kind: "table", schema, name: host },
        { kind: "trigger", schema, table: host, name },
      ];
}
