/** Base types, the functions that read and write their values, and the name that comes before both. */
import type { Attributes, DbObject, FunctionName, Id, QualifiedName } from "../../model/objects.ts";
import { type Index, isKind } from "../../model/database.ts";
import { encode } from "../../model/id.ts";
import { qualified } from "../../sql.ts";
import { typeIds } from "./typeIds.ts";
import { typeParts, typeText } from "./types.ts";

type BaseType = DbObject<"baseType">;
export const shellId = (n: QualifiedName): Id<"shellType"> => ({ kind: "shellType", schema: n.schema, name: n.name });
export const baseId = (n: QualifiedName): Id<"baseType"> => ({ kind: "baseType", schema: n.schema, name: n.name });

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

/** The base type that a function's signature mentions and that is made of it: such a function goes with the type. */
export function madeOf(f: Pick<Id<"function">, "schema" | "name" | "arguments">, all: Index): Id<"baseType"> | null {
  return (
    supports(all).get(encode({ kind: "function", schema: f.schema, name: f.name, arguments: f.arguments })) ?? null
  );
}
/** Found once for each database. */
function supports(all: Index): ReadonlyMap<string, Id<"baseType">> {
  let found = known.get(all);
  if (!found) {
    const map = new Map<string, Id<"baseType">>();
    for (const o of all.values()) if (isKind(o, "baseType")) for (const f of owned(o, all)) map.set(f, o.id);
    known.set(all, (found = map));
  }
  return found;
}
const known = new WeakMap<Index, ReadonlyMap<string, Id<"baseType">>>();

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
