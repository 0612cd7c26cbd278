/** Base types, the functions that read and write their values, and the name that comes before both. */
import type { Attributes, DbObject, FunctionName, Id, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { describeId, encode } from "../../model/id.ts";
import { oncePer } from "../../model/once.ts";
import { qualified } from "../../sql.ts";
import type { Context } from "../room.ts";
import { typeIds } from "./typeIds.ts";
import { typeParts, typeText } from "./types.ts";

type BaseType = DbObject<"baseType">;
export const shellId = (n: QualifiedName): Id<"shellType"> => ({ kind: "shellType", schema: n.schema, name: n.name });
export const baseId = (n: QualifiedName): Id<"baseType"> => ({ kind: "baseType", schema: n.schema, name: n.name });

/** Whether a function makes values of the range usual: like a base type it then stands on a function that needs its name. */
export const isMadeOfFunction = (o: DbObject<"range">): boolean =>
  o.attributes.canonical !== null && o.attributes.canonical.schema !== "pg_catalog";

/** What a name is that comes before the functions that need it; null: a name alone. */
export function wholeOf(n: QualifiedName, all: Index): Id<"baseType" | "range"> | null {
  if (all.has(encode(baseId(n)))) return baseId(n);
  const range = all.get(encode({ kind: "range", schema: n.schema, name: n.name }));
  return range && isKind(range, "range") && isMadeOfFunction(range) ? range.id : null;
}

/** The attributes that are functions, and how CREATE TYPE calls each. */
export const functionWords = {
  input: "input",
  output: "output",
  receive: "receive",
  send: "send",
  typmodIn: "typmod_in",
  typmodOut: "typmod_out",
  analyze: "analyze",
  subscript: "subscript",
} as const;
export type FunctionWord = keyof typeof functionWords;
export const functionsOf = (a: Attributes<"baseType">): readonly FunctionName[] =>
  (Object.keys(functionWords) as FunctionWord[]).flatMap((k) => a[k] ?? []);

/**
 * What a function's signature needs of base types: the name, for they are made of such functions. Other languages than these
 * take no value of a name, and only what is more than one has arrays.
 */
export const signatureNeeds = (o: DbObject<"function">): readonly Id[] =>
  [...o.id.arguments, typeText(o.attributes.returns.type)].flatMap((type) => {
    const whole = !["c", "internal"].includes(o.attributes.language) || typeParts(type).array;
    return typeIds(type).filter((id) => id.kind === "shellType" || (whole && id.kind === "baseType"));
  });

/** What an expression needs of a type that it names: a base type's name alone holds no values. */
export const wholeType = (id: Id): readonly Id[] => (id.kind === "shellType" ? [id, baseId(id)] : [id]);

/** The base type, or the range, that a function's signature mentions and that is made of it: such a function goes with the type. */
export function madeOf(
  f: Pick<Id<"function">, "schema" | "name" | "arguments">,
  all: Index,
): Id<"baseType" | "range"> | null {
  return (
    supports(all).get(encode({ kind: "function", schema: f.schema, name: f.name, arguments: f.arguments })) ?? null
  );
}
/** Why a function cannot be made anew, or go: a range that stays makes its values usual with it. null: none does. */
export function heldByRange(f: Id<"function">, { from, to }: Pick<Context, "from" | "to">): string | null {
  const range = madeOf(f, from);
  return range?.kind === "range" && to.has(encode(range))
    ? `${describeId(range)} makes its values usual with it, and they hold each other`
    : null;
}
/** Found once for each database. */
const supports = oncePer((all: Index): ReadonlyMap<string, Id<"baseType" | "range">> => {
  const map = new Map<string, Id<"baseType" | "range">>();
  for (const o of all.values()) {
    if (isKind(o, "baseType")) for (const f of owned(o, all)) map.set(f, o.id);
    if (isKind(o, "range") && isMadeOfFunction(o))
      map.set(encode({ kind: "function", ...o.attributes.canonical! }), o.id);
  }
  return map;
});

function owned(o: BaseType, all: Index): readonly string[] {
  const own = qualified(o.id);
  return functionsOf(o.attributes).flatMap((f) => {
    const key = encode({ kind: "function", schema: f.schema, name: f.name, arguments: f.arguments });
    const made = all.get(key);
    if (!made || !isKind(made, "function")) return [];
    const { returns } = made.attributes;
    return f.arguments.includes(own) || (returns.type.canonical ?? returns.type.sql) === own ? [key] : [];
  });
}
