/** What tells functions of one name apart: how many arguments they take, and of which types. */
import type {
  AggregateDeclaration,
  ArgumentNode,
  FunctionDeclaration,
  ProcedureDeclaration,
} from "../../../grammar/declarations.ts";
import type { TypeNode } from "../../../grammar/nodes.ts";
import type { Id } from "../../model/objects.ts";
import { name as quoted, qualified } from "../../sql.ts";
import { type KnownType, spellType, typeParts } from "./types.ts";

export type RoutineDeclaration = FunctionDeclaration | ProcedureDeclaration | AggregateDeclaration;
export type RoutineKind = RoutineDeclaration["kind"];

/** All arguments of an aggregate: a variadic one that is both direct and ordered is one. */
export const listed = (
  direct: readonly ArgumentNode[],
  ordered: readonly ArgumentNode[] | null,
): readonly ArgumentNode[] =>
  ordered && direct.at(-1)?.mode === "variadic" && ordered.length === 1 ? direct : [...direct, ...(ordered ?? [])];

/** A call hands these in. */
export const isInput = (a: { readonly mode: ArgumentNode["mode"] }): boolean => a.mode !== "out" && a.mode !== "table";
/** These come back. */
export const isOutput = (a: { readonly mode: ArgumentNode["mode"] }): boolean =>
  a.mode !== "in" && a.mode !== "variadic";

/** Whether it can be called with so many arguments. CALL of a procedure hands in something for output arguments too. */
export function takes(d: RoutineDeclaration, count: number): boolean {
  // What is ordered stands outside of the call's brackets.
  if (d.kind === "aggregate") return true;
  const inputs = d.arguments.filter(isInput);
  const least = inputs.filter((a) => a.default === null && a.mode !== "variadic").length;
  if (inputs.some((a) => a.mode === "variadic")) return count >= least;
  return count >= least && count <= (d.kind === "procedure" ? d.arguments.length : inputs.length);
}

/** A type's text without modifiers, which arguments do not have. */
export function unmodified(type: string): string {
  const p = typeParts(type);
  const array = p.array ? "[]" : "";
  if (p.schema !== null) return qualified({ schema: p.schema, name: p.name }) + array;
  if (p.name === "bpchar" || p.name === "bit") return (p.name === "bit" ? "bit" : "character") + array;
  return (p.quoted ? `"${p.name.replaceAll('"', '""')}"` : p.name) + array;
}

/** A type of an argument as Postgres shows it. `strange`: the schema in which a type that nobody knows is looked for. */
export function argumentType(
  t: TypeNode,
  resolve: (schema: string | null, name: string) => KnownType | null,
  strange: string | null,
): string {
  const spelled = spellType({ ...t, modifiers: [], fields: null }, resolve, "routine");
  if (!spelled.known && t.schema === null && strange !== null)
    return `${quoted(strange)}.${quoted(t.name.text)}${t.dimensions.length ? "[]" : ""}`;
  return unmodified(spelled.sql);
}

export const routineId = (
  d: RoutineDeclaration,
  own: { readonly schema: string; readonly name: string },
  type: (t: TypeNode) => string,
): Id<RoutineKind> => ({
  kind: d.kind,
  ...own,
  arguments: (d.kind === "aggregate" ? listed(d.arguments, d.ordered) : d.arguments)
    .filter(isInput)
    .map((a) => type(a.type)),
});
