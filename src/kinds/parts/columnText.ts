/** Columns as SQL: the line in CREATE TABLE, and the clauses of ALTER COLUMN. */
import type { Attributes, DbObject, Fragment, Identity } from "../../model/objects.ts";
import { name, qualified } from "../../sql.ts";
import { createOptions, foreignPart } from "./foreignOptions.ts";
import { objectName } from "./keys.ts";
import { optionClauses, type SequenceType } from "./sequences.ts";
import { isTemporary } from "./table.ts";
import { bracketed, defaultText } from "./text.ts";
import { typeText } from "./types.ts";

export type Column = DbObject<"column">;

/** A column of which nothing is said but its name and type. */
export const plainColumn = {
  notNull: null,
  default: null,
  identity: null,
  generated: null,
  collation: null,
  storage: null,
  compression: null,
  statistics: null,
  options: {},
  foreignOptions: {},
  local: true,
} as const;

/** The schemas in which the column's fragments resolve. */
export const columnPath = (
  a: Attributes<"column">,
  ...more: readonly (Fragment | null | undefined)[]
): readonly string[] => [
  ...new Set([a.type, a.default, a.generated?.expression, ...more].flatMap((f) => f?.path ?? [])),
];

/** Type of the sequence beneath an identity column of this type. */
export const sequenceType = (a: Attributes<"column">): SequenceType => {
  const type = typeText(a.type);
  return type === "smallint" || type === "integer" ? type : "bigint";
};

/** `generated always as identity (start with 5)` */
export function identityText(o: Column, identity: Identity): string {
  // The twin of a fragment's trial is made in another schema than the sequence would be.
  const own = identity.name === null || isTemporary(o.id.schema) ? "" : ` sequence name ${qualified(identity.name)}`;
  const options = (own + optionClauses(identity.options, sequenceType(o.attributes))).trim();
  return `generated ${identity.generation} as identity${options === "" ? "" : ` (${options})`}`;
}

/** Clauses that lead from one set of options to another: `set start with 5 set cycle`. */
export function identityChanges(from: Identity, to: Identity): string {
  const [a, b] = [from.options, to.options];
  return [
    from.generation === to.generation ? "" : `set generated ${to.generation}`,
    a.increment === b.increment ? "" : `set increment by ${b.increment}`,
    a.min === b.min ? "" : `set minvalue ${b.min}`,
    a.max === b.max ? "" : `set maxvalue ${b.max}`,
    a.start === b.start ? "" : `set start with ${b.start}`,
    a.cache === b.cache ? "" : `set cache ${b.cache}`,
    a.cycle === b.cycle ? "" : b.cycle ? "set cycle" : "set no cycle",
  ]
    .filter((s) => s !== "")
    .join(" ");
}

export const generatedText = (g: NonNullable<Attributes<"column">["generated"]>): string =>
  `generated always as ${bracketed(g.expression.sql)} ${g.storage}`;

/** `constraint a not null`, as it stands on the column's line; "" for none, and for one that is added later. */
export function notNullText(o: Column, version: number): string {
  const n = o.attributes.notNull;
  if (!n || !n.validated) return "";
  if (version < 180000) return " not null";
  return (n.name === null ? "" : ` constraint ${name(n.name)}`) + " not null" + (n.noInherit ? " no inherit" : "");
}

/** `price numeric(12,2) not null default 0`. `notNull` false leaves that out, for a column that gets its values later. */
export function columnLine(o: Column, version: number, notNull = true): string {
  const a = o.attributes;
  return (
    `${name(o.id.name)} ${a.type.sql}` +
    createOptions(foreignPart(o)).text +
    (a.collation ? ` collate ${objectName(a.collation)}` : "") +
    (a.generated ? ` ${generatedText(a.generated)}` : "") +
    (a.identity ? ` ${identityText(o, a.identity)}` : "") +
    (a.default ? ` default ${defaultText(a.default.sql)}` : "") +
    (notNull ? notNullText(o, version) : "")
  );
}
